"""The ballot's page for people with and without an account: what it takes, what it refuses beside the field, what it keeps."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from participation.models import Ballot, Choice, Competition, Entry, QuarantineStep
from participation.phases import Phase
from tests.factories import UserFactory, make_idea
from tests.factories.participation import competition, entry, plan

pytestmark = pytest.mark.django_db
SUPPORT, BUDGET, RANKING = Competition.Voting.SUPPORT, Competition.Voting.BUDGET, Competition.Voting.RANKING


def url(found: Competition, number: int | None = None) -> str:
    return f"/wettbewerbe/{found.slug}/abstimmen/" + (f"{number}/" if number else "")


def filled(*marks: tuple[Entry, Any], action: str = "cast") -> dict[str, Any]:
    return {"action": action, **{f"idee-{each.idea.number}": mark for each, mark in marks}}


def ballots() -> list[tuple[str, list[tuple[int, int]]]]:
    """Each ballot's state, and its votes or places by the idea's number."""
    return [
        (
            ballot.state,
            sorted((choice.entry.idea.number, choice.points or choice.rank) for choice in ballot.choices.all()),
        )
        for ballot in Ballot.objects.all()
    ]


@pytest.fixture
def citizen(client: Client) -> User:
    user = UserFactory()
    client.force_login(user)
    return user


@pytest.fixture
def three() -> Callable[..., tuple[Competition, Entry, Entry, Entry]]:
    def make(**rules: Any) -> tuple[Competition, Entry, Entry, Entry]:
        found = competition(**rules)
        one, two, three_ = (
            entry(found, idea=make_idea(title=title, released=True)) for title in ("Bank am Ufer", "Brunnen", "Carsharing")
        )
        return found, one, two, three_

    return make


# --- what a ballot says -----------------------------------------------------------------------------------------------


def test_opening_the_ballot_changes_nothing_and_nobody_keeps_it(client: Client, citizen: User, three: Any) -> None:
    found, *_entries = three()
    page = client.get(url(found))
    assert "Von Ihnen zählt noch keine Stimme" in page.text
    assert "no-store" in page["Cache-Control"]
    assert not Ballot.objects.exists()


def test_somebody_supports_two_ideas_then_another_and_keeps_one_receipt(client: Client, citizen: User, three: Any) -> None:
    found, one, two, three_ = three(voting=SUPPORT)
    page = client.post(url(found), filled((one, "on"), (two, "on")), follow=True)
    assert "Danke! Ihre Stimme ist abgegeben." in page.text
    receipt = Ballot.objects.get().receipt
    assert receipt in page.text
    assert "Bitte notieren Sie ihn" in page.text
    assert page.text.count(" checked") == 2
    page = client.post(url(found), filled((three_, "on")), follow=True)
    assert "Ihr Stimmzettel ist geändert." in page.text
    assert receipt in page.text
    assert ballots() == [("cast", [(three_.idea.number, 1)])]


def test_a_ballot_is_withdrawn_and_cast_again_with_the_same_receipt(client: Client, citizen: User, three: Any) -> None:
    found, one, *_others = three(voting=SUPPORT)
    client.post(url(found), filled((one, "on")))
    receipt = Ballot.objects.get().receipt
    page = client.post(url(found), {"action": "withdraw"}, follow=True)
    assert "Ihr Stimmzettel ist zurückgezogen" in page.text
    assert "Von Ihnen zählt noch keine Stimme" in page.text
    assert receipt not in page.text
    assert ballots() == [("withdrawn", [])]
    assert receipt in client.post(url(found), filled((one, "on")), follow=True).text
    assert ballots() == [("cast", [(one.idea.number, 1)])]


def test_votes_are_shared_out_within_the_budget(client: Client, citizen: User, three: Any) -> None:
    found, one, two, three_ = three(voting=BUDGET, votes=4, votes_per_entry=3)
    page = client.get(url(found))
    assert "Sie haben 4 Stimmen." in page.text
    assert "Einer Idee können Sie höchstens 3 Stimmen geben." in page.text
    page = client.post(url(found), filled((one, "3"), (two, ""), (three_, "1")), follow=True)
    assert page.status_code == 200
    assert ballots() == [("cast", [(one.idea.number, 3), (three_.idea.number, 1)])]
    assert 'value="3"' in page.text


@pytest.mark.parametrize(
    ("marks", "sentence"),
    [
        (("3", "2", ""), "Sie haben 4 Stimmen und vergeben hier 5. Bitte nehmen Sie 1 zurück."),
        (("4", "", ""), "Für eine Idee können Sie höchstens 3 Stimmen abgeben."),
        (("-1", "", ""), "Weniger als 0 geht nicht."),
        (("1.5", "", ""), "Bitte geben Sie eine ganze Zahl ein, zum Beispiel: 1."),
        (("viele", "", ""), "Bitte geben Sie eine ganze Zahl ein, zum Beispiel: 1."),
        (("9" * 5000, "", ""), "Bitte geben Sie eine ganze Zahl ein, zum Beispiel: 1."),
        (("", "0", ""), "Bitte wählen Sie mindestens eine Idee."),
    ],
)
def test_a_ballot_that_does_not_fit_says_why_and_keeps_what_was_typed(
    client: Client, citizen: User, three: Any, marks: tuple[str, str, str], sentence: str
) -> None:
    found, *entries = three(voting=BUDGET, votes=4, votes_per_entry=3)
    page = client.post(url(found), filled(*zip(entries, marks, strict=True)))
    assert page.status_code == 422
    assert sentence in page.text
    assert all(f'value="{mark}"' in page.text for mark in marks if mark)
    assert not Ballot.objects.exists()


def test_ideas_get_places_and_places_left_out_close_up(client: Client, citizen: User, three: Any) -> None:
    found, one, two, three_ = three(voting=RANKING)
    assert "Geben Sie der besten Idee Platz 1" in client.get(url(found)).text
    client.post(url(found), filled((one, "3"), (two, ""), (three_, "1")))
    assert ballots() == [("cast", [(one.idea.number, 2), (three_.idea.number, 1)])]
    page = client.get(url(found))
    on_paper = [(each.pk, said) for each, said in page.context["form"].chosen()]
    assert on_paper == [(three_.pk, "Platz 1"), (one.pk, "Platz 2")], "the first place first"
    assert page.text.count(" selected") == 3
    assert '<option value="2" selected>' in page.text


def test_a_place_given_twice_is_said_beside_both_ideas(client: Client, citizen: User, three: Any) -> None:
    found, one, two, three_ = three(voting=RANKING)
    page = client.post(url(found), filled((one, "1"), (two, "2"), (three_, "2")))
    assert page.status_code == 422
    assert f"Platz 2 haben Sie auch „{three_.idea.title}“ gegeben." in page.text
    assert f'id="stimme-idee-{two.idea.number}_error"' in page.text
    assert f'id="stimme-idee-{three_.idea.number}_error"' in page.text
    assert f'id="stimme-idee-{one.idea.number}_error"' not in page.text
    assert not Ballot.objects.exists()


def test_an_empty_order_and_a_place_that_there_is_not_are_refused(client: Client, citizen: User, three: Any) -> None:
    found, one, *_others = three(voting=RANKING)
    assert "mindestens einer Idee einen Platz" in client.post(url(found), filled()).text
    assert "einen Platz von 1 bis 3" in client.post(url(found), filled((one, "4"))).text


def test_among_many_ideas_the_place_is_typed(client: Client, citizen: User) -> None:
    found = competition(voting=RANKING)
    entries = [entry(found) for _each in range(41)]
    page = client.get(url(found))
    assert page.text.count('type="number"') == 41
    assert "<select" not in page.text
    client.post(url(found), filled((entries[7], "41"), (entries[3], "40")))
    assert ballots() == [("cast", [(entries[3].idea.number, 1), (entries[7].idea.number, 2)])]


def test_a_vote_for_an_idea_that_was_taken_out_meanwhile_is_not_lost_silently(
    client: Client, citizen: User, three: Any
) -> None:
    found, one, two, _three = three(voting=SUPPORT)
    other = entry(competition(voting=SUPPORT))
    stranger = {f"idee-{other.idea.number}": "on"}
    page = client.post(url(found), filled((one, "on"), (two, "on")) | stranger)
    assert page.status_code == 422
    assert "nimmt nicht (mehr) am Wettbewerb teil" in page.text
    assert page.text.count(" checked") == 2
    assert not Ballot.objects.exists()


def test_a_title_that_is_code_is_shown_as_text(client: Client, citizen: User) -> None:
    found = competition(voting=RANKING)
    evil = "<script>alert(1)</script> Bank am Ufer"
    one, two = (entry(found, idea=make_idea(title=evil, released=True)) for _each in range(2))
    page = client.post(url(found), filled((one, "1"), (two, "1")))
    assert page.status_code == 422
    assert "<script>alert" not in page.text


# --- who votes --------------------------------------------------------------------------------------------------------


def test_without_an_account_where_one_is_needed_the_way_is_to_sign_in_and_back(client: Client, three: Any) -> None:
    found, one, *_others = three(electorate="account")
    for page in (client.get(url(found)), client.post(url(found), filled((one, "on")))):
        assert f"/konto/login/?next={url(found)}" in page.text
        assert 'name="email"' not in page.text
    assert not Ballot.objects.exists()


def test_an_account_that_is_not_verified_is_told_how_to_get_there(client: Client, citizen: User, three: Any) -> None:
    found, one, *_others = three(electorate="verified")
    for page in (client.get(url(found)), client.post(url(found), filled((one, "on")))):
        assert "Kommen Sie mit Ihrem Ausweis zu uns" in page.text
    assert not Ballot.objects.exists()


def test_a_competition_without_voting_says_so(client: Client, citizen: User, three: Any) -> None:
    found, one, *_others = three(voting="none")
    for page in (client.get(url(found)), client.post(url(found), filled((one, "on")))):
        assert "In diesem Wettbewerb wird nicht abgestimmt." in page.text


def test_nobody_votes_in_a_competition_that_is_not_published(client: Client, citizen: User, three: Any) -> None:
    found, *_entries = three()
    found.page.unpublish()
    assert client.get(url(found)).status_code == 404
    assert client.get("/wettbewerbe/gibt-es-nicht/abstimmen/").status_code == 404


@pytest.mark.parametrize("role", ["lead", "editor"])
def test_who_writes_a_draft_does_not_vote_in_it(client: Client, three: Any, role: str) -> None:
    found, one, *_others = three()
    found.page.unpublish()
    client.force_login(UserFactory(**{role: True}))
    for number in (None, one.idea.number):
        for page in (client.get(url(found, number)), client.post(url(found, number), filled((one, "on")))):
            assert "Dieser Wettbewerb ist noch nicht öffentlich" in page.text
    assert not Ballot.objects.exists()


# --- before and after -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase not in (Phase.VOTING, Phase.ANNOUNCED)])
def test_outside_the_phase_the_page_says_when(client: Client, citizen: User, phase: Phase) -> None:
    found = competition(phase)
    page = client.get(url(found))
    assert page.status_code == 200
    said = "beginnt am" if phase in (Phase.SUBMISSION, Phase.REVIEW) else "ist am"
    assert f"Die Phase „Abstimmung“ {said}" in page.text
    assert 'name="idee-' not in page.text


def test_a_ballot_sent_after_the_end_is_shown_again_and_did_not_count(client: Client, citizen: User, three: Any) -> None:
    found, one, two, three_ = three(voting=BUDGET, votes=3, votes_per_entry=3)
    client.post(url(found), filled((one, "3")))
    plan(found, Phase.JURY)
    page = client.post(url(found), filled((two, "2"), (three_, "0")))
    assert page.status_code == 409
    assert "ist nicht gezählt" in page.text
    assert f"{two.idea.title}</span>: Stimmen: 2" in page.text
    assert three_.idea.title not in page.text
    assert Ballot.objects.get().receipt in page.text
    assert "wie Sie ihn vorher abgegeben haben" in page.text
    assert ballots() == [("cast", [(one.idea.number, 3)])]


def test_after_the_end_nothing_is_withdrawn(client: Client, citizen: User, three: Any) -> None:
    found, one, *_others = three(voting=SUPPORT)
    client.post(url(found), filled((one, "on")))
    plan(found, Phase.JURY)
    client.post(url(found), {"action": "withdraw"})
    assert ballots() == [("cast", [(one.idea.number, 1)])]


# --- quarantine does not show -----------------------------------------------------------------------------------------


def quarantine() -> None:
    QuarantineStep.objects.create(ballot=Ballot.objects.get(), action="set", reason="Viele aus einem Netz.")
    Ballot.objects.update(state=Ballot.State.QUARANTINED)


def test_a_ballot_set_aside_looks_to_its_voter_like_any_other(client: Client, citizen: User, three: Any) -> None:
    """Whoever stuffs the ballot box must not learn which ballots were noticed."""

    def without_secrets(page: Any) -> str:
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.text)

    found, one, *_others = three(voting=SUPPORT)
    client.post(url(found), filled((one, "on")))
    addresses = (url(found), url(found, one.idea.number), "/konto/abstimmungen/", f"/wettbewerbe/{found.slug}/beleg/")
    client.get(url(found))  # takes the message
    before = [without_secrets(client.get(address)) for address in addresses]
    quarantine()
    assert [without_secrets(client.get(address)) for address in addresses] == before
    page = client.post(url(found), {"action": "withdraw"}, follow=True)
    assert "Ihr Stimmzettel ist zurückgezogen" in page.text
    assert "Von Ihnen zählt noch keine Stimme" in page.text
    page = client.post(url(found), filled((one, "on")), follow=True)
    assert "Danke! Ihre Stimme ist abgegeben." in page.text
    assert Ballot.objects.get().state == Ballot.State.QUARANTINED


# --- one vote for one idea --------------------------------------------------------------------------------------------


def test_votes_are_given_to_one_idea_and_taken_back_one_by_one(client: Client, citizen: User, three: Any) -> None:
    found, one, two, _three = three(voting=BUDGET, votes=3, votes_per_entry=2)
    page = client.get(url(found, one.idea.number))
    assert "Sie haben noch 3 Stimmen." in page.text
    assert "take_back" not in page.text
    page = client.post(url(found, one.idea.number), {"action": "give"}, follow=True)
    assert "Sie haben noch 2 Stimmen." in page.text
    assert Ballot.objects.get().receipt in page.text
    page = client.post(url(found, one.idea.number), {"action": "give"}, follow=True)
    assert 'value="give"' not in page.text, "two is the most for one idea"
    page = client.post(url(found, one.idea.number), {"action": "give"}, follow=True)
    assert "Für eine Idee können Sie höchstens 2 Stimmen abgeben." in page.text
    client.post(url(found, two.idea.number), {"action": "give"})
    page = client.post(url(found, two.idea.number), {"action": "give"}, follow=True)
    assert "Sie haben 3 Stimmen, mehr lassen sich nicht vergeben." in page.text
    assert ballots() == [("cast", [(one.idea.number, 2), (two.idea.number, 1)])]
    for _each in range(2):
        client.post(url(found, one.idea.number), {"action": "take_back"})
    assert ballots() == [("cast", [(two.idea.number, 1)])]
    client.post(url(found, two.idea.number), {"action": "take_back"})
    assert ballots() == [("withdrawn", [])], "nothing is left on it"
    assert Ballot.objects.get().spent == 0


def test_support_is_given_to_an_idea_once_and_taken_back(client: Client, citizen: User, three: Any) -> None:
    found, one, *_others = three(voting=SUPPORT)
    for _each in range(2):
        page = client.post(url(found, one.idea.number), {"action": "give"}, follow=True)
        assert "Ihre Stimme ist abgegeben" in page.text
    assert Choice.objects.get().points == 1
    page = client.post(url(found, one.idea.number), {"action": "take_back"}, follow=True)
    assert "Ihre Stimme ist zurückgenommen." in page.text
    assert not Choice.objects.exists()


def test_taking_back_what_was_never_given_makes_no_ballot(client: Client, citizen: User, three: Any) -> None:
    found, one, *_others = three(voting=SUPPORT)
    page = client.post(url(found, one.idea.number), {"action": "take_back"}, follow=True)
    assert "Sie haben noch nicht abgestimmt." in page.text
    assert not Ballot.objects.exists()


def test_in_a_ranking_the_way_leads_to_the_whole_ballot(client: Client, citizen: User, three: Any) -> None:
    found, one, *_others = three(voting=RANKING)
    for answer in (client.get(url(found, one.idea.number)), client.post(url(found, one.idea.number), {"action": "give"})):
        assert (answer.status_code, answer["Location"]) == (302, url(found))
    assert not Ballot.objects.exists()


def test_an_idea_of_another_competition_has_no_page_for_votes(client: Client, citizen: User, three: Any) -> None:
    found, *_entries = three()
    other, out = entry(competition()), entry(found, state=Entry.State.OUT)
    for each in (other, out):
        assert client.get(url(found, each.idea.number)).status_code == 404
        assert client.post(url(found, each.idea.number), {"action": "give"}).status_code == 404
    assert client.get(url(found, 999_999_999)).status_code == 404


def test_a_vote_for_one_idea_after_the_end_did_not_count(client: Client, citizen: User, three: Any) -> None:
    found, one, *_others = three(voting=SUPPORT)
    plan(found, Phase.JURY)
    page = client.post(url(found, one.idea.number), {"action": "give"})
    assert "zu Ende gegangen" in page.text
    assert not Ballot.objects.exists()


# --- cost -------------------------------------------------------------------------------------------------------------

# Session, user and groups, language roots, settings and menus, competition, phases, clock, contact, ballot, choices, entries.
QUERIES = 14


@pytest.mark.parametrize("number", [3, 30])
@pytest.mark.parametrize("voting", [SUPPORT, BUDGET, RANKING])
def test_the_ballot_costs_the_same_with_three_ideas_and_with_thirty(
    client: Client, citizen: User, django_assert_num_queries: Any, number: int, voting: str
) -> None:
    found = competition(voting=voting, votes=30, votes_per_entry=1)
    entries = [entry(found) for _each in range(number)]
    marks = [(each, str(place) if voting == RANKING else "1") for place, each in enumerate(entries, start=1)]
    assert client.post(url(found), filled(*marks)).status_code == 302
    client.get(url(found))  # takes the message, fills what the process keeps
    with django_assert_num_queries(QUERIES):
        assert client.get(url(found)).text.count('class="ballot-title"') == number
