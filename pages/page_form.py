"""A page that nobody could reach is refused: in the editor's form of every page, and where a page is moved."""

from typing import Any

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.models import Page

from common.addresses import split_language


def leads_to_pages(bare: str) -> bool:
    """Whether an address (without its language) is one of Wagtail's pages: no fixed one stands before it in config/urls.py."""
    if split_language(bare)[0] != settings.LANGUAGE_CODE:  # `/en/` is the English home page
        return False
    with translation.override(settings.LANGUAGE_CODE):
        try:
            return resolve(bare).url_name == "wagtail_serve"
        except Resolver404:
            return False


def taken(above: Page, slug: str) -> str:
    """The sentence for a page of this address below `above`, if something fixed stands there or where its own pages would
    stand; '' if not."""
    from .models.base import bare_path

    address = f"{bare_path(above.url_path)}{slug}/"
    if above.depth < 2 or (leads_to_pages(address) and leads_to_pages(f"{address}x/")):
        return ""
    return _("Unter dieser Adresse steht schon eine feste Seite. Bitte wählen Sie eine andere.")


class PageForm(WagtailAdminPageForm):
    def clean(self) -> dict[str, Any]:
        entered: dict[str, Any] = super().clean() or self.cleaned_data
        slug = entered.get("slug")
        if slug and self.parent_page is not None and (sentence := taken(self.parent_page, slug)):
            self.add_error("slug", sentence)
        return entered
