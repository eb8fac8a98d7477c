"""What the lead types about an edition."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..models import Edition

LONGEST_FOREWORD = 10_000


def _long(label: Any, help_text: Any = "", *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=LONGEST_FOREWORD,
        widget=forms.Textarea(attrs={"rows": 8}),
    )


def _short(name: str, help_text: Any = "") -> forms.CharField:
    field: Any = Edition._meta.get_field(name)
    return forms.CharField(label=field.verbose_name, max_length=field.max_length, help_text=help_text)


class OpenForm(forms.Form):
    year = forms.IntegerField(
        label=_("Jahr"),
        min_value=1990,
        max_value=2200,
        help_text=_("Das Jahr, für das die Agenda gilt. Es steht in der Adresse."),
    )
    title = _short("title", _("So steht die Edition auf ihrem Deckblatt."))
    foreword = _long(_("Vorwort"), _("Absätze durch eine leere Zeile trennen"))

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, initial={"year": timezone.localdate().year}, **kwargs)


class TextsForm(forms.Form):
    title = _short("title")
    foreword = _long(_("Vorwort"), _("Absätze durch eine leere Zeile trennen"))
    correction = _long(_("Was diese Fassung berichtigt"), required=True)

    def __init__(self, data: Any, *, edition: Edition) -> None:
        names = ("title", "foreword", "correction")
        super().__init__(data, initial={name: getattr(edition, name) for name in names})
        if edition.version == 1:
            del self.fields["correction"]


class AdoptForm(forms.Form):
    body = _short("body", _("Das Gremium, das beschlossen hat"))
    adopted_on = forms.DateField(label=_("Beschlossen am"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    resolution_number = _short("resolution_number")


class CorrectionForm(forms.Form):
    correction = _long(_("Was diese Fassung berichtigt"), _("Das lesen alle. Bitte sagen Sie auch, warum."), required=True)
