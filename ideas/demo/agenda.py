"""The agenda of a demo profile as pages: its levels, kinds of measures and themes (agenda.yaml). What a region doesn't have,
its file doesn't name."""

from typing import Any

from pages.models import AgendaPage, HomePage, LoesungPage, LoesungSynergy, Persona, ReachLevel, Theme, ZielbildPage

from ..models import Kpi, MeasureKind
from .texts import Row, body, easy, rich

# Long answers of the Steckbrief: name in the file, field of the page.
ANSWERS = {
    "probleme": "problem",
    "modellhaft": "model_character",
    "neu_daran": "novelty",
    "uebertragbar": "transfer",
    "verstetigung": "continuation",
    "betriebsmodell": "operating_model",
    "zusammenarbeit": "cooperation",
    "stadtentwicklung": "urban_development",
    "strategie": "strategy",
}


def build(home: HomePage, data: Row) -> None:
    """The agenda below the home page, with what its pages choose from. Personas and reach levels must be there."""
    for order, row in enumerate(data.get("arten", [])):
        MeasureKind.objects.create(
            name=row["name"], plural=row["mehrzahl"], slug=row["kuerzel"], explanation=row["text"], sort_order=order
        )
    for row in data.get("querschnittsthemen", []):
        Theme.objects.create(number=row["nummer"], title=row["title"], text=row["text"])
    agenda = data["agenda"]
    top = home.add_child(
        instance=AgendaPage(
            title=agenda["title"],
            slug="agenda",
            intro=agenda["intro"],
            body=body(agenda.get("abschnitte")),
            easy_language=easy(agenda.get("leicht")),
            show_in_menus=True,
        )
    )
    loesungen: dict[int, LoesungPage] = {}
    personas = {persona.name: persona for persona in Persona.objects.all()}
    for row in data["zielbilder"]:
        zielbild = top.add_child(instance=_zielbild(row))
        for entry in data["loesungen"]:
            if entry["zielbild"] == row["nummer"]:
                loesungen[entry["nummer"]] = _loesung(zielbild, entry, personas)
    for entry in data["loesungen"]:
        for order, synergy in enumerate(entry.get("synergien", [])):
            LoesungSynergy.objects.create(
                page=loesungen[entry["nummer"]], other=loesungen[synergy["loesung"]], text=synergy["text"], sort_order=order
            )


def _zielbild(row: Row) -> ZielbildPage:
    return ZielbildPage(
        number=row["nummer"],
        title=row["title"],
        slug=row["slug"],
        subtitle=row.get("subtitle", ""),
        intro=row["intro"],
        goal=row.get("ziel", ""),
        colour=row["farbe"],
        easy_language=easy(row.get("leicht")),
    )


def _names(names: list[str] | None) -> list[tuple[str, Any]]:
    return [("name", name) for name in names or []]


def _loesung(zielbild: ZielbildPage, row: Row, personas: dict[str, Persona]) -> LoesungPage:
    page = zielbild.add_child(
        instance=LoesungPage(
            number=row["nummer"],
            title=row["title"],
            slug=row["slug"],
            intro=row.get("kurzbeschreibung", ""),
            sub_goals=_names(row.get("teilziele")),
            target_groups=row.get("zielgruppen", []),
            reach=ReachLevel.objects.get(slug=row["reichweite"]) if row.get("reichweite") else None,
            project_synergies=[
                ("synergy", {"name": s["name"], "text": s["text"]}) for s in row.get("synergien_massnahmen") or []
            ],
            responsible_units=_names(row.get("zustaendig")),
            municipalities=row.get("kommunen") or "",
            partners=_names(row.get("partner")),
            budget_eur=row.get("budget_eur"),
            is_sustainable=row.get("langfristig_tragfaehig"),
            easy_language=easy(row.get("leicht")),
            **{field: rich(row.get(name)) for name, field in ANSWERS.items()},
        )
    )
    page.personas.set([personas[name] for name in row.get("personas", [])])
    page.save()
    for order, kpi in enumerate(row.get("kpis", [])):
        Kpi.objects.create(
            loesung=page,
            name=kpi["name"],
            target=kpi["ziel"],
            defined=kpi["definiert"],
            note=kpi["hinweis"] or "",
            sort_order=order,
        )
    return page
