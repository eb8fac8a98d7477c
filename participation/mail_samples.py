"""The mails about entries, the jury and guests' addresses with invented contents. Nothing here touches the database."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ideas.mail_samples import Context, Sample, Words, register

from .phases import Phase, Span

_AUTHOR = _("Absender einer Idee")
_MEMBER = _("Mitglied einer Jury")


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
)
