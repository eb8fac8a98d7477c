from .ballot import Ballot, Choice, QuarantineStep, Tally, VoterLink
from .competition import Competition, CompetitionPhase, CompetitionStep
from .entry import Entry, EntryStep
from .jury import JuryAnswer, JuryMember, JurySheet
from .pages import CompetitionIndexPage, CompetitionPage
from .survey import (
    Survey,
    SurveyAnswer,
    SurveyOption,
    SurveyParticipation,
    SurveyQuestion,
    SurveyResponse,
    SurveyTextDecision,
)

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
    "Survey",
    "SurveyAnswer",
    "SurveyOption",
    "SurveyParticipation",
    "SurveyQuestion",
    "SurveyResponse",
    "SurveyTextDecision",
    "Tally",
    "VoterLink",
]
