"""The mails about entries, juries, comments and guests' addresses with invented contents. Nothing touches the database."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from ideas.mail_samples import WORDS, Context, Sample, Words, register

from .comment_mails import quoted
from .comment_workflow import COMPLAINABLE, Action, Ground
from .local_time import moment_in_words
from .phases import Phase, Span

_AUTHOR = _("Absender einer Idee")
_MEMBER = _("Mitglied einer Jury")
_COMMENTER = _("wer kommentiert")
_REPORTER = _("wer einen Kommentar meldet")


def _url(path: str) -> str:
    return f"{settings.BASE_URL}{path}"


def _about(words: Words) -> Context:
    return {
        "number": 161,
        "title": words.title,
        "competition": words.competition,
        "url": _url("/wettbewerbe/beispiel/"),
        "receipt_url": _url("/ideen/verfolgen/beispiel/"),
    }


def _entry(*, is_in: bool, was_in: bool) -> Callable[[Words], Context]:
    def context(words: Words) -> Context:
        return {"is_in": is_in, "was_in": was_in, "reason": "" if is_in else words.reason, **_about(words)}

    return context


def _result(words: Words) -> Context:
    own: dict[str, Any] = {"place": 2, "tied": True, "total": 12, "result_url": _url("/wettbewerbe/beispiel/ergebnis/")}
    return {**own, **_about(words)}


def _jury(words: Words) -> Context:
    begin = timezone.now() + timedelta(days=10)
    return {
        "competition": SimpleNamespace(title=words.competition),
        "span": Span(Phase.JURY, begin, begin + timedelta(days=14)),
        "url": _url("/konto/jury/beispiel/"),
    }


def _proof(words: Words) -> Context:
    return {"url": _url("/konto/adresse/beispiel/"), "days": 7}


_COMMENTS = {
    "de": ("Eine gute Idee! Am Busbahnhof\nwäre auch eine Bank schön.", "Dort ist schon eine Bank geplant."),
    "en": ("A good idea! A bench at the bus station\nwould be nice, too.", "A bench is already planned there."),
}


def _comment(words: Words) -> Context:
    return {
        "label": _("Idee %(number)s") % {"number": 161},
        "title": words.title,
        "url": _url("/kommentare/12/"),
        "text": quoted(_written_in(words)[0]),
    }


def _written_in(words: Words) -> tuple[str, str]:
    return _COMMENTS["de" if words is WORDS["de"] else "en"]


def _decision(action: Action) -> Callable[[Words], Context]:
    def context(words: Words) -> Context:
        against = action in COMPLAINABLE
        return {
            **_comment(words),
            "action": action.value,
            "ground": Ground.TOPIC.label if against else "",
            "reason": "" if action in (Action.APPROVE, Action.APPROVE_EDIT) else words.reason,
            "complain_url": _url("/kommentare/12/einspruch/beispiel/") if against else "",
            "until": date_format(timezone.localdate() + timedelta(days=183)) if against else "",
        }

    return context


def _report(action: Action) -> Callable[[Words], Context]:
    def context(words: Words) -> Context:
        ground = Ground.TOPIC.label if action is Action.HIDE else ""
        reason = "" if action is Action.DELETE else words.reason
        return {"number": 7, "action": action.value, "ground": ground, "reason": reason, "url": _url("/meldungen/7/beispiel/")}

    return context


def _reply(official: bool) -> Callable[[Words], Context]:
    def context(words: Words) -> Context:
        stop_url = _url("/kommentare/11/abbestellen/beispiel/")
        text = quoted(_written_in(words)[1])
        return {**_comment(words), "name": words.name, "official": official, "text": text, "stop_url": stop_url}

    return context


def _block(*, lifted: bool, until: bool = True) -> Callable[[Words], Context]:
    def context(words: Words) -> Context:
        ends = moment_in_words(timezone.now() + timedelta(days=14)) if until else ""
        return {"lifted": lifted, "reason": words.reason, "until": ends}

    return context


register(
    Sample("entry_in", _("Zum Wettbewerb aufgenommen"), _AUTHOR, "participation/entry", _entry(is_in=True, was_in=False)),
    Sample(
        "entry_declined",
        _("Nicht zum Wettbewerb aufgenommen"),
        _AUTHOR,
        "participation/entry",
        _entry(is_in=False, was_in=False),
    ),
    Sample("entry_out", _("Aus dem Wettbewerb genommen"), _AUTHOR, "participation/entry", _entry(is_in=False, was_in=True)),
    Sample("competition_result", _("Ergebnis des Wettbewerbs"), _AUTHOR, "participation/result", _result),
    Sample("jury_appointed", _("In die Jury berufen"), _MEMBER, "participation/jury_appointed", _jury),
    Sample("jury_begins", _("Die Jury kann bewerten"), _MEMBER, "participation/jury_begins", _jury),
    Sample("address", _("E-Mail-Adresse bestätigen"), _("Wer ohne Konto mitmacht"), "accounts/proof", _proof),
    *(
        Sample(f"comment_{action.value}", label, _COMMENTER, "participation/comment_decision", _decision(action))
        for action, label in {
            Action.APPROVE: _("Kommentar freigegeben"),
            Action.REFUSE: _("Kommentar nicht veröffentlicht"),
            Action.HIDE: _("Kommentar ausgeblendet"),
            Action.RESTORE: _("Kommentar wieder eingeblendet"),
            Action.APPROVE_EDIT: _("Änderung eines Kommentars freigegeben"),
            Action.REFUSE_EDIT: _("Änderung eines Kommentars nicht veröffentlicht"),
            Action.UPHOLD: _("Einspruch hatte Erfolg"),
            Action.REJECT: _("Einspruch zurückgewiesen"),
        }.items()
    ),
    Sample(
        "report_received",
        _("Meldung ist da"),
        _REPORTER,
        "participation/report_received",
        lambda words: {"number": 7, "url": _url("/meldungen/7/beispiel/")},
    ),
    Sample("report_hidden", _("Meldung: ausgeblendet"), _REPORTER, "participation/report_decided", _report(Action.HIDE)),
    Sample("report_kept", _("Meldung: bleibt stehen"), _REPORTER, "participation/report_decided", _report(Action.KEEP)),
    Sample("report_deleted", _("Meldung: gelöscht"), _REPORTER, "participation/report_decided", _report(Action.DELETE)),
    Sample("comment_reply", _("Antwort auf einen Kommentar"), _COMMENTER, "participation/comment_reply", _reply(False)),
    Sample(
        "comment_official", _("Offizielle Antwort auf einen Kommentar"), _COMMENTER, "participation/comment_reply", _reply(True)
    ),
    Sample("comment_block", _("Für Kommentare gesperrt"), _COMMENTER, "participation/comment_block", _block(lifted=False)),
    Sample(
        "comment_block_open",
        _("Für Kommentare gesperrt, ohne Ende"),
        _COMMENTER,
        "participation/comment_block",
        _block(lifted=False, until=False),
    ),
    Sample("comment_unblock", _("Sperre aufgehoben"), _COMMENTER, "participation/comment_block", _block(lifted=True)),
)
