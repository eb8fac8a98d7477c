from .exchange import ExchangeJob
from .idea import Idea, IdeaAuthor, IdeaPicture, IdeaVersion, NumberCounter
from .measure import Kpi, KpiValue, Measure, MeasureEntry, MeasureIdea, PriorityReason, ProgressNote, Proposal
from .place import Place
from .receipts import ReceiptRequest
from .review import Criterion, InternalNote, Review, ReviewRound, ReviewScheme, ReviewScore, SchemeVersion
from .settings import ReviewSettings
from .tags import IdeaTag, MeasureTag
from .trail import TrailEntry, TrailText
from .voices import ContactRequest, Follow, Frequency, Notice, Support

__all__ = [
    "ContactRequest",
    "Criterion",
    "ExchangeJob",
    "Follow",
    "Frequency",
    "Idea",
    "IdeaAuthor",
    "IdeaPicture",
    "IdeaTag",
    "IdeaVersion",
    "InternalNote",
    "Kpi",
    "KpiValue",
    "Measure",
    "MeasureEntry",
    "MeasureIdea",
    "MeasureTag",
    "Notice",
    "NumberCounter",
    "Place",
    "PriorityReason",
    "ProgressNote",
    "Proposal",
    "ReceiptRequest",
    "Review",
    "ReviewRound",
    "ReviewScheme",
    "ReviewScore",
    "ReviewSettings",
    "SchemeVersion",
    "Support",
    "TrailEntry",
    "TrailText",
]
