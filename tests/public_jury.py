"""The pages of a member of a jury, for the list of public pages: one sample of each address, and the states of a sheet."""

from accounts.models import User
from accounts.roles import Role
from participation import actions
from participation.models import Competition, JuryMember
from participation.phases import Phase
from tests.factories import participation as make
from tests.factories.ideas import make_idea
from tests.factories.users import role_group
from tests.public_ways import Case, Open, Send, Steps

CITIZEN = "buergerin@example.org"
LIST, SHEET = "konto/jury/<slug:slug>/", "konto/jury/<slug:slug>/<number:number>/"
SIGNED_IN = {"konto/jury/": CITIZEN, LIST: CITIZEN, SHEET: CITIZEN}


def _seat(phase: Phase = Phase.JURY) -> JuryMember:
    """The citizen sits in a jury now."""
    user = User.objects.get(email=CITIZEN)
    user.groups.add(role_group(Role.JURY))
    return make.member(make.jury_competition(phase), user)


def _sheet(seat: JuryMember, number: int | None) -> Open:
    return Open(f"/konto/jury/{seat.competition.slug}/{number}/")


def _entry(found: Competition) -> int | None:
    return make.entry(found, idea=make_idea(released=True)).idea.number


def _list(number: int = 2) -> Steps:
    seat = _seat()
    for _each in range(number):
        _entry(seat.competition)
    return [Open(f"/konto/jury/{seat.competition.slug}/")]


def _open_sheet(phase: Phase = Phase.JURY) -> Steps:
    seat = _seat(phase)
    return [_sheet(seat, _entry(seat.competition))]


def _handed_in() -> Steps:
    seat = _seat()
    about = make.entry(seat.competition)
    make.scored(make.member(seat.competition), about, 1, comment="Das hilft vielen.")
    make.scored(seat, about, 2, comment="Gut.")
    return [_sheet(seat, about.idea.number)]


def _conflict() -> Steps:
    seat = _seat()
    about = make.entry(seat.competition)
    assert seat.user
    actions.declare_conflict(actions.sheet_of(seat, about), "Mein Verein hat das vorgeschlagen.", by=seat.user)
    return [_sheet(seat, about.idea.number)]


def _home() -> Steps:
    _list()
    return [Open("/konto/jury/")]


SAMPLES = {LIST: _list, SHEET: _open_sheet}
STATES = [
    Case("my juries", _home, CITIZEN),
    Case("a jury without entries", lambda: _list(0), CITIZEN),
    Case("a jury's sheet, answers missing", lambda: [*_open_sheet(), Send({"action": "hand_in"})], CITIZEN, 422),
    Case("a jury's sheet, handed in", _handed_in, CITIZEN),
    Case("a jury's sheet, conflict declared", _conflict, CITIZEN),
    Case("a jury's sheet before its phase", lambda: _open_sheet(Phase.VOTING), CITIZEN),
    Case("a jury's sheet after its phase", lambda: _open_sheet(Phase.RESULT), CITIZEN),
]
