"""Editions of the demo's agenda (editionen.yaml): what the source says is the first, later ones hold what has changed since."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone

from pages.words import words

from .. import actions
from ..models import Kpi, Measure
from .ideas import MEASURE_STATUSES, Builder

FILE = "editionen.yaml"


def build_on_agenda(builder: Builder, profile: Path) -> None:
    """The editions that hold the agenda as the source has it, before anything is invented."""
    _build(builder, profile, "agenda")


def build(builder: Builder, profile: Path) -> None:
    """Those that are frozen when everything else is there. `profile` is the folder with the profile's data files."""
    _build(builder, profile, "heute")


def _build(builder: Builder, profile: Path, when: str) -> None:
    if not (profile / FILE).exists():
        return
    for row in yaml.safe_load((profile / FILE).read_text())["editionen"]:
        if row["wann"] == when:
            for change in row.get("vorher", []):
                _change(builder, change)
            _edition(builder, row)


def _edition(builder: Builder, row: dict[str, Any]) -> None:
    by, day = builder.people["leitung"], _day(row["stand"])
    year = row.get("jahr") or timezone.localdate().year + row.get("jahre_weiter", 0)
    edition = actions.open_edition(year, row["titel"], by=by, foreword=row["vorwort"], as_of=day)
    actions.propose_edition(edition, by=by)
    if "beschluss" in row:
        actions.adopt_edition(
            edition,
            body=words["gremium"],
            adopted_on=_day(row["beschluss"]["am"]),
            resolution_number=row["beschluss"]["nummer"],
            by=by,
        )


def _change(builder: Builder, row: dict[str, Any]) -> None:
    """What happens to the live agenda before the next edition is frozen."""
    if "kennzahl" in row:
        Kpi.objects.filter(loesung=builder.loesungen[row["loesung"]], name=row["kennzahl"]).update(**row["felder"])
        return
    measure = Measure.objects.get(code=row["massnahme"])
    Measure.objects.filter(pk=measure.pk).update(**row.get("felder", {}))
    if "status" in row:
        decision = actions.Decision(reason=row["grund"], office=builder.office)
        now, by = timezone.now() - timedelta(days=row["vor_tagen"]), builder.people["leitung"]
        actions.change_measure_status(measure, MEASURE_STATUSES[row["status"]], by=by, decision=decision, now=now)


def _day(day: date | int) -> date:
    """A day, or that many days ago."""
    return timezone.localdate() - timedelta(days=day) if isinstance(day, int) else day
