"""Every public page of the site, in the states in which a reader meets it.

The list makes itself: one case for every address of the URL resolver and one for every page type. An address that needs an
argument takes it from SAMPLES; without one its case fails and says so, so that a new page can't be forgotten. States that no
address shows by itself (a form with errors, a search without hits) are STATES; both stand in public_states.py.
"""

from collections.abc import Iterator
from typing import Any, NoReturn

from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver
from wagtail.models import get_page_models

from tests import comment_states_moderation, comment_states_reading, competition_states, survey_states
from tests.public_states import SAMPLES, SIGNED_IN, STATES, a_photograph, unconfirmed_idea
from tests.public_ways import Case, Open, Send, Steps, reach_in_browser, reach_with_client

__all__ = [
    "NO_PAGES",
    "SAMPLES",
    "STATES",
    "Case",
    "Open",
    "Send",
    "Steps",
    "a_photograph",
    "all_cases",
    "public_patterns",
    "reach_in_browser",
    "reach_with_client",
    "unconfirmed_idea",
]
LEFT_OUT = ("admin/", "dokumente/", "^dokumente/", "^media/", "static/", "^static/")
# Addresses that answer no page of ours: each with the reason.
NO_PAGES = {
    "healthz": "plain text for machines",
    "readyz": "plain text for machines",
    "farben.css": "a style sheet",
    "robots.txt": "plain text for machines",
    "sitemap.xml": "for machines",
    "sitemap-<slug:section>.xml": "for machines",
    "aktuelles/feed.<str:form>": "a feed",
    "ideen/feed.<str:form>": "a feed",
    "massnahmen/feed.<str:form>": "a feed",
    "fortschritt/fristen.json": "data",
    "fortschritt/fristen.csv": "data",
    "termine/kalender.ics": "a calendar",
    "termine/<slug:slug>/termin.ics": "a calendar",
    "fortschritt/zahlen.json": "data",
    "fortschritt/bericht.xlsx": "a spreadsheet",
    "fortschritt/bericht.pdf": "a PDF",
    "ideen/bild/<uuid:key>/<str:size>/": "a picture",
    "ideen/verfolgen/<number:number>/beleg.pdf": "a PDF",
    "agenda/editionen/<edition:key>/agenda.pdf": "a PDF",
    "agenda/editionen/<edition:key>/agenda.json": "data",
    "wettbewerbe/<slug:slug>/ergebnis/stimmzettel.zip": "an archive",
    "wettbewerbe/<slug:slug>/ergebnis/stimmzettel.jsonl": "data",
    "konto/ideen/<number:number>/": "leads on to the receipt",
    "ideen/aehnlich/": "a piece of the form's page, part of the state „similar ideas“",
    "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/": "no role sets a password for a page",
    "_util/login/": "leads to our own door",
    **competition_states.NO_PAGES,
    **comment_states_moderation.NO_PAGES,
    **survey_states.NO_PAGES,
    **comment_states_reading.NO_PAGES,
    "^((?:[\\w\\-]+/)*)$": "Wagtail's pages: every page type has a case of its own",
}


def public_patterns() -> Iterator[str]:
    """The route of every address outside the back office and the file servers."""

    def walk(patterns: list[Any], prefix: str = "") -> Iterator[str]:
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if route.startswith(LEFT_OUT):
                continue
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, route)
            elif isinstance(pattern, URLPattern):
                yield route

    yield from walk(get_resolver().url_patterns)


def page_types() -> list[type[Model]]:
    """Every page type of ours."""
    return [model for model in get_page_models() if not model.__module__.startswith("wagtail.")]


def derived_cases() -> list[Case]:
    return [
        *(_case_of_route(route) for route in dict.fromkeys(public_patterns()) if route not in NO_PAGES),
        *map(_case_of_type, page_types()),
    ]


def _case_of_route(route: str) -> Case:
    sample = SAMPLES.get(route)
    who = SIGNED_IN.get(route, "")
    if sample is None and "<" not in route and "(" not in route:
        return Case(f"/{route}", lambda: [Open(f"/{route}")], who)
    return Case(f"/{route}", sample or (lambda: _no_sample(route)), who)


def _no_sample(route: str) -> NoReturn:
    raise AssertionError(
        f"The address /{route} has arguments and no sample. Please add one to SAMPLES in tests/public_states.py, or say "
        "in NO_PAGES why it is no page."
    )


def _case_of_type(model: Any) -> Case:
    def steps() -> Steps:
        page = model.objects.live().exact_type(model).first()
        assert page is not None, (
            f"The demo content has no live {model.__name__}. Please add one, so that its template is looked at."
        )
        return [Open(page.url)]

    return Case(f"page type {model.__name__}", steps)


def all_cases() -> list[Case]:
    return [*derived_cases(), *STATES]
