"""Events: what comes and what was, in words, in calendars, and with the ideas that came from them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation
from icalendar import Calendar

from common import outbox
from ideas import actions
from ideas.models import Idea
from ideas.workflow import Action, Status
from pages.models import EventIndexPage, EventPage
from tests.factories import EventFactory, UserFactory, home_page, make_idea

pytestmark = pytest.mark.django_db
BERLIN = timezone.get_default_timezone()


def at(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=BERLIN)  # type: ignore[arg-type, misc]


def in_days(days: float) -> datetime:
    return timezone.now() + timedelta(days=days)


def titles(events: list[EventPage]) -> list[str]:
    return [event.title for event in events]


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (at(2026, 12, 1, 18), at(2026, 12, 1, 20, 30), "Dienstag, 1. Dezember 2026, 18:00 bis 20:30 Uhr"),
        (at(2026, 12, 1, 18), None, "Dienstag, 1. Dezember 2026, 18:00 Uhr"),
        (
            at(2027, 3, 27, 10),
            at(2027, 3, 28, 16),
            "Samstag, 27. März 2027, 10:00 Uhr, bis Sonntag, 28. März 2027, 16:00 Uhr",
        ),
        (datetime(2026, 12, 1, 23, 30, tzinfo=UTC), None, "Mittwoch, 2. Dezember 2026, 00:30 Uhr"),
    ],
)
def test_day_and_time_are_said_in_words_as_the_clock_on_the_wall_shows_them(
    start: datetime, end: datetime | None, words: str
) -> None:
    assert EventPage(starts_at=start, ends_at=end).when == words


@pytest.mark.parametrize(
    ("start", "end", "now", "over"),
    [
        (at(2026, 12, 1, 18), at(2026, 12, 1, 20), at(2026, 12, 1, 19), False),
        (at(2026, 12, 1, 18), at(2026, 12, 1, 20), at(2026, 12, 1, 20, 1), True),
        (at(2026, 12, 1, 18), None, at(2026, 12, 1, 23, 59), False),
        (at(2026, 12, 1, 18), None, at(2026, 12, 2, 0, 0), True),
    ],
)
def test_an_event_is_over_after_its_end_and_without_one_after_its_day(
    start: datetime, end: datetime | None, now: datetime, over: bool
) -> None:
    event = EventFactory(start, ends_at=end)
    assert event.is_over(now) is over
    assert EventPage.objects.past(now).exists() is over
    assert EventPage.objects.upcoming(now).exists() is not over


def test_how_far_away_an_event_is_stands_in_words() -> None:
    assert EventPage(starts_at=in_days(-1), ends_at=in_days(-0.5)).stands == "Vorbei"
    assert EventPage(starts_at=in_days(-1), ends_at=in_days(1)).stands == "Läuft gerade"
    assert EventPage(starts_at=in_days(1)).stands == "Morgen"
    assert EventPage(starts_at=in_days(12)).stands == "In 12 Tagen"


# --- pages ------------------------------------------------------------------------------------------------------------


def test_what_comes_stands_first_and_what_was_below_the_latest_first(client: Client) -> None:
    for days in (30, 2, -3, -40):
        EventFactory(in_days(days), title=f"in {days}")
    page = client.get("/termine/")
    assert titles(page.context["upcoming"]) == ["in 2", "in 30"]
    assert titles(page.context["past"]) == ["in -3", "in -40"]
    EventPage.objects.filter(title="in 2").update(live=False)
    assert titles(client.get("/termine/").context["upcoming"]) == ["in 30"]


def test_without_any_event_the_page_says_so_and_shows_a_way_on(client: Client) -> None:
    home_page().add_child(instance=EventIndexPage(title="Termine", slug="termine"))
    page = client.get("/termine/").content.decode()
    assert "Gerade ist kein Termin geplant" in page
    assert 'href="/ideen/einreichen/"' in page


def test_the_list_of_events_costs_the_same_with_few_and_with_many(
    client: Client, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    EventFactory(in_days(3)), EventFactory(in_days(-3))
    client.get("/termine/")
    with django_assert_max_num_queries(12) as few:
        client.get("/termine/")
    for number in range(30):
        EventFactory(in_days(number + 1)), EventFactory(in_days(-number - 1))
    with django_assert_num_queries(len(few)):
        page = client.get("/termine/")
    assert len(page.context["past"]) == 20
    second = client.get("/termine/?seite=2")
    assert (len(second.context["past"]), second.context["upcoming"]) == (11, [])
    assert client.get("/termine/?seite=unsinn").status_code == 200


def test_an_event_shows_place_access_and_the_public_ideas_that_came_from_it(
    client: Client, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    event = EventFactory(
        in_days(-5), slug="werkstatt", location="Altes Rathaus", address="Marktplatz 1", access="stufenlos",
        online_url="https://konferenz.example.org/x",
    )  # fmt: skip
    public, hidden = make_idea(Status.KEPT, title="Bänke am Fluss"), make_idea(title="Noch nicht gelesen")
    Idea.objects.filter(pk__in=[public.pk, hidden.pk]).update(event=event)
    outbox.drain()
    page = client.get("/termine/werkstatt/").content.decode()
    for words in ("Altes Rathaus", "Marktplatz 1", "stufenlos", "konferenz.example.org", "Bänke am Fluss", "ist vorbei"):
        assert words in page, words
    assert "Noch nicht gelesen" not in page
    with django_assert_max_num_queries(13) as few:
        client.get("/termine/werkstatt/")
    for _ in range(5):
        Idea.objects.filter(pk=make_idea(Status.KEPT).pk).update(event=event)
    outbox.drain()
    with django_assert_num_queries(len(few)):
        client.get("/termine/werkstatt/")


def test_the_home_page_names_the_next_event(client: Client) -> None:
    EventFactory(in_days(-1), title="War schon")
    EventFactory(in_days(9), title="Später")
    EventFactory(in_days(4), title="Als nächstes")
    page = client.get("/")
    assert page.context["next_event"].title == "Als nächstes"
    assert "Als nächstes" in page.content.decode()


def test_an_event_is_found_by_title_and_place(client: Client) -> None:
    EventFactory(in_days(4), title="Werkstatt Ehrenamt", location="Dorfgemeinschaftshaus Kottenheim")
    outbox.drain()
    for query in ("Ehrenamt", "Kottenheim"):
        found = [row.title for group in client.get("/suche/", {"q": query}).context["groups"] for row in group.results]
        assert found == ["Werkstatt Ehrenamt"], query


# --- calendars --------------------------------------------------------------------------------------------------------


def entries(client: Client, address: str) -> list[Any]:
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert not answer.cookies
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n")), "lines are folded"
    return Calendar.from_ical(answer.content).walk("VEVENT")


@pytest.mark.parametrize(
    ("start", "utc"),
    [
        (at(2026, 7, 1, 18), "20260701T160000Z"),  # summer
        (at(2026, 12, 1, 18), "20261201T170000Z"),  # winter
        (at(2027, 3, 28, 1, 30), "20270328T003000Z"),  # half an hour before the clock is put forward
        (at(2027, 3, 28, 3, 30), "20270328T013000Z"),  # half an hour after
    ],
)
def test_a_calendar_shows_the_right_hour_in_summer_and_winter(client: Client, start: datetime, utc: str) -> None:
    event = EventFactory(start, ends_at=start + timedelta(hours=2), slug="werkstatt")
    assert f"DTSTART:{utc}" in client.get("/termine/werkstatt/termin.ics").content.decode()
    [entry] = entries(client, "/termine/werkstatt/termin.ics")
    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (event.starts_at, event.ends_at)


def test_whatever_an_editor_types_arrives_in_the_calendar_as_typed(client: Client) -> None:
    title = "Straße; Platz, Brücke \\ Weg – " + "ü" * 80
    EventFactory(in_days(3), slug="werkstatt", title=title, location="Haus; Hof", intro="Zeile eins\nZeile zwei, BEGIN:VALARM")
    [entry] = entries(client, "/termine/werkstatt/termin.ics")
    assert entry["SUMMARY"] == title
    assert entry["LOCATION"] == "Haus; Hof"
    assert entry["DESCRIPTION"].startswith("Zeile eins\nZeile zwei, BEGIN:VALARM")
    assert str(entry["URL"]).endswith("/termine/werkstatt/")


def test_a_character_that_no_calendar_may_hold_is_left_out(client: Client) -> None:
    EventFactory(
        at(2026, 12, 1, 18), title="Werk\x0bstatt", slug="werkstatt", location="Saal\x02", address="", intro="Kom\x0bmen Sie."
    )
    content = client.get("/termine/werkstatt/termin.ics").content
    assert not {b"\x0b", b"\x02"} & {content[place : place + 1] for place in range(len(content))}
    [entry] = entries(client, "/termine/werkstatt/termin.ics")
    assert (str(entry["SUMMARY"]), str(entry["LOCATION"])) == ("Werkstatt", "Saal")


def test_an_entry_stays_the_same_one_when_title_and_time_change(client: Client) -> None:
    event = EventFactory(in_days(3), slug="werkstatt")
    [before] = entries(client, "/termine/kalender.ics")
    event.title, event.starts_at, event.slug = "Neuer Titel", in_days(8), "neu"
    event.save_revision().publish()
    [after] = entries(client, "/termine/kalender.ics")
    assert (after["UID"], after["SUMMARY"]) == (before["UID"], "Neuer Titel")
    assert client.get("/termine/werkstatt/termin.ics").status_code == 404


def test_the_calendar_of_all_holds_what_comes_and_nothing_that_was_or_is_a_draft(client: Client) -> None:
    EventFactory(in_days(5), title="Später")
    EventFactory(in_days(2), title="Bald")
    EventFactory(in_days(-5), title="Vorbei")
    EventFactory(in_days(2), title="Entwurf", live=False, slug="entwurf")
    assert [str(entry["SUMMARY"]) for entry in entries(client, "/termine/kalender.ics")] == ["Bald", "Später"]
    assert client.get("/termine/entwurf/termin.ics").status_code == 404


def test_every_event_is_there_once_in_the_readers_language_if_there_is_one(client: Client) -> None:
    from wagtail.models import Locale

    event = EventFactory(in_days(3), slug="werkstatt", title="Werkstatt")
    EventFactory(in_days(4), title="Nur auf Deutsch")
    english = Locale.objects.get_or_create(language_code="en")[0]
    with translation.override("de"):
        copy = event.copy_for_translation(english, copy_parents=True)
    copy.title, copy.live = "Workshop", True
    copy.save()
    assert [str(entry["SUMMARY"]) for entry in entries(client, "/termine/kalender.ics")] == ["Werkstatt", "Nur auf Deutsch"]
    assert [str(entry["SUMMARY"]) for entry in entries(client, "/en/termine/kalender.ics")] == ["Workshop", "Nur auf Deutsch"]


# --- ideas from events ------------------------------------------------------------------------------------------------


def test_staff_say_at_the_desk_which_event_an_idea_came_from_and_everybody_reads_it(client: Client) -> None:
    event = EventFactory(in_days(-5), slug="werkstatt", title="Werkstatt Vereine")
    idea, reviewer = make_idea(Status.KEPT), UserFactory(reviewer=True)
    desk = Client()
    desk.force_login(reviewer, backend="django.contrib.auth.backends.ModelBackend")
    assert "Werkstatt Vereine" in desk.get(f"/admin/ideen/{idea.number}/").content.decode()
    sent = {"seen": idea.trail_length, "loesung": "", "tags": "", "event": event.pk, "reason": "Sie haben sie dort genannt."}
    assert desk.post(f"/admin/ideen/{idea.number}/{Action.RECLASSIFY.value}/", sent).status_code == 302
    idea.refresh_from_db()
    assert idea.event == event
    assert idea.trail.last().changes == [{"label": "Termin", "before": "keine Angabe", "after": "Werkstatt Vereine"}]
    page = client.get(f"/ideen/{idea.number}/").content.decode()
    assert '<a href="/termine/werkstatt/">Werkstatt Vereine</a>' in page
    event.unpublish()
    assert "/termine/werkstatt/" not in client.get(f"/ideen/{idea.number}/").content.decode()


def test_an_event_that_nobody_asked_about_stays_with_the_idea() -> None:
    event, lead = EventFactory(in_days(-5)), UserFactory(lead=True)
    idea = make_idea(Status.KEPT)
    why = actions.Decision(reason="Weil sie dort entstanden ist.")
    actions.reclassify(idea, idea.loesung, by=lead, decision=why, events=[event])
    actions.reclassify(idea, idea.loesung, by=lead, decision=why, tags=["Bank"])
    assert Idea.objects.get(pk=idea.pk).event == event
    actions.reclassify(idea, idea.loesung, by=lead, decision=why, events=[])
    assert Idea.objects.get(pk=idea.pk).event is None
    with pytest.raises(actions.Refused):
        actions.reclassify(idea, idea.loesung, by=lead, decision=why, events=[])
