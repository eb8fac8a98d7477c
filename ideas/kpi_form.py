"""A figure as one row of its Lösung's page in the editor."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm

from .desk.fields import GermanDecimalField


class KpiOnPageForm(WagtailAdminModelForm):
    """Numbers are typed as people here write them. A figure with values can't be deleted: the row stays and says why."""

    target_value = GermanDecimalField(label=gettext_lazy("Zielwert als Zahl"), required=False)
    baseline = GermanDecimalField(label=gettext_lazy("Ausgangswert"), required=False)

    data: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        delete = self.add_prefix("DELETE")
        self.deletion_refused = bool(
            self.is_bound and self.data.get(delete) and self.instance.pk and self.instance.values.exists()
        )
        if self.deletion_refused:
            self.data = self.data.copy()
            self.data[delete] = ""

    def clean(self) -> dict[str, Any]:
        entered: dict[str, Any] = super().clean() or self.cleaned_data
        if self.deletion_refused:
            self.add_error(
                "name",
                _("Diese Kennzahl hat schon Werte und bleibt deshalb stehen. Sie können sie umbenennen oder ihr Ziel ändern."),
            )
        return entered
