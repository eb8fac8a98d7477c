from .ballot import Ballot, Choice, QuarantineStep, Tally, VoterLink
from .competition import Competition, CompetitionPhase, CompetitionStep
from .entry import Entry, EntryStep
from .jury import JuryAnswer, JuryMember, JurySheet
from .pages import CompetitionIndexPage, CompetitionPage

__all__ = [
    "Ballot",
    "Choice",
    "Competition",
    "CompetitionIndexPage",
    "CompetitionPage",
    "CompetitionPhase",
    "CompetitionStep",
    "Entry",
    "EntryStep",
    "JuryAnswer",
    "JuryMember",
    "JurySheet",
    "QuarantineStep",
    "Tally",
    "VoterLink",
]
