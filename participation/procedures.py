"""All ways to take part at a glance: what runs and until when, what comes, what came of the past ones.

Every kind of procedure is one `Provider`: a function that finds its procedures as cheap lines, and one that adds what came of
them to those that a page shows. A further kind is one more provider in PROVIDERS. The number of queries doesn't grow with the
number of procedures.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ideas.models import Idea
from ideas.progress import way_of_ideas
from pages.languages import in_active_language, in_own_words
from pages.models import EventPage
from pages.words import words

from . import addresses, phases
from .local_time import moment_in_words
from .models import Competition, CompetitionPage, Survey, SurveyResponse, Tally
from .phases import Moment, Phase


class Stand(models.TextChoices):
    """Where a procedure stands, for all kinds alike. The values stand in addresses."""

    RUNNING = "laeuft", _("Läuft")
    COMING = "kommt", _("Kommt")
    PAST = "war", _("Abgeschlossen")


@dataclass(frozen=True)
class Outcome:
    """What came of a procedure: a sentence, a place to read more. `own`: people wrote the words of the link."""

    text: str
    url: str
    link: str
    own: bool = False


@dataclass
class Procedure:
    """One line of the list. `moment` sorts its part: the end of what runs or is over, the begin of what comes."""

    kind: "Provider"
    stand: Stand
    title: str
    url: str
    when: str
    moment: datetime
    intro: str = ""
    page: Any = None  # whose words title and intro are, where it is an editor's page
    thing: Any = None  # what the provider's `complete` goes by
    outcomes: list[Outcome] = field(default_factory=list)


@dataclass(frozen=True)
class Provider:
    """A kind of procedures. `slug` stands in addresses, `label` names several of them, `one` a single one."""

    slug: str
    label: Any
    one: Any
    icon: str
    find: Callable[["Provider", Any, datetime], Iterable[Procedure]]
    complete: Callable[[Sequence[Procedure]], None]


def all_procedures(user: Any, now: datetime, kinds: Iterable[str] = ()) -> dict[Stand, list[Procedure]]:
    """Every procedure that this person may see, by where it stands: what ends first, what begins first, what ended last come
    first. `kinds`: the slugs of those wanted, all if empty."""
    wanted = set(kinds)
    found = [
        procedure
        for provider in PROVIDERS
        if not wanted or provider.slug in wanted
        for procedure in provider.find(provider, user, now)
    ]
    parts = {stand: [each for each in found if each.stand is stand] for stand in Stand}
    for stand, part in parts.items():
        part.sort(key=lambda each: each.moment, reverse=stand is Stand.PAST)
    return parts


def complete(shown: Sequence[Procedure]) -> None:
    """Add to these lines what came of them."""
    for provider in PROVIDERS:
        provider.complete([each for each in shown if each.kind is provider])


# --- competitions -----------------------------------------------------------------------------------------------------

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Known:
    """A competition with its page in the reader's language, and when its result was published."""

    competition: Competition
    page: CompetitionPage
    published_at: datetime | None

    @property
    def url(self) -> str:
        return self.competition.get_absolute_url()

    def stand(self, now: datetime) -> Stand:
        """It runs from its first phase after the announcement until its result is there, or its time is over."""
        if self.published_at or self.competition.moment(now) in (Moment.RESULT, Moment.AFTER):
            return Stand.PAST
        begun = any(span.has_begun(now) for span in self.competition.spans if span.phase is not Phase.ANNOUNCED)
        return Stand.RUNNING if begun else Stand.COMING


def competitions(user: Any) -> list[Known]:
    """Those that this person may see, with their phases. Two queries, three in a language that is not the default one."""
    found = list(Competition.objects.visible_to(user).with_phases().annotate(published_at=models.F("tally__published_at")))
    own = in_own_words([each.page for each in found])
    return [Known(each, own.get(each.page.translation_key, each.page), each.published_at) for each in found]


def _find_competitions(kind: Provider, user: Any, now: datetime) -> Iterable[Procedure]:
    for known in competitions(user):
        stand = known.stand(now)
        when, moment = _WHEN[stand](known, now)
        yield Procedure(kind, stand, known.page.title, known.url, when, moment, known.page.intro, known.page, known)


def _runs_until(known: Known, now: datetime) -> tuple[str, datetime]:
    if (span := phases.span_at(known.competition.spans, now)) and span.ends_at:
        sentence = _now("%(phase)s bis %(date)s")
        return sentence % {"phase": span.phase.label, "date": moment_in_words(span.ends_at)}, span.ends_at
    return _next_phase(known, now)


def _next_phase(known: Known, now: datetime) -> tuple[str, datetime]:
    coming = phases.next_span([span for span in known.competition.spans if span.phase is not Phase.ANNOUNCED], now)
    if coming is None:
        return _now("Die Termine stehen noch nicht fest."), NEVER
    sentence = _now("%(phase)s ab %(date)s")
    return sentence % {"phase": coming.phase.label, "date": moment_in_words(coming.starts_at)}, coming.starts_at


def _ended(known: Known, now: datetime) -> tuple[str, datetime]:
    if known.published_at:
        return _now("Ergebnis vom %(date)s") % {"date": date_format(timezone.localtime(known.published_at))}, known.published_at
    spans = known.competition.spans
    last = max(span.ends_at if span.ends_at and span.is_over(now) else span.starts_at for span in spans)
    if known.competition.has_voting or known.competition.has_jury:
        return _now("Das Ergebnis folgt."), last
    return _now("Beendet am %(date)s") % {"date": date_format(timezone.localtime(last))}, last


_WHEN: dict[Stand, Callable[[Known, datetime], tuple[str, datetime]]] = {
    Stand.RUNNING: _runs_until,
    Stand.COMING: _next_phase,
    Stand.PAST: _ended,
}


def _winners(shown: Sequence[Procedure]) -> None:
    """Who came first, with the way to the whole result. Two queries, none where nothing is published."""
    published = {each.thing.competition.pk: each for each in shown if each.thing.published_at}
    if not published:
        return
    tallies = Tally.objects.filter(competition__in=published).values_list("competition", "result")
    first = {pk: [row["number"] for row in result["entries"] if row["place"] == 1] for pk, result in tallies}
    numbers = {number for each in first.values() for number in each}
    # Today's words of an idea: a title that was withdrawn with its text stays away.
    ideas = {each.number: each for each in Idea.objects.public().filter(number__in=numbers).select_related("released_version")}
    for pk, procedure in published.items():
        for number in first.get(pk, []):
            idea, url = ideas.get(number), reverse("idea_detail", args=[number])
            name = idea.title if idea else _now("Idee %(number)s") % {"number": number}
            procedure.outcomes.append(Outcome(_now("Platz 1:"), url, name, own=idea is not None))
        procedure.outcomes.append(Outcome("", addresses.result(procedure.thing.competition), _now("Zum Ergebnis")))


# --- surveys ----------------------------------------------------------------------------------------------------------


def _find_surveys(kind: Provider, user: Any, now: datetime) -> Iterable[Procedure]:
    """One query. Drafts stand nowhere but at the desk."""
    for survey in Survey.objects.visible_to(user).filter(is_published=True):
        stand, when, moment = _SURVEY_STAND[survey.state(now)](survey)
        words = survey if survey.foreign else None
        yield Procedure(kind, stand, survey.title, survey.get_absolute_url(), when, moment, survey.intro, words, survey)


def _survey_runs(survey: Survey) -> tuple[Stand, str, datetime]:
    return Stand.RUNNING, _now("Bis %(date)s") % {"date": moment_in_words(survey.ends_at)}, survey.ends_at


def _survey_comes(survey: Survey) -> tuple[Stand, str, datetime]:
    return Stand.COMING, _now("Ab %(date)s") % {"date": moment_in_words(survey.starts_at)}, survey.starts_at


def _survey_ended(survey: Survey) -> tuple[Stand, str, datetime]:
    day = date_format(timezone.localtime(survey.ended_at))
    return Stand.PAST, _now("Beendet am %(date)s") % {"date": day}, survey.ended_at


_SURVEY_STAND = {
    Survey.State.RUNNING: _survey_runs,
    Survey.State.COMING: _survey_comes,
    Survey.State.OVER: _survey_ended,
}


def _outcomes_of_surveys(shown: Sequence[Procedure]) -> None:
    """What came of the past ones, and how many took part, with the way to the result. One query, none without a past survey."""
    now = timezone.now()
    past = {each.thing.pk: each for each in shown if each.stand is Stand.PAST}
    if not past:
        return
    rows = SurveyResponse.objects.filter(survey__in=past).order_by().values_list("survey").annotate(hits=Count("pk"))
    answered = dict(rows)
    for pk, procedure in past.items():
        survey: Survey = procedure.thing
        is_shown = survey.shows_results(now)
        url = reverse("survey_result", args=[survey.slug]) if is_shown else procedure.url
        if survey.outcome:
            said = Truncator(survey.outcome).chars(160)
            procedure.outcomes.append(Outcome("", url, said, own=bool(survey.foreign)))
        if is_shown:
            hits = answered.get(pk, 0)
            took_part = ngettext("%(number)s Person hat mitgemacht.", "%(number)s Personen haben mitgemacht.", hits)
            procedure.outcomes.append(Outcome(took_part % {"number": hits}, url, _now("Zum Ergebnis")))


# --- events -----------------------------------------------------------------------------------------------------------


def _find_events(kind: Provider, user: Any, now: datetime) -> Iterable[Procedure]:
    """One query."""
    columns = ("title", "url_path", "translation_key", "locale", "starts_at", "ends_at", "intro", "alias_of")
    for event in in_active_language(EventPage.objects.live()).only(*columns):
        end = event.ends_at or event.starts_at
        if event.is_over(now):
            stand, moment = Stand.PAST, end
        elif event.starts_at <= now:
            stand, moment = Stand.RUNNING, end
        else:
            stand, moment = Stand.COMING, event.starts_at
        yield Procedure(kind, stand, event.title, event.url, event.when, moment, event.intro, event, event)


def _ideas_of_events(shown: Sequence[Procedure]) -> None:
    """How many ideas came from the past ones. One query, none without a past event."""
    past = {each.thing.translation_key: each for each in shown if each.stand is Stand.PAST}
    if not past:
        return
    key = "event__translation_key"
    rows = Idea.objects.public().filter(**{f"{key}__in": past}).order_by().values_list(key).annotate(hits=Count("pk"))
    for own, hits in rows:
        text = ngettext("%(number)s Idee ist hier entstanden", "%(number)s Ideen sind hier entstanden", hits) % {"number": hits}
        past[own].outcomes.append(Outcome("", past[own].url, text))


# --- the ideas that can be handed in at any time ----------------------------------------------------------------------


def _find_idea_store(kind: Provider, user: Any, now: datetime) -> Iterable[Procedure]:
    text = _now("Reichen Sie jederzeit eine Idee ein. Jede wird geprüft, und hier steht, was aus ihr wird.")
    yield Procedure(kind, Stand.RUNNING, words["Ideenspeicher"], reverse("idea_list"), _now("Immer offen"), NEVER, text)


def _numbers_of_ideas(shown: Sequence[Procedure]) -> None:
    """How far the ideas have come, each number with the list behind it. One query."""
    if not shown:
        return
    stages = way_of_ideas()
    for procedure in shown:
        procedure.outcomes += [
            Outcome(f"{stage.label}:", stage.url, str(stage.count))
            for stage in (stages["handed_in"], stages["kept"], stages["under_way"], stages["done"])
            if stage.count
        ]


PROVIDERS: tuple[Provider, ...] = (
    Provider("wettbewerb", _("Wettbewerbe"), _("Wettbewerb"), "target", _find_competitions, _winners),
    Provider("umfrage", _("Umfragen"), _("Umfrage"), "document", _find_surveys, _outcomes_of_surveys),
    Provider("termin", _("Termine"), _("Termin"), "calendar", _find_events, _ideas_of_events),
    Provider(
        "ideen", words.later("%(Ideenspeicher)s"), words.later("%(Ideenspeicher)s"), "bulb", _find_idea_store, _numbers_of_ideas
    ),
)
