"""Samples and states of everything around competitions and votes. Used by public_states.py."""

from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any

from accounts import known
from accounts.contacts import contact_of_user
from accounts.models import User
from ideas.models import Idea, ReviewScheme
from ideas.workflow import Status
from participation import actions
from participation.models import Competition, Entry
from participation.phases import Phase
from participation.voters import Voter
from tests.factories import participation as make
from tests.public_ways import Case, Open, Send, Steps

CITIZEN, JURY = "buergerin@example.org", "jury@example.org"
_round = count(1)
# The competitions of the demo: one takes ideas, one is voted on, one has its result.
OPEN, VOTED_ON, CLOSED = (f"/wettbewerbe/digitales-myk-{name}/" for name in ("dorf", "unterwegs", "klima"))


def _in(phase: Phase | None, page: str = "", **rules: Any) -> Steps:
    """A page of a competition with four public ideas that is in this phase; None: its dates are not known yet."""
    return [Open(f"{_competition(phase, **rules).get_absolute_url()}{page}")]


def _competition(phase: Phase | None, **rules: Any) -> Competition:
    phases = (Phase.ANNOUNCED, *make.ALL)
    # A title of its own for each: every sample has an address of its own, and no two addresses share a title.
    title = f"Was unserem Ort guttut, Runde {next(_round)}: {phase.label if phase else 'ohne Termin'}"
    found = make.competition(phase, phases=phases, title=title, **rules)
    for idea in Idea.objects.public().filter(status=Status.KEPT, merged_into=None).order_by("number")[:4]:
        make.entry(found, idea=idea)
    return Competition.objects.with_phases().get(pk=found.pk)


def _with_jury() -> dict[str, Any]:
    return {"jury_scheme": ReviewScheme.objects.get(slug="myk10").versions.latest("number"), "jury_weight": 40}


def _has_voted(page: str, **rules: Any) -> Steps:
    """The citizen has voted for the first idea."""
    found = _competition(Phase.VOTING, **rules)
    entry: Entry = found.entries.earliest("idea__number")
    voter = Voter(contact_of_user(User.objects.get(email=CITIZEN)), is_guest=False)
    chosen: dict[str, Any] = (
        {"ranking": [entry.pk]} if found.voting == Competition.Voting.RANKING else {"points": {entry.pk: 1}}
    )
    actions.cast(found, voter, **chosen)
    return [Open(f"{found.get_absolute_url()}abstimmen/{page.replace('first', f'{entry.idea.number}/')}")]


def _proof_link(leads_to: str = f"{VOTED_ON}abstimmen/") -> Steps:
    """The link that a guest gets who wants to vote."""
    asked = known.ask_to_prove(f"gast-{Idea.objects.count()}@example.org", leads_to)
    assert asked is not None
    return [Open(f"/konto/adresse/{known.proof_token(asked.key)}/")]


def _receipt(code: str = "") -> Steps:
    code = (
        code
        or Competition.objects.get(page__slug="digitales-myk-klima").ballots.filter(state="cast").earliest("receipt").receipt
    )
    return [Open(f"{CLOSED}beleg/?code={code}")]


SIGNED_IN = {
    "konto/abstimmungen/": CITIZEN,
}
SAMPLES: dict[str, Callable[[], Steps]] = {
    "wettbewerbe/<slug:slug>/einreichen/": lambda: [Open(f"{OPEN}einreichen/")],
    "wettbewerbe/<slug:slug>/vorschlagen/": lambda: [Open(f"{OPEN}vorschlagen/")],
    "wettbewerbe/<slug:slug>/abstimmen/": lambda: [Open(f"{VOTED_ON}abstimmen/")],
    "wettbewerbe/<slug:slug>/abstimmen/<number:number>/": lambda: [Open(f"{VOTED_ON}abstimmen/15/")],
    "wettbewerbe/<slug:slug>/beleg/": lambda: [Open(f"{CLOSED}beleg/")],
    "wettbewerbe/<slug:slug>/ergebnis/": lambda: [Open(f"{CLOSED}ergebnis/")],
    "konto/adresse/<str:token>/": _proof_link,
}
NO_PAGES = {
    "beteiligung/kalender.ics": "a calendar",
    "wettbewerbe/<slug:slug>/ergebnis/stimmzettel.zip": "an archive",
    "wettbewerbe/<slug:slug>/ergebnis/stimmzettel.jsonl": "data",
}
_VOTING = {"support": {}, "budget": {"votes": 3, "votes_per_entry": 2}, "ranking": {}}
STATES: list[Case] = [
    *(Case(f"a competition in the phase {phase.value}", partial(_in, phase)) for phase in Phase),
    Case("a competition without dates", lambda: _in(None)),
    Case("a competition that takes ideas, with a jury", lambda: [Open(OPEN)]),
    Case("a competition that is voted on", lambda: [Open(VOTED_ON)]),
    Case("a competition with its result", lambda: [Open(CLOSED)]),
    Case("a competition, nothing found", lambda: [Open(f"{VOTED_ON}?q=xyzxyz")]),
    *(
        Case(f"ballot of kind {kind}, with an account", partial(_in, Phase.VOTING, "abstimmen/", voting=kind, **rules), CITIZEN)
        for kind, rules in _VOTING.items()
    ),
    *(
        Case(f"ballot of kind {kind}, cast", partial(_has_voted, "", voting=kind, **rules), CITIZEN)
        for kind, rules in _VOTING.items()
    ),
    Case("ballot, nothing chosen", lambda: [Open(f"{VOTED_ON}abstimmen/"), Send({"action": "cast"})], CITIZEN, 422),
    Case("vote for one idea, with an account", lambda: [Open(f"{VOTED_ON}abstimmen/15/")], CITIZEN),
    Case("vote for one idea, given", lambda: _has_voted("first", voting="support"), CITIZEN),
    Case("vote, address missing", lambda: [Open(f"{VOTED_ON}abstimmen/"), Send()], status=422),
    Case("vote, link is on its way", lambda: [Open(f"{VOTED_ON}abstimmen/"), Send({"email": "gast@example.org"})]),
    Case("vote, by a guest who proved the address", lambda: [*_proof_link(), Send()]),
    Case("vote, only with an account", lambda: _in(Phase.VOTING, "abstimmen/", electorate="account")),
    Case("vote, only for checked persons", lambda: _in(Phase.VOTING, "abstimmen/", electorate="verified"), CITIZEN),
    Case("vote, over", lambda: [Open(f"{CLOSED}abstimmen/")]),
    Case("vote, not yet", lambda: [Open(f"{OPEN}abstimmen/")]),
    Case("link to prove an address that is wrong", lambda: [Open("/konto/adresse/falsch/")], status=404),
    Case("receipt code that is found", _receipt),
    Case("receipt code that is wrong", lambda: _receipt("0000-0000-0000-0000"), status=404),
    Case("receipt code before the result", lambda: [Open(f"{VOTED_ON}beleg/")]),
    Case("result that is not published", lambda: [Open(f"{VOTED_ON}ergebnis/")], status=404),
    Case("hand in to a competition, everything missing", lambda: [Open(f"{OPEN}einreichen/"), Send()], status=422),
    Case("hand in to a competition, over", lambda: [Open(f"{CLOSED}einreichen/")]),
    Case("propose, with an account", lambda: [Open(f"{OPEN}vorschlagen/")], CITIZEN),
    Case("propose, nothing chosen", lambda: [Open(f"{OPEN}vorschlagen/"), Send()], CITIZEN, 422),
    Case("propose, over", lambda: [Open(f"{CLOSED}vorschlagen/")]),
    Case("jury, sheet that was handed in", lambda: [Open("/konto/jury/digitales-myk-klima/107/")], JURY),
    Case("procedures, filters chosen", lambda: [Open("/beteiligung/?art=termin&stand=war")]),
    Case("procedures, nothing found", lambda: [Open("/beteiligung/?art=wettbewerb&stand=kommt")]),
    Case("procedures, unknown values", lambda: [Open("/beteiligung/?art=gibtesnicht&stand=%27&seite=99")]),
]
