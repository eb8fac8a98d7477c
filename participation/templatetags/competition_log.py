"""Steps of a competition as sentences."""

from django import template

from ..log import sentence_of
from ..models import CompetitionStep

register = template.Library()


@register.filter
def in_words(step: CompetitionStep) -> str:
    """{{ step|in_words }}: what this step was."""
    return sentence_of(step)
