"""The numbers of a year are those of the log: counted here once more, row by row, in another way."""

import csv
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.known import prove
from ideas.actions import Refused
from ideas.workflow import Status
from participation import actions, moderation_numbers
from participation.comment_workflow import DECISIONS, Action, Ground, State
from participation.models import Block, Comment, CommentStep, Complaint, Report
from tests.factories import comments as make
from tests.factories.ideas import make_idea

pytestmark = pytest.mark.django_db


def counted(year: int) -> dict[str, Any]:
    """The same numbers without a single condition in the database: every row is read and judged by itself."""

    def here(moment: datetime) -> bool:
        # Berlin is one hour ahead in winter, and years turn in winter.
        return (moment.astimezone(UTC) + timedelta(hours=1)).year == year

    steps = [step for step in CommentStep.objects.select_related("version") if here(step.happened_at)]
    reports = [report for report in Report.objects.select_related("decision") if here(report.reported_at)]
    decided = [step for step in steps if step.who == "moderator"]
    waits = [
        (report.decision.happened_at - report.reported_at).total_seconds() / 3600
        for report in reports
        if report.decision and report.decision.who == "moderator"
    ]
    return {
        "written": sum(
            (step.action == "write" and step.to_state != "unconfirmed") or step.action == "confirm" for step in steps
        ),
        "held": sum(
            (step.action in ("write", "confirm") and step.to_state == "held")
            or step.action == "hold"
            or (step.action == "edit" and bool(step.version and step.version.hold_reasons))
            for step in steps
        ),
        "reports": Counter(report.ground for report in reports),
        "decisions": Counter(step.action for step in decided if step.action in set(DECISIONS)),
        "grounds": Counter((step.action, step.ground) for step in decided if step.action in ("hide", "refuse")),
        "median": round(median(waits), 6) if waits else None,
        "complaints": sum(here(each.filed_at) for each in Complaint.objects.all()),
        "upheld": sum(step.action == "uphold" for step in decided),
        "rejected": sum(step.action == "reject" for step in decided),
        "blocks": sum(here(each.blocked_at) for each in Block.objects.all()),
    }


def told(year: int) -> dict[str, Any]:
    found = moderation_numbers.of(year)
    return {
        "written": found.written,
        "held": found.held,
        "reports": Counter({ground.value: number for ground, number in found.reports_by_ground}),
        "decisions": Counter({line.action.value: line.number for line in found.decisions if line.number}),
        "grounds": Counter(
            {
                (line.action.value, ground.value): number
                for line in found.decisions
                if line.action in (Action.HIDE, Action.REFUSE)
                for ground, number in line.grounds
            }
        ),
        "median": None if found.median_hours is None else round(found.median_hours, 6),
        "complaints": found.complaints,
        "upheld": found.upheld,
        "rejected": found.rejected,
        "blocks": found.blocks,
    }


def _any(dice: random.Random, rows: Any) -> Any:
    """One of these rows; None where there is none."""
    found = list(rows.order_by("pk"))
    return dice.choice(found) if found else None


def _something(dice: random.Random, moderators: list[Any], now: datetime) -> None:
    """One thing that somebody does, at random; what isn't possible just now is left out."""
    comment = _any(dice, Comment.objects.exclude(state=State.UNCONFIRMED))
    ground, mod = dice.choice(list(Ground)), dice.choice(moderators)
    deed = dice.choice(
        ["write", "write", "guest", "report", "report", "decide", "decide", "decide", "complain", "object", "edit", "block"]
    )
    if deed in ("write", "guest") or comment is None:
        target = make_idea(Status.KEPT) if comment is None else comment.content_object
        author = (
            make.author(make.person()) if deed == "write" else actions.Author(name="Gast", email=f"g{now:%m%d%H%M}@example.org")
        )
        came = dice.choice([make.UNPROVED, actions.Circumstances()])
        made = actions.write(target, "Ein Text", author, came=came, now=now)
        if made and made.proof and dice.random() < 0.6:
            prove(made.proof, now=now)
            return
    elif deed == "report":
        actions.report(comment, ground, contact=make.person(), now=now)
    elif deed == "decide":
        actions.decide(comment, dice.choice(DECISIONS), by=mod, ground=ground, reason="Weil.", now=now)
    elif deed == "complain" and (gone := _any(dice, Comment.objects.filter(state__in=(State.HIDDEN, State.REFUSED)))):
        assert gone.contact
        actions.complain(gone, "Nein!", gone.contact, now=now)
    elif deed == "object" and (complaint := _any(dice, Complaint.objects.filter(decision=None))):
        actions.decide_complaint(complaint, uphold=dice.random() < 0.5, by=mod, reason="Darum.", now=now)
    elif deed == "edit" and comment.contact:
        actions.edit(comment, "Neuer Text", comment.contact, came=make.UNPROVED, now=comment.submit_date + timedelta(minutes=5))
    elif deed == "block" and comment.contact:
        actions.block(comment.contact, by=mod, reason="Genug.", now=now)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_numbers_of_a_year_equal_the_log(seed: int) -> None:
    make.rules(**{**make.OPEN, "hold_after_reports": 2})
    dice, moderators = random.Random(seed), [make.moderator() for _each in range(3)]
    # Around the turn of the year: the last hour of 2025 as clocks here show it is 22 to 23 hours in UTC.
    now = datetime(2025, 12, 31, 18, 0, tzinfo=UTC)
    for _round in range(150):
        now += timedelta(minutes=dice.randint(1, 6))
        try:
            _something(dice, moderators, now)
        except Refused:
            continue
    for year in (2025, 2026):
        assert told(year) == counted(year)
    both = [counted(2025), counted(2026)]
    for name in ("written", "held", "complaints", "blocks"):
        assert sum(each[name] for each in both), f"the dice never came to {name}"
    assert all(each["written"] for each in both)


def test_a_year_begins_at_midnight_here_not_in_london() -> None:
    make.rules(**make.OPEN)
    idea, person = make_idea(Status.KEPT), make.person()
    for moment in (datetime(2025, 12, 31, 22, 59, tzinfo=UTC), datetime(2025, 12, 31, 23, 0, tzinfo=UTC)):
        actions.write(idea, "Guten Rutsch!", make.author(person), now=moment)
    assert (moderation_numbers.of(2025).written, moderation_numbers.of(2026).written) == (1, 1)


def test_a_guests_comment_counts_when_the_address_is_proved() -> None:
    comment = make.comment(State.UNCONFIRMED)
    year = comment.submit_date.year
    assert moderation_numbers.of(year).written == 0
    assert comment.proof
    prove(comment.proof)
    assert moderation_numbers.of(year).written == 1


def _one_of_each() -> None:
    make.rules(**make.OPEN)
    comment = make.comment()
    actions.report(comment, Ground.HATE)
    actions.decide(comment, Action.HIDE, by=make.moderator(), ground=Ground.HATE, reason="Weil.")
    assert comment.contact
    complaint = actions.complain(comment, "Nein!", comment.contact)
    actions.decide_complaint(complaint, uphold=True, by=make.moderator(), reason="Doch.")
    actions.block(comment.contact, by=make.moderator(), reason="Genug.")


def test_the_page_and_the_table_to_download_say_the_same(client: Client) -> None:
    _one_of_each()
    page = client.get(reverse("comment_numbers"))
    assert page.status_code == 200
    assert "1 Meldung kam bei uns an." in page.content.decode()
    rows = list(csv.DictReader(client.get(reverse("comment_numbers_csv")).content.decode().splitlines()))
    found = {(row["figure"], row["ground"]): row["value"] for row in rows}
    assert found["written", ""] == "1"
    assert found["reports", "hate"] == "1"
    assert found["decision_hide", "hate"] == "1"
    assert found["decision_keep", ""] == "0"
    assert (found["complaints", ""], found["complaints_upheld", ""], found["complaints_rejected", ""]) == ("1", "1", "0")
    assert found["blocks", ""] == "1"


@pytest.mark.parametrize("asked", ["", "?jahr=1999", "?jahr=quatsch", "?jahr=99999999999"])
def test_a_year_without_numbers_leads_to_the_newest(client: Client, asked: str) -> None:
    assert client.get(reverse("comment_numbers") + asked).status_code == 200
    assert client.get(reverse("comment_numbers_csv") + asked).status_code == 200


def test_the_page_costs_the_same_however_much_there_was(client: Client, django_assert_max_num_queries: Any) -> None:
    _one_of_each()
    client.get(reverse("comment_numbers"))
    with django_assert_max_num_queries(30) as first:
        client.get(reverse("comment_numbers"))
    for _number in range(5):
        _one_of_each()
    with django_assert_max_num_queries(len(first)):
        client.get(reverse("comment_numbers"))
