"""A guest's comment waits for the proof of the address (accounts/known.py). One press proves the address and confirms the
comment; the page of the press shows the text, because somebody else may have typed the address."""

from accounts.known import Waiting, lets_wait
from accounts.models import AddressProof, Contact

from . import actions
from .comment_workflow import State
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


lets_wait(Waiting(_text, _come_true))
