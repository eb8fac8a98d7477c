from .access import AccessibilityPage, GoneAddress, Message, StatementReminder, TicketCounter
from .agenda import AgendaPage, LoesungPage, LoesungSynergy, TargetGroup, ZielbildPage
from .base import BasePage
from .content import HomePage, NewsIndexPage, NewsPage, NewsTag, StandardPage
from .events import EventIndexPage, EventPage
from .settings import SiteSettings
from .snippets import Persona, ReachLevel, Theme

__all__ = [
    "AccessibilityPage",
    "AgendaPage",
    "BasePage",
    "EventIndexPage",
    "EventPage",
    "GoneAddress",
    "HomePage",
    "LoesungPage",
    "LoesungSynergy",
    "Message",
    "NewsIndexPage",
    "NewsPage",
    "NewsTag",
    "Persona",
    "ReachLevel",
    "SiteSettings",
    "StandardPage",
    "StatementReminder",
    "TargetGroup",
    "Theme",
    "TicketCounter",
    "ZielbildPage",
]
