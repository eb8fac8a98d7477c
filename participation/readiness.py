"""What a competition lacks before everybody may see it."""

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from common.text import has_words

from .models import Competition, CompetitionPage
from .phases import ORDER, Phase, problems


def missing(competition: Competition) -> list[str]:
    """A sentence for each thing that is missing or doesn't fit; [] if the page can be published."""
    return [*_in_the_texts(competition.page.get_latest_revision_as_object()), *_in_the_plan(competition)]


def _in_the_texts(page: CompetitionPage) -> list[str]:
    found = []
    if not has_words(page.intro):
        found.append(_("Die Einleitung fehlt: Worum geht es?"))
    if not has_words(strip_tags(page.rules)):
        found.append(_("Die Regeln fehlen: Wer kann mitmachen, womit, bis wann?"))
    return found


def _in_the_plan(competition: Competition) -> list[str]:
    if not competition.spans:
        return [_("Der Ablauf fehlt: Noch keine Phase hat ein Datum.")]
    wrong = problems(competition.spans)
    found = [f"{phase.label}: {wrong[phase]}" for phase in ORDER if phase in wrong]
    voting, jury = competition.span(Phase.VOTING), competition.span(Phase.JURY)
    if competition.has_voting and not voting:
        found.append(_("Es soll abgestimmt werden, im Ablauf fehlt aber die Phase „Abstimmung“."))
    if voting and not competition.has_voting:
        found.append(_("Im Ablauf steht eine Abstimmung, in den Regeln fehlt aber, wie abgestimmt wird."))
    if competition.has_jury and not jury:
        found.append(_("Eine Jury soll bewerten, im Ablauf fehlt aber die Phase „Jury“."))
    if jury and not competition.has_jury:
        found.append(_("Im Ablauf steht eine Jury, in den Regeln fehlt aber der Prüfbogen, nach dem sie bewertet."))
    return found
