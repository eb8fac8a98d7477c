"""Who writes pages here reads German: no English sentence, label or button on the way of an editor."""

import html
import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Site

from accounts.models import User
from pages.models import HomePage, LoesungPage, NewsIndexPage, Persona, ReachLevel, ZielbildPage
from participation import actions as take_part
from participation.phases import Phase
from tests.factories import UserFactory
from tests.factories.participation import competition, entry, guest

# Words that stand in an English sentence or on an English button, and in no German one.
ENGLISH = re.compile(
    r"\b(the|this|that|your|you|and|with|have|has|from|cannot|should|are|been|when|there|which|into|than|before|after|please|"
    r"add|edit|delete|save|publish|published|unpublish|page|pages|select|choose|search|results|created|updated|cancel|close|"
    r"submit|draft|preview|history|usage|required|dashboard|settings|locale|breadcrumb|of|for|is|or|by|not|no|yes|more)\b",
    re.IGNORECASE,
)
# Wagtail 8.0 writes it into a template without blocks: a button that only shows where styles are off.
KNOWN = {"/admin/choose-page/": ["Search"]}
# Names and words of computers.
LET_PASS = re.compile(r"[\w./-]*[/_#.][\w./#-]*|Los geht's|wagtail\.\w+|MYK is changing")  # the last: a page's English title


def readable(body: str) -> list[str]:
    """What somebody reads or hears of an admin page: its text and the names of its controls."""
    body = re.sub(r"<!--.*?-->|<svg.*?</svg>|<(script|style)[^>]*>.*?</\1>", " ", body, flags=re.DOTALL)
    named = re.findall(r'\s(?:aria-label|title|placeholder|alt)="([^"]+)"', body)
    named += re.findall(r'<(?:input|button)[^>]*type="(?:submit|button)"[^>]*value="([^"]+)"', body)
    # A tag ends at the first > outside of its attributes.
    text = re.sub(r"<[a-zA-Z/!](?:\"[^\"]*\"|'[^']*'|[^>\"'])*>", "\n", body)
    return [html.unescape(piece).strip() for piece in [*text.split("\n"), *named] if piece.strip()]


def english(body: str) -> list[str]:
    """The pieces that read like English."""
    return [piece for piece in readable(body) if ENGLISH.search(LET_PASS.sub(" ", piece)) and not re.search(r"[äöüß„]", piece)]


def test_the_test_knows_english_from_german() -> None:
    assert english("<p>Choose a page</p>") == ["Choose a page"]
    assert english('<button aria-label="Close dialog">x</button>') == ["Close dialog"]
    assert english('<input type="submit" value="Save draft">') == ["Save draft"]
    assert english('<p title="Was ist das hier?" data-x="a > this">Status der Seite: wagtail.edit, #the-page</p>') == []


def addresses() -> list[str]:
    """The editor's way: start, tree, a new page, a page with its history and its leave, reports, pictures, papers, snippets."""
    zielbild, home = (
        ZielbildPage.objects.get(number=1, locale__language_code="de"),
        HomePage.objects.get(locale__language_code="de"),
    )
    page = LoesungPage.objects.get(number=3, locale__language_code="de")
    page.save_revision()
    of_page = ("edit", "history", "delete", "copy", "move", "unpublish", "usage")
    lists = [
        f"wagtailsnippets_pages_{model._meta.model_name}:{view}" for model in (Persona, ReachLevel) for view in ("list", "add")
    ]
    reports = ("locked_pages", "workflow", "workflow_tasks", "site_history", "aging_pages", "page_types_usage")
    return [
        *(reverse(name) for name in ("wagtailadmin_home", "wagtailadmin_account", "wagtailsnippets:index", "everybody_report")),
        *(reverse("wagtailadmin_explore", args=[parent.pk]) for parent in (home, zielbild)),
        reverse("wagtailadmin_pages:add_subpage", args=[zielbild.pk]),
        reverse("wagtailadmin_pages:add", args=["pages", "loesungpage", zielbild.pk]),
        reverse("wagtailadmin_pages:add", args=["pages", "newspage", NewsIndexPage.objects.get(locale__language_code="de").pk]),
        *(reverse(f"wagtailadmin_pages:{view}", args=[page.pk]) for view in of_page),
        reverse("wagtailadmin_pages:search") + "?q=bus",
        *(reverse(f"wagtailadmin_reports:{report}") for report in reports),
        *(reverse(f"{app}:{view}") for app in ("wagtailimages", "wagtaildocs") for view in ("index", "add", "add_multiple")),
        *(reverse(name) for name in lists),
        *(reverse(name) for name in ("wagtailadmin_choose_page", "wagtailimages_chooser:choose", "wagtaildocs_chooser:choose")),
        reverse("simple_translation:submit_page_translation", args=[page.pk]),
        reverse("wagtailsettings:edit", args=["pages", "sitesettings", Site.objects.get().pk]),
    ]


@pytest.mark.usefixtures("demo")
def test_an_editor_reads_german_and_nothing_else() -> None:
    client = Client()
    client.force_login(User.objects.get(email="redaktion@example.org"), backend="django.contrib.auth.backends.ModelBackend")
    seen, found = 0, {}
    for address in addresses():
        response: Any = client.get(address)
        if response.status_code == 302:  # not for this role
            continue
        assert response.status_code == 200, address
        body = response.content.decode()
        if response["Content-Type"].startswith("application/json"):
            body = json.loads(body).get("html") or ""
        seen += 1
        if pieces := english(body):
            found[address] = pieces
    assert found == KNOWN
    assert seen >= 33


@pytest.mark.django_db
def test_the_lead_reads_german_at_the_desk_of_competitions() -> None:
    client = Client()
    client.force_login(UserFactory(lead=True), backend="django.contrib.auth.backends.ModelBackend")
    own = competition(Phase.VOTING, title="Wettbewerb", voting="support")
    own.page.save_revision()
    liked = entry(own)
    for _each in range(10):
        take_part.give(own, guest(), liked, network="ein Netz")
    of_competition = ("competition", "setup", "quarantine", "count")
    addresses = [
        *(reverse(f"competitions_desk:{name}") for name in ("index", "new")),
        *(reverse(f"competitions_desk:{name}", args=[own.pk]) for name in of_competition),
    ]
    found = {address: english(client.get(address).content.decode()) for address in addresses}
    assert {address: pieces for address, pieces in found.items() if pieces} == {}
    for name in ("new", "setup"):
        address = reverse(f"competitions_desk:{name}", args=[own.pk] if name == "setup" else [])
        response = client.post(address, {})
        assert (response.status_code, english(response.content.decode())) == (422, [])


@pytest.mark.usefixtures("demo")
def test_who_publishes_too_early_reads_german_too() -> None:
    client = Client()
    client.force_login(User.objects.get(email="redaktion@example.org"), backend="django.contrib.auth.backends.ModelBackend")
    zielbild = ZielbildPage.objects.get(number=1, locale__language_code="de")
    counts = {f"{name}-{part}": "0" for name in ("kpis", "synergies", "comments") for part in ("TOTAL_FORMS", "INITIAL_FORMS")}
    streams = ("sub_goals", "partners", "responsible_units", "project_synergies")
    data = {
        **counts,
        **{f"{name}-count": "0" for name in streams},
        "title": "",
        "slug": "",
        "number": "",
        "action-publish": "1",
    }
    response = client.post(reverse("wagtailadmin_pages:add", args=["pages", "loesungpage", zielbild.pk]), data)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert english(response.content.decode()) == []
