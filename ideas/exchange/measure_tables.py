"""The public tables about measures: kinds, measures and their way, reports, figures and indicators."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from ..models import (
    Assessment,
    Indicator,
    IndicatorValue,
    Kpi,
    KpiValue,
    Measure,
    MeasureEntry,
    MeasureKind,
    ProgressNote,
    Proposal,
)
from .schema import Column as C  # noqa: N817 - a table of columns
from .schema import Table, page_path
from .values import Kind


def kpi_numbers() -> dict[int, int]:
    """The place of each figure within its Lösung, from 1."""
    pairs = Kpi.objects.order_by("loesung", "sort_order", "pk").values_list("loesung", "pk")
    return {pk: place for _key, group in groupby(pairs, lambda pair: pair[0]) for place, (_loesung, pk) in enumerate(group, 1)}


def numbered(kpis: Iterable[Kpi]) -> list[Kpi]:
    places = kpi_numbers()
    rows = list(kpis)
    for kpi in rows:
        kpi.place = places[kpi.pk]  # type: ignore[attr-defined]
    return rows


def of_numbered(values: Iterable[KpiValue]) -> list[KpiValue]:
    """The values, each with its figure's place."""
    rows = list(values)
    numbered(value.kpi for value in rows)
    return rows


def _values() -> list[KpiValue]:
    return of_numbered(KpiValue.objects.filter(state=Proposal.State.RELEASED).select_related("kpi__loesung", "entry__measure"))


def _entry_code(row: Any) -> str:
    return row.entry.measure.code if row.entry else ""


def _entry_position(row: Any) -> int | None:
    return row.entry.position if row.entry else None


def public_reason(entry: Any) -> str:
    """The words of a step as everybody may read them."""
    return "" if entry.text.awaits_release or entry.text.redacted_at else entry.text.reason


def names(things: Iterable[Any], name: str) -> list[str]:
    return sorted(getattr(thing, name) for thing in things)


MEASURES: tuple[Table, ...] = (
    Table(
        "massnahmen_arten", "measure_kinds", "Arten von Maßnahmen, wo eine Region welche hat.", MeasureKind.objects.all, key=("kuerzel",),
        columns=(
            C("kuerzel", "slug", "MeasureKind.slug"),
            C("name", "name", "MeasureKind.name"),
            C("mehrzahl", "plural", "MeasureKind.plural"),
            C("erklaerung", "explanation", "MeasureKind.explanation"),
            C("reihenfolge", "sort_order", "MeasureKind.sort_order", Kind.INTEGER),
        ),
    ),
    Table(
        "massnahmen", "measures", "Alle Maßnahmen.",
        lambda: Measure.objects.select_related("zielbild", "loesung", "kind").prefetch_related("interfaces", "places", "tags"),
        key=("reihenfolge", "nummer"),
        columns=(
            C("nummer", "code", "Measure.code"),
            C("reihenfolge", "sort_order", "Measure.sort_order", Kind.INTEGER),
            C("kuerzel", "slug", "Measure.slug", note="Teil der Adresse"),
            C("titel", "title", "Measure.title"),
            C("kurz", "summary", "Measure.summary"),
            C("text", "text", "Measure.text"),
            C("art", "kind", "Measure.kind", get=lambda row: row.kind.slug if row.kind else ""),
            C("status", "status", "Measure.status"),
            C("status_quelle", "status_as_imported", "Measure.status_as_imported", note="im Wortlaut der Quelle"),
            C("zielbild", "zielbild", "Measure.zielbild", get=lambda row: page_path(row.zielbild)),
            C("loesung", "loesung", "Measure.loesung", get=lambda row: page_path(row.loesung)),
            C("schnittstellen", "interfaces", "Measure.interfaces", Kind.LIST, get=lambda row: sorted(map(page_path, row.interfaces.all()))),
            C("ideen_quelle", "ideas_as_imported", "Measure.ideas_as_imported", note="Ideen-IDs im Wortlaut der Quelle"),
            C("orte", "places", "Measure.places", Kind.LIST, get=lambda row: names(row.places.all(), "slug")),
            C("raum", "location_text", "Measure.location_text"),
            C("zustaendig", "responsible", "Measure.responsible"),
            C("partner", "partners", "Measure.partners"),
            C("zeitraum", "time_frame", "Measure.time_frame"),
            C("beginn", "starts_on", "Measure.starts_on", Kind.DATE),
            C("ende", "ends_on", "Measure.ends_on", Kind.DATE),
            C("zustaendig_quelle", "responsible_as_imported", "Measure.responsible_as_imported", note="im Wortlaut der Quelle"),
            C("zeitraum_quelle", "time_frame_as_imported", "Measure.time_frame_as_imported", note="im Wortlaut der Quelle"),
            C("hinweis_quelle", "note_as_imported", "Measure.note_as_imported", note="im Wortlaut der Quelle"),
            C("warum_zuerst", "priority_reasons", "Measure.priority_reasons", Kind.LIST),
            C("budget", "budget_text", "Measure.budget_text"),
            C("budget_euro", "budget_amount", "Measure.budget_amount", Kind.DECIMAL),
            C("ausserhalb_programm", "outside_programme", "Measure.outside_programme", Kind.YES_NO),
            C("hinweis", "note", "Measure.note"),
            C("stand", "updated_on", "Measure.updated_on", Kind.DATE),
            C("stichwoerter", "tags", "Measure.tags", Kind.LIST, get=lambda row: names(row.tags.all(), "name")),
        ),
    ),
    Table(
        "massnahmen_schritte", "measure_trail", "Der Weg jeder Maßnahme, Schritt für Schritt.",
        lambda: MeasureEntry.objects.select_related("measure", "text"), key=("massnahme", "position"),
        columns=(
            C("massnahme", "measure", "MeasureEntry.measure", get=lambda row: row.measure.code),
            C("position", "position", "MeasureEntry.position", Kind.INTEGER),
            C("art", "kind", "MeasureEntry.kind"),
            C("von", "from_status", "MeasureEntry.from_status"),
            C("nach", "to_status", "MeasureEntry.to_status"),
            C("stelle", "office", "MeasureEntry.office"),
            C("geschehen", "happened_at", "MeasureEntry.happened_at", Kind.TIME),
            C("grund", "reason", "TrailText.reason", get=public_reason),
            C("grund_sha256", "reason_hash", "MeasureEntry.reason_hash"),
            C("geschwaerzt", "redacted_at", "TrailText.redacted_at", Kind.TIME, get=lambda row: row.text.redacted_at),
            C("wartet", "awaits_release", "TrailText.awaits_release", Kind.YES_NO, get=lambda row: row.text.awaits_release),
            C("aenderungen", "changes", "MeasureEntry.changes", Kind.JSON),
        ),
    ),
    Table(
        "berichte", "progress_notes", "Veröffentlichte Berichte zu Maßnahmen; ihr Text steht auch im Weg der Maßnahme.",
        lambda: ProgressNote.objects.filter(state=Proposal.State.RELEASED).select_related("measure", "entry__measure"),
        key=("massnahme", "datum", "schritt", "angelegt"),
        columns=(
            C("massnahme", "measure", "ProgressNote.measure", get=lambda row: row.measure.code),
            C("datum", "happened_on", "ProgressNote.happened_on", Kind.DATE),
            C("text", "text", "ProgressNote.text"),
            C("schritt", "entry", "ProgressNote.entry", Kind.INTEGER, get=_entry_position, note="Position im Weg der Maßnahme"),
            C("angelegt", "created_at", "ProgressNote.created_at", Kind.TIME),
            C("freigegeben", "decided_at", "ProgressNote.decided_at", Kind.TIME),
        ),
    ),
    Table(
        "kennzahlen", "kpis", "Kennzahlen der Lösungen und Maßnahmen.",
        lambda: numbered(Kpi.objects.select_related("loesung", "measure")), key=("loesung", "nr"),
        columns=(
            C("loesung", "loesung", "Kpi.loesung", get=lambda row: page_path(row.loesung)),
            C("nr", "place", "Kpi.id", Kind.INTEGER, get=lambda row: row.place, note="Platz innerhalb der Lösung"),
            C("name", "name", "Kpi.name"),
            C("massnahme", "measure", "Kpi.measure", get=lambda row: row.measure.code if row.measure else ""),
            C("ziel", "target", "Kpi.target"),
            C("ziel_steht_fest", "defined", "Kpi.defined", Kind.YES_NO),
            C("einheit", "unit", "Kpi.unit"),
            C("ziel_zahl", "target_value", "Kpi.target_value", Kind.DECIMAL),
            C("ziel_bis", "target_on", "Kpi.target_on", Kind.DATE),
            C("ausgangswert", "baseline", "Kpi.baseline", Kind.DECIMAL),
            C("ausgangswert_vom", "baseline_on", "Kpi.baseline_on", Kind.DATE),
            C("hinweis", "note", "Kpi.note"),
            C("reihenfolge", "sort_order", "Kpi.sort_order", Kind.INTEGER),
        ),
    ),
    Table(
        "kennzahlen_werte", "kpi_values", "Gemessene und freigegebene Werte der Kennzahlen.", _values, key=("loesung", "nr", "datum"),
        columns=(
            C("loesung", "loesung", "KpiValue.kpi", get=lambda row: page_path(row.kpi.loesung)),
            C("nr", "kpi", "KpiValue.kpi", Kind.INTEGER, get=lambda row: row.kpi.place, note="Platz der Kennzahl in der Lösung"),
            C("datum", "measured_on", "KpiValue.measured_on", Kind.DATE),
            C("wert", "value", "KpiValue.value", Kind.DECIMAL),
            C("hinweis", "note", "KpiValue.note"),
            C("massnahme", "measure", "KpiValue.entry", get=_entry_code),
            C("schritt", "entry", "KpiValue.entry", Kind.INTEGER, get=_entry_position, note="Position im Weg der Maßnahme"),
            C("angelegt", "created_at", "KpiValue.created_at", Kind.TIME),
            C("freigegeben", "decided_at", "KpiValue.decided_at", Kind.TIME),
        ),
    ),
    Table(
        "indikatoren", "indicators", "Indikatoren des Monitorings mit ihrem Pfad vom Ausgangswert zum Ziel.",
        lambda: Indicator.objects.select_related("zielbild", "theme"), key=("reihenfolge", "kuerzel"),
        columns=(
            C("kuerzel", "slug", "Indicator.slug"),
            C("name", "name", "Indicator.name"),
            C("beschreibung", "description", "Indicator.description"),
            C("zielbild", "zielbild", "Indicator.zielbild", get=lambda row: page_path(row.zielbild), note="wessen Ziel er misst, sonst leer"),
            C("querschnittsthema", "theme", "Indicator.theme", Kind.INTEGER, get=lambda row: row.theme.number if row.theme else None, note="Nummer des Themas, das er misst, sonst leer"),
            C("einheit", "unit", "Indicator.unit"),
            C("ausgangswert", "baseline", "Indicator.baseline", Kind.DECIMAL),
            C("ausgangswert_vom", "baseline_on", "Indicator.baseline_on", Kind.DATE),
            C("ziel", "target", "Indicator.target", Kind.DECIMAL),
            C("ziel_bis", "target_on", "Indicator.target_on", Kind.DATE),
            C("spielraum", "tolerance", "Indicator.tolerance", Kind.INTEGER, note="Prozent des ganzen Wegs"),
            C("reihenfolge", "sort_order", "Indicator.sort_order", Kind.INTEGER),
        ),
    ),
    Table(
        "indikatoren_werte", "indicator_values", "Gemessene Werte der Indikatoren.",
        lambda: IndicatorValue.objects.select_related("indicator"), key=("indikator", "datum"),
        columns=(
            C("indikator", "indicator", "IndicatorValue.indicator", get=lambda row: row.indicator.slug),
            C("datum", "measured_on", "IndicatorValue.measured_on", Kind.DATE),
            C("wert", "value", "IndicatorValue.value", Kind.DECIMAL),
            C("hinweis", "note", "IndicatorValue.note"),
        ),
    ),
    Table(
        "einschaetzungen", "assessments", "Was Menschen über einen Indikator sagen, neben seinen Zahlen.",
        lambda: Assessment.objects.select_related("indicator"), key=("indikator", "datum", "text"),
        columns=(
            C("indikator", "indicator", "Assessment.indicator", get=lambda row: row.indicator.slug),
            C("datum", "written_on", "Assessment.written_on", Kind.DATE),
            C("text", "text", "Assessment.text"),
            C("grundlage", "source", "Assessment.source"),
        ),
    ),
)  # fmt: skip
