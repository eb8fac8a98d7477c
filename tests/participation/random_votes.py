"""Random competitions: rules, jury and ballots as rows of the published file, and the same brought into the database."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ideas.actions import withdraw
from ideas.models import Criterion, ReviewScheme, SchemeVersion
from participation import actions
from participation.actions.ballots import ALPHABET
from participation.models import Competition, Entry, JuryAnswer, JuryMember, JurySheet
from participation.recount import Row
from participation.voters import Voter
from tests.factories import participation as make
from tests.factories.ideas import make_idea
from tests.factories.users import UserFactory

KINDS = ("none", "support", "budget", "schulze", "runoff")
DAY = timedelta(days=1)


@dataclass
class Case:
    """A competition as rows of the file, without `row`."""

    kind: str
    head: Row
    jury: list[Row] = field(default_factory=list)
    ballots: list[Row] = field(default_factory=list)


def random_case(dice: random.Random, kind: str, *, most_entries: int = 6, most_ballots: int = 16) -> Case:
    """A small competition of this kind: small ones have ties."""
    entries = [
        {
            "number": number,
            "title": f"Idee „{number}“ äöü\u2028 {'<b>' * (number % 2)}",
            "state": dice.choices(("in", "out", "withdrawn"), (8, 1, 1))[0],
        }
        for number in sorted(dice.sample(range(1, 400), dice.randint(1, most_entries)))
    ]
    votes = dice.randint(1, 5)
    head: Row = {
        "title": "Grüne Plätze",
        "url": "http://testserver/wettbewerbe/gruene-plaetze/",
        "voting": "ranking" if kind in ("schulze", "runoff") else kind,
        "votes": votes,
        "votes_per_entry": dice.randint(1, votes),
        "method": kind if kind in ("schulze", "runoff") else "schulze",
        "electorate": dice.choice(("email", "account", "verified")),
        "jury_weight": 0,
        "criteria": [],
        "entries": entries,
    }
    case = Case(kind, head)
    if kind == "none" or dice.random() < 0.4:
        _add_jury(dice, case)
    if kind != "none":
        _add_ballots(dice, case, dice.randint(0, most_ballots))
    return case


def _add_jury(dice: random.Random, case: Case) -> None:
    case.head["jury_weight"] = dice.choice((0, 1, 30, 33, 50, 100))
    for place in range(dice.randint(1, 3)):
        lowest = dice.randint(0, 2)
        bounds = {"lowest": lowest, "highest": lowest + dice.randint(1, 4)}
        case.head["criteria"].append({"key": f"k{place}", "name": f"Kriterium {place}", "weight": dice.randint(1, 3), **bounds})
    for member in "ABC"[: dice.randint(1, 3)]:
        for entry in case.head["entries"]:
            if entry["state"] == "in" and dice.random() < 0.7:
                answers = {each["key"]: dice.randint(each["lowest"], each["highest"]) for each in case.head["criteria"]}
                case.jury.append({"member": member, "number": entry["number"], "answers": answers})
    _rename_members(case)


def _rename_members(case: Case) -> None:
    """Who handed in nothing has no letter."""
    letters = dict(zip(sorted({row["member"] for row in case.jury}), "ABC", strict=False))
    for row in case.jury:
        row["member"] = letters[row["member"]]


def _add_ballots(dice: random.Random, case: Case, number: int) -> None:
    numbers = [entry["number"] for entry in case.head["entries"]]
    for _each in range(number):
        state = dice.choices(("cast", "withdrawn", "quarantined"), (10, 1, 1))[0]
        groups = ("".join(dice.choices(ALPHABET, k=4)) for _group in range(4))
        guest = case.head["electorate"] == "email" and dice.random() < 0.5
        row: Row = {"receipt": "-".join(groups), "voter": "guest" if guest else "account", "state": state}
        row["choices"] = [] if state == "withdrawn" else _choices(dice, case, numbers)
        if state == "quarantined":
            row["reason"] = "Viele Stimmen in einer Minute."
        case.ballots.append(row)


def _choices(dice: random.Random, case: Case, numbers: list[int]) -> list[Any]:
    if case.head["voting"] == "ranking":
        whole = dice.random() < 0.4
        return dice.sample(numbers, len(numbers) if whole else dice.randint(1, len(numbers)))
    if case.head["voting"] == "support":
        return [[number, 1] for number in sorted(dice.sample(numbers, dice.randint(1, len(numbers))))]
    left, choices = case.head["votes"], []
    for number in dice.sample(numbers, len(numbers)):
        votes = dice.randint(0, min(left, case.head["votes_per_entry"]))
        left -= votes
        if votes:
            choices.append([number, votes])
    return sorted(choices) or [[numbers[0], 1]]


# --- the same in the database -----------------------------------------------------------------------------------------


def in_database(case: Case, now: datetime, lead: Any) -> Competition:
    """The competition brought about by the actions that people take, closed; its ideas' numbers replace those of the case."""
    rules = {name: case.head[name] for name in ("voting", "votes", "votes_per_entry", "method", "electorate", "jury_weight")}
    found = make.competition(now=now, jury_scheme=_scheme(case), **rules)
    entries = {}
    for row in case.head["entries"]:
        entries[row["number"]] = make.entry(found, idea=make_idea(released=True, title=row["title"].strip()))
    _renumber(case, {number: entry.idea.number for number, entry in entries.items()})
    by_number = {entry.idea.number: entry for entry in entries.values()}
    for row in case.ballots:
        _vote(case, found, row, by_number, now, lead)
    for row in case.head["entries"]:
        row["title"] = by_number[row["number"]].idea.title
        if row["state"] == "out":
            actions.take_out(by_number[row["number"]], by=lead, reason="Doppelt.", now=now)
        if row["state"] == "withdrawn":
            withdraw(by_number[row["number"]].idea, now=now)
    _score(case, found, by_number)
    if case.kind != "none":
        actions.close(found, by=lead, now=now + 10 * DAY)
    return Competition.objects.with_phases().get(pk=found.pk)


def _scheme(case: Case) -> SchemeVersion | None:
    if not case.head["criteria"]:
        return None
    number = ReviewScheme.objects.count()
    version = SchemeVersion.objects.create(scheme=ReviewScheme.objects.create(name=f"Jury {number}", slug=f"jury-{number}"))
    for place, each in enumerate(case.head["criteria"]):
        steps = [{"value": value, "label": str(value)} for value in range(each["lowest"], each["highest"] + 1)]
        fields = {"key": each["key"], "name": each["name"], "weight": each["weight"], "steps": steps}
        Criterion.objects.create(version=version, position=place, kind="scale", **fields)
    Criterion.objects.create(version=version, position=9, key="legal", name="Erlaubt?", kind="yes_no")
    return version


def _renumber(case: Case, numbers: dict[int, int]) -> None:
    for row in (*case.head["entries"], *case.jury):
        row["number"] = numbers[row["number"]]
    for row in case.ballots:
        said = row["choices"]
        row["choices"] = [numbers[each] if isinstance(each, int) else [numbers[each[0]], each[1]] for each in said]


def _vote(case: Case, found: Competition, row: Row, entries: dict[int, Entry], now: datetime, lead: Any) -> None:
    voter = make.guest() if row["voter"] == "guest" else _verified()
    said = row["choices"] or [[min(entries), 1]]
    if case.head["voting"] == "ranking":
        ranking = row["choices"] or [min(entries)]
        ballot = actions.cast(found, voter, ranking=[entries[number].pk for number in ranking], now=now)
    else:
        ballot = actions.cast(found, voter, points={entries[number].pk: votes for number, votes in said}, now=now)
    row["receipt"] = ballot.receipt
    if row["state"] == "withdrawn":
        actions.withdraw_ballot(found, voter, now=now)
    if row["state"] == "quarantined":
        actions.set_aside([ballot], row["reason"], by=lead, now=now)


def _verified() -> Voter:
    voter = make.account_voter(UserFactory(password=None))
    return Voter(voter.contact, is_guest=False, is_verified=True)


def _score(case: Case, found: Competition, entries: dict[int, Entry]) -> None:
    criteria = {each.key: each for each in found.jury_scheme.criteria.all()} if found.jury_scheme else {}
    seats: dict[str, JuryMember] = {}
    for row in case.jury:
        if row["member"] not in seats:
            seats[row["member"]] = JuryMember.objects.create(competition=found, user=UserFactory(jury=True))
        sheet = JurySheet.objects.create(member=seats[row["member"]], entry=entries[row["number"]])
        answers = {**row["answers"], "legal": "yes"}
        JuryAnswer.objects.bulk_create(
            JuryAnswer(sheet=sheet, criterion=criteria[key], answer=str(value)) for key, value in answers.items()
        )
        JurySheet.objects.filter(pk=sheet.pk).update(state=JurySheet.State.HANDED_IN, handed_in_at=found.created_at)
    for seat in seats.values():
        for entry in entries.values():
            JurySheet.objects.get_or_create(member=seat, entry=entry, defaults={"state": JurySheet.State.CONFLICT})
