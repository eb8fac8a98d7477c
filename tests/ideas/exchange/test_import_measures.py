"""Measures from other people's spreadsheets, by `import_measures`: all rows or none, the same file twice changes nothing."""

import io
import json
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from ideas.models import Idea, Measure, MeasureEntry, TrailEntry
from ideas.workflow import Action, MeasureStatus, Status
from search.models import SearchTerm
from tests.factories import LoesungFactory, MeasureFactory, PlaceFactory, ZielbildFactory, make_idea

HEADER = "Nr.;Projekttitel;Umsetzungsstand;Handlungsfeld;Zuständigkeit;Laufzeit;Kosten;Bemerkungen;Ideen-IDs;Ort;Schlagworte"


@pytest.fixture
def bring(db, tmp_path):
    """Runs the command; returns what it said, or raises CommandError with what it said before as `.said`."""

    def run(content, *options, name="liste.csv", kind="measures"):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        said = io.StringIO()
        try:
            call_command(f"import_{kind}", file, *options, stdout=said, stderr=said)
        except CommandError as error:
            error.said = said.getvalue()
            raise
        return said.getvalue()

    return run


def test_a_table_of_strangers_comes_in(bring):
    zielbild, place = ZielbildFactory(title="Gesundheit"), PlaceFactory(name="Mendig")
    idea, partly = make_idea(Status.KEPT), make_idea(Status.KEPT)
    row = (
        '7;Telemedizin;"in Umsetzung ";Gesundheit; Amt 5 ;2023–2025;ca. 50.000 €;"=HEUTE() prüfen";'
        f"{idea.number}/({partly.number});Mendig, Nirgendwo;Ärzte, Netz"
    )
    said = bring(f"Projektliste der Stadt\n\n{HEADER}\n{row}\n")
    assert "1 neu" in said
    measure = Measure.objects.get()
    assert (measure.code, measure.title, measure.status, measure.zielbild) == ("7", "Telemedizin", "implementation", zielbild)
    assert (measure.status_as_imported, measure.responsible_as_imported, measure.responsible) == (
        "in Umsetzung ",
        " Amt 5 ",
        "Amt 5",
    )
    assert (measure.time_frame_as_imported, measure.starts_on, measure.ends_on) == (
        "2023–2025",
        date(2023, 1, 1),
        date(2025, 12, 31),
    )
    assert (measure.budget_text, measure.budget_amount) == ("ca. 50.000 €", Decimal(50000))
    assert measure.note == measure.note_as_imported == "=HEUTE() prüfen"
    assert [place.pk for place in measure.places.all()] == [place.pk]
    assert {tag.name for tag in measure.tags.all()} == {"Ärzte", "Netz"}
    assert {(link.idea_id, link.contribution) for link in measure.idea_links.all()} == {
        (idea.pk, "full"),
        (partly.pk, "partly"),
    }
    assert Idea.objects.get(pk=idea.pk).progress == MeasureStatus.IMPLEMENTATION
    assert SearchTerm.objects.filter(source="massnahmen", object_id=measure.pk).exists()


def test_the_same_file_twice_changes_nothing(bring):
    LoesungFactory(number=4)
    idea = make_idea(Status.KEPT)
    table = f"Nr;Titel;Status;Lösung;Zeitraum;Ideen\n1;Eins;geplant;4;2024;{idea.number}\n;Zwei;offen;Lösung 4;;\n"
    assert "2 neu" in bring(table)
    before = list(Measure.objects.values()), TrailEntry.objects.count(), MeasureEntry.objects.count()
    said = bring(table)
    assert "0 neu, 0 geändert, 2 unverändert" in said
    assert (list(Measure.objects.values()), TrailEntry.objects.count(), MeasureEntry.objects.count()) == before


def test_a_changed_status_and_a_new_title_are_steps_in_the_way_of_the_measure(bring):
    measure = MeasureFactory(code="1", title="Eins", status=MeasureStatus.PLANNING, partners="Verein")
    idea = make_idea(Status.KEPT, measures=(measure,))
    said = bring("Nr;Titel;Status;Partner;Hinweis\n1;Eins plus;in Umsetzung;;Neu\n")
    assert "0 neu, 1 geändert" in said
    measure.refresh_from_db()
    assert (measure.title, measure.status, measure.note, measure.partners) == ("Eins plus", "implementation", "Neu", "Verein")
    assert list(measure.trail.values_list("kind", "text__reason")) == [
        ("relabel", "Eingelesen aus der Datei „liste.csv“."),
        ("status", "Eingelesen aus der Datei „liste.csv“."),
    ]
    assert measure.trail.first().changes == [{"label": "Titel", "before": "Eins", "after": "Eins plus"}]
    assert Idea.objects.get(pk=idea.pk).progress == MeasureStatus.IMPLEMENTATION
    assert idea.trail.order_by("position").last().action == Action.PROGRESS


def test_one_wrong_row_keeps_all_out_and_every_error_is_said_with_its_row(bring):
    ZielbildFactory(title="Gesundheit", number=1)
    other = LoesungFactory(number=77)
    idea = make_idea(Status.REJECTED)
    rows = [
        "1;Gut;offen;Gesundheit;;;;;;;",
        ";;offen;Gesundheit;;;;x;;;",
        "3;Wort;vielleicht;Gesundheit;;;;;;;",
        "4;Feld;offen;Sport;;;;;;;",
        "5;Ideen;offen;Gesundheit;;;;;4711;;",
        f"6;Ideen;offen;Gesundheit;;;;;{idea.number};;",
        "7;Ideen;offen;Gesundheit;;;;;siehe Anlage;;",
        "1;Anders;offen;Gesundheit;;;;;;;",
        "1;Gut;offen;Gesundheit;;;;;;;",
        ";;;;;;;;;;",
        f"11;{'x' * 201};offen;Gesundheit;;;;;;;",
        "12;Ohne Feld;offen;;;;;;;;",
    ]
    with pytest.raises(CommandError, match="Nichts wurde eingelesen") as error:
        bring("\n".join([HEADER, *rows]))
    said = error.value.said.splitlines()
    expected = {
        3: "Titel fehlt",
        4: "„vielleicht“ kennen wir nicht",
        5: "Zielbild gibt es nicht: „Sport“",
        6: "Idee 4711 gibt es hier nicht",
        7: f"Idee {idea.number} ist „Verworfen“",
        8: "ist keine Nummer einer Idee",
        9: "steht schon in Zeile 2",
        12: "201 Zeichen, möglich sind 200",
        13: "zu welchem Zielbild",
    }
    for number, words in expected.items():
        assert [line for line in said if line.startswith(f"Zeile {number} (Fehler)") and words in line], (number, said)
    assert "Zeile 10 (übersprungen): Die Zeile ist dieselbe wie Zeile 2." in said
    assert "Zeile 11 (übersprungen): Die Zeile ist leer." in said
    assert "1 neu, 0 geändert, 0 unverändert, 2 übersprungen, 9 Fehler" in said
    assert not Measure.objects.exists()
    assert other.pk


def test_an_error_while_writing_leaves_nothing_behind(bring, monkeypatch):
    ZielbildFactory(title="Gesundheit")
    from ideas.exchange import measures_in

    def fail(*args):
        raise RuntimeError("power cut")

    monkeypatch.setattr(measures_in.MeasureReader, "finish", fail)
    with pytest.raises(RuntimeError):
        bring("Nr;Titel;Zielbild\n1;Eins;Gesundheit\n")
    assert not Measure.objects.exists()


def test_a_dry_run_reports_and_writes_nothing(bring):
    ZielbildFactory(slug="gesund")
    said = bring("Nr;Titel\n1;Eins\n", "--dry-run", "--zielbild", "gesund")
    assert "1 neu" in said
    assert not Measure.objects.exists()


def test_columns_and_words_can_be_given(bring, tmp_path):
    ZielbildFactory(slug="gesund")
    given = {"columns": {"title": "Was?", "status": "Ampel"}, "words": {"Grün": "done"}, "zielbild": "gesund"}
    (tmp_path / "m.json").write_text(json.dumps(given))
    bring("Was?;Ampel\nEins;grün \n", "--mapping", str(tmp_path / "m.json"))
    assert Measure.objects.get().status == MeasureStatus.DONE
    (tmp_path / "m.json").write_text(json.dumps({"columns": {"title": "Wo?"}}))
    with pytest.raises(CommandError, match=r"„Wo\?“ steht nicht in der Datei"):
        bring("Was?;Ampel\nEins;grün\n", "--mapping", str(tmp_path / "m.json"))


def test_a_workbook_is_read_and_its_formulas_are_never_run(bring):
    ZielbildFactory(slug="gesund")
    book = Workbook()
    sheet = book.active
    for row in (["Unsere Projekte"], [], ["Nummer", "Titel", "Laufzeit", "Hinweis"], [1, "Eins", date(2024, 5, 1), "=1+1"]):
        sheet.append(row)
    sheet["D4"].data_type = "s"
    out = io.BytesIO()
    book.save(out)
    bring(out.getvalue(), "--zielbild", "gesund", name="liste.xlsx")
    measure = Measure.objects.get()
    assert (measure.code, measure.starts_on, measure.note) == ("1", date(2024, 5, 1), "=1+1")


def test_nothing_in_the_file_is_a_server_error(bring):
    for content in (b"\xff\xfe\x00", b"PK\x03\x04", b"[]", b'a;b\n"', b'Titel\n"offen', b"Titel;Nr\n" + b"\xd8" * 300 + b";1"):
        with pytest.raises(CommandError):
            bring(content, "--dry-run")
