"""Things that can be found, made the way the site makes them."""

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, Site

from accounts.models import User
from common import outbox
from ideas import actions
from ideas.models import Idea, Measure
from ideas.workflow import Channel
from pages.models import AgendaPage, HomePage, NewsIndexPage, NewsPage, StandardPage, ZielbildPage

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def make_idea(db: None) -> Callable[..., Idea]:
    numbers = count(501)

    def make(title: str, text: str = "Bitte umsetzen.", *, number: int | None = None, tags: tuple[str, ...] = ()) -> Idea:
        """A public idea, in the index already."""
        imported = actions.ImportedIdea(number or next(numbers), title, text, None, Channel.WEBSITE, NOW)
        idea = actions.import_kept(imported)
        idea.tags.set(tags)
        outbox.drain()
        return idea

    return make


@pytest.fixture
def hidden_idea(db: None) -> Callable[[str], Idea]:
    def make(title: str) -> Idea:
        """Handed in, not released."""
        user = User.objects.create_user(email=f"{uuid.uuid4().hex}@example.org")
        idea, _new = actions.submit(actions.Submission(title, "Text", uuid.uuid4(), user=user), now=NOW)
        outbox.drain()
        return idea

    return make


@pytest.fixture
def home(db: None) -> HomePage:
    page = Page.get_first_root_node().add_child(instance=HomePage(title="Startseite", intro_heading="Hallo", slug="start"))
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "testserver", "root_page": page})
    return page


@pytest.fixture
def make_page(home: HomePage) -> Callable[..., StandardPage]:
    def make(title: str, intro: str = "", *, live: bool = True) -> StandardPage:
        page = home.add_child(instance=StandardPage(title=title, intro=intro, live=live))
        outbox.drain()
        return page

    return make


@pytest.fixture
def make_news(home: HomePage) -> Callable[..., NewsPage]:
    def make(title: str, *, tags: tuple[str, ...] = (), live: bool = True) -> NewsPage:
        index = NewsIndexPage.objects.first() or home.add_child(instance=NewsIndexPage(title="Aktuelles"))
        page = index.add_child(instance=NewsPage(title=title, live=live))
        page.tags.set(tags)
        page.save()
        outbox.drain()
        return page

    return make


@pytest.fixture
def make_measure(home: HomePage) -> Callable[..., Measure]:
    codes = count(1)

    def make(title: str, *, code: str = "", tags: tuple[str, ...] = ()) -> Measure:
        agenda = AgendaPage.objects.first() or home.add_child(instance=AgendaPage(title="Agenda"))
        zielbild = ZielbildPage.objects.first() or agenda.add_child(instance=ZielbildPage(title="Mobil", number=1))
        number = next(codes)
        measure = Measure.objects.create(title=title, slug=f"m{number}", code=code or f"9.{number}", zielbild=zielbild)
        measure.tags.set(tags)
        from search import sync

        sync.later(measure)
        outbox.drain()
        return measure

    return make


@pytest.fixture
def search(client: Client, db: None) -> Callable[[str], list[str]]:
    """The titles that /suche/ shows for a query."""

    def ask(query: str) -> list[str]:
        groups = client.get("/suche/", {"q": query}).context["groups"]
        return [result.title for group in groups for result in group.results]

    return ask


@pytest.fixture
def queries() -> Iterator[CaptureQueriesContext]:
    with CaptureQueriesContext(connection) as captured:
        yield captured
