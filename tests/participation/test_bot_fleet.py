"""A thousand posts by machines: new accounts and old ones, guests with proved addresses, from many networks, harmless words,
links and listed words; they edit, delete and answer one another. How many can be read before a moderator has acted?"""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.contacts import contact_of_address, contact_of_user
from accounts.models import Contact, User
from common.guarding import stamp
from ideas.actions import Refused
from ideas.models import Idea
from ideas.workflow import Status
from participation import actions
from participation.actions import Author, Circumstances
from participation.comment_workflow import Action, Ground
from participation.discussions import Subject
from participation.models import Comment, CommentRules
from tests.factories import comments as make
from tests.factories.ideas import MeasureFactory, make_idea
from tests.factories.users import UserFactory
from tests.participation.crowd import session_of
from tests.proofs import by_hand

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
POSTS, MOST_READ = 1000, 3
START = timezone.now()
HARMLESS = "Sehr gute Idee, das unterstütze ich!"
WORDS = (
    HARMLESS,
    "Schauen Sie mal: https://a.example",
    "https://a.example https://b.example www.c.example",
    "Jetzt GRATIS KREDIT!",
)


class Fleet:
    """The machines; each knows how to send one post."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        accounts = [contact_of_user(UserFactory()) for _ in range(110)]
        old = [contact_of_user(UserFactory(date_joined=START - timedelta(days=900))) for _ in range(40)]
        self.known = [*accounts, *old, *(contact_of_address(f"bot{number}@example.net") for number in range(110))]
        self.targets: list[Any] = [*(make_idea(Status.KEPT) for _ in range(3)), MeasureFactory()]
        self.now, self.answers = START, Counter[str]()

    def posts(self, number: int) -> Iterator[int]:
        """Send one after the other, from many networks and over two days; gives how many can be read after each."""
        for place in range(number):
            self.now += timedelta(seconds=self.dice.choice([1, 5, 300]))
            try:
                self.answers[self.send(place)] += 1
            except Refused:
                self.answers["refused"] += 1
            yield Comment.objects.shown().count()

    def send(self, place: int) -> str:
        kind = self.dice.choices(("write", "proved in between", "answer", "edit", "delete", "report"), (12, 3, 2, 2, 1, 1))[0]
        came = Circumstances(proved=self.dice.random() < 0.8, network=f"network{self.dice.randrange(400)}")
        words, target = f"{self.dice.choice(WORDS)} {place}", self.dice.choice(self.targets)
        if kind == "proved in between":
            return self.as_a_guest(target, words, place, came)
        contact = self.dice.choice(self.known)
        if kind in ("write", "answer"):
            return post(
                target, words, contact, came, now=self.now, reply_to=self.one_that_is_read() if kind == "answer" else None
            )
        mine = Comment.objects.exclude(contact=None).order_by("?").select_related("contact").first()
        if mine is None:
            return "nothing to do"
        if kind == "edit":
            actions.edit(mine, words, mine.contact, came=came, now=self.now)
        elif kind == "delete":
            actions.delete_own(mine, mine.contact, now=self.now)
        else:  # so that a text that is read makes room for the next
            found = self.one_that_is_read()
            if found:
                actions.report(found, Ground.OTHER, contact=contact, network=came.network, now=self.now)
        return kind

    def as_a_guest(self, target: Any, words: str, place: int, came: Circumstances) -> str:
        address = f"wegwerf{place}@example.net"
        made = actions.write(target, words, Author(name="Max", email=address), came=came, now=self.now)
        if made is None:
            return "no mail"
        actions.confirm(made, contact_of_address(address), now=self.now)
        return "confirmed"

    def one_that_is_read(self) -> Comment | None:
        return Comment.objects.shown().order_by("?").first()


def post(target: Any, words: str, contact: Contact, came: Circumstances, *, now: Any, reply_to: Comment | None = None) -> str:
    """How a post gets in. Over HTTP it has more to pass; here it starts behind the forms."""
    if reply_to is not None:
        target = reply_to.content_object
    made = actions.write(target, words, make.author(contact), reply_to=reply_to, came=came, now=now)
    return "written" if made else "no mail"


def known_citizen(idea: Idea) -> Contact:
    """Moderators have passed two comments of this person, months ago."""
    contact, before = make.person("Ada"), START - timedelta(days=90)
    for _number in range(2):
        made = make.comment(on=idea, by=contact, now=before)
        actions.decide(made, Action.KEEP, by=make.moderator(), reason="In Ordnung.", now=before)
    return contact


def house(moderation: CommentRules.Moderation) -> CommentRules:
    """As it is set up, with a word list."""
    return make.rules(moderation=moderation, words="gratis kredit\ncasino")


def test_under_post_moderation_three_of_a_thousand_are_read_at_most_and_a_citizen_gets_through() -> None:
    house(CommentRules.Moderation.AFTER)
    fleet = Fleet(seed=6)
    most = max(fleet.posts(POSTS))
    assert most == MOST_READ, "at most three; and were it none, a first comment of anybody would wait, too"
    assert fleet.answers["written"] + fleet.answers["confirmed"] >= 600, fleet.answers
    idea = fleet.targets[0]
    for each in Comment.objects.shown():
        assert "KREDIT" not in each.comment
        assert each.comment.count("https://") <= 2
    assert_a_known_citizen_gets_through(idea)
    assert_a_new_citizen_waits_and_loses_nothing(idea)


def assert_a_known_citizen_gets_through(idea: Idea) -> None:
    contact, before = known_citizen(idea), Comment.objects.shown().count()
    made = actions.write(idea, "Der Weg ist dort gefährlich.", make.author(contact), now=START)
    assert made is not None
    assert (made.state, made.comment) == ("public", "Der Weg ist dort gefährlich.")
    assert Comment.objects.shown().count() == before + 1


def assert_a_new_citizen_waits_and_loses_nothing(idea: Idea) -> None:
    made = actions.write(idea, "Ich bin neu hier.", make.author(make.person()), now=START)
    assert made is not None
    assert (made.state, made.comment) == ("held", "")
    assert made.versions.get().text == "Ich bin neu hier."
    actions.decide(made, Action.APPROVE, by=make.moderator(), now=START)
    made.refresh_from_db()
    assert (made.state, made.comment) == ("public", "Ich bin neu hier.")


def test_under_pre_moderation_none_of_a_thousand_is_read() -> None:
    house(CommentRules.Moderation.BEFORE)
    fleet = Fleet(seed=66)
    assert max(fleet.posts(POSTS)) == 0
    waiting = Comment.objects.awaiting_moderation().count()
    assert waiting >= 600, fleet.answers
    assert_a_new_citizen_waits_and_loses_nothing(fleet.targets[0])


def test_when_moderators_have_hidden_the_first_three_no_more_than_three_follow() -> None:
    house(CommentRules.Moderation.AFTER)
    fleet = Fleet(seed=7)
    moderator = make.moderator()
    for _wave in range(3):
        assert max(fleet.posts(60)) <= MOST_READ
        for each in Comment.objects.shown():
            actions.decide(each, Action.HIDE, by=moderator, ground=Ground.ADVERT, reason="Werbung.", now=fleet.now)
        assert Comment.objects.shown().count() == 0


@pytest.mark.parametrize("moderation", CommentRules.Moderation.values)
def test_over_http_from_many_networks_it_is_the_same(moderation: str) -> None:
    """The form takes them, as it must take a person; what comes of it is decided behind it."""
    house(CommentRules.Moderation(moderation))
    idea, answers = make_idea(Status.KEPT), Counter[int]()
    for place in range(120):
        bot = UserFactory() if place % 2 else contact_of_address(f"http{place}@example.net")
        network = f"10.{place % 60}.{place % 7}.9"
        # Every fifth bot bears the cost of a proof of work.
        answers[post_over_http(idea, f"{WORDS[place % 4]} {place}", bot, network=network, proved=place % 5 == 0)] += 1
        assert Comment.objects.shown().count() <= (MOST_READ if moderation == "after" else 0)
    assert set(answers) <= {302, 409, 422, 429}, answers
    assert answers[302] >= 100, answers
    before = Comment.objects.shown().count()
    assert post_over_http(idea, "Der Weg ist dort gefährlich.", known_citizen(idea).user, network="10.200.1.1") == 302
    assert Comment.objects.filter(versions__text="Der Weg ist dort gefährlich.").count() == 1
    assert Comment.objects.shown().count() - before == (
        3 if moderation == "after" else 2
    )  # with the citizen's two earlier ones


def post_over_http(idea: Idea, words: str, who: User | Contact | None, *, network: str, proved: bool = False) -> int:
    """Send the form as somebody who is known already; the status of the answer."""
    client = Client(REMOTE_ADDR=network)
    assert who is not None
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(who)
    guards = by_hand("comment") if proved else {"started": stamp("comment", 60)}
    return client.post(Subject(idea).write_url, {**guards, "text": words, "name": "Max"}).status_code


def test_without_the_brake_hundreds_would_be_read() -> None:
    """The control: the fleet is no straw man."""
    house(CommentRules.Moderation.AFTER)
    make.rules(unseen_from_new=100, new_per_day=1000)
    assert max(Fleet(seed=8).posts(250)) >= 50
