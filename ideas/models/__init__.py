from .edition import Edition, EditionFile
from .exchange import ExchangeJob
from .idea import Idea, IdeaAuthor, IdeaPicture, IdeaVersion, NumberCounter
from .measure import Kpi, KpiValue, Measure, MeasureEntry, MeasureIdea, MeasureKind, PriorityReason, ProgressNote, Proposal
from .monitoring import Assessment, Indicator, IndicatorValue, MonitoringSettings
from .place import Place
from .receipts import ReceiptRequest
from .review import Criterion, InternalNote, Review, ReviewRound, ReviewScheme, ReviewScore, SchemeVersion
from .settings import ReviewSettings
from .tags import IdeaTag, MeasureTag
from .trail import TrailEntry, TrailText
from .voices import ContactRequest, Follow, Frequency, Notice, Support

__all__ = [
    "Assessment",
    "ContactRequest",
    "Criterion",
    "Edition",
    "EditionFile",
    "ExchangeJob",
    "Follow",
    "Frequency",
    "Idea",
    "IdeaAuthor",
    "IdeaPicture",
    "IdeaTag",
    "IdeaVersion",
    "Indicator",
    "IndicatorValue",
    "InternalNote",
    "Kpi",
    "KpiValue",
    "Measure",
    "MeasureEntry",
    "MeasureIdea",
    "MeasureKind",
    "MeasureTag",
    "MonitoringSettings",
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
