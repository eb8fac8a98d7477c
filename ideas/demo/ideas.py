"""Builds the measures and ideas of a demo profile from its data files: agenda.yaml, beispiele.yaml and, where the
agenda names ideas, ideen.yaml."""

import datetime
import io
import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from pages.agenda import sources
from pages.models import EventPage, LoesungPage, ZielbildPage

from .. import actions, pictures
from ..models import Idea, Measure, MeasureKind, Place
from ..workflow import Action, Channel, Contribution, MeasureStatus
from .drawing import PATTERNS, draw

MEASURE_STATUSES = {
    "idee": MeasureStatus.IDEA,
    "in_planung": MeasureStatus.PLANNING,
    "in_vorbereitung": MeasureStatus.PREPARATION,
    "in_umsetzung": MeasureStatus.IMPLEMENTATION,
    "abgeschlossen": MeasureStatus.DONE,
}
CONTRIBUTIONS = {"voll": Contribution.FULL, "teilweise": Contribution.PARTLY, "anregung": Contribution.INSPIRED}
CHANNELS = {
    "website": Channel.WEBSITE,
    "wettbewerb": Channel.COMPETITION,
    "umfrage": Channel.SURVEY,
    "interview": Channel.INTERVIEW,
    "werkstatt": Channel.WORKSHOP,
    "brief": Channel.LETTER,
    "gremium": Channel.COUNCIL,
    "antrag": Channel.APPLICATION,
}
PLAIN_STEPS = {
    "pruefen": Action.TAKE_INTO_REVIEW,
    "rueckfragen": Action.ASK_BACK,
    "behalten": Action.KEEP,
    "ablehnen": Action.REJECT,
}


class Builder:
    """Knows places, pages of the agenda and events by their names in the data files, and who acts."""

    def __init__(self, agenda: dict[str, Any], office: str, people: dict[str, User]) -> None:
        self.agenda, self.office, self.people = agenda, office, people
        self.places = {place.slug: place for place in Place.objects.all()}
        self.loesungen = {page.number: page for page in sources(LoesungPage)}
        self.zielbilder = {page.number: page for page in sources(ZielbildPage)}
        self.events = {page.slug: page for page in sources(EventPage)}
        day = agenda["agenda"]["stand"]
        self.agenda_day = timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))

    def measures(self) -> None:
        kinds = {kind.slug: kind for kind in MeasureKind.objects.all()}
        for order, row in enumerate(self.agenda["massnahmen"]):
            loesung = self._loesung(row)
            measure = Measure.objects.create(
                code=row["nummer"],
                sort_order=order,
                slug=row["slug"],
                title=row["title"],
                summary=row["kurz"],
                text=row["text"],
                kind=kinds[row["art"]] if "art" in row else None,
                status=MEASURE_STATUSES[row["status"]],
                status_as_imported=row.get("status_quelle", ""),
                zielbild=loesung.zielbild if loesung else self.zielbilder[row["zielbild"]],
                loesung=loesung,
                ideas_as_imported=row.get("ideen_quelle") or "",
                location_text=row.get("ort_quelle", ""),
                responsible=row.get("zustaendig", ""),
                partners=row.get("partner", ""),
                time_frame=row.get("zeitraum", ""),
                ends_on=row.get("bis"),
                outside_programme=row.get("ausserhalb_programm", False),
                note=row.get("hinweis") or "",
                updated_on=self.agenda["agenda"]["stand"],
            )
            measure.interfaces.set([self.zielbilder[number] for number in row.get("schnittstellen", [])])
            measure.places.set([self.places[slug] for slug in row["orte"]])
            measure.tags.set(row["tags"])

    def agenda_ideas(self, data: dict[str, Any] | None) -> None:
        """The ideas that the agenda names, with their own numbers, and the measures they go into. None: it names none."""
        if data is None:
            return
        ideas = {}
        for row in sorted(data["ideen"], key=lambda row: row["id"]):
            ideas[row["id"]] = actions.import_kept(
                actions.ImportedIdea(
                    number=row["id"],
                    title=row["title"],
                    text=row["text"],
                    loesung=self._loesung(row),
                    channel=CHANNELS[row["kanal"]],
                    decided_at=self.agenda_day,
                    reason=data["grund"],
                    office=self.office,
                )
            )
            self._describe(ideas[row["id"]], row)
        measures = {measure.code: measure for measure in Measure.objects.all()}
        for row in self.agenda["massnahmen"]:
            for link in row.get("ideen", []):
                actions.import_link(
                    ideas[link["id"]],
                    measures[row["nummer"]],
                    CONTRIBUTIONS[link["beitrag"]],
                    now=self.agenda_day,
                    office=self.office,
                )

    def examples(self, rows: list[dict[str, Any]], first: int | None = None) -> None:
        """Invented ideas, dated relative to today, taken through the same steps as any other. `first`: where numbers begin."""
        if first:
            actions.keep_number_free(first - 1)
        for row in sorted(rows, key=lambda row: row["id"]):
            idea = self._hand_in(row)
            for step in row.get("schritte", []):
                self._take(idea, step)

    def _hand_in(self, row: dict[str, Any]) -> Idea:
        key, handed_in = uuid.uuid4(), self._ago(row["eingereicht_vor_tagen"])
        picture = None
        if row["id"] % 4 == 1:
            pattern = PATTERNS[row["id"] % 3]
            data = draw(pattern, seed=row["id"], size=(1200, 800))
            picture = pictures.keep(
                pictures.read_picture(io.BytesIO(data), "skizze.png", len(data)),
                key,
                "Gezeichnetes Muster, ein Platzhalter für ein Bild",
            )
        guest = row["gast"]
        idea, _new = actions.submit(
            actions.Submission(
                title=row["title"],
                text=row["text"],
                key=key,
                user=None if guest else self.people["buergerin"],
                email=f"gast-{row['id']}@example.org" if guest else "",
                loesung=self._loesung(row),
                picture=picture,
            ),
            now=handed_in,
        )
        if idea.number != row["id"]:
            raise ValueError(
                f"Beispiel {row['id']} bekam die Nummer {idea.number}: Die Nummern der Beispiele dürfen keine Lücke haben."
            )
        self._describe(idea, row)
        if guest and not row.get("unbestaetigt"):
            actions.confirm(idea, now=handed_in + timedelta(minutes=9))
        return idea

    def _take(self, idea: Idea, step: dict[str, Any]) -> None:
        if step["aktion"] in ("antworten", "zurueckziehen"):
            self._author_takes(idea, step)
            return
        by, now = self.people[step["durch"]], self._ago(step["vor_tagen"])
        decision = actions.Decision(reason=step.get("grund") or "", note=step.get("intern") or "", office=self.office)
        match step["aktion"]:
            case "freigeben":
                actions.release(idea, idea.latest_version, by=by, decision=decision, now=now)
            case "umordnen":
                actions.reclassify(idea, self.loesungen[step["loesung"]], by=by, decision=decision, now=now)
            case "verknuepfen":
                measure = Measure.objects.get(code=step["massnahme"])
                actions.link_measure(idea, measure, CONTRIBUTIONS[step["beitrag"]], by=by, decision=decision, now=now)
            case plain:
                actions.take(idea, PLAIN_STEPS[plain], by=by, decision=decision, now=now)

    def _author_takes(self, idea: Idea, step: dict[str, Any]) -> None:
        """What authors do themselves. `gelesen_durch`: who made the answer public; without it, it still waits."""
        now = self._ago(step["vor_tagen"])
        if step["aktion"] == "zurueckziehen":
            actions.withdraw(idea, with_text=step.get("mit_text", False), now=now)
            return
        answer = actions.answer(idea, step["text"], now=now)
        if step.get("gelesen_durch"):
            actions.release_answer(answer, by=self.people[step["gelesen_durch"]])

    def _describe(self, idea: Idea, row: dict[str, Any]) -> None:
        idea.places.set([self.places[slug] for slug in row["orte"]])
        idea.tags.set(row["tags"])
        event = self.events[row["termin"]] if "termin" in row else None
        Idea.objects.filter(pk=idea.pk).update(target_groups=row["zielgruppen"], channel=CHANNELS[row["kanal"]], event=event)

    def _loesung(self, row: dict[str, Any]) -> LoesungPage | None:
        return self.loesungen[row["loesung"]] if row.get("loesung") else None

    @staticmethod
    def _ago(days: int) -> datetime.datetime:
        return timezone.now() - timedelta(days=days, minutes=days * 7 % 300)
