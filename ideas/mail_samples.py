"""Every kind of mail with invented contents: for the preview in the back office, and for the test that none forgets its
English. Nothing here touches the database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from common.mail import Letter, compose
from pages.models import Message, SiteSettings
from pages.words import words as words_in_force

from .models import Idea, IdeaVersion, Measure, MeasureEntry, TrailEntry, TrailText
from .monitoring import STANDINGS, Standing
from .news import Piece
from .notifications import Named
from .workflow import IDEA_STATES, Action, MeasureStatus, Status

Context = dict[str, Any]


@dataclass(frozen=True)
class Words:
    """What people would have written."""

    title: str
    other_title: str
    reason: str
    measure: str
    barrier: str
    competition: str
    name: str = "Pia Beispiel"


WORDS = {
    "de": Words(
        "Trinkbrunnen am Busbahnhof",
        "Wasser für alle im Park",
        "Sie schlagen einen Trinkbrunnen vor. Das passt zu unseren Zielen, und das Wasserwerk kann ihn anschließen.",
        "Trinkwasser unterwegs",
        "Die Karte lässt sich nicht mit der Tastatur bedienen.",
        "Wasser in der Stadt",
    ),
    "en": Words(
        "Drinking fountain at the bus station",
        "Water for everybody in the park",
        "You propose a drinking fountain. It fits our goals, and the waterworks can connect it.",
        "Drinking water on the way",
        "The map can't be used with the keyboard.",
        "Water in town",
    ),
}


@dataclass(frozen=True)
class Sample:
    """One kind of mail. `to` says who gets it; `context` makes what its template needs from words."""

    key: str
    label: Any
    to: Any
    template: str
    context: Callable[[Words], Context]

    def letter(self, language: str, house: SiteSettings) -> Letter:
        with override(language):
            context = self.context(WORDS[language])
        return compose(self.template, {**context, "house": house}, language)


def _url(path: str) -> str:
    return f"{settings.BASE_URL}{path}"


_RECEIPT = "/ideen/verfolgen/beispiel/"


def _idea(words: Words, status: Status = Status.IN_REVIEW, number: int = 161, title: str = "") -> Idea:
    idea = Idea(number=number, status=status, answer_due=timezone.localdate() + timedelta(days=20))
    idea.released_version = IdeaVersion(title=title or words.title)
    return idea


def _entry(words: Words, action: Action, before: Status, after: Status, **fields: Any) -> TrailEntry:
    entry = TrailEntry(action=action, from_status=before, to_status=after, reason_hash="x", **fields)
    entry.idea, entry.text = _idea(words, after), TrailText(reason=words.reason)
    return entry


def _measure_entry(words: Words) -> MeasureEntry:
    entry = MeasureEntry(
        kind=MeasureEntry.Kind.STATUS, from_status=MeasureStatus.PLANNING, to_status=MeasureStatus.IMPLEMENTATION
    )
    entry.measure = Measure(code="3.1", slug="beispiel", title=words.measure, status=MeasureStatus.IMPLEMENTATION)
    entry.text = TrailText(reason=words.reason)
    return entry


def _step(action: Action, before: Status, after: Status, *, merged: bool = False) -> Callable[[Words], Context]:
    def context(words: Words) -> Context:
        entry = _entry(words, action, before, after)
        entry.idea.answer_due = entry.idea.answer_due if after == Status.IN_REVIEW else None
        return {
            "idea": entry.idea,
            "own": _idea(words, Status.MERGED) if merged else None,
            "entry": entry,
            "asks": action is Action.ASK_BACK,
            "url": _url("/ideen/161/"),
            "answer_url": _url(_RECEIPT),
            "receipt_url": _url(_RECEIPT),
        }

    return context


def _linked(words: Words) -> Context:
    context = _step(Action.LINK_MEASURE, Status.KEPT, Status.KEPT)(words)
    context["entry"].changes = [
        {"label": words_in_force["Massnahme"], "before": "", "after": f"{words.measure} (fließt ganz ein)"}
    ]
    return context


def _proof(supporting: bool) -> Callable[[Words], Context]:
    def context(words: Words) -> Context:
        label = words.measure if not supporting else Named(_idea(words))
        return {"supporting": supporting, "label": label, "url": _url("/mitmachen/beispiel/"), "days": 7}

    return context


def _news(words: Words) -> Context:
    piece = Piece(_entry(words, Action.KEEP, Status.IN_REVIEW, Status.KEPT))
    return {"piece": piece, "follows": words.measure, "stop_url": _url("/abos/beenden/beispiel/")}


def _measure_news(words: Words) -> Context:
    return {
        "piece": Piece(_measure_entry(words)),
        "follows": words.measure,
        "stop_url": _url("/abos/beenden/beispiel/"),
    }


def _digest(words: Words) -> Context:
    pieces = [Piece(_entry(words, Action.REJECT, Status.SUBMITTED, Status.REJECTED)), Piece(_measure_entry(words))]
    return {"pieces": pieces, "stop_url": _url("/abos/alle-beenden/beispiel/")}


def _overdue(words: Words) -> Context:
    ideas = [_idea(words, number=140), _idea(words, number=152)]
    for idea, title in zip(ideas, (words.title, words.other_title), strict=True):
        idea.answer_due = timezone.localdate() - timedelta(days=5)
        idea.latest_title, idea.desk_url = title, _url(f"/admin/ideen/{idea.number}/")  # type: ignore[attr-defined]
    return {"ideas": ideas, "total": 3, "more": 1, "url": _url("/admin/ideen/?ordner=ueberfaellig")}


def _strategy_review(words: Words) -> Context:
    indicator = SimpleNamespace(name=words.title, state=STANDINGS[Standing.OFF])
    return {
        "day": timezone.localdate() + timedelta(days=60),
        "indicators": [indicator],
        "url": _url("/fortschritt/indikatoren/"),
        "settings_url": _url("/admin/settings/ideas/monitoringsettings/"),
    }


def _several(action: Action) -> Callable[[Words], Context]:
    def context(words: Words) -> Context:
        entry = _entry(words, action, Status.KEPT, Status.KEPT)
        parts = [_idea(words, Status.SUBMITTED, 158, words.other_title), _idea(words, Status.IN_REVIEW, 159)]
        return {
            "entry": entry,
            "target": entry.idea,
            "origin": entry.idea,
            "parts": parts,
            "made": parts,
            "url": _url("/ideen/161/"),
            "receipts": [{"number": 158, "url": _url(_RECEIPT)}],
            "stop_url": _url("/abos/alle-beenden/beispiel/"),
        }

    return context


def _proposal(released: bool) -> Callable[[Words], Context]:
    def context(words: Words) -> Context:
        proposal = SimpleNamespace(is_released=released, day=timezone.localdate(), words=words.reason, answer=words.reason)
        return {
            "proposal": proposal,
            "is_report": True,
            "subject": words.measure,
            "url": _url("/massnahmen/beispiel/"),
            "desk_url": _url("/admin/ideen/berichte/"),
        }

    return context


def _review(words: Words) -> Context:
    idea = _idea(words)
    review = SimpleNamespace(round=SimpleNamespace(idea=idea), stage=1, reviewer=words.name, conflict_reason=words.reason)
    return {"reviews": [review], "review": review, "idea": idea, "url": _url("/admin/ideen/pruefungen/")}


def _message(words: Words) -> Context:
    message = Message(
        ticket="B-2026-0001",
        kind=Message.Kind.BARRIER,
        text=words.barrier,
        page_address="/ideen/",
        name=words.name,
        email="pia@example.org",
        answer_due=timezone.localdate() + timedelta(days=28),
    )
    return {"message": message, "is_barrier": True, "url": _url("/admin/nachrichten/edit/1/")}


_AUTHOR, _FOLLOWER, _OFFICE = _("Absender einer Idee"), _("wer folgt oder unterstützt"), _("Stabsstelle")

SAMPLES: list[Sample] = [
    Sample(
        "confirm", _("Idee bestätigen"), _AUTHOR, "ideas/confirm",
        lambda words: {"number": 161, "url": _url("/ideen/bestaetigen/beispiel/"), "days": 7, "parts": []},
    ),
    Sample(
        "received", _("Idee ist da"), _AUTHOR, "ideas/received",
        lambda words: {"idea": _idea(words, Status.SUBMITTED), "receipt_url": _url(_RECEIPT), "parts": []},
    ),
    Sample(
        "review", _("Prüfung begonnen"), _AUTHOR, "ideas/step",
        _step(Action.TAKE_INTO_REVIEW, Status.SUBMITTED, Status.IN_REVIEW),
    ),
    Sample("question", _("Rückfrage"), _AUTHOR, "ideas/step", _step(Action.ASK_BACK, Status.IN_REVIEW, Status.QUESTION)),
    Sample("kept", _("Als Idee behalten"), _AUTHOR, "ideas/step", _step(Action.KEEP, Status.IN_REVIEW, Status.KEPT)),
    Sample("rejected", _("Verworfen"), _AUTHOR, "ideas/step", _step(Action.REJECT, Status.IN_REVIEW, Status.REJECTED)),
    Sample(
        "joined", _("Neues zu einer Idee, in der die eigene aufgegangen ist"), _AUTHOR, "ideas/step",
        _step(Action.KEEP, Status.IN_REVIEW, Status.KEPT, merged=True),
    ),
    Sample("linked", words_in_force.later(_("Mit %(a_dat_massnahme)s verknüpft")), _AUTHOR, "ideas/step", _linked),
    Sample("merged", _("Ideen zusammengelegt"), _AUTHOR, "ideas/merged", _several(Action.ABSORB)),
    Sample("unmerged", _("Zusammenlegung aufgehoben"), _AUTHOR, "ideas/unmerged", _several(Action.LET_GO)),
    Sample("split", _("Idee aufgeteilt"), _AUTHOR, "ideas/split", _several(Action.SPLIT)),
    Sample(
        "receipts", _("Belege noch einmal"), _AUTHOR, "ideas/receipts",
        lambda words: {"rows": [{"idea": _idea(words), "url": _url(_RECEIPT)}]},
    ),
    Sample(
        "withdrawn", _("Idee zurückgezogen"), _AUTHOR, "ideas/withdrawn",
        lambda words: {"idea": _idea(words, Status.WITHDRAWN), "state": IDEA_STATES[Status.WITHDRAWN]},
    ),
    Sample("support", _("Unterstützung bestätigen"), _FOLLOWER, "ideas/proof", _proof(True)),
    Sample("follow", _("Abo bestätigen"), _FOLLOWER, "ideas/proof", _proof(False)),
    Sample("news", _("Neues zu einer Idee"), _FOLLOWER, "ideas/news", _news),
    Sample("measure", words_in_force.later(_("Neues zu %(a_dat_massnahme)s")), _FOLLOWER, "ideas/news", _measure_news),
    Sample("digest", _("Sammelmail"), _FOLLOWER, "ideas/digest", _digest),
    Sample("overdue", _("Überfällige Ideen"), _OFFICE, "ideas/overdue", _overdue),
    Sample("strategy", _("Überprüfung der Strategie"), _OFFICE, "ideas/strategy_review", _strategy_review),
    Sample("assigned", _("Neue Prüfung"), _OFFICE, "ideas/review_assigned", _review),
    Sample("complete", _("Prüfung vollständig"), _OFFICE, "ideas/review_complete", _review),
    Sample("conflict", _("Befangenheit"), _OFFICE, "ideas/review_conflict", _review),
    Sample("released", _("Bericht freigegeben"), _OFFICE, "ideas/proposal", _proposal(True)),
    Sample("message", _("Nachricht von der Website"), _OFFICE, "pages/message", _message),
    Sample(
        "message_received", _("Nachricht ist da"), _("wer uns schreibt"), "pages/message_received",
        lambda words: {"ticket": "B-2026-0001", "due": timezone.localdate() + timedelta(days=28)},
    ),
    Sample(
        "statement_old", _("Erklärung zur Barrierefreiheit prüfen"), _OFFICE, "pages/statement_old",
        lambda words: {"reviewed_on": timezone.localdate() - timedelta(days=400), "url": _url("/admin/pages/1/edit/")},
    ),
    Sample("declined", _("Bericht zurückgegeben"), _OFFICE, "ideas/proposal", _proposal(False)),
]  # fmt: skip


def register(*samples: Sample) -> None:
    """Add the kinds of mail of an app above this one."""
    SAMPLES.extend(samples)


def sample(key: str | None) -> Sample:
    """The kind of this name; the first one for a name that doesn't exist."""
    return next((sample for sample in SAMPLES if sample.key == key), SAMPLES[0])
