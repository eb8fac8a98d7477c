"""The live agenda as data, with the words and states of the moment, so that nothing that is renamed later touches it.

What names things is what stays: pages by their translation key, measures by the slug of their address, figures by their Lösung
and name, ideas by their number. The texts are those of the default language, rich text is finished HTML. The number of queries
doesn't grow with the agenda.
"""

import hashlib
import json
from collections import defaultdict
from dataclasses import asdict
from datetime import date
from typing import Any

import nh3
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Prefetch
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from pages import site, steckbrief, words
from pages.models import AgendaPage, LoesungPage, LoesungSynergy, Theme, ZielbildPage
from pages.words import Name, Term, Vocabulary

from ..families import fullest_links
from ..models import Idea, Kpi, Measure, MeasureIdea, PriorityReason
from ..workflow import IDEA_STATES, MEASURE_STATES, Status, public_state
from .links import with_addresses

FORMAT = 1
# Beside the pages of single Lösungen stand others at the same level (ideas/urls.py).
TAKEN_SLUGS = {"ideen", "aenderungen", "druck", "folgen"}
_TAGS = {"p", "br", "b", "i", "strong", "em", "a", "ul", "ol", "li"}


def freeze(as_of: date | None = None) -> dict[str, Any]:
    """The agenda as it stands now. `as_of` is the day that the edition names as that of its data; today by default.

    Raises Incomplete: measures hang on an unpublished page and would be missing.
    """
    with translation.override(settings.LANGUAGE_CODE):
        return _Freezing().everything(as_of or timezone.localdate())


def canonical(data: dict[str, Any]) -> str:
    """The one way to write these data as JSON: sorted keys, no blanks, so that the same data always give the same hash."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), cls=DjangoJSONEncoder)


def hash_of(data: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(data).encode()).hexdigest()


def vocabulary_of(data: dict[str, Any]) -> Vocabulary:
    """The words in which these data were frozen; those of the house for whatever they don't name."""
    kept = data.get("vocabulary", {})
    terms = {key: Term(**term) for key, term in kept.get("terms", {}).items()}
    return Vocabulary({**words.TERMS, **terms}, {key: Name(**name) for key, name in kept.get("names", {}).items()})


def clean_html(html: str) -> str:
    """The HTML of an answer with nothing in it but text, lists and links."""
    return nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto", "tel"})


def loesungen_of(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [loesung for zielbild in data.get("zielbilder", []) for loesung in zielbild["loesungen"]]


def measures_of(data: dict[str, Any]) -> list[dict[str, Any]]:
    """All measures, in the order in which the edition shows them."""
    found = []
    for zielbild in data.get("zielbilder", []):
        for holder in [*zielbild["loesungen"], zielbild]:
            found += holder["measures"]
    return found


class Incomplete(Exception):
    """Something public would be missing. The text is for the person who wants to freeze."""


class _Freezing:
    """One run: reads every table once and puts the rows together."""

    def __init__(self) -> None:
        code = settings.LANGUAGE_CODE
        self.zielbilder = list(_pages(ZielbildPage, code))
        self.loesungen = list(_pages(LoesungPage, code).select_related("reach"))
        self.keys = {page.pk: str(page.translation_key) for page in [*self.zielbilder, *self.loesungen]}
        self.by_pk = {page.pk: page for page in self.loesungen}
        self.slugs = _slugs(self.loesungen)
        self.answers = _answers(self.loesungen)
        self.personas = self._personas()
        self.synergies = self._synergies()
        self.kpis: dict[int, list[dict[str, Any]]] = defaultdict(list)
        self.measures: dict[tuple[int, int | None], list[dict[str, Any]]] = defaultdict(list)
        self._measures()
        self._refuse_homeless()
        self._kpis()

    def everything(self, as_of: date) -> dict[str, Any]:
        house = site.current()
        agenda = AgendaPage.objects.filter(locale__language_code=settings.LANGUAGE_CODE).order_by("path").first()
        return {
            "format": FORMAT,
            "as_of": as_of.isoformat(),
            "region": house.region_name,
            "office": house.office,
            "vocabulary": _words_now(house.vocabulary),
            "title": agenda.title if agenda else "",
            "intro": agenda.intro if agenda else "",
            "themes": [{"number": one.number, "title": one.title, "text": one.text} for one in Theme.objects.all()],
            "zielbilder": [self._zielbild(page) for page in self.zielbilder],
            "ideas": self._ideas(),
        }

    def _zielbild(self, page: ZielbildPage) -> dict[str, Any]:
        below = [loesung for loesung in self.loesungen if loesung.path.startswith(page.path)]
        return {
            "key": self.keys[page.pk],
            "number": page.number,
            "slug": page.slug,
            "title": page.title,
            "subtitle": page.subtitle,
            "intro": page.intro,
            "colour": page.colour,
            "goal": page.goal,
            "loesungen": [self._loesung(loesung, page) for loesung in below],
            "measures": self.measures.get((page.pk, None), []),
        }

    def _loesung(self, page: LoesungPage, zielbild: ZielbildPage) -> dict[str, Any]:
        reach = page.reach
        return {
            "key": self.keys[page.pk],
            "number": page.number,
            "slug": self.slugs[page.pk],
            "title": page.title,
            "intro": page.intro,
            "sub_goals": _names(page.sub_goals),
            "answers": self.answers[page.pk],
            "target_groups": page.target_group_labels,
            "reach": {"name": reach.name, "least": reach.least, "most": reach.most, "explanation": reach.explanation}
            if reach
            else None,
            "personas": self.personas.get(page.pk, []),
            "synergies": self.synergies.get(page.pk, []),
            "project_synergies": [
                {"name": block.value["name"], "text": block.value.get("text") or ""} for block in page.project_synergies
            ],
            "responsible_units": _names(page.responsible_units),
            "municipalities": page.municipalities,
            "partners": _names(page.partners),
            "kpis": self.kpis.get(page.pk, []),
            "budget_eur": page.budget_eur,
            "is_sustainable": page.is_sustainable,
            # A measure moves under the Zielbild of its Lösung, whatever its own column says.
            "measures": self.measures.get((zielbild.pk, page.pk), []),
        }

    def _personas(self) -> dict[int, list[dict[str, str]]]:
        found: dict[int, list[dict[str, str]]] = defaultdict(list)
        through = LoesungPage.personas.through.objects.select_related("persona").order_by("persona__name")
        for link in through:
            found[link.loesungpage_id].append({"name": link.persona.name, "summary": link.persona.summary})
        return found

    def _synergies(self) -> dict[int, list[dict[str, Any]]]:
        """Written on one side, kept on both; the words of the own side come first."""
        found: dict[int, dict[int, str]] = defaultdict(dict)
        for link in LoesungSynergy.objects.order_by("sort_order", "pk"):
            if link.page_id in self.by_pk and link.other_id in self.by_pk:
                found[link.page_id][link.other_id] = link.text
                found[link.other_id].setdefault(link.page_id, link.text)
        return {pk: self._in_order(others) for pk, others in found.items()}

    def _in_order(self, texts: dict[int, str]) -> list[dict[str, Any]]:
        others = sorted((self.by_pk[pk] for pk in texts), key=lambda page: (page.number, page.pk))
        return [
            {
                "key": self.keys[page.pk],
                "slug": self.slugs[page.pk],
                "number": page.number,
                "title": page.title,
                "text": texts[page.pk],
            }
            for page in others
        ]

    def _kpis(self) -> None:
        for kpi in Kpi.objects.filter(loesung__in=self.by_pk).with_public_values():
            latest = kpi.public_values[-1] if kpi.public_values else None
            self.kpis[kpi.loesung_id].append(
                {
                    "name": kpi.name,
                    "target": kpi.target,
                    "defined": kpi.defined,
                    "unit": kpi.unit,
                    "target_value": _number(kpi.target_value),
                    "target_on": _day(kpi.target_on),
                    "baseline": _number(kpi.baseline),
                    "baseline_on": _day(kpi.baseline_on),
                    "note": kpi.note,
                    "measure": self.slugs_of_measures.get(kpi.measure_id or 0, ""),
                    "latest": {"on": _day(latest.measured_on), "value": _number(latest.value), "note": latest.note}
                    if latest
                    else None,
                }
            )

    def _measures(self) -> None:
        links = MeasureIdea.objects.filter(idea__in=Idea.objects.public()).order_by("sort_order", "pk")
        links = links.select_related("idea__released_version", "idea__merged_root__released_version")
        rows = Measure.objects.select_related("kind").prefetch_related(
            "places", "interfaces", Prefetch("idea_links", queryset=links, to_attr="public_links")
        )
        self.slugs_of_measures, self.named_above = {}, {}
        zielbild_of = {loesung.pk: self._above(loesung) for loesung in self.loesungen}
        for measure in rows.order_by("sort_order", "code"):
            self.slugs_of_measures[measure.pk] = measure.slug
            loesung = measure.loesung_id if measure.loesung_id in self.by_pk else None
            above = zielbild_of[loesung] if loesung else measure.zielbild_id
            self.measures[above, loesung].append(self._measure(measure))
            self.named_above[measure.slug] = measure.zielbild_id

    def _refuse_homeless(self) -> None:
        """Measures on an unpublished page would be missing. One whose Lösung alone is unpublished stands under its
        Zielbild, as it does on the public pages."""
        shown = {(page.pk, None) for page in self.zielbilder}
        shown |= {(top.pk, page.pk) for top in self.zielbilder for page in self.loesungen if page.path.startswith(top.path)}
        homeless = [row for key, rows in self.measures.items() if key not in shown for row in rows]
        if not homeless:
            return
        tops = {self.named_above[row["slug"]] for row in homeless}
        titles = ZielbildPage.objects.filter(pk__in=tops).order_by("number").values_list("title", flat=True)
        sentence = _(
            "Nicht veröffentlicht: %(Zielbild)s %(titles)s. Dazu gehören: %(pl_massnahme)s %(codes)s. "
            "Bitte veröffentlichen Sie die Seite oder ordnen Sie anders zu. Sonst würde das in der Edition fehlen."
        )
        codes = ", ".join(row["code"] for row in homeless)
        raise Incomplete(sentence % words.words(titles=", ".join(f"„{title}“" for title in titles), codes=codes))

    def _above(self, loesung: LoesungPage) -> int:
        return next((page.pk for page in self.zielbilder if loesung.path.startswith(page.path)), 0)

    def _measure(self, measure: Any) -> dict[str, Any]:
        return {
            "slug": measure.slug,
            "code": measure.code,
            "title": measure.title,
            "summary": measure.summary,
            "text": measure.text,
            "kind": measure.kind.name if measure.kind else "",
            "status": measure.status,
            "status_name": str(MEASURE_STATES[measure.status].label),
            "priority_reasons": [
                str(PriorityReason(value).label) for value in PriorityReason.values if value in measure.priority_reasons
            ],
            "responsible": measure.responsible,
            "partners": measure.partners,
            "time_frame": measure.time_frame,
            "starts_on": _day(measure.starts_on),
            "ends_on": _day(measure.ends_on),
            "budget": measure.budget_text,
            "budget_amount": _number(measure.budget_amount),
            "outside_programme": measure.outside_programme,
            "places": [place.name for place in measure.places.all()],
            "location": measure.location_text,
            "note": measure.note,
            "imported": {
                "status": measure.status_as_imported,
                "responsible": measure.responsible_as_imported,
                "time_frame": measure.time_frame_as_imported,
                "note": measure.note_as_imported,
                "ideas": measure.ideas_as_imported,
            },
            "interfaces": [
                {"key": self.keys[page.pk], "title": page.title}
                for page in sorted(measure.interfaces.all(), key=lambda page: page.number)
                if page.pk in self.keys
            ],
            "ideas": [
                {"number": idea.number, "title": idea.title, "contribution": contribution.value}
                for idea, contribution in fullest_links(measure.public_links)
                if idea.status == Status.KEPT
            ],
        }

    def _ideas(self) -> list[dict[str, Any]]:
        kept = Idea.objects.public().filter(status=Status.KEPT).select_related("released_version").order_by("number")
        return [
            {
                "number": idea.number,
                "title": idea.title,
                "loesung": self.keys[idea.loesung_id] if idea.loesung_id in self.by_pk else "",
                "progress": idea.progress,
                "status_name": str(public_state(idea.status, idea.progress).label),
            }
            for idea in kept
        ]


def _pages(model: Any, language: str) -> Any:
    return model.objects.live().filter(locale__language_code=language).order_by("number", "path")


def _slugs(loesungen: list[LoesungPage]) -> dict[int, str]:
    """A name in addresses for each Lösung that no other of the edition has."""
    found: dict[int, str] = {}
    taken = set(TAKEN_SLUGS)
    for page in loesungen:
        wanted = slugify(page.slug) or "loesung"
        name = next(
            name for extra in range(len(loesungen) + 2) if (name := f"{wanted}-{extra + 1}" if extra else wanted) not in taken
        )
        taken.add(name)
        found[page.pk] = name
    return found


def _answers(loesungen: list[LoesungPage]) -> dict[int, list[dict[str, str]]]:
    """The long answers of each Steckbrief, with the question and the public heading in the region's words of the moment."""
    given = [(page, answer) for page in loesungen for answer in steckbrief.answers(page) if answer.question.is_text]
    found: dict[int, list[dict[str, str]]] = {page.pk: [] for page in loesungen}
    for (page, answer), html in zip(given, with_addresses([answer.value for _page, answer in given]), strict=True):
        asked = answer.question
        row = {"field": asked.field, "label": str(asked.heading), "question": str(asked.question), "html": clean_html(html)}
        found[page.pk].append(row)
    return found


def _words_now(vocabulary: Vocabulary) -> dict[str, Any]:
    names: dict[str, dict[str, str]] = {}
    for kind, states in (("massnahme", MEASURE_STATES), ("idee", IDEA_STATES)):
        for state in states.values():
            name = Name(german=str(state.label), explanation=str(state.explanation))
            with translation.override("en"):
                both = asdict(name) | {"english": str(state.label), "english_explanation": str(state.explanation)}
            names[f"{kind}.{state.slug}"] = both
    return {"terms": {key: asdict(term) for key, term in sorted(vocabulary.terms.items())}, "names": names}


def _names(stream: Any) -> list[str]:
    return [str(block.value) for block in stream]


def _number(value: Any) -> str | None:
    return None if value is None else format(value, "f")


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None
