"""A complete export is read from any of its three formats, and one that was tampered with is refused in a sentence."""

import json
import shutil
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from ideas.exchange import archive
from ideas.exchange.export import export
from ideas.exchange.public_tables import PUBLIC
from ideas.exchange.values import Kind
from ideas.models import Idea, Kpi, KpiValue, Measure, Proposal
from ideas.workflow import Status
from tests.factories import LoesungFactory, MeasureFactory, make_idea


@pytest.fixture
def exported(db, tmp_path):
    """A small export with numbers, lists, formulas and rows that end with nothing."""
    loesung = LoesungFactory()
    measure = MeasureFactory(
        budget_amount=Decimal("-5.5"), note="=1+1", summary="'x", priority_reasons=["urgent"], starts_on=date(2024, 1, 1)
    )
    kpi = Kpi.objects.create(loesung=loesung, measure=measure, name="-Züge")
    KpiValue.objects.create(kpi=kpi, value=Decimal(7), measured_on=date(2024, 1, 1), state=Proposal.State.RELEASED)
    make_idea(Status.KEPT, measures=(measure,), title="+ mehr\nBänke", text="a\r\nb", tags=["a|b", "c\\d"])
    make_idea(Status.REJECTED, released=True)
    export(tmp_path / "one")
    return tmp_path / "one"


@pytest.mark.parametrize("kept", ["json", "xlsx", "csv"])
def test_each_format_can_be_read_alone(exported, kept, tmp_path):
    whole = json.loads((exported / "pulsehub.json").read_text())["tables"]
    alone = tmp_path / kept
    shutil.copytree(exported, alone)
    for file in alone.iterdir():
        if file.suffix != f".{kept}":
            file.unlink()
    records, _pictures = archive.read(alone)
    assert comparable(records) == comparable(whole)


def comparable(records):
    """The rows with numbers as numbers and nothing as nothing: what a workbook can't tell apart."""
    return {
        table.name: [[_comparable(column, row[column.name]) for column in table.columns] for row in records[table.name]]
        for table in PUBLIC
    }


def _comparable(column, value):
    return float(value) if column.kind is Kind.DECIMAL and value else value or None


def test_a_complete_export_only_comes_into_a_database_without_ideas(exported):
    with pytest.raises(CommandError, match="stehen schon Ideen oder Maßnahmen"):
        call_command("import_ideas", exported, stdout=StringIO())


def lost(folder, change):
    """Nothing but the agenda is left, and the export is not as it was written."""
    document = json.loads((folder / "pulsehub.json").read_text())
    change(document["tables"])
    (folder / "pulsehub.json").write_text(json.dumps(document))


def _set(table, row, **values):
    return lambda tables: tables[table][row].update(values)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_set("ideen_schritte", 1, position=9), "hat bei Schritt 2 eine Lücke"),
        (_set("ideen_schritte", -1, grund="Etwas anderes"), "passt nicht zu seiner Prüfsumme"),
        (_set("ideen", 0, status="rejected"), "Der Weg endet bei"),
        (_set("ideen", 0, loesung="gibt/es-nicht"), "In der Agenda fehlen diese Seiten: gibt/es-nicht"),
        (_set("ideen", 0, aufgegangen_in=4711), "die fehlt im Export"),
        (_set("ideen", 0, orte=["nirgends"]), "passt nicht zu sich selbst"),
        (_set("ideen_schritte", 0, geschehen="gestern"), "passt nicht zu sich selbst"),
        (lambda tables: tables.pop("ideen"), "fehlen Tabellen: ideen"),
        (lambda tables: tables["ideen"][0].pop("titel"), "fehlen Spalten: titel"),
        (lambda tables: tables["ideen"].append(dict(tables["ideen"][0])), "steht eine Zeile doppelt"),
    ],
    ids=["gap", "reason", "end", "page", "merge", "place", "time", "table", "column", "twice"],
)
def test_an_export_that_was_changed_is_refused_and_leaves_nothing(exported, change, says, transactional_db_without_ideas):
    lost(exported, change)
    with pytest.raises(CommandError, match=says):
        call_command("import_ideas", exported, stdout=StringIO())
    assert not Idea.objects.exists()
    assert not Measure.objects.exists()


@pytest.fixture
def transactional_db_without_ideas(exported, monkeypatch):
    """As if the database held the agenda alone: what is there is hidden, since nothing of it can be deleted."""
    from django.db import connection

    from common import database_rules

    database_rules.lift(connection)
    with connection.cursor() as cursor:
        for table in (
            "ideas_kpivalue", "ideas_measureidea", "ideas_trailentry", "ideas_trailtext", "ideas_ideaauthor", "ideas_ideatag",
            "ideas_idea_places", "ideas_measure_places", "ideas_measure_interfaces", "ideas_measuretag",
        ):  # fmt: skip
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("UPDATE ideas_kpi SET measure_id = NULL")
        cursor.execute("UPDATE ideas_idea SET released_version_id = NULL, status = 'draft'")
        for table in ("ideas_ideaversion", "ideas_idea", "ideas_measure"):
            cursor.execute(f"DELETE FROM {table}")
    database_rules.install(connection)
