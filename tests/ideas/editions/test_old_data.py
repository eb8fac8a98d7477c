"""Data of an older format lack fields that today's have: what is missing is read as empty."""

from copy import deepcopy
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from ideas.editions.agenda import completed
from ideas.editions.diff import diff
from ideas.models import Edition

from . import small

# Of each thing what names it, and nothing else.
OLD: dict[str, Any] = {
    "zielbilder": [
        {
            "slug": "land",
            "loesungen": [
                {
                    "slug": "bus",
                    "answers": [{"html": "<p>Selten.</p>"}],
                    "reach": {"name": "mittel"},
                    "synergies": [{"title": "Rad"}],
                    "kpis": [{"name": "Fahrten", "latest": {"value": "3"}}],
                    "measures": [{"slug": "rufbus", "title": "Rufbus", "ideas": [{"number": 7}], "interfaces": [{}]}],
                }
            ],
            "measures": [{"slug": "netz", "title": "Netz", "status": "vergessen"}],
        },
        {"slug": "leer"},
    ],
    "ideas": [{"number": 7}],
    "themes": [{"number": 1}],
}


def keys_of(value: Any) -> Any:
    """The names of all fields, however deep."""
    if isinstance(value, dict):
        return {name: keys_of(below) for name, below in value.items()}
    return [keys_of(below) for below in value] if isinstance(value, list) else None


def test_old_data_are_completed_and_stay_as_they_were() -> None:
    before = deepcopy(OLD)
    whole = completed(OLD)
    assert before == OLD
    measure = whole["zielbilder"][0]["loesungen"][0]["measures"][0]
    assert (measure["title"], measure["places"], measure["starts_on"]) == ("Rufbus", [], None)
    assert keys_of(measure["imported"]) == keys_of(small.measure("x")["imported"])
    assert whole["zielbilder"][1]["loesungen"] == []


def test_no_field_of_todays_data_is_missing_in_completed_ones() -> None:
    whole = completed({"zielbilder": [{"loesungen": [{"kpis": [{}], "measures": [{}]}]}]})
    zielbild = whole["zielbilder"][0]
    loesung = zielbild["loesungen"][0]
    assert set(small.agenda()) - {"format", "as_of"} <= set(whole)
    assert set(small.zielbild("x")) == set(zielbild)
    assert set(small.loesung("x")) == set(loesung)
    assert set(small.kpi("x")) == set(loesung["kpis"][0])
    assert set(small.measure("x")) == set(loesung["measures"][0])


def test_old_and_new_data_are_told_apart_without_an_error() -> None:
    new = small.agenda(small.zielbild("land", loesungen=[small.loesung("bus", measures=[small.measure("rufbus")])]))
    with translation.override("de"):
        assert [item.name for item in diff(OLD, new).of("entfallen")] == [" Netz"]
        assert diff(OLD, OLD).found == []
        assert diff(new, OLD).of("weiter") == (), "nobody knows how far a state is that has no name"


@pytest.mark.django_db
def test_an_edition_with_old_data_has_all_its_pages(client: Client) -> None:
    Edition.objects.create(year=2019, title="Alt", data=OLD, state="proposal")
    for page in ("", "bus/", "ideen/", "aenderungen/", "druck/", "agenda.json"):
        answer = client.get(f"/agenda/editionen/2019/{page}")
        assert answer.status_code == 200, page
    assert "Rufbus" in client.get("/agenda/editionen/2019/druck/").text
