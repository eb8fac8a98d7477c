"""The roles of the house. Each is a group of the same name. What a role may do with an idea stands in ideas/workflow.py, what
it may do in the back office in migrations/0002_roles_with_their_rights.py, which makes the groups."""

from enum import StrEnum


class Role(StrEnum):
    CITIZEN = "Bürgerschaft"
    REVIEWER = "Prüfung"
    LEAD = "Leitung"
    PROJECT_LEAD = "Projektverantwortung"
    EDITOR = "Redaktion"
    MODERATOR = "Moderation"
    JURY = "Jury"
    ADMIN = "Verwaltung"


STAFF = frozenset({Role.REVIEWER, Role.LEAD, Role.PROJECT_LEAD, Role.EDITOR, Role.MODERATOR, Role.ADMIN})
