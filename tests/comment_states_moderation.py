"""Samples and states of reporting, receipts, complaints, rules and numbers. Used by public_states.py."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from accounts.contacts import contact_of_user
from accounts.models import User
from participation import actions
from participation.comment_workflow import Action, Ground, State
from participation.models import Comment
from participation.views.complaints import complaint_token
from participation.views.reporting import receipt_token
from tests.factories import comments as make
from tests.public_ways import Case, Open, Send, Steps

CITIZEN = "buergerin@example.org"


def _report(state: State = State.PUBLIC) -> Steps:
    comment = make.comment(state, text="Das ist doch alles Unsinn, was Sie da schreiben!")
    return [Open(reverse("comment_report", args=[comment.pk]))]


def _reported(action: Action | None = None, **more: Any) -> Comment:
    comment = make.comment(text="Das ist doch alles Unsinn, was Sie da schreiben!", **more)
    actions.report(comment, Ground.INSULT, text="Der zweite Halbsatz.", email="melderin@example.org")
    if action is Action.DELETE and comment.contact:
        actions.delete_own(comment, comment.contact)
    elif action:
        actions.decide(comment, action, by=make.moderator(), ground=Ground.INSULT, reason="Grob, aber keine Beleidigung.")
    return comment


def _receipt(action: Action | None = None) -> Steps:
    return [Open(_receipt_address(_reported(action)))]


def _receipt_address(comment: Comment) -> str:
    report = comment.reports.latest("pk")
    return reverse("report_receipt", args=[report.pk, receipt_token(report)])


def _hidden(*, by_guest: bool = False) -> Comment:
    person = make.guest() if by_guest else contact_of_user(User.objects.get(email=CITIZEN))
    return make.comment(State.HIDDEN, by=person, text="Stein des Anstoßes")


def _complain(then: str = "") -> Steps:
    comment = _hidden()
    if then and comment.contact:
        complaint = actions.complain(comment, "Das war ein Zitat.", comment.contact)
        if then != "filed":
            actions.decide_complaint(complaint, uphold=then == "upheld", by=make.moderator(), reason="Es war ein Zitat.")
    return [Open(reverse("comment_complain", args=[comment.pk]))]


def _complain_by_mail() -> Steps:
    comment = _hidden(by_guest=True)
    return [Open(reverse("comment_complain_by_token", args=[comment.pk, complaint_token(comment)]))]


def _shown_again() -> Steps:
    comment = _reported(Action.HIDE)
    actions.decide(comment, Action.RESTORE, by=make.moderator(), reason="Noch einmal gelesen: Das ist erlaubt.")
    return [Open(_receipt_address(comment))]


def _numbers() -> Steps:
    _reported(Action.HIDE)
    _reported(Action.KEEP)
    return [Open("/kommentare/zahlen/?jahr=quatsch")]


def _rules(**values: Any) -> Steps:
    make.rules(**values)
    return [Open("/kommentare/regeln/?")]


SIGNED_IN = {"kommentare/<number:pk>/einspruch/": CITIZEN}
SAMPLES: dict[str, Callable[[], Steps]] = {
    "kommentare/<number:pk>/melden/": _report,
    "kommentare/<number:pk>/einspruch/": _complain,
    "kommentare/<number:pk>/einspruch/<str:token>/": _complain_by_mail,
    "meldungen/<number:pk>/<str:token>/": _receipt,
}
NO_PAGES = {"kommentare/zahlen.csv": "data"}
# Pages with a form that strangers send; and pages about one report, never kept by a proxy.
FORM_PAGES = {"/kommentare/<number:pk>/melden/", "/kommentare/<number:pk>/einspruch/<str:token>/"}
NEVER_KEPT = {
    "/meldungen/<number:pk>/<str:token>/",
    "report a comment that is hidden",
    "receipt of a report, the comment stays",
    "receipt of a report, the comment is hidden",
    "receipt of a report, the author deleted the comment",
    "receipt of a report, the comment is shown again",
}
STATES: list[Case] = [
    Case("report a comment, everything missing", lambda: [*_report(), Send()], status=422),
    Case("report a comment, sent", lambda: [*_report(), Send({"ground": "insult", "good_faith": "on"})]),
    Case("report a comment, with an account", _report, CITIZEN),
    Case("report a comment that is hidden", lambda: _report(State.HIDDEN)),
    Case("receipt of a report, the comment stays", lambda: _receipt(Action.KEEP)),
    Case("receipt of a report, the comment is hidden", lambda: _receipt(Action.HIDE)),
    Case("receipt of a report, the author deleted the comment", lambda: _receipt(Action.DELETE)),
    Case("receipt of a report, the comment is shown again", _shown_again),
    Case("receipt of a report that is wrong", lambda: [Open("/meldungen/1/falsch/")], status=404),
    Case("complaint, nothing typed", lambda: [*_complain(), Send()], CITIZEN, 422),
    Case("complaint, filed", lambda: _complain("filed"), CITIZEN),
    Case("complaint, upheld", lambda: _complain("upheld"), CITIZEN),
    Case("complaint, rejected", lambda: _complain("rejected"), CITIZEN),
    Case("rules for comments, read before they appear", lambda: _rules(moderation="before", guests=False)),
    Case("numbers about comments", _numbers),
]
