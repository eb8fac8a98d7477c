"""What moderators type: decisions, decisions about complaints, blocks."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from common.forms import TextField
from common.text import has_words

from ...comment_workflow import MOVE, Action, Ground

LONGEST = 2000
WITH_GROUND = frozenset({Action.HIDE, Action.REFUSE})

# Where a reason can begin: in whole sentences, to a person, and to be changed.
PRESETS: dict[str, Any] = {
    Ground.INSULT: _(
        "Der Kommentar beleidigt oder bedroht andere. Kritik an der Sache ist willkommen, Angriffe auf Menschen sind es nicht."
    ),
    Ground.HATE: _("Der Kommentar macht Menschen wegen ihrer Herkunft, ihres Glaubens oder anderer Eigenschaften verächtlich."),
    Ground.PRIVATE: _(
        "Der Kommentar nennt persönliche Daten von anderen, die nicht öffentlich sind. Ohne diese Angaben können Sie ihn gern"
        " noch einmal schreiben."
    ),
    Ground.ILLEGAL: _("Der Kommentar verstößt nach unserer Einschätzung gegen ein Gesetz, nämlich:"),
    Ground.ADVERT: _("Der Kommentar wirbt für ein Angebot und hat mit dem Thema nichts zu tun."),
    Ground.TOPIC: _("Der Kommentar gehört nicht zum Thema dieser Seite. Unter der passenden Idee ist er willkommen."),
    Ground.OTHER: "",
}
FIRST_WORDS: dict[Action, Any] = {
    Action.KEEP: _("Der Kommentar verstößt nicht gegen unsere Regeln."),
    Action.RESTORE: _("Wir haben den Kommentar noch einmal gelesen: Er verstößt nicht gegen unsere Regeln."),
    Action.REFUSE_EDIT: _("Der geänderte Text verstößt gegen unsere Regeln. Zu lesen bleibt, was vorher da stand."),
}


@dataclass(frozen=True)
class Button:
    """How a decision is called before it is taken, and after."""

    label: Any
    done: Any


BUTTONS: dict[Action, Button] = {
    Action.APPROVE: Button(_("Freigeben"), _("Kommentar %(number)s ist freigegeben.")),
    Action.APPROVE_EDIT: Button(_("Änderung freigeben"), _("Die Änderung an Kommentar %(number)s ist freigegeben.")),
    Action.REFUSE_EDIT: Button(
        _("Änderung nicht veröffentlichen"), _("Die Änderung an Kommentar %(number)s wird nicht veröffentlicht.")
    ),
    Action.KEEP: Button(_("Stehen lassen"), _("Kommentar %(number)s bleibt stehen.")),
    Action.HIDE: Button(_("Ausblenden"), _("Kommentar %(number)s ist ausgeblendet.")),
    Action.REFUSE: Button(_("Nicht veröffentlichen"), _("Kommentar %(number)s wird nicht veröffentlicht.")),
    Action.RESTORE: Button(_("Wieder einblenden"), _("Kommentar %(number)s ist wieder zu lesen.")),
}


def _reason(help_text: Any = "") -> TextField:
    return TextField(
        longest=LONGEST,
        label=_("Begründung"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=help_text,
        error_messages={"required": _("Bitte begründen Sie die Entscheidung. Die Begründung geht an alle, die sie betrifft.")},
    )


def _note() -> TextField:
    return TextField(
        longest=LONGEST,
        label=_("Interne Notiz"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Nur für die Moderation."),
    )


class DecisionForm(forms.Form):
    """One decision. `seen`: how many steps the comment had on the page that the moderator decides from."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    ground = forms.ChoiceField(
        label=_("Grund"),
        choices=[("", _("Bitte wählen"))],
        error_messages={
            "required": _("Bitte wählen Sie einen Grund."),
            "invalid_choice": _("Bitte wählen Sie einen Grund aus der Liste."),
        },
    )
    reason = _reason(_("Lesen die Person, die den Kommentar geschrieben hat, und alle, die ihn gemeldet haben."))
    note = _note()

    def __init__(self, action: Action, data: Any = None, *, seen: int = 0) -> None:
        self.action, self.button = action, BUTTONS[action]
        initial = {"seen": seen, "reason": FIRST_WORDS.get(action, "")}
        super().__init__(data, initial=initial, auto_id=f"{action.value}_%s")
        if action in WITH_GROUND:
            self.fields["ground"].choices = [("", _("Bitte wählen")), *Ground.choices]  # type: ignore[attr-defined]
        else:
            del self.fields["ground"]
        if not MOVE[action].needs_reason:
            del self.fields["reason"]

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if not has_words(reason):
            raise forms.ValidationError(self.fields["reason"].error_messages["required"])
        return reason

    def with_preset(self) -> "DecisionForm":
        """The same form, not sent yet, with the words that fit the ground. Words of one's own stay, above them."""
        typed = {name: self.data.get(name, "") for name in self.fields}
        preset = str(PRESETS.get(typed.get("ground", ""), ""))
        own = typed.get("reason", "").strip()
        if own in {str(each) for each in PRESETS.values()}:
            own = ""
        form = DecisionForm(self.action)
        form.initial = {**typed, "reason": "\n\n".join(part for part in (own, preset) if part)}
        return form


class ComplaintDecisionForm(forms.Form):
    uphold = forms.ChoiceField(
        label=_("Ihre Entscheidung"),
        choices=[
            ("ja", _("Dem Einspruch stattgeben: Der Kommentar ist wieder zu lesen.")),
            ("nein", _("Den Einspruch zurückweisen: Es bleibt, wie es ist.")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie, wie Sie entscheiden.")},
    )
    reason = _reason(_("Liest die Person, die Einspruch eingelegt hat."))
    note = _note()

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if not has_words(reason):
            raise forms.ValidationError(self.fields["reason"].error_messages["required"])
        return reason


class BlockForm(forms.Form):
    """Nothing is chosen beforehand: how long somebody is silenced is a decision."""

    DAYS = (7, 30, 90)

    days = forms.ChoiceField(label=_("Wie lange?"), error_messages={"required": _("Bitte wählen Sie, wie lange.")})
    reason = TextField(
        longest=LONGEST,
        label=_("Begründung"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Die Person bekommt sie per E-Mail."),
        error_messages={"required": _("Bitte begründen Sie die Sperre. Die Person liest die Begründung.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="block_%s")
        lengths = [(str(days), _now("%(number)s Tage") % {"number": days}) for days in self.DAYS]
        self.fields["days"].choices = [("", _("Bitte wählen")), *lengths, ("0", _("ohne Ende"))]  # type: ignore[attr-defined]

    @property
    def until(self) -> Any:
        """When the block ends; None for one without an end."""
        days = int(self.cleaned_data["days"])
        return timezone.now() + timedelta(days=days) if days else None


class BulkForm(forms.Form):
    reason = TextField(
        longest=LONGEST,
        label=_("Begründung für das Protokoll"),
        widget=forms.Textarea(attrs={"rows": 2}),
        initial=_("Gelesen, in Ordnung."),
        error_messages={"required": _("Bitte schreiben Sie einen Satz für das Protokoll.")},
    )
