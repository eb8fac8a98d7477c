"""Reports, values of figures, priorities and responsible people of the demo's measures (fortschritt.yaml)."""

import datetime
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone

from .. import actions
from ..models import Kpi, KpiValue, Measure, ProgressNote
from .ideas import Builder

NOTE = "Ziel aus der Agenda, gemessene Werte erfunden."


def build(builder: Builder, profile: Path) -> None:
    """Adds to what the builder has made. `profile` is the folder with the profile's data files."""
    file = profile / "fortschritt.yaml"
    if not file.exists():
        return
    data = yaml.safe_load(file.read_text())
    measures = {measure.code: measure for measure in Measure.objects.all()}
    for row in data["massnahmen"]:
        Measure.objects.filter(pk=measures[row["nummer"]].pk).update(priority_reasons=row["gruende"])
    for name, codes in data["projektverantwortung"].items():
        for code in codes:
            measures[code].project_leads.add(builder.people[name])
    for row in data["kennzahlen"]:
        _figure(builder, row, measures)
    for row in data["berichte"]:
        note = _report(builder, row, measures)
        actions.release_proposal(note, by=builder.people["leitung"], office=builder.office, now=_ago(row["vor_tagen"] - 2))
    for row in data["wartend"]:
        _report(builder, row, measures)
        for value in row.get("werte", []):
            _value(builder, measures[row["massnahme"]].kpis.get(name=value["name"]), value)


def _figure(builder: Builder, row: dict[str, Any], measures: dict[str, Measure]) -> None:
    """The figure of this name gets its numbers and its values, oldest first."""
    kpi = Kpi.objects.get(loesung=builder.loesungen[row["loesung"]], name=row["name"])
    kpi.measure = measures[row["massnahme"]] if "massnahme" in row else None
    kpi.unit, kpi.target_value = row["einheit"], Decimal(row["ziel_zahl"])
    if start := row.get("ausgang"):
        kpi.baseline, kpi.baseline_on = Decimal(start["wert"]), _day(start["vor_tagen"])
    if values := row.get("werte", []):
        kpi.note = f"{kpi.note} {NOTE}".strip()
    kpi.save()
    for value in values:
        released = _value(builder, kpi, value)
        now = _ago(value["vor_tagen"] - 2)
        actions.release_proposal(released, by=builder.people["leitung"], office=builder.office, now=now)


def _report(builder: Builder, row: dict[str, Any], measures: dict[str, Measure]) -> ProgressNote:
    measure, days = measures[row["massnahme"]], row["vor_tagen"]
    by = builder.people["projekt"]
    return actions.propose_note(measure, happened_on=_day(days), text=row["text"], by=by, now=_ago(days - 1))


def _value(builder: Builder, kpi: Kpi, row: dict[str, Any]) -> KpiValue:
    days, by = row["vor_tagen"], builder.people["projekt"]
    return actions.propose_value(kpi, measured_on=_day(days), value=Decimal(row["wert"]), by=by, now=_ago(days - 1))


def _ago(days: int) -> datetime.datetime:
    return timezone.now() - timedelta(days=days)


def _day(days: int) -> datetime.date:
    return timezone.localdate(_ago(days))
