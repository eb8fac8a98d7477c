"""What the lead types when making a competition and setting it up."""

import re
from typing import Any

from django import forms
from django.utils.html import format_html, strip_tags
from django.utils.text import slugify
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.rich_text import DraftailRichTextArea

from common.text import has_words, one_line
from ideas.models import ReviewScheme, SchemeVersion
from pages.blocks import RICH_TEXT

from ..actions.setup import RULES
from ..jury import fits_jury
from ..models import Competition, CompetitionPage

MOST_VOTES = 100
LONGEST_LINK_DAYS = 180
_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})
_BLOCK_KEY = re.compile(r' data-block-key="[^"]*"')


class RichText(DraftailRichTextArea):
    """Wagtail's editor. What it didn't write itself (no JavaScript, a program) is a paragraph of plain text."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(**options)
        self.label = label

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        # Wagtail leaves the editor without a name that a screen reader could say.
        self.options["ariaLabel"] = str(self.label)
        context: dict[str, Any] = super().get_context(name, value, attrs)
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        try:
            return super().value_from_datadict(data, files, name)
        except (ValueError, TypeError, KeyError, IndexError, AttributeError):
            return format_html("<p>{}</p>", data.get(name, ""))


class RichTextField(forms.CharField):
    """Formatted text. Left as it was where only the editor's marks differ; '' where nobody could read anything."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=20_000, widget=RichText(options["label"], features=RICH_TEXT), **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return text if has_words(strip_tags(text)) else ""


def _of_page(name: str) -> dict[str, Any]:
    field: Any = CompetitionPage._meta.get_field(name)
    return {"label": field.verbose_name, "help_text": field.help_text}


def _title() -> forms.CharField:
    return forms.CharField(label=_("Titel"), max_length=255, error_messages={"required": _("Bitte geben Sie einen Titel ein.")})


def _intro(**options: Any) -> forms.CharField:
    return forms.CharField(
        max_length=800, required=False, widget=forms.Textarea(attrs={"rows": 4}), **{**_of_page("intro"), **options}
    )


class NewForm(forms.Form):
    title = _title()
    slug = forms.CharField(
        label=_("Adresse"),
        max_length=80,
        required=False,
        help_text=_("Was nach /wettbewerbe/ steht: Kleinbuchstaben, Ziffern und Bindestriche. Leer: aus dem Titel."),
    )
    intro = _intro()

    def clean_title(self) -> str:
        return _titled(self.cleaned_data["title"])

    def clean_slug(self) -> str:
        typed: str = self.cleaned_data["slug"].strip().strip("/")
        slug = typed.lower() if typed else slugify(self.cleaned_data.get("title", "").translate(_SPELT))[:80].strip("-")
        if not slug and self.cleaned_data.get("title"):
            raise forms.ValidationError(_now("Aus diesem Titel ergibt sich keine Adresse. Bitte geben Sie eine ein."))
        if slug and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
            raise forms.ValidationError(
                _now("Eine Adresse besteht aus Kleinbuchstaben, Ziffern und Bindestrichen, zum Beispiel: ideen-fuer-morgen")
            )
        return slug


class TextsForm(forms.Form):
    title = _title()
    intro = _intro()
    rules = RichTextField(**_of_page("rules"))
    prizes = RichTextField(**_of_page("prizes"))

    def __init__(self, data: Any, *, page: CompetitionPage) -> None:
        self.page = page
        super().__init__(data, initial={name: getattr(page, name) for name in ("title", "intro", "rules", "prizes")})

    def clean_title(self) -> str:
        return _titled(self.cleaned_data["title"])

    def clean_rules(self) -> str:
        return self._as_it_was("rules")

    def clean_prizes(self) -> str:
        return self._as_it_was("prizes")

    def _as_it_was(self, name: str) -> str:
        """The editor gives every paragraph a key; that alone is no change."""
        typed, kept = self.cleaned_data[name], getattr(self.page, name)
        return kept if _BLOCK_KEY.sub("", typed) == _BLOCK_KEY.sub("", kept) else typed


class RulesForm(forms.ModelForm):  # type: ignore[type-arg]
    """How is voted and counted. `why_fixed`: the sentence for a competition whose rules stay as they are."""

    class Meta:
        model = Competition
        fields = RULES

    def __init__(self, data: Any, *, competition: Competition, why_fixed: str = "") -> None:
        self.why_fixed = why_fixed
        # The form writes into a copy: what the action compares with is what stands in the database.
        super().__init__(data, instance=Competition.objects.get(pk=competition.pk))
        for name in ("votes", "votes_per_entry"):
            self._numeric(name, 1, MOST_VOTES, _("Bitte geben Sie eine Zahl von 1 bis %(most)s ein.") % {"most": MOST_VOTES})
            self.fields[name].help_text = _("Nur beim Verteilen von Stimmen")
            self.fields[name].required = False
        self.fields["method"].help_text = _("Nur bei Reihenfolgen. Beide Verfahren sind auf der Ergebnisseite erklärt.")
        self.fields["method"].required = False
        self._numeric("jury_weight", 0, 100, _("Das Gewicht der Jury liegt zwischen 0 und 100 Prozent."))
        days = _("Bitte geben Sie eine Zahl von 0 bis %(most)s ein.") % {"most": LONGEST_LINK_DAYS}
        self._numeric("link_days", 0, LONGEST_LINK_DAYS, days)
        scheme: Any = self.fields["jury_scheme"]
        scheme.queryset = _graded(competition)
        scheme.empty_label = _("keine Jury")
        scheme.help_text = _("Zur Wahl stehen Prüfbögen, deren Kriterien Stufen haben.")
        for field in self.fields.values():
            field.disabled = bool(why_fixed)

    def _numeric(self, name: str, least: int, most: int, sentence: Any) -> None:
        label, help_text = self.fields[name].label, self.fields[name].help_text
        messages = dict.fromkeys(("required", "invalid", "min_value", "max_value"), sentence)
        self.fields[name] = forms.IntegerField(
            label=label, help_text=help_text, min_value=least, max_value=most, error_messages=messages
        )

    def clean(self) -> dict[str, Any]:
        entered: dict[str, Any] = super().clean() or self.cleaned_data
        is_budget = entered.get("voting") == Competition.Voting.BUDGET
        for name in ("votes", "votes_per_entry"):
            if entered.get(name) is None and name not in self.errors:
                entered[name] = getattr(self.instance, name)
                if is_budget:
                    self.add_error(name, _now("Bitte geben Sie eine Zahl von 1 bis %(most)s ein.") % {"most": MOST_VOTES})
        entered["method"] = entered.get("method") or self.instance.method
        most, each = entered.get("votes"), entered.get("votes_per_entry")
        if most and each and each > most:
            self.add_error(
                "votes_per_entry", _now("Für eine Idee kann es höchstens so viele Stimmen geben, wie eine Person hat.")
            )
        if entered.get("jury_weight") and "jury_scheme" not in self.errors and not entered.get("jury_scheme"):
            self.add_error("jury_scheme", _now("Bitte wählen Sie, nach welchem Prüfbogen die Jury bewertet."))
        return entered


def _graded(competition: Competition) -> Any:
    """The wordings to choose from: the newest of each scheme in use, if a jury can score by it, and the one chosen before."""
    schemes = ReviewScheme.objects.filter(is_active=True).prefetch_related("versions__criteria")
    found = {each.current.pk for each in schemes if each.current and fits_jury(each.current)}
    return SchemeVersion.objects.filter(pk__in={*found, competition.jury_scheme_id}).select_related("scheme")


def _titled(typed: str) -> str:
    title = one_line(typed)
    if not has_words(title):
        raise forms.ValidationError(_now("Bitte geben Sie einen Titel ein."))
    return title
