"""The form for handing in an idea."""

from typing import Any

from django import forms
from django.core.validators import MinLengthValidator
from django.utils.translation import gettext_lazy as _

from common.forms import AddressField, MailLanguageField, SentOnceForm, TextField, TrapForm
from pages.agenda import agenda_tree
from pages.words import words

from .models import IdeaPicture, IdeaVersion, Place
from .pictures import Picture, read_picture


class SubmitForm(SentOnceForm, TrapForm):
    """`user`: an account hands in without e-mail field. `kept_picture`: uploaded with an earlier try of the same form."""

    title = TextField(
        label=_("Wie heißt Ihre Idee?"),
        longest=IdeaVersion.TITLE_LENGTH,
        help_text=_("Ein kurzer Titel, zum Beispiel: Trinkbrunnen am Bahnhof"),
        error_messages={"required": _("Bitte geben Sie einen Titel ein, zum Beispiel: Trinkbrunnen am Bahnhof.")},
        validators=[MinLengthValidator(5, message=_("Bitte geben Sie einen Titel mit mindestens 5 Zeichen ein."))],
    )
    text = TextField(
        label=_("Was schlagen Sie vor?"),
        longest=IdeaVersion.TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "Was soll sich ändern, für wen und warum? Ein paar Sätze reichen. Bitte nennen Sie keine Namen und Telefonnummern."
        ),
        error_messages={"required": _("Bitte beschreiben Sie Ihre Idee in ein paar Sätzen.")},
        validators=[
            MinLengthValidator(20, message=_("Bitte beschreiben Sie Ihre Idee etwas genauer, in mindestens 20 Zeichen."))
        ],
    )
    loesung = forms.ChoiceField(
        label=_("Wozu passt Ihre Idee?"),
        required=False,
        help_text=_("Wenn Sie unsicher sind, lassen Sie das Feld leer. Wir ordnen die Idee zu."),
        error_messages={
            "invalid_choice": words.later(_("%(This_acc_loesung)s gibt es nicht (mehr). Bitte wählen Sie aus der Liste."))
        },
    )
    place = forms.ModelChoiceField(
        label=_("Um welchen Ort geht es?"),
        queryset=Place.objects.all(),
        to_field_name="slug",
        required=False,
        empty_label=_("Kein bestimmter Ort"),
        error_messages={"invalid_choice": _("Diesen Ort kennen wir nicht. Bitte wählen Sie einen aus der Liste.")},
    )
    picture = forms.FileField(
        label=_("Möchten Sie ein Bild dazu zeigen?"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("JPEG, PNG oder WebP, höchstens 10 MB. Angaben wie der Aufnahmeort werden aus der Datei entfernt."),
        allow_empty_file=True,
    )
    picture_alt = TextField(
        label=_("Was ist auf dem Bild zu sehen?"),
        longest=250,
        required=False,
        help_text=_("Ein Satz für Menschen, die das Bild nicht sehen können. Nur nötig, wenn Sie ein Bild zeigen."),
    )
    picture_remove = forms.BooleanField(label=_("Bild wieder entfernen"), required=False)
    email = AddressField(
        required_message=_("Bitte geben Sie Ihre E-Mail-Adresse ein. Wir brauchen sie, um Ihre Idee zu bestätigen."),
        help_text=_("Wir schicken Ihnen einen Link zum Bestätigen und sagen Ihnen, was aus der Idee wird."),
    )
    language = MailLanguageField()
    consent = forms.BooleanField(
        label=_("Ich bin einverstanden, dass meine Idee mit Titel, Text, Ort und Bild veröffentlicht wird."),
        error_messages={
            "required": _("Bitte stimmen Sie zu. Ohne Ihr Einverständnis dürfen wir die Idee nicht veröffentlichen.")
        },
    )

    def __init__(self, *args: Any, user: Any, kept_picture: IdeaPicture | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.kept_picture = user, kept_picture
        self.loesungen = {}
        choices: list[Any] = [("", _("Noch offen"))]
        for zielbild in agenda_tree():
            choices.append((zielbild.title, [(loesung.source.slug, loesung.title) for loesung in zielbild.loesungen]))
            self.loesungen.update({loesung.source.slug: loesung.source for loesung in zielbild.loesungen})
        self.fields["loesung"].choices = choices  # type: ignore[attr-defined]
        if user.is_authenticated:
            del self.fields["email"], self.fields["language"]

    def clean_loesung(self) -> Any:
        return self.loesungen.get(self.cleaned_data["loesung"])

    def clean_picture(self) -> Picture | None:
        file = self.cleaned_data["picture"]
        return read_picture(file, file.name, file.size) if file else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        has_picture = data.get("picture") or (self.kept_picture and not data.get("picture_remove"))
        if has_picture and not data.get("picture_alt") and "picture_alt" not in self.errors:
            self.add_error("picture_alt", _("Bitte sagen Sie in einem Satz, was auf dem Bild zu sehen ist."))
        return data
