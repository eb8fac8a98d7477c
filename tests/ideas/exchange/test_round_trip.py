"""What was exported comes back: the same bytes, the same pages."""

import json
import re
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection
from django.test import Client

from common.models import OutboxMessage
from ideas import actions
from ideas.demo import registry
from ideas.exchange.export import export
from ideas.models import Idea, Measure
from tests import database_state

from .stocked import SECRET, stock

# What a form is told apart by is drawn anew each time it is shown.
ALWAYS_DIFFERENT = re.compile(r'name="(csrfmiddlewaretoken|submission_key|started)" value="[^"]+"|nonce="[^"]+"')


def files(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def crawl(start: str = "/") -> dict[str, str]:
    """Every public page that a reader can come to by links, filters and pages of lists included once each."""
    client, pages, waiting = Client(), {}, [start]
    while waiting:
        address = waiting.pop()
        if address in pages:
            continue
        response = client.get(address)
        is_page = response.get("Content-Type", "").startswith("text/html")
        text = ALWAYS_DIFFERENT.sub("", response.content.decode()) if is_page else ""
        pages[address] = f"{response.status_code} {response.get('Location', '')} {text}"
        links = {link.replace("&amp;", "&").partition("#")[0] for link in re.findall(r'href="(/[^"]*)"', text)}
        waiting += [link for link in links if _is_worth_a_visit(link)]
    return pages


def _is_worth_a_visit(link: str) -> bool:
    # The quota counts answers to ideas that are not public as well, which no public export may hold.
    if link.startswith("/fortschritt/"):
        return False
    # A form, whose guards are others each time.
    if link.endswith("/schreiben/") or link.startswith("/kontakt/"):
        return False
    # Drawn from data that are compared anyway, and slowly.
    if link.endswith(".pdf"):
        return False
    # The English frame stands around the same data; the form for barriers differs by the page that it was opened from.
    if link.startswith(("/en/", "/barrierefreiheit/melden/")):
        return False
    # Combinations of filters have no end; one page of each list, and its further pages, are enough.
    return not link.startswith(("/static/", "/media/", "/admin/", "/konto/", "/suche/")) and link.count("&") == 0


def _count_keys_anew() -> None:
    """As in a database of its own: the rows that are gone have taken keys from PostgreSQL's sequences."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(apps.get_models(include_auto_created=True))):
            cursor.execute(statement)


@pytest.fixture
def stocked_and_then_agenda_only(transactional_db, tmp_path, settings, monkeypatch):
    """The demo with every kind of row is exported and crawled; then the database holds the agenda's pages alone."""
    # The export is of ideas and measures: competitions and votes stay where they are.
    monkeypatch.setattr(registry, "feature_builders", [])
    settings.MEDIA_ROOT = str(tmp_path / "media")
    _count_keys_anew()
    empty = database_state.keep("before_round_trip")
    call_command("load_demo", password="Nur-für-Tests-2026", stdout=StringIO())
    stock()
    call_command("rebuild_search", verbosity=0)
    export(tmp_path / "one", staff=True)
    pages = crawl()
    numbers = set(Idea.objects.public().values_list("number", flat=True))
    empty.restore()
    _count_keys_anew()
    settings.MEDIA_ROOT = str(tmp_path / "media again")
    call_command("load_demo", "--agenda-only", password="Nur-für-Tests-2026", stdout=StringIO())
    return tmp_path / "one", pages, numbers


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_an_export_comes_back_byte_by_byte_and_page_by_page(stocked_and_then_agenda_only, tmp_path):
    folder, pages, numbers = stocked_and_then_agenda_only
    shutil.move(folder / "intern", tmp_path / "intern")
    first = files(folder)
    records = json.loads(first["pulsehub.json"])["tables"]
    assert [name for name, rows in records.items() if not rows] == [], "every table has rows, or the test shows nothing"
    assert not [name for name, content in first.items() if SECRET.encode() in content], "what only staff may read is not in it"
    inside = files(tmp_path / "intern")
    assert all(
        SECRET.encode() in inside[f"{name}.csv"]
        for name in ("absender", "fassungen", "notizen", "schritte_intern", "bewertungen")
    )

    assert not Idea.objects.exists()
    assert not Measure.objects.exists()
    mails = OutboxMessage.objects.filter(kind__startswith="mail").count()
    call_command("import_ideas", folder, stdout=StringIO())
    assert OutboxMessage.objects.filter(kind__startswith="mail").count() == mails
    assert set(Idea.objects.public().values_list("number", flat=True)) == numbers
    assert actions.next_number() == max(numbers) + 1

    export(tmp_path / "two")
    second = files(tmp_path / "two")
    assert sorted(second) == sorted(first)
    assert [name for name in first if first[name] != second[name]] == []

    again = crawl()
    assert sorted(again) == sorted(pages)
    assert differences(pages, again) == []
    assert len(pages) > 150


def differences(one, two):
    """The first line of each page that isn't the same."""
    found = []
    for address in sorted(one):
        lines = zip(one[address].splitlines(), two[address].splitlines(), strict=False)
        found += [(address, *pair) for pair in lines if pair[0] != pair[1]][:1]
        assert found or one[address] == two[address]
    return found
