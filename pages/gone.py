"""Addresses that were: where a page has moved, and what a page was called that is no longer there.

Wagtail writes a redirect when a page moves or gets another slug. What nothing leads on from answers 410 with the title it had.
"""

from typing import Any

from django.conf import settings
from django.db.models.signals import pre_delete
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished

from common.addresses import in_language, split_language

from .models import GoneAddress
from .models.base import bare_path

_LONGEST = GoneAddress._meta.get_field("path").max_length or 0


def forms_of(path: str) -> list[str]:
    """An address as it may have been written down: itself, and without the language, in which most pages stand."""
    return list(dict.fromkeys([path, split_language(path)[1]]))


def redirect_of(path: str, query: str = "") -> tuple[str, bool]:
    """Where the page has moved that stood at this address, in the reader's language, and whether for good; "" if nowhere.

    Wagtail's own look-up knows an address only as it was written down, in the language of the editor who moved the page.
    What was asked of the page (`query`, as it stands in the address) goes along, unless the new address asks something itself.
    """
    bare = split_language(path)[1]
    try:
        here, *others = (
            Redirect.normalise_path(form) for form in (path, *(in_language(bare, code) for code, _name in settings.LANGUAGES))
        )
    except ValueError:  # `//[x` is no address of a page
        return "", False
    rows = Redirect.objects.filter(old_path__in={here, *others}).select_related("redirect_page")
    for row in sorted(rows, key=lambda row: row.old_path != here):
        if row.redirect_page and row.redirect_page.live:
            return _with_query(str(row.redirect_page.localized.specific.url or ""), query), row.is_permanent
        if row.redirect_link:
            return _with_query(str(row.redirect_link), query), row.is_permanent
    return "", False


def _with_query(address: str, query: str) -> str:
    if not (address and query) or "?" in address:
        return address
    address, sharp, place = address.partition("#")
    return f"{address}?{query}{sharp}{place}"


def remembered(path: str) -> GoneAddress | None:
    """The page that stood at this address, if it is gone for good or for now."""
    return GoneAddress.objects.filter(path__in=forms_of(path)).order_by("-gone_at").first()


def page_above(path: str) -> Page | None:
    """The nearest published page above an address."""
    parts = split_language(path)[1].strip("/").split("/")
    above = {f"/{'/'.join(parts[:end])}/" for end in range(1, len(parts))}
    pages = Page.objects.live().filter(depth__gt=2, slug__in=parts).order_by("-depth")
    return next((page for page in pages if bare_path(page.url_path) in above), None)


def _address(page: Page) -> str:
    return in_language(bare_path(page.url_path), page.locale.language_code)


def remember(instance: Page, **kwargs: Any) -> None:
    """A published page goes: its address and those that led to it are kept with its title."""
    if not isinstance(instance, Page) or instance.depth < 3 or kwargs.get("raw"):
        return
    if kwargs.get("signal") is pre_delete and not instance.live:
        return
    old = Redirect.objects.filter(redirect_page_id=instance.pk).values_list("old_path", flat=True)
    for path in {_address(instance), *(f"{path.rstrip('/')}/" for path in old if "?" not in path)}:
        if len(path) <= _LONGEST:
            GoneAddress.objects.update_or_create(path=path, defaults={"title": instance.title, "gone_at": timezone.now()})


def forget(instance: Page, **kwargs: Any) -> None:
    """A page is back."""
    GoneAddress.objects.filter(path=_address(instance)).delete()


def connect() -> None:
    # With the base class as sender: Django deletes, and reports, the base row of every page type.
    pre_delete.connect(remember, sender=Page, dispatch_uid="remember_deleted_page")
    page_unpublished.connect(remember, dispatch_uid="remember_unpublished_page")
    page_published.connect(forget, dispatch_uid="forget_published_page")
