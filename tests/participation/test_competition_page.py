"""The page of a competition: what it says and asks for in each phase, its entries, and what it never tells."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from common import outbox
from ideas import actions as idea_actions
from ideas.workflow import Status
from participation.actions import ballots
from participation.competition_page import context_of
from participation.models import Competition, CompetitionStep, Entry
from participation.order import shuffled
from participation.phases import Phase
from tests.factories import LoesungFactory, PlaceFactory, UserFactory, make_idea
from tests.factories.participation import account_voter, competition, entry, guest, place, plan, publish

from .looks import english_of, look, numbers, text_of, ways

pytestmark = pytest.mark.django_db
ALL = tuple(Phase)


def context(found: Competition, now: datetime, path: str = "/") -> dict[str, Any]:
    """What the page shows at this moment."""
    return context_of(found.page, RequestFactory().get(path), now)


# --- what it asks for -------------------------------------------------------------------------------------------------

HAND_IN = ("Idee einreichen", "/wettbewerbe/orte/einreichen/")
PROPOSE = ("Idee aus dem Ideenspeicher vorschlagen", "/wettbewerbe/orte/vorschlagen/")
VOTE = ("Abstimmen", "/wettbewerbe/orte/abstimmen/")


@pytest.mark.parametrize(
    ("phase", "label", "asked"),
    [
        (None, "In Vorbereitung", []),
        (Phase.ANNOUNCED, "Angekündigt", []),
        (Phase.SUBMISSION, "Ideen gesucht", [HAND_IN, PROPOSE]),
        (Phase.REVIEW, "Beiträge werden geprüft", []),
        (Phase.VOTING, "Abstimmung läuft", [VOTE]),
        (Phase.JURY, "Jury bewertet", []),
        (Phase.RESULT, "Wird ausgezählt", []),
    ],
)
def test_each_phase_has_its_word_and_asks_for_what_can_be_done_in_it(
    client: Client, phase: Phase | None, label: str, asked: list[tuple[str, str]]
) -> None:
    found = competition(phase, phases=ALL, slug="orte")
    shown = entry(found)
    page = look(client, found)
    assert (str(page.context["standing"].label), ways(page)) == (label, asked)
    assert numbers(page) == [shown.idea.number]
    html = page.content.decode()
    for name, url in asked:
        assert f'href="{url}"' in html, name
    others = {url for _name, url in (HAND_IN, PROPOSE, VOTE)} - {url for _name, url in asked}
    assert not [url for url in others if f'href="{url}"' in html]


def test_a_vote_that_was_closed_early_is_asked_for_no_longer(client: Client) -> None:
    found = competition(Phase.VOTING, closed_at=timezone.now())
    entry(found)
    page = look(client, found)
    assert ways(page) == []
    assert "/abstimmen/" not in page.content.decode()


def test_a_competition_without_a_vote_never_asks_for_one(client: Client) -> None:
    found = competition(Phase.VOTING, voting=Competition.Voting.NONE)
    entry(found)
    page = look(client, found)
    assert ways(page) == []
    assert "In diesem Wettbewerb wird nicht abgestimmt." in text_of(page)


def test_the_page_says_how_long_the_phase_lasts() -> None:
    now = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
    found = competition(Phase.SUBMISSION, now=now)
    assert context(found, now)["standing"].time_left == "Noch 5 Tage"
    last_day = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
    assert context(found, last_day)["standing"].time_left == "Endet heute um 10:00 Uhr"
    assert context(found, datetime(2026, 12, 1, 9, 0, tzinfo=UTC))["standing"].label == "Beiträge werden geprüft"


def test_a_competition_between_two_phases_says_what_comes_next() -> None:
    now = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
    found = competition(Phase.SUBMISSION, now=now, phases=(Phase.SUBMISSION, Phase.RESULT))
    found.phases.filter(phase=Phase.RESULT).update(starts_at=datetime(2026, 12, 10, 11, 0, tzinfo=UTC))
    page = Competition.objects.get(pk=found.pk).page
    standing = context_of(page, RequestFactory().get("/"), datetime(2026, 12, 5, tzinfo=UTC))["standing"]
    assert (str(standing.label), standing.sentence) == (
        "Geht bald weiter",
        "Als Nächstes: Ergebnis ab 10. Dezember 2026, 12:00 Uhr.",
    )


# --- what it never tells ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", [Phase.VOTING, Phase.JURY, Phase.RESULT])
@pytest.mark.parametrize("staff", [False, True])
def test_before_it_is_published_nobody_sees_a_result_staff_included(client: Client, phase: Phase, staff: bool) -> None:
    found = competition(Phase.VOTING, voting=Competition.Voting.SUPPORT)
    entries = [entry(found) for _ in range(3)]
    # The frame and the shuffle are those of one hour in both looks.
    if staff:
        client.force_login(UserFactory(lead=True))
    plan(found, phase)
    before = text_of(look(client, found))
    plan(found, Phase.VOTING)
    for _ in range(7):
        ballots.cast(found, guest(), points={entries[0].pk: 1})
    ballots.cast(found, account_voter(UserFactory()), points={entries[1].pk: 1})
    plan(found, phase)
    assert text_of(look(client, found)) == before


def test_a_count_that_is_not_published_shows_on_no_page(client: Client) -> None:
    found = competition(Phase.RESULT)
    shown = entry(found)
    publish(found, {"ballots": {}, "jury": None, "entries": [place(shown, 1, 7)], "method": {}}, published=False)
    page = look(client, found)
    assert page.context["outcome"] is None
    assert "1. Platz" not in text_of(page)


def test_the_page_holds_no_form_to_send_and_sets_no_cookie(client: Client) -> None:
    for phase in Phase:
        found = competition(phase, phases=ALL)
        entry(found)
        page = look(client, found)
        assert 'method="post"' not in page.content.decode().lower()
        assert not page.cookies
        assert page["Cache-Control"].startswith("public")


# --- entries ----------------------------------------------------------------------------------------------------------


def test_while_people_vote_entries_are_shuffled_each_hour_and_the_same_for_everybody() -> None:
    now = datetime(2026, 11, 26, 14, 5, tzinfo=UTC)
    found = competition(Phase.VOTING, now=now)
    entries = [entry(found) for _ in range(8)]

    def order(at: datetime) -> list[int]:
        return [each.pk for each in context(found, at)["entries"]]

    def worked_out_by_hand(hour: str) -> list[int]:
        return sorted((each.pk for each in entries), key=lambda pk: sha256(f"{hour}|{found.pk}|{pk}".encode()).hexdigest())

    assert order(now) == worked_out_by_hand("2026-11-26T14:00:00+00:00")
    assert order(now + timedelta(minutes=54)) == order(now)
    next_hours = [order(now + timedelta(hours=number)) for number in range(1, 5)]
    assert next_hours[0] == worked_out_by_hand("2026-11-26T15:00:00+00:00")
    assert len({tuple(each) for each in [order(now), *next_hours]}) > 1


def test_in_other_phases_the_newest_is_first_and_readers_may_order_by_number(client: Client) -> None:
    found = competition(Phase.SUBMISSION)
    one, two = entry(found).idea.number, entry(found).idea.number
    assert numbers(look(client, found)) == [two, one]
    assert numbers(look(client, found, "?sort=nummer")) == [one, two]


def test_shuffled_keeps_every_entry_once() -> None:
    found = competition(Phase.VOTING)
    entries = [entry(found) for _ in range(5)]
    assert sorted(each.pk for each in shuffled(entries, found, timezone.now())) == [each.pk for each in entries]


def test_entries_are_narrowed_by_words_place_and_branch_of_the_agenda(client: Client) -> None:
    found = competition(Phase.VOTING)
    loesung, andernach = LoesungFactory(slug="bus"), PlaceFactory(name="Andernach", slug="andernach")
    trees = entry(found, idea=make_idea(released=True, title="Bäume am Rathaus", places=(andernach,)))
    bus = entry(found, idea=make_idea(released=True, title="Bus am Abend", loesung=loesung))
    outbox.drain()
    assert numbers(look(client, found, "?q=Bäume")) == [trees.idea.number]
    assert numbers(look(client, found, "?ort=andernach")) == [trees.idea.number]
    assert numbers(look(client, found, "?loesung=bus")) == [bus.idea.number]
    nothing = look(client, found, "?q=Raumschiff")
    assert numbers(nothing) == []
    assert "Dazu haben wir keinen Beitrag gefunden" in text_of(nothing)


@pytest.mark.parametrize(
    "query", ["?q=%00", "?ort=gibtsnicht", "?seite=-1", "?seite=abc", "?sort=platz", "?q=" + "wort " * 500]
)
def test_nonsense_in_the_address_is_answered_with_the_page(client: Client, query: str) -> None:
    found = competition(Phase.VOTING)
    entry(found)
    look(client, found, query)


def test_more_than_twenty_entries_go_on_over_several_pages(client: Client) -> None:
    found = competition(Phase.VOTING)
    known = {entry(found).idea.number for _ in range(23)}
    first, second = look(client, found), look(client, found, "?seite=2")
    assert (len(numbers(first)), len(numbers(second))) == (20, 3)
    assert {*numbers(first), *numbers(second)} == known


def test_an_idea_that_nobody_has_released_is_not_shown(client: Client) -> None:
    found = competition(Phase.SUBMISSION)
    entry(found, idea=make_idea(title="Noch nicht gelesen"))
    page = look(client, found)
    assert numbers(page) == []
    assert "Noch nicht gelesen" not in text_of(page)
    assert "Noch keine Beiträge" in text_of(page)


def test_what_is_not_or_no_longer_in_stands_below_with_its_public_reason(client: Client) -> None:
    found = competition(Phase.REVIEW)
    entry(found, state=Entry.State.OUT, idea=make_idea(released=True, title="Ein Flughafen"))
    entry(found, state=Entry.State.DECLINED, idea=make_idea(released=True, title="Ein Hafen"))
    withdrawn = make_idea(released=True, title="Ein Kanal")
    entry(found, idea=withdrawn)
    idea_actions.withdraw(withdrawn)
    entry(found, state=Entry.State.PROPOSED, idea=make_idea(released=True, title="Wird noch entschieden"))
    entry(found, state=Entry.State.DECLINED, idea=make_idea(title="Nie gelesen"))
    words = text_of(look(client, found))
    assert "Ein Flughafen herausgenommen: Passt nicht zum Thema." in words
    assert "Ein Hafen nicht aufgenommen: Passt nicht zum Thema." in words
    assert "Ein Kanal Zurückgezogen von der Person, die sie eingereicht hat." in words
    assert "Wird noch entschieden" not in words
    assert "Nie gelesen" not in words


@pytest.mark.parametrize(
    ("voting", "address"),
    [("support", "abstimmen/{number}/"), ("budget", "abstimmen/{number}/"), ("ranking", "abstimmen/")],
)
def test_while_people_vote_each_entry_leads_to_its_vote(client: Client, voting: str, address: str) -> None:
    found = competition(Phase.VOTING, voting=voting)
    number = entry(found).idea.number
    page = look(client, found)
    assert page.context["entries"][0].vote_url == f"/wettbewerbe/{found.slug}/{address.format(number=number)}"
    assert f"/ideen/{number}/" in page.content.decode()


def test_the_steps_of_the_office_are_on_the_page(client: Client) -> None:
    found = competition(Phase.VOTING)
    CompetitionStep.objects.create(competition=found, kind=CompetitionStep.Kind.CLOSED, note="Der Server stand still.")
    assert "Der Server stand still." in text_of(look(client, found))


# --- texts and languages ----------------------------------------------------------------------------------------------


def test_rules_and_prizes_are_shown_as_they_were_written(client: Client) -> None:
    found = competition(Phase.SUBMISSION, page={"rules": "<p>Alle können mitmachen.</p>", "prizes": "<p>Drei Bäume.</p>"})
    words = text_of(look(client, found))
    assert "Regeln Alle können mitmachen." in words
    assert "Preise Drei Bäume." in words


def test_the_english_page_tells_of_the_same_competition(client: Client) -> None:
    found = competition(Phase.VOTING, title="Kühle Orte", slug="orte")
    number = entry(found).idea.number
    english_of(found, title="Cool places")
    answer = client.get("/en/wettbewerbe/orte/")
    assert answer.status_code == 200
    assert "Cool places" in text_of(answer)
    assert (numbers(answer), [url for _label, url in ways(answer)]) == ([number], ["/en/wettbewerbe/orte/abstimmen/"])
    assert Competition.objects.count() == 1


def test_a_page_that_is_not_published_is_for_nobody_outside(client: Client) -> None:
    found = competition(Phase.VOTING)
    found.page.unpublish()
    assert client.get(f"/wettbewerbe/{found.slug}/").status_code == 410


# --- the result on the page -------------------------------------------------------------------------------------------


def test_once_published_the_page_names_the_first_places_and_lists_entries_by_place(client: Client) -> None:
    found = competition(Phase.RESULT, slug="orte")
    one, two, three = (entry(found, idea=make_idea(released=True, title=title)) for title in ("Bank", "Baum", "Bus"))
    rows = [place(three, 1, 9), place(one, 2, 4, tied=True), place(two, 2, 4, tied=True)]
    publish(found, {"ballots": {}, "jury": None, "entries": rows, "method": {}})
    page = look(client, found)
    words = text_of(page)
    assert "1. Platz Bus" in words
    assert "2. Platz, geteilt Bank" in words
    assert "2. Platz, geteilt Baum" in words
    assert numbers(page) == [three.idea.number, one.idea.number, two.idea.number]
    assert ways(page) == [("Ergebnis ansehen", "/wettbewerbe/orte/ergebnis/")]


# --- what it costs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("phase", "most"), [(Phase.SUBMISSION, 20), (Phase.VOTING, 20), (Phase.RESULT, 21)])
def test_the_page_costs_the_same_with_few_and_with_many_entries(
    client: Client, phase: Phase, most: int, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    found = competition(phase)
    loesung = LoesungFactory()

    def fill(count: int) -> None:
        for _ in range(count):
            entry(found, idea=make_idea(Status.KEPT, loesung=loesung, places=(PlaceFactory(),)))
        entry(found, state=Entry.State.OUT)

    fill(3)
    if phase is Phase.RESULT:
        publish(found)
    look(client, found)
    with django_assert_max_num_queries(most) as few:
        look(client, found)
    fill(27)
    with django_assert_num_queries(len(few)):
        look(client, found)
