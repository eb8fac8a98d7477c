"""The tables of the staff export: people, what is not released, what reviewers wrote. They go into a folder of their own and
are never read back: personal data comes back from a backup only."""

from typing import Any

from accounts.models import Contact

from ..models import (
    Follow,
    Idea,
    IdeaAuthor,
    IdeaVersion,
    InternalNote,
    KpiValue,
    Measure,
    MeasureEntry,
    ProgressNote,
    Proposal,
    Review,
    ReviewRound,
    ReviewScore,
    Support,
    TrailEntry,
)
from .measure_tables import of_numbered
from .public_tables import picture_key
from .schema import Column as C  # noqa: N817 - a table of columns
from .schema import Table, number_of, page_path
from .values import Kind


def _mail(user: Any) -> str:
    return user.email if user else ""


def _idea(path: str) -> Any:
    def number(row: Any) -> int | None:
        for name in path.split("."):
            row = getattr(row, name)
        return number_of(row)

    return number


_WAITING = (Proposal.State.WAITING, Proposal.State.DECLINED)


def _proposal(model: str) -> tuple[C, ...]:
    """What every report and value that project leads wrote has beside its words."""
    return (
        C("stand", "state", f"{model}.state"),
        C("verfasst_von", "author", f"{model}.author", get=lambda row: _mail(row.author)),
        C("angelegt", "created_at", f"{model}.created_at", Kind.TIME),
        C("entschieden_von", "decided_by", f"{model}.decided_by", get=lambda row: _mail(row.decided_by)),
        C("entschieden", "decided_at", f"{model}.decided_at", Kind.TIME),
        C("antwort", "answer", f"{model}.answer"),
    )


def _values() -> list[KpiValue]:
    return of_numbered(KpiValue.objects.select_related("kpi__loesung", "author", "decided_by"))


STAFF: tuple[Table, ...] = (
    Table(
        "kontakte", "contacts", "Wer unterstützt oder folgt: Adressen.", lambda: Contact.objects.select_related("user"), key=("kontakt",),
        columns=(
            C("kontakt", "contact", "Contact.address_key", note="Kennwort der Adresse, in den anderen Tabellen der Verweis"),
            C("konto", "user", "Contact.user", get=lambda row: _mail(row.user)),
            C("adresse", "email", "Contact.email"),
            C("sprache", "language", "Contact.language"),
            C("angelegt", "created_at", "Contact.created_at", Kind.TIME),
        ),
    ),
    Table(
        "absender", "authors", "Wer eine Idee eingereicht hat.", lambda: IdeaAuthor.objects.select_related("idea", "user"), key=("idee", "konto", "adresse"),
        columns=(
            C("idee", "idea", "IdeaAuthor.idea", Kind.INTEGER, get=_idea("idea")),
            C("konto", "user", "IdeaAuthor.user", get=lambda row: _mail(row.user)),
            C("adresse", "email", "IdeaAuthor.email"),
            C("einwilligung", "consent_text", "IdeaAuthor.consent_text"),
            C("eingewilligt", "consent_at", "IdeaAuthor.consent_at", Kind.TIME),
            C("bestaetigt", "confirmed_at", "IdeaAuthor.confirmed_at", Kind.TIME),
            C("sprache", "language", "IdeaAuthor.language"),
        ),
    ),
    Table(
        "ideen_alle", "all_ideas", "Alle Ideen, auch nicht veröffentlichte, mit ihrem Stand.",
        lambda: Idea.objects.select_related("loesung").order_by("number", "pk"), key=("nummer",),
        columns=(
            C("nummer", "number", "Idea.number", Kind.INTEGER),
            C("status", "status", "Idea.status"),
            C("neuere_fassung", "has_newer_version", "Idea.has_newer_version", Kind.YES_NO),
            C("loesung", "loesung", "Idea.loesung", get=lambda row: page_path(row.loesung)),
        ),
    ),
    Table(
        "fassungen", "versions", "Alle Fassungen aller Ideen.", lambda: IdeaVersion.objects.select_related("idea"), key=("idee", "fassung"),
        columns=(
            C("idee", "idea", "IdeaVersion.idea", Kind.INTEGER, get=_idea("idea")),
            C("fassung", "version", "IdeaVersion.version", Kind.INTEGER),
            C("titel", "title", "IdeaVersion.title"),
            C("text", "text", "IdeaVersion.text"),
            C("vom", "created_at", "IdeaVersion.created_at", Kind.TIME),
            C("bilder", "pictures", "IdeaPicture.key", Kind.LIST, get=lambda row: sorted(map(picture_key, row.pictures.all()))),
        ),
    ),
    Table(
        "schritte_intern", "trail_internal", "Wer einen Schritt gegangen ist und was intern dazu notiert wurde.",
        lambda: TrailEntry.objects.select_related("idea", "text__actor"), key=("idee", "position"),
        columns=(
            C("idee", "idea", "TrailEntry.idea", Kind.INTEGER, get=_idea("idea")),
            C("position", "position", "TrailEntry.position", Kind.INTEGER),
            C("von_wem", "actor", "TrailText.actor", get=lambda row: _mail(row.text.actor)),
            C("interne_notiz", "internal_note", "TrailText.internal_note", get=lambda row: row.text.internal_note),
            C("grund", "reason", "TrailText.reason", get=lambda row: row.text.reason),
        ),
    ),
    Table(
        "massnahmen_schritte_intern", "measure_trail_internal", "Dasselbe für Maßnahmen.",
        lambda: MeasureEntry.objects.select_related("measure", "text__actor"), key=("massnahme", "position"),
        columns=(
            C("massnahme", "measure", "MeasureEntry.measure", get=lambda row: row.measure.code),
            C("position", "position", "MeasureEntry.position", Kind.INTEGER),
            C("von_wem", "actor", "TrailText.actor", get=lambda row: _mail(row.text.actor)),
            C("interne_notiz", "internal_note", "TrailText.internal_note", get=lambda row: row.text.internal_note),
        ),
    ),
    Table(
        "notizen", "internal_notes", "Interne Notizen zu Ideen.", lambda: InternalNote.objects.select_related("idea", "author", "reply_to"),
        key=("idee", "geschrieben", "text"),
        columns=(
            C("idee", "idea", "InternalNote.idea", Kind.INTEGER, get=_idea("idea")),
            C("geschrieben", "created_at", "InternalNote.created_at", Kind.TIME),
            C("von_wem", "author", "InternalNote.author", get=lambda row: _mail(row.author)),
            C("text", "text", "InternalNote.text"),
            C("antwort_auf", "reply_to", "InternalNote.reply_to", Kind.TIME, get=lambda row: row.reply_to.created_at if row.reply_to else None),
        ),
    ),
    Table(
        "pruefungen", "review_rounds", "Alle Prüfungen, auch laufende.",
        lambda: ReviewRound.objects.select_related("idea", "scheme_version__scheme"), key=("idee", "begonnen"),
        columns=(
            C("idee", "idea", "ReviewRound.idea", Kind.INTEGER, get=_idea("idea")),
            C("begonnen", "opened_at", "ReviewRound.opened_at", Kind.TIME),
            C("beendet", "closed_at", "ReviewRound.closed_at", Kind.TIME),
            C("pruefbogen", "scheme", "ReviewRound.scheme_version", get=lambda row: str(row.scheme_version)),
            C("stufe", "stage", "ReviewRound.stage", Kind.INTEGER),
            C("erste_stufe", "stage_one", "ReviewRound.stage_one"),
        ),
    ),
    Table(
        "einzelpruefungen", "reviews", "Wer was geprüft hat.", lambda: Review.objects.select_related("round__idea", "reviewer"),
        key=("idee", "begonnen", "stufe", "pruefend"),
        columns=(
            C("idee", "idea", "Review.round", Kind.INTEGER, get=_idea("round.idea")),
            C("begonnen", "round", "Review.round", Kind.TIME, get=lambda row: row.round.opened_at),
            C("stufe", "stage", "Review.stage", Kind.INTEGER),
            C("pruefend", "reviewer", "Review.reviewer", get=lambda row: _mail(row.reviewer)),
            C("stand", "state", "Review.state"),
            C("zugeteilt", "assigned_at", "Review.assigned_at", Kind.TIME),
            C("abgegeben", "handed_in_at", "Review.handed_in_at", Kind.TIME),
            C("befangen_weil", "conflict_reason", "Review.conflict_reason"),
            C("bemerkung", "comment", "Review.comment"),
        ),
    ),
    Table(
        "bewertungen", "scores", "Einzelne Antworten der Prüfenden.",
        lambda: ReviewScore.objects.select_related("review__round__idea", "review__reviewer", "criterion"),
        key=("idee", "begonnen", "stufe", "pruefend", "kriterium"),
        columns=(
            C("idee", "idea", "ReviewScore.review", Kind.INTEGER, get=_idea("review.round.idea")),
            C("begonnen", "round", "ReviewScore.review", Kind.TIME, get=lambda row: row.review.round.opened_at),
            C("stufe", "stage", "ReviewScore.review", Kind.INTEGER, get=lambda row: row.review.stage),
            C("pruefend", "reviewer", "ReviewScore.review", get=lambda row: _mail(row.review.reviewer)),
            C("kriterium", "criterion", "ReviewScore.criterion", get=lambda row: row.criterion.key),
            C("antwort", "answer", "ReviewScore.answer"),
            C("notiz", "note", "ReviewScore.note"),
        ),
    ),
    Table(
        "projektverantwortliche", "project_leads", "Wer über welche Maßnahme berichtet.",
        lambda: Measure.objects.filter(project_leads__isnull=False).distinct().prefetch_related("project_leads"), key=("massnahme",),
        columns=(
            C("massnahme", "measure", "Measure.code"),
            C("personen", "people", "Measure.project_leads", Kind.LIST, get=lambda row: sorted(map(_mail, row.project_leads.all()))),
        ),
    ),
    Table(
        "berichte_alle", "all_progress_notes", "Alle Berichte, auch solche, die auf Freigabe warten.",
        lambda: ProgressNote.objects.select_related("measure", "author", "decided_by"), key=("massnahme", "datum", "angelegt"),
        columns=(
            C("massnahme", "measure", "ProgressNote.measure", get=lambda row: row.measure.code),
            C("datum", "happened_on", "ProgressNote.happened_on", Kind.DATE),
            C("text", "text", "ProgressNote.text"),
            *_proposal("ProgressNote"),
        ),
    ),
    Table(
        "werte_alle", "all_kpi_values", "Alle Werte von Kennzahlen, auch solche, die auf Freigabe warten.", _values, key=("loesung", "nr", "datum", "angelegt"),
        columns=(
            C("loesung", "loesung", "KpiValue.kpi", get=lambda row: page_path(row.kpi.loesung)),
            C("nr", "kpi", "KpiValue.kpi", Kind.INTEGER, get=lambda row: row.kpi.place),
            C("datum", "measured_on", "KpiValue.measured_on", Kind.DATE),
            C("wert", "value", "KpiValue.value", Kind.DECIMAL),
            C("hinweis", "note", "KpiValue.note"),
            *_proposal("KpiValue"),
        ),
    ),
    Table(
        "unterstuetzende", "supporters", "Wer welche Idee unterstützt.", lambda: Support.objects.select_related("idea", "contact"),
        key=("idee", "person"),
        columns=(
            C("idee", "idea", "Support.idea", Kind.INTEGER, get=_idea("idea")),
            C("person", "person", "Support.person"),
            C("kontakt", "contact", "Support.contact", get=lambda row: row.contact.address_key if row.contact else ""),
            C("seit", "created_at", "Support.created_at", Kind.TIME),
        ),
    ),
    Table(
        "abos", "follows", "Wer wem folgt.", lambda: Follow.objects.select_related("contact", "idea", "measure", "loesung"),
        key=("kontakt", "idee", "massnahme", "loesung"),
        columns=(
            C("kontakt", "contact", "Follow.contact", get=lambda row: row.contact.address_key),
            C("idee", "idea", "Follow.idea", Kind.INTEGER, get=_idea("idea")),
            C("massnahme", "measure", "Follow.measure", get=lambda row: row.measure.code if row.measure else ""),
            C("loesung", "loesung", "Follow.loesung", get=lambda row: page_path(row.loesung)),
            C("wie_oft", "frequency", "Follow.frequency"),
            C("seit", "created_at", "Follow.created_at", Kind.TIME),
        ),
    ),
)  # fmt: skip
