"""Data for tests. Ideas reach every status by the steps that people take (ideas.actions), never by a raw status."""

from .ideas import MeasureFactory, PlaceFactory, draft, make_idea, picture_of, submission
from .pages import LoesungFactory, ZielbildFactory
from .reviews import answer, assigned, finished_round, scheme
from .users import UserFactory, role_group

__all__ = [
    "LoesungFactory",
    "MeasureFactory",
    "PlaceFactory",
    "UserFactory",
    "ZielbildFactory",
    "answer",
    "assigned",
    "draft",
    "finished_round",
    "make_idea",
    "picture_of",
    "role_group",
    "scheme",
    "submission",
]
