"""What can be done in a competition. Every step asks permissions.py first and writes its log row in the same transaction."""

from ideas.actions.record import Overtaken, Refused

from .ballots import NoLongerOpen, cast, give, take_back, withdraw_ballot
from .entries import decline, enter_handed_in, propose, take_in, take_in_directly, take_out
from .planning import Unfit, check_schedule_seen, extend, plan

__all__ = [
    "NoLongerOpen",
    "Overtaken",
    "Refused",
    "Unfit",
    "cast",
    "check_schedule_seen",
    "decline",
    "enter_handed_in",
    "extend",
    "give",
    "plan",
    "propose",
    "take_back",
    "take_in",
    "take_in_directly",
    "take_out",
    "withdraw_ballot",
]
