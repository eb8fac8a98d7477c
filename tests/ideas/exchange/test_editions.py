"""Editions leave with the export and come back as they were; drafts stay at home, and data that were changed are refused."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ideas import actions
from ideas.editions import freeze
from ideas.exchange import archive
from ideas.exchange.export import export
from ideas.exchange.public_tables import PUBLIC
from ideas.exchange.restore import CannotRestore, _Restoring
from ideas.models import Edition
from ideas.workflow import Status
from tests.factories import LoesungFactory, MeasureFactory, UserFactory, make_idea

pytestmark = pytest.mark.django_db
TABLE = next(table for table in PUBLIC if table.name == "editionen")


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """Two versions of a year, a proposal and a draft; the first has texts that files like to spoil."""
    lead = UserFactory(lead=True)
    measure = MeasureFactory(loesung=LoesungFactory(problem="<p>=1+1</p>"), text="'a|b\\c\n\u2028ü", budget_amount="5.50")
    make_idea(Status.KEPT, measures=(measure,))
    first = actions.open_edition(2026, "=Agenda", by=lead, foreword="Eins.\n\n-Zwei.")
    actions.propose_edition(first, by=lead)
    actions.adopt_edition(first, body="Rat", adopted_on=date(2026, 1, 1), resolution_number="+1", by=lead)
    actions.propose_edition(actions.open_correction(first, "Ein Datum.", by=lead), by=lead)
    actions.open_edition(2027, "Geheimer Entwurf", by=lead)
    export(tmp_path / "all")
    return tmp_path / "all"


def test_drafts_are_not_exported(exported: Path) -> None:
    assert [(row["jahr"], row["fassung"], row["stand"]) for row in TABLE.records()] == [
        (2026, 1, "adopted"),
        (2026, 2, "proposal"),
    ]
    assert not [file.name for file in exported.iterdir() if b"Geheimer Entwurf" in file.read_bytes()]


@pytest.mark.parametrize("kept", ["json", "csv"])
def test_an_edition_comes_back_as_it_was(exported: Path, tmp_path: Path, kept: str) -> None:
    alone = tmp_path / kept
    shutil.copytree(exported, alone)
    for file in alone.iterdir():
        if file.suffix != f".{kept}":
            file.unlink()
    records, pictures = archive.read(alone)
    # What is adopted stays in this database: beside it, the same ten years later.
    later = [{**row, "jahr": row["jahr"] + 10} for row in records["editionen"]]
    _Restoring({**records, "editionen": later}, pictures, [])._editions()
    again = [row for row in TABLE.records() if row["jahr"] > 2030]
    assert json.dumps(again, sort_keys=True) == json.dumps(
        [{**row, "jahr": row["jahr"] + 10} for row in TABLE.records()[:2]], sort_keys=True
    )
    assert freeze.hash_of(Edition.objects.get(year=2036, version=1).data) == Edition.objects.get(year=2026, version=1).data_hash


def test_data_that_were_changed_are_refused(exported: Path) -> None:
    records: dict[str, Any]
    records, pictures = archive.read(exported)
    records["editionen"][0]["jahr"] = 2040
    records["editionen"][0]["daten"]["zielbilder"][0]["title"] = "Anders"
    with pytest.raises(CannotRestore, match="passen nicht zu ihrer Prüfsumme"):
        _Restoring(records, pictures, [])._editions()
