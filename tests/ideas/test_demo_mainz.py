"""The second profile: a city with other levels, other words and other criteria, loaded from data files alone."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ideas.models import Idea, Kpi, Measure, MeasureKind, ReviewRound, ReviewSettings
from ideas.workflow import MeasureStatus, Status
from pages import site
from pages.models import AccessibilityPage, EventPage, LoesungPage, Theme, ZielbildPage

# Written down from the published strategy.
FIELDS = {
    "Intelligente Infrastruktur": 3,
    "Digitale Verwaltung": 4,
    "Mobilität, Umwelt und Urbane Entwicklung": 3,
    "Wirtschaft, Innovation und Kooperation": 6,
    "Bildung und Zusammenleben": 5,
}
PROJECTS_OF_FIELDS = {1: (3, 2), 2: (4, 1), 3: (3, 1), 4: (2, 2), 5: (2, 1)}  # Leuchtturmprojekte, Schnellboote
INTERFACES = {
    "Glasfaserausbau": [2, 4, 5],
    "WLAN-Ausbau-Strategie": [2, 3, 4, 5],
    "Aufbau LoRaWAN-Netz": [2, 3, 4],
    "Arbeitsplatz der Zukunft": [1],
    "Data Governance": [1, 3, 4],
    "Digitale Haltestelle": [1, 4],
    "Ausbau Gutenberg Digital Hub": [3, 5],
    "PunchOut.Tech Mainz": [5],
    "Bürgerbeteiligungsplattform": [1, 2, 3, 4],
}
# What only the district says. Everyday words that contain one (Aufklärung, Kreislauf) are none.
WORDS_OF_THE_DISTRICT = re.compile(
    r"\b(?:Zielbild\w*|Lösung(?:en)?|Teillösung\w*|Maßnahme\w*|Ideenspeicher\w*|Landkreis\w*|Kreis(?:e|es|en)?|Kreistag\w*"
    r"|Kreisverwaltung\w*|Kreisausschuss\w*|Verbandsgemeinde\w*|Stabsstelle\w*|Mayen\w*|Koblenz\w*|Andernach\w*|Bendorf\w*"
    r"|Smarte[rn]? Region\w*|MYK\w*|RegioHub\w*|LeckerMYK|Amt-O-Mat|Cockpits?|(?-i:Digitalen? Agenda))\b",
    re.IGNORECASE,
)
# The strategy itself names the unit that builds the platform for participation.
NAMES_OF_THE_CITY = ("Stabsstelle Bürgerbeteiligung",)


def test_the_city_has_five_fields_21_needs_and_61_sub_goals(demo_mainz: None) -> None:
    fields = ZielbildPage.objects.live().order_by("number")
    assert {field.title: field.get_children().live().count() for field in fields} == FIELDS
    assert all(field.goal for field in fields)
    assert sorted(field.colour for field in fields) == ["blau", "gruen", "petrol", "pflaume", "ziegel"]
    needs = LoesungPage.objects.live().order_by("number")
    assert [need.number for need in needs] == list(range(1, 22))
    assert sum(len(need.sub_goals) for need in needs) == 61
    assert [str(goal.value) for goal in needs[19].sub_goals] == [
        "Digitale Lernorte aufbauen",
        "Mitmenschen sensibilisieren, ältere Menschen digital zu unterstützen",
    ]
    assert [theme.title for theme in Theme.objects.all()] == [
        "Datensicherheit & Datenhoheit",
        "Partizipation & Kommunikation",
        "Nachhaltigkeit",
    ]


def test_the_city_has_14_lighthouse_projects_and_7_speedboats_with_their_interfaces(demo_mainz: None) -> None:
    assert Measure.objects.count() == 21
    kinds = {kind.name: kind.measures.count() for kind in MeasureKind.objects.all()}
    assert kinds == {"Leuchtturmprojekt": 14, "Schnellboot": 7}
    for number, (lighthouses, speedboats) in PROJECTS_OF_FIELDS.items():
        own = Measure.objects.filter(zielbild__number=number)
        assert own.filter(kind__slug="leuchtturmprojekt").count() == lighthouses
        assert own.filter(kind__slug="schnellboot").count() == speedboats
    for title, numbers in INTERFACES.items():
        measure = Measure.objects.get(title=title)
        assert sorted(measure.interfaces.values_list("number", flat=True)) == numbers, title
        assert measure.loesung is None
    assert Measure.objects.get(code="6").ends_on == date(2022, 12, 31)
    assert not Kpi.objects.exists()  # the strategy names none


def test_new_reviews_go_by_the_criteria_of_the_city(demo_mainz: None, client: Client) -> None:
    scheme = ReviewSettings.load().scheme
    assert scheme is not None
    assert scheme.slug == "mainz"
    assert {round_.scheme_version.scheme.slug for round_ in ReviewRound.objects.all()} == {"mainz"}
    page = client.get("/ideen/kriterien/").content.decode()
    assert "Grad des Kompetenzaufbaus" in page
    assert "Modellhaftigkeit" not in page


def test_the_ideas_are_the_citys_own_and_every_status_has_one(demo_mainz: None, client: Client) -> None:
    numbers = list(Idea.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1001, 1001 + len(numbers)))  # none of the district's 3 to 183
    assert set(Idea.objects.values_list("status", flat=True)) == set(Status) - {Status.DRAFT}
    assert set(Idea.objects.exclude(progress="").values_list("progress", flat=True)) >= {
        MeasureStatus.PLANNING,
        MeasureStatus.PREPARATION,
        MeasureStatus.IMPLEMENTATION,
    }
    client.post(
        "/ideen/einreichen/",
        {
            "title": "Noch eine Idee",
            "text": "Ein Text, der lang genug ist.",
            "email": "a@example.org",
            "consent": "on",
            "action": "submit",
        },
    )
    assert Idea.objects.order_by("-number").values_list("number", flat=True)[0] == numbers[-1] + 1


def test_events_the_statement_and_easy_language_have_content(demo_mainz: None) -> None:
    events = EventPage.objects.live().order_by("starts_at")
    assert [event.starts_at > timezone.now() for event in events] == [False, False, True]
    assert events[0].ideas.count() == 2
    statement = AccessibilityPage.objects.get()
    assert not statement.is_old()
    assert statement.barriers
    assert LoesungPage.objects.exclude(easy_language="").count() == 1


def test_the_settings_pass_their_own_checks(demo_mainz: None) -> None:
    settings = site.current()
    settings.full_clean()  # contrast of the colours, no term twice
    assert settings.required_answers == []
    assert settings.vocabulary.form("every dat loesung") == "jedem Handlungsbedarf"
    assert settings.vocabulary.form("no acc massnahme") == "kein Projekt"


def test_kinds_and_interfaces_are_shown_and_lead_on(demo_mainz: None, client: Client) -> None:
    listed = client.get("/massnahmen/?art=schnellboot")
    assert listed.context["total"] == 7
    assert "Projektart" in listed.content.decode()
    field = client.get("/agenda/bildung-und-zusammenleben/")
    assert len(field.context["measures"]) == 3
    assert {measure.title for measure in field.context["interfaces"]} == {
        measure.title for measure in Measure.objects.filter(interfaces__number=5)
    }
    project = client.get("/massnahmen/digitale-haltestelle/").content.decode()
    assert "Leuchtturmprojekt" in project
    assert 'href="/agenda/wirtschaft-innovation-und-kooperation/"' in project
    assert "Querschnittsthemen" in client.get("/agenda/").content.decode()


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/agenda/", 9),
        ("/agenda/bildung-und-zusammenleben/", 11),
        ("/massnahmen/", 12),
        ("/massnahmen/digitale-haltestelle/", 5),
    ],
)
def test_the_citys_pages_stay_within_their_queries(
    demo_mainz: None, client: Client, django_assert_max_num_queries: Any, address: str, most: int
) -> None:
    client.get(address)
    with django_assert_max_num_queries(most):
        assert client.get(address).status_code == 200


# --- no word of the district ------------------------------------------------------------------------------------------

_SPOKEN = re.compile(r'\b(?:alt|title|aria-label|placeholder|content|label)="([^"]*)"')
_NOT_VISITED = ("/static/", "/media/", "/admin/", "/dokumente/", "/en/")
# The same form for every idea, and every choice of a filter: START has one of each.
_MANY_ALIKE = re.compile(r"\?(?!fassung=)|/(?:folgen|unterstuetzen)/$")
START = [
    "/",
    "/konto/login/",
    "/konto/signup/",
    "/gibt-es-nicht/",
    "/suche/?q=digital",
    "/ideen/?status=verworfen&seite=2",
    "/massnahmen/?art=schnellboot&q=xyzxyz",
    "/ideen/1001/unterstuetzen/",
    "/massnahmen/digitale-haltestelle/folgen/",
]


def spoken(page: str) -> str:
    """All that people read or hear of a page: its text and the attributes that are read out or shown elsewhere."""
    said = _SPOKEN.findall(page)
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    for name in NAMES_OF_THE_CITY:
        text = text.replace(name, " ")
    return unescape(" ".join([re.sub(r"<[^>]+>", " ", text), *said]))


def pages_from(client: Client) -> Iterator[tuple[str, str]]:
    """Every German page that links lead to from START, each address once."""
    waiting, seen = [*START], set()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        response = client.get(address)
        if response.get("Location"):
            waiting.append(response["Location"])
        if not response.get("Content-Type", "").startswith("text/html"):
            continue
        page = response.content.decode()
        yield address, page
        links = {link.replace("&amp;", "&").partition("#")[0] for link in re.findall(r'href="(/[^"]*)"', page)}
        waiting += [link for link in links if not link.startswith(_NOT_VISITED) and not _MANY_ALIKE.search(link)]


def test_no_public_page_of_the_city_has_a_word_of_the_district(demo_mainz: None, client: Client) -> None:
    found: dict[str, list[str]] = {}
    visited = 0
    for address, page in pages_from(client):
        visited += 1
        text = re.sub(r"\s+", " ", spoken(page))
        for match in WORDS_OF_THE_DISTRICT.finditer(text):
            around = text[max(0, match.start() - 40) : match.end() + 30]
            found.setdefault(around, []).append(address)
    assert visited > 100
    assert not found, "\n".join(f"…{around}…  {len(where)}×, zuerst {where[0]}" for around, where in sorted(found.items()))


def test_the_word_list_finds_a_word_of_the_district_where_there_is_one() -> None:
    assert WORDS_OF_THE_DISTRICT.search(spoken('<img alt="Karte vom Landkreis">'))
    assert WORDS_OF_THE_DISTRICT.search(spoken("<p>Alle Maßnahmen</p>"))
    assert not WORDS_OF_THE_DISTRICT.search(spoken("<p>Kreislaufwirtschaft, Stabsstelle Bürgerbeteiligung</p>"))
