from .access import AccessibilityPage, GoneAddress, Message
from .agenda import AgendaPage, LoesungPage, LoesungSynergy, TargetGroup, ZielbildPage
from .base import BasePage
from .content import EventIndexPage, EventPage, HomePage, NewsIndexPage, NewsPage, NewsTag, StandardPage
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
    "TargetGroup",
    "Theme",
    "ZielbildPage",
]
