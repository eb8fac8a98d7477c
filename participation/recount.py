"""Recount an idea competition: check the published file of ballots and compare the result that stands in it.

    python3 recount.py stimmzettel.jsonl [--kopf PRÜFSUMME]

Needs Python 3.9 or newer and nothing else; the platform counts with these same functions. Exit code 0: the result is confirmed.
1: the file is altered or incomplete, or gives another result; a German sentence says in which line. 2: wrong use. With --kopf
the last hash is compared with the one on the result page: whoever writes the whole file anew can make the chain fit, but not
that hash.

The file: UTF-8, a JSON object in each line (sorted keys, no spaces): one "head", the "jury" rows, the "ballot" rows sorted by
receipt, one "end" with the result. "hash" is the SHA-256 of the previous line's hash (64 zeros at first), a line break and the
line's JSON without "hash". In this JSON the titles of entries are replaced by their SHA-256 as "title_hash": the title of an
idea that its author takes back later can be left out of the file, and the chain still fits.

How is counted (docs/auszaehlung.md says it at length, in German):
- Ballots that are withdrawn or quarantined don't count. Entries that were taken out or withdrawn don't count either; in a
  ranking those behind them move up.
- support, budget: the sum of votes. Public score: votes / most votes * 100.
- ranking: entries without a place stand behind all with one, equal among each other. Public score: (n - place) / (n - 1) * 100.
  schulze: duels by winning votes, strongest paths by Floyd-Warshall. An entry's place is one more than the number of entries
  with fewer defeats.
  runoff: each round counts first places; the entry with the fewest leaves. Of several with the fewest the one with fewer votes
  in the round before leaves, and so on back to the first round; if all rounds are equal they leave together, unless nobody
  would be left: then they share the place.
- jury: of each criterion the mean of the members' answers, from 0 (lowest step) to 1 (highest); their weighted mean * 100.
- total: (weight * jury + (100 - weight) * public) / 100 in exact fractions; rounded half up only to be shown. An entry with one
  of the two scores has that one as its total. Equal totals share a place (1, 1, 3).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any

Row = dict[str, Any]
START = "0" * 64
FORMAT = 1


class Refuted(Exception):
    """The file is not what was published, or gives another result. Its text says why and in which line, in German."""


# --- lines and their chain --------------------------------------------------------------------------------------------


def canonical(value: Any) -> str:
    """The one way to write this value as JSON."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def seal(previous: str, row: Row) -> str:
    """The hash of a row that follows the one with the hash `previous`."""
    kept = {key: value for key, value in row.items() if key != "hash"}
    return _sha256(f"{previous}\n{canonical(with_title_hashes(kept))}")


def with_title_hashes(row: Row) -> Row:
    """The row (or a result) with every entry's title replaced by its hash."""
    changed = dict(row)
    if isinstance(row.get("entries"), list):
        changed["entries"] = [_without_title(entry) for entry in row["entries"]]
    if isinstance(row.get("result"), dict):
        changed["result"] = with_title_hashes(row["result"])
    return changed


def _without_title(entry: Any) -> Any:
    if not (isinstance(entry, dict) and isinstance(entry.get("title"), str) and "title_hash" not in entry):
        return entry
    return {**{key: value for key, value in entry.items() if key != "title"}, "title_hash": _sha256(entry["title"])}


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def read(data: bytes) -> list[Row]:
    """The rows of a file whose chain fits; raises Refuted."""
    if not data:
        raise Refuted("Die Datei ist leer.")
    *lines, rest = data.split(b"\n")
    if rest:
        raise Refuted(f"Zeile {len(lines) + 1}: Das Ende der Zeile fehlt. Die Datei ist nicht vollständig.")
    rows: list[Row] = []
    previous = START
    for number, line in enumerate(lines, start=1):
        row = _row(number, line)
        if row.get("hash") != seal(previous, row):
            raise Refuted(
                f"Zeile {number}: Die Prüfsumme passt nicht. Diese Zeile wurde verändert, oder vor ihr wurde eine Zeile "
                "entfernt oder eingefügt."
            )
        previous = row["hash"]
        rows.append(row)
    return rows


def _row(number: int, line: bytes) -> Row:
    try:
        text = line.decode("utf-8")
        row = json.loads(text)
        written_so = isinstance(row, dict) and canonical(row) == text
    except (ValueError, RecursionError):
        row, written_so = {}, False
    if not written_so:
        raise Refuted(f"Zeile {number}: So wurde diese Zeile nicht veröffentlicht. Sie ist beschädigt oder verändert.")
    checked: Row = row
    return checked


# --- completeness and rules -------------------------------------------------------------------------------------------

_ENTRY = {"number": int, "title_hash": str, "state": ("in", "out", "withdrawn")}
_CRITERION = {"key": str, "name": str, "weight": int, "lowest": int, "highest": int}
_HEAD = {
    "row": ("head",), "format": (FORMAT,), "title": str, "url": str, "voting": ("none", "support", "budget", "ranking"),
    "votes": int, "votes_per_entry": int, "method": ("schulze", "runoff"), "electorate": ("email", "account", "verified"),
    "jury_weight": int, "criteria": [_CRITERION], "entries": [_ENTRY], "hash": str,
}  # fmt: skip
_JURY = {"row": ("jury",), "member": str, "number": int, "answers": dict, "hash": str}
_BALLOT = {
    "row": ("ballot",), "receipt": str, "voter": ("account", "guest"), "state": ("cast", "withdrawn"), "choices": list,
    "hash": str,
}  # fmt: skip
_QUARANTINED = {**_BALLOT, "state": ("quarantined",), "reason": str}
_END = {"row": ("end",), "ballots": int, "jury_rows": int, "result": dict, "hash": str}


def _fits(value: Any, shape: Any) -> bool:
    """Whether a value has this shape: a type, one of several values, a list of one shape, or exactly these keys."""
    if isinstance(shape, dict):
        return isinstance(value, dict) and set(value) == set(shape) and all(_fits(value[key], shape[key]) for key in shape)
    if isinstance(shape, list):
        return isinstance(value, list) and all(_fits(each, shape[0]) for each in value)
    if isinstance(shape, tuple):
        return any(type(value) is type(each) and value == each for each in shape)
    return type(value) is shape


def check(rows: Sequence[Row]) -> tuple[Row, list[Row], list[Row], Row]:
    """Head, jury rows, ballots and end of a file that is complete and keeps the rules; raises Refuted."""
    head, end = rows[0], rows[-1]
    kinds = [row.get("row") for row in rows]
    _demand(kinds[0] == "head", 1, "Die Kopfzeile fehlt.")
    _demand(len(rows) > 1 and kinds[-1] == "end", len(rows), "Danach fehlt die Endzeile. Die Datei ist nicht vollständig.")
    jury_rows = kinds.count("jury")
    wanted = ["head", *["jury"] * jury_rows, *["ballot"] * (len(rows) - 2 - jury_rows), "end"]
    for number, (kind, right) in enumerate(zip(kinds, wanted), start=1):  # noqa: B905 # Python 3.9 has no strict=
        _demand(kind == right, number, "Hier steht eine Zeile, die nicht hierher gehört.")
    _check_head(head)
    jury, ballots = list(rows[1 : 1 + jury_rows]), list(rows[1 + jury_rows : -1])
    _demand(_fits(end, _END), len(rows), "Der Endzeile fehlt etwas, oder sie sagt zu viel.")
    counted = end["jury_rows"] == len(jury) and end["ballots"] == len(ballots)
    _demand(counted, len(rows), "Die Datei hat eine andere Zahl von Zeilen, als hier steht. Sie ist nicht vollständig.")
    _check_jury(head, jury)
    _check_ballots(head, ballots, 2 + len(jury))
    return head, jury, ballots, end


def _demand(holds: bool, line: int, sentence: str) -> None:
    if not holds:
        raise Refuted(f"Zeile {line}: {sentence}")


def _ascending(values: Sequence[Any]) -> bool:
    """Sorted, and nothing twice."""
    return all(values[place] < values[place + 1] for place in range(len(values) - 1))


def _check_head(head: Row) -> None:
    _demand(_fits(with_title_hashes(head), _HEAD), 1, "Die Kopfzeile ist nicht so aufgebaut, wie sie es sein muss.")
    _demand(_ascending([entry["number"] for entry in head["entries"]]), 1, "Die Beiträge sind nicht nach Nummer geordnet.")
    _demand(1 <= head["votes_per_entry"] <= head["votes"], 1, "Die Zahl der Stimmen passt nicht zur Zahl für eine Idee.")
    _demand(0 <= head["jury_weight"] <= 100, 1, "Das Gewicht der Jury liegt nicht zwischen 0 und 100.")
    keys = {criterion["key"] for criterion in head["criteria"]}
    sound = all(each["weight"] >= 0 and each["lowest"] < each["highest"] for each in head["criteria"])
    _demand(sound and len(keys) == len(head["criteria"]), 1, "Die Kriterien der Jury passen nicht zusammen.")


def _check_jury(head: Row, jury: Sequence[Row]) -> None:
    criteria = {criterion["key"]: criterion for criterion in head["criteria"]}
    counting = {entry["number"] for entry in head["entries"] if entry["state"] == "in"}
    last: tuple[Any, ...] = ()
    for line, row in enumerate(jury, start=2):
        _demand(_fits(row, _JURY), line, "Diese Zeile der Jury ist nicht so aufgebaut, wie sie es sein muss.")
        place = (len(row["member"]), row["member"], row["number"])
        _demand(last < place, line, "Die Zeilen der Jury sind nicht geordnet, oder eine steht doppelt da.")
        last = place
        _demand(row["number"] in counting, line, f"Idee {row['number']} nimmt nicht teil.")
        for key, answer in row["answers"].items():
            known = key in criteria and type(answer) is int and criteria[key]["lowest"] <= answer <= criteria[key]["highest"]
            _demand(known, line, f"Die Antwort zum Kriterium „{key}“ ist keine seiner Stufen.")


def _check_ballots(head: Row, ballots: Sequence[Row], first_line: int) -> None:
    known = {entry["number"] for entry in head["entries"]}
    last = ""
    for line, row in enumerate(ballots, start=first_line):
        shape = _QUARANTINED if row.get("state") == "quarantined" else _BALLOT
        _demand(_fits(row, shape), line, "Dieser Stimmzettel ist nicht so aufgebaut, wie er es sein muss.")
        _demand(last < row["receipt"], line, "Die Stimmzettel sind nicht nach Belegcode geordnet, oder einer steht doppelt da.")
        last = row["receipt"]
        _demand(row["voter"] == "account" or head["electorate"] == "email", line, "Hier stimmte jemand ohne Konto ab.")
        _demand(row["state"] != "quarantined" or bool(row["reason"].strip()), line, "Der Grund der Quarantäne fehlt.")
        _demand(row["state"] != "withdrawn" or not row["choices"], line, "Ein zurückgezogener Stimmzettel sagt nichts.")
        _check_choices(head, known, row["choices"], line)


def _check_choices(head: Row, known: set[int], choices: list[Any], line: int) -> None:
    if head["voting"] == "ranking":
        numbers = choices
        _demand(_fits(choices, [int]), line, "Die Reihenfolge besteht nicht aus Nummern von Ideen.")
        _demand(len(set(choices)) == len(choices), line, "Eine Idee hat zwei Plätze.")
    else:
        pairs = _fits(choices, [[int]]) and all(len(each) == 2 for each in choices)
        _demand(pairs, line, "Die Stimmen sind keine Paare aus Nummer und Zahl der Stimmen.")
        numbers = [number for number, _votes in choices]
        _demand(_ascending(numbers), line, "Die Stimmen sind nicht nach Nummer geordnet, oder eine Idee steht doppelt da.")
        most = head["votes_per_entry"] if head["voting"] == "budget" else 1
        _demand(all(1 <= votes <= most for _number, votes in choices), line, "Eine Idee hat mehr Stimmen, als erlaubt sind.")
        within = head["voting"] != "budget" or sum(votes for _number, votes in choices) <= head["votes"]
        _demand(within, line, "Der Stimmzettel vergibt mehr Stimmen, als er hat.")
    _demand(known.issuperset(numbers), line, "Der Stimmzettel nennt eine Idee, die nicht zum Wettbewerb gehört.")
    _demand(head["voting"] != "none", line, "In diesem Wettbewerb wird nicht abgestimmt.")


# --- counting ---------------------------------------------------------------------------------------------------------


def count(head: Row, jury: Sequence[Row], ballots: Sequence[Row]) -> Row:
    """The result of these rows, as it stands in the end row."""
    running = [entry["number"] for entry in head["entries"] if entry["state"] == "in"]
    cast = [ballot for ballot in ballots if ballot["state"] == "cast"]
    votes = {voter: _votes(head, running, [each for each in cast if each["voter"] == voter]) for voter in ("account", "guest")}
    both = votes["account"] + votes["guest"]
    public, method = _public_scores(head, running, cast, both)
    by_jury = {number: _jury_score(head, [row for row in jury if row["number"] == number]) for number in running}
    weight = head["jury_weight"] if head["voting"] != "none" else 100
    total = {number: _total(weight, by_jury[number], public[number]) for number in running}
    entries = []
    for entry in head["entries"]:
        number = entry["number"]
        row = {key: value for key, value in entry.items() if key in ("number", "title", "title_hash", "state")}
        row |= {"votes": both[number], "account": votes["account"][number], "guest": votes["guest"][number]}
        row |= {"place": _place(total, number), "tied": number in total and list(total.values()).count(total[number]) > 1}
        row |= {"public": _shown(public.get(number)), "jury": _shown(by_jury.get(number)), "total": _shown(total.get(number))}
        entries.append(row)
    states = Counter(ballot["state"] for ballot in ballots)
    voters = Counter(ballot["voter"] for ballot in cast)
    return {
        "ballots": {
            "cast": len(cast),
            "account": voters["account"],
            "guest": voters["guest"],
            "withdrawn": states["withdrawn"],
            "quarantined": states["quarantined"],
        },
        "jury": {"weight": weight, "members": len({row["member"] for row in jury})} if head["criteria"] else None,
        "entries": sorted(entries, key=lambda row: (row["place"] is None, row["place"], row["number"])),
        "method": method,
    }


def _votes(head: Row, running: list[int], cast: Iterable[Row]) -> Counter[int]:
    """What each entry got: votes, in a ranking first places among the entries that count."""
    votes: Counter[int] = Counter()
    for ballot in cast:
        if head["voting"] == "ranking":
            votes.update([number for number in ballot["choices"] if number in running][:1])
        else:
            votes.update(dict(ballot["choices"]))
    return votes


def _public_scores(head: Row, running: list[int], cast: list[Row], votes: Counter[int]) -> tuple[dict[int, Any], Row]:
    """The score of each entry from 0 to 100, None where nobody votes; and what the count went through."""
    if head["voting"] == "none":
        return dict.fromkeys(running), {"name": "none"}
    if head["voting"] != "ranking":
        most = max((votes[number] for number in running), default=0)
        return {number: Fraction(votes[number] * 100, most or 1) for number in running}, {"name": "votes", "most": most}
    rankings = Counter(tuple(number for number in ballot["choices"] if number in running) for ballot in cast)
    order = {"schulze": schulze, "runoff": runoff}[head["method"]]
    places, method = order(running, rankings)
    behind = len(running) - 1
    scores = {number: Fraction((behind + 1 - places[number]) * 100, behind) if behind else Fraction(100) for number in running}
    return scores, method


def schulze(running: list[int], rankings: Counter[tuple[int, ...]]) -> tuple[dict[int, int], Row]:
    """Places by Schulze's method with winning votes; `rankings` says how many ballots have which order."""
    duels = {one: dict.fromkeys(running, 0) for one in running}
    for ranking, ballots in rankings.items():
        behind = set(running)
        for better in ranking:
            behind.discard(better)
            for worse in behind:
                duels[better][worse] += ballots
    paths = {one: {other: won if won > duels[other][one] else 0 for other, won in duels[one].items()} for one in running}
    for middle in running:
        for one in running:
            for other in running:
                if one != other:
                    paths[one][other] = max(paths[one][other], min(paths[one][middle], paths[middle][other]))
    defeats = {one: sum(paths[other][one] > paths[one][other] for other in running) for one in running}
    places = {one: 1 + sum(defeats[other] < defeats[one] for other in running) for one in running}
    tables = {name: [list(table[one].values()) for one in running] for name, table in (("duels", duels), ("paths", paths))}
    return places, {"name": "schulze", "numbers": running, **tables}


def runoff(running: list[int], rankings: Counter[tuple[int, ...]]) -> tuple[dict[int, int], Row]:
    """Places by instant runoff; `rankings` says how many ballots have which order."""
    left, places = list(running), {}
    history: dict[int, list[int]] = {number: [] for number in running}  # votes in each round, the latest first
    rounds: list[Row] = []
    while len(left) > 1:
        firsts = Counter(dict.fromkeys(left, 0))
        for ranking, ballots in rankings.items():
            firsts.update(dict.fromkeys([number for number in ranking if number in left][:1], ballots))
        for number in left:
            history[number].insert(0, firsts[number])
        fewest = min(history[number] for number in left)
        out = [number for number in left if history[number] == fewest]
        out = out if len(out) < len(left) else []
        exhausted = sum(rankings.values()) - sum(firsts.values())
        rounds.append({"votes": [[number, firsts[number]] for number in left], "exhausted": exhausted, "out": out})
        if not out:
            break
        left = [number for number in left if number not in out]
        places.update(dict.fromkeys(out, 1 + len(left)))
    places.update(dict.fromkeys(left, 1))
    return places, {"name": "runoff", "rounds": rounds}


def _jury_score(head: Row, rows: list[Row]) -> Fraction | None:
    """From 0 to 100; None where no member scored the entry."""
    total, weights = Fraction(0), 0
    for criterion in head["criteria"]:
        answers = [row["answers"][criterion["key"]] for row in rows if criterion["key"] in row["answers"]]
        if answers:
            above = Fraction(sum(answers), len(answers)) - criterion["lowest"]
            total += criterion["weight"] * above / (criterion["highest"] - criterion["lowest"])
            weights += criterion["weight"]
    return total * 100 / weights if weights else None


def _total(weight: int, jury: Fraction | None, public: Fraction | None) -> Fraction | None:
    if jury is None or public is None:
        return public if jury is None else jury
    return (weight * jury + (100 - weight) * public) / 100


def _place(total: dict[int, Any], number: int) -> int | None:
    """One more than the number of entries with more; entries without any score stand behind the others."""
    if number not in total:
        return None
    own = total[number]
    return 1 + sum(other is not None and (own is None or other > own) for other in total.values())


def _shown(score: Fraction | None) -> str | None:
    """Rounded half up to two decimals."""
    if score is None:
        return None
    hundredths = (score * 100 + Fraction(1, 2)).__floor__()
    return f"{hundredths // 100}.{hundredths % 100:02}"


# --- the recount ------------------------------------------------------------------------------------------------------


def recount(data: bytes, head_hash: str = "") -> tuple[Row, Row, list[Row]]:
    """Head, result and all rows of a published file that holds; raises Refuted. `head_hash`: what its last hash must be."""
    rows = read(data)
    head, jury, ballots, end = check(rows)
    result = count(head, jury, ballots)
    if canonical(with_title_hashes(result)) != canonical(with_title_hashes(end["result"])):
        raise Refuted(f"Zeile {len(rows)}: Hier steht ein anderes Ergebnis, als die Stimmzettel ergeben.")
    if head_hash and head_hash.strip().lower() != end["hash"]:
        raise Refuted(
            f"Zeile {len(rows)}: Die letzte Prüfsumme ist nicht die, mit der Sie vergleichen. Das ist eine andere Datei als "
            "die veröffentlichte."
        )
    return head, result, rows


def report(head: Row, result: Row, rows: Sequence[Row]) -> list[str]:
    """What was checked, and the result, in lines to read."""
    ballots = result["ballots"]
    lines = [
        f"Ideenwettbewerb „{head['title']}“ ({head['url']})",
        f"Geprüft: {len(rows)} Zeilen mit ihren Prüfsummen, die Vollständigkeit, die Regeln jedes Stimmzettels, das Ergebnis.",
        f"Stimmzettel: {ballots['cast']} gezählt ({ballots['account']} mit Konto, {ballots['guest']} ohne Konto)",
        f"  nicht gezählt: {ballots['withdrawn']} zurückgezogen, {ballots['quarantined']} unter Quarantäne",
    ]
    if result["jury"]:
        lines.append(f"Jury: {result['jury']['members']} Mitglieder, Gewicht {result['jury']['weight']} Prozent")
    lines += [f"  Quarantäne: {row['receipt']} – {row['reason']}" for row in rows if row.get("state") == "quarantined"]
    return [*lines, "", *(_entry_line(entry, head) for entry in result["entries"]), ""]


def _entry_line(entry: Row, head: Row) -> str:
    name = f"Idee {entry['number']}" + (f" „{entry['title']}“" if "title" in entry else "")
    if entry["place"] is None:
        return f"  ohne Platz: {name} – {'zurückgezogen' if entry['state'] == 'withdrawn' else 'herausgenommen'}"
    what = "erste Plätze" if head["voting"] == "ranking" else "Stimmen"
    parts = (
        [] if head["voting"] == "none" else [f"{what}: {entry['votes']} ({entry['account']} mit Konto, {entry['guest']} ohne)"]
    )
    for key, label in (("public", "Abstimmung"), ("jury", "Jury"), ("total", "zusammen")):
        if entry[key] is not None:
            parts.append(f"{label} {entry[key].replace('.', ',')}")
    return f"  Platz {entry['place']}{' (geteilt)' if entry['tied'] else ''}: {name} – {'; '.join(parts)}"


def main(arguments: Sequence[str] | None = None, write: Callable[[str], object] = print) -> int:
    """Recount the file that the arguments name and write what came of it; returns the exit code."""
    parser = argparse.ArgumentParser(prog="recount.py", description="Zählt einen Ideenwettbewerb nach.")
    parser.add_argument("datei", metavar="DATEI", help="die Datei der Stimmzettel: stimmzettel.jsonl")
    parser.add_argument("--kopf", metavar="PRÜFSUMME", default="", help="die Prüfsumme, die auf der Ergebnisseite steht")
    options = parser.parse_args(arguments)
    try:
        with open(options.datei, "rb") as file:
            data = file.read()
    except OSError as error:
        write(f"Die Datei „{options.datei}“ lässt sich nicht lesen: {error.strerror}")
        return 2
    try:
        head, result, rows = recount(data, options.kopf)
    except Refuted as refuted:
        write(f"NICHT BESTÄTIGT. {refuted}")
        return 1
    for line in report(head, result, rows):
        write("".join(sign if sign.isprintable() else "?" for sign in line))
    write(f"Letzte Prüfsumme: {rows[-1]['hash']}")
    if not options.kopf:
        write("Bitte vergleichen Sie sie mit der auf der Ergebnisseite, oder geben Sie diese mit --kopf an.")
    write("BESTÄTIGT: Die Stimmzettel ergeben das veröffentlichte Ergebnis.")
    return 0


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # old consoles don't know every sign
    sys.exit(main())
