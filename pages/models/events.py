"""Events: Werkstätten, dialogues and other dates."""

from datetime import datetime, time, timedelta
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index

from common.pagination import page_urls

from ..blocks import BodyBlock
from ..languages import in_active_language
from .base import BasePage


class EventQuerySet(PageQuerySet):
    def upcoming(self, now: datetime | None = None) -> Self:
        """What isn't over yet, the next one first. Says the same as EventPage.is_over."""
        return self.exclude(_over(now or timezone.now())).order_by("starts_at", "pk")

    def past(self, now: datetime | None = None) -> Self:
        """What is over, the latest first."""
        return self.filter(_over(now or timezone.now())).order_by("-starts_at", "-pk")


def _over(now: datetime) -> Q:
    # Without an end an event lasts until its day is over.
    today = timezone.make_aware(datetime.combine(timezone.localdate(now), time.min))
    return Q(ends_at__lt=now) | Q(ends_at=None, starts_at__lt=today)


class EventIndexPage(BasePage):
    """What comes and what was."""

    PER_PAGE = 20

    subpage_types: ClassVar[list[str]] = ["pages.EventPage"]
    parent_page_types: ClassVar[list[str]] = ["pages.HomePage"]
    max_count = 1
    template = "pages/event_index_page.html"

    class Meta:
        verbose_name = _("Termine")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Everything that comes stands on the first page; what was goes on over several."""
        context = super().get_context(request, *args, **kwargs)
        events, now = in_active_language(EventPage.objects.live()), timezone.now()
        current = Paginator(events.past(now), self.PER_PAGE).get_page(request.GET.get("seite"))
        context["upcoming"] = list(events.upcoming(now)) if current.number == 1 else []
        context["first_page"] = current.number == 1
        context["past"], context["page_urls"] = list(current), page_urls(request, current)
        return context


class EventPage(BasePage):
    """An event with date and place. Ideas that came from it hang on it from above (Idea.event)."""

    starts_at = models.DateTimeField(_("Beginn"), db_index=True)
    ends_at = models.DateTimeField(_("Ende"), null=True, blank=True)
    location = models.CharField(_("Ort"), max_length=200, blank=True)
    address = models.CharField(_("Anschrift"), max_length=250, blank=True)
    access = models.CharField(
        _("Zugang"),
        max_length=250,
        blank=True,
        help_text=_("Zum Beispiel: stufenlos, mit Gebärdensprache, Anmeldung nicht nötig"),
    )
    online_url = models.URLField(_("Adresse im Netz"), blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("Inhalt"), blank=True)

    objects: ClassVar[Any] = PageManager.from_queryset(EventQuerySet)()

    parent_page_types: ClassVar[list[str]] = ["pages.EventIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "pages/event_page.html"
    content_panels: ClassVar[list[Any]] = [
        *BasePage.content_panels,
        FieldPanel("starts_at"),
        FieldPanel("ends_at"),
        FieldPanel("location"),
        FieldPanel("address"),
        FieldPanel("access"),
        FieldPanel("online_url"),
        FieldPanel("body"),
    ]
    search_fields: ClassVar[list[Any]] = [
        *BasePage.search_fields,
        index.SearchField("location"),
        index.SearchField("body"),
        index.FilterField("starts_at"),
    ]

    class Meta:
        verbose_name = _("Termin")
        verbose_name_plural = _("Termine")

    @property
    def when(self) -> str:
        """Day and time in words, in the active language."""
        start, end = timezone.localtime(self.starts_at), self.ends_at and timezone.localtime(self.ends_at)
        words = {"day": date_format(start, _now("l, j. F Y")), "start": date_format(start, "H:i")}
        if end is None:
            return _now("%(day)s, %(start)s Uhr") % words
        words["end"] = date_format(end, "H:i")
        if end.date() == start.date():
            return _now("%(day)s, %(start)s bis %(end)s Uhr") % words
        words["last_day"] = date_format(end, _now("l, j. F Y"))
        return _now("%(day)s, %(start)s Uhr, bis %(last_day)s, %(end)s Uhr") % words

    @property
    def online_host(self) -> str:
        """What a link to the address in the net is called."""
        return urlsplit(self.online_url).hostname or self.online_url

    def is_over(self, now: datetime | None = None) -> bool:
        """Whether it is over; without an end it lasts until its day is over."""
        now = now or timezone.now()
        return self.ends_at < now if self.ends_at else timezone.localdate(self.starts_at) < timezone.localdate(now)

    @property
    def stands(self) -> str:
        """How far away it is, in words."""
        now = timezone.now()
        if self.is_over(now):
            return _now("Vorbei")
        if self.starts_at <= now:
            return _now("Läuft gerade")
        days = (timezone.localdate(self.starts_at) - timezone.localdate(now)) // timedelta(days=1)
        if days == 0:
            return _now("Heute")
        return ngettext("Morgen", "In %(number)s Tagen", days) % {"number": days}

    def clean(self) -> None:
        super().clean()
        if self.ends_at and self.starts_at and self.ends_at < self.starts_at:
            raise ValidationError({"ends_at": _("Das Ende liegt vor dem Beginn. Bitte prüfen Sie die beiden Angaben.")})
