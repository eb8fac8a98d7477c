"""The mails to members of a jury with invented contents, for the preview at the desk and for the tests."""

from datetime import timedelta
from types import SimpleNamespace

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ideas.mail_samples import Context, Sample, Words, register

from .phases import Phase, Span


def _context(words: Words) -> Context:
    begin = timezone.now() + timedelta(days=10)
    return {
        "competition": SimpleNamespace(title=words.measure),
        "span": Span(Phase.JURY, begin, begin + timedelta(days=14)),
        "url": f"{settings.BASE_URL}/konto/jury/beispiel/",
    }


_MEMBER = _("Mitglied einer Jury")

register(
    Sample("jury_appointed", _("In die Jury berufen"), _MEMBER, "participation/jury_appointed", _context),
    Sample("jury_begins", _("Die Jury kann bewerten"), _MEMBER, "participation/jury_begins", _context),
)
