from .agenda import AgendaPage, LoesungPage, LoesungSynergy, Reach, TargetGroup, ZielbildPage
from .base import BasePage
from .content import HomePage, NewsIndexPage, NewsPage, NewsTag, StandardPage
from .settings import Persona, SiteSettings

__all__ = [
    "AgendaPage",
    "BasePage",
    "HomePage",
    "LoesungPage",
    "LoesungSynergy",
    "NewsIndexPage",
    "NewsPage",
    "NewsTag",
    "Persona",
    "Reach",
    "SiteSettings",
    "StandardPage",
    "TargetGroup",
    "ZielbildPage",
]
