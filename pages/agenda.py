"""The agenda as a tree, read in two queries."""

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


def loesungen_by_pk() -> dict[int, LoesungPage]:
    """All published Lösungen, each knowing its Zielbild. Two queries."""
    return {loesung.pk: loesung for zielbild in agenda_tree() for loesung in zielbild.loesungen}
