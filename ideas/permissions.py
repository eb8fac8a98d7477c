"""Who may do what with an idea now. The table of steps stands in workflow.py; this module asks it on behalf of a person."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from pages.words import words

from .models import Idea, Kpi, Measure, Review, ReviewRound, TrailEntry
from .workflow import NOT_YET_SUBMITTED, STANDING, STEPS, UNDER_REVIEW, Action, Status, Step, find_step


def has_role(user: Any, *roles: Role) -> bool:
    """Whether the person has one of these roles; false for visitors and closed accounts."""
    return bool(user.is_authenticated and user.is_active and user.roles & set(roles))


def leads(user: Any) -> bool:
    """Assigns reviewers, decides, merges, splits, publishes results, releases reports, imports and exports."""
    return has_role(user, Role.LEAD)


def reviews(user: Any) -> bool:
    """Sees the inbox and reviews ideas."""
    return has_role(user, Role.REVIEWER, Role.LEAD)


def reports_on(user: Any, measure: Measure) -> bool:
    """Writes reports and values for this measure: the lead for all, project leads for their own."""
    return leads(user) or (has_role(user, Role.PROJECT_LEAD) and measure.project_leads.filter(pk=user.pk).exists())


def writes_reports(user: Any) -> bool:
    """Has the page of reports: project leads for their measures, the lead to release them."""
    return has_role(user, Role.PROJECT_LEAD, Role.LEAD)


def enters_values_of(user: Any, kpi: Kpi) -> bool:
    """The lead for every figure, project leads for those of their own measures."""
    return leads(user) or (kpi.measure is not None and reports_on(user, kpi.measure))


def relabels(user: Any) -> bool:
    """Gives a measure another number, title, Zielbild or Lösung."""
    return has_role(user, Role.REVIEWER, Role.LEAD)


def may(user: Any, step: Step) -> bool:
    """Whether one of the person's roles takes this step at all."""
    return bool(user.is_authenticated and user.is_active and step.roles & user.roles)


def why_not(user: Any, step: Step, idea: Idea) -> Any:
    """The sentence that tells this person why the step can't be taken now; '' if it can."""
    if not may(user, step):
        return _("Für diesen Schritt fehlt Ihnen die Berechtigung.")
    if idea.status not in step.sources:
        return _("Dieser Schritt passt nicht zum Stand „%(state)s“.") % {"state": idea.get_status_display()}
    if step.needs_release and idea.needs_release:
        return _("Bitte veröffentlichen Sie die Idee zuerst.")
    if step.action is Action.UNMERGE and step.target != status_before_merge(idea):
        return _("Dieser Schritt passt nicht zum Stand „%(state)s“.") % {"state": idea.get_status_display()}
    if step.action is Action.RELEASE and not idea.needs_release and idea.released_version_id == idea.latest_version.pk:
        return _("Diese Fassung ist schon veröffentlicht.")
    if getattr(idea, "author", None) and idea.author.user_id == user.pk:
        return _("Über die eigene Idee entscheidet jemand anderes.")
    if step.action is Action.PUBLISH_REVIEW:
        return why_not_publish(user, idea)
    return ""


def why_not_into(user: Any, target: Idea) -> Any:
    """The sentence that tells this person why other ideas can't become part of this one now; '' if they can."""
    if target.status not in STANDING:
        return _("Idee %(number)s kann nichts aufnehmen: Ihr Stand ist „%(state)s“.") % {
            "number": target.number,
            "state": target.get_status_display(),
        }
    if target.needs_release:
        return _("Bitte veröffentlichen Sie Idee %(number)s zuerst.") % {"number": target.number}
    if getattr(target, "author", None) and target.author.user_id == user.pk:
        return _("Über die eigene Idee entscheidet jemand anderes.")
    return ""


def may_support(idea: Idea) -> bool:
    """Whether anybody with a proved address may support it: a public idea that stands for itself. One that has become part of
    another is supported there."""
    return idea.is_public and idea.status in STANDING


def may_follow(target: Any) -> bool:
    """Whether anybody with a proved address may follow it: what is public and still goes on."""
    if isinstance(target, Idea):
        return may_support(target)
    return bool(getattr(target, "live", True))


def status_before_merge(idea: Idea) -> str:
    """Where the idea stood when it became part of another one: there an undo leads back."""
    merges = idea.trail.filter(action=Action.MERGE).order_by("-position")
    return str(merges.values_list("from_status", flat=True).first() or "")


def possible_steps(user: Any, idea: Idea) -> list[Step]:
    """The steps that this person can take with this idea now, in the order of the table."""
    return [step for step in STEPS if not why_not(user, step, idea)]


# --- the author, by account or by receipt -----------------------------------------------------------------------------------


def why_author_cannot(action: Action, idea: Idea) -> Any:
    """The sentence that tells the author why they can't answer, edit or withdraw now; '' if they can."""
    if find_step(action, idea.status) is None:
        sentences = {
            Action.ANSWER: _("Gerade ist keine Rückfrage offen. Vielen Dank, Sie müssen nichts tun."),
            Action.EDIT: _("Über diese Idee ist entschieden. Sie können sie nicht mehr ändern, aber eine neue einreichen."),
            Action.WITHDRAW: _("Diese Idee können Sie nicht zurückziehen. Bitte schreiben Sie uns, wenn Sie Fragen haben."),
        }
        return sentences[action]
    if action is Action.WITHDRAW and idea.merged_ideas.exists():
        return _("In dieser Idee sind andere Ideen aufgegangen. Bitte schreiben Sie uns, dann finden wir gemeinsam einen Weg.")
    if action is Action.WITHDRAW and idea.measure_links.exists():
        return (
            _("Ihre Idee steckt schon in %(a_dat_massnahme)s. Bitte schreiben Sie uns, dann finden wir gemeinsam einen Weg.")
            % words
        )
    return ""


def why_not_claim(user: Any, idea: Idea) -> Any:
    """Why this person can't take the idea over into their account; '' if they can. They hold its receipt."""
    if not (user.is_authenticated and user.is_active):
        return _("Bitte melden Sie sich zuerst an.")
    if idea.status in NOT_YET_SUBMITTED:
        return _("Bitte bestätigen Sie zuerst die Idee mit dem Link in unserer E-Mail.")
    if idea.status == Status.WITHDRAWN:
        return _("Diese Idee wurde zurückgezogen.")
    if idea.author.user_id is not None:
        return _("Diese Idee gehört schon zu einem Konto.")
    return ""


def why_not_show_answer(user: Any, entry: TrailEntry) -> Any:
    """Why this person can't make an author's answer public; '' if they can."""
    if not reviews(user):
        return _("Für diesen Schritt fehlt Ihnen die Berechtigung.")
    if entry.idea.author.user_id == user.pk:
        return _("Über die eigene Idee entscheidet jemand anderes.")
    return ""


# --- review by criteria -----------------------------------------------------------------------------------------------


def is_author(user: Any, idea: Idea) -> bool:
    return bool(getattr(idea, "author", None) and idea.author.user_id is not None and idea.author.user_id == user.pk)


def why_not_lead_review(user: Any, idea: Idea) -> Any:
    """Why this person doesn't lead the review of this idea (assign, settle, open the second stage); '' if they do."""
    if not leads(user):
        return _("Für diesen Schritt fehlt Ihnen die Berechtigung.")
    if is_author(user, idea):
        return _("Über die eigene Idee entscheidet jemand anderes.")
    if idea.status not in UNDER_REVIEW:
        return _("Dieser Schritt passt nicht zum Stand „%(state)s“.") % {"state": idea.get_status_display()}
    return ""


def why_not_open_round(user: Any, idea: Idea) -> Any:
    """Why this person can't begin a review by criteria; '' if they can."""
    if (problem := why_not_lead_review(user, idea)) or idea.status == Status.IN_REVIEW:
        return problem
    return _("Dieser Schritt passt nicht zum Stand „%(state)s“.") % {"state": idea.get_status_display()}


def why_not_be_assigned(reviewer: Any, idea: Idea) -> Any:
    """Why this person can't review this idea; '' if they can. What they declared before is asked of their reviews."""
    if not reviews(reviewer):
        return _("%(name)s gehört nicht zum Prüfteam.") % {"name": reviewer}
    if is_author(reviewer, idea):
        return _("%(name)s hat die Idee selbst eingereicht und prüft sie deshalb nicht.") % {"name": reviewer}
    return ""


def why_not_write_review(user: Any, review: Review) -> Any:
    """Why this person can't answer, hand in or step back from this review; '' if they can."""
    if not reviews(user) or review.reviewer_id != user.pk:
        return _("Für diesen Schritt fehlt Ihnen die Berechtigung.")
    if is_author(user, review.round.idea):
        return _("Die eigene Idee prüft jemand anderes.")
    if review.state == Review.State.HANDED_IN:
        return _("Sie haben diese Prüfung schon abgegeben. Sie lässt sich nicht mehr ändern.")
    if review.state == Review.State.CONFLICT:
        return _("Sie haben sich für befangen erklärt. Diese Idee prüft jemand anderes.")
    if not review.round.is_open:
        return _("Diese Prüfung ist abgeschlossen, über die Idee ist schon entschieden.")
    return ""


def why_not_lead_round(user: Any, review_round: ReviewRound) -> Any:
    """Why this person can't settle or go on with this round; '' if they can."""
    if problem := why_not_lead_review(user, review_round.idea):
        return problem
    if not review_round.is_open:
        return _("Diese Prüfung ist abgeschlossen, über die Idee ist schon entschieden.")
    return is_biased(user, review_round)


def is_biased(user: Any, review_round: ReviewRound) -> Any:
    """The sentence for somebody who declared to be biased in this round; '' for everybody else."""
    if review_round.reviews.filter(reviewer=user, state=Review.State.CONFLICT).exists():
        return _("Sie haben sich bei dieser Idee für befangen erklärt. Bitte lassen Sie jemand anderen entscheiden.")
    return ""


def why_not_publish(user: Any, idea: Idea) -> Any:
    """Why the results of this idea's review can't be published now; '' if they can. Part of why_not."""
    review_round = idea.review_rounds.with_results().order_by("-opened_at", "-pk").first()
    if review_round is None:
        return _("Es gibt noch kein Ergebnis: Keine Stufe der Prüfung ist vollständig abgegeben.")
    return is_biased(user, review_round)
