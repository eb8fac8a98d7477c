"""Versions of some pages in English (englisch.yaml), made as an editor makes them: Wagtail copies the page, words are put in.
Pages without a version of their own stay German within the English frame."""

from typing import Any

from wagtail.models import Locale, Page

from pages.models import HomePage

from .texts import Row, body, rich


def barriers(rows: list[Row]) -> list[tuple[str, Any]]:
    """What isn't accessible, as blocks: `was`, `warum` (mangel, last, ausnahme) and `stattdessen`."""
    return [
        ("barrier", {"what": row["was"], "reason": row["warum"], "alternative": row.get("stattdessen", ""), "until": None})
        for row in rows
    ]


def _steps(rows: list[Row]) -> list[tuple[str, Any]]:
    return [("step", {"title": row["titel"], "text": row["text"]}) for row in rows]


# Name in the file: field of the page, and what makes it of the words.
FIELDS: dict[str, tuple[str, Any]] = {
    "title": ("title", str),
    "subtitle": ("subtitle", str),
    "einleitung": ("intro", str),
    "ziel": ("goal", str),
    "ueberschrift": ("intro_heading", str),
    "ablauf": ("how_it_works", _steps),
    "abschnitte": ("body", body),
    "gesetz": ("law", str),
    "methode_text": ("method_text", str),
    "barrieren": ("barriers", barriers),
    "mehr": ("more", rich),
}


def build(home: HomePage, data: Row | None) -> None:
    """`data` lists pages by their address, parents first; None where a profile has no second language."""
    if data is None:
        return
    locale, _new = Locale.objects.get_or_create(language_code=data["sprache"])
    for row in data["seiten"]:
        below = row["adresse"].strip("/")
        source = Page.objects.get(url_path=f"{home.url_path}{below}/" if below else home.url_path).specific
        page = source.copy_for_translation(locale)
        for name, value in row.items():
            if name != "adresse":
                field, make = FIELDS[name]
                setattr(page, field, make(value))
        page.full_clean()
        page.save_revision().publish()
