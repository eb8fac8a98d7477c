"""Addresses in the language that is being read. The German path words hold in every language, English stands under /en/."""

from django import template

from .. import addresses
from ..addresses import in_language

register = template.Library()


@register.simple_tag
def local(path: str) -> str:
    """{% local "/ideen/" %}: the address in the reader's language. A built-in tag: no {% load %} needed."""
    return in_language(path)


@register.simple_tag
def absolute(path: str) -> str:
    """{% absolute path %}: with the site in front, for machines that read it elsewhere."""
    return addresses.absolute(path)
