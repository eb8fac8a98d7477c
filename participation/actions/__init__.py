"""What can be done in a competition. Every step asks permissions.py first and writes its log row in the same transaction."""

from ideas.actions import Overtaken, Refused, TooLate

from .ballots import NoLongerOpen, cast, give, take_back, withdraw_ballot
from .entries import decline, enter_handed_in, propose, retract, take_in, take_in_directly, take_out

__all__ = [
    "NoLongerOpen",
    "Overtaken",
    "Refused",
    "TooLate",
    "cast",
    "decline",
    "enter_handed_in",
    "give",
    "propose",
    "retract",
    "take_back",
    "take_in",
    "take_in_directly",
    "take_out",
    "withdraw_ballot",
]
