"""Handing in an idea: what a guest and an account holder meet, and that nothing they typed is lost."""

import io
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from common import outbox
from ideas import actions
from ideas.housekeeping import delete_expired_ideas, delete_forgotten_pictures
from ideas.models import Idea, IdeaPicture
from ideas.workflow import Status
from tests.factories import LoesungFactory, PlaceFactory, UserFactory, make_idea
from tests.ideas.pictures_for_tests import jpeg, png

pytestmark = pytest.mark.django_db
URL = "/ideen/einreichen/"


def form(**changes: Any) -> dict[str, Any]:
    """A filled-in form of a guest."""
    return {
        "title": "Trinkbrunnen am Bahnhof",
        "text": "Im Sommer fehlt am Bahnhof ein Brunnen mit Trinkwasser für alle.",
        "email": "gast@example.org",
        "consent": "on",
        "submission_key": str(uuid.uuid4()),
        "action": "submit",
        **changes,
    }


def picture(data: bytes | None = None, name: str = "brunnen.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg() if data is None else data, content_type="image/jpeg")


def errors(response: Any) -> str:
    return " ".join(str(error) for field in response.context["form"].errors.values() for error in field)


def mailed_link(path: str) -> str:
    found = re.search(rf"http://[^/]+({path}[^\s]+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


# --- the straight way -----------------------------------------------------------------------------------------------


def test_a_guest_gets_a_number_and_a_receipt(client: Client) -> None:
    answer = client.post(URL, form(), follow=True)
    idea = Idea.objects.get()
    assert answer.status_code == 200
    assert answer.redirect_chain[-1][0].startswith("/ideen/verfolgen/")
    assert f"{idea.number}" in answer.content.decode()
    assert idea.status == Status.UNCONFIRMED


def test_a_guests_idea_is_handed_in_once_the_mailed_link_is_opened_and_its_button_pressed(client: Client) -> None:
    client.post(URL, form())
    outbox.drain()
    link = mailed_link("/ideen/bestaetigen/")
    assert client.get(link).status_code == 200
    assert Idea.objects.get().status == Status.UNCONFIRMED, "opening the link alone changes nothing"
    answer = client.post(link, follow=True)
    assert Idea.objects.get().status == Status.SUBMITTED
    assert answer.redirect_chain[-1][0].startswith("/ideen/verfolgen/")
    assert client.post(link, follow=True).status_code == 200, "pressing it again shows the receipt"
    assert Idea.objects.get().trail.count() == 2


def test_the_receipt_names_no_step_that_is_behind_the_idea(client: Client) -> None:
    idea = make_idea(Status.SUBMITTED)
    receipt = f"/ideen/verfolgen/{idea.receipt_token}/"
    assert "veröffentlichen sie" in client.get(receipt, follow=True).content.decode()
    actions.release(idea, idea.latest_version, by=UserFactory(lead=True))
    assert "veröffentlichen sie" not in client.get(receipt, follow=True).content.decode()


def test_an_account_needs_no_confirmation_and_finds_the_idea_among_its_own(client: Client) -> None:
    client.force_login(UserFactory())
    answer = client.post(URL, form(email=""), follow=True)
    assert answer.status_code == 200
    assert Idea.objects.get().status == Status.SUBMITTED
    assert "Trinkbrunnen am Bahnhof" in client.get("/konto/ideen/").content.decode()


def test_loesung_place_and_picture_arrive_with_the_idea(client: Client) -> None:
    loesung, place = LoesungFactory(), PlaceFactory()
    client.post(URL, form(loesung=loesung.slug, place=place.slug, picture=picture(), picture_alt="Ein Brunnen"))
    idea = Idea.objects.get()
    assert idea.loesung == loesung
    assert list(idea.places.all()) == [place]
    assert idea.picture is not None
    assert idea.picture.alt_text == "Ein Brunnen"


# --- bad input ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "Bitte geben Sie einen Titel ein"),
        ({"title": "   \x00  "}, "Bitte geben Sie einen Titel ein"),
        ({"title": "Zu"}, "mindestens 5 Zeichen"),
        ({"title": "x" * 121}, "Das ist zu lang: 121 Zeichen. Bitte kürzen Sie auf höchstens 120 Zeichen."),
        ({"text": ""}, "Bitte beschreiben Sie Ihre Idee"),
        ({"text": "kurz"}, "in mindestens 20 Zeichen"),
        ({"text": "x" * 5001}, "Das ist zu lang: 5001 Zeichen"),
        ({"email": ""}, "Bitte geben Sie Ihre E-Mail-Adresse ein"),
        ({"email": "gast@"}, "nicht vollständig"),
        ({"email": f"{'x' * 250}@example.org"}, "zu lang"),
        ({"consent": ""}, "Bitte stimmen Sie zu"),
        ({"loesung": "gibt-es-nicht"}, "Diese Lösung gibt es nicht"),
        ({"place": "atlantis"}, "Diesen Ort kennen wir nicht"),
        ({"website": "http://spam.example"}, "Bitte lassen Sie dieses Feld leer"),
    ],
)
def test_every_bad_input_gets_its_sentence_and_loses_nothing(client: Client, changes: dict[str, str], sentence: str) -> None:
    filled = form(**changes)
    answer = client.post(URL, filled)
    assert answer.status_code == 422
    assert sentence in errors(answer)
    assert not Idea.objects.exists()
    for name in ("title", "text", "email"):
        kept = filled[name].replace("\x00", "").strip()
        assert kept in (answer.context["form"][name].value() or "").replace("\x00", "")


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "leer.jpg", "kein Bild"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "bild.svg", "kein Bild"),
        (b"%PDF-1.7 kein Bild", "bild.jpg", "kein Bild"),
        (b"MZ\x90\x00" + b"\x00" * 200, "bild.png", "kein Bild"),
        (jpeg()[:900], "halb.jpg", "beschädigt"),
        (png((8000, 5001), "1"), "riesig.png", "mehr als 40 Megapixel"),
    ],
)
def test_a_file_that_is_no_usable_picture_is_explained(client: Client, data: bytes, name: str, sentence: str) -> None:
    answer = client.post(URL, form(picture=picture(data, name), picture_alt="Ein Brunnen"))
    assert answer.status_code == 422
    assert sentence in errors(answer)
    assert "Trinkbrunnen am Bahnhof" in answer.content.decode()
    assert not IdeaPicture.objects.exists()


def test_a_picture_of_forty_megapixels_is_still_taken(client: Client) -> None:
    client.post(URL, form(picture=picture(png((8000, 5000), "1"), "gross.png"), picture_alt="Ein Plan"))
    kept = Idea.objects.get().picture
    assert kept is not None
    assert max(kept.width, kept.height) == 1600


def test_a_picture_of_more_than_ten_megabytes_is_refused(client: Client) -> None:
    answer = client.post(URL, form(picture=picture(jpeg() + b"\x00" * (10 * 1024 * 1024)), picture_alt="Ein Brunnen"))
    assert "größer als 10 MB" in errors(answer)


def test_a_picture_needs_a_description(client: Client) -> None:
    answer = client.post(URL, form(picture=picture()))
    assert "was auf dem Bild zu sehen ist" in errors(answer)


def test_a_good_picture_survives_an_error_elsewhere_and_arrives_in_the_end(client: Client) -> None:
    filled = form(consent="", picture=picture(), picture_alt="Ein Brunnen")
    answer = client.post(URL, filled)
    kept = answer.context["kept_picture"]
    assert client.get(kept.thumb_url).status_code == 200, "the form shows it"
    assert client.get(kept.thumb_url.split("?")[0]).status_code == 404, "nobody else sees it"
    client.post(URL, form(submission_key=filled["submission_key"], picture_alt="Ein Brunnen"))
    assert Idea.objects.get().picture == kept


def test_a_kept_picture_can_be_taken_out_again(client: Client) -> None:
    filled = form(consent="", picture=picture(), picture_alt="Ein Brunnen")
    client.post(URL, filled)
    client.post(URL, form(submission_key=filled["submission_key"], picture_remove="on"))
    assert Idea.objects.get().picture is None
    assert not IdeaPicture.objects.exists()


def test_a_picture_that_was_replaced_does_not_come_back_when_the_newer_one_is_taken_out(client: Client) -> None:
    filled = form(consent="", picture=picture(), picture_alt="Ein Brunnen")
    client.post(URL, filled)
    client.post(URL, {**filled, "picture": picture(name="neu.jpg")})
    answer = client.post(URL, form(consent="", submission_key=filled["submission_key"], picture_remove="on"))
    assert answer.context["kept_picture"] is None
    assert not IdeaPicture.objects.exists()


def test_a_picture_whose_form_is_never_sent_is_deleted_after_a_day(client: Client) -> None:
    client.post(URL, form(consent="", picture=picture(), picture_alt="Ein Brunnen"))
    assert delete_forgotten_pictures() == 0
    assert delete_forgotten_pictures(timezone.now() + timedelta(hours=25)) == 1


def test_a_picture_keeps_no_word_of_where_and_by_what_it_was_taken(client: Client) -> None:
    client.post(URL, form(picture=picture(jpeg(with_place=True)), picture_alt="Ein Brunnen"))
    kept = Idea.objects.get().picture
    assert kept is not None
    data = kept.file.read()
    assert b"Kanarienvogel" not in data
    assert not dict(Image.open(io.BytesIO(data)).getexif())


# --- twice, late, forged --------------------------------------------------------------------------------------------


def test_pressing_the_button_twice_hands_in_once(client: Client) -> None:
    filled = form()
    first, second = client.post(URL, filled), client.post(URL, filled)
    assert first.headers["Location"] == second.headers["Location"]
    assert Idea.objects.count() == 1


def test_pressing_twice_is_harmless_whatever_spaces_the_title_has(client: Client) -> None:
    filled = form(title=" Trinkbrunnen  am\tBahnhof ")
    first, second = client.post(URL, filled), client.post(URL, filled)
    assert first.headers["Location"] == second.headers.get("Location")


def test_another_text_with_an_old_form_is_not_swallowed(client: Client) -> None:
    filled = form()
    client.post(URL, filled)
    answer = client.post(URL, {**filled, "title": "Eine ganz andere Idee"})
    number = Idea.objects.get().number
    assert answer.status_code == 409
    assert f"schon die Idee {number} eingereicht" in errors(answer)
    assert "Eine ganz andere Idee" in answer.content.decode()
    again = answer.context["form"]["submission_key"].value()
    client.post(URL, {**filled, "title": "Eine ganz andere Idee", "submission_key": again})
    assert Idea.objects.count() == 2


def test_another_idea_with_an_old_form_keeps_its_picture(client: Client) -> None:
    filled = form()
    client.post(URL, filled)
    second = {**filled, "title": "Eine ganz andere Idee", "picture_alt": "Ein Brunnen"}
    answer = client.post(URL, {**second, "picture": picture()})
    key = answer.context["form"]["submission_key"].value()
    assert answer.context["kept_picture"].thumb_url in answer.content.decode()
    client.post(URL, {**second, "submission_key": key})
    assert Idea.objects.get(submission_key=key).picture


def test_a_form_without_its_key_is_taken_all_the_same(client: Client) -> None:
    assert client.post(URL, form(submission_key="")).status_code == 302


def test_a_broken_key_is_asked_for_again(client: Client) -> None:
    answer = client.post(URL, form(submission_key="kein-schluessel"))
    assert answer.status_code in {302, 422}
    if answer.status_code == 422:
        assert "Trinkbrunnen am Bahnhof" in answer.content.decode()


@pytest.mark.parametrize("path", ["/ideen/bestaetigen/", "/ideen/verfolgen/"])
@pytest.mark.parametrize("token", ["x", "a" * 43, "%00", "..%2f..", "ä" * 20, "a" * 3000])
def test_forged_links_get_a_page_that_helps(client: Client, path: str, token: str) -> None:
    answer = client.get(f"{path}{token}/")
    assert answer.status_code in {400, 404}
    assert b"<h1" in answer.content


def test_a_link_older_than_seven_days_says_so_and_the_idea_is_gone_after_the_next_cleaning(client: Client) -> None:
    make_idea(Status.UNCONFIRMED, now=timezone.now() - timedelta(days=7, minutes=1))
    outbox.drain()
    link = mailed_link("/ideen/bestaetigen/")
    assert "gilt nicht mehr" in client.post(link).content.decode()
    assert delete_expired_ideas() == 1
    assert not Idea.objects.exists()
    assert "gilt nicht mehr" in client.get(link).content.decode()


def test_the_mail_to_an_unproved_address_repeats_nothing_that_a_stranger_typed(client: Client) -> None:
    client.post(URL, form(title="Kaufen Sie Kanarienvogel", text="Kanarienvogel! " * 5))
    outbox.drain()
    assert "Kanarienvogel" not in str(mail.outbox[0].body) + mail.outbox[0].subject


# --- who sees what --------------------------------------------------------------------------------------------------


def test_a_stranger_gets_three_mails_an_hour_at_most_and_the_text_is_kept(client: Client) -> None:
    for _ in range(3):
        last = form(email="Opfer@example.org")
        assert client.post(URL, last).status_code == 302
    answer = client.post(URL, form(email="opfer@example.org", title="Noch eine Idee"))
    assert answer.status_code == 422
    assert "schon mehrere E-Mails" in errors(answer)
    assert "Noch eine Idee" in answer.content.decode()
    assert client.post(URL, last).status_code == 302, "a second press of the third is no fourth"
    outbox.drain()
    assert len(mail.outbox) == 3
    assert client.post(URL, form(email="andere@example.org")).status_code == 302
    Idea.objects.update(status_since=timezone.now() - timedelta(minutes=61))
    assert client.post(URL, form(email="opfer@example.org")).status_code == 302


def test_an_idea_nobody_has_released_is_hidden_from_all_but_author_and_desk(client: Client) -> None:
    author = UserFactory()
    idea = make_idea(user=author)
    url = f"/ideen/{idea.number}/"
    assert client.get(url).status_code == 404
    assert idea.title not in client.get("/ideen/").content.decode()
    for user, status in (
        (UserFactory(), 404),
        (UserFactory(editor=True), 404),
        (author, 200),
        (UserFactory(reviewer=True), 200),
    ):
        client.force_login(user)
        assert client.get(url).status_code == status, user


def test_a_picture_is_as_hidden_as_its_idea(client: Client) -> None:
    client.force_login(UserFactory())
    client.post(URL, form(picture=picture(), picture_alt="Ein Brunnen"))
    client.logout()
    kept = Idea.objects.get().picture
    assert kept is not None
    assert client.get(kept.url).status_code == 404
    client.force_login(UserFactory(lead=True))
    answer = client.get(kept.url)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


# --- similar ideas --------------------------------------------------------------------------------------------------


def test_similar_ideas_are_shown_without_judging_the_half_filled_form(client: Client) -> None:
    make_idea(
        Status.KEPT,
        title="E-Ladestation im Ortskern",
        text="Wer hier wohnt und elektrisch fährt, findet keinen Platz zum Laden.",
    )
    make_idea(
        Status.KEPT, title="Mehr Bücher für die Bücherei", text="Die Bücherei braucht neue Kinderbücher und längere Zeiten."
    )
    outbox.drain()
    answer = client.post(
        URL, {"title": "Ladesäule am Marktplatz", "action": "similar", "text": "", "submission_key": str(uuid.uuid4())}
    )
    assert answer.status_code == 200
    assert [idea.title for idea in answer.context["similar_ideas"]] == ["E-Ladestation im Ortskern"]
    assert not answer.context["form"].errors
    assert answer.context["form"]["title"].value() == "Ladesäule am Marktplatz"


def test_an_idea_that_is_not_public_is_not_shown_as_similar(client: Client) -> None:
    make_idea(title="E-Ladestation im Ortskern", text="Wer hier wohnt und elektrisch fährt, findet keinen Platz zum Laden.")
    outbox.drain()
    assert "E-Ladestation" not in client.get("/ideen/aehnlich/?titel=Ladesäule am Marktplatz").content.decode()


@pytest.mark.parametrize(
    ("chosen", "subject"), [("en", "Please confirm your idea"), ("de", "Bitte bestätigen Sie"), ("", "Bitte bestätigen Sie")]
)
def test_a_guest_chooses_the_language_of_our_mails(client: Client, db: None, chosen: str, subject: str) -> None:
    assert client.post("/ideen/einreichen/", form(language=chosen)).status_code == 302
    outbox.drain()
    assert mail.outbox[0].subject.startswith(subject)


def test_a_language_that_we_do_not_write_is_refused_in_a_sentence(client: Client, db: None) -> None:
    page = client.post("/ideen/einreichen/", form(language="tlh"))
    assert page.status_code == 422
    assert "Bitte wählen Sie Deutsch oder Englisch" in page.text
