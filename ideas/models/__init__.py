from .idea import Idea, IdeaAuthor, IdeaPicture, IdeaVersion, NumberCounter
from .measure import Kpi, Measure, MeasureIdea
from .place import Place
from .tags import IdeaTag, MeasureTag
from .trail import TrailEntry, TrailText

__all__ = [
    "Idea",
    "IdeaAuthor",
    "IdeaPicture",
    "IdeaTag",
    "IdeaVersion",
    "Kpi",
    "Measure",
    "MeasureIdea",
    "MeasureTag",
    "NumberCounter",
    "Place",
    "TrailEntry",
    "TrailText",
]
