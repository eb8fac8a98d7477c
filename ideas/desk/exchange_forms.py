"""What a lead enters to bring a table in."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pages.agenda import sources
from pages.models import LoesungPage, ZielbildPage
from pages.words import words

from ..exchange.mapping import MEASURES, TARGETS, Mapping, status_words
from ..exchange.schema import page_path
from ..exchange.spreadsheets import MAX_BYTES, Sheet
from ..exchange.words import folded, guess_status, status_choices

MOST_WORDS = 100  # a column with more different words holds no status


class UploadForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("Was steht in der Datei?"),
        choices=[("measures", words.later("%(Pl_massnahme)s")), ("ideas", gettext_lazy("Ideen"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Bitte wählen Sie, was in der Datei steht.")},
    )
    file = forms.FileField(
        label=gettext_lazy("Datei"),
        help_text=gettext_lazy("CSV, Excel (XLSX) oder JSON, höchstens 10 MB. Eine Titelzeile über der Kopfzeile stört nicht."),
        error_messages={
            "required": gettext_lazy("Bitte wählen Sie eine Datei."),
            "empty": gettext_lazy("Die Datei ist leer. Bitte wählen Sie eine andere."),
        },
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("Die Datei ist größer als 10 MB. Bitte teilen Sie sie auf."))
        return file


class ColumnsForm(forms.Form):
    """One choice for each column of the file and each status word; for measures also where rows go that don't say."""

    def __init__(self, sheet: Sheet, mapping: Mapping, data: Any = None) -> None:
        super().__init__(data)
        self.sheet, self.before, self.kind = sheet, mapping, mapping.kind
        self.words = status_words(sheet, mapping)
        self.too_many_words = len(self.words) > MOST_WORDS
        if self.too_many_words:
            self.words = []
        self._add_columns()
        self._add_words()
        self._add_pages()

    def _add_columns(self) -> None:
        targets = [("", _("nicht übernehmen")), *[(target.key, str(target.label)) for target in TARGETS[self.kind]]]
        chosen = {at: key for key, at in self.before.columns.items()}
        for at, header in enumerate(self.sheet.header):
            label = header or _("Spalte %(number)s") % {"number": at + 1}
            self.fields[f"column-{at}"] = forms.ChoiceField(
                label=label, choices=targets, required=False, initial=chosen.get(at, "")
            )

    def _add_words(self) -> None:
        statuses = [("", _("Bitte wählen")), *status_choices(self.kind)]
        for at, word in enumerate(self.words):
            guess = self.before.words.get(word, "") or guess_status(word, self.kind)
            self.fields[f"word-{at}"] = forms.ChoiceField(label=word, choices=statuses, required=False, initial=guess)

    def _add_pages(self) -> None:
        none = _("keine Vorgabe")
        if self.kind == MEASURES:
            zielbilder = [(page_path(page), page.title) for page in sources(ZielbildPage).order_by("path")]
            self.fields["zielbild"] = forms.ChoiceField(
                label=_("%(Zielbild)s für alle Zeilen ohne diese Angabe") % words, choices=[("", none), *zielbilder],
                required=False, initial=self.before.zielbild,
            )  # fmt: skip
        loesungen = [(page_path(page), page.title) for page in sources(LoesungPage).order_by("path")]
        self.fields["loesung"] = forms.ChoiceField(
            label=_("%(Loesung)s für alle Zeilen ohne diese Angabe") % words, choices=[("", none), *loesungen], required=False,
            initial=self.before.loesung,
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or self.cleaned_data
        taken: dict[str, str] = {}
        for at in range(len(self.sheet.header)):
            key = entered.get(f"column-{at}")
            if key and key in taken:
                label = next(str(target.label) for target in TARGETS[self.kind] if target.key == key)
                self.add_error(
                    f"column-{at}",
                    _("„%(label)s“ steht schon in der Spalte „%(other)s“. Bitte wählen Sie jede Angabe nur einmal.")
                    % {"label": label, "other": taken[key]},
                )
            elif key:
                taken[key] = str(self.fields[f"column-{at}"].label)
        for target in TARGETS[self.kind]:
            if target.required and target.key not in taken:
                self.add_error(None, _("Bitte wählen Sie eine Spalte für „%(label)s“.") % {"label": target.label})
        return entered

    def mapping(self) -> Mapping:
        """What was decided."""
        entered = self.cleaned_data
        columns = {key: at for at in range(len(self.sheet.header)) if (key := entered[f"column-{at}"])}
        mapping = Mapping(self.kind, columns, zielbild=entered.get("zielbild", ""), loesung=entered["loesung"])
        given = {folded(word): entered[f"word-{at}"] for at, word in enumerate(self.words)}
        mapping.words = {
            word: given.get(word, "") or guess_status(word, self.kind) for word in status_words(self.sheet, mapping)
        }
        # A word that a person has set to nothing stays unknown.
        mapping.words |= {word: status for word, status in given.items() if word in mapping.words}
        return mapping

    # For the template: a row for each column and each word.

    def column_rows(self) -> list[dict[str, Any]]:
        return [{"field": self[f"column-{at}"], "sample": self.sheet.sample(at)} for at in range(len(self.sheet.header))]

    def word_rows(self) -> list[dict[str, Any]]:
        column = self.before.columns.get("status")
        counts: dict[str, int] = {}
        for row in self.sheet.rows:
            word = folded(row.cell(column))
            counts[word] = counts.get(word, 0) + 1
        return [{"field": self[f"word-{at}"], "word": word, "count": counts.get(word, 0)} for at, word in enumerate(self.words)]

    def page_fields(self) -> list[Any]:
        return [self[name] for name in ("zielbild", "loesung") if name in self.fields]
