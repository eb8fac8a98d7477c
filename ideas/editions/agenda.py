"""Frozen data as whatever shows them reads them: whole, whatever format they have, and without the titles of ideas whose text
was removed. The stored data stay as they were adopted, and so does their hash."""

from collections.abc import Iterable, Iterator
from typing import Any

from ..models import Edition, Idea

Data = dict[str, Any]

_IDEA: Data = {"number": 0, "title": "", "removed": False, "loesung": "", "progress": "", "status_name": ""}
_USED: Data = {"number": 0, "title": "", "removed": False, "contribution": "full"}
_MEASURE: Data = {
    "slug": "", "code": "", "title": "", "summary": "", "text": "", "kind": "", "status": "", "status_name": "",
    "priority_reasons": [], "responsible": "", "partners": "", "time_frame": "", "starts_on": None, "ends_on": None,
    "budget": "", "budget_amount": None, "outside_programme": False, "places": [], "location": "", "note": "", "imported": {},
    "interfaces": [], "ideas": [],
}  # fmt: skip
_IMPORTED: Data = {"status": "", "responsible": "", "time_frame": "", "note": "", "ideas": ""}
_KPI: Data = {
    "name": "", "target": "", "defined": True, "unit": "", "target_value": None, "target_on": None, "baseline": None,
    "baseline_on": None, "note": "", "measure": "", "latest": None,
}  # fmt: skip
_LOESUNG: Data = {
    "key": "", "number": "", "slug": "", "title": "", "intro": "", "sub_goals": [], "answers": [], "target_groups": [],
    "reach": None,
    "personas": [], "synergies": [], "project_synergies": [], "responsible_units": [], "municipalities": "", "partners": [],
    "kpis": [], "budget_eur": None, "is_sustainable": None, "measures": [],
}  # fmt: skip
_ZIELBILD: Data = {
    "key": "", "number": "", "slug": "", "title": "", "subtitle": "", "intro": "", "colour": "", "goal": "", "loesungen": [],
    "measures": [],
}  # fmt: skip
_AGENDA: Data = {
    "region": "", "office": "", "vocabulary": {}, "title": "", "intro": "", "themes": [], "zielbilder": [], "ideas": [],
}  # fmt: skip


def agenda_of(edition: Edition) -> Data:
    """What this edition shows. One query."""
    return completed(without(edition.data, Idea.objects.removed_numbers()))


def agendas_of(*editions: Edition) -> list[Data]:
    """What each of these editions shows. One query for all of them."""
    removed = Idea.objects.removed_numbers()
    return [completed(without(edition.data, removed)) for edition in editions]


def removed_from(data: Data, removed: set[int]) -> list[int]:
    """Which of the removed ideas these data name."""
    return sorted({idea.get("number", 0) for idea in _ideas_in(data)} & removed)


def without(data: Data, removed: set[int]) -> Data:
    """The data with the titles (and older data's texts) of these ideas blacked out; the very same data if there are none."""
    if not removed_from(data, removed):
        return data

    def cut(holder: Data) -> Data:
        rows = [_blacked_out(row) if row.get("number") in removed else row for row in holder["ideas"]]
        return {**holder, "ideas": rows}

    def deeper(holder: Data) -> Data:
        for name in ("zielbilder", "loesungen", "measures"):
            if name in holder:
                holder = {**holder, name: [deeper(row) for row in holder[name]]}
        return cut(holder) if "ideas" in holder else holder

    return deeper(data)


def _blacked_out(idea: Data) -> Data:
    return {**idea, "title": "", "removed": True, **({"text": ""} if "text" in idea else {})}


def _ideas_in(holder: Data) -> Iterator[Data]:
    yield from holder.get("ideas", [])
    for name in ("zielbilder", "loesungen", "measures"):
        for row in holder.get(name, []):
            yield from _ideas_in(row)


def has_removed(data: Data) -> bool:
    """Whether something is blacked out in the data themselves: they came back from an export."""
    return any(idea.get("removed") for idea in _ideas_in(data))


def completed(data: Data) -> Data:
    """The data with every field that the format has; what older ones lack is empty. The data themselves stay as they are."""
    zielbilder = [_zielbild(row) for row in data.get("zielbilder", [])]
    return {**_AGENDA, **data, "zielbilder": zielbilder, "ideas": _whole(_IDEA, data.get("ideas", [])), "themes": _themes(data)}


def _themes(data: Data) -> list[Data]:
    return _whole({"number": "", "title": "", "text": ""}, data.get("themes", []))


def _whole(defaults: Data, rows: Iterable[Data]) -> list[Data]:
    return [{**defaults, **row} for row in rows]


def _zielbild(row: Data) -> Data:
    whole = {**_ZIELBILD, **row}
    loesungen = [_loesung(below) for below in whole["loesungen"]]
    return {**whole, "key": _key(whole), "loesungen": loesungen, "measures": [_measure(below) for below in whole["measures"]]}


def _loesung(row: Data) -> Data:
    whole = {**_LOESUNG, **row}
    reach, kpis = whole["reach"], _whole(_KPI, whole["kpis"])
    return {
        **whole,
        "key": _key(whole),
        "answers": _whole({"field": "", "label": "", "question": "", "html": ""}, whole["answers"]),
        "reach": {"name": "", "least": None, "most": None, "explanation": "", **reach} if reach else None,
        "personas": _whole({"name": "", "summary": ""}, whole["personas"]),
        "synergies": _whole({"key": "", "slug": "", "number": "", "title": "", "text": ""}, whole["synergies"]),
        "project_synergies": _whole({"name": "", "text": ""}, whole["project_synergies"]),
        "kpis": [{**kpi, "latest": _latest(kpi["latest"])} for kpi in kpis],
        "measures": [_measure(below) for below in whole["measures"]],
    }


def _latest(value: Data | None) -> Data | None:
    return {"on": None, "value": None, "note": "", **value} if value else None


def _measure(row: Data) -> Data:
    whole = {**_MEASURE, **row}
    return {
        **whole,
        "imported": {**_IMPORTED, **whole["imported"]},
        "interfaces": _whole({"key": "", "title": ""}, whole["interfaces"]),
        "ideas": _whole(_USED, whole["ideas"]),
    }


def _key(row: Data) -> str:
    return str(row["key"] or row["slug"])
