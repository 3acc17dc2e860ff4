"""Pictures, made anew: what comes in is decoded and written again, so that only the picture itself is kept.

Why: a photo says where and with which phone it was made, and whatever hides behind a picture's own data does not
survive being drawn again. What must stay true: the size is judged by the header, before anything is decoded; one
picture is decoded at a time, so many at once cannot fill the memory; nothing of the metadata is written, after the
turn that it asks for was made. Of a moving picture the first image is kept: what moves by itself distracts readers
and cannot be stopped (decision 0067).
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from threading import Lock

from PIL import Image, ImageOps, UnidentifiedImageError

from proeftuin.errors import Invalid
from proeftuin.files.formats import Format
from proeftuin.i18n import _

MAX_SIDE = 12_000
MAX_POINTS = 32_000_000
MAX_POINTS_JPEG = 64_000_000
"""A JPEG can be decoded at half its size, so a larger one fits in the same memory."""
KEPT_SIDE = 4_000
"""No side of what is kept is longer; a screen shows less."""
SIZES = {"pagina": 1_200, "lijst": 240}
"""The smaller forms by name, and how wide (and high) they are at most."""

_NAMES = {"PNG": Format.PNG, "JPEG": Format.JPEG, "WEBP": Format.WEBP, "GIF": Format.GIF}
_SAVE: dict[Format, dict[str, object]] = {
    Format.PNG: {"format": "PNG", "optimize": True},
    Format.JPEG: {"format": "JPEG", "quality": 88, "optimize": True, "progressive": True},
    Format.WEBP: {"format": "WEBP", "quality": 88, "method": 4},
    Format.GIF: {"format": "GIF"},
}
_one_at_a_time = Lock()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept, with its smaller forms by name (only those that are really smaller)."""

    format: Format
    content: bytes
    width: int
    height: int
    smaller: dict[str, bytes]
    was_moving: bool


def remake(content: bytes, wanted: Format | None = None) -> Picture:
    """Return a picture made anew, in its own format or in another one.

    :raises Invalid: when it is too large to be decoded, or no picture after all.
    """
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about odd metadata, which is not kept
        try:
            return _remake(content, wanted)
        except Image.DecompressionBombError as why:  # so large that the library does not even open it
            raise _too_large() from why
        # The ways in which the decoders say that bytes are not what they seem; libraries below them raise the rest.
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as why:
            raise broken() from why


def broken() -> Invalid:
    """Return the refusal of a picture that cannot be read to its end."""
    return Invalid({"file": _("Deze afbeelding is beschadigd of niet volledig. Er is niets bewaard.")})


def _remake(content: bytes, wanted: Format | None) -> Picture:
    image = Image.open(io.BytesIO(content), formats=tuple(_NAMES))
    format = _NAMES[image.format or ""]
    _check_size(image.width, image.height, format)
    was_moving = getattr(image, "n_frames", 1) > 1 if format is not Format.JPEG else False
    if format is Format.JPEG:
        image.draft("RGB", (KEPT_SIDE, KEPT_SIDE))
    image.seek(0)
    image.load()
    drawn = _plain(ImageOps.exif_transpose(image))
    drawn.thumbnail((KEPT_SIDE, KEPT_SIDE), Image.Resampling.LANCZOS)
    target = wanted or format
    return Picture(target, _written(drawn, target), drawn.width, drawn.height, _smaller(drawn), was_moving)


def _check_size(width: int, height: int, format: Format) -> None:
    most = MAX_POINTS_JPEG if format is Format.JPEG else MAX_POINTS
    if width > MAX_SIDE or height > MAX_SIDE or width * height > most:
        raise _too_large()


def _too_large() -> Invalid:
    sentence = _(
        "Deze afbeelding heeft te veel beeldpunten en is te groot om te openen. Maak haar kleiner dan %(side)s bij "
        "%(side)s en kies haar opnieuw.",
        side=5_000,
    )
    return Invalid({"file": sentence})


def _plain(image: Image.Image) -> Image.Image:
    """Return the picture as nothing but points of colour, with its transparency if it has any."""
    has_alpha = "A" in image.getbands() or "transparency" in image.info
    drawn = image.convert("RGBA" if has_alpha else "RGB")
    bare = Image.new(drawn.mode, drawn.size)
    bare.paste(drawn)
    return bare


def _written(image: Image.Image, format: Format) -> bytes:
    out = io.BytesIO()
    if format is Format.JPEG and image.mode != "RGB":  # it has no transparency: put it on white paper
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image.getchannel("A"))
        image = paper
    image.save(out, **_SAVE[format])  # type: ignore[arg-type]  # the names differ for each format
    return out.getvalue()


def _smaller(image: Image.Image) -> dict[str, bytes]:
    made = {}
    for name, side in SIZES.items():
        if max(image.size) <= side:
            continue
        small = image.copy()
        small.thumbnail((side, side), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        small.save(out, format="WEBP", quality=80, method=4)
        made[name] = out.getvalue()
    return made
