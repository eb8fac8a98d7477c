"""Where the account's page leads a member of a jury."""

from typing import Any

from django import template

from ..models import JuryMember

register = template.Library()


@register.simple_tag
def sits_in_a_jury(user: Any) -> bool:
    """Whether this person has a seat in some jury, and the role."""
    return bool(user.is_authenticated and JuryMember.objects.able_to_score().filter(user=user).exists())
