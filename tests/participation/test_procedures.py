"""All procedures at a glance: what runs, what comes, what came of the past ones, and the calendar of it."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from icalendar import Calendar
from wagtail.models import Locale

from ideas.models import Idea
from ideas.workflow import Status
from participation import procedure_calendar
from participation.models import Competition, CompetitionPhase, CompetitionStep, Tally
from participation.phases import Phase
from participation.procedures import PROVIDERS, Stand, all_procedures
from tests.factories import UserFactory
from tests.factories.ideas import make_idea
from tests.factories.pages import EventFactory, home_page
from tests.factories.participation import competition, index_page

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
PAGE = "/beteiligung/"


@pytest.fixture(autouse=True)
def _site() -> None:
    home_page()


def in_days(days: float) -> datetime:
    return timezone.now() + timedelta(days=days)


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=BERLIN)  # type: ignore[misc, arg-type]


def planned(title: str, **spans: tuple[datetime, datetime | None]) -> Competition:
    """A published competition with exactly these phases."""
    found = competition(None, title=title)
    for name, (start, end) in spans.items():
        CompetitionPhase.objects.create(competition=found, phase=Phase(name), starts_at=start, ends_at=end)
    return found


def published(found: Competition, *places: tuple[Any, int | None], when: datetime | None = None) -> Tally:
    """A published result: ideas with their places."""
    rows = [{"number": idea.number, "title": "Titel beim Zählen", "place": place} for idea, place in places]
    return Tally.objects.create(
        competition=found, file="", head="0" * 64, result={"entries": rows}, published_at=when or in_days(-1)
    )


def titles(client: Client, query: str = "", path: str = PAGE) -> dict[str, list[str]]:
    """What stands in which part of the page, in this order."""
    answer = client.get(f"{path}{query}")
    assert answer.status_code == 200
    return {part["stand"].value: [each.title for each in part["procedures"]] for part in answer.context["parts"]}


def stand_at(found: Competition, now: datetime) -> Stand:
    [known] = [
        stand
        for stand, part in all_procedures(UserFactory(), now).items()
        for each in part
        if each.url == found.get_absolute_url()
    ]
    return known


def text_of(client: Client, query: str = "") -> str:
    html = client.get(f"{PAGE}{query}").content.decode()
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.split("<main")[1].split("</main>")[0])).split())


# --- what stands where ------------------------------------------------------------------------------------------------


def test_everything_stands_in_its_part_what_ends_first_comes_first(client: Client) -> None:
    competition(Phase.SUBMISSION, title="Läuft noch lange", now=in_days(3))
    competition(Phase.VOTING, title="Läuft nur noch kurz", now=in_days(-1))
    planned("Kommt später", submission=(in_days(20), in_days(30)))
    planned("Noch ohne Termin")
    competition(Phase.RESULT, title="Vor kurzem", now=in_days(-1))
    EventFactory(in_days(9), title="Werkstatt bald")
    EventFactory(in_days(-0.01), ends_at=in_days(0.1), title="Werkstatt gerade")
    EventFactory(in_days(-90), title="Werkstatt damals")
    assert titles(client) == {
        "laeuft": ["Werkstatt gerade", "Läuft nur noch kurz", "Läuft noch lange", "Ideenspeicher"],
        "kommt": ["Werkstatt bald", "Kommt später", "Noch ohne Termin"],
        "war": ["Vor kurzem", "Werkstatt damals"],
    }


def test_a_competition_runs_from_the_first_moment_of_its_first_phase_until_the_last_one_before_its_result() -> None:
    # The announcement is only that: nobody can take part yet.
    begin, end = at(2027, 3, 1, 8), at(2027, 4, 1, 18)
    found = planned(
        "Grenzen", announced=(begin - 5 * DAY, begin), submission=(begin, end - 9 * DAY), voting=(end - 3 * DAY, end)
    )
    assert stand_at(found, begin - 6 * DAY) is Stand.COMING
    assert stand_at(found, begin - SECOND) is Stand.COMING
    assert stand_at(found, begin) is Stand.RUNNING
    assert stand_at(found, end - 5 * DAY) is Stand.RUNNING  # between two phases
    assert stand_at(found, end - SECOND) is Stand.RUNNING
    assert stand_at(found, end) is Stand.PAST


def test_a_competition_is_over_when_its_result_begins_or_is_published_whichever_is_first() -> None:
    begin = at(2027, 3, 1, 8)
    found = planned("Ergebnis", voting=(begin, begin + 9 * DAY), result=(begin + 20 * DAY, None))
    assert stand_at(found, begin + 20 * DAY - SECOND) is Stand.RUNNING
    assert stand_at(found, begin + 20 * DAY) is Stand.PAST
    published(found, when=begin + 15 * DAY)
    assert stand_at(found, begin + 16 * DAY) is Stand.PAST


def test_each_competition_says_what_is_possible_until_when_in_the_time_of_the_region(client: Client) -> None:
    now = timezone.now()
    found = planned("Jetzt", voting=(now - DAY, at(2027, 3, 28, 18)))
    assert "Abstimmung bis 28. März 2027, 18:00 Uhr" in text_of(client)  # the day on which the clock is put forward
    CompetitionPhase.objects.filter(competition=found).update(starts_at=at(2028, 1, 31, 8), ends_at=at(2028, 2, 29, 18))
    assert "Abstimmung ab 31. Januar 2028, 08:00 Uhr" in text_of(client)
    CompetitionPhase.objects.all().delete()
    assert "Die Termine stehen noch nicht fest." in text_of(client)


def test_between_two_phases_the_next_one_is_named(client: Client) -> None:
    planned("Pause", submission=(in_days(-9), in_days(-2)), voting=(at(2028, 7, 1, 8), at(2028, 7, 9, 18)))
    assert titles(client)["laeuft"] == ["Pause", "Ideenspeicher"]
    assert "Abstimmung ab 1. Juli 2028, 08:00 Uhr" in text_of(client)


def test_drafts_are_named_to_nobody_but_the_lead_and_never_in_the_calendar(client: Client) -> None:
    found = competition(Phase.VOTING, title="Entwurf")
    found.page.unpublish()
    EventFactory(in_days(3), title="Termin im Entwurf", live=False)
    assert titles(client) == {"laeuft": ["Ideenspeicher"]}
    assert entries(client) == {}
    lead = Client()
    lead.force_login(UserFactory(lead=True), backend="django.contrib.auth.backends.ModelBackend")
    assert titles(lead)["laeuft"] == ["Entwurf", "Ideenspeicher"]
    assert entries(lead) == {}


# --- what came of it --------------------------------------------------------------------------------------------------


def test_a_past_competition_names_who_won_and_leads_to_the_result(client: Client) -> None:
    won, tied, second = make_idea(Status.KEPT), make_idea(Status.KEPT), make_idea(Status.KEPT)
    found = competition(Phase.RESULT, title="Gezählt")
    published(found, (won, 1), (tied, 1), (second, 3), when=at(2026, 10, 25, 12))
    [procedure] = [each for each in client.get(PAGE).context["parts"][-1]["procedures"] if each.title == "Gezählt"]
    assert procedure.when == "Ergebnis vom 25. Oktober 2026"
    assert [(outcome.text, outcome.link, outcome.url) for outcome in procedure.outcomes] == [
        ("Platz 1:", won.title, f"/ideen/{won.number}/"),
        ("Platz 1:", tied.title, f"/ideen/{tied.number}/"),
        ("", "Zum Ergebnis", f"/wettbewerbe/{found.slug}/ergebnis/"),
    ]


def test_a_winner_whose_text_was_withdrawn_is_named_by_its_number_alone(client: Client) -> None:
    idea = make_idea(Status.SUBMITTED)  # not public
    published(competition(Phase.RESULT), (idea, 1))
    page = text_of(client)
    assert f"Platz 1: Idee {idea.number}" in page
    assert "Titel beim Zählen" not in page


def test_a_result_that_is_not_published_is_not_named(client: Client) -> None:
    idea, other = make_idea(Status.KEPT), competition(Phase.RESULT, title="Noch nicht")
    Tally.objects.create(competition=other, file="", head="1" * 64, result={"entries": [{"number": idea.number, "place": 1}]})
    [procedure] = [each for each in client.get(PAGE).context["parts"][-1]["procedures"] if each.title == "Noch nicht"]
    assert (procedure.when, procedure.outcomes) == ("Das Ergebnis folgt.", [])


def test_a_past_event_says_how_many_public_ideas_came_from_it(client: Client) -> None:
    event = EventFactory(in_days(-9), title="Werkstatt", slug="werkstatt")
    for status in (Status.KEPT, Status.IN_REVIEW, Status.SUBMITTED):
        Idea.objects.filter(pk=make_idea(status).pk).update(event=event)
    assert "2 Ideen sind hier entstanden" in text_of(client)


def test_the_idea_store_says_how_many_ideas_it_has_and_each_number_leads_to_its_list(client: Client) -> None:
    for status in (Status.KEPT, Status.KEPT, Status.IN_REVIEW):
        make_idea(status)
    [part] = client.get(f"{PAGE}?art=ideen").context["parts"]
    [store] = part["procedures"]
    assert store.when == "Immer offen"
    assert [(outcome.text, outcome.link) for outcome in store.outcomes] == [("Eingereicht:", "3"), ("Als Idee behalten:", "2")]
    for outcome in store.outcomes:
        assert client.get(outcome.url).context["total"] == int(outcome.link)


# --- filters and pages ------------------------------------------------------------------------------------------------


def test_kind_and_stand_narrow_the_list_and_keep_each_other(client: Client) -> None:
    competition(Phase.VOTING, title="Wettbewerb jetzt")
    EventFactory(in_days(3), title="Termin bald")
    EventFactory(in_days(-3), title="Termin damals")
    assert titles(client, "?art=termin") == {"kommt": ["Termin bald"], "war": ["Termin damals"]}
    assert titles(client, "?art=termin&stand=war") == {"war": ["Termin damals"]}
    assert titles(client, "?stand=laeuft") == {"laeuft": ["Wettbewerb jetzt", "Ideenspeicher"]}
    context = client.get(f"{PAGE}?art=termin&stand=war").context
    assert [choice["url"] for choice in context["kinds"]] == [
        "/beteiligung/?stand=war",
        *(f"/beteiligung/?stand=war&art={provider.slug}" for provider in PROVIDERS),
    ]
    assert [choice["label"] for choice in context["stands"] if choice["current"]] == ["Abgeschlossen"]


@pytest.mark.parametrize("query", ["?art=quatsch", "?stand=%27", "?seite=999999", "?seite=x&art=&stand="])
def test_nothing_that_somebody_types_into_the_address_is_an_error(client: Client, query: str) -> None:
    assert "laeuft" in titles(client, query)


def test_where_nothing_fits_the_page_says_so_and_leads_on(client: Client) -> None:
    assert titles(client, "?art=wettbewerb&stand=kommt") == {}
    page = text_of(client, "?art=wettbewerb&stand=kommt")
    assert "Hier gibt es gerade nichts" in page
    assert "Alles zeigen" in page


def test_what_is_over_goes_on_over_several_pages_and_the_rest_stands_on_the_first(client: Client) -> None:
    for number in range(1, 23):
        EventFactory(in_days(-number), title=f"Vor {number} Tagen")
    first, second = titles(client), titles(client, "?seite=2")
    assert first["laeuft"] == ["Ideenspeicher"]
    assert first["war"] == [f"Vor {number} Tagen" for number in range(1, 21)]
    assert second == {"war": ["Vor 21 Tagen", "Vor 22 Tagen"]}


def queries_of(client: Client) -> int:
    client.get(PAGE)
    with CaptureQueriesContext(connection) as caught:
        client.get(PAGE)
    return len(caught)


def test_forty_procedures_cost_as_many_queries_as_two(client: Client) -> None:
    idea = make_idea(Status.KEPT)

    def more(number: int) -> None:
        for _each in range(number):
            published(competition(Phase.RESULT), (idea, 1))
            competition(Phase.VOTING)
            event = EventFactory(in_days(-5))
            EventFactory(in_days(5))
            Idea.objects.filter(pk=make_idea(Status.KEPT).pk).update(event=event)

    more(1)
    few = queries_of(client)
    more(9)
    assert queries_of(client) == few <= 14


def test_the_page_is_the_same_for_every_reader_and_can_be_kept(client: Client) -> None:
    competition(Phase.VOTING)
    answer = client.get(PAGE)
    assert not answer.cookies
    assert "ETag" in answer
    assert 'method="post"' not in answer.content.decode().lower()
    assert client.get(PAGE, headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_the_page_stands_in_the_sitemap_and_in_the_menu(client: Client) -> None:
    assert "/beteiligung/</loc>" in client.get("/sitemap-beteiligung.xml").content.decode()
    assert '<a href="/beteiligung/" aria-current="page">Beteiligung</a>' in client.get(PAGE).content.decode()


def test_a_competition_is_named_in_the_readers_language_where_it_has_words_in_it(client: Client) -> None:
    found = competition(Phase.VOTING, title="Unterwegs")
    competition(Phase.VOTING, title="Nur auf Deutsch")
    english = Locale.objects.get_or_create(language_code="en")[0]
    with translation.override("de"):
        index_page().get_parent().specific.copy_for_translation(english)
        index_page().copy_for_translation(english)
        copy = found.page.copy_for_translation(english)
    copy.title = "On the road"
    copy.save_revision().publish()
    assert set(titles(client, path="/en/beteiligung/")["laeuft"]) >= {"On the road", "Nur auf Deutsch"}
    assert "Unterwegs" not in titles(client, path="/en/beteiligung/")["laeuft"]


# --- the calendar -----------------------------------------------------------------------------------------------------


def entries(client: Client, address: str = "/beteiligung/kalender.ics") -> dict[str, Any]:
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert not answer.cookies
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n")), "lines are folded"
    return {str(entry["SUMMARY"]): entry for entry in Calendar.from_ical(answer.content).walk("VEVENT")}


@pytest.mark.parametrize(
    ("start", "end", "utc"),
    [
        # The clock is put back on 25 October 2026 and forward on 28 March 2027.
        (at(2026, 10, 24, 8), at(2026, 10, 26, 18), ("20261024T060000Z", "20261026T170000Z")),
        (at(2027, 3, 27, 8), at(2027, 3, 28, 18), ("20270327T070000Z", "20270328T160000Z")),
        (at(2028, 2, 29, 0), at(2028, 3, 1, 0), ("20280228T230000Z", "20280229T230000Z")),
    ],
)
def test_a_phase_begins_and_ends_at_the_right_hour_in_summer_and_winter(
    client: Client, start: datetime, end: datetime, utc: tuple[str, str]
) -> None:
    planned("Hell und dunkel", voting=(start, end))
    content = procedure_calendar.file(start - DAY).content.decode()
    assert f"DTSTART:{utc[0]}" in content
    assert f"DTEND:{utc[1]}" in content


def test_the_calendar_holds_events_and_every_phase_that_is_not_over(client: Client) -> None:
    found = competition(Phase.VOTING, title="Unterwegs")
    EventFactory(in_days(4), title="Werkstatt")
    EventFactory(in_days(-4), title="Vorbei")
    known = entries(client)
    assert list(known) == ["Werkstatt", "Abstimmung: Unterwegs", "Jury: Unterwegs", "Ergebnis: Unterwegs"]
    voting = found.span(Phase.VOTING)
    assert voting
    assert (known["Abstimmung: Unterwegs"]["DTSTART"].dt, known["Abstimmung: Unterwegs"]["DTEND"].dt) == (
        voting.starts_at.replace(microsecond=0), voting.ends_at.replace(microsecond=0),  # type: ignore[union-attr]
    )  # fmt: skip
    assert str(known["Abstimmung: Unterwegs"]["URL"]) == f"http://testserver{found.get_absolute_url()}"
    assert str(known["Abstimmung: Unterwegs"]["TRANSP"]) == "TRANSPARENT"


def test_the_result_is_a_day_in_the_region_and_is_left_out_once_it_has_passed() -> None:
    # Half past midnight in Berlin is still the day before in UTC.
    start = at(2027, 7, 2, 0, 30)
    planned("Tag", result=(start, None))

    def result_at(now: datetime) -> list[Any]:
        return Calendar.from_ical(procedure_calendar.file(now).content).walk("VEVENT")

    [entry] = result_at(start - 40 * DAY)
    assert entry["DTSTART"].dt == date(2027, 7, 2)
    assert len(result_at(at(2027, 7, 2, 23, 59))) == 1
    assert result_at(at(2027, 7, 3, 0)) == []


def test_a_phase_that_is_extended_stays_the_same_entry_with_a_later_end_and_a_newer_stamp(client: Client) -> None:
    found = competition(Phase.VOTING, title="Unterwegs")
    before = entries(client)["Abstimmung: Unterwegs"]
    CompetitionPhase.objects.filter(competition=found, phase=Phase.VOTING).update(ends_at=in_days(9))
    CompetitionStep.objects.create(
        competition=found, kind=CompetitionStep.Kind.EXTENDED, note="Wegen der Ferien.", happened_at=datetime.now(UTC) + DAY
    )
    after = entries(client)["Abstimmung: Unterwegs"]
    assert after["UID"] == before["UID"]
    assert after["DTEND"].dt > before["DTEND"].dt
    assert after["DTSTAMP"].dt > before["DTSTAMP"].dt


def test_every_entry_of_the_calendar_has_a_key_of_its_own(client: Client) -> None:
    competition(Phase.SUBMISSION), competition(Phase.VOTING), EventFactory(in_days(3))
    keys = [str(entry["UID"]) for entry in Calendar.from_ical(client.get("/beteiligung/kalender.ics").content).walk("VEVENT")]
    assert len(keys) == len(set(keys)) == 1 + 5 + 3
