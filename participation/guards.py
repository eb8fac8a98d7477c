"""What keeps pages and measures in their place: people handed in, voted or commented there. The same for
surveys that people answered."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.models import Page

from ideas.models import Measure

from . import clock
from .models import Competition, Discussion, Survey
from .models.competition import CompetitionQuerySet
from .phases import Moment

# While people take part, the page is what they take part by.
RUNNING = frozenset({Moment.SUBMISSION, Moment.VOTING, Moment.JURY})


def why_not_delete(pages: Iterable[Page]) -> str:
    """Why these pages, with all below them, can't be deleted: ideas or ballots hang on one. '' if they can."""
    kept = _competitions(pages).filter(Q(entries__isnull=False) | Q(ballots__isnull=False) | Q(tally__isnull=False)).distinct()
    names = [competition.title for competition in kept.select_related("page")]
    if not names:
        return ""
    sentence = _(
        "Zu diesen Wettbewerben gibt es schon Beiträge oder Stimmzettel, darum lassen sie sich nicht löschen: %(names)s."
    )
    return sentence % {"names": ", ".join(names)}


def why_not_delete_discussed(pages: Iterable[Page]) -> str:
    """Why these pages, with all below them, can't be deleted: people commented there. '' if they can."""
    below = Q(pk__in=[])
    for page in pages:
        below |= Q(page__path__startswith=page.path)
    return _discussed(
        [
            found.page.title
            for found in Discussion.objects.filter(below, comments__isnull=False).select_related("page").distinct()
            if found.page
        ]
    )


def why_not_delete_measures(measures: Iterable[Measure]) -> str:
    """The same for measures."""
    keys = [measure.pk for measure in measures]
    found = Discussion.objects.filter(measure__in=keys, comments__isnull=False).select_related("measure").distinct()
    return _discussed([str(each.measure) for each in found])


def _discussed(names: list[str]) -> str:
    if not names:
        return ""
    return _("Hier haben Menschen Kommentare geschrieben, darum lässt sich das nicht löschen: %(names)s.") % {
        "names": ", ".join(names)
    }


def why_not_unpublish(pages: Iterable[Page], now: datetime | None = None) -> str:
    """Why these pages, with all below them, can't be taken off the site now: people are taking part. '' if they can."""
    moment = now or clock.now()
    live = _competitions(pages).filter(page__live=True).with_phases()
    names = [competition.title for competition in live if competition.moment(moment) in RUNNING]
    if not names:
        return ""
    sentence = _("Hier wird gerade eingereicht, abgestimmt oder bewertet, darum bleibt die Seite öffentlich: %(names)s.")
    return sentence % {"names": ", ".join(names)}


def why_not_delete_surveys(surveys: Iterable[Survey]) -> str:
    """Why these surveys can't be deleted: somebody has answered one. '' if they can."""
    found = Survey.objects.filter(pk__in=[survey.pk for survey in surveys], responses__isnull=False).distinct()
    names = ", ".join(found.values_list("title", flat=True))
    sentence = _("Zu diesen Umfragen gibt es schon Antworten, darum lassen sie sich nicht löschen: %(names)s.")
    return sentence % {"names": names} if names else ""


def _competitions(pages: Iterable[Page]) -> CompetitionQuerySet:
    below = Q(pk__in=[])
    for page in pages:
        below |= Q(page__path__startswith=page.path)
    return Competition.objects.filter(below)
