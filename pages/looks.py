"""The region's own colour as a small style sheet: it redefines what static/css/tokens.css calls --action.

What a text in that colour may stand on is known (colours.py); SiteSettings.clean refuses a colour that is too weak on any of
these grounds, and what is derived here only ever gets stronger.
"""

import hashlib
from typing import TYPE_CHECKING

from django.urls import reverse

from .colours import DARK_GROUND, LIGHT_GROUND, mixed

if TYPE_CHECKING:
    from .models import SiteSettings

STRONGER = 0.3  # how far the colour under the pointer goes to black, in the dark to white


def version(site: "SiteSettings") -> str:
    """Changes with the colours, so that browsers may keep the style sheet for good. "" where no colour is set."""
    colours = f"{site.colour_action} {site.colour_action_dark}"
    return hashlib.sha256(colours.encode()).hexdigest()[:10] if colours.strip() else ""


def stylesheet_url(site: "SiteSettings") -> str:
    """Where the style sheet stands; "" where the house's colours hold."""
    return f"{reverse('colours')}?v={version(site)}" if version(site) else ""


def light(colour: str) -> dict[str, str]:
    """The tokens that follow from a colour that can be read on light grounds."""
    return {"--action": colour, "--action-strong": mixed(colour, "#000000", STRONGER), "--on-action": "#ffffff"}


def dark(colour: str) -> dict[str, str]:
    """The tokens that follow from a colour that can be read on dark grounds. On it stands the ground itself."""
    return {"--action": colour, "--action-strong": mixed(colour, "#ffffff", STRONGER), "--on-action": DARK_GROUND}


def stylesheet(site: "SiteSettings") -> str:
    """The style sheet; each colour only where its mode is on, so that one without the other leaves the other as it is."""
    parts = []
    if site.colour_action:
        parts.append(_block("not all and (prefers-color-scheme: dark)", light(site.colour_action)))
    if site.colour_action_dark:
        parts.append(_block("screen and (prefers-color-scheme: dark)", dark(site.colour_action_dark)))
    return "".join(parts)


def _block(media: str, tokens: dict[str, str]) -> str:
    lines = " ".join(f"{name}: {value};" for name, value in tokens.items())
    return f"@media {media} {{ :root {{ {lines} }} }}\n"


def theme_colours(site: "SiteSettings") -> tuple[str, str]:
    """What colours a browser's own frame, light and dark: the region's colour, else the paper of the page."""
    return site.colour_action or LIGHT_GROUND, site.colour_action_dark or DARK_GROUND
