"""An address that was given away once leads somewhere: to where the page went, or to a word about what it was."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from pages.housekeeping import forget_gone_addresses
from pages.models import GoneAddress
from pages.views import words_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def leads_to(client: Client, path: str) -> tuple[int, str]:
    answer = client.get(path)
    return answer.status_code, answer.headers.get("Location", "")


@pytest.fixture
def rename(django_capture_on_commit_callbacks: Any) -> Callable[[Page, str], None]:
    """As an editor does it: with a revision that is published."""

    def act(page: Page, slug: str) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            page = Page.objects.get(pk=page.pk).specific
            page.slug = slug
            page.save_revision().publish()

    return act


# --- moved ------------------------------------------------------------------------------------------------------------


def test_a_page_with_a_new_address_is_found_at_the_old_one_in_both_languages(
    make_page: Any, client: Client, rename: Any
) -> None:
    page = make_page("Spielplatz", slug="spielplatz")
    make_page("Rutsche", slug="rutsche", under=page)
    rename(page, "spielplaetze")
    assert leads_to(client, "/spielplatz/") == (301, "/spielplaetze/")
    assert leads_to(client, "/spielplatz/rutsche/") == (301, "/spielplaetze/rutsche/")
    assert leads_to(client, "/en/spielplatz/") == (301, "/en/spielplaetze/")
    assert leads_to(client, "/en/spielplatz/rutsche/") == (301, "/en/spielplaetze/rutsche/")


def test_it_is_found_also_when_the_editor_reads_the_back_office_in_english(make_page: Any, client: Client, rename: Any) -> None:
    from django.utils import translation

    page = make_page("Spielplatz", slug="spielplatz")
    with translation.override("en"):
        rename(page, "spielplaetze")
    assert leads_to(client, "/spielplatz/") == (301, "/spielplaetze/")
    assert leads_to(client, "/en/spielplatz/") == (301, "/en/spielplaetze/")


def test_a_page_that_moves_takes_its_readers_along(make_page: Any, client: Client) -> None:
    old, new = make_page("Alt", slug="alt"), make_page("Neu", slug="neu")
    page = make_page("Spielplatz", slug="spielplatz", under=old)
    make_page("Rutsche", slug="rutsche", under=page)
    Page.objects.get(pk=page.pk).specific.move(Page.objects.get(pk=new.pk), pos="last-child")
    assert leads_to(client, "/alt/spielplatz/") == (301, "/neu/spielplatz/")
    assert leads_to(client, "/alt/spielplatz/rutsche/") == (301, "/neu/spielplatz/rutsche/")
    assert leads_to(client, "/en/alt/spielplatz/rutsche/") == (301, "/en/neu/spielplatz/rutsche/")


def test_a_translation_with_an_address_of_its_own_moves_too(
    make_page: Any, in_english: Any, client: Client, rename: Any
) -> None:
    german = make_page("Spielplatz", slug="spielplatz")
    english = in_english(german, title="Playground", slug="playground")
    rename(english, "playgrounds")
    assert leads_to(client, "/en/playground/") == (301, "/en/playgrounds/")
    rename(german, "spielplaetze")
    assert leads_to(client, "/spielplatz/") == (301, "/spielplaetze/")


def test_a_page_that_moves_back_answers_itself(make_page: Any, client: Client, rename: Any) -> None:
    page = make_page("Spielplatz", slug="spielplatz")
    rename(page, "spielplaetze")
    rename(page, "spielplatz")
    assert leads_to(client, "/spielplatz/") == (200, "")
    assert leads_to(client, "/spielplaetze/") == (301, "/spielplatz/")


def test_an_editors_own_redirect_leads_on(home: Any, client: Client) -> None:
    Redirect.add_redirect("/kurz", "https://www.example.org/lang", is_permanent=False)
    assert leads_to(client, "/kurz/") == (302, "https://www.example.org/lang")
    assert leads_to(client, "/en/kurz/") == (302, "https://www.example.org/lang")


def test_what_was_asked_of_the_page_goes_along(make_page: Any, home: Any, client: Client, rename: Any) -> None:
    rename(make_page("Spielplatz", slug="spielplatz"), "spielplaetze")
    Redirect.add_redirect("/kurz", "https://www.example.org/lang?a=1#hier", is_permanent=False)
    Redirect.add_redirect("/knapp", "https://www.example.org/lang#hier", is_permanent=False)
    assert leads_to(client, "/en/spielplatz/?fassung=leicht") == (301, "/en/spielplaetze/?fassung=leicht")
    assert leads_to(client, "/kurz/?b=2") == (302, "https://www.example.org/lang?a=1#hier")
    assert leads_to(client, "/knapp/?b=2") == (302, "https://www.example.org/lang?b=2#hier")


# --- gone -------------------------------------------------------------------------------------------------------------


def test_a_page_that_was_taken_off_says_so_with_its_name(make_page: Any, client: Client) -> None:
    above = make_page("Freizeit", slug="freizeit")
    page = make_page("Spielplatz & Rutsche", slug="spielplatz", under=above)
    page.unpublish()
    answer = client.get("/freizeit/spielplatz/")
    html = answer.content.decode()
    assert answer.status_code == 410
    assert "Spielplatz &amp; Rutsche" in html
    assert '<a href="/freizeit/">Freizeit</a>' in html
    assert 'name="robots" content="noindex"' in html
    english = client.get("/en/freizeit/spielplatz/")
    assert english.status_code == 410
    assert '<a href="/en/freizeit/">Freizeit</a>' in english.content.decode()
    assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_a_deleted_page_is_gone_with_all_that_was_public_below_it(make_page: Any, client: Client) -> None:
    page = make_page("Freizeit", slug="freizeit")
    make_page("Spielplatz", slug="spielplatz", under=page)
    make_page("Entwurf", slug="entwurf", under=page, live=False)
    Page.objects.get(pk=page.pk).delete()
    assert [client.get(path).status_code for path in ("/freizeit/", "/freizeit/spielplatz/")] == [410, 410]
    # Nobody has ever seen the draft, and nobody learns its name now.
    assert client.get("/freizeit/entwurf/").status_code == 404


def test_old_addresses_of_a_deleted_page_are_gone_too(make_page: Any, client: Client, rename: Any) -> None:
    page = make_page("Spielplatz", slug="spielplatz")
    rename(page, "spielplaetze")
    Page.objects.get(pk=page.pk).delete()
    assert leads_to(client, "/spielplatz/") == (410, "")
    assert leads_to(client, "/spielplaetze/") == (410, "")


def test_a_page_that_comes_back_is_back(make_page: Any, client: Client) -> None:
    page = make_page("Spielplatz", slug="spielplatz")
    page.unpublish()
    assert client.get("/spielplatz/").status_code == 410
    page.refresh_from_db()
    page.save_revision().publish()
    assert client.get("/spielplatz/").status_code == 200
    assert not GoneAddress.objects.exists()


def test_a_redirect_is_better_than_a_word_about_what_was(make_page: Any, client: Client) -> None:
    make_page("Spielplatz", slug="spielplatz").unpublish()
    Redirect.add_redirect("/spielplatz", make_page("Nachfolger", slug="nachfolger"))
    assert leads_to(client, "/spielplatz/") == (301, "/nachfolger/")


def test_a_very_long_address_is_no_reason_to_fail(make_page: Any, client: Client) -> None:
    page = make_page("Eins", slug="a" * 200)
    below = make_page("Zwei", slug="b" * 200, under=page)
    Page.objects.get(pk=page.pk).delete()
    assert client.get(f"/{'a' * 200}/").status_code == 410
    assert client.get(f"/{'a' * 200}/{below.slug}/").status_code == 404


@pytest.mark.parametrize("role", ["lead", "editor"])
def test_a_title_that_nobody_should_read_any_more_can_be_deleted_but_not_rewritten(
    role: str, make_page: Any, client: Client
) -> None:
    make_page("Kündigung von Frau Muster", slug="kuendigung").unpublish()
    row = GoneAddress.objects.get()
    client.force_login(UserFactory(**{role: True}), backend="django.contrib.auth.backends.ModelBackend")
    listed = client.get("/admin/fruehere-adressen/").content.decode()
    assert "Kündigung von Frau Muster" in listed
    assert f"/admin/fruehere-adressen/delete/{row.pk}/" in listed
    for closed in (f"/admin/fruehere-adressen/edit/{row.pk}/", "/admin/fruehere-adressen/add/"):
        assert client.post(closed, {"path": "/x/", "title": "x", "gone_at": "2026-01-01"}).status_code == 302
    row.refresh_from_db()
    assert row.title == "Kündigung von Frau Muster"
    client.post(f"/admin/fruehere-adressen/delete/{row.pk}/")
    answer = Client().get("/kuendigung/")
    assert answer.status_code == 404
    assert "Muster" not in answer.content.decode()


def test_reviewers_have_no_business_with_titles_of_gone_pages(make_page: Any, client: Client) -> None:
    make_page("Kündigung", slug="kuendigung").unpublish()
    client.force_login(UserFactory(reviewer=True), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/admin/fruehere-adressen/").status_code == 302


def test_a_page_that_was_is_forgotten_after_a_year(make_page: Any, client: Client) -> None:
    for slug in ("lange-her", "gerade"):
        make_page(slug, slug=slug).unpublish()
    now = timezone.now()
    GoneAddress.objects.filter(path="/lange-her/").update(gone_at=now - timedelta(days=366))
    GoneAddress.objects.filter(path="/gerade/").update(gone_at=now - timedelta(days=364))
    assert forget_gone_addresses(now) == 1
    assert [client.get(path).status_code for path in ("/lange-her/", "/gerade/")] == [404, 410]


# --- never was --------------------------------------------------------------------------------------------------------


def test_a_missing_page_offers_to_search_for_the_words_of_its_address(home: Any, client: Client) -> None:
    html = client.get("/freizeit/neuer-spielplatz/").content.decode()
    assert 'value="neuer spielplatz"' in html
    assert 'name="robots" content="noindex"' in html


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/neuer-spielplatz.html", "neuer spielplatz"),
        ("/en/playground/", "playground"),
        ("/ideen/verfolgen/aBcDeFgHiJkL/", ""),
        ("/en/mitmachen/geheim/", ""),
        ("/ideen/999999/", ""),
        ("/<script>alert(1)/", "script alert"),
        ("/" + "x" * 300 + "/", ""),
        ("/a-b-eins-zwei-drei-vier-fuenf-sechs-sieben/", "eins zwei drei vier fuenf sechs"),
        ("/", ""),
    ],
)
def test_only_words_of_a_public_address_are_searched_for(path: str, words: str) -> None:
    assert words_of(path) == words


@pytest.mark.parametrize("path", ["//[x", "//[x/", "/en//[x/", "//]/", "/http://[/"])
def test_an_odd_address_is_no_reason_to_fail(path: str, home: Any, client: Client) -> None:
    assert client.get("/", PATH_INFO=path).status_code == 404


@pytest.mark.parametrize(
    ("path", "is_idea"),
    [("/ideen/999/", True), ("/en/ideen/999/", True), ("/agenda/editionen/1999/ideen/", False), ("/x/", False)],
)
def test_only_where_an_idea_is_missing_its_receipt_is_named(path: str, is_idea: bool, home: Any, client: Client) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert (answer.context["is_idea"], "Beleg" in answer.text or "receipt" in answer.text) == (is_idea, is_idea)


def test_a_missing_page_costs_few_queries(home: Any, client: Client, django_assert_max_num_queries: Any) -> None:
    client.get("/gibt-es-nicht/")
    with django_assert_max_num_queries(9):
        assert client.get("/gibt-es-nicht/").status_code == 404


def test_a_fault_is_told_in_both_languages_without_a_database(settings: Any) -> None:
    from django.template.loader import get_template

    html = get_template("500.html").render()
    assert 'lang="en"' in html
    assert "wrong on our side" in html
    assert "{%" not in (settings.BASE_DIR / "templates" / "500.html").read_text()
