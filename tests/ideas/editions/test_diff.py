"""What changed between two editions: every kind of change once, written down by hand."""

from typing import Any

import pytest
from django.utils import translation

from ideas.editions.diff import Change, Item, diff

from .small import agenda, idea, kpi, loesung, measure, used, zielbild


@pytest.fixture(autouse=True)
def _german() -> Any:
    with translation.override("de"):
        yield


BEFORE = agenda(
    zielbild(
        "land",
        title="Land",
        goal="Alle kommen an.",
        loesungen=[
            loesung(
                "verkehr",
                title="Verkehr",
                answers=[{"field": "problem", "label": "Probleme", "question": "", "html": "<p>Der Bus fährt selten.</p>"}],
                kpis=[kpi("Fahrten", target="100"), kpi("Haltestellen"), kpi("Züge", latest={"on": "2025-01-01", "value": "3", "note": ""})],
                measures=[
                    measure("bus", code="1.1", title="Bus", summary="Alt.", responsible="Amt 1", time_frame="2025"),
                    measure("bahn", code="1.2", title="Bahn", status="done", status_name="Abgeschlossen"),
                    measure("rad", code="1.3", title="Rad", ideas=[used(7)]),
                    measure("ruder", code="1.4", title="Ruder"),
                ],
            ),
            loesung("altes", number=2, title="Altes"),
        ],
    ),
    zielbild("frueher", number=2, title="Früher"),
    ideas=[idea(7, "Radweg"), idea(8, "Bank"), idea(9, "Weg damit")],
)  # fmt: skip
AFTER = agenda(
    zielbild(
        "land",
        title="Stadt und Land",
        goal="Alle kommen gut an.",
        loesungen=[
            loesung(
                "verkehr",
                title="Verkehr",
                intro="Mit Bus und Bahn.",
                answers=[{"field": "problem", "label": "Probleme", "question": "", "html": "<p>Der Bus fährt <b>jede Stunde</b>.</p>"}],
                kpis=[
                    kpi("Fahrten", target="200"),
                    kpi("Züge", latest={"on": "2026-01-01", "value": "4.50", "note": ""}, unit="am Tag"),
                    kpi("Fähren"),
                ],
                measures=[
                    measure("bus", code="1.1", title="Bus", summary="Neu.", responsible="Amt 2", time_frame="2026", budget_amount="5000.00", status="planning", status_name="In Planung"),
                    measure("bahn", code="1.2", title="Bahn", status="preparation", status_name="In Vorbereitung"),
                    measure("faehre", code="1.5", title="Fähre", ideas=[used(8, "Bank")]),
                ],
            ),
            loesung("neues", number=3, title="Neues", measures=[measure("rad", code="3.1", title="Rad", ideas=[used(7, "Radweg")])]),
        ],
    ),
    zielbild("kuenftig", number=3, title="Künftig"),
    ideas=[idea(7, "Radweg"), idea(8, "Bank"), idea(10, "Ganz neu")],
)  # fmt: skip
V, N = "1 Verkehr", "3 Neues"
EXPECTED: dict[str, list[Item]] = {
    "neu": [Item("1.5 Fähre", V, "verkehr")],
    "weiter": [Item("1.1 Bus", V, "verkehr", (Change("Stand", "Idee", "In Planung"),))],
    "zurueck": [Item("1.2 Bahn", V, "verkehr", (Change("Stand", "Abgeschlossen", "In Vorbereitung"),))],
    "entfallen": [Item("1.4 Ruder", V)],
    "worte": [Item("1.1 Bus", V, "verkehr", (Change("Kurzbeschreibung", "Alt.", "Neu."),))],
    "angaben": [
        Item(
            "1.1 Bus",
            V,
            "verkehr",
            (
                Change("Zuständig", "Amt 1", "Amt 2"),
                Change("Zeitraum", "2025", "2026"),
                Change("Budget", "", "5.000 Euro"),
            ),
        )
    ],
    "zielbild-neu": [Item("3 Künftig")],
    "zielbild-entfallen": [Item("2 Früher")],
    "zielbild-worte": [
        Item(
            "1 Stadt und Land",
            changes=(
                Change("Titel", "Land", "Stadt und Land"),
                Change("Strategisches Ziel", "Alle kommen an.", "Alle kommen gut an."),
            ),
        )
    ],
    "loesung-neu": [Item("3 Neues", slug="neues")],
    "loesung-entfallen": [Item("2 Altes")],
    "loesung-worte": [
        Item(
            "1 Verkehr",
            slug="verkehr",
            changes=(
                Change("Kurzbeschreibung", "", "Mit Bus und Bahn."),
                Change("Probleme", "Der Bus fährt selten.", "Der Bus fährt jede Stunde."),
            ),
        )
    ],
    "kennzahl-neu": [Item("Fähren", V, "verkehr")],
    "kennzahl-entfallen": [Item("Haltestellen", V)],
    "kennzahl-ziel": [Item("Fahrten", V, "verkehr", (Change("Ziel", "100", "200"),))],
    "kennzahl-wert": [
        Item("Züge", V, "verkehr", (Change("Letzter Wert", "3 (1. Januar 2025)", "4,5 am Tag (1. Januar 2026)"),))
    ],
    "idee-massnahme": [Item("Idee 8: Bank", "1.5 Fähre", "verkehr")],
    "idee-neu": [Item("Idee 10: Ganz neu")],
    "idee-entfallen": [Item("Idee 9: Weg damit")],
}


@pytest.mark.parametrize("key", EXPECTED)
def test_every_kind_of_change_is_found(key: str) -> None:
    assert list(diff(BEFORE, AFTER).of(key)) == EXPECTED[key]


def test_a_measure_with_another_number_under_another_loesung_has_moved() -> None:
    [moved] = diff(BEFORE, AFTER).of("platz")
    assert (moved.name, moved.where, moved.slug) == ("3.1 Rad", N, "neues")
    assert [(change.label, str(change.before), str(change.after)) for change in moved.changes] == [
        ("Nummer", "1.3", "3.1"),
        ("Platz", V, N),
    ]


def test_nothing_is_found_that_is_not_expected() -> None:
    assert {section.key for section in diff(BEFORE, AFTER).found} == {*EXPECTED, "platz"}


def test_an_agenda_does_not_differ_from_itself() -> None:
    assert diff(AFTER, AFTER).found == []
    assert diff(BEFORE, BEFORE).found == []


def test_another_name_for_a_state_is_no_step() -> None:
    before = agenda(zielbild("a", measures=[measure("m", status="planning", status_name="In Planung")]))
    after = agenda(zielbild("a", measures=[measure("m", status="planning", status_name="Wird geplant")]))
    assert diff(before, after).found == []


def test_a_loesung_with_a_new_title_does_not_move_its_measures() -> None:
    before = agenda(zielbild("a", loesungen=[loesung("l", title="Alt", measures=[measure("m")])]))
    after = agenda(zielbild("a", loesungen=[loesung("l", title="Neu", measures=[measure("m")])]))
    assert [section.key for section in diff(before, after).found] == ["loesung-worte"]


def test_the_same_target_with_a_number_for_the_first_time_is_no_other_target() -> None:
    before = agenda(zielbild("a", loesungen=[loesung("l", kpis=[kpi("K", target="50 Betriebe")])]))
    after = agenda(
        zielbild("a", loesungen=[loesung("l", kpis=[kpi("K", target="50 Betriebe", target_value="50.00", unit="Betriebe")])])
    )
    assert diff(before, after).found == []
