"""Whatever colour a region chooses and the settings accept: it can be read everywhere it stands."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import assume, given
from hypothesis import strategies as st

from pages import looks
from pages.colours import DARK_GROUNDS, LIGHT_GROUNDS, contrast
from pages.models import SiteSettings

COLOURS = st.builds("#{:02x}{:02x}{:02x}".format, *[st.integers(0, 255)] * 3)


def accepted(**colours: str) -> bool:
    try:
        SiteSettings(**colours).clean()
    except ValidationError:
        return False
    return True


@given(COLOURS)
def test_a_light_theme_is_readable_in_every_accepted_colour(colour: str) -> None:
    assume(accepted(colour_action=colour))
    tokens = looks.light(colour)
    for action in (tokens["--action"], tokens["--action-strong"]):
        assert contrast(tokens["--on-action"], action) >= 4.5
        assert min(contrast(action, ground) for ground in LIGHT_GROUNDS) >= 4.5


@given(COLOURS)
def test_a_dark_theme_is_readable_in_every_accepted_colour(colour: str) -> None:
    assume(accepted(colour_action_dark=colour))
    tokens = looks.dark(colour)
    for action in (tokens["--action"], tokens["--action-strong"]):
        assert contrast(tokens["--on-action"], action) >= 4.5
        assert min(contrast(action, ground) for ground in DARK_GROUNDS) >= 4.5


@pytest.mark.parametrize(("one", "other", "expected"), [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48)])
def test_contrast_is_that_of_wcag(one: str, other: str, expected: float) -> None:
    assert contrast(one, other) == pytest.approx(expected, abs=0.005)


def test_the_grounds_are_those_of_the_style_sheet() -> None:
    from pathlib import Path

    from django.contrib.staticfiles import finders

    tokens = Path(str(finders.find("css/tokens.css"))).read_text()
    light, dark = tokens.split("@media (prefers-color-scheme: dark)", 1)
    for grounds, part in ((LIGHT_GROUNDS, light), (DARK_GROUNDS, dark)):
        for ground in grounds:
            assert ground in part or ground == "#ffffff", ground
