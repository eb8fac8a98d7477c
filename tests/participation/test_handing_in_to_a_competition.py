"""Handing an idea in straight into a competition: one idea with one number, and nothing lost when the phase ends."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from common import outbox
from ideas import actions as idea_actions
from ideas.housekeeping import delete_expired_ideas
from ideas.models import Idea, IdeaPicture
from ideas.workflow import Channel, Status
from participation import actions
from participation.models import Competition, Entry
from participation.phases import Phase
from tests.factories import LoesungFactory, PlaceFactory, UserFactory, submission
from tests.factories.participation import ALL, competition, plan
from tests.ideas.pictures_for_tests import jpeg

pytestmark = pytest.mark.django_db
TITLE, TEXT = "Trinkbrunnen am Bahnhof", "Im Sommer fehlt am Bahnhof ein Brunnen mit Trinkwasser für alle."


def form(**changes: Any) -> dict[str, Any]:
    filled = {"title": TITLE, "text": TEXT, "email": "gast@example.org", "consent": "on", "action": "submit"}
    return {**filled, "submission_key": str(uuid.uuid4()), **changes}


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("brunnen.jpg", jpeg(), content_type="image/jpeg")


@pytest.fixture
def running(db: None) -> Competition:
    """A competition that takes ideas now."""
    rules = {"rules": "<p>Ein Satz zu Wasser.</p>"}
    return competition(Phase.SUBMISSION, title="Wasser in der Stadt", slug="wasser", page=rules)


URL = "/wettbewerbe/wasser/einreichen/"


def test_the_form_names_the_competition_its_rules_and_until_when(client: Client, running: Competition) -> None:
    page = client.get(URL)
    assert page.status_code == 200
    for said in ("Wasser in der Stadt", "Ein Satz zu Wasser.", "Einreichen können Sie bis zum", "noch 7 Tage danach"):
        assert said in page.text
    assert "no-store" in page["Cache-Control"] or "private" in page["Cache-Control"]


def test_a_guests_idea_gets_one_number_and_takes_part_at_once(client: Client, running: Competition) -> None:
    answer = client.post(URL, form(), follow=True)
    idea = Idea.objects.get()
    assert answer.redirect_chain[-1][0] == f"/ideen/verfolgen/{idea.number}/"
    assert "Ihre Idee nimmt am Wettbewerb „Wasser in der Stadt“ teil." in answer.text
    assert (idea.status, idea.channel) == (Status.UNCONFIRMED, Channel.COMPETITION)
    entry = Entry.objects.get()
    assert (entry.idea, entry.competition, entry.state, entry.way) == (idea, running, "in", "handed_in")
    assert [step.to_state for step in entry.steps.all()] == ["in"]
    assert not Entry.objects.on_show().exists(), "nobody has released it yet"


def test_loesung_place_and_picture_arrive_with_the_idea(client: Client, running: Competition) -> None:
    loesung, place = LoesungFactory(), PlaceFactory()
    client.post(URL, form(loesung=loesung.slug, place=place.slug, picture=picture(), picture_alt="Ein Brunnen"))
    idea = Idea.objects.get()
    assert (idea.loesung, list(idea.places.all()), idea.picture.alt_text) == (loesung, [place], "Ein Brunnen")  # type: ignore[union-attr]


def test_a_second_press_gives_the_same_idea_and_one_entry(client: Client, running: Competition) -> None:
    filled = form()
    first, second = (client.post(URL, filled)["Location"] for _ in range(2))
    assert first == second
    assert (Idea.objects.count(), Entry.objects.count()) == (1, 1)


def test_a_second_press_after_the_end_shows_the_receipt_and_no_refusal(client: Client, running: Competition) -> None:
    filled = form()
    first = client.post(URL, filled)["Location"]
    plan(running, Phase.VOTING)
    again = client.post(URL, filled)
    assert (again.status_code, again["Location"]) == (302, first)


def test_the_mails_say_in_which_competition_the_idea_takes_part(client: Client, running: Competition) -> None:
    client.post(URL, form())
    outbox.drain()
    asked = str(mail.outbox[-1].body)
    assert "beim Wettbewerb „Wasser in der Stadt“ eingereicht" in asked
    assert TITLE not in asked, "the address is not proved yet"
    idea_actions.confirm(Idea.objects.get())
    outbox.drain()
    received = str(mail.outbox[-1].body)
    assert "Ihre Idee nimmt am Wettbewerb „Wasser in der Stadt“ teil." in received
    assert "/wettbewerbe/wasser/" in received


def test_a_guest_who_confirms_after_the_end_takes_part(client: Client, running: Competition) -> None:
    client.post(URL, form())
    plan(running, Phase.REVIEW)
    idea = Idea.objects.get()
    idea_actions.confirm(idea)
    idea_actions.release(idea, idea.latest_version, by=UserFactory(lead=True))
    assert [entry.idea for entry in Entry.objects.on_show()] == [idea]


def test_an_idea_that_nobody_confirms_goes_with_its_entry(running: Competition) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=8)
    idea, _new = idea_actions.submit(submission(email="gast@example.org"), now=long_ago)
    actions.enter_handed_in(running, idea)
    assert delete_expired_ideas() == 1
    assert (Idea.objects.count(), Entry.objects.count()) == (0, 0)


def test_the_moment_of_handing_in_decides_to_the_second(running: Competition) -> None:
    span = running.span(Phase.SUBMISSION)
    assert span
    assert span.ends_at
    for moment, counts in ((span.ends_at - timedelta(seconds=1), True), (span.ends_at, False)):
        handed = submission(along=lambda idea, now: actions.enter_handed_in(running, idea, now=now))
        if counts:
            idea, _new = idea_actions.submit(handed, now=moment)
            assert idea.submitted_at == moment
        else:
            with pytest.raises(actions.TooLate, match="zu Ende gegangen"):
                idea_actions.submit(handed, now=moment)
    assert (Idea.objects.count(), Entry.objects.count()) == (1, 1)


# --- the phase ends while the form is open ------------------------------------------------------------------------------------


def test_when_the_phase_ends_meanwhile_text_and_picture_stay_and_one_press_hands_them_in_without_competition(
    client: Client, running: Competition
) -> None:
    client.get(URL)
    plan(running, Phase.REVIEW)
    filled = form(picture=picture(), picture_alt="Ein Brunnen am Gleis")
    late = client.post(URL, filled)
    assert late.status_code == 409
    assert (Idea.objects.count(), Entry.objects.count()) == (0, 0)
    for kept in (TITLE, TEXT, "gast@example.org", "Ein Brunnen am Gleis", "„brunnen.jpg“ ist schon da", "zu Ende gegangen"):
        assert kept in late.text
    assert 'formaction="/ideen/einreichen/"' in late.text
    assert client.get(late.context["kept_picture"].thumb_url).status_code == 200
    del filled["picture"]
    answer = client.post("/ideen/einreichen/", filled, follow=True)
    idea = Idea.objects.get()
    assert str(idea.number) in answer.text
    assert (idea.channel, idea.title, idea.text, idea.picture.alt_text) == (  # type: ignore[union-attr]
        Channel.WEBSITE, TITLE, TEXT, "Ein Brunnen am Gleis",
    )  # fmt: skip
    assert not Entry.objects.exists()
    assert IdeaPicture.objects.count() == 1


def test_a_refused_idea_takes_no_number_and_sends_no_mail(client: Client, running: Competition) -> None:
    plan(running, Phase.REVIEW)
    client.post(URL, form())
    outbox.drain()
    assert mail.outbox == []
    client.post("/ideen/einreichen/", form())
    assert Idea.objects.get().number == 1


def test_a_mistake_and_the_end_of_the_phase_are_told_together(client: Client, running: Competition) -> None:
    plan(running, Phase.REVIEW)
    late = client.post(URL, form(consent=""))
    assert late.status_code == 422
    assert "Bitte stimmen Sie zu" in late.text
    assert "zu Ende gegangen" in late.text


@pytest.mark.parametrize(
    ("phase", "phases", "sentence"),
    [
        (Phase.ANNOUNCED, (Phase.ANNOUNCED, *ALL), "Die Phase „Einreichen“ beginnt am"),
        (Phase.VOTING, ALL, "Die Phase „Einreichen“ ist am"),
        (Phase.VOTING, (Phase.VOTING, Phase.RESULT), "Gerade kann man zu diesem Wettbewerb nichts einreichen."),
        (None, ALL, "Gerade kann man zu diesem Wettbewerb nichts einreichen."),
    ],
)
def test_outside_the_phase_the_page_says_why_and_names_the_dates(
    client: Client, phase: Phase | None, phases: tuple[Phase, ...], sentence: str
) -> None:
    competition(phase, phases=phases, slug="wasser")
    page = client.get(URL)
    assert page.status_code == 200
    assert sentence in page.text
    assert "/ideen/einreichen/" in page.text
    assert "<form" not in page.text.split("<main")[1].split("</main>")[0]
    for each in phases if phase else ():
        assert str(each.label) in page.text


def test_a_competition_that_is_not_published_has_no_form(client: Client, running: Competition) -> None:
    running.page.unpublish()
    assert client.get(URL).status_code == 404
    assert client.post(URL, form()).status_code == 404
    client.force_login(UserFactory(lead=True))
    assert "noch nicht öffentlich" in client.get(URL).text
    assert "noch nicht öffentlich" in client.post(URL, form()).text
    assert not Idea.objects.filter(entries__competition=running).exists()
