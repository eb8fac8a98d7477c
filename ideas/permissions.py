"""Who may do what with an idea now. The table of steps stands in workflow.py; this module asks it on behalf of a person."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from .models import Idea
from .workflow import STEPS, Action, Step


def may(user: Any, step: Step) -> bool:
    """Whether one of the person's roles takes this step at all."""
    return bool(user.is_authenticated and user.is_active and step.roles & user.roles)


def why_not(user: Any, step: Step, idea: Idea) -> Any:
    """The sentence that tells this person why the step can't be taken now; '' if it can."""
    if not may(user, step):
        return _("Für diesen Schritt fehlt Ihnen die Berechtigung.")
    if idea.status not in step.sources:
        return _("Dieser Schritt passt nicht zum Stand „%(state)s“.") % {"state": idea.get_status_display()}
    if step.needs_release and idea.needs_release:
        return _("Bitte veröffentlichen Sie die Idee zuerst.")
    if step.action is Action.RELEASE and not idea.needs_release and idea.released_version_id == idea.latest_version.pk:
        return _("Diese Fassung ist schon veröffentlicht.")
    if getattr(idea, "author", None) and idea.author.user_id == user.pk:
        return _("Über die eigene Idee entscheidet jemand anderes.")
    return ""


def possible_steps(user: Any, idea: Idea) -> list[Step]:
    """The steps that this person can take with this idea now, in the order of the table."""
    return [step for step in STEPS if not why_not(user, step, idea)]
