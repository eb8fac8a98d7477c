"""A guest's comment waits for the proof of the address (accounts/known.py). One press proves the address and confirms the
comment; the page of the press shows the text, because somebody else may have typed the address."""

from django.utils.translation import gettext as _

from accounts.known import Outcome, Waiting, lets_wait
from accounts.models import AddressProof, Contact

from . import actions
from .comment_workflow import State
from .discussions import subject_of
from .models import Comment


def _comment_of(asked: AddressProof) -> Comment | None:
    return Comment.objects.filter(proof=asked, state=State.UNCONFIRMED).first()


def _text(asked: AddressProof) -> str:
    comment = _comment_of(asked)
    return comment.versions.get(number=1).text if comment else ""


def _come_true(asked: AddressProof, contact: Contact) -> None:
    comment = _comment_of(asked)
    if comment:
        actions.confirm(comment, contact)


def became(comment: Comment) -> Outcome:
    """Where somebody finds what they have just sent, and what they are told."""
    if comment.is_readable:
        return Outcome(comment.get_absolute_url(), _("Danke! Ihr Kommentar ist jetzt zu lesen."))
    if comment.state == State.HELD:
        said = _("Ihr Kommentar ist angekommen und wird geprüft. Wir schreiben Ihnen, sobald darüber entschieden ist.")
        return Outcome(subject_of(comment.discussion).comments_url, said)
    return Outcome(subject_of(comment.discussion).comments_url, _("Diesen Kommentar haben Sie schon gesendet."))


def _outcome(asked: AddressProof) -> Outcome | None:
    comment = Comment.objects.filter(proof=asked).exclude(state=State.UNCONFIRMED).first()
    if comment is None:
        return None
    outcome = became(comment)
    return Outcome(outcome.url, f"{_('Danke, Ihre E-Mail-Adresse ist bestätigt.')} {outcome.said}")


lets_wait(Waiting(_text, _come_true, _outcome))
