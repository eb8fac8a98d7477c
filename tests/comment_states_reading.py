"""Samples and states of the pages on which comments are read. Used by public_states.py."""

from collections.abc import Callable
from functools import partial
from itertools import count

from accounts.contacts import contact_of_user
from accounts.models import User
from ideas.models import Idea
from ideas.workflow import Status
from participation import actions
from participation.comment_workflow import Ground, State
from participation.discussions import Subject
from participation.models import Discussion
from tests.factories import comments as make
from tests.public_ways import Case, Open, Steps

CITIZEN = "buergerin@example.org"
DISCUSSED = "/kommentare/idee/163/"  # of the demo
LONG = "https://example.org/" + "a" * 200 + "\n\nUnd " + "ganz" * 80 + "langes Wort <b>ohne</b> Leerzeichen"
_turn = count(3)


def _idea() -> Idea:
    """An idea of its own for each sample: every one has an address of its own, and no two addresses share a title."""
    ideas = Idea.objects.public().filter(status=Status.KEPT, merged_into=None, discussion=None).order_by("-number")
    return ideas[next(_turn) % ideas.count()]


def _in_every_state() -> Idea:
    """An idea with a comment in each state that has a place, answered as deep as it goes."""
    idea = _idea()
    first = make.comment(on=idea, text=LONG, by=make.person("Ada mit einem sehr langen und ungebrochenen Namen"))
    second = make.comment(reply_to=first, text="Dem stimme ich zu.", by=make.guest())
    lead = contact_of_user(User.objects.get(email="leitung@example.org"))
    make.comment(reply_to=second, text="Wir sehen uns das im Frühjahr an.", by=lead, official=True)
    for state in (State.DELETED, State.HIDDEN):
        make.comment(state, on=idea, reply_to=first)
    held = make.comment(on=idea)
    for _reader in range(3):
        actions.report(held, Ground.INSULT, contact=make.person())
    make.comment(on=idea, text="Das habe ich geschrieben.", by=contact_of_user(User.objects.get(email=CITIZEN)))
    return idea


def _many() -> Idea:
    idea = _idea()
    lead, last = contact_of_user(User.objects.get(email="leitung@example.org")), None
    for place in range(60):
        reply_to = last if place % 3 else None
        last = actions.write(idea, f"Kommentar {place}", make.author(lead), reply_to=reply_to)
    return idea


def _all(idea: Callable[[], Idea], query: str = "") -> Steps:
    return [Open(Subject(idea()).comments_url + query)]


def _beside(idea: Callable[[], Idea]) -> Steps:
    return [Open(idea().get_absolute_url())]


def _closed() -> Idea:
    comment = make.comment(on=_idea())
    Discussion.objects.filter(pk=comment.discussion_id).update(is_closed=True)
    idea: Idea = comment.content_object
    return idea


NO_PAGES = {"kommentare/<number:pk>/": "leads on to the page where the comment stands"}
SAMPLES: dict[str, Callable[[], Steps]] = {
    "kommentare/<slug:kind>/<str:key>/": lambda: [Open(DISCUSSED)],
}
STATES: list[Case] = [
    Case("comments, none yet", partial(_all, _idea)),
    Case("comments in every state", partial(_all, _in_every_state)),
    Case("comments in every state, with an account", partial(_all, _in_every_state), CITIZEN),
    Case("comments in every state, below the idea", partial(_beside, _in_every_state)),
    Case("comments, second page", partial(_all, _many, "?seite=2")),
    Case("comments, newest first", lambda: [Open(f"{DISCUSSED}?sortiert=neueste")]),
    Case("comments, unknown values", lambda: [Open(f"{DISCUSSED}?sortiert=%27&seite=99999")]),
    Case("many comments below an idea", partial(_beside, _many)),
    Case("a closed discussion", partial(_all, _closed)),
    Case("comment that was never shown", lambda: [Open(f"/kommentare/{make.comment(State.HELD).pk}/")], status=404),
]
