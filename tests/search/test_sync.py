"""The index follows the database: through the outbox, in the transaction of the change, never with what was rolled back."""

from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from wagtail.search.backends import get_search_backend

from common import outbox
from common.models import OutboxMessage
from ideas import actions
from ideas.models import Idea, Measure
from pages.models import StandardPage
from search import registry, sync
from search.models import SearchTerm

pytestmark = pytest.mark.django_db


def terms_of(source: str, pk: int) -> set[str]:
    return set(SearchTerm.objects.filter(source=source, object_id=pk).values_list("term", flat=True))


def in_wagtails_index(thing: Any) -> bool:
    return thing.index_entries.exists()


def test_a_released_idea_is_in_both_indexes(make_idea: Any) -> None:
    idea = make_idea("Ladesäule")
    assert {"ladesaul", "lad", "saul"} <= terms_of("ideen", idea.pk)
    assert in_wagtails_index(idea)


def rename(measure: Measure, title: str) -> None:
    labels = replace(actions.Labels.of(measure), title=title)
    actions.relabel(measure, labels, by=None, decision=actions.Decision(reason="Umbenannt."))


def test_a_change_that_is_rolled_back_leaves_nothing_to_index(make_measure: Any) -> None:
    measure = make_measure("Alter Titel")
    with transaction.atomic():
        rename(measure, "Neuer Titel")
        transaction.set_rollback(True)
    assert not OutboxMessage.objects.filter(done_at=None).exists()
    outbox.drain()
    assert "alt" in terms_of("massnahmen", measure.pk)


def test_an_index_that_fails_is_written_later(make_measure: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    measure = make_measure("Alter Titel")

    def broken(*args: object) -> int:
        raise ConnectionError

    rename(measure, "Neuer Name")
    with monkeypatch.context() as patch:
        patch.setattr(sync, "write_terms", broken)
        outbox.drain()
    assert "alt" in terms_of("massnahmen", measure.pk)
    OutboxMessage.objects.update(due_at="2020-01-01T00:00Z")
    outbox.drain()
    assert {"neu", "nam"} <= terms_of("massnahmen", measure.pk)
    assert "alt" not in terms_of("massnahmen", measure.pk)


def test_an_idea_that_is_no_longer_indexed_leaves_both_indexes(make_idea: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    idea = make_idea("Ladesäule")
    source = registry.source("ideen")
    monkeypatch.setitem(
        registry._sources, "ideen", registry.Source(**{**source.__dict__, "indexed": lambda: Idea.objects.none()})
    )
    sync.later(idea)
    outbox.drain()
    assert terms_of("ideen", idea.pk) == set()
    assert not in_wagtails_index(idea)


def test_a_row_that_is_gone_leaves_both_indexes(make_measure: Any) -> None:
    measure = make_measure("Amt-O-Mat")
    pk = measure.pk
    with transaction.atomic():
        sync.later(measure)
        Measure.objects.filter(pk=pk)._raw_delete("default")
    outbox.drain()
    assert terms_of("massnahmen", pk) == set()
    assert not in_wagtails_index(Measure(pk=pk))


def test_a_page_is_found_once_published_and_not_after_it_was_taken_back(make_page: Any, search: Any) -> None:
    page: StandardPage = make_page("Hochwasser", live=False)
    assert search("Hochwasser") == []
    page.save_revision().publish()
    outbox.drain()
    assert search("Hochwasser") == ["Hochwasser"]
    page.refresh_from_db()
    page.title = "Starkregen"
    page.save_revision()
    outbox.drain()
    assert search("Starkregen") == []
    page.unpublish()
    outbox.drain()
    assert search("Hochwasser") == []
    assert terms_of("seiten", page.pk) == set()


def test_a_deleted_page_leaves_no_terms_nor_do_the_pages_below(make_page: Any) -> None:
    page = make_page("Oben")
    below = page.add_child(instance=StandardPage(title="Darunter"))
    outbox.drain()
    assert terms_of("seiten", below.pk)
    page_pk, below_pk = page.pk, below.pk
    page.delete()
    outbox.drain()
    assert terms_of("seiten", page_pk) == terms_of("seiten", below_pk) == set()


def test_rebuilding_restores_both_indexes_and_removes_what_is_gone(make_idea: Any, make_page: Any, make_measure: Any) -> None:
    idea, page, measure = make_idea("Ladesäule"), make_page("Hochwasser"), make_measure("Amt-O-Mat")
    call_command("rebuild_search", verbosity=0)  # adds the page that Wagtail's migrations made
    before = set(SearchTerm.objects.values_list("source", "object_id", "term", "weight"))
    SearchTerm.objects.all().delete()
    get_search_backend().delete(idea)
    SearchTerm.objects.create(source="ideen", object_id=999_999, term="weg", weight=6)
    SearchTerm.objects.create(source="gibtsnicht", object_id=1, term="weg", weight=6)
    out = StringIO()
    call_command("rebuild_search", "--batch", "1", stdout=out)
    assert set(SearchTerm.objects.values_list("source", "object_id", "term", "weight")) == before
    assert all(in_wagtails_index(thing) for thing in (idea, page, measure))
    assert "ideen: 1 geschrieben, 1 entfernt" in out.getvalue()
