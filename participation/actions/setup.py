"""Making a competition and setting it up: its page, its texts, how is voted and counted, and when everybody sees it.

Wagtail's log says who did it. Dates stand in planning.py.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page

from accounts.models import User
from common.text import clean_text, has_words, one_line
from ideas.actions.record import Refused
from ideas.permissions import leads
from pages.models import HomePage
from pages.page_form import taken

from .. import permissions
from ..jury import fits_jury
from ..models import Competition, CompetitionIndexPage, CompetitionPage
from ..readiness import missing

# What the lead sets besides the dates. All of it stays as it is once people vote or score.
RULES = ("voting", "electorate", "votes", "votes_per_entry", "method", "jury_scheme", "jury_weight", "link_days")
TEXTS = ("title", "intro", "rules", "prizes")
INDEX_SLUG = "wettbewerbe"


class AddressTaken(Refused):
    """Another page stands at the address already; the sentence belongs beside that field."""


def make(title: str, slug: str, intro: str, *, by: User) -> Competition:
    """A competition whose page is a draft below /wettbewerbe/, which is made if there is none.

    Raises AddressTaken, or Refused: not the lead, or no title.
    """
    _check_lead(by)
    if not has_words(title):
        raise Refused(_("Bitte geben Sie einen Titel ein."))
    page = CompetitionPage(title=one_line(title), slug=slug, intro=clean_text(intro), live=False, owner=by)
    with transaction.atomic():
        above = _index_page(by)
        if sentence := taken(above, slug):
            raise AddressTaken(sentence)
        if not Page._slug_is_available(slug, above):
            raise AddressTaken(_("Unter dieser Adresse gibt es schon einen Wettbewerb. Bitte wählen Sie eine andere."))
        above.add_child(instance=page)
        page.save_revision(user=by, log_action=False)
        log(page, "wagtail.create", user=by)
        competition = Competition.objects.get(page=page)
        log(competition, "participation.competition.make", user=by)
    return competition


def describe(competition: Competition, texts: Mapping[str, str], *, by: User) -> bool:
    """Title, introduction, rules and prizes of the page; where it is public, everybody reads the new words at once.

    Returns whether anything changed. Raises Refused: not the lead, no title, or somebody has locked the page.
    """
    _check_lead(by)
    if not has_words(texts["title"]):
        raise Refused(_("Bitte geben Sie einen Titel ein."))
    page = competition.page.get_latest_revision_as_object()
    wanted = {**texts, "title": one_line(texts["title"]), "intro": clean_text(texts["intro"])}
    changed = [name for name in TEXTS if getattr(page, name) != wanted[name]]
    if not changed:
        return False
    _check_lock(page, by)
    for name in changed:
        setattr(page, name, wanted[name])
    with transaction.atomic():
        if not competition.page.live:
            page.save()  # the desk calls a draft by its newest title
        revision = page.save_revision(user=by, log_action=True)
        if competition.page.live:
            revision.publish(user=by)
        log(competition, "participation.competition.describe", user=by, data={"changed": changed})
    competition.page.refresh_from_db()
    return True


def save(competition: Competition, texts: Mapping[str, str], rules: Mapping[str, Any], *, by: User) -> None:
    """Texts and rules together, or nothing. Raises as `describe` and `set_rules` do."""
    with transaction.atomic():
        set_rules(competition, rules, by=by)
        describe(competition, texts, by=by)


def set_rules(competition: Competition, fields: Mapping[str, Any], *, by: User, now: datetime | None = None) -> list[str]:
    """How is voted, who may vote, how is counted. `fields`: some of RULES; what is not among them stays.

    Returns the names of what changed. Raises Refused: not the lead, voting or jury has begun, or the rules don't fit together.
    """
    changed = {name: fields[name] for name in RULES if name in fields and getattr(competition, name) != fields[name]}
    if not changed:
        _check_lead(by)
        return []
    with transaction.atomic():
        # Whoever votes at this moment waits, or was first: then the check below finds the ballot.
        Competition.objects.select_for_update().filter(pk=competition.pk).first()
        if problem := permissions.why_not_change_rules(by, competition, now=now):
            raise Refused(problem)
        if changed.get("jury_scheme") and not fits_jury(changed["jury_scheme"]):
            raise Refused(_("Nach diesem Prüfbogen kann keine Jury bewerten: Keines seiner Kriterien hat Stufen."))
        kept = {name: getattr(competition, name) for name in changed}
        for name, value in changed.items():
            setattr(competition, name, value)
        try:
            competition.clean_fields(exclude=["page"])
            competition.validate_constraints()
        except ValidationError as error:
            for name, value in kept.items():
                setattr(competition, name, value)
            raise Refused(" ".join(error.messages)) from error
        competition.save(update_fields=[*changed])
        data = {"changed": {name: [_told(kept[name]), _told(value)] for name, value in changed.items()}}
        log(competition, "participation.competition.rules", user=by, data=data)
    return list(changed)


def publish_page(competition: Competition, *, by: User) -> None:
    """From now on everybody sees the competition. Raises Refused: not the lead, or something is missing (readiness.py)."""
    _check_lead(by)
    if lacking := missing(competition):
        raise Refused(" ".join([_("Noch fehlt etwas, bevor alle den Wettbewerb sehen können."), *lacking]))
    page = competition.page.get_latest_revision_as_object()
    _check_lock(page, by)
    with transaction.atomic():
        (page.get_latest_revision() or page.save_revision(user=by)).publish(user=by)
        log(competition, "participation.competition.publish_page", user=by)
    competition.page.refresh_from_db()


def _check_lead(by: User) -> None:
    if not leads(by):
        raise Refused(permissions.NO_RIGHT)


def _check_lock(page: CompetitionPage, by: User) -> None:
    lock = page.get_lock()
    if lock is not None and lock.for_user(by):
        raise Refused(_("Diese Seite ist gerade gesperrt, weil jemand an ihr arbeitet. Bitte sprechen Sie sich ab."))


def _index_page(by: User) -> CompetitionIndexPage:
    """The page of all competitions in the default language, made and published if there is none."""
    found = CompetitionIndexPage.objects.filter(locale__language_code=settings.LANGUAGE_CODE).first()
    if found is not None:
        return found
    home = HomePage.objects.filter(locale__language_code=settings.LANGUAGE_CODE).first()
    if home is None:
        raise Refused(_("Bitte legen Sie zuerst die Startseite an."))
    if not Page._slug_is_available(INDEX_SLUG, home):
        raise Refused(_("Unter der Adresse /wettbewerbe/ steht schon eine andere Seite. Bitte geben Sie ihr eine andere."))
    made = home.add_child(instance=CompetitionIndexPage(title="Wettbewerbe", slug=INDEX_SLUG, owner=by))
    log(made, "wagtail.create", user=by)
    return CompetitionIndexPage.objects.get(pk=made.pk)


def _told(value: Any) -> Any:
    """What the log keeps of a value: numbers as they are, everything else as words."""
    return value if value is None or isinstance(value, int) else str(value)
