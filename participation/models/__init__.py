from .ballot import Ballot, Choice, QuarantineStep, Tally, VoterLink
from .comment import Comment, CommentStep, CommentVersion
from .competition import Competition, CompetitionPhase, CompetitionStep
from .discussion import Discussion
from .entry import Entry, EntryStep
from .jury import JuryAnswer, JuryMember, JurySheet
from .moderation import Block, CommentRules, Complaint, Report
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
    "Block",
    "Choice",
    "Comment",
    "CommentRules",
    "CommentStep",
    "CommentVersion",
    "Competition",
    "CompetitionIndexPage",
    "CompetitionPage",
    "CompetitionPhase",
    "CompetitionStep",
    "Complaint",
    "Discussion",
    "Entry",
    "EntryStep",
    "JuryAnswer",
    "JuryMember",
    "JurySheet",
    "QuarantineStep",
    "Report",
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
