"""Steps that concern several ideas have a page of their own at the desk, instead of a form on the page of one idea."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .. import permissions
from ..models import Idea
from ..workflow import Action, Step


def _undo_page(idea: Idea) -> str:
    assert idea.merged_into  # noqa: S101 - the step is possible for such ideas alone
    return f"{reverse('ideas_desk:unmerge', args=[idea.merged_into.number])}?{urlencode({'idee': idea.number})}"


PAGES: dict[Action, Callable[[Idea], str]] = {
    Action.MERGE: lambda idea: f"{reverse('ideas_desk:merge')}?{urlencode({'idee': idea.number})}",
    Action.UNMERGE: _undo_page,
    Action.SPLIT: lambda idea: reverse("ideas_desk:split", args=[idea.number]),
}


def links(user: Any, possible: list[Step], idea: Idea, absorbed: list[Idea]) -> list[dict[str, Any]]:
    """The pages of the steps that this person can take now, and of undoing what the idea has taken in."""
    found = [{"label": step.label, "url": PAGES[step.action](idea)} for step in possible if step.action in PAGES]
    if permissions.leads(user) and any(other.merged_into_id == idea.pk for other in absorbed):
        found.append(
            {"label": _("Aufgenommene Ideen wieder trennen"), "url": reverse("ideas_desk:unmerge", args=[idea.number])}
        )
    return found
