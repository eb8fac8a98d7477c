"""The page of a published result: the places as a table, who voted, how it was counted, and how anybody recounts it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ideas.bars import Drawing, Number, Row, bars

from . import addresses
from .models import Ballot, Competition, QuarantineStep
from .outcome import Outcome, Place

MOST_BARS = 10
Voting = Competition.Voting


@dataclass(frozen=True)
class Column:
    """One column of the table of places. `key` is the name that a Place has for it."""

    key: str
    label: str
    is_score: bool = False


def context_of(outcome: Outcome) -> dict[str, Any]:
    """All that the page says. One query: the reasons of what was set aside."""
    competition = outcome.competition
    columns = _columns(outcome)
    return {
        "outcome": outcome,
        "columns": columns,
        "rows": [_row(place, columns) for place in outcome.places],
        "drawing": _drawing(outcome) if competition.has_voting and outcome.standing else None,
        "turnout": _turnout(outcome),
        "set_aside": _set_aside(competition),
        "decided": _decided(outcome),
        "method": _method(outcome),
        "duels": _duels(outcome),
        "rounds": _rounds(outcome),
        "zip_url": addresses.ballots_zip(competition),
        "file_url": addresses.ballots(competition),
        "receipt_url": addresses.receipt(competition) if competition.has_voting else "",
    }


def score(text: str) -> str:
    """A score of the file as it is read here: 83.33 → „83,33“."""
    return text.replace(".", get_format("DECIMAL_SEPARATOR"))


def _columns(outcome: Outcome) -> list[Column]:
    competition = outcome.competition
    votes = _("Erste Plätze") if competition.voting == Voting.RANKING else _("Stimmen")
    found = []
    if competition.has_voting:
        found += [Column("votes", votes), Column("account", _("mit Konto")), Column("guest", _("ohne Konto"))]
    if competition.has_voting and (competition.voting == Voting.RANKING or _weighs(outcome)):
        found.append(Column("public", _("Abstimmung, Punkte"), is_score=True))
    if outcome.jury:
        found.append(Column("jury", _("Jury, Punkte"), is_score=True))
    if competition.has_voting and _weighs(outcome):
        found.append(Column("total", _("Zusammen"), is_score=True))
    return found


def _weighs(outcome: Outcome) -> bool:
    """Whether jury and vote both count."""
    return bool(outcome.jury and 0 < outcome.jury["weight"] < 100)


def _row(place: Place, columns: list[Column]) -> dict[str, Any]:
    cells = []
    for column in columns:
        value = getattr(place, column.key)
        cells.append((score(value) or "–") if column.is_score else value)
    return {"place": place, "cells": cells}


def _drawing(outcome: Outcome) -> Drawing:
    """The votes of the best as bars, those of accounts and guests apart."""
    best = outcome.standing[:MOST_BARS]
    rows = [
        Row(
            place.title,
            [Number(_("mit Konto"), place.account, pattern="full"), Number(_("ohne Konto"), place.guest, pattern="lines")],
            url=place.url,
        )
        for place in best
    ]
    is_ranked = outcome.competition.voting == Voting.RANKING
    title = _("Erste Plätze im Vergleich") if is_ranked else _("Stimmen im Vergleich")
    head = [_("Idee"), _("mit Konto"), _("ohne Konto")]
    return bars("stimmen", title, _sentence(is_ranked, len(best)), rows, head)


def _sentence(is_ranked: bool, number: int) -> str:
    """What the bars show."""
    if is_ranked:
        sentence: Any = ngettext(
            "Auf so vielen Stimmzetteln steht diese Idee ganz oben.",
            "Auf so vielen Stimmzetteln stehen die %(number)s Ideen mit den besten Plätzen ganz oben.",
            number,
        )
    else:
        sentence = ngettext(
            "So viele Stimmen hat diese Idee bekommen.",
            "So viele Stimmen haben die %(number)s Ideen mit den besten Plätzen bekommen.",
            number,
        )
    return str(sentence % {"number": number})


def _turnout(outcome: Outcome) -> list[dict[str, Any]]:
    """How many ballots there were, and what became of them."""
    if not outcome.competition.has_voting:
        return []
    ballots = outcome.ballots
    return [
        {"label": _("Gezählte Stimmzettel"), "number": ballots["cast"]},
        {"label": _("davon mit Konto"), "number": ballots["account"]},
        {"label": _("davon ohne Konto"), "number": ballots["guest"]},
        {"label": _("Zurückgezogen"), "number": ballots["withdrawn"]},
        {"label": _("Unter Quarantäne, nicht gezählt"), "number": ballots["quarantined"]},
    ]


def _set_aside(competition: Competition) -> list[dict[str, Any]]:
    """Why ballots are under quarantine, with how many for each reason."""
    steps = QuarantineStep.objects.filter(ballot=OuterRef("pk"), action=QuarantineStep.Action.SET).order_by(
        "-happened_at", "-pk"
    )
    ballots = Ballot.objects.filter(competition=competition, state=Ballot.State.QUARANTINED)
    reasons = ballots.annotate(reason=Subquery(steps.values("reason")[:1])).values("reason")
    rows = reasons.annotate(number=Count("pk")).order_by("-number", "reason")
    return [{"reason": row["reason"], "number": row["number"]} for row in rows]


def _decided(outcome: Outcome) -> str:
    """What the places go by."""
    if not outcome.jury or (outcome.jury["weight"] == 0):
        return _("Über die Plätze hat die Abstimmung entschieden.")
    words = {"members": outcome.jury["members"], "jury": outcome.jury["weight"], "public": 100 - outcome.jury["weight"]}
    if outcome.jury["weight"] == 100 or not outcome.competition.has_voting:
        sentence: Any = ngettext(
            "Über die Plätze hat die Jury entschieden, %(members)s Mitglied hat bewertet.",
            "Über die Plätze hat die Jury entschieden, %(members)s Mitglieder haben bewertet.",
            outcome.jury["members"],
        )
        return str(sentence % words)
    sentence = ngettext(
        "Die Jury (%(members)s Mitglied) zählt %(jury)s Prozent, die Abstimmung %(public)s Prozent.",
        "Die Jury (%(members)s Mitglieder) zählt %(jury)s Prozent, die Abstimmung %(public)s Prozent.",
        outcome.jury["members"],
    )
    return str(sentence % words)


def _method(outcome: Outcome) -> list[str]:
    """How it was counted, in plain words; docs/auszaehlung.md says it at length."""
    name = outcome.method.get("name")
    sentences = []
    if name == "schulze":
        sentences = [
            _("Je zwei Ideen werden verglichen: Auf wie vielen Stimmzetteln steht die eine vor der anderen?"),
            _(
                "Vorn liegt die Idee, die keinen Vergleich verliert. Schlagen sich Ideen im Kreis, entscheidet der stärkere "
                "Weg von einer zur anderen (Schulze-Methode)."
            ),
            _("Eine Idee, die auf einem Stimmzettel fehlt, steht dort hinter allen, die er nennt."),
        ]
    elif name == "runoff":
        sentences = [
            _("In jeder Runde zählt von jedem Stimmzettel die oberste Idee, die noch dabei ist."),
            _("Die Idee mit den wenigsten Stimmen scheidet aus, ihre Stimmzettel gehen an die nächste Idee darauf."),
            _("Bei gleich wenigen Stimmen entscheidet die Runde davor. Sind alle Runden gleich, scheiden sie zusammen aus."),
        ]
    elif name == "votes":
        sentences = [_("Die Stimmen jeder Idee werden zusammengezählt.")]
        if _weighs(outcome):
            sentences.append(_("Die Idee mit den meisten Stimmen hat 100 Punkte, die anderen entsprechend weniger."))
    if outcome.jury:
        sentences.append(
            _(
                "Bei jedem Kriterium zählt der Durchschnitt aller, die bewertet haben. Nach dem Gewicht der Kriterien werden "
                "daraus höchstens 100 Punkte."
            )
        )
        if _weighs(outcome) and not all(place.jury for place in outcome.standing):
            sentences.append(_("Bei einer Idee, die niemand aus der Jury bewertet hat, zählt nur die Abstimmung."))
    return [*sentences, _("Gerechnet wird ohne zu runden. Wer gleich viel hat, teilt sich den Platz.")]


def _duels(outcome: Outcome) -> dict[str, Any] | None:
    """The comparison of each two entries, for Schulze's method."""
    if outcome.method.get("name") != "schulze":
        return None
    numbers, duels = outcome.method["numbers"], outcome.method["duels"]
    rows = []
    for one, number in enumerate(numbers):
        cells = [
            {"text": "" if one == other else str(duels[one][other]), "wins": duels[one][other] > duels[other][one]}
            for other in range(len(numbers))
        ]
        rows.append({"number": number, "cells": cells})
    return {"numbers": numbers, "rows": rows}


def _rounds(outcome: Outcome) -> list[dict[str, Any]]:
    """The rounds of an instant runoff."""
    rounds = []
    for position, each in enumerate(outcome.method.get("rounds", []), start=1):
        votes = sorted(each["votes"], key=lambda pair: (-pair[1], pair[0]))
        rounds.append(
            {
                "position": position,
                "votes": [{"number": number, "votes": count, "is_out": number in each["out"]} for number, count in votes],
                "exhausted": each["exhausted"],
            }
        )
    return rounds
