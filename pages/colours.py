"""Whether a colour can be read on another: the contrast of WCAG 2.2 (relative luminance). Knows numbers only."""

LIGHT_GROUND, DARK_GROUND = "#fdfcf8", "#10171b"  # --ground in static/css/tokens.css
# Everything that a link stands on there: paper, cards, sunken parts and the soft grounds of notices and marks.
LIGHT_GROUNDS = (
    LIGHT_GROUND, "#ffffff", "#f4f2ea", "#ecebe3", "#dff0f4", "#fff0d2", "#dff1e3",
    "#fce6e4", "#e8e8f8", "#e7f2e6", "#e5eff9", "#f7eaf4",
)  # fmt: skip
DARK_GROUNDS = (
    DARK_GROUND, "#182127", "#0b1114", "#26313a", "#12323d", "#3a2b10", "#16331f",
    "#451c19", "#27274c", "#15271b", "#14263a", "#2f192b",
)  # fmt: skip
ENOUGH = 4.5  # WCAG 1.4.3, text


def luminance(colour: str) -> float:
    """Of "#rrggbb", between 0 (black) and 1 (white)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mixed(colour: str, other: str, share: float) -> str:
    """The colour with a share (0 to 1) of another one in it."""
    parts = [(int(colour[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(own + (far - own) * share):02x}" for own, far in parts)
