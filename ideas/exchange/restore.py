"""Brings a complete export of our own into a database that holds the agenda's pages and nothing else: all of it or nothing."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, time
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from taggit.models import Tag

from pages.agenda import sources
from pages.models import EventPage, LoesungPage, Theme, ZielbildPage

from .. import actions, pictures
from ..actions.replay import PastIdea, PastStep, replay_idea, replay_measure
from ..editions.freeze import hash_of as hash_of_data
from ..models import (
    Assessment,
    Criterion,
    Edition,
    Idea,
    IdeaAuthor,
    IdeaPicture,
    IdeaVersion,
    Indicator,
    IndicatorValue,
    Kpi,
    KpiValue,
    Measure,
    MeasureEntry,
    MeasureIdea,
    MeasureKind,
    Place,
    ProgressNote,
    Proposal,
    ReviewRound,
    ReviewScheme,
    SchemeVersion,
    Support,
)
from ..models.trail import hash_of
from .archive import Records
from .public_tables import PUBLIC
from .schema import page_path
from .values import Unreadable, value_of

_TABLES = {table.name: table for table in PUBLIC}


class CannotRestore(Exception):
    """The export doesn't fit this database or itself. `problems` are sentences for the person who imports."""

    def __init__(self, *problems: str) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def restore(records: Records, picture_folder: Path) -> dict[str, int]:
    """Write everything, or raise CannotRestore and leave the database as it was. Nobody gets mail. Returns rows by table."""
    if Idea.objects.exists() or Measure.objects.exists():
        raise CannotRestore(
            "In dieser Datenbank stehen schon Ideen oder Maßnahmen. Ein vollständiger Export kommt nur in eine Datenbank, die"
            " allein die Seiten der Agenda hält (load_demo --agenda-only). Einzelne Tabellen nehmen import_ideas und"
            " import_measures auch zusätzlich auf."
        )
    kept: list[str] = []
    try:
        with transaction.atomic():
            _Restoring(records, picture_folder, kept).everything()
    except BaseException as error:
        # The rows are gone with the transaction, the files have to be taken back by hand.
        for name in kept:
            IdeaPicture._meta.get_field("file").storage.delete(name)  # type: ignore[union-attr]
        if isinstance(error, Unreadable | IntegrityError | KeyError | ValidationError):
            raise CannotRestore(f"Der Export passt nicht zu sich selbst: {_sentence(error)}") from error
        raise
    call_command("rebuild_search", verbosity=0)
    return counts(records)


def counts(records: Records) -> dict[str, int]:
    """Rows by table name."""
    return {name: len(rows) for name, rows in records.items()}


def _sentence(error: BaseException) -> str:
    return "; ".join(error.messages) if isinstance(error, ValidationError) else str(error)


def _own(model: str, table: str, record: dict[str, Any]) -> dict[str, Any]:
    """The fields of this model that stand in the record as they are."""
    columns = [column for column in _TABLES[table].columns if column.get is None and column.of.startswith(f"{model}.")]
    return {column.of.split(".")[1]: value_of(column.kind, record[column.name]) for column in columns}


def _value(table: str, name: str, record: dict[str, Any]) -> Any:
    return value_of(_TABLES[table].column(name).kind, record[name])


def _grouped(rows: Iterable[dict[str, Any]], *names: str) -> dict[Any, list[dict[str, Any]]]:
    groups: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[name] for name in names) if len(names) > 1 else row[names[0]]].append(row)
    return groups


class _Restoring:
    """What one run knows: the rows of the export, and what it has made of them so far."""

    def __init__(self, records: Records, picture_folder: Path, kept: list[str]) -> None:
        self.records, self.picture_folder, self.kept = records, picture_folder, kept
        self.loesungen = {page_path(page): page for page in sources(LoesungPage)}
        self.zielbilder = {page_path(page): page for page in sources(ZielbildPage)}
        self.events = {page_path(page): page for page in sources(EventPage)}
        self.measures: dict[str, Measure] = {}
        self.ideas: dict[int, Idea] = {}
        self.kpis: dict[tuple[str, int], Kpi] = {}
        self.versions: dict[tuple[str, int], SchemeVersion] = {}

    def everything(self) -> None:
        self._check_keys()
        self._check_pages()
        steps: list[Callable[[], None]] = [self._places_and_tags, self._schemes, self._measures, self._ideas]
        steps += [self._links, self._kpis, self._notes, self._values, self._indicators, self._results]
        steps += [self._supports, self._pictures, self._editions]
        for step in steps:
            step()
        actions.keep_number_free(max(self.ideas, default=0))

    def _check_keys(self) -> None:
        for table in PUBLIC:
            keys = [tuple(str(row[name]) for name in table.key) for row in self.records[table.name]]
            if twice := [key for key, count in Counter(keys).items() if count > 1]:
                raise CannotRestore(f"In der Tabelle {table.name} steht eine Zeile doppelt: {', '.join(twice[0])}.")

    def _check_pages(self) -> None:
        """Say at once which pages the export needs and this agenda lacks."""
        rows = [*self.records["massnahmen"], *self.records["ideen"], *self.records["kennzahlen"]]
        missing = {row["loesung"] for row in rows if row["loesung"]} - set(self.loesungen)
        named = {name for row in self.records["massnahmen"] for name in [row["zielbild"], *(row["schnittstellen"] or [])]}
        named |= {row["zielbild"] for row in self.records["indikatoren"] if row["zielbild"]}
        missing |= named - set(self.zielbilder)
        missing |= {row["termin"] for row in self.records["ideen"] if row["termin"]} - set(self.events)
        if missing:
            raise CannotRestore(
                f"In der Agenda fehlen diese Seiten: {', '.join(sorted(missing))}."
                " Bitte legen Sie sie zuerst an, mit denselben Adressen."
            )

    def _places_and_tags(self) -> None:
        for row in self.records["orte"]:
            values = _own("Place", "orte", row)
            Place.objects.update_or_create(slug=values.pop("slug"), defaults=values)
        for row in self.records["stichwoerter"]:
            Tag.objects.get_or_create(name=row["name"], defaults={"slug": row["kuerzel"]})
        self.places = {place.slug: place for place in Place.objects.all()}
        self.tags = {tag.name: tag for tag in Tag.objects.all()}

    def _describe(self, thing: Any, row: dict[str, Any]) -> None:
        thing.places.set([self.places[slug] for slug in row["orte"] or []])
        thing.tags.add(*[self.tags[name] for name in row["stichwoerter"] or []])

    def _schemes(self) -> None:
        for row in self.records["pruefboegen"]:
            values = _own("ReviewScheme", "pruefboegen", row)
            ReviewScheme.objects.update_or_create(slug=values.pop("slug"), defaults=values)
        criteria = _grouped(self.records["kriterien"], "pruefbogen", "fassung")
        for row in self.records["pruefbogen_fassungen"]:
            key = (row["pruefbogen"], row["fassung"])
            self.versions[key] = self._scheme_version(row, [_own("Criterion", "kriterien", each) for each in criteria[key]])

    def _scheme_version(self, row: dict[str, Any], criteria: list[dict[str, Any]]) -> SchemeVersion:
        """The version as it stands in the export: found if it is here already, word by word, otherwise made."""
        values = _own("SchemeVersion", "pruefbogen_fassungen", row)
        scheme = ReviewScheme.objects.get(slug=row["pruefbogen"])
        version, is_new = SchemeVersion.objects.get_or_create(scheme=scheme, number=values["number"], defaults=values)
        if is_new:
            Criterion.objects.bulk_create(Criterion(version=version, **each) for each in criteria)
            return version
        here = list(version.criteria.order_by("key").values(*criteria[0])) if criteria else []
        if here != sorted(criteria, key=lambda each: str(each["key"])):
            raise CannotRestore(
                f"Der Prüfbogen „{scheme}“ hat hier in der Fassung {version.number} andere Kriterien als im Export."
                " Eine Fassung ändert sich nie; bitte geben Sie dem Prüfbogen hier einen anderen Namen."
            )
        SchemeVersion.objects.filter(pk=version.pk).update(created_at=values["created_at"])
        return version

    def _measures(self) -> None:
        kinds = self._kinds()
        trails = _grouped(self.records["massnahmen_schritte"], "massnahme")
        for row in self.records["massnahmen"]:
            values = _own("Measure", "massnahmen", row)
            steps = [self._past_step("MeasureEntry", "massnahmen_schritte", each) for each in trails[row["nummer"]]]
            _check_way(f"Maßnahme {row['nummer']}", steps, start=None, end=values["status"])
            if steps:
                values["status"] = steps[0].fields["from_status"]
            loesung = self.loesungen[row["loesung"]] if row["loesung"] else None
            kind = kinds[row["art"]] if row["art"] else None
            measure = Measure.objects.create(zielbild=self.zielbilder[row["zielbild"]], loesung=loesung, kind=kind, **values)
            self.measures[measure.code] = measure
            measure.interfaces.set([self.zielbilder[name] for name in row["schnittstellen"] or []])
            self._describe(measure, row)
            replay_measure(measure, steps)

    def _kinds(self) -> dict[str, MeasureKind]:
        for row in self.records["massnahmen_arten"]:
            values = _own("MeasureKind", "massnahmen_arten", row)
            MeasureKind.objects.update_or_create(slug=values.pop("slug"), defaults=values)
        return {kind.slug: kind for kind in MeasureKind.objects.all()}

    def _past_step(self, model: str, table: str, row: dict[str, Any]) -> PastStep:
        step = PastStep(
            fields=_own(model, table, row),
            reason=row["grund"] or "",
            redacted_at=_value(table, "geschwaerzt", row),
            awaits_release=bool(row["wartet"]),
        )
        step.fields["changes"] = step.fields["changes"] or []
        if step.reason and hash_of(step.reason) != step.fields["reason_hash"]:
            raise CannotRestore(f"{table}: Der Grund „{step.reason[:40]}“ passt nicht zu seiner Prüfsumme. Er wurde verändert.")
        return step

    def _ideas(self) -> None:
        rows = {row["nummer"]: row for row in self.records["ideen"]}
        drafts = {number: self._draft(row) for number, row in sorted(rows.items())}
        self.ideas = {number: version.idea for number, version in drafts.items()}
        trails = _grouped(self.records["ideen_schritte"], "idee")
        for number, row in sorted(rows.items()):
            steps = [self._past_step("TrailEntry", "ideen_schritte", each) for each in trails[number]]
            _check_way(f"Idee {number}", steps, start="draft", end=row["status"])
            past = PastIdea(self.ideas[number], drafts[number], self._final(row), steps=steps)
            past.merged_into, past.merged_root = self._target(rows, number), self._root(rows, number)
            past.any_other = next((idea for other, idea in self.ideas.items() if other != number), None)
            replay_idea(past)

    def _draft(self, row: dict[str, Any]) -> IdeaVersion:
        values = _own("Idea", "ideen", row)
        begun = {name: values[name] for name in ("number", "submitted_at", "channel", "place_text", "target_groups")}
        loesung = self.loesungen[row["loesung"]] if row["loesung"] else None
        event = self.events[row["termin"]] if row["termin"] else None
        idea = Idea.objects.create(loesung=loesung, event=event, **begun)
        IdeaAuthor.objects.create(idea=idea)
        self._describe(idea, row)
        created_at = _value("ideen", "fassung_vom", row)
        return IdeaVersion.objects.create(
            idea=idea, version=row["fassung"], title=row["titel"], text=row["text"], created_at=created_at
        )

    def _final(self, row: dict[str, Any]) -> dict[str, Any]:
        values = _own("Idea", "ideen", row)
        origin = row["hervorgegangen_aus"]
        return {
            "origin": self.ideas[origin] if origin else None,
            **{name: values[name] for name in ("status_since", "answer_due", "support_count")},
        }

    def _target(self, rows: dict[int, dict[str, Any]], number: int) -> Idea | None:
        target = rows[number]["aufgegangen_in"]
        if target is not None and target not in self.ideas:
            raise CannotRestore(f"Idee {number} ist in Idee {target} aufgegangen; die fehlt im Export.")
        return self.ideas[target] if target is not None else None

    def _root(self, rows: dict[int, dict[str, Any]], number: int) -> Idea | None:
        seen = {number}
        target = rows[number]["aufgegangen_in"]
        while target is not None and target in rows and rows[target]["aufgegangen_in"] is not None:
            if target in seen:
                raise CannotRestore(f"Die Zusammenlegungen um Idee {number} laufen im Kreis.")
            seen.add(target)
            target = rows[target]["aufgegangen_in"]
        return self.ideas.get(target) if target is not None else None

    def _links(self) -> None:
        MeasureIdea.objects.bulk_create(
            MeasureIdea(
                measure=self.measures[row["massnahme"]],
                idea=self.ideas[row["idee"]],
                **_own("MeasureIdea", "verknuepfungen", row),
            )
            for row in self.records["verknuepfungen"]
        )

    def _kpis(self) -> None:
        """Figures that came with the agenda's pages are found by their name within the Lösung, the first of it first."""
        here: dict[tuple[str, str], list[Kpi]] = defaultdict(list)
        for kpi in Kpi.objects.select_related("loesung").order_by("sort_order", "pk"):
            here[page_path(kpi.loesung), kpi.name].append(kpi)
        for row in self.records["kennzahlen"]:
            values = _own("Kpi", "kennzahlen", row)
            found = here[row["loesung"], values["name"]]
            kpi = found.pop(0) if found else Kpi(loesung=self.loesungen[row["loesung"]])
            kpi.measure = self.measures[row["massnahme"]] if row["massnahme"] else None
            for name, value in values.items():
                setattr(kpi, name, value)
            kpi.save()
            self.kpis[row["loesung"], row["nr"]] = kpi

    def _entry(self, code: str, position: int | None) -> MeasureEntry | None:
        return MeasureEntry.objects.get(measure=self.measures[code], position=position) if code and position else None

    def _notes(self) -> None:
        for row in self.records["berichte"]:
            ProgressNote.objects.create(
                measure=self.measures[row["massnahme"]],
                entry=self._entry(row["massnahme"], row["schritt"]),
                state=Proposal.State.RELEASED,
                **_own("ProgressNote", "berichte", row),
            )

    def _values(self) -> None:
        for row in self.records["kennzahlen_werte"]:
            KpiValue.objects.create(
                kpi=self.kpis[row["loesung"], row["nr"]],
                entry=self._entry(row["massnahme"], row["schritt"]),
                state=Proposal.State.RELEASED,
                **_own("KpiValue", "kennzahlen_werte", row),
            )

    def _indicators(self) -> None:
        """Indicators take the place of those with the same key that came with the agenda's pages."""
        themes = {theme.number: theme for theme in Theme.objects.all()}
        values = _grouped(self.records["indikatoren_werte"], "indikator")
        assessments = _grouped(self.records["einschaetzungen"], "indikator")
        for row in self.records["indikatoren"]:
            own = _own("Indicator", "indikatoren", row)
            number = row["querschnittsthema"]
            if number is not None and number not in themes:
                raise CannotRestore(f"Hier fehlt das Querschnittsthema {number}. Bitte legen Sie es zuerst an.")
            Indicator.objects.filter(slug=own["slug"]).delete()
            zielbild = self.zielbilder[row["zielbild"]] if row["zielbild"] else None
            indicator = Indicator.objects.create(zielbild=zielbild, theme=themes.get(number), **own)
            for each in values[own["slug"]]:
                IndicatorValue.objects.create(indicator=indicator, **_own("IndicatorValue", "indikatoren_werte", each))
            for each in assessments[own["slug"]]:
                Assessment.objects.create(indicator=indicator, **_own("Assessment", "einschaetzungen", each))

    def _results(self) -> None:
        for row in self.records["pruefergebnisse"]:
            version = self.versions[row["pruefbogen"], row["fassung"]]
            values = _own("ReviewRound", "pruefergebnisse", row)
            ReviewRound.objects.create(idea=self.ideas[row["idee"]], scheme_version=version, **values)

    def _supports(self) -> None:
        supports = []
        for row in self.records["unterstuetzungen"]:
            day = _value("unterstuetzungen", "tag", row)
            if not str(row["person"]).startswith("x"):
                raise CannotRestore(f"unterstuetzungen, Idee {row['idee']}: „{row['person']}“ ist kein Pseudonym.")
            noon = timezone.make_aware(datetime.combine(day, time(12)))
            supports.append(Support(idea=self.ideas[row["idee"]], person=row["person"], created_at=noon))
        Support.objects.bulk_create(supports, batch_size=500)

    def _pictures(self) -> None:
        versions = {version.idea_id: version for version in IdeaVersion.objects.all()}
        for row in self.records["bilder"]:
            files = [self.picture_folder / f"{row['bild']}-{size}.jpg" for size in ("gross", "klein")]
            if not str(row["bild"]).isalnum() or not all(file.is_file() for file in files):
                raise CannotRestore(
                    f"Das Bild {row['bild']} der Idee {row['idee']} fehlt im Ordner {self.picture_folder.name}."
                )
            large, small = (file.read_bytes() for file in files)
            for content, file in ((large, files[0]), (small, files[1])):
                with file.open("rb") as stream:
                    pictures.read_picture(stream, file.name, len(content))  # refuses what is no picture
            picture = IdeaPicture(
                version=versions[self.ideas[row["idee"]].pk], **_own("IdeaPicture", "bilder", row), key=row["bild"]
            )
            picture.file.save("gross.jpg", ContentFile(large), save=False)
            picture.thumbnail.save("klein.jpg", ContentFile(small), save=False)
            self.kept += [str(picture.file.name), str(picture.thumbnail.name)]
            picture.save()

    def _editions(self) -> None:
        """As they were. Data that don't fit their hash were changed after they were frozen."""
        for row in self.records["editionen"]:
            values = _own("Edition", "editionen", row)
            values["data"] = _value("editionen", "daten", row)
            # Blacked-out titles are gone for good: the hash of the data as adopted comes along, that of the data here tells.
            if hash_of_data(values["data"]) != row["daten_hier_sha256"]:
                raise CannotRestore(
                    f"Die Daten der Edition {row['jahr']}, Fassung {row['fassung']}, passen nicht zu ihrer Prüfsumme."
                    " Sie wurden verändert."
                )
            Edition.objects.create(**values)


def _check_way(whose: str, steps: list[PastStep], *, start: str | None, end: str) -> None:
    """A way has no gap, begins where it must and ends where the thing stands."""
    stands = start if start is not None else (steps[0].fields["from_status"] if steps else end)
    for position, step in enumerate(steps, 1):
        if step.fields["position"] != position or step.fields["from_status"] != stands:
            raise CannotRestore(f"{whose}: Der Weg hat bei Schritt {position} eine Lücke.")
        stands = step.fields["to_status"]
    if stands != end:
        raise CannotRestore(f"{whose}: Der Weg endet bei „{stands}“, angegeben ist „{end}“.")
