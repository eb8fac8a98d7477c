"""Builds the pages of a demo profile from its data files: agenda.yaml, seiten.yaml and, where there is one, englisch.yaml."""

import io
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.utils.text import slugify
from wagtail.documents import get_document_model
from wagtail.images.models import Image
from wagtail.models import Page

from pages.models import (
    AccessibilityPage,
    EventIndexPage,
    EventPage,
    HomePage,
    NewsIndexPage,
    NewsPage,
    Persona,
    ReachLevel,
    StandardPage,
)

from ..models import Place
from . import agenda, settings, translations
from .drawing import DESCRIPTIONS, PATTERNS, draw
from .texts import Row, body, day, easy, moment, rich

PLACE_KINDS = {
    "stadt": Place.Kind.TOWN,
    "gemeinde": Place.Kind.MUNICIPALITY,
    "region": Place.Kind.REGION,
    "raum": Place.Kind.AREA,
}
FILES = Path(__file__).parent / "dateien"  # what profiles share


def build(data: dict[str, Any]) -> HomePage:
    """Settings, places, personas and the whole page tree, in place of Wagtail's welcome page. `data`: the files by name. Gives
    the home page."""
    pages = data["seiten"]
    home = _home(pages["startseite"], pages["site"]["name"])
    settings.make_site(home, pages["site"]["name"])
    settings.fill(pages["site"])
    _choices(pages)
    agenda.build(home, data["agenda"])
    news = home.add_child(
        instance=NewsIndexPage(title="Aktuelles", slug="aktuelles", intro="Was wir gerade tun und was entschieden ist.")
    )
    for order, row in enumerate(pages["aktuelles"]):
        _news(news, row, order)
    _events(home, pages["termine"])
    for row in pages["seiten"]:
        home.add_child(instance=_standard(row))
    home.add_child(instance=_accessibility(pages["barrierefreiheit"]))
    settings.footer(pages["site"].get("fusslinks", []))
    translations.build(home, data["englisch"])
    return home


def _choices(pages: Row) -> None:
    for order, row in enumerate(pages["orte"]):
        Place.objects.create(slug=row["slug"], name=row["name"], kind=PLACE_KINDS[row["art"]], sort_order=order)
    for order, row in enumerate(pages.get("reichweiten", [])):
        ReachLevel.objects.create(
            slug=row["kuerzel"], name=row["name"], least=row["ab"], most=row["bis"], explanation=row["text"], sort_order=order
        )
    for row in pages.get("personas", []):
        Persona.objects.create(name=row["name"], slug=slugify(row["name"]), summary=row["kurz"], text=rich(row.get("mehr")))


def _home(start: Row, name: str) -> HomePage:
    root = Page.get_first_root_node()
    Page.objects.filter(depth=2, slug="home").delete()
    root = Page.objects.get(pk=root.pk)
    home = HomePage(
        title=name,
        slug="start",
        intro_heading=start["ueberschrift"],
        intro=f"{start['einleitung']} {start['aufforderung']}",
        how_it_works=[("step", {"title": step["titel"], "text": step["text"]}) for step in start["ablauf"]],
        easy_language=easy(start.get("leicht")),
    )
    return root.add_child(instance=home)  # type: ignore[no-any-return]


def _document(row: Row) -> Any:
    file = FILES / row["datei"]
    document = get_document_model()(title=row["titel"])
    document.file.save(file.name, ContentFile(file.read_bytes()), save=False)
    document.file_size = file.stat().st_size
    document.save()
    return document


def _news(index: NewsIndexPage, row: Row, order: int) -> None:
    pattern = PATTERNS[order % 3]
    picture = Image(title=f"Muster zu „{row['title']}“")
    picture.file = ImageFile(io.BytesIO(draw(pattern, seed=order + 7)), name=f"{row['slug']}.png")
    picture.save()
    page = NewsPage(
        title=row["title"],
        slug=row["slug"],
        intro=row["einleitung"],
        date=day(row),
        picture=picture,
        picture_alt=DESCRIPTIONS[pattern],
        body=[("paragraph", rich(text)) for text in row["absaetze"]],
    )
    index.add_child(instance=page)
    page.tags.set(row["tags"])
    page.save()


def _events(home: HomePage, data: Row) -> None:
    index = home.add_child(instance=EventIndexPage(title=data["title"], slug="termine", intro=data["einleitung"]))
    for row in data["liste"]:
        index.add_child(
            instance=EventPage(
                title=row["title"],
                slug=row["slug"],
                intro=row["einleitung"],
                starts_at=moment(row, row["von"]),
                ends_at=moment(row, row["bis"]),
                location=row["ort"],
                address=row.get("anschrift", ""),
                access=row.get("zugang", ""),
                body=body(row.get("abschnitte")),
            )
        )


def _standard(row: Row) -> StandardPage:
    page = StandardPage(
        title=row["title"],
        slug=row["slug"],
        intro=row["einleitung"],
        body=body(row["abschnitte"]),
        easy_language=easy(row.get("leicht")),
    )
    if video := row.get("gebaerden"):
        page.sign_video, page.sign_captions = _document(video["video"]), _document(video["untertitel"])
    return page


def _accessibility(row: Row) -> AccessibilityPage:
    return AccessibilityPage(
        title=row["title"],
        slug="barrierefreiheit",
        intro=row["einleitung"],
        law=row["gesetz"],
        conformance=row["stand"],
        barriers=translations.barriers(row["barrieren"]),
        method=row["methode"],
        method_text=row["methode_text"],
        created_on=day(row["erstellt"]),
        reviewed_on=day(row["geprueft"]),
        answer_days=row["antwort_tage"],
        more=rich(row.get("mehr")),
        easy_language=easy(row.get("leicht")),
    )
