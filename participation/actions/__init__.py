"""What can be done in a competition. Every step asks permissions.py first and writes its log row in the same transaction."""

from ideas.actions import Overtaken, Refused, TooLate

from .ballots import NoLongerOpen, cast, give, take_back, withdraw_ballot
from .commenting import Author, Circumstances, confirm, delete_own, edit, stop_followup, write
from .entries import decline, enter_handed_in, propose, retract, take_in, take_in_directly, take_out
from .jury import Incomplete, appoint, declare_conflict, dismiss, hand_in_sheet, save_sheet, sheet_of
from .moderating import block, close_discussion, complain, decide, decide_complaint, lift_block, report
from .planning import Unfit, check_schedule_seen, extend, plan
from .tallying import close, close_forgotten, count, lift, publish, set_aside

__all__ = [
    "Author",
    "Circumstances",
    "Incomplete",
    "NoLongerOpen",
    "Overtaken",
    "Refused",
    "TooLate",
    "Unfit",
    "appoint",
    "block",
    "cast",
    "check_schedule_seen",
    "close",
    "close_discussion",
    "close_forgotten",
    "complain",
    "confirm",
    "count",
    "decide",
    "decide_complaint",
    "declare_conflict",
    "decline",
    "delete_own",
    "dismiss",
    "edit",
    "enter_handed_in",
    "extend",
    "give",
    "hand_in_sheet",
    "lift",
    "lift_block",
    "plan",
    "propose",
    "publish",
    "report",
    "retract",
    "save_sheet",
    "set_aside",
    "sheet_of",
    "stop_followup",
    "take_back",
    "take_in",
    "take_in_directly",
    "take_out",
    "withdraw_ballot",
    "write",
]
