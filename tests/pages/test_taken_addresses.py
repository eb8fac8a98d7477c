"""No page is published at an address where nobody would ever see it, because something fixed stands there."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from pages.models import AgendaPage, StandardPage, ZielbildPage
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
TAKEN = "Unter dieser Adresse steht schon eine feste Seite. Bitte wählen Sie eine andere."


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(UserFactory(editor=True), backend="django.contrib.auth.backends.ModelBackend")
    return client


def sent(title: str, slug: str) -> dict[str, Any]:
    data = {"title": title, "slug": slug, "intro": "", "number": "7", "colour": "gruen", "subtitle": "", "goal": ""}
    more = {"body": streamfield([]), "comments": inline_formset([]), "easy_language": rich_text("")}
    return {**nested_form_data({**data, **more}), "action-publish": "1"}


def create(editor: Client, parent: Page, kind: type[Page], title: str, slug: str) -> list[str]:
    """Publish a new page as an editor does; what stands beside its slug afterwards."""
    address = reverse("wagtailadmin_pages:add", args=["pages", kind._meta.model_name, parent.pk])
    answer: Any = editor.post(address, sent(title, slug))
    return [] if answer.status_code == 302 else [str(each) for each in answer.context["form"].errors.get("slug", [])]


@pytest.mark.parametrize("slug", ["fortschritt", "kontakt", "ideen", "massnahmen", "suche", "konto", "admin", "en"])
def test_a_new_page_does_not_hide_behind_a_fixed_one(slug: str, home: Any, editor: Client) -> None:
    assert create(editor, home, StandardPage, "Neu", slug) == [TAKEN]
    assert not Page.objects.filter(slug=slug).exists()


def test_nor_below_the_agenda(home: Any, editor: Client) -> None:
    agenda = home.add_child(instance=AgendaPage(title="Agenda", slug="agenda"))
    assert create(editor, agenda, ZielbildPage, "Editionen", "editionen") == [TAKEN]
    assert create(editor, agenda, StandardPage, "Editionen", "editionen") == [TAKEN]
    assert create(editor, agenda, ZielbildPage, "Personas", "personas") == [TAKEN], "its pages would stand where personas do"


def test_nor_by_getting_another_address_later(home: Any, make_page: Any, editor: Client) -> None:
    page = make_page("Spielplatz", slug="spielplatz")
    answer: Any = editor.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), sent("Spielplatz", "kontakt"))
    assert [str(each) for each in answer.context["form"].errors["slug"]] == [TAKEN]


def test_nor_by_moving_there(home: Any, make_page: Any, editor: Client) -> None:
    above = make_page("Freizeit", slug="freizeit")
    hidden, free = (make_page(slug, slug=slug, under=above) for slug in ("kontakt", "spielplatz"))
    for page in (hidden, free):
        answer = editor.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, home.pk]), follow=True)
        assert (TAKEN in answer.content.decode()) is (page == hidden)
    assert Page.objects.get(pk=hidden.pk).get_parent().pk == above.pk
    assert Page.objects.get(pk=free.pk).get_parent().pk == home.pk


def test_the_same_holds_in_english(home: Any, make_page: Any, in_english: Any, editor: Client) -> None:
    english = in_english(make_page("Spielplatz", slug="spielplatz"), slug="playground")
    above = Page.objects.get(pk=english.pk).get_parent()
    assert create(editor, above, StandardPage, "Contact", "kontakt") == [TAKEN]
    assert create(editor, above, StandardPage, "Contact", "contact") == []


def test_all_other_addresses_are_free(home: Any, make_page: Any, editor: Client) -> None:
    for slug in ("kontakte", "aktuelles", "termine", "größe", "healthz"):
        assert create(editor, home, StandardPage, "Neu", slug) == []
    assert create(editor, make_page("Freizeit", slug="freizeit"), StandardPage, "Kontakt", "kontakt") == []
