"""Pages for everybody: easy language, sign language, personas, and the report that says what is missing."""

import io
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.models import Collection, CollectionViewRestriction, Locale, Page, Site, get_page_models

from pages.models import (
    AccessibilityPage,
    AgendaPage,
    BasePage,
    HomePage,
    LoesungPage,
    NewsIndexPage,
    NewsPage,
    Persona,
    ReachLevel,
    StandardPage,
    ZielbildPage,
)
from pages.templatetags.everybody import easy_lines
from tests.factories import EventFactory, UserFactory
from tests.factories.participation import competition as make_competition

pytestmark = pytest.mark.django_db

EASY = "<p>Das ist eine Karte. Sie können die Karte kostenlos nutzen.</p>"
VIDEO = bytes(range(256)) * 8


@pytest.fixture
def home() -> HomePage:
    Page.objects.filter(depth=2).delete()
    page: HomePage = Page.get_first_root_node().add_child(
        instance=HomePage(title="Start", slug="start", intro_heading="Willkommen")
    )
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "testserver", "root_page": page})
    return page


@pytest.fixture
def agenda(home: HomePage) -> AgendaPage:
    page: AgendaPage = home.add_child(instance=AgendaPage(title="Agenda", slug="agenda"))
    return page


@pytest.fixture
def loesung(agenda: AgendaPage) -> LoesungPage:
    zielbild = agenda.add_child(instance=ZielbildPage(title="Gut ankommen", slug="gut-ankommen", number=1))
    page: LoesungPage = zielbild.add_child(instance=LoesungPage(title="Busse", slug="busse", number=1, intro="Mehr Busse."))
    return page


@pytest.fixture
def editor(home: HomePage) -> Client:
    client = Client()
    client.force_login(UserFactory(editor=True), backend="django.contrib.auth.backends.ModelBackend")
    return client


def document(name: str, content: bytes = VIDEO) -> Document:
    file: Document = Document.objects.create(title=name, file=ContentFile(content, name=name))
    return file


# --- easy language ----------------------------------------------------------------------------------------------------


def test_every_page_type_has_the_tab_for_all() -> None:
    own = [model for model in get_page_models() if issubclass(model, BasePage)]
    assert len(own) >= 10
    for model in own:
        headings = [str(tab.heading) for tab in model.get_edit_handler().children]
        assert headings[-2:] == ["Für alle", "Adresse"], model


def test_a_page_of_every_type_switches_to_easy_language_and_back(loesung: LoesungPage, client: Client) -> None:
    home, agenda, zielbild = (page.specific for page in loesung.get_ancestors().filter(depth__gt=1))
    news = home.add_child(instance=NewsIndexPage(title="Aktuelles", slug="aktuelles"))
    entry = news.add_child(instance=NewsPage(title="Neu", slug="neu"))
    plain = home.add_child(instance=StandardPage(title="Über uns", slug="ueber-uns"))
    event = EventFactory(timezone.now(), title="Werkstatt")
    statement = home.add_child(instance=AccessibilityPage(title="Barrierefreiheit", slug="barrierefreiheit", law="BITV"))
    competition = make_competition().page
    competitions = competition.get_parent().specific
    pages = (home, agenda, zielbild, loesung, news, entry, plain, event.get_parent().specific, event, statement)
    pages += (competitions, competition)
    assert {type(page) for page in pages} == {model for model in get_page_models() if issubclass(model, BasePage)}
    for page in pages:
        assert "fassung=leicht" not in client.get(page.url).content.decode(), page
        page.easy_language = EASY
        page.save()
        shown = client.get(page.url).content.decode()
        assert f'href="{page.url}?fassung=leicht"' in shown, page
        assert "Sie können die Karte" not in shown
        easy = client.get(f"{page.url}?fassung=leicht").content.decode()
        assert "<p>Das ist eine Karte.<br>Sie können die Karte kostenlos nutzen.</p>" in easy, page
        assert f'<link rel="canonical" href="http://testserver{page.url}">' in easy


def test_an_empty_paragraph_is_no_easy_language(loesung: LoesungPage, client: Client) -> None:
    loesung.easy_language = '<p data-block-key="a1"></p>'
    loesung.save()
    assert 'class="switch"' not in client.get(f"{loesung.url}?fassung=leicht").content.decode()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<p>Eins ist da. Zwei auch! Und drei?</p>", "<p>Eins ist da.<br>Zwei auch!<br>Und drei?</p>"),
        ("<p>Am 1. Januar kommt z. B. Helga.</p>", "<p>Am 1. Januar kommt z. B. Helga.</p>"),
        ('<p><a href="/a/?b=Wort. Zwei">Hier. Dort</a></p>', '<p><a href="/a/?b=Wort. Zwei">Hier.<br>Dort</a></p>'),
    ],
)
def test_every_sentence_in_easy_language_has_its_line(written: str, read: str) -> None:
    assert easy_lines(written) == read


# --- sign language ----------------------------------------------------------------------------------------------------


def test_a_video_in_sign_language_has_captions_and_loads_nothing_before_it_is_asked_to(
    loesung: LoesungPage, client: Client
) -> None:
    loesung.sign_video, loesung.sign_captions = document("busse.mp4"), document("busse.vtt", b"WEBVTT\n")
    loesung.save()
    response = client.get(loesung.url)
    shown = response.content.decode()
    assert '<video controls preload="none"' in shown
    assert f'<source src="{loesung.sign_video.url}" type="video/mp4">' in shown
    assert f'<track kind="captions" src="{loesung.sign_captions.url}" srclang="de"' in shown
    assert "media-src 'self'" in response["Content-Security-Policy"]


def test_a_video_needs_captions(loesung: LoesungPage) -> None:
    loesung.sign_video = document("busse.mp4")
    with pytest.raises(ValidationError, match="Untertitel"):
        loesung.clean()


def read(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.parametrize(
    ("asked", "status", "piece", "told"),
    [
        ("", 200, (0, 2048), None),
        ("bytes=0-99", 206, (0, 100), "bytes 0-99/2048"),
        ("bytes=2000-", 206, (2000, 2048), "bytes 2000-2047/2048"),
        ("bytes=-48", 206, (2000, 2048), "bytes 2000-2047/2048"),
        ("bytes=0-999999", 206, (0, 2048), "bytes 0-2047/2048"),
        ("bytes=5000-", 416, (0, 0), "bytes */2048"),
        ("bytes=-0", 416, (0, 0), "bytes */2048"),
        ("bytes=9-3", 200, (0, 2048), None),
        ("bytes=-", 200, (0, 2048), None),
        pytest.param(f"bytes={'9' * 5000}-", 200, (0, 2048), None, id="5000 digits"),
        ("potatoes=1-2", 200, (0, 2048), None),
    ],
)
def test_a_player_gets_the_piece_of_a_video_that_it_asks_for(
    asked: str, status: int, piece: tuple[int, int], told: str | None, client: Client
) -> None:
    headers = {"Range": asked, "Accept-Encoding": "gzip"} if asked else {"Accept-Encoding": "gzip"}
    response = client.get(document("busse.mp4").url, headers=headers)
    assert (response.status_code, read(response), response.get("Content-Range")) == (status, VIDEO[slice(*piece)], told)
    if status != 416:
        assert response["Content-Type"] == "video/mp4"
        assert response["Content-Length"] == str(piece[1] - piece[0])
        assert response["Accept-Ranges"] == "bytes"
        assert response["Content-Disposition"].startswith("inline")
        assert response["X-Content-Type-Options"] == "nosniff"


def test_a_video_behind_a_password_is_for_those_who_know_it(client: Client) -> None:
    closed = Collection.get_first_root_node().add_child(name="Nur für uns")
    video = document("busse.mp4")
    Document.objects.filter(pk=video.pk).update(collection=closed)
    CollectionViewRestriction.objects.create(collection=closed, restriction_type="password", password="geheim")
    for headers in ({}, {"Range": "bytes=0-99"}):
        response = client.get(video.url, headers=headers)
        assert VIDEO[:100] not in read(response)
        assert response["Content-Type"].startswith("text/html")


def test_a_player_loads_a_video_again_only_when_it_has_changed(client: Client) -> None:
    video = document("busse.mp4")
    first = client.get(video.url)
    for name, condition in (("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")):
        assert client.get(video.url, headers={condition: first[name]}).status_code == 304
        going_on = client.get(video.url, headers={"Range": "bytes=0-99", "If-Range": first[name]})
        assert going_on.status_code == 206
        assert going_on[name] == first[name]
    changed = client.get(video.url, headers={"Range": "bytes=0-99", "If-Range": '"eine-andere"'})
    assert (changed.status_code, read(changed)) == (200, VIDEO)


def test_captions_are_text_that_a_player_may_read(client: Client) -> None:
    response = client.get(document("busse.vtt", b"WEBVTT\n").url)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/vtt")


# --- reach -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [
        (10001, None, "über 10.000 Menschen"),
        (1000, 10000, "1.000 bis 10.000 Menschen"),
        (None, 499, "unter 500 Menschen"),
        (None, None, ""),
    ],
)
def test_a_level_of_reach_says_its_bounds_in_words(least: int | None, most: int | None, words: str) -> None:
    assert ReachLevel(name="x", least=least, most=most).bounds == words


def test_the_page_says_how_many_people_it_reaches(loesung: LoesungPage, client: Client) -> None:
    loesung.reach = ReachLevel.objects.create(name="sehr hoch", slug="sehr-hoch", least=10001)
    loesung.save()
    assert "über 10.000 Menschen" in client.get(loesung.url).content.decode()


# --- personas ---------------------------------------------------------------------------------------------------------


def test_a_persona_has_a_page_with_what_helps_this_person(loesung: LoesungPage, client: Client) -> None:
    helga = Persona.objects.create(name="Helga", slug="helga", summary="Wohnt auf dem Dorf.", text="<p>Fährt gern Bus.</p>")
    loesung.get_parent().add_child(instance=LoesungPage(title="Schulen", slug="schulen", number=2))
    loesung.personas.add(helga)
    loesung.save()
    assert f'href="{helga.get_absolute_url()}"' in client.get(loesung.url).content.decode()
    assert helga.get_absolute_url() == "/agenda/personas/helga/"
    shown = client.get("/agenda/personas/helga/").content.decode()
    for words in ("<h1>Helga</h1>", "Wohnt auf dem Dorf.", "Fährt gern Bus.", "Busse"):
        assert words in shown
    assert "Schulen" not in shown
    assert client.get("/agenda/personas/niemand/").status_code == 404
    assert client.get("/en/agenda/personas/helga/").status_code == 200


# --- the report -------------------------------------------------------------------------------------------------------


def test_the_report_says_what_every_published_page_has(loesung: LoesungPage, editor: Client) -> None:
    loesung.easy_language = '<p>Kurz.</p><embed alt="" embedtype="image" format="left" id="1"/>'
    loesung.sign_video, loesung.sign_captions = document("busse.mp4"), document("busse.vtt")
    loesung.save()
    Page.objects.get(slug="start").add_child(instance=StandardPage(title="Entwurf", slug="entwurf", live=False))
    english, _made = Locale.objects.get_or_create(language_code="en")
    HomePage.objects.get().copy_for_translation(english).save_revision().publish()
    # The pages above come along as aliases, which are no English.
    loesung.copy_for_translation(english, copy_parents=True).save_revision().publish()
    response = editor.get(reverse("everybody_report"))
    found = {row.title: (row.easy, row.sign, row.picture_words, row.english) for row in response.context["object_list"]}
    assert found == {
        "Start": ("fehlt", "fehlt", "keine Bilder", "ja"),
        "Agenda": ("fehlt", "fehlt", "keine Bilder", "fehlt"),
        "Gut ankommen": ("fehlt", "fehlt", "keine Bilder", "fehlt"),
        "Busse": ("ja", "ja", "1 von 1 fehlen", "ja"),
    }
    shares = {str(share["label"]): share["percent"] for share in response.context["shares"]}
    assert shares == {"Leichte Sprache": 25, "Gebärdensprache": 25, "Bildbeschreibungen": 75, "Englisch": 50}
    assert "25 %" in response.content.decode()
    missing = editor.get(reverse("everybody_report"), {"fehlt": "bilder"})
    assert [row.title for row in missing.context["object_list"]] == ["Busse"]


def test_the_report_leaves_as_a_table(loesung: LoesungPage, editor: Client) -> None:
    response = editor.get(reverse("everybody_report"), {"export": "xlsx", "fehlt": "leicht"})
    sheet = openpyxl.load_workbook(io.BytesIO(read(response))).active
    assert [cell.value for cell in sheet[1]] == [
        "Seite", "Seitentyp", "Leichte Sprache", "Gebärdensprache", "Bildbeschreibungen", "Englisch", "Zuletzt geändert",
    ]  # fmt: skip
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["Start", "Agenda", "Gut ankommen", "Busse"]


def test_the_report_costs_the_same_for_many_pages(
    loesung: LoesungPage, editor: Client, django_assert_max_num_queries: Any
) -> None:
    zielbild = loesung.get_parent()
    for number in range(2, 12):
        zielbild.add_child(instance=LoesungPage(title=f"Seite {number}", slug=f"seite-{number}", number=number))
    editor.get(reverse("everybody_report"))
    with django_assert_max_num_queries(30):
        assert editor.get(reverse("everybody_report")).status_code == 200


def test_who_writes_no_pages_sees_no_report(home: HomePage) -> None:
    client = Client()
    client.force_login(UserFactory(reviewer=True), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("everybody_report")).status_code == 302
