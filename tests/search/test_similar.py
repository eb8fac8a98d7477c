"""Similar ideas in German: which titles bring up which ideas of the demo, and which must not."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from ideas.models import Idea
from search.models import SearchTerm
from search.similar import similar

pytestmark = pytest.mark.django_db

DEMO = Path(__file__).parents[2] / "ideas" / "demo" / "myk10"


@pytest.fixture
def demo(db: None) -> None:
    """The terms of all demo ideas, as sync writes them; the key is the idea's number."""
    from search import german

    ideas = yaml.safe_load((DEMO / "ideen.yaml").read_text())["ideen"]
    ideas += yaml.safe_load((DEMO / "beispiele.yaml").read_text())["beispiele"]
    for idea in ideas:
        terms = german.weighted_terms(idea["title"], idea["text"] + "\n" + "\n".join(idea["tags"]))
        SearchTerm.objects.bulk_create(
            [SearchTerm(source="ideen", object_id=idea["id"], term=term, weight=weight) for term, weight in terms.items()]
        )


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("Ladesäule am Marktplatz", 173),  # E-Ladestation im Ortskern
        ("Stromtankstelle für Elektroautos", 173),
        ("Wallbox in der Innenstadt", 173),
        ("Mehr Platz für Fahrradwege", 17),  # Radwege dort bauen, wo die Menschen wirklich fahren
        ("Parkplatzsuche in der Altstadt leichter machen", 19),  # Freie Parkplätze anzeigen
        ("Hochwasserwarnung für die Nette", 144),  # Wenn die Nette steigt …
        ("Packstation im Dorf", 6),  # Paket-Drop-Box
        ("Straßenlaternen mit Bewegungsmelder", 34),  # Straßenlampen, die nur leuchten, wenn jemand kommt
        ("Repair-Café für Smartphones", 174),  # Reparier-Nachmittag für Handys …
        ("Online-Sprechstunde beim Hausarzt", 95),  # Videosprechstunde erklären …
        ("Breitbandausbau im Gewerbepark", 166),  # Glasfaser für alle Betriebe in unserem Gewerbegebiet
        ("Mitfahrbank am Bahnhof", 163),  # Mitfahrbänke auch an den kleinen Bahnhöfen
        ("Erinnerung an die Müllabfuhr per App", 79),  # Nie wieder die Mülltonne vergessen
        ("Karte für Rollstuhlfahrer ohne Treppen", 153),  # Eine Karte, die auch zeigt, wo es ohne Stufen weitergeht
        ("Bürgerbus, den man per Telefon ruft", 35),  # Rufbus am Abend
        ("Gemeinderatssitzung als Livestream", 179),  # Ratssitzungen im Internet zeigen
        ("Datenbank für leere Läden", 90),  # Digitale Leerstandsdatenbank
        ("Drohne liefert Arzneimittel", 162),
        ("Bewässerung von Stadtbäumen mit Sensoren", 107),  # Bäume gießen, wenn sie Durst haben
    ],
)
def test_a_title_brings_up_the_idea_that_means_the_same(title: str, number: int, demo: None) -> None:
    assert number in similar("ideen", title)


@pytest.mark.parametrize(
    "title",
    [
        "Kletterhalle für Familien",
        "Hundewiese am Waldrand",
        "Freibad länger öffnen",
        "Orgelkonzerte in der Abteikirche",
        "Boule-Bahn neben dem Weinberg",
        "Tempo 30 vor dem Kindergarten St. Martin",
        "Eine gute Idee für alle Menschen im Kreis",
        "Digital im Ort",
        "Marktplatz",
        "und oder aber",
        "???",
        "",
    ],
)
def test_an_unrelated_title_brings_nothing(title: str, demo: None) -> None:
    assert similar("ideen", title) == []


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("Bücherschrank am Marktplatz", 173),  # only the place is the same
        ("Radweg nach Polch", 4),  # Straßen- und Wegekataster
        ("Eine App für den Blutdruck", 110),  # Bienen-App
        ("Bahnhof renovieren", 173),
        ("Wettbewerb der Gärten", 97),
    ],
)
def test_ideas_that_share_only_a_place_or_a_common_word_are_not_similar(title: str, number: int, demo: None) -> None:
    assert number not in similar("ideen", title)


def test_the_only_idea_there_is_can_be_similar(make_idea: Callable[..., Idea]) -> None:
    idea = make_idea("E-Ladestation im Ortskern", "Am Brunnen könnte man Autos laden.")
    assert similar("ideen", "Ladesäule am Marktplatz") == [idea.pk]
    assert similar("ideen", "Hundewiese am Marktplatz") == []


def test_compounds_are_similar_by_their_parts_alone(make_idea: Callable[..., Idea]) -> None:
    idea = make_idea("Wanderkarte zum Anhören")
    for number in range(20):
        make_idea(f"Ganz anderes Thema {number}")
    assert similar("ideen", "Karte für Wanderer") == [idea.pk]


def test_an_idea_is_not_similar_to_itself_and_the_reader_sees_only_what_they_may(make_idea: Callable[..., Idea]) -> None:
    one, two = make_idea("Radweg am Rhein"), make_idea("Radwege am Rhein")
    assert similar("ideen", one.title, exclude_pk=one.pk) == [two.pk]
    assert similar("ideen", one.title, among=Idea.objects.filter(pk=two.pk)) == [two.pk]
    assert similar("ideen", one.title, among=Idea.objects.none()) == []


def test_the_nearest_comes_first_and_there_are_five_at_most(make_idea: Callable[..., Idea]) -> None:
    near = make_idea("Radweg am Rheinufer")
    for number in range(7):
        make_idea(f"Radweg nach Ort {number}")
    found = similar("ideen", "Radweg am Rheinufer")
    assert len(found) == 5
    assert found[0] == near.pk


def test_similar_ideas_cost_two_queries(demo: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        similar("ideen", "Ladesäule am Marktplatz und Radwege\n" + "Ein langer Text mit vielen Wörtern über Busse. " * 200)


@pytest.mark.parametrize("text", ["\x00", "a" * 10_000, "-" * 10_000, "%_'\"", "9" * 500, "\ud800"])
def test_no_text_breaks_it(text: str, demo: None) -> None:
    assert similar("ideen", text) == []
