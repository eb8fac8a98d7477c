"""The tables that everybody may have: nothing that a public page doesn't show, nobody's name, no key of the database."""

from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from taggit.models import Tag

from ..editions.agenda import without
from ..editions.freeze import hash_of as hash_of_data
from ..models import (
    Criterion,
    Edition,
    Idea,
    IdeaPicture,
    MeasureIdea,
    Place,
    ReviewRound,
    ReviewScheme,
    SchemeVersion,
    Support,
    TrailEntry,
)
from .measure_tables import MEASURES, names, public_reason
from .schema import Column as C  # noqa: N817 - a table of columns
from .schema import Table, number_of, page_path
from .values import Kind


def pseudonym(support: Support) -> str:
    """A name for the person that holds within an idea and all that became part of it, and nowhere else. One that came with an
    import stays as it is."""
    if support.person.startswith("x"):
        return support.person
    family = f"{support.person}/{support.idea.merged_root.number if support.idea.merged_root else support.idea.number}"
    digest = salted_hmac("ideas.exchange.support", family, secret=settings.SECRET_KEY, algorithm="sha256")
    return f"x{digest.hexdigest()[:32]}"


def picture_key(picture: IdeaPicture) -> str:
    return picture.key.hex


def _editions() -> list[Edition]:
    """What may leave the house of each edition, as `shown_data`: without titles of ideas whose text was removed."""
    removed, rows = Idea.objects.removed_numbers(), list(Edition.objects.exclude(state=Edition.State.DRAFT))
    for row in rows:
        row.shown_data = without(row.data, removed)  # type: ignore[attr-defined]
    return rows


def _ideas() -> Any:
    rows = Idea.objects.public().select_related("released_version", "loesung", "event", "merged_into", "merged_root", "origin")
    return rows.prefetch_related("places", "tags")


def _tags() -> Any:
    return Tag.objects.filter(Q(idea_tags__content_object__in=Idea.objects.public()) | ~Q(measure_tags=None)).distinct()


PUBLIC: tuple[Table, ...] = (
    Table(
        "orte", "places", "Orte, die Ideen und Maßnahmen nennen.", Place.objects.all, key=("kuerzel",),
        columns=(
            C("kuerzel", "slug", "Place.slug"),
            C("name", "name", "Place.name"),
            C("art", "kind", "Place.kind"),
            C("reihenfolge", "sort_order", "Place.sort_order", Kind.INTEGER),
        ),
    ),
    Table(
        "stichwoerter", "tags", "Stichwörter öffentlicher Ideen und Maßnahmen.", _tags, key=("name",),
        columns=(C("name", "name", "Tag.name"), C("kuerzel", "slug", "Tag.slug")),
    ),
    Table(
        "pruefboegen", "review_schemes", "Prüfbögen, nach denen geprüft wird.", ReviewScheme.objects.all, key=("kuerzel",),
        columns=(
            C("kuerzel", "slug", "ReviewScheme.slug"),
            C("name", "name", "ReviewScheme.name"),
            C("beschreibung", "description", "ReviewScheme.description"),
            C("ergebnis", "result_name", "ReviewScheme.result_name"),
            C("waehlbar", "is_active", "ReviewScheme.is_active", Kind.YES_NO),
        ),
    ),
    Table(
        "pruefbogen_fassungen", "scheme_versions", "Fassungen der Prüfbögen. Eine Fassung ändert sich nie.",
        lambda: SchemeVersion.objects.select_related("scheme"), key=("pruefbogen", "fassung"),
        columns=(
            C("pruefbogen", "scheme", "SchemeVersion.scheme", get=lambda row: row.scheme.slug),
            C("fassung", "number", "SchemeVersion.number", Kind.INTEGER),
            C("vom", "created_at", "SchemeVersion.created_at", Kind.TIME),
        ),
    ),
    Table(
        "kriterien", "criteria", "Kriterien jeder Fassung eines Prüfbogens.",
        lambda: Criterion.objects.select_related("version__scheme"), key=("pruefbogen", "fassung", "stufe", "reihenfolge", "kuerzel"),
        columns=(
            C("pruefbogen", "scheme", "Criterion.version", get=lambda row: row.version.scheme.slug),
            C("fassung", "version", "Criterion.version", Kind.INTEGER, get=lambda row: row.version.number),
            C("stufe", "stage", "Criterion.stage", Kind.INTEGER),
            C("reihenfolge", "position", "Criterion.position", Kind.INTEGER),
            C("kuerzel", "key", "Criterion.key"),
            C("name", "name", "Criterion.name"),
            C("frage", "question", "Criterion.question"),
            C("art", "kind", "Criterion.kind"),
            C("gewicht", "weight", "Criterion.weight", Kind.INTEGER),
            C("stufen", "steps", "Criterion.steps", Kind.JSON),
        ),
    ),
    *MEASURES,
    Table(
        "ideen", "ideas", "Alle veröffentlichten Ideen in ihrer veröffentlichten Fassung.", _ideas, key=("nummer",),
        columns=(
            C("nummer", "number", "Idea.number", Kind.INTEGER),
            C("titel", "title", "IdeaVersion.title", get=lambda row: row.released_version.title),
            C("text", "text", "IdeaVersion.text", get=lambda row: row.released_version.text),
            C("fassung", "version", "IdeaVersion.version", Kind.INTEGER, get=lambda row: row.released_version.version),
            C("fassung_vom", "version_created_at", "IdeaVersion.created_at", Kind.TIME, get=lambda row: row.released_version.created_at),
            C("status", "status", "Idea.status"),
            C("status_seit", "status_since", "Idea.status_since", Kind.TIME),
            C("fortschritt", "progress", "Idea.progress"),
            C("antwort_bis", "answer_due", "Idea.answer_due", Kind.DATE),
            C("eingereicht", "submitted_at", "Idea.submitted_at", Kind.TIME),
            C("weg", "channel", "Idea.channel", note="wie die Idee zu uns kam"),
            C("loesung", "loesung", "Idea.loesung", get=lambda row: page_path(row.loesung)),
            C("termin", "event", "Idea.event", get=lambda row: page_path(row.event), note="woraus die Idee hervorging"),
            C("orte", "places", "Idea.places", Kind.LIST, get=lambda row: names(row.places.all(), "slug")),
            C("ort_genauer", "place_text", "Idea.place_text"),
            C("zielgruppen", "target_groups", "Idea.target_groups", Kind.LIST),
            C("stichwoerter", "tags", "Idea.tags", Kind.LIST, get=lambda row: names(row.tags.all(), "name")),
            C("aufgegangen_in", "merged_into", "Idea.merged_into", Kind.INTEGER, get=lambda row: number_of(row.merged_into)),
            C("hervorgegangen_aus", "origin", "Idea.origin", Kind.INTEGER, get=lambda row: number_of(row.origin)),
            C("unterstuetzungen", "support_count", "Idea.support_count", Kind.INTEGER, note="Personen, über Zusammenlegungen nur einmal gezählt"),
        ),
    ),
    Table(
        "ideen_schritte", "trail", "Der Weg jeder Idee, Schritt für Schritt. Zeilen ändern sich nie.",
        lambda: TrailEntry.objects.filter(idea__in=Idea.objects.public()).select_related("idea", "text"), key=("idee", "position"),
        columns=(
            C("idee", "idea", "TrailEntry.idea", Kind.INTEGER, get=lambda row: row.idea.number),
            C("position", "position", "TrailEntry.position", Kind.INTEGER),
            C("schritt", "action", "TrailEntry.action"),
            C("von", "from_status", "TrailEntry.from_status"),
            C("nach", "to_status", "TrailEntry.to_status"),
            C("fortschritt", "progress", "TrailEntry.progress"),
            C("stelle", "office", "TrailEntry.office"),
            C("geschehen", "happened_at", "TrailEntry.happened_at", Kind.TIME),
            C("grund", "reason", "TrailText.reason", get=public_reason, note="leer, solange er nicht gelesen oder wenn er geschwärzt ist"),
            C("grund_sha256", "reason_hash", "TrailEntry.reason_hash"),
            C("geschwaerzt", "redacted_at", "TrailText.redacted_at", Kind.TIME, get=lambda row: row.text.redacted_at),
            C("wartet", "awaits_release", "TrailText.awaits_release", Kind.YES_NO, get=lambda row: row.text.awaits_release),
            C("aenderungen", "changes", "TrailEntry.changes", Kind.JSON),
            C("antwort_war_faellig", "answer_was_due", "TrailEntry.answer_was_due", Kind.DATE),
            C("gewartet_tage", "waited_days", "TrailEntry.waited_days", Kind.INTEGER),
        ),
    ),
    Table(
        "verknuepfungen", "links", "Welche Idee wie weit in welche Maßnahme einfließt.",
        lambda: MeasureIdea.objects.filter(idea__in=Idea.objects.public()).select_related("measure", "idea"), key=("massnahme", "reihenfolge", "idee"),
        columns=(
            C("massnahme", "measure", "MeasureIdea.measure", get=lambda row: row.measure.code),
            C("idee", "idea", "MeasureIdea.idea", Kind.INTEGER, get=lambda row: row.idea.number),
            C("beitrag", "contribution", "MeasureIdea.contribution"),
            C("reihenfolge", "sort_order", "MeasureIdea.sort_order", Kind.INTEGER),
        ),
    ),
    Table(
        "pruefergebnisse", "review_results", "Veröffentlichte Ergebnisse von Prüfungen, zusammengefasst je Kriterium.",
        lambda: ReviewRound.objects.filter(idea__in=Idea.objects.public(), published__isnull=False).select_related("idea", "scheme_version__scheme"),
        key=("idee", "begonnen"),
        columns=(
            C("idee", "idea", "ReviewRound.idea", Kind.INTEGER, get=lambda row: row.idea.number),
            C("pruefbogen", "scheme", "ReviewRound.scheme_version", get=lambda row: row.scheme_version.scheme.slug),
            C("fassung", "scheme_version", "ReviewRound.scheme_version", Kind.INTEGER, get=lambda row: row.scheme_version.number),
            C("stufe", "stage", "ReviewRound.stage", Kind.INTEGER),
            C("begonnen", "opened_at", "ReviewRound.opened_at", Kind.TIME),
            C("beendet", "closed_at", "ReviewRound.closed_at", Kind.TIME),
            C("erste_stufe", "stage_one", "ReviewRound.stage_one"),
            C("ergebnis", "published", "ReviewRound.published", Kind.JSON),
            C("veroeffentlicht", "published_at", "ReviewRound.published_at", Kind.TIME),
        ),
    ),
    Table(
        "unterstuetzungen", "supports", "Unterstützungen als Pseudonyme: gleich innerhalb einer Idee und aller, die in ihr aufgegangen sind, sonst nie.",
        lambda: Support.objects.filter(idea__in=Idea.objects.public()).select_related("idea__merged_root"), key=("idee", "person"),
        columns=(
            C("idee", "idea", "Support.idea", Kind.INTEGER, get=lambda row: row.idea.number),
            C("person", "person", "Support.person", get=pseudonym),
            C("tag", "day", "Support.created_at", Kind.DATE, get=lambda row: timezone.localdate(row.created_at)),
        ),
    ),
    Table(
        "bilder", "pictures", "Bilder veröffentlichter Fassungen. Die Dateien liegen in bilder/, groß und klein.",
        lambda: IdeaPicture.objects.filter(version__in=Idea.objects.public().values("released_version")).select_related("version__idea"),
        key=("idee", "angelegt", "bild"),
        columns=(
            C("bild", "picture", "IdeaPicture.key", get=picture_key, note="Name der Dateien: bilder/<bild>-gross.jpg, bilder/<bild>-klein.jpg"),
            C("idee", "idea", "IdeaPicture.version", Kind.INTEGER, get=lambda row: row.version.idea.number),
            C("bildbeschreibung", "alt_text", "IdeaPicture.alt_text"),
            C("breite", "width", "IdeaPicture.width", Kind.INTEGER),
            C("hoehe", "height", "IdeaPicture.height", Kind.INTEGER),
            C("angelegt", "created_at", "IdeaPicture.created_at", Kind.TIME),
        ),
    ),
    Table(
        "editionen", "editions", "Beschlossene und vorgeschlagene Editionen der Agenda mit ihren Daten. Entwürfe sind nicht dabei.",
        _editions, key=("jahr", "fassung"),
        columns=(
            C("jahr", "year", "Edition.year", Kind.INTEGER),
            C("fassung", "version", "Edition.version", Kind.INTEGER),
            C("stand", "state", "Edition.state"),
            C("titel", "title", "Edition.title"),
            C("vorwort", "foreword", "Edition.foreword"),
            C("berichtigung", "correction", "Edition.correction"),
            C("daten", "data", "Edition.data", Kind.JSON, get=lambda row: row.shown_data, note="die ganze Agenda, wie sie damals war; ohne Titel von Ideen, deren Text gelöscht ist"),
            C("daten_sha256", "data_hash", "Edition.data_hash", note="der Daten, wie sie beschlossen wurden"),
            C("daten_hier_sha256", "data_hash_here", "Edition.data", get=lambda row: hash_of_data(row.shown_data), note="der Daten, wie sie hier stehen"),
            C("stand_der_daten", "as_of", "Edition.as_of", Kind.DATE),
            C("uebernommen", "frozen_at", "Edition.frozen_at", Kind.TIME),
            C("vorgeschlagen", "proposed_at", "Edition.proposed_at", Kind.TIME),
            C("gremium", "body", "Edition.body"),
            C("beschlossen_am", "adopted_on", "Edition.adopted_on", Kind.DATE),
            C("beschluss", "resolution_number", "Edition.resolution_number"),
        ),
    ),
)  # fmt: skip
