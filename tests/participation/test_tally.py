"""What is published of a competition: read from the database, cut off from persons."""

import io
import json
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Contact, User
from ideas.actions import withdraw
from ideas.models import Criterion, ReviewScheme, SchemeVersion
from ideas.workflow import Status
from participation import actions, recount
from participation.models import Ballot, Competition, Entry, JuryAnswer, JuryMember, JurySheet, VoterLink
from participation.tally import File, _letters, _names, file_for, published_result, published_text
from tests.factories import participation as make
from tests.factories.ideas import make_idea
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
AFTER_VOTING, AFTER_ALL = NOW + timedelta(days=6), NOW + timedelta(days=20)


def rows_of(file: File) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.text.split("\n")[:-1]]


def published(found: Competition) -> Competition:
    """Closed, counted and published by two people."""
    lead, second = UserFactory(lead=True), UserFactory(lead=True)
    if found.has_voting:
        actions.close(found, by=lead, now=AFTER_VOTING)
    tally = actions.count(found, by=lead, now=AFTER_ALL)
    actions.publish(found, seen=tally.head, by=second, now=AFTER_ALL)
    return Competition.objects.with_phases().get(pk=found.pk)


def scheme() -> SchemeVersion:
    version = SchemeVersion.objects.create(scheme=ReviewScheme.objects.create(name="Jury", slug="jury"))
    steps = [{"value": value, "label": str(value)} for value in (0, 1, 2, 3)]
    Criterion.objects.create(version=version, key="nutzen", name="Nutzen", kind="scale", steps=steps, weight=2)
    Criterion.objects.create(version=version, key="erlaubt", name="Erlaubt?", kind="yes_no")
    return version


def score(member: JuryMember, entry: Entry, answer: int | None) -> JurySheet:
    """A sheet handed in; with None left open."""
    sheet = JurySheet.objects.create(member=member, entry=entry, comment="Nur für uns: Anna kennt die Person.")
    if answer is not None:
        for criterion in Criterion.objects.filter(version__scheme__slug="jury"):
            JuryAnswer.objects.create(sheet=sheet, criterion=criterion, answer=str(answer) if criterion.is_scale else "yes")
        JurySheet.objects.filter(pk=sheet.pk).update(state="handed_in", handed_in_at=NOW)
    return sheet


# --- rows -------------------------------------------------------------------------------------------------------------


def test_the_head_tells_the_rules_and_the_entries() -> None:
    found = make.competition(
        now=NOW,
        title="Grüne Plätze",
        slug="gruen",
        voting="budget",
        votes=3,
        votes_per_entry=2,
        jury_scheme=scheme(),
        jury_weight=40,
    )
    entry = make.entry(found, idea=make_idea(released=True, title="Bänke <am> Ufer"))
    out = make.entry(found, state=Entry.State.OUT)
    gone = make.entry(found)
    withdraw(gone.idea)
    for state in (Entry.State.PROPOSED, Entry.State.DECLINED):
        make.entry(found, state=state)
    head = rows_of(file_for(found))[0]
    del head["hash"]
    assert head == {
        "row": "head",
        "format": 1,
        "title": "Grüne Plätze",
        "url": "http://testserver/wettbewerbe/gruen/",
        "voting": "budget",
        "votes": 3,
        "votes_per_entry": 2,
        "method": "schulze",
        "electorate": "email",
        "jury_weight": 40,
        "criteria": [{"key": "nutzen", "name": "Nutzen", "weight": 2, "lowest": 0, "highest": 3}],
        "entries": [
            {"number": entry.idea.number, "title": "Bänke <am> Ufer", "state": "in"},
            {"number": out.idea.number, "title": out.idea.title, "state": "out"},
            {"number": gone.idea.number, "title": gone.idea.title, "state": "withdrawn"},
        ],
    }


def test_an_idea_that_nobody_has_read_yet_is_not_published_through_the_file() -> None:
    found = make.competition(now=NOW, voting="support")
    hidden = make.entry(found, idea=make_idea(Status.SUBMITTED, title="Noch nicht geprüft"))
    file = file_for(found)
    assert "Noch nicht geprüft" not in file.text
    assert rows_of(file)[0]["entries"] == []
    assert hidden.counts


def test_ballots_stand_by_their_receipts_and_say_nothing_of_persons_or_times() -> None:
    found = make.competition(now=NOW, voting="budget", votes=3, votes_per_entry=2)
    first, second = make.entry(found), make.entry(found)
    people = [make.guest(f"anna{number}@example.org") for number in range(8)]
    for voter in people:
        actions.cast(found, voter, points={second.pk: 2, first.pk: 1}, network="f" * 64, now=NOW)
    actions.withdraw_ballot(found, people[0], now=NOW)
    rows = rows_of(file_for(found))[1:-1]
    receipts = [row["receipt"] for row in rows]
    assert receipts == sorted(receipts)
    assert sorted(receipts) == sorted(Ballot.objects.values_list("receipt", flat=True))
    assert {json.dumps(row["choices"]) for row in rows} == {
        json.dumps([[first.idea.number, 1], [second.idea.number, 2]]),
        "[]",
    }
    text = "\n".join(recount.canonical({key: value for key, value in row.items() if key != "hash"}) for row in rows)
    for link in VoterLink.objects.select_related("contact"):
        for secret in (link.voter_key, link.network, str(link.ballot_id), link.contact.address_key, "anna", "2026"):
            assert secret not in text
    assert all(set(row) == {"row", "receipt", "voter", "state", "choices", "hash"} for row in rows)


def test_a_ranking_keeps_its_order() -> None:
    found = make.competition(now=NOW, voting="ranking")
    first, second, third = (make.entry(found) for _each in range(3))
    actions.cast(found, make.guest(), ranking=[third.pk, first.pk], now=NOW)
    numbers = [third.idea.number, first.idea.number]
    assert rows_of(file_for(found))[1]["choices"] == numbers
    assert second.idea.number not in numbers


def test_the_jury_stands_in_letters_with_what_it_handed_in_and_no_more() -> None:
    found = make.competition(now=NOW, voting="none", jury_scheme=scheme(), jury_weight=100)
    entry, other, out = make.entry(found), make.entry(found), make.entry(found, state=Entry.State.OUT)
    members = [JuryMember.objects.create(competition=found, user=UserFactory(jury=True)) for _each in range(3)]
    score(members[0], entry, 3)
    score(members[1], entry, 1)
    score(members[1], other, 2)
    score(members[1], out, 3)
    score(members[2], entry, None)
    file = file_for(found)
    rows = [row for row in rows_of(file) if row["row"] == "jury"]
    assert {row["member"] for row in rows} == {"A", "B"}
    assert sorted((row["number"], row["answers"]["nutzen"]) for row in rows) == [
        (entry.idea.number, 1),
        (entry.idea.number, 3),
        (other.idea.number, 2),
    ]
    assert all(set(row["answers"]) == {"nutzen"} for row in rows)
    assert "Anna" not in file.text
    assert file.result["jury"] == {"weight": 100, "members": 2}
    assert [(each["number"], each["jury"]) for each in file.result["entries"][:2]] == [
        (entry.idea.number, "66.67"),
        (other.idea.number, "66.67"),
    ]


def test_letters_of_the_jury_have_nothing_to_do_with_the_order_of_accounts() -> None:
    found = make.competition(now=NOW)
    members = list(range(1, 31))
    letters = _letters(found, members)
    assert letters == _letters(found, reversed(members)), "always the same ones"
    assert sorted(letters.values(), key=lambda name: (len(name), name)) == [
        name for name, _each in zip(_names(), members, strict=False)
    ]
    assert [letters[member] for member in members] != [name for name, _each in zip(_names(), members, strict=False)]
    assert letters != _letters(make.competition(now=NOW), members), "another competition, another order"
    assert list(letters.values()).count("AA") == 1


def test_the_file_is_made_with_as_many_queries_for_many_ballots_as_for_one() -> None:
    found = make.competition(now=NOW, voting="support", jury_scheme=scheme(), jury_weight=10)
    costs = []
    for _turn in range(2):
        for _each in range(4):
            entry = make.entry(found)
            actions.cast(found, make.guest(), points={entry.pk: 1}, now=NOW)
            score(JuryMember.objects.create(competition=found, user=UserFactory(jury=True)), entry, 2)
        fresh = Competition.objects.with_phases().get(pk=found.pk)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            file_for(fresh)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 9


# --- what is taken back later -----------------------------------------------------------------------------------------


def test_a_title_taken_back_after_publishing_is_nowhere_and_the_recount_still_confirms(client: Client) -> None:
    found = make.competition(now=NOW, voting="support", slug="gruen")
    entry = make.entry(found, idea=make_idea(released=True, title="Bank vor Annas Haus"))
    other = make.entry(found, idea=make_idea(released=True, title="Brunnen"))
    actions.cast(found, make.guest(), points={entry.pk: 1, other.pk: 1}, now=NOW)
    found = published(found)
    assert "Bank vor Annas Haus" in published_text(found.tally)
    withdraw(entry.idea, with_text=True)
    text = client.get("/wettbewerbe/gruen/ergebnis/stimmzettel.jsonl").content.decode()
    assert text == published_text(found.tally)
    assert "Bank vor Annas Haus" not in text
    assert "Brunnen" in text
    _head, result, _rows = recount.recount(text.encode(), found.tally.head)
    assert [row["place"] for row in result["entries"]] == [1, 1], "the published result stays"
    titles = {row["number"]: row["title"] for row in published_result(found.tally)["entries"]}
    assert titles == {entry.idea.number: "Zurückgezogene Idee", other.idea.number: "Brunnen"}


def test_a_person_who_deletes_the_account_leaves_the_published_file_as_it_is() -> None:
    found = make.competition(now=NOW, voting="support", electorate="account")
    entry, user = make.entry(found), UserFactory()
    actions.cast(found, make.account_voter(user), points={entry.pk: 1}, now=NOW)
    found = published(found)
    before = found.tally.file
    User.objects.get(pk=user.pk).delete()
    assert not Contact.objects.filter(user=user.pk).exists()
    assert published_text(found.tally) == before == file_for(found).text


# --- downloads --------------------------------------------------------------------------------------------------------


@pytest.fixture
def result() -> Competition:
    found = make.competition(now=NOW, voting="ranking", title="Grüne & schöne Plätze", slug="gruen")
    first, second = make.entry(found), make.entry(found)
    for ranking in ([first.pk], [first.pk, second.pk], [second.pk]):
        actions.cast(found, make.guest(), ranking=ranking, now=NOW)
    return published(found)


def test_the_archive_recounts_itself_on_another_machine(result: Competition, client: Client, tmp_path: Path) -> None:
    response = client.get("/wettbewerbe/gruen/ergebnis/stimmzettel.zip")
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/zip")
    assert response.headers["Content-Disposition"] == 'attachment; filename="stimmzettel-gruen.zip"'
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert archive.namelist() == ["LIESMICH.txt", "recount.py", "stimmzettel.jsonl"]
        archive.extractall(tmp_path)
    readme = (tmp_path / "LIESMICH.txt").read_text()
    assert "Grüne & schöne Plätze" in readme
    [command] = {line.strip() for line in readme.splitlines() if line.strip().startswith("python3 recount.py")}
    arguments = command.split()[1:]
    assert arguments[-1] == result.tally.head
    done = subprocess.run([sys.executable, "-I", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "BESTÄTIGT" in done.stdout
    path = tmp_path / "stimmzettel.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"guest"', b'"account"', 1))
    done = subprocess.run([sys.executable, "-I", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Zeile 2" in done.stdout


def test_the_file_is_downloaded_as_it_was_counted(result: Competition, client: Client) -> None:
    response = client.get("/wettbewerbe/gruen/ergebnis/stimmzettel.jsonl")
    assert response.headers["Content-Type"] == "application/x-ndjson; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="stimmzettel-gruen.jsonl"'
    assert response.content.decode() == result.tally.file


@pytest.mark.parametrize("ending", ["zip", "jsonl"])
def test_downloads_are_the_same_for_everybody_and_can_be_kept(result: Competition, client: Client, ending: str) -> None:
    path = f"/wettbewerbe/gruen/ergebnis/stimmzettel.{ending}"
    first, second = client.get(path), client.get(f"/en{path}")
    assert first.content == second.content
    assert first.headers["ETag"] == second.headers["ETag"]
    assert "public" in first.headers["Cache-Control"]
    assert not first.cookies
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert client.head(path).status_code == 200
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("ending", ["zip", "jsonl"])
def test_before_the_result_is_published_nobody_downloads_anything(client: Client, ending: str) -> None:
    found = make.competition(now=NOW, voting="support", slug="gruen")
    actions.cast(found, make.guest(), points={make.entry(found).pk: 1}, now=NOW)
    lead = UserFactory(lead=True)
    client.force_login(lead)
    path = f"/wettbewerbe/gruen/ergebnis/stimmzettel.{ending}"
    assert client.get(path).status_code == 404
    actions.close(found, by=lead, now=AFTER_VOTING)
    actions.count(found, by=lead, now=AFTER_ALL)
    assert client.get(path).status_code == 404, "the lead neither"
    assert client.get(f"/wettbewerbe/anders/ergebnis/stimmzettel.{ending}").status_code == 404
