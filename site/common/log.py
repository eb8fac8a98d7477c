"""Secret links stay out of the logs. An address like /ideen/verfolgen/<token>/ opens something for whoever reads it."""

import logging
import re
from typing import Any

# A token of common/tokens.py, wherever an address has it; what stands in the place of one, cut off or mistyped; allauth's link
# for a new password; the key of a form that waits for its picture; the receipt code of
# a ballot, which beside a reader's address would say who cast it.
_SECRET = re.compile(
    r"""(?x) (?<![\w-]) [A-Za-z0-9_-]{43} (?![\w-])
    | (?<=/verfolgen/) (?!\d{1,9}/|verschickt/) [^/\s?"']+ | (?<=/bestaetigen/) [^/\s?"']+ | (?<=/reset/key/) [^/\s?"']+
    | (?<=/konto/adresse/) [^/\s?"']+ | (?<=schluessel=) [^&\s"']+ | (?<=[?&]code=) [^&\s"']+"""
)


def mask(text: str) -> str:
    """The text with … in place of each secret."""
    return _SECRET.sub("…", text)


class HidesSecretLinks(logging.Filter):
    """Masks a record's message and arguments. For loggers that name the address of a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _masked(record.msg)
        if isinstance(record.args, dict):
            record.args = {name: _masked(value) for name, value in record.args.items()}
        elif record.args:
            record.args = tuple(map(_masked, record.args))
        return True


def _masked(value: Any) -> Any:
    return mask(value) if isinstance(value, str) else value


# What Django's own loggers are called that name addresses. Filters hold for a logger's own records, not for those below it.
_LOGGERS = ["django.request", "django.security.csrf", "django.security.DisallowedHost", "django.security.SuspiciousOperation"]


def logging_settings() -> dict[str, Any]:
    """What LOGGING adds to Django's own: the filter for everything that writes down requests."""
    line = {"()": "django.utils.log.ServerFormatter", "format": "[{server_time}] {message}", "style": "{"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"secrets": {"()": "common.log.HidesSecretLinks"}},
        "formatters": {"server": line},
        "handlers": {"server": {"class": "logging.StreamHandler", "formatter": "server"}},
        "loggers": {
            **{name: {"filters": ["secrets"]} for name in _LOGGERS},
            "django.server": {"handlers": ["server"], "level": "INFO", "propagate": False, "filters": ["secrets"]},
        },
    }
