"""Ideas from other people's spreadsheets, by `import_ideas`."""

import pytest
from django.core.management import CommandError

from ideas import actions
from ideas.models import Idea, Measure
from ideas.workflow import Action, Channel, Status
from tests.factories import LoesungFactory, PlaceFactory, make_idea
from tests.ideas.exchange.test_import_measures import bring  # noqa: F401 - a fixture


def test_ideas_keep_their_numbers_and_get_the_status_of_the_file(bring):  # noqa: F811
    loesung, place = LoesungFactory(number=3), PlaceFactory(name="Mendig")
    table = (
        "Ideenliste\nID,Title,Description,State,Reason,Lösung,Ort,Eingereicht am,Kanal,Tags\n"
        "12,Bänke,Mehr Bänke,accepted,Gut,3,Mendig,24.12.2023,Workshop,Rad\n"
        "15,Parken,Weniger,abgelehnt,Gehört uns nicht.,,,,,\n"
        ",Neu,Ohne Nummer,offen,,,,,,\n"
        "40,Prüfen,Wird geprüft,In Prüfung,,,,,,\n"
    )
    assert "4 neu" in bring(table, kind="ideas")
    ideas = {idea.title: idea for idea in Idea.objects.all()}
    assert {title: (idea.number, idea.status, idea.is_public) for title, idea in ideas.items()} == {
        "Bänke": (12, Status.KEPT, True),
        "Parken": (15, Status.REJECTED, True),
        "Neu": (41, Status.SUBMITTED, False),
        "Prüfen": (40, Status.IN_REVIEW, True),
    }
    bench = ideas["Bänke"]
    assert (bench.loesung, bench.channel, str(bench.submitted_on)) == (loesung, Channel.WORKSHOP, "2023-12-24")
    assert [each.pk for each in bench.places.all()] == [place.pk]
    assert [entry.action for entry in bench.trail.all()] == [Action.IMPORT]
    assert bench.trail.get().reason == "Gut"
    assert actions.next_number() == 42
    assert "0 neu, 0 geändert, 4 unverändert" in bring(table, kind="ideas")
    assert Idea.objects.count() == 4


def test_what_an_idea_says_is_never_written_over_but_its_loesung_may_change(bring):  # noqa: F811
    loesung = LoesungFactory(number=3)
    idea = make_idea(Status.KEPT, title="Alt")
    said = bring(f"Nummer;Titel;Lösung\n{idea.number};Neu;3\n", kind="ideas")
    assert "0 neu, 1 geändert" in said
    assert "Titel oder Text sind hier anders" in said
    idea = Idea.objects.get(pk=idea.pk)
    assert (idea.title, idea.loesung) == ("Alt", loesung)
    entry = idea.trail.order_by("position").last()
    assert (entry.action, entry.reason) == (Action.RECLASSIFY, "Eingelesen aus der Datei „liste.csv“.")


def test_wrong_rows_are_listed_and_nothing_comes_in(bring):  # noqa: F811
    rows = ["1;A;verworfen;", "zwei;B;offen;", "3;C;hm;", "4;;offen;x", "5;E;offen;gestern", "5;F;offen;2024"]
    with pytest.raises(CommandError) as error:
        bring("\n".join(["Nr;Titel;Status;Datum", *rows]), kind="ideas")
    said = error.value.said
    for number, words in {
        2: "sagt öffentlich, warum",
        3: "keine Nummer",
        4: "„hm“ kennen wir nicht",
        5: "Titel fehlt",
        6: "kein Datum",
        7: "steht schon in Zeile 6",
    }.items():
        assert [line for line in said.splitlines() if line.startswith(f"Zeile {number} (Fehler)") and words in line], (
            number,
            said,
        )
    assert not Idea.objects.exists()
    assert not Measure.objects.exists()


def test_nobody_gets_mail_about_an_import(bring, mailoutbox):  # noqa: F811
    from common import outbox

    bring("Nr;Titel;Status\n1;A;angenommen\n", kind="ideas")
    outbox.drain()
    assert mailoutbox == []
