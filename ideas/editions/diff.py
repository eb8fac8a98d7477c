"""What changed from one edition to the next, worked out from the frozen data of both. Knows no database.

A measure is the same as long as its slug is, a page as long as its translation key is, a figure as long as its Lösung and name
are, an idea as long as its number is. Something can change in several ways and stands under each.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from pages.words import words

from ..workflow import MeasureStatus
from .agenda import completed
from .freeze import loesungen_of, measures_of
from .reading import amount, day, money, period, reach_line

Data = dict[str, Any]
_ORDER = [status.value for status in MeasureStatus]


@dataclass(frozen=True)
class Change:
    """One field: what it is called, how it read and how it reads."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Item:
    """One thing that changed. `where`: what it belongs to; `slug`: the Lösung whose page in the newer edition shows it."""

    name: str
    where: str = ""
    slug: str = ""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Section:
    """All items that changed in one way. `key` is its anchor on the page."""

    key: str
    title: str
    items: tuple[Item, ...]

    @property
    def count(self) -> int:
        return len(self.items)


@dataclass(frozen=True)
class Diff:
    """Everything that differs, in the order in which the page tells it."""

    sections: tuple[Section, ...]

    @property
    def found(self) -> list[Section]:
        return [section for section in self.sections if section.items]

    def of(self, key: str) -> tuple[Item, ...]:
        """The items of the section with this key."""
        return next(section.items for section in self.sections if section.key == key)


def diff(before: Data, after: Data) -> Diff:
    """What the data `after` differ in from the data `before`."""
    before, after = completed(before), completed(after)
    return Diff((*_measures(before, after), *_levels(before, after), *_kpis(before, after), *_ideas(before, after)))


# --- measures ---------------------------------------------------------------------------------------------------------


def _placed(data: Data) -> dict[str, Data]:
    """Measures by slug, each with the level above it."""
    found = {}
    for zielbild in data["zielbilder"]:
        for holder in [*zielbild["loesungen"], zielbild]:
            for measure in holder["measures"]:
                own = holder is not zielbild
                place = f"{holder['number']} {holder['title']}" if own else zielbild["title"]
                found[measure["slug"]] = {
                    **measure,
                    "where": place,
                    "page": holder["slug"] if own else "",
                    "above": holder["key"],
                }
    return found


def _measures(before: Data, after: Data) -> Iterable[Section]:
    old, new = _placed(before), _placed(after)
    both = [(old[slug], new[slug]) for slug in new if slug in old]

    def moved(step: Callable[[int, int], bool]) -> tuple[Item, ...]:
        return tuple(
            _item(now, (Change(_("Stand"), then["status_name"], now["status_name"]),))
            for then, now in both
            if {then["status"], now["status"]} <= set(_ORDER)
            and step(_ORDER.index(then["status"]), _ORDER.index(now["status"]))
        )

    yield Section("neu", _("Neue %(pl_massnahme)s") % words, tuple(_item(new[slug]) for slug in new if slug not in old))
    yield Section("weiter", _("%(Pl_massnahme)s, die weiter sind") % words, moved(lambda then, now: now > then))
    yield Section("zurueck", _("%(Pl_massnahme)s, die zurückgestuft sind") % words, moved(lambda then, now: now < then))
    gone = tuple(_item(old[slug], here=False) for slug in old if slug not in new)
    yield Section("entfallen", _("%(Pl_massnahme)s, die entfallen sind") % words, gone)
    ways = (
        ("worte", _("Anders beschriebene %(pl_massnahme)s") % words, _wording),
        ("platz", _("%(Pl_massnahme)s mit anderer Nummer oder anderem Platz") % words, _place),
        ("angaben", _("Andere Zuständigkeit, Zeiten, Mittel und Angaben"), _details),
    )
    for key, title, fields in ways:
        yield Section(key, title, _changed(both, fields, _item))


def _item(measure: Data, changes: tuple[Change, ...] = (), *, here: bool = True) -> Item:
    return Item(f"{measure['code']} {measure['title']}", measure["where"], measure["page"] if here else "", changes)


Fields = Callable[[Data], Iterable[tuple[str, str]]]


def _changed(
    pairs: Iterable[tuple[Data, Data]], fields: Fields, item: Callable[[Data, tuple[Change, ...]], Item]
) -> tuple[Item, ...]:
    found = []
    for then, now in pairs:
        old, new = dict(fields(then)), dict(fields(now))
        labels = [*new, *[label for label in old if label not in new]]
        changes = tuple(
            Change(label, old.get(label, ""), new.get(label, ""))
            for label in labels
            if old.get(label, "") != new.get(label, "")
        )
        if changes:
            found.append(item(now, changes))
    return tuple(found)


def _wording(measure: Data) -> Iterable[tuple[str, str]]:
    yield _("Titel"), measure["title"]
    yield _("Kurzbeschreibung"), measure["summary"]
    yield _("Beschreibung"), measure["text"]
    yield _("Hinweis"), measure["note"]


def _place(measure: Data) -> Iterable[tuple[str, str]]:
    yield _("Nummer"), measure["code"]
    # The key of the level above, so that its new title alone is no move.
    yield _("Platz"), _Placed(measure["where"], measure["above"])


class _Placed(str):
    """The name of a place; two are the same if they have the same key."""

    key: str

    def __new__(cls, name: str, key: str) -> "_Placed":
        placed = super().__new__(cls, name)
        placed.key = key
        return placed

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Placed) and self.key == other.key

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.key)


def _details(measure: Data) -> Iterable[tuple[str, str]]:
    yield _("Zuständig"), measure["responsible"]
    yield _("Partner"), measure["partners"]
    yield _("Zeitraum"), ", ".join(period(measure))
    yield _("Budget"), ", ".join(line for line in (money(measure["budget_amount"]), measure["budget"]) if line)
    yield _("Förderung"), _("Außerhalb des Förderprogramms") if measure["outside_programme"] else ""
    yield words["Art"], measure["kind"]
    yield _("Warum zuerst"), ", ".join(measure["priority_reasons"])
    yield _("Orte"), ", ".join([*measure["places"], *([measure["location"]] if measure["location"] else [])])
    yield _("Schnittstellen"), ", ".join(one["title"] for one in measure["interfaces"])
    kept = measure["imported"]
    yield _("Zuständig im Wortlaut der Quelle"), kept["responsible"]
    yield _("Zeitraum im Wortlaut der Quelle"), kept["time_frame"]
    yield _("Hinweis im Wortlaut der Quelle"), kept["note"]


# --- the levels above -------------------------------------------------------------------------------------------------


def _levels(before: Data, after: Data) -> Iterable[Section]:
    kinds: tuple[tuple[str, str, Callable[[Data], list[Data]], Fields], ...] = (
        ("zielbild", "Pl_zielbild", lambda data: data["zielbilder"], _zielbild),
        ("loesung", "Pl_loesung", loesungen_of, _loesung),
    )
    for kind, plural, rows, fields in kinds:
        old, new = ({row["key"]: row for row in rows(data)} for data in (before, after))
        name = words[plural]
        yield Section(
            f"{kind}-neu", _("Neue %(things)s") % {"things": name}, tuple(_level(new[key]) for key in new if key not in old)
        )
        gone = tuple(Item(f"{old[key]['number']} {old[key]['title']}") for key in old if key not in new)
        yield Section(f"{kind}-entfallen", _("%(things)s, die entfallen sind") % {"things": name}, gone)
        both = [(_asked_alike(old[key], new[key]), new[key]) for key in new if key in old]
        yield Section(f"{kind}-worte", _("Anders beschriebene %(things)s") % {"things": name}, _changed(both, fields, _level))


def _asked_alike(then: Data, now: Data) -> Data:
    """The older row with the newer headings of its answers: an answer is the same as long as its field is."""
    labels = {answer["field"]: answer["label"] for answer in now.get("answers", [])}
    if not labels:
        return then
    answers = [{**answer, "label": labels.get(answer["field"], answer["label"])} for answer in then["answers"]]
    return {**then, "answers": answers}


def _level(row: Data, changes: tuple[Change, ...] = ()) -> Item:
    return Item(f"{row['number']} {row['title']}", slug=row["slug"] if "answers" in row else "", changes=changes)


def _zielbild(row: Data) -> Iterable[tuple[str, str]]:
    yield _("Nummer"), str(row["number"])
    yield _("Titel"), row["title"]
    yield _("Untertitel"), row["subtitle"]
    yield _("Einleitung"), row["intro"]
    yield words["Ziel"], row["goal"]


def _loesung(row: Data) -> Iterable[tuple[str, str]]:
    yield _("Nummer"), str(row["number"])
    yield _("Titel"), row["title"]
    yield _("Kurzbeschreibung"), row["intro"]
    yield words["Pl_teilziel"], "; ".join(row["sub_goals"])
    for answer in row["answers"]:
        yield answer["label"], plain(answer["html"])
    yield _("Zielgruppen"), ", ".join(row["target_groups"])
    yield _("Reichweite"), reach_line(row["reach"])
    yield _("Personas"), ", ".join(one["name"] for one in row["personas"])
    yield _("Synergien"), ", ".join(f"{one['title']}: {one['text']}" for one in row["synergies"])
    yield _("Bestehende Projekte"), ", ".join(f"{one['name']}: {one['text']}" for one in row["project_synergies"])
    yield words["Verwaltung"], ", ".join(row["responsible_units"])
    yield words["Pl_kommunen"], row["municipalities"]
    yield _("Weitere Partner"), ", ".join(row["partners"])
    yield _("Budget"), money(row["budget_eur"])
    yield _("Langfristig tragfähig"), {True: _("ja"), False: _("nein")}.get(row["is_sustainable"], "")


def plain(html: str) -> str:
    """The text of an answer without its marks."""
    return " ".join(unescape(strip_tags(html.replace("</p>", " ").replace("</li>", " "))).split())


# --- figures and ideas ------------------------------------------------------------------------------------------------


def _figures(data: Data) -> dict[tuple[str, str, int], Data]:
    found: dict[tuple[str, str, int], Data] = {}
    for loesung in loesungen_of(data):
        for kpi in loesung["kpis"]:
            again = sum(key[:2] == (loesung["key"], kpi["name"]) for key in found)
            place = {"where": f"{loesung['number']} {loesung['title']}", "page": loesung["slug"]}
            found[loesung["key"], kpi["name"], again] = {**kpi, **place}
    return found


def _figure(kpi: Data, changes: tuple[Change, ...] = ()) -> Item:
    return Item(kpi["name"], kpi["where"], kpi["page"], changes)


def _kpis(before: Data, after: Data) -> Iterable[Section]:
    old, new = _figures(before), _figures(after)
    both = [(old[key], new[key]) for key in new if key in old]
    yield Section("kennzahl-neu", _("Neue Kennzahlen"), tuple(_figure(new[key]) for key in new if key not in old))
    gone = tuple(Item(old[key]["name"], old[key]["where"]) for key in old if key not in new)
    yield Section("kennzahl-entfallen", _("Kennzahlen, die entfallen sind"), gone)
    yield Section(
        "kennzahl-ziel", _("Kennzahlen mit anderem Ziel"), _changed([_comparable(*pair) for pair in both], _target, _figure)
    )
    yield Section("kennzahl-wert", _("Kennzahlen mit neuem Wert"), _changed(both, _value, _figure))


def _comparable(then: Data, now: Data) -> tuple[Data, Data]:
    """The same words with a number beside them for the first time are no other target."""
    same_words = (then["target"], then["defined"]) == (now["target"], now["defined"])
    if same_words and then["target_value"] is None:
        names = ("target_value", "unit")
        return {**then, **{name: now[name] for name in names}}, now
    return then, now


def _target(kpi: Data) -> Iterable[tuple[str, str]]:
    yield _("Ziel"), kpi["target"] if kpi["defined"] else _("steht noch nicht fest")
    yield _("Ziel als Zahl"), amount(kpi["target_value"], kpi["unit"])
    yield _("Ziel bis"), day(kpi["target_on"])
    yield _("Ausgangswert"), " ".join(part for part in (amount(kpi["baseline"], kpi["unit"]), day(kpi["baseline_on"])) if part)


def _value(kpi: Data) -> Iterable[tuple[str, str]]:
    latest = kpi["latest"]
    yield _("Letzter Wert"), f"{amount(latest['value'], kpi['unit'])} ({day(latest['on'])})" if latest else ""


def _ideas(before: Data, after: Data) -> Iterable[Section]:
    used = {idea["number"] for measure in measures_of(before) for idea in measure["ideas"]}
    now_used: dict[int, Item] = {}
    for measure in _placed(after).values():
        for idea in measure["ideas"]:
            if idea["number"] not in used and idea["number"] not in now_used:
                now_used[idea["number"]] = Item(_idea(idea), f"{measure['code']} {measure['title']}", measure["page"])
    old, new = ({idea["number"]: idea for idea in data["ideas"]} for data in (before, after))
    yield Section(
        "idee-massnahme",
        _("Ideen, aus denen %(pl_massnahme)s wurden") % words,
        tuple(now_used[number] for number in sorted(now_used)),
    )
    yield Section("idee-neu", _("Neu behaltene Ideen"), tuple(Item(_idea(new[number])) for number in new if number not in old))
    yield Section(
        "idee-entfallen",
        _("Ideen, die nicht mehr dabei sind"),
        tuple(Item(_idea(old[number])) for number in old if number not in new),
    )


def _idea(idea: Data) -> str:
    if idea["removed"]:
        return _("Idee %(number)s (zurückgezogen, Titel gelöscht)") % {"number": idea["number"]}
    return _("Idee %(number)s: %(title)s") % {"number": idea["number"], "title": idea["title"]}
