"""Comments under random sequences of everything that can happen to them. Beside the database goes a book kept by hand: it
weighs texts, counts and remembers what can be read with lists of its own, and asks none of the functions that it is compared
with."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.contacts import contact_of_address
from accounts.models import Contact
from ideas.actions import Overtaken, Refused
from ideas.workflow import Status
from participation import actions
from participation.actions import Author, Circumstances
from participation.comment_workflow import DECISIONS, Action, Ground
from participation.models import Block, Comment, Complaint
from tests.factories import comments as make
from tests.factories.ideas import MeasureFactory, make_idea

WHY, LISTED = "So steht es in den Regeln.", "Gratisgewinn"
KNOWN_AFTER, MOST_LINKS = 2, 2
Kind = tuple[str, str]  # what is done, in which state
# Everything that the table of comment_workflow.py allows, written down by hand.
TRANSITIONS: tuple[Kind, ...] = (
    ("write", "public"), ("write", "held"), ("write", "unconfirmed"),
    ("confirm", "unconfirmed"),
    ("edit", "held"), ("edit", "public"),
    ("delete", "held"), ("delete", "public"), ("delete", "hidden"), ("delete", "refused"),
    ("report", "public"), ("hold", "public"),
    ("approve", "held"), ("refuse", "held"), ("hide", "public"), ("hide", "held"), ("keep", "public"),
    ("restore", "hidden"), ("restore", "refused"), ("approve_edit", "public"), ("refuse_edit", "public"),
    ("complain", "hidden"), ("complain", "refused"),
    ("uphold", "hidden"), ("uphold", "refused"), ("reject", "hidden"), ("reject", "refused"),
)  # fmt: skip
AROUND = ("block", "lift", "change_rules", "attempt")
_LEADS_TO = {"approve": "public", "refuse": "refused", "hide": "hidden", "restore": "public", "uphold": "public"}
happened: Counter[Kind] = Counter()


@dataclass
class Text:
    words: str
    under: str  # the kind of moderation when it was written
    passed: bool = False  # a moderator let it stand
    held: bool = False  # the house's rules stopped it when it was written


@dataclass
class Voice:
    """What the book knows of one comment."""

    pk: int
    who: int | None  # the contact; None: not confirmed yet
    born: datetime
    place: tuple[Any, ...] = ()
    address: str = ""
    state: str = "held"
    texts: list[Text] = field(default_factory=list)
    read: int | None = None  # which text stands, or stood last
    waits: int | None = None
    passed: bool = False
    steps: int = 1
    against: int | None = None  # the moderator whose decision stands, if the author may still complain
    complaint: int | None = None
    decided_by: int | None = None
    reporters: list[int] = field(default_factory=list)  # open reports
    followed: list[str] = field(default_factory=list)  # the states in the order in which they came

    @property
    def public_text(self) -> str:
        return self.texts[self.read].words if self.state == "public" and self.read is not None else ""


class World:
    """The database and the book, changed side by side."""

    def __init__(self, dice: random.Random, moderation: str) -> None:
        self.dice, self.now = dice, datetime(2026, 11, 2, 8, tzinfo=UTC)
        self.targets = [make_idea(Status.KEPT), MeasureFactory()]
        self.people = {each.pk: each for each in (make.person() for _ in range(5))}
        self.readers = [make.person() for _ in range(4)]
        self.moderators = [make.moderator() for _ in range(3)]
        self.book: dict[int, Voice] = {}
        self.blocks: dict[int, int] = {}
        self.proofs: list[tuple[str, datetime]] = []
        self.done: Counter[str] = Counter()  # what the log must say
        self.rules = {"moderation": moderation, "unseen_from_new": 3, "hold_after_reports": 2}
        make.rules(**self.rules, known_after=KNOWN_AFTER, new_per_day=1000, most_links=MOST_LINKS, words=f"anderes\n{LISTED}")
        self.words = 0

    # --- choosing ---

    def step(self) -> None:
        """One thing happens: often what has happened least so far."""
        self.now += timedelta(seconds=self.dice.randint(5, 75))
        if self.dice.random() < 0.12:
            getattr(self, self.dice.choice(AROUND))()
            return
        possible = self.possible()
        kinds = sorted(possible, key=lambda kind: (happened[kind], kind))
        kind = kinds[0] if self.dice.random() < 0.75 else self.dice.choice(kinds)
        voice = self.dice.choice(possible[kind])
        before = voice.state if voice else ""
        getattr(self, kind[0])(voice) if kind[0] not in DECISIONS else self.decide(voice, kind[0])
        if before and kind[0] != "hold":  # noted where it follows from a report
            self.note(kind[0], before)

    def note(self, action: str, state: str) -> None:
        happened[action, state] += 1

    def possible(self) -> dict[Kind, list[Any]]:
        found: dict[Kind, list[Any]] = {("write", "public"): [None], ("report", "public"): []}
        for voice in self.book.values():
            for action in self.actions_on(voice):
                found.setdefault((action, voice.state), []).append(voice)
        return {kind: voices for kind, voices in found.items() if voices}

    def actions_on(self, voice: Voice) -> list[str]:
        """What can be done about it now, by somebody."""
        young, shown = self.now < voice.born + timedelta(minutes=15), voice.read is not None
        edit = ["edit"] if young and voice.who not in self.blocks else []
        complain = ["complain"] if voice.against is not None else []
        complaint = ["uphold", "reject"] if voice.complaint else ["restore"]
        return {
            "unconfirmed": ["confirm"],
            "held": [*edit, "delete", "approve", "hide" if shown else "refuse"],
            "public": [
                *edit, "delete", "report", "hide", *([] if voice.passed else ["hold"]),
                *(["keep"] if voice.reporters or not voice.passed else []),
                *(["approve_edit", "refuse_edit"] if voice.waits is not None else []),
            ],
            "hidden": ["delete", *complain, *complaint],
            "refused": ["delete", *complain, *complaint],
        }.get(voice.state, [])  # fmt: skip

    # --- the house's rules, by hand ---

    def standing(self) -> list[Voice]:
        return [voice for voice in self.book.values() if voice.state == "public"]

    def is_known(self, who: int | None) -> bool:
        return who is not None and sum(v.who == who and v.passed for v in self.standing()) >= KNOWN_AFTER

    def is_held(self, words: str, who: int | None, *, proved: bool, passed_before: bool = False) -> bool:
        unseen = sum(not voice.passed and not self.is_known(voice.who) for voice in self.standing())
        return (
            self.rules["moderation"] == "before"
            or passed_before
            or LISTED.lower() in words.lower()
            or words.count("https://") > MOST_LINKS
            or (not self.is_known(who) and (not proved or unseen >= self.rules["unseen_from_new"]))
        )

    def some_words(self) -> tuple[str, Circumstances]:
        self.words += 1
        extra = self.dice.choices(("", f" {LISTED.upper()}!", " https://a.example" * 3), (8, 1, 1))[0]
        return f"Wortmeldung {self.words}{extra}", Circumstances(proved=self.dice.random() < 0.9)

    # --- what authors do ---

    def write(self, _voice: None) -> None:
        words, came = self.some_words()
        answered = self.dice.choice([None, *self.standing()])
        above = Comment.objects.get(pk=answered.pk) if answered else None
        target = above.content_object if above else self.dice.choice(self.targets)
        if self.dice.random() < 0.3:
            self.write_as_a_guest(target, words, above, came)
            return
        contact = self.dice.choice(list(self.people.values()))
        if contact.pk in self.blocks:
            with pytest.raises(Refused, match="zurzeit keine Kommentare"):
                actions.write(target, words, make.author(contact), now=self.now)
            return
        made = actions.write(target, words, make.author(contact), reply_to=above, came=came, now=self.now)
        assert made is not None
        held = self.is_held(words, contact.pk, proved=came.proved)
        self.enter(made, Voice(made.pk, contact.pk, self.now), words, held)

    def write_as_a_guest(self, target: Any, words: str, above: Any, came: Circumstances) -> None:
        address = f"gast{self.dice.choice([1, 2, 100 + self.words])}@example.org"
        made = actions.write(target, words, Author(name="Gast", email=address), reply_to=above, came=came, now=self.now)
        mailed = sum(to == address and at > self.now - timedelta(hours=1) for to, at in self.proofs)
        assert (made is None) is (mailed >= 3)
        if made is not None:
            self.proofs.append((address, self.now))
            voice = Voice(made.pk, None, self.now, address=address, state="unconfirmed")
            self.enter(made, voice, words, not came.proved)

    def enter(self, made: Comment, voice: Voice, words: str, held: bool) -> None:
        voice.texts = [Text(words, str(self.rules["moderation"]), held=held)]
        voice.place = place_of(Comment.objects.get(pk=made.pk))
        if made.reply_to_id:
            above = self.book[made.reply_to_id].place
            assert (voice.place[0], voice.place[2]) == (above[0], min(above[2] + 1, 2)), "an answer stands in its thread"
            assert voice.place[3].startswith(above[3][:24])
        self.book[made.pk] = voice
        if voice.state != "unconfirmed":
            self.weighed(voice, held)
        self.log(voice, "write")
        self.note("write", voice.state)

    def weighed(self, voice: Voice, held: bool) -> None:
        voice.state = "held" if held else "public"
        voice.read, voice.waits = (None, 0) if held else (0, None)

    def log(self, voice: Voice, action: str) -> None:
        self.done[action] += 1
        voice.steps = len(voice.followed) + 1
        voice.followed.append(voice.state)

    def confirm(self, voice: Voice) -> None:
        contact = contact_of_address(voice.address)
        actions.confirm(Comment.objects.get(pk=voice.pk), contact, now=self.now)
        answered = voice.place[4]
        held = (
            self.is_held(voice.texts[0].words, contact.pk, proved=not voice.texts[0].held)
            or contact.pk in self.blocks
            or (answered is not None and self.book[answered].state != "public")
        )
        voice.born = self.now  # it is written when it is confirmed: the minutes to edit begin here
        voice.who, voice.texts[0].held = contact.pk, held
        voice.texts[0].under = str(self.rules["moderation"])
        self.people[contact.pk] = contact
        self.weighed(voice, held)
        self.log(voice, "confirm")

    def edit(self, voice: Voice) -> None:
        words, came = self.some_words()
        comment = Comment.objects.get(pk=voice.pk)
        held = self.is_held(words, voice.who, proved=came.proved, passed_before=voice.passed)
        actions.edit(comment, words, self.contact(voice), came=came, now=self.now)
        voice.texts.append(Text(words, str(self.rules["moderation"]), held=held))
        if held or voice.state == "held":
            voice.waits = len(voice.texts) - 1
        else:
            voice.read, voice.waits = len(voice.texts) - 1, None
        self.log(voice, "edit")

    def delete(self, voice: Voice) -> None:
        actions.delete_own(Comment.objects.get(pk=voice.pk), self.contact(voice), now=self.now)
        voice.state, voice.waits, voice.against, voice.complaint = "deleted", None, None, None
        voice.reporters = []
        voice.texts = [Text("", text.under, text.passed, text.held) for text in voice.texts]
        self.log(voice, "delete")

    def contact(self, voice: Voice) -> Contact:
        assert voice.who is not None
        return self.people[voice.who]

    # --- what readers do ---

    def report(self, voice: Voice) -> None:
        reader = self.dice.choice(self.readers)
        actions.report(Comment.objects.get(pk=voice.pk), Ground.INSULT, text="Grob", contact=reader, now=self.now)
        voice.reporters.append(reader.pk)
        self.log(voice, "report")
        if not voice.passed and len(set(voice.reporters)) >= self.rules["hold_after_reports"]:
            self.note("hold", voice.state)
            voice.state = "held"
            self.log(voice, "hold")

    def hold(self, voice: Voice) -> None:
        """One after the other reports it, until the house's rules hold it."""
        while voice.state == "public":
            self.report(voice)
            self.note("report", "public")

    # --- what moderators do ---

    def decide(self, voice: Voice, action: str) -> None:
        by = self.dice.choice(self.moderators)
        comment = Comment.objects.get(pk=voice.pk)
        with pytest.raises(Overtaken):
            actions.decide(comment, Action(action), by=by, ground="insult", reason=WHY, seen=voice.steps - 1, now=self.now)
        actions.decide(comment, Action(action), by=by, ground="insult", reason=WHY, seen=voice.steps, now=self.now)
        self.decided(voice, action, by.pk)
        if action in ("hide", "refuse"):
            voice.against, voice.decided_by = by.pk, by.pk

    def decided(self, voice: Voice, action: str, by: int) -> None:
        if action in ("approve", "approve_edit") and voice.waits is not None:
            voice.read, voice.waits = voice.waits, None
        if action in ("restore", "uphold") and voice.read is None:
            voice.read = len(voice.texts) - 1
        if action in ("hide", "refuse", "refuse_edit"):
            voice.waits = None
        voice.passed = action not in ("hide", "refuse", "reject")
        if voice.passed and voice.read is not None:
            voice.texts[voice.read].passed = True
        if action in ("approve", "refuse", "hide", "keep"):
            voice.reporters = []
        voice.state = _LEADS_TO.get(action, voice.state)
        if voice.state == "public":
            voice.against = None
        self.log(voice, action)

    def complain(self, voice: Voice) -> None:
        made = actions.complain(Comment.objects.get(pk=voice.pk), "Das war ein Zitat.", self.contact(voice), now=self.now)
        voice.complaint, voice.against = made.pk, None
        self.log(voice, "complain")

    def uphold(self, voice: Voice, *, upheld: bool = True) -> None:
        complaint = Complaint.objects.get(pk=voice.complaint)
        first = next(user for user in self.moderators if user.pk == voice.decided_by)
        with pytest.raises(Refused, match="Sie haben zuerst entschieden"):
            actions.decide_complaint(complaint, uphold=upheld, by=first, reason=WHY, now=self.now)
        by = self.dice.choice([user for user in self.moderators if user != first])
        actions.decide_complaint(complaint, uphold=upheld, by=by, reason=WHY, now=self.now)
        voice.complaint = None
        self.decided(voice, "uphold" if upheld else "reject", by.pk)

    def reject(self, voice: Voice) -> None:
        self.uphold(voice, upheld=False)

    # --- around ---

    def block(self) -> None:
        contact = self.dice.choice(list(self.people.values()))
        if contact.pk not in self.blocks and len(self.blocks) < 3:
            made = actions.block(contact, by=self.moderators[0], reason=WHY, now=self.now)
            self.blocks[contact.pk] = made.pk

    def lift(self) -> None:
        if self.blocks:
            who = self.dice.choice(sorted(self.blocks))
            actions.lift_block(Block.objects.get(pk=self.blocks.pop(who)), by=self.moderators[1], now=self.now)

    def change_rules(self) -> None:
        values: tuple[tuple[str, list[Any]], ...] = (
            ("moderation", ["before", "after", "after"]), ("unseen_from_new", [0, 3, 100]), ("hold_after_reports", [1, 2, 3]),
        )  # fmt: skip
        name, options = self.dice.choice(values)
        self.rules[name] = self.dice.choice(options)
        make.rules(**self.rules)

    def attempt(self) -> None:
        """Something that the table doesn't allow now: refused with a sentence, and nothing changes."""
        if not self.book:
            return
        voice = self.dice.choice(list(self.book.values()))
        comment, person = Comment.objects.get(pk=voice.pk), self.people.get(voice.who or 0, self.readers[0])
        tries: dict[str, Any] = {
            "edit": lambda: actions.edit(comment, "Anders", person, now=self.now),
            "delete": lambda: actions.delete_own(comment, person, now=self.now),
            "report": lambda: actions.report(comment, Ground.INSULT, contact=self.readers[0], now=self.now),
            "complain": lambda: actions.complain(comment, "Doch.", person, now=self.now),
        }
        for action in DECISIONS:
            tries[action] = lambda action=action: actions.decide(
                comment, action, by=self.moderators[0], ground="insult", reason=WHY, now=self.now
            )
        for action in self.dice.sample(sorted(set(tries) - set(self.actions_on(voice))), 3):
            with pytest.raises(Refused):
                tries[action]()
        for stranger in (lambda: actions.edit(comment, "Fremd", self.readers[1], now=self.now),
                         lambda: actions.delete_own(comment, self.readers[1], now=self.now)):  # fmt: skip
            with pytest.raises(Refused):
                stranger()


def place_of(comment: Comment) -> tuple[Any, ...]:
    return (comment.thread_id, comment.parent_id, comment.level, comment.path, comment.reply_to_id, comment.discussion_id)
