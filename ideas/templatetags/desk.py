"""Small pieces of the review desk."""

from typing import Any

from django import template

from ..workflow import PublicState

register = template.Library()

# The public site draws its own symbols; in the back office Wagtail's stand for the same.
_WAGTAIL_ICONS = {
    "pencil": "edit",
    "inbox": "folder-inverse",
    "question": "help",
    "bulb": "desk-bulb",
    "merge": "desk-merge",
    "back": "resubmit",
    "compass": "crosshairs",
    "gear": "cog",
    "run": "arrow-right-full",
}


@register.inclusion_tag("ideas/desk/_state.html")
def desk_state(state: PublicState) -> dict[str, Any]:
    """A state as icon and word."""
    return {"state": state, "icon": _WAGTAIL_ICONS.get(state.icon, state.icon)}
