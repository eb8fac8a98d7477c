"""The agenda as a tree, read in two queries."""

from collections.abc import Iterable
from typing import Any

from .models import LoesungPage, ZielbildPage


def agenda_tree() -> list[ZielbildPage]:
    """The published Zielbilder in order, each with `.loesungen`; each Lösung knows its `.zielbild`. Two queries."""
    zielbilder = list(ZielbildPage.objects.live().order_by("number"))
    by_path = {zielbild.path: zielbild for zielbild in zielbilder}
    for zielbild in zielbilder:
        zielbild.loesungen = []
    for loesung in LoesungPage.objects.live().order_by("number"):
        zielbild = by_path.get(loesung.path[: -loesung.steplen])
        if zielbild is not None:
            loesung.zielbild = zielbild
            zielbild.loesungen.append(loesung)
    return zielbilder


def attach_loesungen(things: Iterable[Any], tree: list[ZielbildPage]) -> None:
    """Give every thing with a `loesung` the one from the tree, which knows its Zielbild. No query."""
    loesungen = {loesung.pk: loesung for zielbild in tree for loesung in zielbild.loesungen}
    for thing in things:
        if thing.loesung_id in loesungen:
            thing.loesung = loesungen[thing.loesung_id]
