"""The moderators' desk: who gets in, what the queue holds, and what a moderator decides there."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from accounts.roles import Role
from participation import actions
from participation.comment_workflow import Action, Ground, State
from participation.models import Block, Comment, CommentStep, Complaint, Discussion
from tests.factories import LoesungFactory, MeasureFactory
from tests.factories import comments as make
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
QUEUE = "moderation_desk:queue"


@pytest.fixture(autouse=True)
def _open_brakes() -> None:
    make.rules(**make.OPEN)


def at_desk(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def mia() -> Any:
    return UserFactory(moderator=True, display_name="Mia Moderation")


@pytest.fixture
def desk(mia: Any) -> Client:
    return at_desk(mia)


def words(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.status_code
    text = re.sub(r"<script.*?</script>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def look(desk: Client, comment: Comment, folder: str = "alle") -> Any:
    return desk.get(reverse("moderation_desk:comment", args=[comment.pk]), {"ordner": folder})


def decide(desk: Client, comment: Comment, action: Action, seen: int | None = None, **fields: str) -> Any:
    steps = Comment.objects.get(pk=comment.pk).step_count if seen is None else seen
    return desk.post(reverse("moderation_desk:decide", args=[comment.pk, action.value]), {"seen": steps, **fields})


def state_of(comment: Comment) -> str:
    return Comment.objects.get(pk=comment.pk).state


def listed(desk: Client, **query: Any) -> list[int]:
    """The comments of the list, as numbers in its order."""
    return [row["comment"].pk for row in desk.get(reverse(QUEUE), query).context["rows"]]


# --- who gets in ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_only_moderators_and_the_lead_get_in(role: Role) -> None:
    comment, client = make.comment(), at_desk(UserFactory(roles=[role]))
    expected = 200 if role in (Role.MODERATOR, Role.LEAD) else 302
    for name, args in (
        (QUEUE, []),
        ("moderation_desk:comment", [comment.pk]),
        ("moderation_desk:people", []),
        ("moderation_desk:log", []),
    ):
        assert client.get(reverse(name, args=args)).status_code == expected
    decide(client, comment, Action.HIDE, ground="insult", reason="Weil.")
    assert state_of(comment) == ("hidden" if expected == 200 else "public")


def test_a_moderator_finds_the_way_and_what_waits_on_the_start_page(desk: Client) -> None:
    make.comment(State.HELD)
    page = desk.get("/admin/").content.decode()
    assert "Moderation (1)" in page
    assert "1 Kommentar: Wartet" in words(desk.get("/admin/"))
    assert "Moderation (" not in at_desk(UserFactory(editor=True)).get("/admin/").content.decode()


# --- the queue --------------------------------------------------------------------------------------------------------


def test_each_folder_holds_what_it_says_the_oldest_first(desk: Client) -> None:
    seen = make.comment(text="Freigegeben")
    actions.decide(seen, Action.KEEP, by=make.moderator(), reason="Gut.")
    first, second = make.comment(State.HELD), make.comment(State.HELD)
    edited = make.comment()
    actions.decide(edited, Action.KEEP, by=make.moderator(), reason="Gut.")
    actions.edit(edited, "Neu", edited.contact)  # type: ignore[arg-type]
    reported, hidden = make.comment(), make.comment(State.HIDDEN)
    actions.report(reported, Ground.HATE)
    actions.report(reported, Ground.INSULT)
    actions.complain(hidden, "Nein!", hidden.contact)  # type: ignore[arg-type]
    secret = make.comment(State.UNCONFIRMED)
    assert listed(desk) == [first.pk, second.pk]
    assert listed(desk, ordner="wartet") == [first.pk, second.pk]
    assert listed(desk, ordner="aenderungen") == [edited.pk]
    assert listed(desk, ordner="gemeldet") == [reported.pk]
    assert listed(desk, ordner="einsprueche") == [hidden.pk]
    assert listed(desk, ordner="ungesehen") == [reported.pk]
    assert listed(desk, ordner="alle") == [hidden.pk, reported.pk, edited.pk, second.pk, first.pk, seen.pk]
    assert look(desk, secret).status_code == 404


def test_the_queue_is_searched_and_narrowed(desk: Client) -> None:
    measure = MeasureFactory()
    one = make.comment(text="Die Ladesäule ist kaputt.", on=measure)
    other = make.comment(text="Ein Brunnen wäre schön.", by=one.contact)
    make.comment(text="Ganz etwas anderes")
    alle = {"ordner": "alle"}
    assert listed(desk, **alle, q="ladesäule") == [one.pk]
    assert listed(desk, **alle, art="massnahme") == [one.pk]
    assert listed(desk, **alle, zu=other.discussion_id) == [other.pk]
    assert listed(desk, **alle, von=one.contact_id) == [other.pk, one.pk]
    assert "nichts gefunden" in words(desk.get(reverse(QUEUE), {**alle, "q": "xyzxyz"}))
    for junk in ({"zu": "x"}, {"von": "-1"}, {"art": "'"}, {"ordner": "quatsch"}, {"seite": "99999"}):
        assert desk.get(reverse(QUEUE), junk).status_code == 200


def test_the_queue_costs_the_same_with_fifty_rows(desk: Client, django_assert_max_num_queries: Any) -> None:
    def some(number: int) -> None:
        measure, page, person = MeasureFactory(), LoesungFactory(), make.person()
        for _each in range(number):
            make.comment(by=person)
            make.comment(on=measure, by=person)
            make.comment(on=page, by=make.guest())

    some(1)
    desk.get(reverse(QUEUE), {"ordner": "ungesehen"})
    with django_assert_max_num_queries(40) as first:
        assert len(listed(desk, ordner="ungesehen")) == 3
    some(17)
    with django_assert_max_num_queries(len(first)):
        assert len(listed(desk, ordner="ungesehen")) == 50


# --- one comment ------------------------------------------------------------------------------------------------------


def test_the_page_shows_everything_that_a_moderator_needs_and_no_address(desk: Client) -> None:
    first = make.comment(text="Der Anfang", by=make.guest("gerda@example.org"))
    comment = make.comment(text="Eine grobe Antwort", reply_to=first, by=first.contact)
    actions.report(comment, Ground.HATE, text="Das geht zu weit.", name="Rita Rund", email="rita@example.org")
    page = look(desk, comment)
    text = words(page)
    for part in ("Eine grobe Antwort", "Der Anfang", "Hass gegen Gruppen", "Das geht zu weit.", "Rita Rund", "geschrieben"):
        assert part in text
    assert "g…@example.org" in text
    for secret in ("gerda@example.org", "rita@example.org"):
        assert secret not in page.content.decode()
        assert secret not in desk.get(reverse(QUEUE), {"ordner": "alle"}).content.decode()
    assert "Rita Rund" not in desk.get(reverse(QUEUE), {"ordner": "gemeldet"}).content.decode()


def test_an_edit_is_shown_beside_the_text_with_marks_that_are_not_colours(desk: Client) -> None:
    comment = make.comment(text="Der Brunnen ist alt.")
    actions.decide(comment, Action.KEEP, by=make.moderator(), reason="Gut.")
    actions.edit(comment, "Der Brunnen ist neu.", comment.contact)  # type: ignore[arg-type]
    page = look(desk, comment)
    assert "<del>alt</del>" in page.content.decode()
    assert "<ins>neu</ins>" in page.content.decode()
    assert "Der freigegebene Text ändert sich erst nach neuer Freigabe." in words(page)
    decide(desk, comment, Action.APPROVE_EDIT)
    assert Comment.objects.get(pk=comment.pk).comment == "Der Brunnen ist neu."


def test_after_a_decision_the_next_one_of_the_folder_comes(desk: Client) -> None:
    first, second = make.comment(State.HELD), make.comment(State.HELD)
    there = decide(desk, first, Action.APPROVE, ordner="wartet")
    assert there["Location"] == f"/admin/moderation/{second.pk}/?ordner=wartet"
    assert f"Kommentar {first.pk} ist freigegeben." in words(desk.get(there["Location"]))
    there = decide(desk, second, Action.REFUSE, ordner="wartet", ground="advert", reason="Das ist Werbung.")
    assert there["Location"] == "/admin/moderation/?ordner=wartet"
    assert (state_of(first), state_of(second)) == ("public", "refused")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"ground": "insult", "reason": " "}, "Bitte begründen Sie die Entscheidung."),
        ({"ground": "insult", "reason": "…"}, "Bitte begründen Sie die Entscheidung."),
        ({"ground": "", "reason": "Weil es grob ist."}, "Bitte wählen Sie einen Grund."),
    ],
)
def test_without_ground_or_reason_nothing_happens_and_nothing_is_lost(
    desk: Client, fields: dict[str, str], sentence: str
) -> None:
    comment = make.comment()
    response = decide(desk, comment, Action.HIDE, note="Meine Notiz", **fields)
    assert sentence in words(response, 422)
    assert "Meine Notiz" in response.content.decode()
    assert fields["reason"].strip() in response.content.decode()
    assert state_of(comment) == "public"


def test_a_reason_begins_with_words_that_fit_the_ground_and_keeps_ones_own(desk: Client) -> None:
    comment = make.comment()
    page = decide(desk, comment, Action.HIDE, ground="advert", reason="", vorlage="1")
    assert "Der Kommentar wirbt für ein Angebot" in words(page)
    page = decide(desk, comment, Action.HIDE, ground="topic", reason="Mein eigener Satz.", vorlage="1")
    assert "Mein eigener Satz." in words(page)
    assert "gehört nicht zum Thema" in words(page)
    assert state_of(comment) == "public"


def test_a_page_that_is_out_of_date_is_said_so_and_nothing_typed_is_lost(desk: Client) -> None:
    comment = make.comment()
    actions.report(comment, Ground.HATE)
    response = decide(desk, comment, Action.HIDE, seen=1, ground="insult", reason="Meine Begründung")
    text = words(response, 409)
    assert "hat sich inzwischen etwas getan" in text
    assert "Meine Begründung" in text
    assert state_of(comment) == "public"
    # Looked at again, the same form goes through.
    assert decide(desk, comment, Action.HIDE, ground="insult", reason="Meine Begründung").status_code == 302


def test_a_decision_that_somebody_else_took_already_is_said_so_and_nothing_typed_is_lost(desk: Client) -> None:
    comment = make.comment()
    actions.decide(comment, Action.HIDE, by=make.moderator(), ground=Ground.HATE, reason="Schon weg.")
    text = words(
        decide(desk, comment, Action.HIDE, seen=1, ground="insult", reason="Meine Begründung", note="Meine Notiz"), 409
    )
    assert "„Ausblenden“ hat nicht geklappt" in text
    assert "Meine Begründung" in text
    assert "Meine Notiz" in text
    assert CommentStep.objects.filter(action="hide").count() == 1


def test_ones_own_comment_is_decided_by_somebody_else(desk: Client, mia: Any) -> None:
    comment = make.comment(by=make.contact_of_user(mia))
    assert "Das ist Ihr eigener Kommentar." in words(look(desk, comment))
    assert decide(desk, comment, Action.HIDE, ground="insult", reason="Weil.").status_code == 409
    assert state_of(comment) == "public"


# --- complaints, blocks, discussions ----------------------------------------------------------------------------------


def test_a_complaint_is_decided_by_another_person_and_the_first_one_reads_why_not(desk: Client) -> None:
    comment = make.comment()
    decide(desk, comment, Action.HIDE, ground="insult", reason="Zu grob.")
    actions.complain(comment, "Das war ein Zitat.", comment.contact)  # type: ignore[arg-type]
    text = words(look(desk, comment))
    assert "Das war ein Zitat." in text
    assert "Sie haben zuerst entschieden." in text
    url = reverse("moderation_desk:complaint", args=[comment.pk])
    assert desk.post(url, {"uphold": "ja", "reason": "Doch."}).status_code == 409
    other = at_desk(UserFactory(lead=True))
    assert "Bitte wählen Sie, wie Sie entscheiden." in words(other.post(url, {"reason": "Es war ein Zitat."}), 422)
    assert other.post(url, {"uphold": "ja", "reason": "Es war ein Zitat.", "ordner": "einsprueche"}).status_code == 302
    assert state_of(comment) == "public"
    assert Complaint.objects.get().decided_by
    assert other.post(url, {"uphold": "nein", "reason": "Doch nicht."}).status_code == 409


def test_a_person_is_blocked_with_a_reason_and_set_free_again(desk: Client) -> None:
    comment = make.comment()
    url = reverse("moderation_desk:block", args=[comment.pk])
    for fields in ({"days": "", "reason": "Genug."}, {"days": "7", "reason": ""}, {"days": "999", "reason": "Genug."}):
        assert desk.post(url, fields).status_code == 422
    assert desk.post(url, {"days": "7", "reason": "Dreimal beleidigt."}).status_code == 302
    [block] = Block.objects.all()
    assert block.until
    assert round((block.until - block.blocked_at) / timedelta(days=1)) == 7
    assert "Gesperrt bis" in words(look(desk, comment))
    assert desk.post(url, {"days": "7", "reason": "Noch einmal."}).status_code == 409
    assert "Dreimal beleidigt." in words(desk.get(reverse("moderation_desk:people")))
    lift = reverse("moderation_desk:lift", args=[block.pk])
    desk.post(lift)
    assert not Block.objects.in_force().exists()
    assert "aufgehoben" in words(desk.post(lift, follow=True))


def test_a_discussion_is_closed_and_opened_and_wagtails_log_has_it(desk: Client) -> None:
    comment = make.comment()
    url = reverse("moderation_desk:discussion", args=[comment.pk])
    desk.post(url, {"zu": "1"})
    assert Discussion.objects.get(pk=comment.discussion_id).is_closed
    desk.post(url, {"zu": "0"})
    assert not Discussion.objects.get(pk=comment.discussion_id).is_closed
    steps = ModelLogEntry.objects.order_by("timestamp").values_list("action", flat=True)
    assert list(steps) == ["participation.discussion.close", "participation.discussion.open"]


# --- many at once, the log, guards ------------------------------------------------------------------------------------


def test_comments_that_were_read_in_the_list_are_passed_together_after_a_preview(desk: Client) -> None:
    first, second, reported, stale = (make.comment(text=f"Text {number}") for number in range(4))
    actions.report(reported, Ground.HATE)
    pairs = [f"{each.pk}:{Comment.objects.get(pk=each.pk).step_count}" for each in (first, second, reported)]
    pairs.append(f"{stale.pk}:99")
    url = reverse("moderation_desk:many")
    text = words(desk.get(url, {"kommentar": pairs}))
    assert "2 Kommentare werden freigegeben" in text
    assert "Gemeldet: Darüber entscheiden Sie bitte einzeln" in text
    assert "Hier hat sich inzwischen etwas getan." in text
    assert not Comment.objects.exclude(approved_at=None).exists()
    assert desk.post(url, {"kommentar": pairs, "reason": ""}).status_code == 422
    desk.post(url, {"kommentar": pairs, "reason": "Gelesen, in Ordnung."})
    assert set(Comment.objects.exclude(approved_at=None)) == {first, second}
    for junk in ({}, {"kommentar": ["x", "1", ":", "9:x"]}):
        assert desk.get(url, junk).status_code == 302


def test_the_log_has_every_decision_with_who_took_it(desk: Client) -> None:
    comment = make.comment()
    decide(desk, comment, Action.HIDE, ground="insult", reason="Zu grob.", note="Kenne ich schon.")
    text = words(desk.get(reverse("moderation_desk:log")))
    for part in (f"Kommentar {comment.pk}", "ausgeblendet", "Zu grob.", "Kenne ich schon.", "Mia Moderation"):
        assert part in text


def test_what_people_commented_on_is_not_deleted(db: None) -> None:
    admin = at_desk(UserFactory(is_superuser=True, is_staff=True))
    page, measure = LoesungFactory(), MeasureFactory()
    make.comment(on=page)
    make.comment(on=measure)
    there = admin.post(reverse("wagtailadmin_pages:delete", args=[page.pk]), follow=True)
    assert "Hier haben Menschen Kommentare geschrieben" in words(there)
    there = admin.post(reverse("measures:delete", args=[measure.pk]), follow=True)
    assert "Hier haben Menschen Kommentare geschrieben" in words(there)
    assert Discussion.objects.count() == 2
