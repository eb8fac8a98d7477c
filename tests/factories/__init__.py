"""Data for tests. Ideas reach every status by the steps that people take (ideas.actions), never by a raw status."""

from .ideas import MeasureFactory, PlaceFactory, draft, make_idea, picture_of, submission
from .pages import EventFactory, LoesungFactory, StatementFactory, ZielbildFactory, home_page
from .reviews import answer, assigned, finished_round, scheme
from .users import UserFactory, role_group

__all__ = [
    "EventFactory",
    "LoesungFactory",
    "MeasureFactory",
    "PlaceFactory",
    "StatementFactory",
    "UserFactory",
    "ZielbildFactory",
    "answer",
    "assigned",
    "draft",
    "finished_round",
    "home_page",
    "make_idea",
    "picture_of",
    "role_group",
    "scheme",
    "submission",
]
