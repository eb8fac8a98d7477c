"""The published file of a competition: read from the database, cut off from persons, counted by recount.py.

No row tells who voted, when, or from where. Ballots stand in the order of their receipts, which are random; choices in the
order of the entries' numbers. Members of the jury are letters in an order that has nothing to do with accounts.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from common.addresses import absolute, in_language
from ideas.models import Idea
from ideas.models.idea import REMOVED_TITLE

from . import recount
from .models import Ballot, Choice, Competition, Entry, JuryAnswer, JurySheet, QuarantineStep, Tally
from .recount import Row


@dataclass(frozen=True)
class File:
    """What is published: the text, the last hash of its chain, and the result that stands in its end row."""

    text: str
    head: str
    result: Row


def file_for(competition: Competition) -> File:
    """The file of this competition as things stand. A number of queries that doesn't grow with the ballots."""
    entries = _entries(competition)
    head = _head(competition, entries)
    counting = {entry.pk: int(entry.idea.number or 0) for entry in entries if entry.counts}
    numbers = {entry.pk: int(entry.idea.number or 0) for entry in entries}
    return file_of(head, _jury_rows(competition, head, counting), _ballots(competition, numbers))


def file_of(head: Row, jury: Iterable[Row], ballots: Iterable[Row]) -> File:
    """The file of these rows, given without `row` and in any order."""
    head = {"row": "head", "format": recount.FORMAT, **head}
    head["entries"] = sorted(head["entries"], key=lambda entry: entry["number"])
    ordered_jury = sorted(jury, key=lambda row: (len(row["member"]), row["member"], row["number"]))
    jury_rows = [{"row": "jury", **row} for row in ordered_jury]
    ballot_rows = [{"row": "ballot", **row} for row in sorted(ballots, key=lambda row: row["receipt"])]
    result = recount.count(head, jury_rows, ballot_rows)
    end = {"row": "end", "ballots": len(ballot_rows), "jury_rows": len(jury_rows), "result": result}
    lines, last = [], recount.START
    for row in (head, *jury_rows, *ballot_rows, end):
        last = recount.seal(last, row)
        lines.append(recount.canonical({**row, "hash": last}) + "\n")
    return File("".join(lines), last, result)


# --- what was published, without titles that were taken back ----------------------------------------------------------


def published_text(tally: Tally) -> str:
    """The file as people get it: titles of ideas that were withdrawn with their text are left out, and the chain still fits."""
    removed = _removed(tally.result)
    if not removed:
        return tally.file
    return "\n".join(_without_titles(line, removed) for line in tally.file.split("\n"))


def published_result(tally: Tally) -> Row:
    """The result as people read it; in place of a title that was taken back stands that it was."""
    return published_results([tally])[0]


def published_results(tallies: Sequence[Tally]) -> list[Row]:
    """The same for several. One query for any number, none for none."""
    removed = _removed(*(tally.result for tally in tallies)) if tallies else set()
    return [{**tally.result, "entries": [_readable(entry, removed) for entry in tally.result["entries"]]} for tally in tallies]


def _readable(entry: Row, removed: set[int]) -> Row:
    return {**entry, "title": _(REMOVED_TITLE)} if entry["number"] in removed else entry


def _removed(*results: Row) -> set[int]:
    numbers = {entry["number"] for result in results for entry in result["entries"]}
    return numbers & Idea.objects.filter(number__in=numbers).removed_numbers()


def _without_titles(line: str, removed: set[int]) -> str:
    row = json.loads(line or "{}")
    if row.get("row") not in ("head", "end"):
        return line
    holder = row if row["row"] == "head" else row["result"]
    hidden = recount.with_title_hashes(holder)["entries"]
    holder["entries"] = [
        without if entry["number"] in removed else entry for entry, without in zip(holder["entries"], hidden, strict=True)
    ]
    return recount.canonical(row)


# --- reading the database ---------------------------------------------------------------------------------------------


def _entries(competition: Competition) -> list[Entry]:
    """Every entry that took part, also those that don't any more; none whose idea nobody has read yet, unless it got votes."""
    taking_part = Entry.objects.filter(competition=competition, state__in=[Entry.State.IN, Entry.State.OUT])
    named = Q(pk__in=Choice.objects.filter(ballot__competition=competition).values("entry"))
    readable = Q(idea__in=Idea.objects.public().values("pk"))
    return list(taking_part.filter(readable | named).select_related("idea__released_version").order_by("idea__number"))


def _head(competition: Competition, entries: Sequence[Entry]) -> Row:
    return {
        "title": competition.title,
        "url": absolute(in_language(f"/wettbewerbe/{competition.slug}/", settings.LANGUAGE_CODE)),
        "voting": competition.voting,
        "votes": competition.votes,
        "votes_per_entry": competition.votes_per_entry,
        "method": competition.method,
        "electorate": competition.electorate,
        "jury_weight": competition.jury_weight,
        "criteria": _criteria(competition),
        "entries": [{"number": entry.idea.number, "title": entry.idea.title, "state": _state(entry)} for entry in entries],
    }


def _state(entry: Entry) -> str:
    if not entry.is_in:
        return "out"
    return "in" if entry.counts else "withdrawn"


def _criteria(competition: Competition) -> list[Row]:
    """The criteria with steps, as the scheme of the jury orders them."""
    rows = []
    for _stage, criteria in competition.jury_scheme.stages if competition.jury_scheme else []:
        for each in criteria:
            values = sorted(step["value"] for step in each.steps) if each.is_scale else []
            if values and values[0] < values[-1]:
                bounds = {"lowest": values[0], "highest": values[-1]}
                rows.append({"key": each.key, "name": each.name, "weight": each.weight, **bounds})
    return rows


def _jury_rows(competition: Competition, head: Row, counting: dict[int, int]) -> list[Row]:
    keys = {criterion["key"] for criterion in head["criteria"]}
    if not keys:
        return []
    sheets = list(JurySheet.objects.handed_in().filter(entry__in=list(counting)))
    answers: dict[int, dict[str, int]] = {sheet.pk: {} for sheet in sheets}
    rows = JuryAnswer.objects.filter(
        sheet__in=list(answers), criterion__version=competition.jury_scheme_id, criterion__key__in=keys
    )
    for sheet, key, answer in rows.values_list("sheet", "criterion__key", "answer"):
        answers[sheet][key] = int(answer)
    letters = _letters(competition, {sheet.member_id for sheet in sheets})
    return [
        {"member": letters[sheet.member_id], "number": counting[sheet.entry_id], "answers": answers[sheet.pk]}
        for sheet in sheets
    ]


def _letters(competition: Competition, members: Iterable[int]) -> dict[int, str]:
    """A letter for each member, always the same one; by its order nobody finds out who is who."""

    def shuffled(member: int) -> str:
        salt = f"participation.jury.{competition.pk}"
        return salted_hmac(salt, str(member), secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()

    return dict(zip(sorted(members, key=shuffled), _names(), strict=False))


def _names() -> Iterator[str]:
    """A, B … Z, AA, AB …"""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    yield from letters
    for before in _names():
        yield from (before + letter for letter in letters)


def _ballots(competition: Competition, numbers: dict[int, int]) -> list[Row]:
    chosen: dict[Any, list[tuple[int, int, int]]] = {}
    choices = Choice.objects.filter(ballot__competition=competition)
    for key, entry, points, rank in choices.values_list("ballot", "entry", "points", "rank"):
        chosen.setdefault(key, []).append((rank or 0, numbers[entry], points or 0))
    steps = QuarantineStep.objects.filter(ballot__competition=competition, action=QuarantineStep.Action.SET)
    reasons: dict[Any, str] = dict(steps.order_by("pk").values_list("ballot", "reason"))  # the latest of each ballot
    ranked = competition.voting == Competition.Voting.RANKING
    rows = []
    for ballot in Ballot.objects.filter(competition=competition):
        said = sorted(chosen.get(ballot.pk, []))
        row: Row = {"receipt": ballot.receipt, "voter": ballot.voter, "state": ballot.state}
        row["choices"] = [number if ranked else [number, points] for _rank, number, points in said]
        if ballot.state == Ballot.State.QUARANTINED:
            row["reason"] = reasons[ballot.pk]
        rows.append(row)
    return rows
