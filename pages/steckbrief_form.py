"""The editor's form of a Steckbrief: what must be answered before publishing, and that no figure with values gets lost."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import InlinePanel
from wagtail.admin.telepath import register as register_telepath_adapter
from wagtail.blocks import BlockField

from .page_form import PageForm
from .steckbrief import QUESTIONS, asked, is_empty, required

# Kept at the page in the default language alone.
_OF_THE_SOURCE = ("kpis", "synergies")


class LoesungForm(PageForm):
    """A draft may have gaps. Who publishes or asks for release hears beside each field what is missing (SiteSettings)."""

    target_groups = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        from .models import TargetGroup
        from .site import current

        self.fields["target_groups"].choices = TargetGroup.choices  # type: ignore[attr-defined]
        if not is_source(self.instance):
            for name in _OF_THE_SOURCE:
                self.formsets.pop(name, None)
        self.must_answer = [
            name for name in required(current().required_answers) if name in self.fields or name in self.formsets
        ]
        for name in self.must_answer:
            if name in self.fields and not isinstance(self.fields[name], BlockField):
                self.fields[name].required = True
                self.fields[name].error_messages["required"] = missing(name)

    def defer_required_fields(self) -> None:
        if self.is_deferred_validation:
            return
        super().defer_required_fields()
        for name in self.must_answer:
            if name in self.fields and self.fields[name].required:
                self.fields[name].required = False
                self.deferred_required_fields.append(name)

    def clean(self) -> dict[str, Any]:
        entered: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.is_deferred_validation:
            for name in self.must_answer:
                if name in entered and name not in self.errors and is_empty(entered[name]):
                    self.add_error(name, missing(name))
        return entered

    def is_valid(self) -> bool:
        valid = super().is_valid()
        if self.is_deferred_validation:
            return bool(valid)
        for name in self.must_answer:
            formset = self.formsets.get(name)
            if formset is not None and not _kept(formset) and not formset.non_form_errors():
                formset.non_form_errors().append(missing(name))
        return bool(valid) and not any(formset.non_form_errors() for formset in self.formsets.values())


def _kept(formset: Any) -> list[Any]:
    """The rows that stay: filled in and not deleted."""
    gone = formset.deleted_forms if formset.is_valid() else []
    return [form for form in formset.forms if form not in gone and (form.instance.pk or form.has_changed())]


def missing(name: str) -> str:
    """The sentence beside a field that must be answered."""
    if name == "kpis":
        return _("Bitte nennen Sie mindestens eine Kennzahl mit ihrem Zielwert. Als Entwurf speichern können Sie jederzeit.")
    return _("Diese Angabe fehlt noch: %(label)s. Als Entwurf speichern können Sie jederzeit.") % {"label": asked(name).label}


def is_source(page: Any) -> bool:
    """Whether this is the page in the default language: figures and synergies belong to it alone."""
    return page.locale_id is None or page.locale.language_code == settings.LANGUAGE_CODE


class OptionalBoundPanel(InlinePanel.BoundPanel):
    """Not there where the form has left these rows out."""

    def __init__(self, **kwargs: Any) -> None:
        self.is_here = kwargs["form"] is None or kwargs["panel"].relation_name in kwargs["form"].formsets
        if self.is_here:
            super().__init__(**kwargs)
        else:
            super(InlinePanel.BoundPanel, self).__init__(**kwargs)

    def is_shown(self) -> bool:
        return self.is_here and bool(super().is_shown())


class SourcePanel(InlinePanel):
    """What belongs to the page in the default language, edited in place: translations read it there and show no panel."""

    @register_telepath_adapter
    class BoundPanel(OptionalBoundPanel):
        pass


class FiguresPanel(SourcePanel):
    """The figures of a Lösung. They come from an app above (Kpi), which brings its own form."""

    def get_form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_options()
        options["formsets"][self.relation_name]["form"] = self.db_field.related_model.base_form_class
        return options


class RequiredAnswersForm(WagtailAdminModelForm):
    """The form of the site's settings: which answers a Steckbrief must have, ticked from the list of its questions."""

    required_answers = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: [
            (name, f"{question.number} {question.label}") for name, question in QUESTIONS.items() if question.is_field
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["required_answers"] = required(self.instance.required_answers)

    def clean_required_answers(self) -> list[str] | None:
        """None as long as it is the default, so that a later default reaches those who never chose."""
        chosen = required(self.cleaned_data["required_answers"])
        return None if chosen == required(None) else chosen
