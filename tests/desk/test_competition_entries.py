"""The entries of a competition at the desk of the lead."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from ideas import actions as idea_actions
from ideas.workflow import Status
from participation import actions
from participation.models import Competition, Entry
from participation.phases import Phase
from tests.factories import UserFactory, make_idea, submission
from tests.factories.participation import competition, entry, plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(db: None) -> User:
    return UserFactory(lead=True)


@pytest.fixture
def desk(client: Client, lead: User) -> Client:
    client.force_login(lead)
    return client


@pytest.fixture
def own(db: None) -> Competition:
    return competition(Phase.REVIEW, title="Wasser in der Stadt")


def url(found: Competition) -> str:
    return f"/admin/wettbewerbe/{found.pk}/beitraege/"


def press(desk: Client, made: Entry, action: str, reason: str = "", seen: int | None = None, **more: Any) -> Any:
    data = {"action": action, "entry": made.pk, "seen": made.step_count if seen is None else seen, "reason": reason, **more}
    return desk.post(url(made.competition), data, follow=True)


def state(made: Entry) -> str:
    return Entry.objects.get(pk=made.pk).state


@pytest.mark.parametrize("role", ["", "reviewer", "editor", "project_lead", "jury"])
def test_nobody_but_the_lead_gets_in(client: Client, own: Competition, role: str) -> None:
    made = entry(own, state="proposed")
    client.force_login(UserFactory(**({role: True} if role else {})))
    assert client.get(url(own)).status_code == 302
    press(client, made, "take_in")
    assert state(made) == "proposed"


def test_what_waits_comes_first_and_each_folder_says_how_many(desk: Client, own: Competition) -> None:
    waiting = [entry(own, state="proposed") for _each in range(2)]
    inside = [entry(own) for _each in range(3)]
    refused = entry(own, state="declined")
    page = desk.get(url(own))
    assert [each["count"] for each in page.context["folders"]] == [2, 3, 1]
    assert [row["entry"] for row in page.context["rows"]] == waiting
    assert [row["entry"] for row in desk.get(url(own), {"ordner": "dabei"}).context["rows"]] == inside
    third = desk.get(url(own), {"ordner": "draussen"})
    assert [row["entry"] for row in third.context["rows"]] == [refused]
    assert "Passt nicht zum Thema." in third.text


def test_the_lead_takes_in_declines_takes_out_and_takes_in_again(desk: Client, own: Competition) -> None:
    one, two = entry(own, state="proposed"), entry(own, state="proposed")
    assert f"Idee {one.idea.number} nimmt am Wettbewerb teil." in press(desk, one, "take_in").text
    press(desk, two, "decline", "Es geht nicht um Wasser.")
    assert (state(one), state(two)) == ("in", "declined")
    press(desk, one, "take_out", "Der Brunnen steht schon.", seen=2)
    press(desk, two, "take_in", "Doch, auch um Wasser.", seen=2)
    assert (state(one), state(two)) == ("out", "in")
    reasons = [step.reason for step in Entry.objects.get(pk=two.pk).steps.all()]
    assert reasons == ["", "Es geht nicht um Wasser.", "Doch, auch um Wasser."]


@pytest.mark.parametrize(("start", "action"), [("proposed", "decline"), ("in", "take_out")])
def test_without_a_reason_nobody_is_refused(desk: Client, own: Competition, start: str, action: str) -> None:
    made = entry(own, state=start)
    for reason in ("", "  \n ", "…"):
        answer = press(desk, made, action, reason)
        assert answer.status_code == 422
        assert "Bitte geben Sie einen Grund an. Er ist öffentlich." in answer.text
    assert state(made) == start


def test_a_reason_that_is_too_long_stays_in_the_form(desk: Client, own: Competition) -> None:
    made = entry(own)
    answer = press(desk, made, "take_out", "x" * 1001, ordner="dabei")
    assert answer.status_code == 422
    assert "Das ist zu lang: 1001 Zeichen" in answer.text
    assert "x" * 1001 in answer.text


def test_whoever_decides_from_an_old_page_is_told_and_keeps_the_reason(desk: Client, own: Competition) -> None:
    made = entry(own, state="proposed")
    actions.take_in(Entry.objects.get(pk=made.pk), by=UserFactory(lead=True))
    answer = press(desk, made, "decline", "Mein langer Grund", ordner="vorgeschlagen")
    assert answer.status_code == 422
    assert "inzwischen entschieden" in answer.text
    assert "Mein langer Grund" in answer.text
    assert state(made) == "in"


def test_several_are_taken_in_at_once_and_who_cannot_be_is_named(desk: Client, own: Competition, lead: User) -> None:
    made = [entry(own, state="proposed") for _each in range(3)]
    stays, mine = entry(own, state="proposed"), entry(own, state="proposed", idea=make_idea(user=lead, released=True))
    chosen = [f"{each.pk}:1" for each in [*made, mine]]
    answer = desk.post(url(own), {"action": "take_in_all", "chosen": chosen}, follow=True)
    assert "3 Ideen sind aufgenommen." in answer.text
    assert f"Idee {mine.idea.number}: Über die eigene Idee entscheidet jemand anderes." in answer.text
    assert [state(each) for each in [*made, stays, mine]] == ["in", "in", "in", "proposed", "proposed"]
    nothing = desk.post(url(own), {"action": "take_in_all", "chosen": ["x", "9:", ":", "99999999999:1"]}, follow=True)
    assert "Bitte wählen Sie mindestens eine Idee aus." in nothing.text


def test_ideas_are_added_by_number_and_what_is_refused_stays_with_its_reason(desk: Client, own: Competition) -> None:
    good, hidden = make_idea(Status.KEPT), make_idea(Status.SUBMITTED)
    there = entry(own).idea
    typed = f"{good.number}, {hidden.number}, {there.number}, 4711"
    answer = desk.post(url(own), {"action": "add", "numbers": typed, "reason": "Passt gut."}, follow=True)
    assert answer.status_code == 422
    added = Entry.objects.get(idea=good)
    assert (added.state, added.way, added.last_step.reason) == ("in", "office", "Passt gut.")
    for said in (
        f"Idee {hidden.number}: Aufnehmen lassen sich nur Ideen",
        f"Idee {there.number}: Diese Idee nimmt an diesem Wettbewerb schon teil",
        "Idee 4711: Diese Nummer hat keine Idee.",
        f'value="{hidden.number}, {there.number}, 4711"',
        "Passt gut.",
    ):
        assert said in answer.text


@pytest.mark.parametrize("typed", ["", "abc", "1.5", "\x00", "9" * 30, "Idee 5 und 6"])
def test_what_is_no_number_is_said_beside_the_field(desk: Client, own: Competition, typed: str) -> None:
    answer = desk.post(url(own), {"action": "add", "numbers": typed})
    assert answer.status_code == 422
    assert answer.context["add_form"].errors["numbers"]


def test_when_the_vote_has_begun_nothing_comes_in_and_much_goes_out(desk: Client, own: Competition) -> None:
    made, waiting = entry(own), entry(own, state="proposed")
    plan(own, Phase.VOTING)
    page = desk.get(url(own))
    assert (
        "Abstimmung oder Jury haben schon begonnen" in page.text or "Gerade lassen sich keine Beiträge aufnehmen" in page.text
    )
    press(desk, waiting, "take_in")
    assert state(waiting) == "proposed"
    press(desk, made, "take_out", "Die Idee verletzt die Regeln.")
    assert state(made) == "out"


def test_an_idea_that_nobody_has_released_is_marked_and_leads_to_its_review(desk: Client, own: Competition) -> None:
    plan(own, Phase.SUBMISSION)
    handed, _new = idea_actions.submit(submission(along=lambda idea, now: actions.enter_handed_in(own, idea)))
    page = desk.get(url(own), {"ordner": "dabei"})
    assert "noch nicht veröffentlicht" in page.text
    assert f'href="/admin/ideen/{handed.number}/"' in page.text
    assert page.context["numbers"]["unreleased"] == 1


def test_an_idea_that_its_guest_has_not_confirmed_is_counted_and_not_shown(desk: Client, own: Competition) -> None:
    plan(own, Phase.SUBMISSION)
    idea_actions.submit(
        submission(email="gast@example.org", title="Noch geheim", along=lambda idea, now: actions.enter_handed_in(own, idea))
    )
    page = desk.get(url(own), {"ordner": "dabei"})
    assert "Noch geheim" not in page.text
    assert page.context["numbers"] == {"vorgeschlagen": 0, "dabei": 0, "draussen": 0, "unreleased": 0, "unconfirmed": 1}


def test_what_an_author_took_back_offers_no_step(desk: Client, own: Competition) -> None:
    plan(own, Phase.SUBMISSION)
    made = entry(own)
    actions.retract(Entry.objects.get(pk=made.pk), is_own=True)
    page = desk.get(url(own))
    assert "Auf Wunsch der einreichenden Person." in page.text
    assert page.context["rows"][0]["forms"] == []
    assert "möchte nicht teilnehmen" in page.text


def test_a_step_with_the_entry_of_another_competition_does_nothing(desk: Client, own: Competition) -> None:
    made = entry(competition(Phase.REVIEW), state="proposed")
    answer = desk.post(url(own), {"action": "take_in", "entry": made.pk, "seen": 1}, follow=True)
    assert "Diesen Beitrag gibt es nicht." in answer.text
    assert state(made) == "proposed"
    for nonsense in (
        {},
        {"action": "x"},
        {"action": "take_in", "entry": "x"},
        {"action": "take_in", "entry": made.pk, "seen": "x"},
    ):
        assert desk.post(url(made.competition), nonsense).status_code in (302, 422)
    assert state(made) == "proposed"


def test_the_page_costs_the_same_with_one_entry_and_with_fifty(
    desk: Client, own: Competition, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for number in (1, 49):
        for _each in range(number):
            entry(own, state="proposed")
        desk.get(url(own))
        with django_assert_max_num_queries(60) as queries:
            desk.get(url(own))
        counts.append(len(queries))
    assert counts[0] == counts[1]
