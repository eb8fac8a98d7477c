"""German and English: addresses, versions of pages, what a list shows in which language. Expectations are written by hand."""

import re
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.documents.models import Document
from wagtail.models import Locale, Page, Site

from common import outbox
from pages.models import AgendaPage, HomePage, LoesungPage, LoesungSynergy, NewsIndexPage, NewsPage, StandardPage, ZielbildPage
from tests.factories import MeasureFactory, UserFactory, make_idea


@pytest.fixture
def tree(db: None) -> dict[str, Any]:
    """A small site in German: home, agenda with one branch, news, two plain pages."""
    root = Page.get_first_root_node()
    home = root.add_child(instance=HomePage(title="Region", slug="start", intro_heading="Guten Tag"))
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "testserver", "port": 80, "root_page": home})
    agenda = home.add_child(instance=AgendaPage(title="Agenda der Region", slug="agenda"))
    zielbild = agenda.add_child(instance=ZielbildPage(number=1, title="Mobil auf dem Land", slug="mobil"))
    loesung = zielbild.add_child(instance=LoesungPage(number=1, title="Bus auf Abruf", slug="bus"))
    index = home.add_child(instance=NewsIndexPage(title="Aktuelles", slug="aktuelles"))
    return {
        "home": home,
        "agenda": agenda,
        "zielbild": zielbild,
        "loesung": loesung,
        "index": index,
        "news": index.add_child(instance=NewsPage(title="Die Werkstatt beginnt", slug="werkstatt")),
        "about": home.add_child(instance=StandardPage(title="Über uns", slug="ueber-uns", intro="Wir sind die Stabsstelle.")),
        "imprint": home.add_child(instance=StandardPage(title="Impressum", slug="impressum")),
    }


def english(page: Any, **fields: Any) -> Any:
    """The page's English version, made as Wagtail makes it for an editor, and published."""
    locale = Locale.objects.get(language_code="en")
    version = page.copy_for_translation(locale, copy_parents=True)
    for name, value in fields.items():
        setattr(version, name, value)
    version.save_revision().publish()
    return type(page).objects.get(pk=version.pk)


def links(html: str, rel: str) -> dict[str, str]:
    """hreflang (or rel) of the links in the head, and the path each leads to."""
    found = re.findall(rf'<link rel="{rel}"(?: hreflang="([^"]+)")? href="http://testserver([^"]*)"', html)
    return {language or rel: path for language, path in found}


def switch(html: str) -> set[str]:
    return set(re.findall(r'<a class="language" href="([^"]*)"', html))


# --- the switch -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("/ideen/", "/en/ideen/"),
        ("/ideen/?status=idee&amp;seite=2", "/en/ideen/?status=idee&amp;seite=2"),
        ("/massnahmen/", "/en/massnahmen/"),
        ("/suche/?q=Bus", "/en/suche/?q=Bus"),
        ("/konto/login/", "/en/konto/login/"),
        ("/ideen/einreichen/", "/en/ideen/einreichen/"),
        ("/fortschritt/", "/en/fortschritt/"),
        ("/", "/en/"),
        ("/agenda/mobil/bus/", "/en/agenda/mobil/bus/"),
        ("/gibt-es-nicht/", "/en/gibt-es-nicht/"),
    ],
)
def test_the_switch_stays_on_the_page_and_leads_back(tree: dict[str, Any], client: Client, here: str, there: str) -> None:
    assert switch(client.get(here.replace("&amp;", "&")).text) == {there}
    page = client.get(there.replace("&amp;", "&"))
    assert switch(page.text) == {here}
    assert '<html lang="en">' in page.text
    assert page.headers["Content-Language"] == "en"


def test_the_switch_names_each_language_in_itself(tree: dict[str, Any], client: Client) -> None:
    assert '<a class="language" href="/en/ideen/" lang="en" hreflang="en">English</a>' in client.get("/ideen/").text
    assert '<a class="language" href="/ideen/" lang="de" hreflang="de">Deutsch</a>' in client.get("/en/ideen/").text


def test_an_answer_to_a_form_offers_no_switch_that_would_lose_what_was_typed(tree: dict[str, Any], client: Client) -> None:
    assert switch(client.post("/ideen/einreichen/", {"title": "Ein Brunnen"}).text) == set()


def test_a_page_that_is_not_there_says_so_in_the_readers_language(tree: dict[str, Any], client: Client) -> None:
    page = client.get("/en/gibt-es-nicht/")
    assert page.status_code == 404
    assert "This page does not exist" in page.text
    assert links(page.text, "alternate") == {}


# --- versions of a page -----------------------------------------------------------------------------------------------


def test_a_page_without_english_stays_in_the_english_frame_and_belongs_to_its_german_address(
    tree: dict[str, Any], client: Client
) -> None:
    page = client.get("/en/ueber-uns/")
    assert page.status_code == 200
    assert '<html lang="en">' in page.text
    assert '<h1 lang="de">Über uns</h1>' in page.text
    assert links(page.text, "canonical") == {"canonical": "/ueber-uns/"}
    assert links(page.text, "alternate") == {}


def test_a_page_with_english_names_both_addresses_on_both(tree: dict[str, Any], client: Client) -> None:
    english(tree["about"], title="About us", slug="about-us")
    both = {"de": "/ueber-uns/", "en": "/en/about-us/", "x-default": "/ueber-uns/"}
    for address in ("/ueber-uns/", "/en/about-us/"):
        html = client.get(address).text
        assert links(html, "alternate") == both
        assert links(html, "canonical") == {"canonical": address}
    assert switch(client.get("/ueber-uns/").text) == {"/en/about-us/"}
    assert switch(client.get("/en/about-us/").text) == {"/ueber-uns/"}
    assert "<h1 >About us</h1>" in client.get("/en/about-us/").text.replace("<h1>", "<h1 >")


def test_a_fixed_address_names_itself_in_both_languages(tree: dict[str, Any], client: Client) -> None:
    for address in ("/ideen/", "/en/ideen/"):
        assert links(client.get(address).text, "alternate") == {"de": "/ideen/", "en": "/en/ideen/", "x-default": "/ideen/"}


def test_the_german_name_of_a_page_leads_to_its_english_one_and_back(tree: dict[str, Any], client: Client) -> None:
    english(tree["about"], title="About us", slug="about-us")
    for old, new in (("/en/ueber-uns/?a=1", "/en/about-us/?a=1"), ("/about-us/", "/ueber-uns/")):
        answer = client.get(old)
        assert (answer.status_code, answer["Location"]) == (302, new)


def test_a_draft_in_english_changes_nothing_for_readers(tree: dict[str, Any], client: Client) -> None:
    tree["about"].copy_for_translation(Locale.objects.get(language_code="en"), copy_parents=True)
    page = client.get("/en/ueber-uns/")
    assert page.status_code == 200
    assert '<h1 lang="de">Über uns</h1>' in page.text
    assert links(client.get("/ueber-uns/").text, "alternate") == {}


def test_a_page_above_a_translated_one_is_still_the_german_page(tree: dict[str, Any], client: Client) -> None:
    """Wagtail copies the parents as aliases; readers get the page that they mirror."""
    english(tree["loesung"], title="Bus on demand")
    assert Page.objects.filter(alias_of=tree["agenda"]).exists()
    page = client.get("/en/agenda/")
    assert page.context["page"].pk == tree["agenda"].pk
    assert links(page.text, "canonical") == {"canonical": "/agenda/"}
    assert links(page.text, "alternate") == {}


def test_the_agenda_takes_each_page_in_the_language_that_there_is(tree: dict[str, Any], client: Client) -> None:
    tree["zielbild"].add_child(instance=LoesungPage(number=2, title="Mitfahrbank", slug="mitfahrbank"))
    english(tree["loesung"], title="Bus on demand", slug="bus-on-demand")
    html = client.get("/en/agenda/").text
    assert 'href="/en/agenda/mobil/bus-on-demand/"' in html
    assert "Bus auf Abruf" not in html
    assert 'href="/en/agenda/mobil/mitfahrbank/"' in html
    assert "Bus on demand" not in client.get("/agenda/").text


def test_an_english_page_shows_the_measures_and_ideas_of_its_german_one(tree: dict[str, Any], client: Client) -> None:
    MeasureFactory(zielbild=tree["zielbild"], loesung=tree["loesung"], title="Rufbus Nord")
    make_idea(released=True, loesung=tree["loesung"], title="Ein Bus am Abend")
    english(tree["loesung"], title="Bus on demand", slug="bus-on-demand")
    page = client.get("/en/agenda/mobil/bus-on-demand/")
    assert "Rufbus Nord" in page.text
    assert "Ein Bus am Abend" in page.text
    assert 'href="/en/ideen/?loesung=bus"' in page.text
    assert client.get("/en/ideen/?loesung=bus").context["total"] == 1


def synergies(client: Client, address: str) -> list[tuple[str, str]]:
    """What the page says goes together with it: where each leads, and its title."""
    html = client.get(address).text.split('id="synergien"')[1].split("</section>")[0]
    return re.findall(r'<a href="([^"]*)"><span[^>]*>\d+ ([^<]*)</span>', html)


def test_what_goes_together_is_said_once_on_both_sides_in_every_language(tree: dict[str, Any], client: Client) -> None:
    bus, bank, app = tree["loesung"], *[
        tree["zielbild"].add_child(instance=LoesungPage(number=number, title=title, slug=title.lower()))
        for number, title in ((2, "Mitfahrbank"), (3, "Fahrplan"))
    ]  # fmt: skip
    bus.synergies.add(LoesungSynergy(other=bank, text="Die Bank steht an der Haltestelle."))
    app.synergies.add(LoesungSynergy(other=bus))
    bus.save(), app.save()
    english(bus, title="Bus on demand", slug="bus-on-demand")
    english(bank, title="Ride bench", slug="ride-bench")
    assert synergies(client, "/agenda/mobil/mitfahrbank/") == [("/agenda/mobil/bus/", "Bus auf Abruf")]
    assert synergies(client, "/en/agenda/mobil/ride-bench/") == [("/en/agenda/mobil/bus-on-demand/", "Bus on demand")]
    assert synergies(client, "/en/agenda/mobil/bus-on-demand/") == [
        ("/en/agenda/mobil/ride-bench/", "Ride bench"),
        ("/en/agenda/mobil/fahrplan/", "Fahrplan"),
    ]
    assert synergies(client, "/en/agenda/mobil/fahrplan/") == [("/en/agenda/mobil/bus-on-demand/", "Bus on demand")]
    assert '<p class="small muted" lang="de">Die Bank steht' in client.get("/en/agenda/mobil/ride-bench/").text


def test_filters_and_forms_know_a_page_by_its_german_name_in_every_language(tree: dict[str, Any], client: Client) -> None:
    make_idea(released=True, loesung=tree["loesung"], title="Ein Bus am Abend")
    english(tree["zielbild"], title="Mobile everywhere", slug="mobile")
    english(tree["loesung"], title="Bus on demand", slug="bus-on-demand")
    html = client.get("/en/ideen/?zielbild=mobil&loesung=bus").text
    assert 'value="bus" checked' in re.sub(r"\s+", " ", html)
    assert "Bus on demand" in html
    form = client.get("/en/ideen/einreichen/").context["form"]
    assert form.loesungen == {"bus": tree["loesung"]}


def test_whoever_follows_the_english_page_follows_the_solution(tree: dict[str, Any], client: Client) -> None:
    version = english(tree["loesung"], title="Bus on demand", slug="bus-on-demand")
    page = client.get(f"{version.url}folgen/")
    assert page.status_code == 200
    assert page.context["wish"].target.pk == tree["loesung"].pk


def test_news_are_shown_once_in_the_language_that_there_is(tree: dict[str, Any], client: Client) -> None:
    tree["index"].add_child(instance=NewsPage(title="Neue Bänke", slug="baenke"))
    english(tree["news"], title="The workshop begins")
    assert [news.title for news in client.get("/en/aktuelles/").context["news"]] == ["The workshop begins", "Neue Bänke"]
    assert {news.title for news in client.get("/aktuelles/").context["news"]} == {"Die Werkstatt beginnt", "Neue Bänke"}


def test_search_finds_one_version_of_a_page(tree: dict[str, Any], client: Client) -> None:
    english(tree["about"], title="Stabsstelle and office", slug="office")
    outbox.drain()
    for address, title in (("/en/suche/?q=Stabsstelle", "Stabsstelle and office"), ("/suche/?q=Stabsstelle", "Über uns")):
        [group] = client.get(address).context["groups"]
        assert [result.title for result in group.results] == [title]


def test_numbers_of_progress_lead_to_the_lists_that_they_count_in_english_too(tree: dict[str, Any], client: Client) -> None:
    MeasureFactory(zielbild=tree["zielbild"], loesung=tree["loesung"])
    MeasureFactory()
    english(tree["zielbild"], title="Mobile everywhere", slug="mobile")
    html = client.get("/en/fortschritt/").text
    assert 'href="/en/massnahmen/?zielbild=mobil"' in html
    assert "zielbild=mobile" not in html
    assert client.get("/en/massnahmen/?zielbild=mobil").context["total"] == 1


def test_easy_text_and_captions_say_the_language_of_their_page(tree: dict[str, Any], client: Client) -> None:
    files = [Document.objects.create(title=name, file=ContentFile(b"x", name=name)) for name in ("bus.mp4", "bus.vtt")]
    for name in ("about", "imprint"):
        page = tree[name]
        page.sign_video, page.sign_captions, page.easy_language = *files, "<p>Das ist kurz.</p>"
        page.save()
    english(tree["about"], title="About us", slug="about-us", easy_language="<p>This is short.</p>")
    own, german = client.get("/en/about-us/?fassung=leicht").text, client.get("/en/impressum/?fassung=leicht").text
    assert '<article class="easy section"><p>This is short.</p>' in own
    assert 'srclang="en" label="English"' in own
    assert '<article class="easy section" lang="de"><p>Das ist kurz.</p>' in german
    assert 'srclang="de" label="Deutsch"' in german


@pytest.mark.parametrize(("address", "most"), [("/agenda/mobil/bus/", 15), ("/en/agenda/mobil/bus/", 16)])
def test_a_solution_with_everything_on_it_costs_one_query_more_in_english(
    tree: dict[str, Any], client: Client, django_assert_max_num_queries: Any, address: str, most: int
) -> None:
    bus = tree["loesung"]
    for name in ("home", "agenda", "zielbild", "loesung"):
        english(tree[name])
    for number in range(2, 6):
        other = tree["zielbild"].add_child(instance=LoesungPage(number=number, title=f"L {number}", slug=f"l{number}"))
        other.synergies.add(LoesungSynergy(other=bus))
        other.save()
        english(other, title=f"S {number}")
        MeasureFactory(zielbild=tree["zielbild"], loesung=bus)
        make_idea(released=True, loesung=bus)
    client.get(address)  # fills Django's cache of content types and sites
    with django_assert_max_num_queries(most):
        assert len(client.get(address).context["synergies"]) == 4


# --- editors ----------------------------------------------------------------------------------------------------------


def test_an_editor_translates_a_page_with_wagtails_own_means(tree: dict[str, Any], client: Client) -> None:
    client.force_login(UserFactory(editor=True))
    locale = Locale.objects.get(language_code="en")
    for name in ("home", "about"):  # Wagtail asks for the page above first; it may stay a draft
        address = f"/admin/translation/submit/page/{tree[name].pk}/"
        assert client.get(address).status_code == 200
        answer = client.post(address, {"locales": [locale.pk]})
        version = type(tree[name]).objects.get(locale=locale)
        assert answer["Location"] == f"/admin/pages/{version.pk}/edit/"
        assert not version.live
    version.title, version.slug = "About us", "about-us"
    version.save_revision().publish()
    reader = Client()
    assert reader.get("/en/ueber-uns/")["Location"] == "/en/about-us/"
    assert "About us" in reader.get("/en/about-us/").text
    assert reader.get("/en/").context["page"].pk == tree["home"].pk


def test_a_reviewer_translates_no_page(tree: dict[str, Any], client: Client) -> None:
    client.force_login(UserFactory(reviewer=True))
    assert client.get(f"/admin/translation/submit/page/{tree['about'].pk}/").status_code == 302


# --- what it costs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/agenda/", "/ideen/", "/aktuelles/", "/agenda/mobil/bus/"])
def test_english_costs_two_queries_more_at_most(
    tree: dict[str, Any], client: Client, django_assert_max_num_queries: Any, address: str
) -> None:
    """Wagtail asks for the language and for its home page; nothing of ours comes on top. The lists of ideas don't pay that."""
    for name in ("home", "agenda", "zielbild", "loesung", "index", "news"):
        english(tree[name])
    client.get(address), client.get(f"/en{address}")  # fills Django's cache of content types and sites
    with django_assert_max_num_queries(20) as german:
        client.get(address)
    with django_assert_max_num_queries(len(german) + (0 if address == "/ideen/" else 2)):
        client.get(f"/en{address}")
