"""The jury at the desk of the lead: appoint, dismiss, how far each member is, and no score before everything is in."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from participation import actions
from participation.models import Competition, JuryMember
from participation.phases import Phase
from tests.factories import participation as make
from tests.factories.ideas import make_idea
from tests.factories.users import UserFactory


@pytest.fixture
def found(site: Any) -> Competition:
    return make.jury_competition(title="Grüne Schulhöfe")


@pytest.fixture
def desk(at_desk: Any, lead: Any) -> Client:
    client: Client = at_desk(lead).client
    return client


def url(found: Competition) -> str:
    return reverse("competitions_desk:jury", args=[found.pk])


def text_of(response: Any) -> str:
    return " ".join(response.text.split())


def test_the_page_opens_for_the_lead_alone(found: Competition, at_desk: Any) -> None:
    person = UserFactory(jury=True)
    for role in Role:
        client = at_desk(UserFactory(roles=[role])).client
        assert (client.get(url(found)).status_code == 200) == (role is Role.LEAD), role
        client.post(url(found), {"action": "appoint", "user": person.pk})
        assert JuryMember.objects.filter(user=person).exists() == (role is Role.LEAD), role
        JuryMember.objects.all().delete()
    assert Client().get(url(found)).status_code == 302


def test_only_people_with_the_role_and_without_a_seat_can_be_chosen(found: Competition, desk: Client) -> None:
    free, seated = UserFactory(jury=True, email="frei@example.org"), UserFactory(jury=True, email="sitzt@example.org")
    closed, other = UserFactory(jury=True, is_active=False), UserFactory(reviewer=True)
    make.member(found, seated)
    page = desk.get(url(found)).text
    assert [f'<option value="{each.pk}"' in page for each in (free, seated, closed, other)] == [True, False, False, False]
    for each in (seated, closed, other):
        answer = desk.post(url(found), {"action": "appoint", "user": each.pk})
        assert answer.status_code == 422
        assert "Diese Person kann nicht in die Jury" in answer.text
    for nonsense in ("", "x", "999999999999999999999"):
        assert desk.post(url(found), {"action": "appoint", "user": nonsense}).status_code == 422
    assert JuryMember.objects.count() == 1


def test_the_lead_appoints_and_dismisses(found: Competition, desk: Client) -> None:
    person = UserFactory(jury=True, first_name="Mia", last_name="Muster")
    page = desk.post(url(found), {"action": "appoint", "user": person.pk}, follow=True)
    assert "Mia Muster sitzt jetzt in der Jury" in page.text
    member = JuryMember.objects.get()
    page = desk.post(url(found), {"action": "dismiss", "member": member.pk}, follow=True)
    assert "Mia Muster gehört nicht mehr zur Jury" in page.text
    page = desk.post(url(found), {"action": "dismiss", "member": member.pk}, follow=True)
    assert "gehört schon nicht mehr zur Jury" in page.text
    for nonsense in ("", "x", "99999999999999999999"):
        assert desk.post(url(found), {"action": "dismiss", "member": nonsense}).status_code == 404


def test_no_button_dismisses_who_has_handed_in(found: Competition, desk: Client) -> None:
    member, about = make.member(found), make.entry(found)
    assert 'value="dismiss"' in desk.get(url(found)).text
    make.scored(member, about, 1)
    assert 'value="dismiss"' not in desk.get(url(found)).text
    page = desk.post(url(found), {"action": "dismiss", "member": member.pk}, follow=True)
    assert "schon eine Bewertung abgegeben" in page.text


def test_a_member_of_another_jury_is_not_dismissed_here(found: Competition, desk: Client) -> None:
    member = make.member(make.jury_competition())
    desk.post(url(found), {"action": "dismiss", "member": member.pk})
    assert JuryMember.objects.filter(pk=member.pk).exists()


def test_progress_shows_numbers_and_never_a_score_before_everything_is_in(found: Competition, desk: Client) -> None:
    one, two = make.member(found), make.member(found)
    first, second = (make.entry(found, idea=make_idea(released=True, title=title)) for title in ("Bäume", "Bänke"))
    make.scored(one, first, 2, comment="canary-comment")
    make.scored(one, second, 2)
    make.scored(two, first, 0)
    page = text_of(desk.get(url(found)))
    assert "2 von 2" in page
    assert "1 von 2" in page
    assert f"<td>{second.idea.number}</td>" in page, "what is missing"
    assert "Vorher sieht sie niemand" in page
    assert "auseinander" not in page
    assert "canary" not in page
    assert "Gesamt" not in page
    assert two.user
    actions.declare_conflict(actions.sheet_of(two, second), "canary-reason", by=two.user)
    page = text_of(desk.get(url(found)))
    assert "canary-reason" in page
    assert "Gesamt" in page
    assert "Stufen auseinander" in page
    assert page.index("Bänke") < page.index("Bäume"), "the best one first"


def test_after_the_phase_the_lead_reads_what_came_and_changes_no_seat(found: Competition, desk: Client) -> None:
    one, about = make.member(found), make.entry(found)
    make.member(found)
    make.scored(one, about, 2)
    assert "Gesamt" not in desk.get(url(found)).text
    make.plan(found, Phase.RESULT)
    page = desk.get(url(found)).text
    assert "Gesamt" in page
    assert "Die Jury lässt sich nicht mehr ändern." in page
    assert 'value="appoint"' not in page


def test_without_criteria_the_page_says_what_to_do_first(site: Any, desk: Client) -> None:
    found = make.competition()
    page = desk.get(url(found))
    assert "nach welchem Prüfbogen die Jury bewertet" in page.text
    person = UserFactory(jury=True)
    answer = desk.post(url(found), {"action": "appoint", "user": person.pk})
    assert answer.status_code == 422
    assert not JuryMember.objects.exists()


def test_a_member_whose_account_is_gone_is_named_so(found: Competition, desk: Client) -> None:
    member, about = make.member(found), make.entry(found)
    make.scored(member, about, 1)
    assert member.user
    member.user.delete()
    page = desk.get(url(found)).text
    assert "Ein früheres Konto" in page
    assert "Gesamt" in page, "nobody waits for an account that is gone"


def test_the_page_costs_the_same_for_three_entries_as_for_thirty(found: Competition, desk: Client) -> None:
    def fill(members: int, entries: int) -> None:
        for _each in range(members):
            make.member(found)
        for _each in range(entries):
            make.entry(found)
        for member in found.jury.all():
            for about in found.entries.all():
                if not about.jury_sheets.filter(member=member).exists():
                    make.scored(member, about, 1)

    def cost() -> int:
        desk.get(url(found))
        with CaptureQueriesContext(connection) as queries:
            page = desk.get(url(found))
        assert "Gesamt" in page.text
        return len(queries)

    fill(2, 3)
    few = cost()
    fill(3, 27)
    assert cost() == few
