"""What search finds of ideas and measures."""


from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from search.registry import Result, Source, register

from .models import Idea, Measure


def _idea_result(idea: Idea) -> Result:
    return Result(
        title=idea.title, url=idea.get_absolute_url(), excerpt=Truncator(idea.text).chars(180), meta=f"Idee {idea.number}", state=idea.state
    )


def _measure_result(measure: Measure) -> Result:
    return Result(
        title=measure.title,
        url=measure.get_absolute_url(),
        excerpt=Truncator(measure.summary or measure.text).chars(180),
        meta=measure.loesung.title if measure.loesung else "",
        state=measure.state,
    )


def _idea_texts(idea: Idea) -> tuple[str, str]:
    return idea.title, idea.text


register(
    Source(
        key="ideen",
        label=_("Ideen"),
        model=Idea,
        # Search finds what is public, also for staff: the desk has a list of its own.
        visible_to=lambda user: Idea.objects.public().select_related("released_version"),
        indexed=Idea.get_indexed_objects,
        result=_idea_result,
        similar_text=_idea_texts,
    )
)
register(
    Source(
        key="massnahmen",
        label=_("Maßnahmen"),
        model=Measure,
        visible_to=lambda user: Measure.objects.visible_to(user).select_related("loesung"),
        indexed=lambda: Measure.objects.prefetch_related("tags"),
        result=_measure_result,
    )
)

