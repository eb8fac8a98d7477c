"""A second count, written apart from participation/recount.py and by other ways: reachability in place of Floyd-Warshall, a
runoff that remembers nothing and counts every earlier round anew, places by groups. It shares no code with the first."""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from itertools import groupby
from typing import Any


def result_of(head: dict[str, Any], jury: list[dict[str, Any]], ballots: list[dict[str, Any]]) -> dict[str, Any]:
    """What the end row must say."""
    valid = [ballot for ballot in ballots if ballot["state"] == "cast"]
    numbers = [entry["number"] for entry in head["entries"]]
    counting = [entry["number"] for entry in head["entries"] if entry["state"] == "in"]
    if head["voting"] == "ranking":
        orders = [[number for number in ballot["choices"] if number in counting] for ballot in valid]
        public, method = (by_paths if head["method"] == "schulze" else by_rounds)(counting, orders)
        firsts = [(order[:1], ballot["voter"]) for order, ballot in zip(orders, valid, strict=True)]
        got = {number: [voter for first, voter in firsts if first == [number]] for number in numbers}
    else:
        got = {number: [] for number in numbers}
        for ballot in valid:
            for number, votes in ballot["choices"]:
                got[number] += [ballot["voter"]] * votes
        best = max([len(got[number]) for number in counting] or [0])
        public = {number: Fraction(len(got[number]), best) * 100 if best else Fraction(0) for number in counting}
        method = {"name": "votes", "most": best}
        if head["voting"] == "none":
            public, method = dict.fromkeys(counting), {"name": "none"}
    scored = {number: of_jury(head["criteria"], [row for row in jury if row["number"] == number]) for number in counting}
    weight = 100 if head["voting"] == "none" else head["jury_weight"]
    total = {number: together(weight, scored[number], public[number]) for number in counting}
    entries, place = [], 1
    best_first = sorted(counting, key=lambda number: (-1 if total[number] is None else total[number], -number), reverse=True)
    for _score, group in groupby(best_first, key=total.__getitem__):
        sharing = list(group)
        entries += [(place, len(sharing) > 1, number) for number in sharing]
        place += len(sharing)
    entries += [(None, False, number) for number in numbers if number not in counting]
    by_number = {entry["number"]: entry for entry in head["entries"]}
    return {
        "ballots": {
            "cast": len(valid),
            **{voter: len([ballot for ballot in valid if ballot["voter"] == voter]) for voter in ("account", "guest")},
            **{state: len([b for b in ballots if b["state"] == state]) for state in ("withdrawn", "quarantined")},
        },
        "jury": {"weight": weight, "members": len({row["member"] for row in jury})} if head["criteria"] else None,
        "entries": [
            {
                **by_number[number],
                "place": place,
                "tied": tied,
                "votes": len(got[number]),
                "account": got[number].count("account"),
                "guest": got[number].count("guest"),
                "public": rounded(public.get(number)),
                "jury": rounded(scored.get(number)),
                "total": rounded(total.get(number)),
            }
            for place, tied, number in entries
        ],
        "method": method,
    }


def by_paths(counting: list[int], orders: list[list[int]]) -> tuple[dict[int, Any], dict[str, Any]]:
    """Schulze: the strongest path from a to b is as strong as the largest n so that duels won with n lead from a to b."""

    def place_on(order: list[int], number: int) -> int:
        return order.index(number) if number in order else len(counting)

    duel = {(a, b): sum(place_on(order, a) < place_on(order, b) for order in orders) for a in counting for b in counting}

    def reaches(start: int, strength: int) -> set[int]:
        seen, waiting = {start}, [start]
        while waiting:
            here = waiting.pop()
            for there in set(counting) - seen:
                if duel[here, there] > duel[there, here] and duel[here, there] >= strength:
                    seen.add(there)
                    waiting.append(there)
        return seen

    strength = dict.fromkeys(duel, 0)
    for level in sorted(set(duel.values()) - {0}):
        for a in counting:
            strength |= {(a, b): level for b in reaches(a, level) - {a}}
    beaten_by = {a: {b for b in counting if strength[b, a] > strength[a, b]} for a in counting}
    for a in counting:  # who beats somebody beats all whom that one beats: places can't contradict a victory
        assert all(beaten_by[b] < beaten_by[a] for b in beaten_by[a])
    places = {a: len([b for b in counting if len(beaten_by[b]) < len(beaten_by[a])]) + 1 for a in counting}
    method: dict[str, Any] = {"name": "schulze", "numbers": counting}
    for name, table in (("duels", duel), ("paths", strength)):
        method[name] = [[table[a, b] for b in counting] for a in counting]
    return from_places(places), method


def by_rounds(counting: list[int], orders: list[list[int]]) -> tuple[dict[int, Any], dict[str, Any]]:
    """Instant runoff: which sets of entries were left in each round is all that is kept."""

    def firsts(among: list[int]) -> dict[int, int]:
        tops = [next((number for number in order if number in among), None) for order in orders]
        return {number: tops.count(number) for number in among}

    stages, places = [list(counting)], {}
    rounds = []
    while len(stages[-1]) > 1:
        now = firsts(stages[-1])
        last = list(stages[-1])
        for stage in reversed(stages):
            earlier = firsts(stage)
            last = [number for number in last if earlier[number] == min(earlier[each] for each in last)]
        stay = [number for number in stages[-1] if number not in last]
        rounds.append({"votes": [[n, now[n]] for n in stages[-1]], "exhausted": len(orders) - sum(now.values())})
        rounds[-1]["out"] = last if stay else []
        if not stay:
            break
        for number in last:
            places[number] = len(stay) + 1
        stages.append(stay)
    places |= dict.fromkeys(stages[-1], 1)
    return from_places(places), {"name": "runoff", "rounds": rounds}


def from_places(places: dict[int, int]) -> dict[int, Any]:
    if len(places) == 1:
        return dict.fromkeys(places, Fraction(100))
    return {number: Fraction(100) * (len(places) - place) / (len(places) - 1) for number, place in places.items()}


def of_jury(criteria: list[dict[str, Any]], rows: list[dict[str, Any]]) -> Fraction | None:
    """Each member's own weighted mean, then the mean of the members: the same where every member answers all."""
    if not rows:
        return None
    means = []
    for row in rows:
        parts = [
            each["weight"] * Fraction(row["answers"][each["key"]] - each["lowest"], each["highest"] - each["lowest"])
            for each in criteria
        ]
        means.append(sum(parts, Fraction(0)) / sum(each["weight"] for each in criteria))
    return 100 * sum(means, Fraction(0)) / len(means)


def together(weight: int, jury: Fraction | None, public: Fraction | None) -> Fraction | None:
    if jury is None:
        return public
    return jury if public is None else jury * Fraction(weight, 100) + public * Fraction(100 - weight, 100)


def rounded(score: Fraction | None) -> str | None:
    if score is None:
        return None
    with localcontext() as context:
        context.prec = 60
        return str((Decimal(score.numerator) / score.denominator).quantize(Decimal("0.01"), ROUND_HALF_UP))
