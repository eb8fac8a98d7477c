"""Five hundred payloads in every field that a stranger fills, shown on every page and in every mail that prints them.

The Content-Security-Policy is off, so that what is escaped wrongly would run in Chromium. Nothing runs.

Fields are filled below the forms, some with more than a form lets through: many payloads fit on one page that way."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.template import Context, Template
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page

from accounts.contacts import contact_of_user
from accounts.models import User
from common import outbox
from ideas.models import Idea
from ideas.workflow import Status
from pages import enquiries
from pages.enquiries import Enquiry
from pages.models import Message
from participation import actions, comment_mails
from participation.actions import surveys as survey_actions
from participation.comment_workflow import Action, Ground, State
from participation.discussions import Subject
from participation.models import Comment, Complaint, Report, SurveyAnswer
from tests.e2e.xss_payloads import parts, payloads
from tests.factories import UserFactory, make_idea, surveys
from tests.factories import comments as make
from tests.participation.crowd import session_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
IDEAS, COMMENTS, NAMES, REPORTS, COMPLAINTS, ENQUIRIES, SURVEY_ANSWERS = 20, 100, 50, 20, 2, 5, 20
# How many payloads can be read: as text, or in a field.
READ = """() => document.documentElement.textContent.split(/xss|alert|confirm|prompt/i).length - 1
    + [...document.querySelectorAll('input,textarea')].map(each => each.value).join().split('xss').length - 1"""
# What a payload would leave behind where it was taken for markup, even if nobody has clicked yet.
TRACES = """() => [...document.querySelectorAll('*')].flatMap(each => [...each.attributes].filter(
    one => /^on/i.test(one.name)
    || (/^(href|src|action|formaction|data|srcdoc)$/i.test(one.name) && /^\\s*(javascript:|data:text)/i.test(one.value))
    || /xss\\(\\)/.test(one.name)).map(one => `${each.tagName} ${one.name}=${one.value}`))"""


class Watched:
    """A browser window that tells of everything that ran."""

    def __init__(self, context: BrowserContext) -> None:
        self.ran: list[str] = []
        context.expose_binding("xss", lambda source: self.ran.append(source["page"].url))
        self.page: Page = context.new_page()
        self.page.on("dialog", self._dialog)

    def _dialog(self, dialog: Any) -> None:
        self.ran.append(f"a dialog on {self.page.url}")
        dialog.dismiss()

    def look(self, url: str, at_least: int) -> None:
        """Open the page; as many payloads as this can be read there as text."""
        answer = self.page.goto(url)
        assert answer is not None
        assert answer.status == 200, f"{answer.status} {url}"
        self.expect_nothing(url, at_least)

    def expect_nothing(self, where: str, at_least: int) -> None:
        self.page.wait_for_timeout(30)
        assert self.page.evaluate(TRACES) == [], where
        read = self.page.evaluate(READ)
        assert read >= at_least, f"only {read} on {where}: the page doesn't show them, so it proves nothing"
        assert self.ran == [], where


@pytest.fixture
def watched(new_context: Callable[..., BrowserContext], live_site: Any) -> Callable[..., Watched]:
    def make_one(person: User | None = None) -> Watched:
        context = new_context(bypass_csp=True, base_url=live_site.url)
        if person:
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_of(person), "url": live_site.url}])
        return Watched(context)

    return make_one


def test_the_payloads_do_run_where_a_page_prints_them_as_they_are(watched: Callable[..., Watched]) -> None:
    """The control: a template that escapes nothing, printed the same way."""
    window = watched()
    unsafe = Template("<!doctype html><meta charset=utf-8><title>x</title>{% autoescape off %}{{ text }}{% endautoescape %}")
    ran = 0
    for text in payloads()[:66]:
        window.page.set_content(unsafe.render(Context({"text": text})))
        window.page.wait_for_timeout(20)
        ran += bool(window.ran or window.page.evaluate(TRACES))
        window.ran.clear()
    assert ran >= 40, f"only {ran} of 66 vectors would be noticed"


def in_one(texts: list[str]) -> str:
    return "\n".join(texts)


def fill_ideas() -> list[Idea]:
    return [make_idea(Status.SUBMITTED, released=True, title=" ".join(texts), text=in_one(texts)) for texts in parts(IDEAS)]


def test_nothing_that_is_written_in_an_idea_ever_runs(watched: Callable[..., Watched]) -> None:
    ideas, window, author = fill_ideas(), watched(), UserFactory()
    window.look(reverse("idea_list"), at_least=300)
    for idea in ideas:
        window.look(idea.get_absolute_url(), at_least=2 * 25)
    window.look(Subject(ideas[0]).write_url, at_least=20)
    office, signed_in = watched(UserFactory(lead=True)), watched(author)
    office.look("/admin/ideen/?ordner=alle", at_least=20)
    signed_in.look(f"{reverse('my_comments')}?q={payloads()[7]}", at_least=0)
    signed_in.look(f"/suche/?q={payloads()[7]}", at_least=1)


@pytest.fixture
def open_brakes(transactional_db: None) -> None:
    make.rules(**make.OPEN, hold_after_reports=100, most_links=20)


def fill_comments(idea: Idea) -> None:
    """A hundred comments, half of them by guests; the names are payloads, too."""
    names = parts(NAMES)
    for place, texts in enumerate(parts(COMMENTS)):
        name = " ".join(names[place // 2])
        contact = make.guest() if place % 2 else make.person(name)
        written = actions.write(idea, in_one(texts), make.author(contact, name if place % 2 else ""))
        assert written is not None
        assert written.state == State.PUBLIC


def everything(idea: Idea, author: User) -> Comment:
    """One comment with all five hundred."""
    made = actions.write(idea, in_one(payloads()), make.author(contact_of_user(author)), followup=True)
    assert made is not None
    actions.decide(made, Action.APPROVE if made.state == State.HELD else Action.KEEP, by=make.moderator(), reason=make.WHY)
    return Comment.objects.get(pk=made.pk)


@pytest.mark.usefixtures("open_brakes")
def test_nothing_that_is_written_in_a_comment_ever_runs(watched: Callable[..., Watched]) -> None:
    idea, author = make_idea(Status.KEPT), UserFactory(display_name=" ".join(payloads()[:60]))
    fill_comments(idea)
    comment = everything(idea, author)
    window, own, desk = watched(), watched(author), watched(make.moderator())
    about = Subject(idea)
    window.look(about.url, at_least=200)
    for query in ("", "?seite=2", "?seite=3", "?sortiert=neueste"):
        window.look(f"{about.comments_url}{query}", at_least=450)
    window.look(reverse("comment", args=[comment.pk]), at_least=450)
    for name in ("comment_reply", "comment_report"):
        window.look(reverse(name, args=[comment.pk]), at_least=400)
    for name in ("comment_edit", "comment_delete"):
        own.look(reverse(name, args=[comment.pk]), at_least=400)
    own.look(reverse("my_comments"), at_least=400)
    desk.look(f"{reverse('moderation_desk:queue')}?ordner=alle", at_least=20)
    desk.look(reverse("moderation_desk:comment", args=[comment.pk]), at_least=400)
    answer = actions.write(idea, in_one(payloads()), make.author(make.person(" ".join(payloads()))), reply_to=comment)
    assert answer is not None
    assert_mails_are_harmless(window, at_least=400)


@pytest.mark.usefixtures("open_brakes")
def test_nothing_that_is_written_in_a_report_or_a_complaint_ever_runs(watched: Callable[..., Watched]) -> None:
    author, moderator = UserFactory(), make.moderator()
    comment = everything(make_idea(Status.KEPT), author)
    made: list[Report] = []
    for texts in parts(REPORTS):
        email = f"melderin-{len(made)}@example.org"
        made.append(actions.report(comment, Ground.OTHER, text=in_one(texts), name=" ".join(texts), email=email))
    window, desk = watched(), watched(make.moderator())
    receipt = reverse("report_receipt", args=[made[0].pk, comment_mails.tokens.derive("report", str(made[0].key))])
    window.look(receipt, at_least=0)
    desk.look(reverse("moderation_desk:comment", args=[comment.pk]), at_least=2 * 450)
    actions.decide(comment, Action.HIDE, by=moderator, ground=Ground.OTHER, reason=in_one(payloads()))
    own = watched(author)
    own.look(reverse("comment_complain", args=[comment.pk]), at_least=400)
    window.look(receipt, at_least=400)
    for texts in parts(COMPLAINTS):
        hidden = make.comment(State.HIDDEN)
        assert hidden.contact is not None
        complaint: Complaint = actions.complain(hidden, in_one(texts), hidden.contact)
        desk.look(reverse("moderation_desk:comment", args=[hidden.pk]), at_least=200)
        actions.decide_complaint(complaint, uphold=False, by=make.moderator(), reason=in_one(texts))
    contact = contact_of_user(author)
    actions.block(contact, by=moderator, reason=in_one(payloads()))
    for name in ("moderation_desk:people", "moderation_desk:log"):
        desk.look(reverse(name), at_least=100)
    assert_mails_are_harmless(window, at_least=400)


def test_nothing_that_is_written_to_the_office_ever_runs(watched: Callable[..., Watched]) -> None:
    for texts in parts(ENQUIRIES):
        line = " ".join(texts)
        enquiry = Enquiry(Message.Kind.CONTACT, in_one(texts), uuid.uuid4(), subject=line, name=line, email="wer@example.org")
        enquiries.receive(enquiry)
    office = watched(UserFactory(editor=True))
    office.look("/admin/nachrichten/", at_least=100)
    for message in Message.objects.all():
        office.look(f"/admin/nachrichten/edit/{message.pk}/", at_least=100)
    assert_mails_are_harmless(office, at_least=0)


def test_nothing_that_is_written_in_a_survey_ever_runs(watched: Callable[..., Watched]) -> None:
    found, editor = surveys.survey("over", questions=[surveys.TEXT]), UserFactory(editor=True)
    for texts in parts(SURVEY_ANSWERS):
        surveys.answered(found, in_one(texts))
    for answer in SurveyAnswer.objects.all():
        survey_actions.release(answer, by=editor)
    watched().look(reverse("survey_result", args=[found.slug]), at_least=400)
    office = watched(editor)
    for page in ("", "texte/"):
        office.look(f"/admin/umfragen-auswertung/{found.pk}/{page}", at_least=400 if page else 0)


def assert_mails_are_harmless(window: Watched, at_least: int) -> None:
    """Every mail that has come of it, in its HTML, in a window of the same kind."""
    outbox.drain()
    assert mail.outbox
    longest = 0
    for message in mail.outbox:
        for name, value in message.message().items():
            assert "\n" not in str(value).replace("\n ", "").replace("\n\t", ""), f"a header of its own: {name}"
        for content, kind in getattr(message, "alternatives", []):
            assert kind == "text/html"
            window.page.set_content(content)
            window.expect_nothing(f"the mail {message.subject}", 0)
            longest = max(longest, content.count("xss"))
    assert longest >= at_least
