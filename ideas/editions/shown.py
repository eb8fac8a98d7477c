"""A frozen agenda as its pages and its PDF file show it: from data that agenda.py has completed, nothing live."""

from collections import Counter
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from pages import words
from pages.words import words as form

from ..measure_page import Fact
from ..models import Edition
from ..workflow import MEASURE_STATES, Contribution, MeasureStatus, PublicState, public_state
from .freeze import clean_html, loesungen_of, measures_of, vocabulary_of
from .reading import amount, day, money, period, reach_line

Data = dict[str, Any]


def shown(edition: Edition, data: Data, base: str = "") -> dict[str, Any]:
    """All that templates need of the whole edition. `data`: its own as agenda_of gives them. `base` stands before addresses,
    for a file that leaves the site."""
    vocabulary = vocabulary_of(data)
    with words.spoken(vocabulary):
        zielbilder = [zielbild_shown(row, base) for row in data["zielbilder"]]
        figures = figures_of(data)
        ideas = [idea_shown(row, base) for row in data["ideas"]]
    return {
        "edition": edition,
        "data": data,
        "vocabulary": vocabulary,
        "zielbilder": zielbilder,
        "ideas": ideas,
        "figures": figures,
        "foreword": [part for part in edition.foreword.split("\n\n") if part.strip()],
    }


def figures_of(data: Data) -> dict[str, Any]:
    """How much of everything there is, and how many measures stand where. `data`: complete (editions/agenda.py)."""
    counts = Counter(measure["status"] for measure in measures_of(data))
    return {
        "zielbilder": len(data["zielbilder"]),
        "loesungen": len(loesungen_of(data)),
        "measures": sum(counts.values()),
        "ideas": len(data["ideas"]),
        "states": [{"state": MEASURE_STATES[status], "count": counts[status]} for status in MeasureStatus],
    }


def zielbild_shown(row: Data, base: str = "") -> Data:
    loesungen = [loesung_shown(loesung, base) for loesung in row["loesungen"]]
    return {**row, "loesungen": loesungen, "measures": [measure_shown(measure) for measure in row["measures"]]}


def loesung_shown(row: Data, base: str = "") -> Data:
    answers = [{**answer, "html": html_of(answer["html"], base)} for answer in row["answers"]]
    return {
        **row,
        "answers": answers,
        "facts": loesung_facts(row),
        "kpis": [kpi_shown(kpi) for kpi in row["kpis"]],
        "measures": [measure_shown(measure) for measure in row["measures"]],
    }


def html_of(html: str, base: str = "") -> str:
    """An answer's HTML, cleaned whatever the data say; with `base` its links lead out of a file as well."""
    clean = clean_html(html)
    return clean.replace('href="/', f'href="{base}/') if base else clean


def loesung_facts(row: Data) -> list[Fact]:
    sustainable = {True: [_("ja")], False: [_("nein")]}.get(row["is_sustainable"], [])
    facts = [
        Fact(_("Zielgruppen"), row["target_groups"]),
        Fact(_("Reichweite"), _lines(reach_line(row["reach"]))),
        Fact(form["Verwaltung"], row["responsible_units"]),
        Fact(form["Pl_kommunen"], _lines(row["municipalities"])),
        Fact(_("Weitere Partner"), row["partners"]),
        Fact(_("Budget"), _lines(money(row["budget_eur"]))),
        Fact(_("Langfristig tragfähig"), sustainable),
    ]
    return [fact for fact in facts if fact.lines]


def measure_shown(row: Data) -> Data:
    return {
        **row,
        "state": state_of(row),
        "boxes": boxes_of(row),
        "facts": measure_facts(row),
        "ideas": [{**idea, "how": Contribution(idea["contribution"]).label} for idea in row["ideas"]],
    }


def state_of(row: Data) -> PublicState:
    """The state with the sign of today and the word of its time; one that nobody knows any more keeps its word."""
    return MEASURE_STATES.get(row["status"]) or PublicState(row["status"], row["status_name"], "info", "neutral", "")


def boxes_of(row: Data) -> list[bool]:
    """How far the measure is, as boxes that are full or empty: readable in black and white."""
    order = [status.value for status in MeasureStatus]
    reached = order.index(row["status"]) if row["status"] in order else -1
    return [place <= reached for place in range(len(order))]


def measure_facts(row: Data) -> list[Fact]:
    kept = row["imported"]
    source = _("im Wortlaut der Quelle")
    places = row["places"] if ", ".join(row["places"]) != row["location"] else []
    facts = [
        Fact(form["Art"], _lines(row["kind"])),
        Fact(_("Wer ist verantwortlich"), row["responsible"].splitlines()),
        Fact(_("Wer ist verantwortlich"), [] if row["responsible"] else kept["responsible"].splitlines(), source),
        Fact(_("Wer arbeitet mit"), row["partners"].splitlines()),
        Fact(_("Zeitraum"), period(row)),
        Fact(_("Zeitraum"), [] if period(row) else _lines(kept["time_frame"]), source),
        Fact(_("Was es kostet"), [line for line in (money(row["budget_amount"]), row["budget"]) if line]),
        Fact(_("Förderung"), [_("Außerhalb des Förderprogramms")] if row["outside_programme"] else []),
        Fact(_("Warum zuerst"), row["priority_reasons"]),
        Fact(_("Wo"), _lines(row["location"])),
        Fact(_("Beteiligte Orte"), places),
        Fact(_("Schnittstellen"), [one["title"] for one in row["interfaces"]]),
        Fact(_("Hinweis"), _lines(row["note"])),
        Fact(_("Hinweis"), [] if row["note"] else _lines(kept["note"]), source),
    ]
    return [fact for fact in facts if fact.lines]


def kpi_shown(row: Data) -> Data:
    latest = row["latest"]
    return {
        **row,
        "goal": row["target"] if row["defined"] and row["target"] else row["target"] or _("Das Ziel steht noch nicht fest."),
        "goal_on": day(row["target_on"]),
        "start": amount(row["baseline"], row["unit"]),
        "start_on": day(row["baseline_on"]),
        "last": amount(latest["value"], row["unit"]) if latest else "",
        "last_on": day(latest["on"]) if latest else "",
    }


def idea_shown(row: Data, base: str = "") -> Data:
    """The idea with the address where its text stands, as long as its author lets it stand."""
    return {**row, "state": public_state("kept", row["progress"]), "url": base + reverse("idea_detail", args=[row["number"]])}


def _lines(text: str) -> list[str]:
    return [text] if text else []
