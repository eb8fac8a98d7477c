"""What competitions tell the author of an idea: on the receipt, in the account, beside the idea, in its first mail."""

from django.utils.translation import gettext as _

from ideas import offers
from ideas.models import Idea
from ideas.offers import Offer, Part

from . import addresses, clock, permissions
from .models import Competition, Entry


def taking_part(idea: Idea) -> list[Part]:
    """In which competitions the idea takes part, or was to. Two queries."""
    return [part(entry) for entry in Entry.objects.of_idea(idea)]


def part(entry: Entry) -> Part:
    """How it stands with an entry, as its author reads it."""
    competition = entry.competition
    sentence, url = _sentence(entry) % {"title": competition.title}, competition.get_absolute_url()
    if entry.is_in or entry.awaits_decision:
        return Part(sentence, url, competition.title)
    return Part(sentence, url, competition.title, entry.last_step.public_reason, own=not entry.was_taken_back)


def _sentence(entry: Entry) -> str:
    if entry.is_in:
        return _("Ihre Idee nimmt am Wettbewerb „%(title)s“ teil.")
    if entry.awaits_decision:
        return _("Ihre Idee ist zum Wettbewerb „%(title)s“ vorgeschlagen. Wir entscheiden bald, ob sie teilnimmt.")
    if entry.was_in:
        return _("Ihre Idee nimmt am Wettbewerb „%(title)s“ nicht mehr teil.")
    return _("Ihre Idee nimmt am Wettbewerb „%(title)s“ nicht teil.")


def for_idea(idea: Idea) -> list[Offer]:
    """Where this idea could take part, or leave again, now. Whoever asks is its author."""
    running = list(Competition.objects.taking_ideas(clock.now()).with_phases())
    if not running or permissions.why_not_suited(idea):
        return []
    entries = {entry.competition_id: entry for entry in Entry.objects.of_idea(idea)}
    found = []
    for competition in running:
        entry = entries.get(competition.pk)
        if entry is None or entry.was_taken_back:
            text = _("Beim Wettbewerb „%(title)s“ vorschlagen") % {"title": competition.title}
            found.append(Offer(text, f"{addresses.propose(competition)}?idee={idea.number}"))
        elif entry.is_in or entry.awaits_decision:
            text = _("Teilnahme am Wettbewerb „%(title)s“ beenden") % {"title": competition.title}
            found.append(Offer(text, addresses.propose(competition)))
    return found


def for_author() -> list[Offer]:
    """The competitions to which ideas can be proposed now."""
    running = Competition.objects.taking_ideas(clock.now()).select_related("page")
    return [
        Offer(
            _("Eine Idee beim Wettbewerb „%(title)s“ vorschlagen") % {"title": competition.title},
            addresses.propose(competition),
        )
        for competition in running
    ]


offers.register(offers.Source(taking_part, for_idea, for_author))
