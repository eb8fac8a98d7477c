"""The edition as one PDF file, drawn once from its data and kept beside it. Always in the language of the data."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation

from common.models import OutboxMessage
from common.outbox import Undeliverable, handler
from common.pdf import Unavailable, one_at_a_time, render_pdf
from pages import words

from ..models import Edition, EditionFile, Idea
from .agenda import completed, removed_from, without
from .freeze import hash_of, vocabulary_of
from .shown import shown

KIND = "edition.pdf"
_PATIENCE = 60  # seconds that the worker waits for its turn


def pdf_of(edition: Edition, *, wait: float = 0) -> bytes:
    """The file that was drawn from just what is shown of these data, or a new one, kept for whoever asks next. It is only a
    drawing: when an idea that it names is withdrawn with its text, it is drawn anew, of an adopted edition too.

    Raises Unavailable without Pango, and Busy if another file is being drawn for longer than `wait` seconds.
    """
    removed = Idea.objects.removed_numbers()
    fingerprint = _fingerprint(edition, removed_from(edition.data, removed))
    if (kept := _kept(edition, fingerprint)) is not None:
        return kept
    with one_at_a_time(wait):
        if (kept := _kept(edition, fingerprint)) is not None:  # the other file was this one
            return kept
        content = draw(edition, completed(without(edition.data, removed)))
        _keep(edition, content, fingerprint)
    return content


def _kept(edition: Edition, fingerprint: str) -> bytes | None:
    file = EditionFile.objects.filter(edition=edition, language=settings.LANGUAGE_CODE, data_hash=fingerprint).first()
    return bytes(file.content) if file else None


def _keep(edition: Edition, content: bytes, fingerprint: str) -> None:
    """For the next reader, if the edition is still what was drawn: drawing takes a while."""
    unchanged = Edition.objects.filter(pk=edition.pk, state=edition.state, data_hash=edition.data_hash)
    with transaction.atomic():
        if not list(unchanged.select_for_update().values_list("pk")):
            return
        EditionFile.objects.filter(edition=edition, language=settings.LANGUAGE_CODE).delete()
        file = EditionFile(edition=edition, language=settings.LANGUAGE_CODE, content=content, data_hash=fingerprint)
        EditionFile.objects.bulk_create([file], ignore_conflicts=True)  # somebody was quicker: theirs is the same


def _fingerprint(edition: Edition, removed: list[int]) -> str:
    """Of all that the file shows: the data, whose titles are blacked out in them, and what stands on the cover."""
    cover = {"title": edition.title, "foreword": edition.foreword, "correction": edition.correction, "state": edition.state}
    return hash_of({**cover, "data": edition.data_hash, "on": str(edition.adopted_on), "removed": removed})


def draw(edition: Edition, data: dict[str, Any]) -> bytes:
    """The PDF of these data (agenda_of), drawn now."""
    with translation.override(settings.LANGUAGE_CODE), words.spoken(vocabulary_of(edition.data)):
        return render_pdf("ideas/editions/pdf.html", "css/edition_pdf.css", shown(edition, data, base=settings.BASE_URL))


@handler(KIND)
def draw_beforehand(message: OutboxMessage) -> None:
    """So that the first reader doesn't wait. A file that is there already stays."""
    edition = Edition.objects.filter(pk=message.payload["edition"]).first()
    if edition is None:
        return
    try:
        pdf_of(edition, wait=_PATIENCE)
    except Unavailable as error:
        raise Undeliverable(str(error)) from error
