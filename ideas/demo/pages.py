"""Builds the pages of a demo profile from its data files: agenda.yaml and seiten.yaml."""

import io
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.images import ImageFile
from django.utils import timezone
from django.utils.html import escape
from django.utils.text import slugify
from wagtail.images.models import Image
from wagtail.models import Page, Site

from pages.models import (
    AgendaPage,
    HomePage,
    LoesungPage,
    LoesungSynergy,
    NewsIndexPage,
    NewsPage,
    Persona,
    ReachLevel,
    SiteSettings,
    StandardPage,
    ZielbildPage,
)

from ..models import Kpi, Place
from .drawing import draw

PLACE_KINDS = {
    "stadt": Place.Kind.TOWN,
    "verbandsgemeinde": Place.Kind.MUNICIPALITY,
    "kreis": Place.Kind.REGION,
    "raum": Place.Kind.AREA,
}


def rich(text: str | None) -> str:
    """Plain paragraphs as Wagtail's rich text."""
    return "".join(f"<p>{escape(paragraph.strip())}</p>" for paragraph in (text or "").split("\n\n") if paragraph.strip())


def build(agenda: dict[str, Any], pages: dict[str, Any]) -> None:
    """Settings, places, personas and the whole page tree, in place of Wagtail's welcome page."""
    home = _home(pages)
    _settings(pages["site"])
    for order, row in enumerate(pages["orte"]):
        Place.objects.create(slug=row["slug"], name=row["name"], kind=PLACE_KINDS[row["art"]], sort_order=order)
    for order, row in enumerate(pages["reichweiten"]):
        ReachLevel.objects.create(
            slug=row["kuerzel"], name=row["name"], least=row["ab"], most=row["bis"], explanation=row["text"], sort_order=order
        )
    for row in pages["personas"]:
        Persona.objects.create(name=row["name"], slug=slugify(row["name"]), summary=row["kurz"])
    _agenda(home, agenda)
    news = home.add_child(
        instance=NewsIndexPage(title="Aktuelles", slug="aktuelles", intro="Was wir gerade tun und was entschieden ist.")
    )
    for order, row in enumerate(pages["aktuelles"]):
        _news(news, row, order)
    for row in pages["seiten"]:
        _standard(home, row)


def _home(pages: dict[str, Any]) -> HomePage:
    start = pages["startseite"]
    root = Page.get_first_root_node()
    Page.objects.filter(depth=2, slug="home").delete()
    root = Page.objects.get(pk=root.pk)
    home = root.add_child(
        instance=HomePage(
            title=pages["site"]["name"],
            slug="start",
            intro_heading=start["ueberschrift"],
            intro=f"{start['einleitung']} {start['aufforderung']}",
            how_it_works=[("step", {"title": step["titel"], "text": step["text"]}) for step in start["ablauf"]],
        )
    )
    # Wagtail's own mails and previews take their links from here.
    address = urlsplit(settings.BASE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={
            "hostname": address.hostname or "localhost",
            "port": port,
            "root_page": home,
            "site_name": pages["site"]["name"],
        },
    )
    return home


def _settings(row: dict[str, Any]) -> None:
    address = row["anschrift"]
    SiteSettings.objects.update_or_create(
        site=Site.objects.get(is_default_site=True),
        defaults={
            "region_name": row["name"],
            "claim": row["claim"],
            "office": row["kontakt_stelle"],
            "operator": address["stelle"],
            "address": f"{address['strasse']}\n{address['ort']}",
            "email": row["kontakt_email"],
            "phone": row["kontakt_telefon"],
            "responsible_editor": row["kontakt_stelle"],
            "data_protection_contact": row.get("datenschutz_kontakt", ""),
            "enforcement_body": row.get("durchsetzungsstelle", ""),
            "funding_note": row.get("demo_hinweis", ""),
        },
    )


def _agenda(home: HomePage, data: dict[str, Any]) -> None:
    top = home.add_child(
        instance=AgendaPage(title=data["agenda"]["title"], slug="agenda", intro=data["agenda"]["intro"], show_in_menus=True)
    )
    personas = {persona.name: persona for persona in Persona.objects.all()}
    loesungen: dict[int, LoesungPage] = {}
    for row in data["zielbilder"]:
        zielbild = top.add_child(
            instance=ZielbildPage(
                number=row["nummer"],
                title=row["title"],
                slug=row["slug"],
                subtitle=row["subtitle"],
                intro=row["intro"],
                colour=row["farbe"],
            )
        )
        for entry in data["loesungen"]:
            if entry["zielbild"] == row["nummer"]:
                loesungen[entry["nummer"]] = _loesung(zielbild, entry, personas)
    for entry in data["loesungen"]:
        for order, synergy in enumerate(entry["synergien"]):
            LoesungSynergy.objects.create(
                page=loesungen[entry["nummer"]], other=loesungen[synergy["loesung"]], text=synergy["text"], sort_order=order
            )


def _loesung(zielbild: ZielbildPage, row: dict[str, Any], personas: dict[str, Persona]) -> LoesungPage:
    page = zielbild.add_child(
        instance=LoesungPage(
            number=row["nummer"],
            title=row["title"],
            slug=row["slug"],
            intro=row["kurzbeschreibung"],
            problem=rich(row["probleme"]),
            model_character=rich(row["modellhaft"]),
            novelty=rich(row["neu_daran"]),
            transfer=rich(row["uebertragbar"]),
            target_groups=row["zielgruppen"],
            reach=ReachLevel.objects.get(slug=row["reichweite"]) if row["reichweite"] else None,
            project_synergies=[("synergy", {"name": s["name"], "text": s["text"]}) for s in row["synergien_massnahmen"] or []],
            responsible_units=[("name", name) for name in row["kreisverwaltung"] or []],
            municipalities=row["kommunen"] or "",
            partners=[("name", name) for name in row["partner"] or []],
            budget_eur=row["budget_eur"],
            is_sustainable=row["langfristig_tragfaehig"],
            continuation=rich(row["verstetigung"]),
            operating_model=rich(row["betriebsmodell"]),
            cooperation=rich(row["zusammenarbeit"]),
            urban_development=rich(row["stadtentwicklung"]),
            strategy=rich(row["strategie"]),
        )
    )
    page.personas.set([personas[name] for name in row["personas"]])
    page.save()
    for order, kpi in enumerate(row["kpis"]):
        Kpi.objects.create(
            loesung=page,
            name=kpi["name"],
            target=kpi["ziel"],
            defined=kpi["definiert"],
            note=kpi["hinweis"] or "",
            sort_order=order,
        )
    return page


def _news(index: NewsIndexPage, row: dict[str, Any], order: int) -> None:
    pattern = ("ringe", "linien", "netz")[order % 3]
    picture = Image(title=f"Muster zu „{row['title']}“")
    picture.file = ImageFile(io.BytesIO(draw(pattern, seed=order + 7)), name=f"{row['slug']}.png")
    picture.save()
    page = NewsPage(
        title=row["title"],
        slug=row["slug"],
        intro=row["einleitung"],
        date=timezone.localdate() - timedelta(days=row["vor_tagen"]),
        picture=picture,
        picture_alt={
            "ringe": "Zeichnung von Jahresringen",
            "linien": "Zeichnung von Linien mit Haltepunkten",
            "netz": "Zeichnung von verbundenen Punkten",
        }[pattern],
        body=[("paragraph", rich(text)) for text in row["absaetze"]],
    )
    index.add_child(instance=page)
    page.tags.set(row["tags"])
    page.save()


def _standard(home: HomePage, row: dict[str, Any]) -> None:
    body: list[tuple[str, Any]] = []
    for section in row["abschnitte"]:
        body.append(("heading", section["ueberschrift"]))
        body += [("paragraph", rich(text)) for text in section.get("absaetze", [])]
        if section.get("baustein"):
            body.append((section["baustein"], None))
    home.add_child(instance=StandardPage(title=row["title"], slug=row["slug"], intro=row["einleitung"], body=body))
