"""Pictures as people send them, made by the test."""

import io

from PIL import Image


def jpeg(size: tuple[int, int] = (800, 600), *, with_place: bool = False) -> bytes:
    """A JPEG; `with_place` writes coordinates into its metadata as a phone does."""
    image = Image.effect_noise(size, 60).convert("RGB")
    out = io.BytesIO()
    exif = Image.Exif()
    if with_place:
        exif.get_ifd(0x8825).update({1: "N", 2: (50.0, 21.0, 11.0), 3: "E", 4: (7.0, 35.0, 52.0)})
        exif[0x010F] = "Kamerahersteller-Kanarienvogel"
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def png(size: tuple[int, int], mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, "PNG")
    return out.getvalue()
