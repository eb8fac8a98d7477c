"""Builds the competitions of a demo profile from wettbewerbe.yaml, with dates relative to today, through the same steps as any
other: entries, ballots, jury and count happen at their own moments in the past."""

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone

from ideas.demo.ideas import Builder
from ideas.demo.texts import body, rich
from ideas.models import Idea, ReviewScheme
from pages.models import HomePage

from .. import actions
from ..models import Competition, CompetitionIndexPage, CompetitionPage, CompetitionPhase, Entry
from ..phases import Phase
from . import votes

FILE = "wettbewerbe.yaml"
BEGIN, END = time(8), time(18)
Row = dict[str, Any]


def build_index(home: HomePage, profile: Path) -> None:
    """The page /wettbewerbe/. `profile` is the folder with the profile's data files."""
    row = _data(profile)["uebersicht"]
    home.add_child(instance=CompetitionIndexPage(title=row["title"], slug="wettbewerbe", intro=row["einleitung"]))


def build(builder: Builder, profile: Path) -> None:
    """The competitions, on top of the ideas that the builder has made."""
    for row in _data(profile)["wettbewerbe"]:
        competition = _competition(builder, row)
        entries = [_entry(builder, competition, each) for each in row["beitraege"]]
        if "stimmen" in row:
            votes.cast_all(builder, competition, row, entries)
        if "jury" in row:
            votes.score_all(builder, competition, row, entries)
        if "abschluss" in row:
            votes.count(builder, competition, row)


def _data(profile: Path) -> Row:
    data: Row = yaml.safe_load((profile / FILE).read_text())
    return data


def _competition(builder: Builder, row: Row) -> Competition:
    page = CompetitionPage(
        title=row["title"],
        slug=row["slug"],
        intro=row["einleitung"],
        rules=rich("\n\n".join(row["regeln"])),
        prizes=rich("\n\n".join(row["preise"])),
        body=body(row.get("abschnitte")),
    )
    CompetitionIndexPage.objects.get(alias_of=None).add_child(instance=page)
    competition = Competition.objects.get(page=page)
    competition.voting, competition.electorate = row["abstimmung"], row["wer"]
    competition.votes, competition.votes_per_entry = row.get("stimmen_je_person", 3), row.get("hoechstens_je_idee", 1)
    if jury := row.get("jury"):
        competition.jury_scheme = ReviewScheme.objects.get(slug=jury["bogen"]).versions.latest("number")
        competition.jury_weight = jury["gewicht"]
    begin = min(days[0] for days in row["phasen"].values())
    competition.created_at = day(begin - 7, BEGIN)
    competition.save()
    CompetitionPhase.objects.bulk_create(
        CompetitionPhase(
            competition=competition,
            phase=Phase(name),
            starts_at=day(first, BEGIN),
            ends_at=None if last is None else day(last, END if _is_apart(last, row) else BEGIN),
        )
        for name, (first, last) in row["phasen"].items()
    )
    return Competition.objects.with_phases().get(pk=competition.pk)


def _is_apart(last: int, row: Row) -> bool:
    """Whether no other phase begins on the day on which one ends."""
    return all(first != last for first, _last in row["phasen"].values())


def _entry(builder: Builder, competition: Competition, row: Row) -> Entry:
    idea, lead = Idea.objects.get(number=row["idee"]), builder.people["leitung"]
    now = day(-row["vor_tagen"], time(12))
    if row["weg"] == Entry.Way.OFFICE:
        return actions.take_in_directly(competition, idea, by=lead, now=now)
    if row["weg"] == Entry.Way.HANDED_IN:
        return actions.enter_handed_in(competition, idea, now=now)
    entry = actions.propose(competition, idea, is_own=True, now=now)
    decided = now + timedelta(hours=20)
    if reason := row.get("nicht_aufgenommen"):
        actions.decline(entry, by=lead, reason=reason, now=decided)
    elif not row.get("offen"):
        actions.take_in(entry, by=lead, now=decided)
    return entry


def day(days: int, hour: time) -> datetime:
    """That many days from today at this hour, in the region's time."""
    return timezone.make_aware(datetime.combine(timezone.localdate() + timedelta(days=days), hour))
