"""What a level of reach means in words, for the live level and for one that an edition has frozen."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _


def bounds_in_words(least: int | None, most: int | None) -> str:
    """From so many people to so many: „500 bis 5.000 Menschen“, „über 10.000 Menschen“ for 10001 and more; '' for none."""
    if least is not None and most is not None:
        return _("%(least)s bis %(most)s Menschen") % {"least": _number(least), "most": _number(most)}
    if least is not None:
        return _("über %(number)s Menschen") % {"number": _number(max(least - 1, 0))}
    if most is not None:
        return _("unter %(number)s Menschen") % {"number": _number(most + 1)}
    return ""


def _number(number: int) -> str:
    return str(number_format(number, use_l10n=True, force_grouping=True))
