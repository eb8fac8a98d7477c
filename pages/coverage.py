"""The report „Für alle“: what every published page has of easy language, sign language, picture descriptions and English."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import django_filters
from django.conf import settings
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page

from .models import BasePage

_PICTURE = re.compile(r"<embed[^>]*embedtype=\"image\"[^>]*>")
_ALT = re.compile(r"alt=\"([^\"]*)\"")
PARTS: dict[str, Any] = {
    "leicht": gettext_lazy("Leichte Sprache"),
    "gebaerden": gettext_lazy("Gebärdensprache"),
    "bilder": gettext_lazy("Bildbeschreibungen"),
    "englisch": gettext_lazy("Englisch"),
}


@dataclass(frozen=True)
class Row:
    """One published page in the default language. `pictures` and how many of them are `undescribed`."""

    pk: int
    title: str
    kind: str
    has_easy: bool
    has_sign: bool
    has_english: bool
    pictures: int
    undescribed: int
    changed_at: datetime | None

    @property
    def missing(self) -> set[str]:
        there = {
            "leicht": self.has_easy,
            "gebaerden": self.has_sign,
            "bilder": self.undescribed == 0,
            "englisch": self.has_english,
        }
        return {part for part, is_there in there.items() if not is_there}

    @property
    def easy(self) -> str:
        return _yes(self.has_easy)

    @property
    def sign(self) -> str:
        return _yes(self.has_sign)

    @property
    def english(self) -> str:
        return _yes(self.has_english)

    @property
    def picture_words(self) -> str:
        if not self.pictures:
            return _("keine Bilder")
        if self.undescribed:
            return _("%(missing)s von %(all)s fehlen") % {"missing": self.undescribed, "all": self.pictures}
        return _("alle beschrieben")


def _yes(there: bool) -> str:
    return _("ja") if there else _("fehlt")


def rows() -> list[Row]:
    """Every published page, in the order of the tree. One query for each page type and two beside."""
    published = Page.objects.live().filter(depth__gt=1)
    versions = published.exclude(locale__language_code=settings.LANGUAGE_CODE).filter(alias_of=None)
    english = set(versions.values_list("translation_key", flat=True))
    pages = published.filter(locale__language_code=settings.LANGUAGE_CODE).order_by("path").specific()
    return [_row(page, page.translation_key in english) for page in pages if isinstance(page, BasePage)]


def _row(page: BasePage, has_english: bool) -> Row:
    described = _descriptions(page)
    return Row(
        pk=page.pk,
        title=page.title,
        kind=str(type(page)._meta.verbose_name),
        has_easy=page.has_easy_language,
        has_sign=page.sign_video_id is not None,  # type: ignore[attr-defined]
        has_english=has_english,
        pictures=len(described),
        undescribed=described.count(False),
        changed_at=page.latest_revision_created_at or page.last_published_at,
    )


def _descriptions(page: BasePage) -> list[bool]:
    """For every picture of the page, whether it has a description or is marked as decoration. No query."""
    found: list[bool] = []
    if getattr(page, "picture_id", None):
        found.append(bool(page.picture_alt))  # type: ignore[attr-defined]
    for block in getattr(getattr(page, "body", None), "raw_data", []):
        if block["type"] == "figure":
            image = block["value"].get("image") or {}
            found.append(bool(image.get("alt_text") or image.get("decorative")))
    for picture in _PICTURE.findall(page.easy_language):
        alt = _ALT.search(picture)
        found.append(bool(alt and alt.group(1)))
    return found


class CoverageFilter(WagtailFilterSet):
    fehlt = django_filters.ChoiceFilter(
        label=gettext_lazy("Was fehlt"), choices=list(PARTS.items()), empty_label=gettext_lazy("alle Seiten")
    )

    class Meta:
        model = Page
        fields: ClassVar[list[str]] = []

    def filter_queryset(self, queryset: Any) -> Any:
        part = self.form.cleaned_data.get("fehlt")
        return [row for row in queryset if not part or part in row.missing]


class CoverageView(ReportView):
    model = Page
    page_title = gettext_lazy("Für alle")
    header_icon = "globe"
    index_url_name = "everybody_report"
    index_results_url_name = "everybody_report_results"
    results_template_name = "pages/admin/everybody_report_results.html"
    filterset_class = CoverageFilter
    any_permission_required: ClassVar[list[str]] = ["add", "change", "publish"]
    export_filename = "fuer-alle"
    columns: ClassVar[list[Any]] = [
        TitleColumn(
            "title", label=gettext_lazy("Seite"), get_url=lambda row: reverse("wagtailadmin_pages:edit", args=[row.pk])
        ),
        Column("kind", label=gettext_lazy("Seitentyp")),
        Column("easy", label=PARTS["leicht"]),
        Column("sign", label=PARTS["gebaerden"]),
        Column("picture_words", label=PARTS["bilder"]),
        Column("english", label=PARTS["englisch"]),
        DateColumn("changed_at", label=gettext_lazy("Zuletzt geändert")),
    ]
    list_export: ClassVar[list[str]] = ["title", "kind", "easy", "sign", "picture_words", "english", "changed_at"]
    export_headings: ClassVar[dict[str, Any]] = {
        "title": gettext_lazy("Seite"),
        "kind": gettext_lazy("Seitentyp"),
        "easy": PARTS["leicht"],
        "sign": PARTS["gebaerden"],
        "picture_words": PARTS["bilder"],
        "english": PARTS["englisch"],
        "changed_at": gettext_lazy("Zuletzt geändert"),
    }

    @cached_property
    def all_rows(self) -> list[Row]:
        return rows()

    def get_queryset(self) -> Any:
        return self.all_rows

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        total = len(self.all_rows) or 1
        shares = [
            {"label": label, "percent": round(100 * sum(part not in row.missing for row in self.all_rows) / total)}
            for part, label in PARTS.items()
        ]
        return {**super().get_context_data(*args, **kwargs), "shares": shares, "total": len(self.all_rows)}
