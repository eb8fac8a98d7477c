"""Ideas from somebody else's table."""

from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from common.text import has_words
from pages.words import words
from search import sync

from .. import actions
from ..models import Idea, IdeaVersion
from ..workflow import STANDING, Channel, Status
from .lookups import Lookups
from .mapping import Mapping
from .plan import Origin, Outcome, RowPlan
from .spreadsheets import Row, Sheet
from .words import CHANNEL_WORDS, folded, period


class IdeaReader:
    def __init__(self, sheet: Sheet, mapping: Mapping) -> None:
        self.look = Lookups(sheet, mapping)
        ideas = Idea.objects.exclude(number=None).select_related("loesung", "released_version").prefetch_related("versions")
        self.by_number = {idea.number: idea for idea in ideas}
        self.by_words = {
            self._words_of(idea.shown_version.title, idea.shown_version.text): idea for idea in self.by_number.values()
        }
        self.seen: dict[Any, int] = {}
        self.written: list[int] = []
        self.highest = 0

    @staticmethod
    def _words_of(title: str, text: str) -> tuple[str, str]:
        return folded(title), folded(text)

    def read(self, row: Row, plan: RowPlan) -> None:
        look = self.look
        title = " ".join(look.text(row, plan, "title", longest=IdeaVersion.TITLE_LENGTH).split())
        text = look.text(row, plan, "text", longest=IdeaVersion.TEXT_LENGTH)
        number = self._number(row, plan)
        plan.key, plan.title = str(number or ""), title
        plan.existing = self.by_number.get(number) if number else self.by_words.get(self._words_of(title, text))
        self.highest = max(self.highest, number or 0)
        own = number or self._words_of(title, text)
        if own in self.seen:
            plan.refuse(
                look.header("number"),
                _(
                    "Diese Idee steht schon in Zeile %(row)s, aber mit anderem Inhalt. Bitte behalten Sie nur eine der beiden Zeilen."
                )
                % {"row": self.seen[own]},
            )
        self.seen.setdefault(own, plan.number)
        if not title and plan.existing is None:
            plan.refuse(look.header("title"), _("Der Titel fehlt. Bitte tragen Sie ihn ein."))
        status = look.status(row, plan) or Status.SUBMITTED
        loesung = look.loesung(row, plan) or (look.default_loesung if plan.existing is None else None)
        reason = look.text(row, plan, "reason", longest=5000)
        if plan.existing is None and status == Status.REJECTED and not has_words(reason):
            plan.refuse(
                look.header("reason"), _("Wer eine Idee verwirft, sagt öffentlich, warum. Bitte tragen Sie die Begründung ein.")
            )
        places, unknown = look.places_in(row, plan)
        values = {
            "title": title, "text": text or title, "status": Status(status), "loesung": loesung, "reason": reason, "number": number,
            "places": places, "place_text": look.text(row, plan, "place_text") or ", ".join(unknown)[:120],
            "tags": look.tags_in(row, plan), "channel": self._channel(row, plan), "submitted_at": self._submitted(row, plan),
        }  # fmt: skip
        if plan.outcome is not Outcome.ERROR:
            self._compare(plan, values)

    def _number(self, row: Row, plan: RowPlan) -> int | None:
        cell = self.look.raw(row, "number").strip().removeprefix("#")
        if not cell:
            return None
        if not (cell.isascii() and cell.isdecimal() and len(cell) <= 9 and int(cell) > 0):
            plan.refuse(
                self.look.header("number"),
                _("„%(cell)s“ ist keine Nummer. Bitte schreiben Sie eine ganze Zahl, oder lassen Sie das Feld leer.")
                % {"cell": cell[:30]},
            )
            return None
        return int(cell)

    def _channel(self, row: Row, plan: RowPlan) -> Channel:
        cell = folded(self.look.raw(row, "channel"))
        return CHANNEL_WORDS.get(cell) or (Channel(cell) if cell in Channel.values else Channel.LETTER)

    def _submitted(self, row: Row, plan: RowPlan) -> datetime | None:
        cell = self.look.raw(row, "submitted").strip()
        if not cell:
            return None
        day: date | None = period(cell)[0]
        if day is None:
            plan.refuse(
                self.look.header("submitted"),
                _("„%(cell)s“ ist kein Datum. Bitte schreiben Sie zum Beispiel 24.11.2024.") % {"cell": cell[:30]},
            )
            return None
        return timezone.make_aware(datetime.combine(day, time(12)))

    def _compare(self, plan: RowPlan, values: dict[str, Any]) -> None:
        """What an idea says and how it was decided is never written over by a table; where it belongs may be."""
        idea = plan.existing
        plan.values = values
        if idea is None:
            return
        plan.key, plan.title = str(idea.number), plan.title or idea.title
        plan.values, plan.outcome = {}, Outcome.UNCHANGED
        own = idea.latest_version
        if values["title"] and self._words_of(values["title"], values["text"]) != self._words_of(
            own.title, own.text or own.title
        ):
            plan.messages.append(
                _(
                    "Titel oder Text sind hier anders. Sie bleiben, wie sie sind: Eine neue Fassung schreibt nur, wer die Idee hatte."
                )
            )
        if values["loesung"] is not None and values["loesung"] != idea.loesung:
            if idea.status in STANDING:
                plan.values, plan.outcome = {"loesung": values["loesung"]}, Outcome.CHANGED
                plan.messages.append(f"Neu: {words['loesung']}.")
            else:
                plan.messages.append(
                    _("%(The_loesung)s bleibt: Die Idee ist „%(state)s“.") % words(state=idea.get_status_display())
                )

    def write(self, plans: list[RowPlan], origin: Origin) -> None:
        actions.keep_number_free(self.highest)  # what has no number yet gets one above all that the table names
        for plan in plans:
            if plan.existing is not None:
                actions.import_classification(plan.existing, plan.values["loesung"], by=origin.by, decision=origin.decision())
                continue
            tags = [self.look.tag(word).name for word in plan.values.pop("tags")]
            imported = actions.ImportedIdea(**plan.values, tags=tags, decided_at=timezone.now(), office=origin.office)
            plan.existing = actions.import_idea(imported)
            plan.key = str(plan.existing.number)
        self.written += [plan.existing.pk for plan in plans]

    def finish(self) -> None:
        sync.write_all(Idea, self.written)
