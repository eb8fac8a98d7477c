"""Ways to the office from every page."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse

from ..enquiry_forms import own_path

register = template.Library()


@register.simple_tag(takes_context=True)
def report_url(context: dict[str, Any]) -> str:
    """Where a barrier is reported, with the page that the reader is on; without it where its address is a secret."""
    request, there = context.get("request"), reverse("report_barrier")
    here = own_path(request.path) if request else ""
    return f"{there}?{urlencode({'seite': here}, safe='/')}" if here and here != there else there
