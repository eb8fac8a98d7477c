"""1,000 random competitions: what is shown is what the script finds in the published file and what a second count says; nothing
can be changed, removed or added unseen; every receipt is found; nothing in the file leads to a person."""

import json
import random
import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from participation import actions, recount
from participation.recount import Refuted
from participation.tally import File, file_for, file_of
from tests.factories.users import UserFactory

from .independent_count import result_of
from .random_votes import DAY, KINDS, Case, in_database, random_case

SEED = 20261126
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
KEYS = {
    "head": {
        "row", "format", "title", "url", "voting", "votes", "votes_per_entry", "method", "electorate", "jury_weight",
        "criteria", "entries", "hash",
    },
    "jury": {"row", "member", "number", "answers", "hash"},
    "ballot": {"row", "receipt", "voter", "state", "choices", "hash"},
    "end": {"row", "ballots", "jury_rows", "result", "hash"},
}  # fmt: skip


def assert_three_counts_agree(case: Case, file: File) -> None:
    data = file.text.encode()
    _head, recounted, rows = recount.recount(data, file.head)
    expected = result_of(case.head, case.jury, case.ballots)
    assert file.result == recounted == expected
    assert rows[-1]["result"] == expected, "what is shown is what stands in the file"


def assert_every_receipt_is_found(case: Case, file: File) -> None:
    rows = [json.loads(line) for line in file.text.split("\n")[:-1]]
    for ballot in case.ballots:
        [found] = [row for row in rows if row.get("receipt") == ballot["receipt"]]
        assert (found["state"], found["choices"]) == (ballot["state"], ballot["choices"])
        assert file.text.count(f'"{ballot["receipt"]}"') == 1


def assert_nothing_leads_to_a_person(case: Case, file: File) -> None:
    rows = [json.loads(line) for line in file.text.split("\n")[:-1]]
    for row in rows:
        extra = {"reason"} if row.get("state") == "quarantined" else set()
        assert set(row) == KEYS[row["row"]] | extra
    receipts = [row["receipt"] for row in rows if row["row"] == "ballot"]
    assert receipts == sorted(receipts), "the order tells nothing about when somebody voted"
    if case.head["voting"] != "ranking":
        assert all(row["choices"] == sorted(row["choices"]) for row in rows if row["row"] == "ballot")
    without_hashes = re.sub(r'"hash":"[0-9a-f]{64}"', "", file.text)
    assert "@" not in without_hashes
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}", without_hashes), "a key of the database"
    assert not re.search(r"20\d\d-\d\d|\d\d:\d\d", without_hashes), "a day or a time"


# --- forgeries --------------------------------------------------------------------------------------------------------


def lines_of(file: File) -> list[str]:
    return file.text.split("\n")[:-1]


def refuted(lines: list[str], head: str = "") -> str:
    with pytest.raises(Refuted) as said:
        recount.recount(("\n".join(lines) + "\n" if lines else "").encode(), head)
    return str(said.value)


def change_a_row(dice: random.Random, file: File) -> None:
    """Any one value of any one row, hashes left as they are or not."""
    lines = lines_of(file)
    place = dice.randrange(len(lines))
    row = json.loads(lines[place])
    key = dice.choice(sorted(row))
    row[key] = {"anders": 1} if row[key] == "anders" else "anders"
    lines[place] = recount.canonical(row)
    assert f"Zeile {place + 1}:" in refuted(lines)


def change_a_sign(dice: random.Random, file: File) -> None:
    lines = lines_of(file)
    place = dice.randrange(len(lines))
    at = dice.randrange(len(lines[place]))
    new = dice.choice([sign for sign in 'x07 "{' if sign != lines[place][at]])
    lines[place] = lines[place][:at] + new + lines[place][at + 1 :]
    assert f"Zeile {place + 1}:" in refuted(lines)


def remove_a_row(dice: random.Random, file: File) -> None:
    lines = lines_of(file)
    place = dice.randrange(len(lines))
    del lines[place]
    assert f"Zeile {min(place + 1, len(lines))}:" in refuted(lines)


def cut_the_file(dice: random.Random, file: File) -> None:
    data = file.text.encode()
    with pytest.raises(Refuted):
        recount.recount(data[: dice.randrange(len(data))])


def add_a_row(dice: random.Random, file: File) -> None:
    lines = lines_of(file)
    place = dice.randrange(len(lines) + 1)
    lines.insert(place, dice.choice(lines))
    assert "Zeile" in refuted(lines)


def swap_two_rows(dice: random.Random, file: File) -> None:
    lines = lines_of(file)
    place = dice.randrange(len(lines) - 1)
    lines[place], lines[place + 1] = lines[place + 1], lines[place]
    assert f"Zeile {place + 1}:" in refuted(lines)


def raise_the_winner(dice: random.Random, file: File) -> None:
    """The result alone is forged, and its hash with it."""
    rows = [json.loads(line) for line in lines_of(file)]
    entry = dice.choice(rows[-1]["result"]["entries"])
    entry["place"] = 7 if entry["place"] != 7 else 8
    rows[-1]["hash"] = recount.seal(rows[-2]["hash"], rows[-1])
    lines = [recount.canonical(row) for row in rows]
    assert f"Zeile {len(lines)}: Hier steht ein anderes Ergebnis" in refuted(lines)


def write_it_all_anew(dice: random.Random, file: File) -> None:
    """Ballots removed, and the whole chain and the result made to fit: only the published hash tells."""
    rows = [json.loads(line) for line in lines_of(file)]
    for row in rows:
        del row["hash"]
        kind = row.pop("row")
        row["_"] = kind
    head = {key: value for key, value in rows[0].items() if key not in ("_", "format")}
    parts: dict[str, list[Any]] = {"jury": [], "ballot": []}
    for row in rows[1:-1]:
        parts[row.pop("_")].append(row)
    if parts["ballot"]:
        parts["ballot"].remove(dice.choice(parts["ballot"]))
    else:
        head["title"] += "!"
    forged = file_of(head, parts["jury"], parts["ballot"])
    recount.recount(forged.text.encode())
    assert "Die letzte Prüfsumme ist nicht die" in refuted(lines_of(forged), file.head)


FORGERIES: tuple[Callable[[random.Random, File], None], ...] = (
    change_a_row,
    change_a_sign,
    remove_a_row,
    cut_the_file,
    add_a_row,
    swap_two_rows,
    raise_the_winner,
    write_it_all_anew,
)


# --- the runs ---------------------------------------------------------------------------------------------------------


def traits_of(case: Case, file: File) -> set[str]:
    """What occurs in a competition, to assert that everything occurs often."""
    states = {ballot["state"] for ballot in case.ballots}
    entries = {entry["state"] for entry in case.head["entries"]}
    traits = {case.kind} | {f"ballot {state}" for state in states} | {f"entry {state}" for state in entries}
    ranked = [entry for entry in file.result["entries"] if entry["place"]]
    if any(entry["tied"] for entry in ranked):
        traits.add("tie")
        traits.add(f"tie in {case.kind}")
    if any(entry["tied"] and entry["place"] == 1 for entry in ranked):
        traits.add("tie at the top")
    if case.head["criteria"] and case.kind != "none" and case.head["jury_weight"]:
        traits.add("jury and vote")
    if case.head["criteria"] and any(entry["jury"] is None for entry in ranked):
        traits.add("entry without scores")
    if {ballot["voter"] for ballot in case.ballots} == {"account", "guest"}:
        traits.add("guests and accounts")
    if case.kind == "runoff" and any(len(each["out"]) > 1 for each in file.result["method"]["rounds"]):
        traits.add("several leave together")
    return traits


COMMON = {
    *KINDS, "tie", *(f"tie in {kind}" for kind in KINDS), "tie at the top", "ballot withdrawn", "ballot quarantined",
    "entry out", "entry withdrawn", "jury and vote", "entry without scores", "guests and accounts", "several leave together",
}  # fmt: skip


def test_a_thousand_random_competitions_are_counted_alike_three_times_and_no_forgery_passes() -> None:
    dice = random.Random(SEED)
    seen: Counter[str] = Counter()
    for number in range(1000):
        case = random_case(dice, KINDS[number % len(KINDS)])
        file = file_of(case.head, dice.sample(case.jury, len(case.jury)), dice.sample(case.ballots, len(case.ballots)))
        assert_three_counts_agree(case, file)
        assert_every_receipt_is_found(case, file)
        assert_nothing_leads_to_a_person(case, file)
        for forge in FORGERIES:
            forge(dice, file)
        seen.update(traits_of(case, file))
    rare = {trait: seen[trait] for trait in COMMON if seen[trait] < 50}
    assert rare == {}, f"each of these must occur 50 times: {rare}"


def by_member(rows: list[Any]) -> list[list[str]]:
    """What each member said, without the letters."""
    said: dict[str, list[str]] = {}
    for row in rows:
        said.setdefault(row["member"], []).append(recount.canonical([row["number"], row["answers"]]))
    return sorted(sorted(each) for each in said.values())


def through_the_database(number: int, seed: int) -> None:
    dice = random.Random(seed)
    lead, second = UserFactory(lead=True), UserFactory(lead=True)
    for place in range(number):
        case = random_case(dice, KINDS[place % len(KINDS)], most_entries=4, most_ballots=6)
        found = in_database(case, NOW, lead)
        later = NOW + 20 * DAY
        tally = actions.count(found, by=lead, now=later)
        file = File(tally.file, tally.head, tally.result)
        head = json.loads(lines_of(file)[0])
        case.head |= {"title": found.title, "url": head["url"]}
        written = [row for row in map(json.loads, lines_of(file)) if row["row"] == "jury"]
        assert by_member(written) == by_member(case.jury), "the same scores by the same members, whatever their letters"
        assert_three_counts_agree(case, file)
        assert_every_receipt_is_found(case, file)
        assert_nothing_leads_to_a_person(case, file)
        published = actions.publish(found, seen=tally.head, by=second, now=later)
        assert published.file == file_for(found).text


@pytest.mark.django_db
def test_random_competitions_run_by_people_are_counted_alike_three_times() -> None:
    through_the_database(60, SEED)


@pytest.mark.long
@pytest.mark.django_db
def test_a_thousand_random_competitions_run_by_people_are_counted_alike_three_times() -> None:
    through_the_database(1000, SEED + 1)
