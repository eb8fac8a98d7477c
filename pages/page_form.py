"""The editor's form of every page: a page that nobody could reach is refused before it is saved."""

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


class PageForm(WagtailAdminPageForm):
    def clean(self) -> dict[str, Any]:
        entered: dict[str, Any] = super().clean() or self.cleaned_data
        from .models.base import bare_path

        above: Page | None = self.parent_page
        slug = entered.get("slug")
        if slug and above is not None and above.depth > 1:
            address = f"{bare_path(above.url_path)}{slug}/"
            if not (leads_to_pages(address) and leads_to_pages(f"{address}x/")):  # where the pages below it would stand
                self.add_error("slug", _("Unter dieser Adresse steht schon eine feste Seite. Bitte wählen Sie eine andere."))
        return entered
