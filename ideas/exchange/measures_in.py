"""Measures from somebody else's table."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from pages.words import words
from search import sync

from .. import actions
from ..models import Idea, Measure, MeasureIdea, MeasureTag
from ..workflow import IDEA_STATES, Contribution, MeasureStatus, Status
from .lookups import Lookups
from .mapping import Mapping, normalised
from .plan import Origin, Outcome, RowPlan
from .spreadsheets import Row, Sheet
from .words import amount, folded, idea_numbers, period

_YES = {"ja", "yes", "x", "true", "1", "wahr"}
_LINKS = ("idea_links", "places", "tags")


class MeasureReader:
    def __init__(self, sheet: Sheet, mapping: Mapping) -> None:
        self.look = Lookups(sheet, mapping)
        measures = list(Measure.objects.select_related("zielbild", "loesung").prefetch_related("places", "tags"))
        self.by_code = {folded(measure.code): measure for measure in measures}
        self.by_title = {folded(measure.title): measure for measure in reversed(measures)}
        self.slugs = {measure.slug for measure in measures}
        self.next_code = max((int(measure.code) for measure in measures if measure.code.isdecimal()), default=0)
        self.next_place = max((measure.sort_order for measure in measures), default=-1)
        self.ideas = {
            number: (pk, status)
            for number, pk, status in Idea.objects.exclude(number=None).values_list("number", "pk", "status")
        }
        self.linked = set(MeasureIdea.objects.values_list("measure", "idea"))
        self.seen: dict[str, int] = {}
        self.written: list[int] = []

    def read(self, row: Row, plan: RowPlan) -> None:
        code = self.look.text(row, plan, "code").replace("\n", " ")
        title = " ".join(self.look.text(row, plan, "title", longest=200).split())
        plan.key, plan.title = code, title
        plan.existing = self.by_code.get(folded(code)) if code else self.by_title.get(folded(title))
        own = folded(code or title)
        if own in self.seen:
            what = f"Die Nummer {code}" if code else "Dieser Titel"
            plan.refuse(
                self.look.header("code" if code else "title"),
                _(
                    "%(what)s steht schon in Zeile %(row)s, aber mit anderem Inhalt. Bitte behalten Sie nur eine der beiden Zeilen."
                )
                % {"what": what, "row": self.seen[own]},
            )
        self.seen.setdefault(own, plan.number)
        if not title and plan.existing is None:
            plan.refuse(self.look.header("title"), _("Der Titel fehlt. Bitte tragen Sie ihn ein."))
        values = {"title": title, **self._words(row, plan), **self._agenda(row, plan)}
        if status := self.look.status(row, plan):
            values |= {"status": status, "status_as_imported": self.look.raw(row, "status")[:60]}
        # An empty cell says nothing: what a measure has already stays.
        values = {name: value for name, value in values.items() if value not in ("", None, [])}
        if plan.outcome is not Outcome.ERROR:
            self._compare(plan, values)

    def _words(self, row: Row, plan: RowPlan) -> dict[str, Any]:
        look = self.look
        frame, budget = look.raw(row, "time_frame"), look.raw(row, "budget")
        starts_on, ends_on = period(frame)
        places, unknown = look.places_in(row, plan)
        values: dict[str, Any] = {
            key: look.text(row, plan, key)
            for key in ("text", "summary", "location_text", "responsible", "partners", "time_frame", "note")
        }
        if unknown and not values["location_text"]:
            values["location_text"] = ", ".join(unknown)[:250]
        # Word for word, blank space included, beside what we make of it.
        values |= {
            "responsible_as_imported": look.raw(row, "responsible")[:250],
            "time_frame_as_imported": frame[:120],
            "note_as_imported": look.raw(row, "note"),
            "starts_on": starts_on,
            "ends_on": ends_on,
            "budget_text": look.text(row, plan, "budget"),
            "budget_amount": amount(budget),
            "places": places,
            "tags": look.tags_in(row, plan),
        }
        if "outside_programme" in look.mapping.columns and (cell := look.raw(row, "outside_programme").strip()):
            values["outside_programme"] = folded(cell) in _YES
        return values | self._ideas(row, plan)

    def _ideas(self, row: Row, plan: RowPlan) -> dict[str, Any]:
        cell = self.look.text(row, plan, "ideas")
        try:
            numbers = idea_numbers(cell) if cell not in ("-", "–", "—") else []
        except ValueError as error:
            plan.refuse(
                self.look.header("ideas"),
                _("„%(cell)s“ ist keine Nummer einer Idee. Bitte schreiben Sie zum Beispiel 51/52/(111).") % {"cell": error},
            )
            return {}
        for number, _contribution in numbers:
            _pk, status = self.ideas.get(number, (0, ""))
            if not status:
                plan.refuse(
                    self.look.header("ideas"),
                    _("Idee %(number)s gibt es hier nicht. Bitte lesen Sie zuerst die Ideen ein.") % {"number": number},
                )
            elif status != Status.KEPT:
                plan.refuse(
                    self.look.header("ideas"),
                    _("Idee %(number)s ist „%(state)s“. Nur eine behaltene Idee geht in %(a_acc_massnahme)s ein.")
                    % words(number=number, state=IDEA_STATES[status].label),
                )
        return {"ideas_as_imported": self.look.raw(row, "ideas")[:120], "ideas": numbers}

    def _agenda(self, row: Row, plan: RowPlan) -> dict[str, Any]:
        """Zielbild and Lösung: what the row says, else what was chosen for all rows. An existing measure stays where it is."""
        look = self.look
        loesung, zielbild = look.loesung(row, plan), look.zielbild(row, plan)
        if plan.existing is None and loesung is None and (zielbild is None or zielbild == look.default_zielbild):
            loesung = look.default_loesung
        if loesung is not None:
            if zielbild is not None and look.zielbild_of(loesung) != zielbild:
                plan.refuse(
                    look.header("loesung"),
                    _("%(The_loesung)s „%(title)s“ gehört nicht zu „%(above)s“.")
                    % words(title=loesung.title, above=zielbild.title),
                )
            zielbild = look.zielbild_of(loesung)
        if plan.existing is None:
            zielbild = zielbild or look.default_zielbild
            if zielbild is None and plan.outcome is not Outcome.ERROR:
                plan.refuse(
                    "",
                    _(
                        "Es fehlt, zu %(which_dat_zielbild)s %(the_massnahme)s gehört."
                        " Bitte wählen Sie das für alle Zeilen oder eine Spalte dafür."
                    )
                    % words,
                )
        return {"zielbild": zielbild, "loesung": loesung}

    def _compare(self, plan: RowPlan, values: dict[str, Any]) -> None:
        measure = plan.existing
        plan.values = values
        if measure is None:
            return
        plan.key, plan.title = measure.code, plan.title or measure.title
        # A moved measure leaves its old Lösung, also where the row names only another Zielbild.
        if "zielbild" in values and values["zielbild"] != measure.zielbild and "loesung" not in values:
            values["loesung"] = None
        new_links = [pair for pair in values.pop("ideas", []) if (measure.pk, self.ideas[pair[0]][0]) not in self.linked]
        changed = {name: value for name, value in values.items() if not self._is_same(measure, name, value)}
        plan.values = {**changed, **({"ideas": new_links} if new_links else {})}
        plan.outcome = Outcome.CHANGED if plan.values else Outcome.UNCHANGED
        names = {field.name: str(field.verbose_name) for field in [*Measure._meta.concrete_fields, *Measure._meta.many_to_many]}
        names |= {"ideas": "Ideen", "tags": "Stichwörter", "zielbild": words["Zielbild"], "loesung": words["Loesung"]}
        if plan.values:
            plan.messages.append("Neu: " + ", ".join(dict.fromkeys(names[name] for name in plan.values)) + ".")

    @staticmethod
    def _is_same(measure: Measure, name: str, value: Any) -> bool:
        if name == "places":
            return {place.pk for place in measure.places.all()} >= {place.pk for place in value}
        if name == "tags":
            return {folded(tag.name) for tag in measure.tags.all()} >= set(map(folded, value))
        return bool(getattr(measure, name) == value)

    def write(self, plans: list[RowPlan], origin: Origin) -> None:
        new = [plan for plan in plans if plan.existing is None]
        for plan in new:
            plan.existing = self._made(plan)
        actions.import_measures([plan.existing for plan in new])
        for plan in plans:
            if plan not in new:
                own = {name: value for name, value in plan.values.items() if name not in ("ideas", "places", "tags")}
                actions.import_measure_changes(plan.existing, own, by=origin.by, decision=origin.decision())
        self._attach(plans, origin)
        self.written += [plan.existing.pk for plan in plans]

    def _made(self, plan: RowPlan) -> Measure:
        own = {name: value for name, value in plan.values.items() if name not in ("ideas", "places", "tags")}
        if not plan.key:
            self.next_code += 1
            while folded(str(self.next_code)) in {*self.by_code, *self.seen}:
                self.next_code += 1
            plan.key = str(self.next_code)
        self.next_place += 1
        own.setdefault("status", MeasureStatus.IDEA)
        return Measure(code=plan.key, slug=self._slug(plan), sort_order=self.next_place, updated_on=timezone.localdate(), **own)

    def _slug(self, plan: RowPlan) -> str:
        letters = folded(plan.title).replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
        base = slugify(letters)[:90].strip("-") or f"massnahme-{normalised(plan.key)}"
        slug, count = base, 2
        while slug in self.slugs:
            slug, count = f"{base}-{count}", count + 1
        self.slugs.add(slug)
        return slug

    def _attach(self, plans: list[RowPlan], origin: Origin) -> None:
        """Places and tags in bulk, links with ideas one by one: each is a step in the way of its idea."""
        through: Any = Measure.places.through
        places = [(plan.existing.pk, place.pk) for plan in plans for place in plan.values.get("places", [])]
        through.objects.bulk_create(
            [through(measure_id=measure, place_id=place) for measure, place in places], ignore_conflicts=True
        )
        tags = {(plan.existing.pk, self.look.tag(word).pk) for plan in plans for word in plan.values.get("tags", [])}
        tags -= set(
            MeasureTag.objects.filter(content_object__in=[plan.existing.pk for plan in plans]).values_list(
                "content_object", "tag"
            )
        )
        MeasureTag.objects.bulk_create(MeasureTag(content_object_id=measure, tag_id=tag) for measure, tag in sorted(tags))
        links: list[tuple[Measure, int, Contribution]] = [
            (plan.existing, *pair) for plan in plans for pair in plan.values.get("ideas", [])
        ]
        ideas = self._ideas_of(number for _measure, number, _contribution in links)
        for measure, number, contribution in links:
            actions.import_link(ideas[number], measure, contribution, now=timezone.now(), office=origin.office)

    @staticmethod
    def _ideas_of(numbers: Iterable[int]) -> dict[int, Idea]:
        return {idea.number: idea for idea in Idea.objects.filter(number__in=set(numbers)) if idea.number is not None}

    def finish(self) -> None:
        sync.write_all(Measure, self.written)
