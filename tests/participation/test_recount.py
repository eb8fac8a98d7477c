"""Counting by hand: examples from the literature and small ones, and what the script says to those who run it."""

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from participation import recount
from participation.recount import Refuted, Row
from participation.tally import File, file_of

A, B, C, D, E = 1, 2, 3, 4, 5
LETTERS = {"A": A, "B": B, "C": C, "D": D, "E": E}


def head(voting: str = "support", entries: int = 3, **rules: Any) -> Row:
    named: list[Row] = [{"number": number, "title": f"Idee {number}", "state": "in"} for number in range(1, entries + 1)]
    basic: Row = {"title": "Grüne Plätze", "url": "https://region.example/wettbewerbe/gruen/", "voting": voting, "votes": 3}
    basic |= {"votes_per_entry": 2, "method": "schulze", "electorate": "email", "jury_weight": 0, "criteria": []}
    return {**basic, "entries": named, **rules}


def ballots(*choices: Any, **fields: Any) -> list[Row]:
    return [
        {"receipt": f"{number:04}", "voter": "account", "state": "cast", "choices": said, **fields}
        for number, said in enumerate(choices)
    ]


def orders(**number_of: int) -> list[Row]:
    """`AB=3`: three ballots that put A first, then B."""
    return ballots(*([LETTERS[letter] for letter in order] for order, number in number_of.items() for _each in range(number)))


def places(file: File) -> dict[int, int]:
    return {entry["number"]: entry["place"] for entry in file.result["entries"]}


def scores(file: File, kind: str = "total") -> dict[int, str]:
    return {entry["number"]: entry[kind] for entry in file.result["entries"]}


# --- votes ------------------------------------------------------------------------------------------------------------


def test_support_counts_votes_and_shows_guests_apart() -> None:
    said = ballots([[A, 1], [B, 1]], [[A, 1]], [[A, 1], [C, 1]])
    said[1]["voter"] = "guest"
    result = file_of(head(), [], said).result
    assert [(e["number"], e["place"], e["votes"], e["account"], e["guest"], e["public"]) for e in result["entries"]] == [
        (A, 1, 3, 2, 1, "100.00"),
        (B, 2, 1, 1, 0, "33.33"),
        (C, 2, 1, 1, 0, "33.33"),
    ]
    assert [entry["tied"] for entry in result["entries"]] == [False, True, True]
    assert result["ballots"] == {"cast": 3, "account": 2, "guest": 1, "withdrawn": 0, "quarantined": 0}
    assert (result["jury"], result["method"]) == (None, {"name": "votes", "most": 3})


def test_places_after_a_tie_are_left_out() -> None:
    file = file_of(head("budget", 4), [], ballots([[A, 2], [B, 1]], [[B, 1], [C, 1]], [[D, 1]]))
    assert places(file) == {A: 1, B: 1, C: 3, D: 3}


def test_nobody_voted_so_all_share_the_first_place_with_nothing() -> None:
    file = file_of(head(), [], [])
    assert places(file) == {A: 1, B: 1, C: 1}
    assert scores(file, "public") == {A: "0.00", B: "0.00", C: "0.00"}


def test_withdrawn_and_quarantined_ballots_do_not_count_and_neither_do_entries_that_left() -> None:
    rules = head()
    rules["entries"][0]["state"], rules["entries"][1]["state"] = "out", "withdrawn"
    said = ballots([[A, 1], [C, 1]], [], [[B, 1], [C, 1]])
    said[1]["state"] = "withdrawn"
    said[2] |= {"state": "quarantined", "reason": "Aus einem Netz."}
    result = file_of(rules, [], said).result
    assert [(entry["number"], entry["place"], entry["votes"]) for entry in result["entries"]] == [
        (C, 1, 1),
        (A, None, 1),
        (B, None, 0),
    ]
    assert result["ballots"] == {"cast": 1, "account": 1, "guest": 0, "withdrawn": 1, "quarantined": 1}


# --- rankings ---------------------------------------------------------------------------------------------------------


def test_schulze_as_in_his_paper() -> None:
    """Markus Schulze, A new monotonic, clone-independent … election method, example 1: 45 voters, E before A, C, B, D."""
    said = orders(ACBED=5, ADECB=5, BEDAC=8, CABED=3, CAEBD=7, CBADE=2, DCEBA=7, EBADC=8)
    file = file_of(head("ranking", 5), [], said)
    assert file.result["method"] == {
        "name": "schulze",
        "numbers": [A, B, C, D, E],
        "duels": [[0, 20, 26, 30, 22], [25, 0, 16, 33, 18], [19, 29, 0, 17, 24], [15, 12, 28, 0, 14], [23, 27, 21, 31, 0]],
        "paths": [[0, 28, 28, 30, 24], [25, 0, 28, 33, 24], [25, 29, 0, 29, 24], [25, 28, 28, 0, 24], [25, 28, 28, 31, 0]],
    }
    assert places(file) == {E: 1, A: 2, C: 3, B: 4, D: 5}
    assert scores(file) == {E: "100.00", A: "75.00", C: "50.00", B: "25.00", D: "0.00"}


def test_entries_without_a_place_stand_behind_all_others_and_beside_each_other() -> None:
    file = file_of(head("ranking", 4), [], orders(A=2, BA=1))
    assert file.result["method"]["duels"] == [[0, 2, 3, 3], [1, 0, 1, 1], [0, 0, 0, 0], [0, 0, 0, 0]]
    assert places(file) == {A: 1, B: 2, C: 3, D: 3}


def test_schulze_takes_winning_votes_not_margins() -> None:
    """A beats B 9:8, B beats C 8:3, C beats A 11:6. By winning votes B's victory is the weakest, by margins it were A's."""
    assert places(file_of(head("ranking"), [], orders(BCA=8, CAB=3, A=6))) == {C: 1, A: 2, B: 3}


def test_places_never_contradict_a_victory_where_some_are_not_comparable() -> None:
    """Nobody compared B: it ties with both, though A beats C."""
    file = file_of(head("ranking"), [], orders(AC=1, B=1))
    assert places(file) == {A: 1, B: 1, C: 3}


def test_runoff_as_in_the_example_of_tennessee() -> None:
    """A Memphis, B Nashville, C Chattanooga, D Knoxville: Knoxville wins in the third round."""
    file = file_of(head("ranking", 4, method="runoff"), [], orders(ABCD=42, BCDA=26, CDBA=15, DCBA=17))
    assert file.result["method"]["rounds"] == [
        {"votes": [[A, 42], [B, 26], [C, 15], [D, 17]], "exhausted": 0, "out": [C]},
        {"votes": [[A, 42], [B, 26], [D, 32]], "exhausted": 0, "out": [B]},
        {"votes": [[A, 42], [D, 58]], "exhausted": 0, "out": [A]},
    ]
    assert places(file) == {D: 1, A: 2, B: 3, C: 4}


def test_of_equals_in_a_runoff_the_one_with_fewer_votes_in_the_round_before_leaves() -> None:
    file = file_of(head("ranking", 4, method="runoff"), [], orders(A=5, BC=3, CB=2, DC=1))
    assert file.result["method"]["rounds"] == [
        {"votes": [[A, 5], [B, 3], [C, 2], [D, 1]], "exhausted": 0, "out": [D]},
        {"votes": [[A, 5], [B, 3], [C, 3]], "exhausted": 0, "out": [C]},
        {"votes": [[A, 5], [B, 5]], "exhausted": 1, "out": [B]},
    ]
    assert places(file) == {A: 1, B: 2, C: 3, D: 4}


def test_equals_in_every_round_leave_together_unless_nobody_would_be_left() -> None:
    assert places(file_of(head("ranking", method="runoff"), [], orders(A=5, B=2, C=2))) == {A: 1, B: 2, C: 2}
    assert places(file_of(head("ranking", method="runoff"), [], orders(A=2, B=2, C=1))) == {A: 1, B: 1, C: 3}
    assert places(file_of(head("ranking", method="runoff"), [], [])) == {A: 1, B: 1, C: 1}


@pytest.mark.parametrize("method", ["schulze", "runoff"])
def test_behind_an_entry_that_left_the_others_move_up(method: str) -> None:
    rules = head("ranking", method=method)
    rules["entries"][0]["state"] = "out"
    file = file_of(rules, [], orders(ACB=2, BC=1))
    assert [(e["number"], e["place"], e["votes"], e["public"]) for e in file.result["entries"]] == [
        (C, 1, 2, "100.00"),
        (B, 2, 1, "0.00"),
        (A, None, 0, None),
    ]


def test_a_single_entry_has_the_full_score() -> None:
    assert scores(file_of(head("ranking", 1), [], [])) == {A: "100.00"}


# --- jury -------------------------------------------------------------------------------------------------------------

CRITERIA = [
    {"key": "nutzen", "name": "Nutzen", "weight": 2, "lowest": 0, "highest": 3},
    {"key": "kosten", "name": "Kosten", "weight": 1, "lowest": 1, "highest": 5},
]


def scored(member: str, number: int, nutzen: int, kosten: int) -> Row:
    return {"member": member, "number": number, "answers": {"nutzen": nutzen, "kosten": kosten}}


def test_jury_and_vote_are_combined_by_weight() -> None:
    """A: Nutzen (3+2)/2 of 3 = 5/6, Kosten (1+4)/2 - 1 of 4 = 3/8; (2 * 5/6 + 3/8) / 3 = 49/72 = 68.06 of 100."""
    rules = head("support", 3, criteria=CRITERIA, jury_weight=60)
    jury = [scored("A", A, 3, 1), scored("B", A, 2, 4), scored("B", B, 3, 5)]
    result = file_of(rules, jury, ballots([[A, 1]], [[A, 1], [C, 1]])).result
    assert result["jury"] == {"weight": 60, "members": 2}
    assert [(e["number"], e["place"], e["public"], e["jury"], e["total"]) for e in result["entries"]] == [
        (A, 1, "100.00", "68.06", "80.83"),
        (B, 2, "0.00", "100.00", "60.00"),
        (C, 3, "50.00", None, "50.00"),
    ]


def test_without_a_vote_the_jury_decides_and_what_it_did_not_score_stands_last() -> None:
    result = file_of(head("none", criteria=CRITERIA, jury_weight=20), [scored("A", B, 0, 1), scored("A", C, 0, 2)], []).result
    assert [(e["number"], e["place"], e["jury"], e["total"]) for e in result["entries"]] == [
        (C, 1, "8.33", "8.33"),
        (B, 2, "0.00", "0.00"),
        (A, 3, None, None),
    ]
    assert result["jury"] == {"weight": 100, "members": 1}


def test_places_follow_exact_values_not_rounded_ones() -> None:
    """100001 against 100000 of 200000 votes look alike when rounded; they are not tied."""
    assert recount._shown(recount.Fraction(1, 200)) == "0.01", "rounded half up"
    assert recount._shown(recount.Fraction(1, 201)) == "0.00"
    shown = [recount._shown(recount.Fraction(100 * votes, 200000)) for votes in (100001, 100000)]
    assert shown == ["50.00", "50.00"]
    total = {A: recount.Fraction(100 * 100000, 200000), B: recount.Fraction(100 * 100001, 200000)}
    assert [recount._place(total, number) for number in (A, B)] == [2, 1]


# --- the file ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def file() -> File:
    rules = head("budget", criteria=CRITERIA, jury_weight=50)
    said = ballots([[A, 2], [B, 1]], [[B, 2]], [])
    said[2]["state"] = "withdrawn"
    return file_of(rules, [scored("A", A, 3, 3)], said)


def resealed(file: File, change: Any) -> bytes:
    """The file with a row changed and all hashes made to fit, but the same result."""
    rows = [json.loads(line) for line in file.text.split("\n")[:-1]]
    change(rows)
    last = recount.START
    for row in rows:
        row["hash"] = last = recount.seal(last, row)
    return "".join(recount.canonical(row) + "\n" for row in rows).encode()


FORBIDDEN = {
    "Zeile 1: Die Beiträge": lambda rows: rows[0]["entries"].reverse(),
    "Zeile 1: Die Zahl der Stimmen": lambda rows: rows[0].update(votes_per_entry=9),
    "Zeile 1: Das Gewicht": lambda rows: rows[0].update(jury_weight=101),
    "Zeile 1: Die Kriterien": lambda rows: rows[0]["criteria"][0].update(highest=0),
    "Zeile 1: Die Kopfzeile ist nicht so": lambda rows: rows[0].update(cast_at="2026-11-01"),
    "Zeile 1: Die Kopfzeile fehlt": lambda rows: rows.pop(0),
    "Zeile 2: Die Antwort zum Kriterium „nutzen“": lambda rows: rows[1]["answers"].update(nutzen=4),
    "Zeile 2: Idee 9 nimmt nicht teil": lambda rows: rows[1].update(number=9),
    "Zeile 3: Die Zeilen der Jury": lambda rows: (rows.insert(1, dict(rows[1])), rows[-1].update(jury_rows=2)),
    "Zeile 3: Hier steht eine Zeile": lambda rows: rows.insert(2, dict(rows[-1])),
    "Zeile 3: Eine Idee hat mehr Stimmen": lambda rows: rows[2].update(choices=[[A, 3]]),
    "Zeile 3: Der Stimmzettel vergibt mehr": lambda rows: rows[2].update(choices=[[A, 2], [B, 2]]),
    "Zeile 3: Der Stimmzettel nennt": lambda rows: rows[2].update(choices=[[9, 1]]),
    "Zeile 3: Die Stimmen sind nicht nach Nummer": lambda rows: rows[2].update(choices=[[A, 1], [A, 1]]),
    "Zeile 3: Die Stimmen sind keine Paare": lambda rows: rows[2].update(choices=[[A, True]]),
    "Zeile 3: Dieser Stimmzettel ist nicht so": lambda rows: rows[2].update(person="anna@example.org"),
    "Zeile 4: Die Stimmzettel sind nicht nach": lambda rows: rows[3].update(receipt="0000"),
    "Zeile 3: Hier stimmte jemand ohne Konto": lambda rows: (
        rows[0].update(electorate="account"),
        rows[2].update(voter="guest"),
    ),
    "Zeile 5: Ein zurückgezogener": lambda rows: rows[4].update(choices=[[A, 1]]),
    "Zeile 5: Der Grund der Quarantäne": lambda rows: rows[4].update(state="quarantined", reason=" "),
    "Zeile 5: Danach fehlt die Endzeile": lambda rows: rows.pop(),
    "Zeile 5: Die Datei hat eine andere Zahl": lambda rows: rows.pop(3),
    "Zeile 6: Der Endzeile fehlt": lambda rows: rows[5].pop("jury_rows"),
    "Zeile 6: Hier steht ein anderes Ergebnis": lambda rows: rows[3].update(choices=[[B, 1]]),
}


@pytest.mark.parametrize("sentence", FORBIDDEN)
def test_what_breaks_a_rule_is_named_with_its_line_even_where_all_hashes_fit(file: File, sentence: str) -> None:
    recount.recount(resealed(file, lambda rows: None), file.head)
    with pytest.raises(Refuted) as said:
        recount.recount(resealed(file, FORBIDDEN[sentence]))
    assert str(said.value).startswith(sentence)


def test_a_title_that_was_taken_back_can_be_left_out_but_not_changed(file: File) -> None:
    lines = file.text.split("\n")
    for place in (0, -2):
        row = json.loads(lines[place])
        holder = row if place == 0 else row["result"]
        holder["entries"] = recount.with_title_hashes(holder)["entries"]
        lines[place] = recount.canonical(row)
    text = "\n".join(lines)
    assert "Idee 1" not in text
    recount.recount(text.encode(), file.head)
    with pytest.raises(Refuted, match="Zeile 1"):
        recount.recount(file.text.replace("Idee 1", "Idee x").encode())


# --- those who run it -------------------------------------------------------------------------------------------------


def run(*arguments: Any) -> subprocess.CompletedProcess[str]:
    """The script by itself, as people run it: without our packages."""
    script = Path(recount.__file__)
    command = [sys.executable, "-I", "-S", str(script), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", env={"PYTHONIOENCODING": "utf-8"})


def test_the_script_confirms_and_prints_the_result(file: File, tmp_path: Path) -> None:
    path = tmp_path / "stimmzettel.jsonl"
    path.write_bytes(file.text.encode())
    done = run(path, "--kopf", file.head.upper())
    assert (done.returncode, done.stderr) == (0, "")
    assert "Ideenwettbewerb „Grüne Plätze“" in done.stdout
    assert "2 gezählt (2 mit Konto, 0 ohne Konto)" in done.stdout
    assert (
        "Platz 2: Idee 1 „Idee 1“ – Stimmen: 2 (2 mit Konto, 0 ohne); Abstimmung 66,67; Jury 83,33; zusammen 75,00"
        in done.stdout
    )
    assert done.stdout.endswith("BESTÄTIGT: Die Stimmzettel ergeben das veröffentlichte Ergebnis.\n")


def test_the_script_ends_with_an_error_that_names_the_line(file: File, tmp_path: Path) -> None:
    path = tmp_path / "stimmzettel.jsonl"
    path.write_bytes(file.text.replace("[[2,2]]", "[[2,1]]").encode())
    done = run(path)
    assert done.returncode == 1
    assert done.stdout.startswith("NICHT BESTÄTIGT. Zeile 4: Die Prüfsumme passt nicht.")
    path.write_bytes(file.text.encode())
    done = run(path, "--kopf", "0" * 64)
    assert done.returncode == 1
    assert "Das ist eine andere Datei als die veröffentlichte." in done.stdout


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"\xff\xfe", b"[1]\n", b"{}\n", b"{" * 100_000, b"[" * 100_000 + b"\n", b"PK\x03\x04"]
)
def test_a_file_that_is_none_is_refused_without_a_crash(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "etwas"
    path.write_bytes(content)
    done = run(path)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("NICHT BESTÄTIGT.")


def test_the_script_says_how_it_is_used() -> None:
    assert run().returncode == 2
    missing = run("/gibt/es/nicht")
    assert missing.returncode == 2
    assert "lässt sich nicht lesen" in missing.stdout


def test_the_script_needs_only_the_standard_library_of_an_old_python() -> None:
    source = Path(recount.__file__).read_text()
    tree = ast.parse(source, feature_version=(3, 9))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imported |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    assert {str(name).split(".")[0] for name in imported} <= sys.stdlib_module_names
    # Newer than 3.9: zip(strict=), itertools.pairwise, int.bit_count, X | Y outside of annotations.
    assert "strict=True" not in source
    assert "from __future__ import annotations" in source


def test_the_command_says_the_same(file: File, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "stimmzettel.jsonl"
    path.write_bytes(file.text.encode())
    call_command("recount", str(path), kopf=file.head)
    assert "BESTÄTIGT" in capsys.readouterr().out
    path.write_bytes(file.text.replace("[[2,2]]", "[[2,1]]").encode())
    with pytest.raises(CommandError, match="Zeile 4") as failed:
        call_command("recount", str(path))
    assert failed.value.returncode == 1
    with pytest.raises(CommandError) as failed:
        call_command("recount", str(tmp_path / "nichts"))
    assert failed.value.returncode == 2
