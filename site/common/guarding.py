"""What keeps programmes from filling the forms of strangers: a trap, a clock and a proof of work, each without a third party.

    class CommentForm(GuardedForm):
        purpose = "comment"

    {% include "components/guard_fields.html" with form=form only %}

Pages with such a form are pages of their own that nobody keeps (@never_cache). The view asks `form.effort` once the form is
valid and decides. Nobody is shut out: without JavaScript the effort is MISSING and the form is sent all the same; what such a
form writes waits for a moderator, or has a smaller allowance.
"""

import json
import time
from enum import StrEnum
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from .forms import TRAPPED, TrapForm
from .proof_of_work import Effort, look_at, new_challenge, spend

# Nobody reads a form and fills it in as quickly as that.
SECONDS_TO_WRITE = 3
SECONDS_OPEN = 24 * 3600
GUARDS = frozenset({"website", "started", "proof"})


class Pace(StrEnum):
    """How long a form was open before it was sent."""

    FINE = "fine"
    TOO_FAST = "too fast"
    TOO_OLD = "too old"
    UNKNOWN = "unknown"  # no stamp, or none of ours for such a form


SENTENCES = {
    Pace.TOO_FAST: _("Das ging sehr schnell. Bitte senden Sie noch einmal ab. Ihre Angaben stehen noch hier."),
    Pace.UNKNOWN: _("Das ging sehr schnell. Bitte senden Sie noch einmal ab. Ihre Angaben stehen noch hier."),
    Pace.TOO_OLD: _("Dieses Formular war lange offen. Bitte senden Sie es noch einmal ab. Ihre Angaben stehen noch hier."),
}


def stamp(purpose: str, seconds_ago: float = 0) -> str:
    """When a form of this purpose was opened, signed: what the page carries along."""
    return signing.dumps(int(time.time() - seconds_ago), salt=_salt(purpose))


def pace_of(stamped: str, purpose: str) -> Pace:
    """How long ago the stamp was given."""
    try:
        seconds = time.time() - signing.loads(stamped, salt=_salt(purpose))
    except signing.BadSignature:
        return Pace.UNKNOWN
    if seconds < SECONDS_TO_WRITE:
        return Pace.TOO_FAST
    return Pace.FINE if seconds <= SECONDS_OPEN else Pace.TOO_OLD


class GuardedForm(TrapForm):
    """A form of strangers. `purpose` binds stamp and proof to one kind of form."""

    purpose: ClassVar[str]
    # With these the form is shown once more, with a sentence and everything that was typed.
    asks_again: ClassVar[frozenset[Pace]] = frozenset(SENTENCES)

    # Fields without rules: what a programme puts in them is judged, never complained about.
    started = forms.Field(widget=forms.HiddenInput, required=False)
    proof = forms.Field(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("started", stamp(self.purpose))

    @cached_property
    def pace(self) -> Pace:
        return pace_of(self._sent("started"), self.purpose)

    @cached_property
    def effort(self) -> Effort:
        """What the proof is worth. Asked of a valid form, it is used up: ask within the transaction that keeps what was sent,
        and not for a form that was sent before."""
        judge = spend if self.is_valid() else look_at
        return judge(self._sent("proof"), self.purpose)

    @cached_property
    def kept_proof(self) -> str:
        """The proof that came with a form that is shown again, if it can still be used: nobody's browser works twice."""
        proof = self._sent("proof")
        return proof if look_at(proof, self.purpose) is Effort.PROVED else ""

    @cached_property
    def challenge(self) -> str:
        """What the browser is to solve, '' where it did."""
        return "" if self.kept_proof else json.dumps(new_challenge(self.purpose))

    def visible_fields(self) -> list[forms.BoundField]:
        """Without the trap, which the component prints."""
        return [field for field in super().visible_fields() if field.name not in GUARDS]

    def hidden_fields(self) -> list[forms.BoundField]:
        return [field for field in super().hidden_fields() if field.name not in GUARDS]

    def clean_website(self) -> str:
        # Of the whole form: a link to a field that nobody sees would lead nowhere.
        if self.cleaned_data["website"]:
            self.add_error(None, TRAPPED)
        return ""

    def clean(self) -> dict[str, Any]:
        """Shows the form once more where it was sent faster than anybody can write. Sent again a moment later it is fine."""
        data = super().clean() or {}
        if not self.errors and self.pace in self.asks_again:
            self.add_error(None, SENTENCES[self.pace])
        if self.pace in {Pace.TOO_OLD, Pace.UNKNOWN}:
            # A QueryDict's copy keeps every choice of a field with several.
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data[self.add_prefix("started")] = stamp(self.purpose)  # type: ignore[index]
        return data

    def _sent(self, field: str) -> str:
        value = self.data.get(self.add_prefix(field)) if self.is_bound else ""
        return value if isinstance(value, str) else ""


def _salt(purpose: str) -> str:
    return f"common.guarding.{purpose}"
