"""Whether a colour can be read on another: the contrast of WCAG 2.2 (relative luminance). Knows numbers only."""

LIGHT_GROUND, DARK_GROUND = "#fdfcf8", "#10171b"  # --ground in static/css/tokens.css


def luminance(colour: str) -> float:
    """Of "#rrggbb", between 0 (black) and 1 (white)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
