"""Two people, or two windows, at the same moment: a sheet is handed in once, a seat is given once. On both databases."""

from collections.abc import Callable
from typing import Any

import pytest

from participation import actions, jury, jury_mails
from participation.models import Competition, JuryMember, JurySheet
from participation.phases import Phase
from tests.at_once import at_once
from tests.factories import participation as make
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def sorts(results: list[Any]) -> list[str]:
    return sorted(type(result).__name__ for result in results)


def in_two_windows(found: Competition, *steps: Callable[[JurySheet, dict[int, str], Any], Any]) -> tuple[list[Any], JurySheet]:
    """What each step gives back that a member takes at the same moment with the same sheet, and the sheet afterwards."""
    member, about = make.member(found), make.entry(found)
    user = member.user
    assert user
    assert user.roles  # asked before the race, as the page did
    sheet = actions.sheet_of(member, about)
    pairs = [{criterion.pk: str(place) for criterion in jury.criteria_of(found)} for place in range(len(steps))]
    windows = [JurySheet.objects.select_related("member", "entry__competition").get(pk=sheet.pk) for _each in steps]
    calls = [
        lambda step=step, window=window, pair=pair: step(window, pair, user)
        for step, window, pair in zip(steps, windows, pairs, strict=True)
    ]
    return at_once(calls), JurySheet.objects.get(pk=sheet.pk)


def hand_in(sheet: JurySheet, answers: dict[int, str], user: Any) -> Any:
    return actions.hand_in_sheet(sheet, answers, f"{answers}", by=user)


def test_the_same_sheet_handed_in_twice_at_once_counts_once_and_whole() -> None:
    for _run in range(10):
        results, sheet = in_two_windows(make.jury_competition(), hand_in, hand_in)
        assert sorts(results) == ["JurySheet", "Refused"], results
        assert "schon abgegeben" in str(next(each for each in results if isinstance(each, actions.Refused)))
        assert sheet.is_handed_in
        answers = {answer.criterion_id: answer.answer for answer in sheet.answers.all()}
        assert sheet.comment == f"{answers}", "answers and comment come from the same window"


def test_a_draft_saved_while_the_sheet_is_handed_in_changes_nothing_of_it() -> None:
    def save(sheet: JurySheet, answers: dict[int, str], user: Any) -> Any:
        return actions.save_sheet(sheet, answers, f"{answers}", by=user)

    for _run in range(10):
        results, sheet = in_two_windows(make.jury_competition(), hand_in, save)
        assert sorts(results) in (["JurySheet", "JurySheet"], ["JurySheet", "Refused"]), results
        answers = {answer.criterion_id: answer.answer for answer in sheet.answers.all()}
        assert (sheet.is_handed_in, sheet.comment) == (True, f"{answers}")
        assert set(answers.values()) == {"0"}


def test_nobody_is_dismissed_in_the_moment_in_which_they_hand_in() -> None:
    lead = UserFactory(lead=True)
    assert lead.roles

    def dismiss(sheet: JurySheet, _answers: dict[int, str], _user: Any) -> Any:
        return actions.dismiss(sheet.member, by=lead)

    for _run in range(10):
        found = make.jury_competition()
        member, about = make.member(found), make.entry(found)
        user = member.user
        assert user
        assert user.roles
        sheet = actions.sheet_of(member, about)
        answers = {criterion.pk: "1" for criterion in jury.criteria_of(found)}
        seats = [JuryMember.objects.select_related("competition").get(pk=member.pk) for _each in range(2)]
        results = at_once([lambda: hand_in(sheet, answers, user), lambda: dismiss(JurySheet(member=seats[1]), {}, user)])  # noqa: B023
        kept = JuryMember.objects.filter(pk=member.pk).exists()
        assert sum(isinstance(each, actions.Refused) for each in results) == 1, results
        assert kept == JurySheet.objects.filter(member=member.pk, state="handed_in").exists()


def test_a_sheet_is_made_once_and_a_seat_given_once() -> None:
    found = make.jury_competition()
    member, about = make.member(found), make.entry(found)
    sheets = at_once([lambda: actions.sheet_of(member, about)] * 8)
    assert {each.pk for each in sheets} == {JurySheet.objects.get().pk}
    lead, person = UserFactory(lead=True), UserFactory(jury=True)
    assert lead.roles
    assert person.roles
    pages = [Competition.objects.with_phases().get(pk=found.pk) for _each in range(6)]
    results = at_once([lambda page=page: actions.appoint(page, person, by=lead) for page in pages])
    assert sorts(results) == ["JuryMember", *["Refused"] * 5], results


def test_of_two_workers_one_tells_the_members() -> None:
    found = make.jury_competition(Phase.JURY)
    for _each in range(5):
        make.member(found)
    assert sum(at_once([jury_mails.tell_that_scoring_has_begun] * 4)) == 5
