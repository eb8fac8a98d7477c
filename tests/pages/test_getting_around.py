"""Menus, the foot of the page, what machines read: where one can go from here."""

import json
import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext
from wagtail.images.models import Image
from wagtail.models import Page

from common import structured
from ideas.workflow import Status
from pages import site
from pages.menus import OWN_PAGES
from pages.models import AccessibilityPage, AgendaPage, EventIndexPage, LoesungPage, Persona, SiteSettings, ZielbildPage
from pages.templatetags.frame import crumbs_of
from tests.factories import MeasureFactory, make_idea

pytestmark = pytest.mark.django_db


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def menu(client: Client, path: str = "/suche/") -> list[str]:
    html = client.get(path).content.decode()
    bar = html.split('class="nav-list"')[1].split("</ul>")[0]
    return [text_of(item) for item in bar.split("<li>")[1:]]


def foot(client: Client, path: str = "/suche/") -> dict[str, str]:
    html = client.get(path).content.decode().split('aria-labelledby="foot-nav"')[1]
    return {label: url for url, label in re.findall(r'<a href="([^"]+)">([^<]+)</a>', html)}


def data_of(client: Client, path: str) -> list[dict[str, Any]]:
    html = client.get(path).content.decode()
    return [json.loads(text) for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)]


def meta_of(client: Client, path: str) -> dict[str, str]:
    html = client.get(path).content.decode()
    return dict(re.findall(r'<meta property="([^"]+)" content="([^"]*)">', html))


# --- the main menu ----------------------------------------------------------------------------------------------------


def test_the_menu_names_what_every_house_has(home: Any, client: Client) -> None:
    assert menu(client) == ["Agenda", "Ideen", "Beteiligung", "Maßnahmen", "Fortschritt", "Suche"]


def test_news_and_dates_are_in_the_menu_once_they_exist(home: Any, news_index: Any, client: Client) -> None:
    Page.objects.get(pk=home.pk).add_child(instance=EventIndexPage(title="Termine", slug="termine"))
    assert menu(client) == ["Agenda", "Ideen", "Beteiligung", "Maßnahmen", "Fortschritt", "Aktuelles", "Termine", "Suche"]
    news_index.unpublish()
    assert "Aktuelles" not in menu(client)


def test_an_editors_page_is_in_the_menu_when_the_editor_says_so(make_page: Any, client: Client) -> None:
    make_page("Mitmachen vor Ort", show_in_menus=True)
    make_page("Nur über Links")
    above = make_page("Über uns", show_in_menus=True)
    make_page("Team", under=above, show_in_menus=True)
    make_page("Entwurf", show_in_menus=True, live=False)
    assert menu(client)[5:-1] == ["Mitmachen vor Ort", "Über uns"]


def test_the_agenda_is_in_the_menu_once_even_when_an_editor_ticks_it(home: Any, client: Client) -> None:
    Page.objects.get(pk=home.pk).add_child(instance=AgendaPage(title="Agenda", slug="agenda", show_in_menus=True))
    assert menu(client).count("Agenda") == 1


def test_the_menu_stays_short(make_page: Any, client: Client) -> None:
    for number in range(OWN_PAGES + 3):
        make_page(f"Seite {number}", show_in_menus=True)
    assert len(menu(client)) == 6 + OWN_PAGES


def test_the_menu_uses_the_regions_own_word(house: SiteSettings, client: Client) -> None:
    house.terms = [
        ("term", {
            "key": "massnahme", "singular": "Projekt", "gender": "n", "plural": "Projekte", "genitive": "", "dative_plural": "",
            "english": "project", "english_plural": "projects",
        })
    ]  # fmt: skip
    house.save()
    assert menu(client)[3] == "Projekte"
    assert menu(client, "/en/suche/")[3] == "Projects"


def test_english_readers_stay_in_english(make_page: Any, news_index: Any, in_english: Any, client: Client) -> None:
    translated, german = make_page("Über uns", show_in_menus=True), make_page("Nur deutsch", show_in_menus=True)
    in_english(translated, title="About us", slug="about-us")
    html = client.get("/en/suche/").content.decode()
    assert menu(client, "/en/suche/")[6:-1] == ["About us", german.title]
    assert 'href="/en/about-us/"' in html
    assert 'href="/en/nur-deutsch/"' in html
    assert menu(client, "/suche/")[5:-1] == ["Aktuelles", "Über uns", "Nur deutsch"]


def test_the_menu_says_where_one_is(home: Any, news_index: Any, make_news: Any, client: Client) -> None:
    news = make_news("Neuer Bus", slug="neuer-bus")
    for path, entry, how in (
        (news.url, "/aktuelles/", "true"),
        ("/aktuelles/", "/aktuelles/", "page"),
        ("/en/aktuelles/", "/en/aktuelles/", "page"),
        ("/ideen/", "/ideen/", "page"),
    ):
        assert f'<a href="{entry}" aria-current="{how}">' in client.get(path).content.decode(), path


# --- the foot ---------------------------------------------------------------------------------------------------------


def test_the_foot_names_legal_pages_that_exist_and_no_others(make_page: Any, home: Any, client: Client) -> None:
    make_page("Impressum", slug="impressum")
    Page.objects.get(pk=home.pk).add_child(
        instance=AccessibilityPage(title="Erklärung zur Barrierefreiheit", slug="barriere", law="BITV")
    )
    assert foot(client) == {"Impressum": "/impressum/", "Erklärung zur Barrierefreiheit": "/barriere/"}
    assert list(foot(client, "/en/suche/").values()) == ["/en/impressum/", "/en/barriere/"]


def test_the_foot_names_the_editors_own_links(house: SiteSettings, make_page: Any, client: Client) -> None:
    deep = make_page("Tief", under=make_page("Oben", slug="oben"), slug="tief")
    gone = make_page("Weg", live=False)
    house.footer_links = [
        ("link", {"text": "Ganz unten", "page": deep, "url": ""}),
        ("link", {"text": "Nicht mehr da", "page": gone, "url": ""}),
        ("link", {"text": "Der Kreis", "page": None, "url": "https://kreis.example.org/"}),
    ]
    house.save()
    assert foot(client) == {"Ganz unten": "/oben/tief/", "Der Kreis": "https://kreis.example.org/"}
    assert foot(client, "/en/suche/")["Ganz unten"] == "/en/oben/tief/"


def test_the_frame_costs_one_query_however_many_pages_there_are(
    house: SiteSettings, make_page: Any, client: Client, django_assert_num_queries: Any
) -> None:
    make_page("Impressum", slug="impressum")
    client.get("/suche/")
    with django_assert_num_queries(1):
        client.get("/suche/")
    for number in range(12):
        make_page(f"Seite {number}", show_in_menus=True)
    with django_assert_num_queries(1):
        client.get("/suche/")


# --- breadcrumbs ------------------------------------------------------------------------------------------------------


def crumbs(client: Client, path: str) -> list[tuple[str, str]]:
    html = client.get(path).content.decode().split('class="crumbs"')[1].split("</nav>")[0]
    return re.findall(r'<a href="([^"]+)"(?: lang="de")?>([^<]+)</a>', html)


def test_breadcrumbs_lead_up_to_the_page_in_the_readers_language(make_page: Any, client: Client) -> None:
    deep = make_page("Tief", under=make_page("Mitte", under=make_page("Oben", slug="oben"), slug="mitte"), slug="tief")
    assert crumbs(client, deep.url) == [("/", "Start"), ("/oben/", "Oben"), ("/oben/mitte/", "Mitte")]
    with translation.override("en"):
        start = gettext("Start")
    assert crumbs(client, "/en/oben/mitte/tief/") == [
        ("/en/", start), ("/en/oben/", "Oben"), ("/en/oben/mitte/", "Mitte"),
    ]  # fmt: skip


def test_breadcrumbs_of_the_agenda_cost_nothing_more(home: Any, client: Client, django_assert_num_queries: Any) -> None:
    agenda = Page.objects.get(pk=home.pk).add_child(instance=AgendaPage(title="Agenda", slug="agenda"))
    zielbild = agenda.add_child(instance=ZielbildPage(title="Mobil", slug="mobil", number=1))
    loesung = zielbild.add_child(instance=LoesungPage(title="Rufbus", slug="rufbus", number=1))
    assert crumbs(client, loesung.url) == [("/", "Start"), ("/agenda/", "Agenda"), ("/agenda/mobil/", "Mobil")]
    site.current()
    fresh = LoesungPage.objects.get(pk=loesung.pk)
    fresh.zielbild = zielbild
    with django_assert_num_queries(0):
        assert [crumb["url"] for crumb in crumbs_of(fresh)] == ["/agenda/", "/agenda/mobil/"]
    zielbild.unpublish()
    assert crumbs(client, loesung.url) == [("/", "Start"), ("/agenda/", "Agenda")]


def test_breadcrumbs_leave_out_a_page_that_is_not_public(make_page: Any, client: Client) -> None:
    deep = make_page("Tief", under=make_page("Entwurf", slug="entwurf", live=False), slug="tief")
    assert crumbs(client, deep.url) == [("/", "Start")]


def test_breadcrumbs_stand_there_for_machines_too(make_page: Any, client: Client) -> None:
    deep = make_page("Tief", under=make_page("Oben", slug="oben"), slug="tief")
    [data] = data_of(client, deep.url)
    assert data == {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": 1, "name": "Start", "item": "http://testserver/"},
            {"@type": "ListItem", "position": 2, "name": "Oben", "item": "http://testserver/oben/"},
            {"@type": "ListItem", "position": 3, "name": "Tief"},
        ],
    }


@pytest.mark.parametrize("path", ["/fortschritt/kennzahlen/", "/agenda/editionen/", "/barrierefreiheit/melden/", "/suche/"])
def test_every_way_to_a_page_stands_there_for_machines_too(home: Any, client: Client, path: str) -> None:
    html = client.get(path).content.decode()
    assert html.count('class="crumbs"') == 1
    lists = [data for data in data_of(client, path) if data["@type"] == "BreadcrumbList"]
    assert [[step["name"] for step in found["itemListElement"]] for found in lists] == [
        ["Start", *{"/fortschritt/kennzahlen/": ["Fortschritt", "Kennzahlen"], "/agenda/editionen/": ["Agenda", "Editionen"],
                    "/barrierefreiheit/melden/": ["Barrierefreiheit", "Barriere melden"], "/suche/": ["Suche"]}[path]]
    ]  # fmt: skip


def test_a_persona_stands_below_the_agenda_in_the_readers_language(home: Any, in_english: Any, client: Client) -> None:
    agenda = Page.objects.get(pk=home.pk).add_child(instance=AgendaPage(title="Digitale Agenda", slug="agenda"))
    Persona.objects.create(name="Helga", slug="helga")
    assert crumbs(client, "/agenda/personas/helga/")[1:] == [("/agenda/", "Digitale Agenda")]
    html = client.get("/en/agenda/personas/helga/").content.decode()
    assert '<a href="/en/agenda/" lang="de">Digitale Agenda</a>' in html
    in_english(agenda, title="Digital agenda")
    assert crumbs(client, "/en/agenda/personas/helga/")[1:] == [("/en/agenda/", "Digital agenda")]


# --- one name of the site ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/ideen/", "/ueber-uns/", "/sitemap.xml", "/sitemap-seiten.xml", "/sitemap-ideen.xml", "/robots.txt",
             "/aktuelles/feed.atom", "/ideen/feed.rss", "/massnahmen/feed.atom"],
)  # fmt: skip
def test_machines_are_told_the_sites_own_name_whatever_host_they_asked(
    make_page: Any, make_news: Any, client: Client, settings: Any, path: str
) -> None:
    settings.BASE_URL = "https://beteiligung.example"
    make_page("Über uns", slug="ueber-uns"), make_news("Neu", slug="neu")
    make_idea(Status.IN_REVIEW)
    answer = client.get(path, headers={"host": "10.0.0.7"})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "https://beteiligung.example/" in text
    assert "10.0.0.7" not in text


def test_each_page_of_a_long_list_is_a_page_of_its_own_for_search_engines(home: Any, client: Client) -> None:
    for _number in range(30):
        make_idea(Status.IN_REVIEW)

    def told(path: str) -> list[str]:
        head = client.get(path).content.decode().split("</head>")[0]
        return re.findall(r'<link rel="(?:canonical|alternate)"(?: hreflang="\w+")? href="http://testserver(/[^"]*)"', head)

    assert told("/ideen/?seite=2") == ["/ideen/?seite=2", "/ideen/?seite=2", "/en/ideen/?seite=2"]
    assert told("/en/ideen/?seite=2")[0] == "/en/ideen/?seite=2"
    assert told("/ideen/?seite=1")[0] == "/ideen/"
    assert told("/ideen/?status=pruefung&seite=2")[0] == "/ideen/"
    assert told("/suche/?seite=2")[0] == "/suche/"


# --- cards and data ---------------------------------------------------------------------------------------------------


def picture(title: str) -> Image:
    import io

    from django.core.files.images import ImageFile
    from PIL import Image as Drawing

    file = io.BytesIO()
    Drawing.new("RGB", (1600, 900), "#336699").save(file, "PNG")
    return Image.objects.create(title=title, description=f"Beschreibung {title}", file=ImageFile(file, name=f"{title}.png"))


def test_a_shared_page_shows_its_own_picture_then_that_of_the_news_then_that_of_the_site(
    house: SiteSettings, make_news: Any, client: Client
) -> None:
    news = make_news("Neuer Bus", intro="Er fährt.", slug="neuer-bus")
    assert "og:image" not in meta_of(client, news.url)
    house.share_picture = picture("site")
    house.save()
    assert "site" in meta_of(client, news.url)["og:image"]
    assert "site" in meta_of(client, "/ideen/")["og:image"]
    news.picture, news.picture_alt = picture("nachricht"), "Ein Bus"
    news.save()
    card = meta_of(client, news.url)
    assert card["og:image"].startswith("http://testserver/media/images/nachricht")
    assert (card["og:image:width"], card["og:image:height"], card["og:image:alt"]) == ("1200", "630", "Ein Bus")
    news.share_picture = picture("eigenes")
    news.save()
    assert "eigenes" in meta_of(client, news.url)["og:image"]
    assert meta_of(client, news.url)["og:image:alt"] == "Beschreibung eigenes"


def test_a_picture_whose_file_is_lost_costs_the_card_and_not_the_page(house: SiteSettings, client: Client) -> None:
    house.share_picture = picture("verloren")
    house.save()
    house.share_picture.file.storage.delete(house.share_picture.file.name)
    assert client.get("/ideen/").status_code == 200
    assert "og:image" not in meta_of(client, "/ideen/")


def test_a_card_says_what_the_page_is(make_news: Any, client: Client) -> None:
    news = make_news('Der „Bus" <fährt> & hält', intro="Kurz & gut.", slug="bus")
    card = meta_of(client, news.url)
    assert card["og:title"] == "Der „Bus&quot; &lt;fährt&gt; &amp; hält"
    assert card["og:description"] == "Kurz &amp; gut."
    assert (card["og:type"], card["article:published_time"]) == ("article", "2026-11-02")
    assert (card["og:url"], card["og:locale"]) == ("http://testserver/aktuelles/bus/", "de_DE")
    assert meta_of(client, "/en/ideen/")["og:locale"] == "en_GB"


def test_a_secret_page_has_no_card(client: Client, home: Any) -> None:
    assert meta_of(client, "/konto/login/") == {}


def test_the_home_page_says_who_stands_behind_it_and_how_to_search(house: SiteSettings, client: Client) -> None:
    house.region_name, house.operator, house.email = "Region X", "Landkreis X", "post@example.org"
    house.save()
    body, site = data_of(client, "/")
    assert (body["@type"], body["name"], body["email"]) == ("GovernmentOrganization", "Landkreis X", "post@example.org")
    assert "telephone" not in body
    assert (site["@type"], site["name"]) == ("WebSite", "Region X")
    assert site["potentialAction"]["target"]["urlTemplate"] == "http://testserver/suche/?q={search_term_string}"


def test_news_ideas_and_measures_say_what_they_are(make_news: Any, client: Client) -> None:
    news, idea, measure = make_news("Neuer Bus", slug="bus"), make_idea(Status.IN_REVIEW), MeasureFactory()
    article, path = data_of(client, news.url)
    assert (article["@type"], article["headline"], article["datePublished"]) == ("NewsArticle", "Neuer Bus", "2026-11-02")
    assert path["@type"] == "BreadcrumbList"
    work = data_of(client, f"/ideen/{idea.number}/")[0]
    assert (work["@type"], work["name"], work["creativeWorkStatus"]) == ("CreativeWork", idea.title, "In Prüfung")
    assert not {"author", "creator"} & set(work)
    assert data_of(client, measure.get_absolute_url())[0]["@type"] == "Project"


def test_nothing_that_somebody_wrote_ends_the_block_of_data() -> None:
    block = structured.block({"name": "</script><script>alert(1)</script><!-- & \u2028"})
    assert block.count("<") == 2
    assert json.loads(block.split(">", 1)[1].rsplit("<", 1)[0])["name"] == "</script><script>alert(1)</script><!-- & \u2028"


# --- sitemap and robots -----------------------------------------------------------------------------------------------


def addresses(client: Client, section: str, page: int = 1) -> list[str]:
    answer = client.get(f"/sitemap-{section}.xml?p={page}")
    assert answer.status_code == 200
    return re.findall(r"<loc>http://testserver([^<]+)</loc>", answer.content.decode())


def test_the_sitemap_names_what_is_public_and_nothing_else(make_page: Any, in_english: Any, client: Client) -> None:
    both = make_page("Oben", slug="oben")
    in_english(both, slug="above")
    make_page("Entwurf", live=False)
    # Above the English page stands only an alias of the German home page, which is no page of its own.
    assert set(addresses(client, "seiten")) == {"/", "/oben/", "/en/above/"}
    public, hidden, measure = make_idea(Status.IN_REVIEW), make_idea(Status.SUBMITTED), MeasureFactory()
    assert set(re.findall(r"sitemap-(\w+)\.xml", client.get("/sitemap.xml").content.decode())) >= {
        "seiten", "ideen", "massnahmen", "uebersicht", "editionen",
    }  # fmt: skip
    assert addresses(client, "ideen") == [f"/ideen/{public.number}/", f"/en/ideen/{public.number}/"]
    assert hidden.number
    assert addresses(client, "massnahmen") == [measure.get_absolute_url(), f"/en{measure.get_absolute_url()}"]
    assert "/en/fortschritt/" in addresses(client, "uebersicht")
    assert client.get("/sitemap-gibtsnicht.xml").status_code == 404
    assert client.get("/sitemap-ideen.xml?p=99").status_code == 404


def test_the_sitemap_says_which_address_is_the_same_page_in_the_other_language(
    make_page: Any, in_english: Any, client: Client
) -> None:
    in_english(make_page("Oben", slug="oben"), slug="above")
    make_page("Nur deutsch", slug="nur-deutsch")
    xml = client.get("/sitemap-seiten.xml").content.decode()
    assert '<xhtml:link rel="alternate" hreflang="en" href="http://testserver/en/above/"/>' in xml
    assert '<xhtml:link rel="alternate" hreflang="x-default" href="http://testserver/oben/"/>' in xml
    assert "/en/nur-deutsch/" not in xml


def test_many_ideas_fill_several_pages_at_the_same_cost(
    client: Client, home: Any, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ideas.sitemaps import IdeaSitemap

    monkeypatch.setattr(IdeaSitemap, "limit", 4)
    for _number in range(5):
        make_idea(Status.IN_REVIEW)
    addresses(client, "ideen", 1)  # Django looks up the name of its one site, once in a process
    with django_assert_num_queries(1):
        assert len(addresses(client, "ideen", 3)) == 2
    assert client.get("/sitemap.xml").content.decode().count("sitemap-ideen.xml") == 3


def test_robots_are_shown_the_way_and_kept_out_of_secret_places(client: Client, home: Any) -> None:
    text = client.get("/robots.txt").content.decode()
    assert "Sitemap: http://testserver/sitemap.xml" in text
    for path in ("/admin/", "/konto/", "/ideen/verfolgen/", "/en/ideen/verfolgen/", "/mitmachen/", "/abos/"):
        assert f"Disallow: {path}\n" in text
    assert "Disallow: /\n" not in text


# --- colours ----------------------------------------------------------------------------------------------------------


def test_without_a_colour_no_page_loads_a_style_sheet_for_it(home: Any, client: Client) -> None:
    assert "farben.css" not in client.get("/suche/").content.decode()


def test_the_regions_colour_comes_as_a_style_sheet_that_may_be_kept(house: SiteSettings, client: Client) -> None:
    house.colour_action = "#7a1f3d"
    house.full_clean()
    house.save()
    html = client.get("/suche/").content.decode()
    [address] = re.findall(r'href="(/farben\.css\?v=\w+)"', html)
    assert '<meta name="theme-color" content="#7a1f3d" media="(prefers-color-scheme: light)">' in html
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    css = answer.content.decode()
    assert "--action: #7a1f3d;" in css
    assert "screen and (prefers-color-scheme: dark)" not in css  # nobody chose a colour for the dark
    house.colour_action_dark = "#ffb3c8"
    house.save()
    assert address not in client.get("/suche/").content.decode()
    assert client.get(address)["Cache-Control"] == "public, max-age=0, must-revalidate"


@pytest.mark.parametrize("colour", ["blau", "#fff", "#ffff00", "#8888aa"])
def test_a_colour_that_nobody_can_read_is_refused(house: SiteSettings, colour: str) -> None:
    house.colour_action = colour
    with pytest.raises(ValidationError) as refused:
        house.full_clean()
    assert set(refused.value.message_dict) == {"colour_action"}
