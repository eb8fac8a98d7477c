"""The rules of a vote as sentences: each kind, each electorate, each weight. No database."""

import pytest

from participation.models import Competition
from participation.rules import in_sentences

CHANGEABLE = "Bis zum Ende können Sie alles ändern. Einen Zwischenstand gibt es für niemanden."
SCHULZE = "Gezählt wird im Vergleich von je zwei Ideen: Welche steht auf mehr Stimmzetteln vor der anderen? (Schulze-Methode)"
RUNOFF = (
    "Gezählt wird in Runden: Die Idee mit den wenigsten ersten Plätzen scheidet aus, ihre Stimmzettel gehen an die nächste "
    "Idee darauf. (Instant-Runoff)"
)
ALL_MAY = "Abstimmen kann, wer seine E-Mail-Adresse bestätigt, auch ohne Konto."


@pytest.mark.parametrize(
    ("fields", "sentences"),
    [
        ({"voting": "none"}, ["In diesem Wettbewerb wird nicht abgestimmt."]),
        ({"voting": "none", "jury_scheme_id": 1}, ["Über die Plätze entscheidet allein die Jury."]),
        ({"voting": "support"}, ["Jede Idee, die Ihnen gefällt, bekommt von Ihnen eine Stimme.", ALL_MAY, CHANGEABLE]),
        (
            {"voting": "budget", "votes": 5, "votes_per_entry": 2},
            ["Sie haben 5 Stimmen und verteilen sie, höchstens 2 auf eine Idee.", ALL_MAY, CHANGEABLE],
        ),
        (
            {"voting": "budget", "votes": 3, "votes_per_entry": 3},
            ["Sie haben 3 Stimmen und verteilen sie, wie Sie möchten, auch alle auf eine Idee.", ALL_MAY, CHANGEABLE],
        ),
        (
            {"voting": "budget", "votes": 1, "votes_per_entry": 1},
            ["Sie haben eine Stimme und geben sie einer Idee.", ALL_MAY, CHANGEABLE],
        ),
        (
            {"voting": "ranking", "method": "schulze", "electorate": "account"},
            [
                "Sie ordnen die Ideen: die beste zuerst. Sie können alle ordnen oder nur einige.",
                SCHULZE,
                "Abstimmen kann, wer ein Konto hat.",
                CHANGEABLE,
            ],
        ),
        (
            {"voting": "ranking", "method": "runoff", "electorate": "verified"},
            [
                "Sie ordnen die Ideen: die beste zuerst. Sie können alle ordnen oder nur einige.",
                RUNOFF,
                "Abstimmen kann, wer ein Konto hat und sich ausgewiesen hat.",
                CHANGEABLE,
            ],
        ),
        (
            {"voting": "support", "jury_scheme_id": 1, "jury_weight": 30},
            [
                "Jede Idee, die Ihnen gefällt, bekommt von Ihnen eine Stimme.",
                ALL_MAY,
                "Im Ergebnis zählt die Jury 30 Prozent, die Abstimmung 70 Prozent.",
                CHANGEABLE,
            ],
        ),
        (
            {"voting": "support", "jury_scheme_id": 1, "jury_weight": 0},
            [
                "Jede Idee, die Ihnen gefällt, bekommt von Ihnen eine Stimme.",
                ALL_MAY,
                "Auch die Jury bewertet. Über die Plätze entscheidet allein die Abstimmung.",
                CHANGEABLE,
            ],
        ),
    ],
)
def test_the_rules_say_what_a_voter_has_who_votes_and_what_counts(fields: dict[str, object], sentences: list[str]) -> None:
    assert in_sentences(Competition(**fields)) == sentences


def test_after_the_vote_nobody_is_told_what_can_be_changed() -> None:
    assert CHANGEABLE not in in_sentences(Competition(voting="support"), is_voted=True)
