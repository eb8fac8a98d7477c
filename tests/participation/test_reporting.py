"""A stranger reports a comment and reads the decision at the receipt; an author objects to a decision."""

import re
import uuid
from secrets import compare_digest
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from common.models import OutboxMessage
from common.tokens import derive
from participation import actions
from participation.comment_workflow import Action, Ground, State
from participation.models import Comment, Complaint, Report
from participation.views.complaints import complaint_token
from participation.views.reporting import AN_HOUR, receipt_token
from tests.factories import LoesungFactory
from tests.factories import comments as make
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db
FORM = {"ground": "insult", "text": "Der zweite Satz.", "good_faith": "on"}


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()
    make.rules(**make.OPEN)


def address(comment: Comment) -> str:
    return reverse("comment_report", args=[comment.pk])


def send(client: Client, comment: Comment, **fields: str) -> Any:
    return client.post(address(comment), {**FORM, "submission_key": str(uuid.uuid4()), **fields})


def words(response: Any) -> str:
    """What stands on the page, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def hide(comment: Comment, reason: str = "Bitte ohne Schimpfwörter.") -> Any:
    return actions.decide(comment, Action.HIDE, by=make.moderator(), ground=Ground.INSULT, reason=reason)


# --- reporting --------------------------------------------------------------------------------------------------------


def test_a_stranger_reports_without_an_account_and_gets_a_receipt(client: Client) -> None:
    comment = make.comment(text="Ein grober Satz.")
    page = client.get(address(comment))
    assert "Ein grober Satz." in words(page)
    assert "no-store" in page["Cache-Control"]
    response = send(client, comment, name="Rita Rund", email="rita@example.org")
    [report] = Report.objects.all()
    assert response["Location"] == reverse("report_receipt", args=[report.pk, derive("report", str(report.key))])
    assert (report.ground, report.text, report.name, report.email) == (
        "insult",
        "Der zweite Satz.",
        "Rita Rund",
        "rita@example.org",
    )
    assert len(report.network) == 64
    assert OutboxMessage.objects.get(kind="participation.report_received").payload == {"report": report.pk}
    receipt = client.get(response["Location"])
    assert "Noch nicht entschieden." in words(receipt)
    assert "Beleidigung oder Drohung" in words(receipt)
    assert receipt["Referrer-Policy"] == "strict-origin"
    assert 'content="noindex"' in receipt.content.decode()


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ({"ground": ""}, "Bitte wählen Sie einen Grund aus."),
        ({"ground": "quatsch"}, "Bitte wählen Sie einen Grund aus der Liste."),
        ({"good_faith": ""}, "Bitte bestätigen Sie, dass Ihre Angaben nach bestem Wissen richtig sind."),
        ({"email": "rita@"}, "Diese E-Mail-Adresse ist nicht vollständig."),
        ({"ground": "other", "text": "…"}, "Bitte schreiben Sie uns, was Sie stört."),
        ({"website": "https://spam.example"}, "Bitte lassen Sie dieses Feld leer."),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(client: Client, missing: dict[str, str], sentence: str) -> None:
    comment = make.comment()
    response = send(client, comment, **{"name": "Rita Rund", "text": "Der zweite Satz.", **missing})
    assert response.status_code == 422
    page = response.content.decode()
    assert sentence in words(response)
    assert 'value="Rita Rund"' in page
    assert not Report.objects.exists()


def test_the_same_form_twice_is_one_report_with_one_receipt(client: Client) -> None:
    make.rules(hold_after_reports=1)
    comment, key = make.comment(), str(uuid.uuid4())
    first = send(client, comment, submission_key=key)
    assert Comment.objects.get(pk=comment.pk).state == State.HELD
    again = send(client, comment, submission_key=key)
    assert first["Location"] == again["Location"]
    assert Report.objects.count() == 1


def test_from_one_connection_come_so_many_reports_an_hour_and_no_more(client: Client) -> None:
    comment = make.comment()
    for _number in range(AN_HOUR):
        assert send(client, comment).status_code == 302
        make.rules(hold_after_reports=100)
    response = send(client, comment, text="Mein Text bleibt stehen.")
    assert response.status_code == 429
    assert "Mein Text bleibt stehen." in response.content.decode()
    assert Report.objects.count() == AN_HOUR


def test_who_is_signed_in_is_not_asked_for_an_address(client: Client) -> None:
    comment, reader = make.comment(), UserFactory()
    client.force_login(reader)
    assert 'name="email"' not in client.get(address(comment)).content.decode()
    send(client, comment)
    assert Report.objects.get().contact.user == reader  # type: ignore[union-attr]


@pytest.mark.parametrize("state", [State.HIDDEN, State.DELETED])
def test_what_cant_be_read_any_more_needs_no_report(client: Client, state: State) -> None:
    comment = make.comment(state, text="Geheimnis")
    page = client.get(address(comment))
    assert "Sie müssen nichts mehr tun." in words(page)
    assert "Geheimnis" not in page.content.decode()
    send(client, comment)
    assert not Report.objects.exists()


@pytest.mark.parametrize("state", [State.UNCONFIRMED, State.HELD, State.REFUSED])
def test_what_was_never_public_can_not_be_found_by_its_number(client: Client, state: State) -> None:
    assert client.get(address(make.comment(state))).status_code == 404


def test_a_comment_on_something_that_is_not_public_can_not_be_found(client: Client) -> None:
    page = LoesungFactory()
    comment = make.comment(on=page)
    page.unpublish()
    assert client.get(address(comment)).status_code == 404


# --- the receipt ------------------------------------------------------------------------------------------------------


def receipt_of(client: Client, comment: Comment) -> Any:
    report = Report.objects.get(comment=comment)
    return client.get(reverse("report_receipt", args=[report.pk, receipt_token(report)]))


@pytest.mark.parametrize(
    ("action", "sentence"),
    [(Action.HIDE, "Wir zeigen den Kommentar nicht mehr."), (Action.KEEP, "Der Kommentar bleibt stehen.")],
)
def test_the_receipt_has_the_decision_with_its_reason(client: Client, action: Action, sentence: str) -> None:
    comment = make.comment()
    actions.report(comment, Ground.INSULT)
    actions.decide(comment, action, by=make.moderator(), ground=Ground.INSULT, reason="Das ist der Grund dafür.")
    page = words(receipt_of(client, comment))
    assert sentence in page
    assert "Das ist der Grund dafür." in page


def test_the_receipt_says_when_the_author_deleted_the_comment(client: Client) -> None:
    comment = make.comment()
    actions.report(comment, Ground.INSULT)
    actions.delete_own(comment, comment.contact)  # type: ignore[arg-type]
    assert "hat ihn selbst gelöscht" in words(receipt_of(client, comment))


def test_the_receipt_says_when_a_hidden_comment_is_shown_again_after_a_complaint(client: Client) -> None:
    comment = make.comment()
    actions.report(comment, Ground.INSULT)
    hide(comment)
    complaint = actions.complain(comment, "Das war ein Zitat.", comment.contact)  # type: ignore[arg-type]
    actions.decide_complaint(complaint, uphold=True, by=make.moderator(), reason="Es war wirklich ein Zitat.")
    page = words(receipt_of(client, comment))
    assert "ist der Kommentar wieder zu lesen" in page
    assert "Es war wirklich ein Zitat." in page


def test_the_receipt_shows_nothing_of_a_hidden_text_and_nobody_elses_words(client: Client) -> None:
    comment = make.comment(text="Sehr geheimer Wortlaut")
    actions.report(comment, Ground.INSULT, name="Rita Rund", email="rita@example.org")
    hide(comment)
    actions.decide(comment, Action.RESTORE, by=make.moderator(), reason="Doch.", note="Interne Bemerkung")
    hide(comment)
    page = receipt_of(client, comment).content.decode()
    for secret in ("Sehr geheimer Wortlaut", "rita@example.org", "Interne Bemerkung"):
        assert secret not in page


def test_a_receipt_opens_with_its_own_secret_only(client: Client) -> None:
    one = actions.report(make.comment(), Ground.INSULT)
    other = actions.report(make.comment(), Ground.INSULT)
    assert not compare_digest(receipt_token(one), receipt_token(other))
    for token in ("x", receipt_token(other), derive("comment.stop", str(one.key))):
        assert client.get(reverse("report_receipt", args=[one.pk, token])).status_code == 404


# --- complaints -------------------------------------------------------------------------------------------------------


def test_an_author_objects_with_the_account_and_reads_how_it_goes_on(client: Client) -> None:
    comment = make.comment(text="Stein des Anstoßes")
    hide(comment)
    client.force_login(comment.user)
    url = reverse("comment_complain", args=[comment.pk])
    page = words(client.get(url))
    for part in ("Stein des Anstoßes", "Beleidigung oder Drohung", "Bitte ohne Schimpfwörter."):
        assert part in page
    assert client.post(url, {"text": "  "}).status_code == 422
    assert client.post(url, {"text": "Das war ein Zitat."})["Location"] == url
    page = words(client.get(url))
    assert "Eine andere Person aus der Moderation liest" in page
    assert "Das war ein Zitat." in page
    assert Complaint.objects.count() == 1
    actions.decide_complaint(
        Complaint.objects.get(), uphold=False, by=make.moderator(), reason="Auch ein Zitat kann verletzen."
    )
    page = words(client.get(url))
    assert "Es bleibt bei der Entscheidung." in page
    assert "Auch ein Zitat kann verletzen." in page


def test_a_guest_objects_by_the_link_in_the_mail(client: Client) -> None:
    comment = make.comment(by=make.guest())
    hide(comment)
    url = reverse("comment_complain_by_token", args=[comment.pk, complaint_token(comment)])
    page = client.get(url)
    assert page["Referrer-Policy"] == "strict-origin"
    assert client.post(url, {"text": "Das war ein Zitat."}).status_code == 302
    assert "Ihr Einspruch ist da" in words(client.get(url))
    wrong = reverse("comment_complain_by_token", args=[comment.pk, complaint_token(make.comment())])
    assert client.get(wrong).status_code == 404


def test_nobody_objects_for_another_person_or_without_signing_in(client: Client) -> None:
    comment = make.comment()
    hide(comment)
    url = reverse("comment_complain", args=[comment.pk])
    assert client.get(url).status_code == 302
    client.force_login(UserFactory())
    assert client.post(url, {"text": "Fremd"}).status_code == 404
    assert not Complaint.objects.exists()


def test_where_nothing_was_decided_there_is_nothing_to_object_to(client: Client) -> None:
    comment = make.comment()
    client.force_login(comment.user)
    page = words(client.get(reverse("comment_complain", args=[comment.pk])))
    assert "keine Entscheidung, gegen die Sie Einspruch einlegen könnten" in page


# --- the rules --------------------------------------------------------------------------------------------------------


def test_the_rules_say_how_this_house_moderates(client: Client) -> None:
    url = reverse("comment_rules")
    make.rules(moderation="before", guests=False, hold_after_reports=4, most_links=7)
    page = words(client.get(url))
    for part in (
        "liest jeden Kommentar, bevor er erscheint",
        "brauchen Sie ein Konto",
        "Melden 4 Personen",
        "mehr als 7 Links",
    ):
        assert part in page
    make.rules(moderation="after", guests=True)
    page = words(client.get(url))
    assert "Kommentare erscheinen gleich" in page
    assert "Sie brauchen kein Konto" in page


@pytest.mark.parametrize("path", ["/meldungen/{0}/ä/", "/kommentare/{1}/einspruch/ä/", "/kommentare/{1}/abbestellen/ä/"])
def test_a_secret_that_nobody_of_us_writes_leads_nowhere(client: Client, path: str) -> None:
    report = actions.report(make.comment(), Ground.INSULT)
    assert client.get(path.format(report.pk, report.comment_id)).status_code in (200, 404)


def test_invented_addresses_from_one_network_hold_nothing() -> None:
    comment = make.comment(text="Steht")
    for number in range(6):
        actions.report(comment, Ground.INSULT, email=f"erfunden{number}@example.net", network="gleich")
    comment.refresh_from_db()
    assert comment.state == "public"


def test_what_the_office_answers_stays_however_often_it_is_reported() -> None:
    office = make.contact_of_user(UserFactory(lead=True))
    answer = make.comment(by=office, official=True)
    for _number in range(5):
        actions.report(answer, Ground.OTHER, contact=make.person())
    answer.refresh_from_db()
    assert (answer.state, answer.is_official) == ("public", True)
