"""One form in many windows that are sent at the same moment, over HTTP: one comment, and one mail."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache

from common import outbox
from ideas.workflow import Status
from participation.models import Comment, CommentVersion
from tests.factories import comments as make
from tests.factories.ideas import make_idea
from tests.participation.crowd import Crowd, crowd, session_of
from tests.proofs import by_hand

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.postgres]
WINDOWS, RUNS = 20, 5
GUEST = "gast@example.org"


@pytest.fixture
def windows(live_site: Any) -> Iterator[Crowd]:
    make.rules(**make.OPEN)
    with crowd(live_site, WINDOWS) as found:
        yield found


def send(windows: Crowd, session: str, path: str, form: dict[str, Any]) -> list[int]:
    return windows.send(session, [(path, form)] * WINDOWS)


def test_one_form_sent_in_many_windows_at_once_is_one_comment(windows: Crowd) -> None:
    idea = make_idea(Status.KEPT)
    for run in range(RUNS):
        cache.clear()  # the limit of the network is none of this test
        person = make.person().user if run % 2 else make.guest()
        form = {"text": f"Einmal {run}", "submission_key": str(uuid.uuid4()), **by_hand("comment")}
        statuses = send(windows, session_of(person), f"/kommentare/idee/{idea.number}/schreiben/", form)
        # Beyond the limit of the network a window is told so; nobody sees an error.
        assert set(statuses) <= {302, 429}
        assert Comment.objects.filter(comment=f"Einmal {run}").count() == 1
    assert CommentVersion.objects.count() == RUNS


def test_a_guests_form_sent_in_many_windows_at_once_mails_one_link(windows: Crowd) -> None:
    idea = make_idea(Status.KEPT)
    form = {"text": "Einmal", "email": GUEST, "submission_key": str(uuid.uuid4()), **by_hand("comment")}
    assert set(send(windows, "", f"/kommentare/idee/{idea.number}/schreiben/", form)) <= {302, 429}
    assert Comment.objects.count() == 1
    outbox.drain()
    assert sum(letter.to == [GUEST] for letter in mail.outbox) == 1


def test_an_edit_sent_in_many_windows_at_once_is_one_version_and_a_deletion_is_one_step(windows: Crowd) -> None:
    comment = make.comment(text="Alt")
    assert comment.contact is not None
    session = session_of(comment.contact.user)  # type: ignore[arg-type]
    assert set(send(windows, session, f"/kommentare/{comment.pk}/bearbeiten/", {"text": "Neu"})) <= {302, 429}
    assert [version.text for version in comment.versions.all()] == ["Alt", "Neu"]
    assert set(send(windows, session, f"/kommentare/{comment.pk}/loeschen/", {})) == {302}
    assert comment.steps.filter(action="delete").count() == 1
