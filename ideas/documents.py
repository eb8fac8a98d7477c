"""What search finds of ideas and measures."""

import re

from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from pages.languages import foreign
from pages.words import words
from search.registry import Result, Source, register

from .models import Idea, Measure

_IDEA_NUMBER = re.compile(r"(?:ideen?)?[ -]*(?:nr\.?|nummer|id|#)?[ :]*([0-9]{1,9})", re.IGNORECASE)
_MEASURE_CODE = r"(?:ma(?:ß|ss)nahmen?|{}|{})?[ -]*(?:nr\.?|nummer|#)?[ :]*([0-9]{{1,3}}\.[0-9]{{1,3}})"


def _idea_named(query: str) -> Q | None:
    match = _IDEA_NUMBER.fullmatch(query)
    return Q(number=int(match[1])) if match else None


def _measure_named(query: str) -> Q | None:
    own = (re.escape(words[form]) for form in ("massnahme", "pl massnahme"))
    match = re.fullmatch(_MEASURE_CODE.format(*own), query, re.IGNORECASE)
    return Q(code=match[1]) if match else None


def _idea_result(idea: Idea) -> Result:
    return Result(
        title=idea.title,
        url=idea.get_absolute_url(),
        excerpt=Truncator(idea.text).chars(180),
        meta=_t("Idee %(number)s") % {"number": idea.number},
        state=idea.state,
        language=foreign(),
    )


def _measure_result(measure: Measure) -> Result:
    return Result(
        title=measure.title,
        url=measure.get_absolute_url(),
        excerpt=Truncator(measure.summary or measure.text).chars(180),
        meta=measure.loesung.title if measure.loesung else "",
        meta_language=foreign(),
        state=measure.state,
        language=foreign(),
    )


register(
    Source(
        key="ideen",
        label=_("Ideen"),
        model=Idea,
        # Search finds what is public, also for staff: the desk has a list of its own.
        visible_to=lambda user: Idea.objects.public().select_related("released_version"),
        indexed=Idea.get_indexed_objects,
        result=_idea_result,
        named=_idea_named,
        list_url="/ideen/",
        tag_path="tagged_items__tag",
    )
)
register(
    Source(
        key="massnahmen",
        label=words.later("%(Pl_massnahme)s"),
        model=Measure,
        visible_to=lambda user: Measure.objects.visible_to(user).select_related("loesung"),
        indexed=lambda: Measure.objects.prefetch_related("tags"),
        result=_measure_result,
        named=_measure_named,
        list_url="/massnahmen/",
        tag_path="tagged_items__tag",
    )
)
