"""The rules of a competition in sentences for its readers. Knows no database."""

from django.utils.translation import gettext as _

from .models import Competition

Voting, Electorate, Method = Competition.Voting, Competition.Electorate, Competition.Method


def in_sentences(competition: Competition, *, is_voted: bool = False) -> list[str]:
    """How is voted and decided here: what a voter has, who may vote, how it is counted, what the jury weighs. `is_voted`: the
    voting is over, so nobody is told any longer what can be changed."""
    if not competition.has_voting:
        return [_jury_alone() if competition.has_jury else _("In diesem Wettbewerb wird nicht abgestimmt.")]
    return [
        _what_a_voter_has(competition),
        *([_method(competition)] if competition.voting == Voting.RANKING else []),
        _who(competition),
        *_weight(competition),
        *([] if is_voted else [_("Bis zum Ende können Sie alles ändern. Einen Zwischenstand gibt es für niemanden.")]),
    ]


def _what_a_voter_has(competition: Competition) -> str:
    if competition.voting == Voting.SUPPORT:
        return _("Jede Idee, die Ihnen gefällt, bekommt von Ihnen eine Stimme.")
    if competition.voting == Voting.RANKING:
        return _("Sie ordnen die Ideen: die beste zuerst. Sie können alle ordnen oder nur einige.")
    votes, most = competition.votes, competition.votes_per_entry
    if votes == 1:
        return _("Sie haben eine Stimme und geben sie einer Idee.")
    numbers = {"votes": votes, "most": most}
    if most == votes:
        return _("Sie haben %(votes)s Stimmen und verteilen sie, wie Sie möchten, auch alle auf eine Idee.") % numbers
    return _("Sie haben %(votes)s Stimmen und verteilen sie, höchstens %(most)s auf eine Idee.") % numbers


def _method(competition: Competition) -> str:
    if competition.method == Method.SCHULZE:
        return _(
            "Gezählt wird im Vergleich von je zwei Ideen: Welche steht auf mehr Stimmzetteln vor der anderen? (Schulze-Methode)"
        )
    return _(
        "Gezählt wird in Runden: Die Idee mit den wenigsten ersten Plätzen scheidet aus, ihre Stimmzettel gehen an die nächste "
        "Idee darauf. (Instant-Runoff)"
    )


def _who(competition: Competition) -> str:
    return {
        Electorate.EMAIL.value: _("Abstimmen kann, wer seine E-Mail-Adresse bestätigt, auch ohne Konto."),
        Electorate.ACCOUNT.value: _("Abstimmen kann, wer ein Konto hat."),
        Electorate.VERIFIED.value: _("Abstimmen kann, wer ein Konto hat und sich ausgewiesen hat."),
    }[competition.electorate]


def _weight(competition: Competition) -> list[str]:
    weight = competition.jury_weight
    if not competition.has_jury:
        return []
    if weight == 0:
        return [_("Auch die Jury bewertet. Über die Plätze entscheidet allein die Abstimmung.")]
    if weight == 100:
        return [_jury_alone()]
    sentence = _("Im Ergebnis zählt die Jury %(jury)s Prozent, die Abstimmung %(public)s Prozent.")
    return [sentence % {"jury": weight, "public": 100 - weight}]


def _jury_alone() -> str:
    return _("Über die Plätze entscheidet allein die Jury.")
