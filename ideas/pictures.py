"""Pictures from strangers: looked at before they are unpacked, then drawn anew, so that nothing but pixels is kept: no place in
the metadata, no second file hidden behind the picture."""

import io
import threading
import warnings
from dataclasses import dataclass
from typing import IO
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from .models import IdeaPicture

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
LARGE, SMALL = 1600, 400  # longest side in pixels
# 40 megapixels fill 160 MB and more while they are unpacked: people who send some at the same moment wait for each other.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Picture:
    """A picture drawn anew in two sizes, JPEG."""

    large: bytes
    small: bytes
    width: int
    height: int
    name: str


def read_picture(file: IO[bytes], name: str, size: int) -> Picture:
    """Read an uploaded picture. Raises ValidationError with a sentence for the person who uploaded it."""
    if size > MAX_BYTES:
        raise ValidationError(_("Das Bild ist größer als 10 MB. Bitte wählen Sie ein kleineres."))
    try:
        with _one_at_a_time, warnings.catch_warnings():
            # Pillow warns of large pictures; we look at the size ourselves before anything is unpacked.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image: Image.Image = Image.open(file, formats=FORMATS)
            if image.width * image.height > MAX_PIXELS:
                raise ValidationError(_("Das Bild hat mehr als 40 Megapixel. Bitte wählen Sie ein kleineres."))
            image.draft("RGB", (LARGE, LARGE))
            # Made small before anything copies it.
            image.thumbnail((LARGE, LARGE))
            image = ImageOps.exif_transpose(image)
            large, small = _jpeg(image, LARGE), _jpeg(image, SMALL)
    except UnidentifiedImageError as error:
        raise ValidationError(
            _("Diese Datei ist kein Bild, das wir lesen können. Bitte wählen Sie ein JPEG-, PNG- oder WebP-Bild.")
        ) from error
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValidationError(
            _("Das Bild ist beschädigt. Bitte speichern Sie es noch einmal als JPEG oder PNG und versuchen Sie es erneut.")
        ) from error
    with Image.open(io.BytesIO(large)) as drawn:
        width, height = drawn.size
    return Picture(large=large, small=small, width=width, height=height, name=name[-100:])


def _jpeg(image: Image.Image, longest: int) -> bytes:
    copy = image.copy()
    copy.thumbnail((longest, longest))
    if copy.mode in ("RGBA", "LA", "P"):
        copy = copy.convert("RGBA")
        paper = Image.new("RGBA", copy.size, "white")
        copy = Image.alpha_composite(paper, copy)
    out = io.BytesIO()
    copy.convert("RGB").save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


def keep(picture: Picture, key: UUID, alt_text: str = "") -> IdeaPicture:
    """Keep a picture for the form with this key until the form is sent without errors. The newest counts; earlier ones are left
    to housekeeping: of two presses at once, one must not take the picture from under the other."""
    row = IdeaPicture(submission_key=key, name=picture.name, alt_text=alt_text, width=picture.width, height=picture.height)
    row.file.save("gross.jpg", ContentFile(picture.large), save=False)
    row.thumbnail.save("klein.jpg", ContentFile(picture.small), save=False)
    row.save()
    return row
