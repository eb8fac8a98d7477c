"""What the database itself refuses about competitions, whoever types it (common/database_rules.py puts the rules in place).

1. An entry changes its state only together with a step that leads there. Steps never change and never go.
2. A choice names an entry of its own ballot's competition, and changes only while the ballot is not sealed; so does the ballot,
   but for a quarantine. A ballot never goes. A new ballot or link comes only before the close. How many votes a ballot has, and
   an entry of it can get, is what the competition says; a voter's link leads to a ballot of the same competition.
3. A quarantine is one step of a log that never changes.
4. How is voted, who may vote and how it is counted stay as they are from the first ballot on; a close is never undone.
   The log of a competition in which anybody took part never changes and never goes.
5. A published result never changes and never goes.
6. A member of a jury scores entries of the own competition. What they have handed in never changes and never goes; from the
   first sheet on, criteria and weight stay.
Who acted may be forgotten: a reference to an account can be set to nothing.
"""

from common.database_rules import Rule, register

_CLOSED = "EXISTS (SELECT 1 FROM participation_competition c WHERE c.id = {row}.competition_id AND c.closed_at IS NOT NULL)"
_SEALED = "EXISTS (SELECT 1 FROM participation_ballot b WHERE b.id = {row}.ballot_id AND b.is_sealed)"
_VOTING_RULES = ("voting", "electorate", "votes", "votes_per_entry", "method", "jury_scheme_id", "jury_weight", "link_days")


def _differ(*columns: str) -> str:
    return " OR ".join(f"NEW.{column} {{differs}} OLD.{column}" for column in columns)


def _only_forgets_actor(table: str, *columns: str) -> Rule:
    """A log's row: nothing of it changes, only who acted may be forgotten."""
    return (table, "UPDATE", f"{_differ('id', *columns)} OR (NEW.actor_id {{differs}} OLD.actor_id AND NEW.actor_id IS NOT NULL)", "FALSE", "a step never changes")


register(
    {
        "entry_changes_with_its_step": (
            "participation_entry", "UPDATE", _differ("state", "step_count", "competition_id", "idea_id", "way"),
            "NEW.step_count = OLD.step_count + 1 AND NOT (" + _differ("competition_id", "idea_id", "way") + ")"  # nosec B608 - our own constants
            " AND EXISTS (SELECT 1 FROM participation_entrystep s WHERE s.entry_id = OLD.id AND s.position = NEW.step_count"  # nosec B608 - our own constants
            " AND s.from_state = OLD.state AND s.to_state = NEW.state)",
            "an entry changes only together with a step that leads there",
        ),
        "entry_step_never_changes": _only_forgets_actor("participation_entrystep", "entry_id", "position", "from_state", "to_state", "reason", "happened_at"),
        "entry_step_never_goes": (
            "participation_entrystep", "DELETE", "TRUE",
            "EXISTS (SELECT 1 FROM participation_entry e JOIN ideas_idea i ON i.id = e.idea_id WHERE e.id = OLD.entry_id AND i.status IN ('draft', 'unconfirmed'))",
            "a step never goes",
        ),
        "entry_with_a_public_idea_never_goes": (
            "participation_entry", "DELETE", "TRUE",
            "EXISTS (SELECT 1 FROM ideas_idea i WHERE i.id = OLD.idea_id AND i.status IN ('draft', 'unconfirmed'))",
            "an entry is taken out, it never goes",
        ),
        "choice_names_an_entry_of_its_competition": (
            "participation_choice", "INSERT", "TRUE",
            "EXISTS (SELECT 1 FROM participation_ballot b JOIN participation_entry e ON e.competition_id = b.competition_id"
            " WHERE b.id = NEW.ballot_id AND e.id = NEW.entry_id AND NOT b.is_sealed)",
            "a choice names an entry of its own competition, before the close",
        ),
        "choice_gives_no_more_than_an_entry_can_get": (
            "participation_choice", "INSERT", "NEW.points IS NOT NULL",
            "NEW.most = (SELECT CASE WHEN c.voting = 'budget' THEN c.votes_per_entry ELSE 1 END"
            " FROM participation_ballot b JOIN participation_competition c ON c.id = b.competition_id WHERE b.id = NEW.ballot_id)",
            "an entry gets only what the rules of the vote allow",
        ),
        "choice_never_changes_after_the_close": (
            "participation_choice", "UPDATE", "TRUE",
            "NOT (" + _differ("id", "ballot_id", "entry_id", "most") + ") AND NOT " + _SEALED.format(row="OLD"), "a sealed ballot never changes",
        ),
        "choice_never_goes_after_the_close": (
            "participation_choice", "DELETE", "TRUE", "NOT " + _SEALED.format(row="OLD"), "a sealed ballot never changes",
        ),
        "ballot_comes_before_the_close": (
            "participation_ballot", "INSERT", "TRUE",
            "NEW.is_sealed = FALSE AND NOT " + _CLOSED.format(row="NEW") + " AND NOT EXISTS (SELECT 1 FROM participation_ballot b WHERE b.id = NEW.id OR b.receipt = NEW.receipt)",  # nosec B608 - our own constants
            "a ballot is cast before the close",
        ),
        "ballot_has_the_votes_of_its_competition": (
            "participation_ballot", "INSERT", "TRUE",
            "EXISTS (SELECT 1 FROM participation_competition c WHERE c.id = NEW.competition_id"
            " AND NOT (NEW.allowed {differs} CASE WHEN c.voting = 'budget' THEN c.votes END))",
            "a ballot has only the votes that the rules give",
        ),
        "ballot_never_changes_after_the_close": (
            "participation_ballot", "UPDATE",
            _differ("id", "competition_id", "receipt", "allowed", "is_sealed") + " OR (OLD.is_sealed AND (" + _differ("voter", "spent", "version", "state") + "))",
            "NOT (" + _differ("id", "competition_id", "receipt", "allowed") + ") AND (OLD.is_sealed = FALSE OR (NEW.is_sealed AND NOT (" + _differ("voter", "spent", "version") + ")"
            " AND (NEW.state IN ('cast', 'quarantined') OR (NEW.state = 'withdrawn' AND NEW.spent = 0)) AND OLD.state IN ('cast', 'quarantined')))",
            "a sealed ballot never changes",
        ),
        "ballot_is_set_aside_with_a_step": (
            "participation_ballot", "UPDATE", "NEW.state {differs} OLD.state AND 'quarantined' IN (NEW.state, OLD.state)",
            "EXISTS (SELECT 1 FROM participation_quarantinestep q WHERE q.ballot_id = OLD.id"
            " AND q.action = CASE WHEN NEW.state = 'quarantined' THEN 'set' ELSE 'lifted' END"
            " AND NOT EXISTS (SELECT 1 FROM participation_quarantinestep later WHERE later.ballot_id = OLD.id AND later.id > q.id))",
            "a ballot is set aside only together with a step that says why",
        ),
        "ballot_never_goes": ("participation_ballot", "DELETE", "TRUE", "FALSE", "a ballot never goes"),
        "voter_comes_before_the_close": ("participation_voterlink", "INSERT", "TRUE", "NOT " + _CLOSED.format(row="NEW"), "a ballot is cast before the close"),
        "voter_has_a_ballot_of_the_same_competition": (
            "participation_voterlink", "INSERT", "TRUE",
            "EXISTS (SELECT 1 FROM participation_ballot b WHERE b.id = NEW.ballot_id AND b.competition_id = NEW.competition_id)",
            "a voter has only a ballot of the same competition",
        ),
        "voter_is_no_other": ("participation_voterlink", "UPDATE", _differ("id", "competition_id", "ballot_id", "voter_key"), "FALSE", "a ballot stays with its voter"),
        "voter_stays_until_the_close": ("participation_voterlink", "DELETE", "TRUE", _CLOSED.format(row="OLD"), "a ballot stays with its voter until the close"),
        "quarantine_step_never_changes": _only_forgets_actor("participation_quarantinestep", "ballot_id", "action", "reason", "happened_at"),
        "quarantine_step_never_goes": ("participation_quarantinestep", "DELETE", "TRUE", "FALSE", "a step never goes"),
        "competition_keeps_its_rules_from_the_first_ballot": (
            "participation_competition", "UPDATE", _differ(*_VOTING_RULES, "page_id"), "NOT EXISTS (SELECT 1 FROM participation_ballot b WHERE b.competition_id = OLD.id)",
            "the rules of a vote stay as they are from the first ballot on",
        ),
        "competition_stays_closed": (
            "participation_competition", "UPDATE", "OLD.closed_at IS NOT NULL AND NEW.closed_at {differs} OLD.closed_at", "FALSE", "a close is never undone",
        ),
        "competition_step_never_changes": _only_forgets_actor("participation_competitionstep", "competition_id", "kind", "details", "note", "happened_at"),
        "competition_step_never_goes": (
            "participation_competitionstep", "DELETE", "TRUE",
            "NOT EXISTS (SELECT 1 FROM participation_entry e WHERE e.competition_id = OLD.competition_id)"
            " AND NOT EXISTS (SELECT 1 FROM participation_ballot b WHERE b.competition_id = OLD.competition_id)"
            " AND NOT EXISTS (SELECT 1 FROM participation_tally t WHERE t.competition_id = OLD.competition_id)",
            "a step never goes",
        ),
        "published_result_never_changes": (
            "participation_tally", "UPDATE", "OLD.published_at IS NOT NULL",
            "NOT (" + _differ("id", "competition_id", "file", "head", "result", "counted_at", "published_at") + ")"
            " AND (NEW.counted_by_id IS NULL OR NOT (NEW.counted_by_id {differs} OLD.counted_by_id))"
            " AND (NEW.published_by_id IS NULL OR NOT (NEW.published_by_id {differs} OLD.published_by_id))",
            "a published result never changes",
        ),
        "published_result_never_goes": ("participation_tally", "DELETE", "TRUE", "OLD.published_at IS NULL", "a published result never goes"),
        "jury_answer_handed_in_never_changes": (
            "participation_juryanswer", "UPDATE", "TRUE", "NOT EXISTS (SELECT 1 FROM participation_jurysheet s WHERE s.id = OLD.sheet_id AND s.state = 'handed_in')",
            "what a jury handed in never changes",
        ),
        "jury_answer_handed_in_never_goes": (
            "participation_juryanswer", "DELETE", "TRUE", "NOT EXISTS (SELECT 1 FROM participation_jurysheet s WHERE s.id = OLD.sheet_id AND s.state = 'handed_in')",
            "what a jury handed in never changes",
        ),
        "jury_answer_comes_before_handing_in": (
            "participation_juryanswer", "INSERT", "TRUE", "NOT EXISTS (SELECT 1 FROM participation_jurysheet s WHERE s.id = NEW.sheet_id AND s.state = 'handed_in')",
            "what a jury handed in never changes",
        ),
        "jury_sheet_is_about_an_entry_of_the_same_competition": (
            "participation_jurysheet", "INSERT", "TRUE",
            "EXISTS (SELECT 1 FROM participation_jurymember m JOIN participation_entry e ON e.competition_id = m.competition_id"
            " WHERE m.id = NEW.member_id AND e.id = NEW.entry_id)",
            "a member scores only entries of the same competition",
        ),
        "jury_sheet_is_about_no_other": ("participation_jurysheet", "UPDATE", _differ("id", "member_id", "entry_id"), "FALSE", "a sheet stays with its member and entry"),
        "jury_sheet_handed_in_stays": (
            "participation_jurysheet", "UPDATE", "OLD.state = 'handed_in'", "NOT (" + _differ("id", "member_id", "entry_id", "state", "handed_in_at", "comment") + ")",
            "what a jury handed in never changes",
        ),
        "jury_sheet_handed_in_never_goes": ("participation_jurysheet", "DELETE", "OLD.state = 'handed_in'", "FALSE", "what a jury handed in never goes"),
        "competition_keeps_its_criteria_from_the_first_sheet": (
            "participation_competition", "UPDATE", _differ("jury_scheme_id", "jury_weight"),
            "NOT EXISTS (SELECT 1 FROM participation_jurysheet s JOIN participation_entry e ON e.id = s.entry_id WHERE e.competition_id = OLD.id AND s.state = 'handed_in')",
            "the criteria of a jury stay as they are from the first sheet handed in",
        ),
    },
    never_emptied=("participation_ballot", "participation_choice", "participation_entrystep", "participation_quarantinestep", "participation_tally"),
)
