"""The demo's editions: June 2023 as the source has it, what changed until the second, and a proposal."""

import pytest
from django.utils import timezone, translation

from ideas.editions import freeze
from ideas.editions.diff import Change, Item, diff
from ideas.models import Edition, Measure

pytestmark = pytest.mark.slow
SMART = "8 Smart mobil in MYK"
TOOL = "12 MYK10 in der Tasche"


def test_the_demo_has_an_edition_of_june_2023_a_later_one_and_a_proposal(demo: None) -> None:
    year = timezone.localdate().year
    rows = Edition.objects.order_by("year").values_list("year", "state", "body")
    assert list(rows) == [(2023, "adopted", "Kreistag"), (year, "adopted", "Kreistag"), (year + 1, "proposal", "")]


def test_the_first_edition_is_the_agenda_of_june_2023_and_nothing_invented(demo: None) -> None:
    first = Edition.objects.get(year=2023)
    measures = freeze.measures_of(first.data)
    states = [row["status"] for row in measures]
    assert {state: states.count(state) for state in set(states)} == {
        "idea": 10,
        "planning": 4,
        "preparation": 4,
        "implementation": 20,
    }
    assert (len(first.data["zielbilder"]), len(freeze.loesungen_of(first.data)), len(measures)) == (3, 13, 38)
    assert len(first.data["ideas"]) == 74
    assert max(idea["number"] for idea in first.data["ideas"]) == 160
    assert not [row for row in measures if row["priority_reasons"]]
    kpis = [kpi for loesung in freeze.loesungen_of(first.data) for kpi in loesung["kpis"]]
    assert len(kpis) == 53
    assert not [kpi for kpi in kpis if kpi["latest"]]
    assert "Nummer des Beschlusses sind ein Beispiel" in first.foreword


def test_what_changed_in_the_demo_is_what_its_files_invent(demo: None) -> None:
    first, second, third = Edition.objects.order_by("year")
    with translation.override("de"):
        found, next_ = diff(first.data, second.data), diff(second.data, third.data)
    loesung = {row["number"]: row["slug"] for row in freeze.loesungen_of(second.data)}
    counts = {section.key: section.count for section in found.found}
    # beispiele.yaml keeps five ideas and puts two into measures, fortschritt.yaml sets five reasons and four series of values,
    # editionen.yaml does the rest.
    assert counts == {
        "weiter": 1, "worte": 1, "angaben": 6, "kennzahl-ziel": 1, "kennzahl-wert": 4, "idee-massnahme": 2, "idee-neu": 5,
    }  # fmt: skip
    assert list(found.of("weiter")) == [
        Item("8.3 Mobilitäts-Hubs", SMART, loesung[8], (Change("Stand", "Idee", "In Planung"),))
    ]
    assert [item.name[:3] for item in found.of("angaben")] == ["3.2", "6.1", "6.3", "10.", "11.", "12."]
    [target] = found.of("kennzahl-ziel")
    assert (target.name, target.where) == ("Im Belegungsmanagement-Tool aufgeführte Räume", TOOL)
    assert sorted(item.where[:3] for item in found.of("idee-massnahme")) == ["6.3", "8.1"]
    assert {section.key: [item.name for item in section.items] for section in next_.found} == {
        "worte": ["9.1 Nachhaltige Last-Mile-Lösung"],
        "angaben": ["9.1 Nachhaltige Last-Mile-Lösung"],
    }
    assert Measure.objects.count() == 38
