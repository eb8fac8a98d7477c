"""Abstract pictures for the demo content, drawn by rule: no photographs, no foreign rights."""

import io
import math
import random

from PIL import Image, ImageDraw

PAPER, INK = (247, 244, 236), (29, 42, 53)
TONES = {"ringe": (46, 112, 78), "linien": (28, 93, 153), "netz": (122, 62, 112)}
PATTERNS = tuple(TONES)
DESCRIPTIONS = {
    "ringe": "Zeichnung von Jahresringen",
    "linien": "Zeichnung von Linien mit Haltepunkten",
    "netz": "Zeichnung von verbundenen Punkten",
}


def draw(pattern: str, seed: int, size: tuple[int, int] = (1200, 675)) -> bytes:
    """A PNG with growth rings, route lines or a net of points; the same seed draws the same picture."""
    chance = random.Random(seed)  # noqa: S311 - a picture, not a secret
    wide, high = size[0] * 2, size[1] * 2
    image = Image.new("RGB", (wide, high), PAPER)
    pen = ImageDraw.Draw(image)
    {"ringe": _rings, "linien": _routes, "netz": _net}[pattern](pen, chance, wide, high, TONES[pattern])
    out = io.BytesIO()
    image.resize(size, Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()


Colour = tuple[int, int, int]


def _tint(colour: Colour, share: float) -> Colour:
    mixed = [round(c * share + p * (1 - share)) for c, p in zip(colour, PAPER, strict=True)]
    return mixed[0], mixed[1], mixed[2]


def _rings(pen: ImageDraw.ImageDraw, chance: random.Random, wide: int, high: int, tone: Colour) -> None:
    x, y = wide * chance.uniform(0.3, 0.7), high * chance.uniform(0.35, 0.65)
    wobble = [(chance.uniform(0.01, 0.05), chance.randint(2, 5), chance.uniform(0, 6.3)) for _ in range(3)]
    for radius in range(int(high * 1.1), 20, -chance.randint(34, 46)):
        points = []
        for step in range(181):
            angle = step * math.tau / 180
            swing = 1 + sum(depth * math.sin(times * angle + start) for depth, times, start in wobble)
            points.append((x + radius * swing * math.cos(angle) * 1.15, y + radius * swing * math.sin(angle)))
        pen.line(points, fill=_tint(tone, chance.uniform(0.25, 0.95)), width=chance.choice([5, 8, 14]), joint="curve")


def _routes(pen: ImageDraw.ImageDraw, chance: random.Random, wide: int, high: int, tone: Colour) -> None:
    for lane in range(9):
        y = high * (lane + 1) / 10
        points, x = [(0.0, y)], 0.0
        while x < wide:
            x += chance.randint(160, 420)
            points.append((x, y))
            if chance.random() < 0.55:
                rise = chance.choice([-1, 1]) * high / 10
                x, y = x + abs(rise), y + rise
                points.append((x, y))
        colour = _tint(tone, chance.uniform(0.3, 1))
        pen.line(points, fill=colour, width=16, joint="curve")
        for stop_x, stop_y in points[1:-1:2]:
            pen.ellipse((stop_x - 20, stop_y - 20, stop_x + 20, stop_y + 20), fill=PAPER, outline=colour, width=9)


def _net(pen: ImageDraw.ImageDraw, chance: random.Random, wide: int, high: int, tone: Colour) -> None:
    points = [(chance.uniform(0, wide), chance.uniform(0, high)) for _ in range(70)]
    for x, y in points:
        for other_x, other_y in sorted(points, key=lambda p: math.dist(p, (x, y)))[1:4]:
            pen.line((x, y, other_x, other_y), fill=_tint(tone, 0.4), width=5)
    for x, y in points:
        radius = chance.choice([10, 16, 28])
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=_tint(tone, chance.uniform(0.5, 1)))
