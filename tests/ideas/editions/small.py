"""Frozen agendas made by hand: as small as a test needs them."""

from typing import Any

from wagtail.models import Site

from ideas.editions import freeze
from pages import site
from pages.models import SiteSettings

Data = dict[str, Any]


def measure(slug: str, **fields: Any) -> Data:
    row = {
        "slug": slug, "code": "1.1", "title": slug.title(), "summary": "", "text": "", "kind": "", "status": "idea", "status_name": "Idee",
        "priority_reasons": [], "responsible": "", "partners": "", "time_frame": "", "starts_on": None, "ends_on": None, "budget": "",
        "budget_amount": None, "outside_programme": False, "places": [], "location": "", "note": "", "interfaces": [], "ideas": [],
        "imported": {"status": "", "responsible": "", "time_frame": "", "note": "", "ideas": ""},
    }  # fmt: skip
    return {**row, **fields}


def kpi(name: str, **fields: Any) -> Data:
    row = {
        "name": name, "target": "", "defined": True, "unit": "", "target_value": None, "target_on": None, "baseline": None,
        "baseline_on": None, "note": "", "measure": "", "latest": None,
    }  # fmt: skip
    return {**row, **fields}


def loesung(key: str, **fields: Any) -> Data:
    row = {
        "key": key, "number": 1, "slug": key, "title": key.title(), "intro": "", "sub_goals": [], "answers": [], "target_groups": [],
        "reach": None, "personas": [], "synergies": [], "project_synergies": [], "responsible_units": [], "municipalities": "",
        "partners": [], "kpis": [], "budget_eur": None, "is_sustainable": None, "measures": [],
    }  # fmt: skip
    return {**row, **fields}


def zielbild(key: str, **fields: Any) -> Data:
    row = {
        "key": key, "number": 1, "slug": key, "title": key.title(), "subtitle": "", "intro": "", "colour": "gruen", "goal": "",
        "loesungen": [], "measures": [],
    }  # fmt: skip
    return {**row, **fields}


def idea(number: int, title: str = "Eine Idee", **fields: Any) -> Data:
    return {"number": number, "title": title, "loesung": "", "progress": "", "status_name": "Idee", **fields}


def used(number: int, title: str = "Eine Idee") -> Data:
    """An idea as it stands in a measure."""
    return {"number": number, "title": title, "contribution": "full"}


def agenda(*zielbilder: Data, ideas: list[Data] | None = None) -> Data:
    return {
        "format": freeze.FORMAT, "as_of": "2026-01-01", "region": "Musterregion", "office": "Stabsstelle", "vocabulary": {},
        "title": "Agenda", "intro": "", "themes": [], "zielbilder": list(zielbilder), "ideas": ideas or [],
    }  # fmt: skip


def speak_of_projects(loesung: str = "") -> None:
    """From now on a Maßnahme is called Projekt, and what is planned „Wird geplant“; a Lösung has this masculine name, if any."""
    term = {
        "key": "massnahme", "gender": "n", "singular": "Projekt", "plural": "Projekte", "genitive": "", "dative_plural": "",
        "english": "project", "english_plural": "projects",
    }  # fmt: skip
    name = {"key": "massnahme.in-planung", "name": "Wird geplant", "english": "", "explanation": "", "english_explanation": ""}
    terms = [("term", term)]
    if loesung:
        other = {
            **term,
            "key": "loesung",
            "gender": "m",
            "singular": loesung,
            "plural": loesung,
            "genitive": "",
            "dative_plural": "",
        }
        terms.append(("term", other))
    SiteSettings.objects.update_or_create(
        site=Site.objects.get(is_default_site=True), defaults={"terms": terms, "names": [("name", name)]}
    )
    site.forget()
