"""Indicators of the demo with values and assessments (indikatoren.yaml), and the day of the next review of the strategy."""

import datetime
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone

from pages.models import Theme, ZielbildPage

from ..models import Assessment, Indicator, IndicatorValue, MonitoringSettings
from .ideas import Builder


def build(builder: Builder, profile: Path) -> None:
    """Adds to what the builder has made. `profile` is the folder with the profile's data files."""
    file = profile / "indikatoren.yaml"
    if not file.exists():
        return
    data = yaml.safe_load(file.read_text())
    zielbilder = {page.number: page for page in ZielbildPage.objects.filter(locale__language_code="de")}
    themes = {theme.number: theme for theme in Theme.objects.all()}
    for order, row in enumerate(data["indikatoren"]):
        indicator = Indicator.objects.create(
            zielbild=zielbilder[row["zielbild"]] if "zielbild" in row else None,
            theme=themes[row["thema"]] if "thema" in row else None,
            name=row["name"],
            slug=row["kuerzel"],
            description=f"{row['misst']} {data['hinweis']}",
            unit=row["einheit"],
            baseline=Decimal(row["ausgang"]["wert"]),
            baseline_on=_day(row["ausgang"]["vor_tagen"]),
            target=Decimal(row["ziel"]["wert"]),
            target_on=_day(-row["ziel"]["in_tagen"]),
            tolerance=row.get("spielraum", 10),
            sort_order=order,
        )
        for value in row.get("werte", []):
            IndicatorValue.objects.create(
                indicator=indicator,
                measured_on=_day(value["vor_tagen"]),
                value=Decimal(value["wert"]),
                note=value.get("hinweis", ""),
            )
        for entry in row.get("einschaetzungen", []):
            Assessment.objects.create(
                indicator=indicator, written_on=_day(entry["vor_tagen"]), text=entry["text"], source=entry["grundlage"]
            )
    _review(data["ueberpruefung"])


def _review(row: dict[str, Any]) -> None:
    own = MonitoringSettings.load()
    own.review_years, own.next_review_on = row["alle_jahre"], _day(-row["in_tagen"])
    own.save()


def _day(days: int) -> datetime.date:
    return timezone.localdate() - timedelta(days=days)
