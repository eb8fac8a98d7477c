"""Form fields that read what people here write."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_THOUSANDS = re.compile(r"^-?\d{1,3}(\.\d{3})+$")


class GermanDecimalField(forms.DecimalField):
    """A number as it is written here: „1.234,5“. A point is a decimal point only where it can't part thousands: „1.5“."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_digits": 14, "decimal_places": 2, **options})
        self.widget.attrs.setdefault("inputmode", "decimal")
        self.error_messages["invalid"] = _("Bitte geben Sie eine Zahl ein, zum Beispiel: 1.250 oder 12,5")

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = re.sub(r"\s", "", value).replace("−", "-")
            if "," in value:
                value = value.replace(".", "").replace(",", ".")
            elif _THOUSANDS.match(value):
                value = value.replace(".", "")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return f"{value.normalize():f}".replace(".", ",")
        return value


def date_field(label: Any, **options: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    messages = {"required": _("Bitte geben Sie einen Tag an."), "invalid": _("Bitte geben Sie ein Datum an: Tag, Monat, Jahr.")}
    return forms.DateField(label=label, widget=widget, error_messages=messages, **options)
