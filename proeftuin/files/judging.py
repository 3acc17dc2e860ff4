"""What a file is, by what it holds; its name has no say.

What must stay true: whatever is not recognised is refused, with a sentence that says what someone can do; nothing is
written anywhere before a file was judged to its end; a file that is two things at once is neither.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

from proeftuin.errors import Invalid
from proeftuin.files import archives, pictures
from proeftuin.files.formats import Format
from proeftuin.files.pictures import Picture
from proeftuin.i18n import _

_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", Format.PNG),
    (b"\xff\xd8\xff", Format.JPEG),
    (b"GIF87a", Format.GIF),
    (b"GIF89a", Format.GIF),
    (b"%PDF-", Format.PDF),
)
_PDF = re.compile(rb"%PDF-(?:1\.[0-7]|2\.0)[\s%]")
_PDF_END = re.compile(rb"startxref\s+(\d{1,12})\s+%%EOF[\s\x00]*\Z")
_PDF_TABLE = re.compile(rb"\s{0,4}(?:xref\b|\d+\s+\d+\s+obj\b)")
_PAGE_TAGS = re.compile(rb"<\s*(?:!doctype|html|head|body|script|svg|iframe|\?xml)\b", re.IGNORECASE)
_HTML = re.compile(
    r"\s*(?:<!--.*?-->\s*)*<\s*(?:!doctype\s+html|html|head|body|script|iframe|p|div|h1|table)\b", re.I | re.S
)
_SVG = re.compile(r"<\s*(?:\w+:)?svg\b", re.IGNORECASE)
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_HEAD = 4_096
_ROWS_JUDGED = 300


@dataclass(frozen=True, slots=True)
class Judged:
    """A file as it may be kept. `picture` holds the picture made anew; other kinds are kept as they came."""

    format: Format
    content: bytes
    picture: Picture | None = None


def judge(content: bytes, wanted: Format | None = None) -> Judged:
    """Return what a file is and the bytes to keep. A picture can be made into the `wanted` format of a picture.

    :raises Invalid: with a sentence, when it is not taken in.
    """
    if not content:
        raise Invalid({"file": _("Dit bestand is leeg. Kies een ander bestand.")})
    format = _begins_as(content)
    if format is not None and format.is_picture:
        picture = pictures.remake(content, wanted if wanted and wanted.is_picture else None)
        return Judged(picture.format, picture.content, picture)
    if format is Format.PDF:
        _check_pdf(content)
        return Judged(Format.PDF, content)
    if content.startswith(b"PK\x03\x04"):
        return Judged(archives.judge(content), content)
    _check_text(content)
    return Judged(Format.CSV, content)


def _begins_as(content: bytes) -> Format | None:
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return Format.WEBP
    return next((format for beginning, format in _BEGINNINGS if content.startswith(beginning)), None)


def _check_pdf(content: bytes) -> None:
    """Refuse what only begins like a PDF: it must end like one too, and point at its own table."""
    end = _PDF_END.search(content[-2_048:])
    at = int(end[1]) if end else len(content)
    whole = _PDF.match(content) and end and (at == 0 or _PDF_TABLE.match(content[at : at + 40]))
    if not whole or _PAGE_TAGS.search(content[:1_024]):
        raise Invalid({"file": _("Dit is geen gewone pdf: er zit iets anders in, of hij is niet volledig.")})


def _check_text(content: bytes) -> None:
    """Let a table of plain text through, and say what is wrong with everything else."""
    if content.startswith((b"\xd0\xcf\x11\xe0", b"{\\rtf")):
        raise Invalid(
            {"file": _("Dit is een oud soort document. Bewaar het als docx, odt of xlsx en kies het opnieuw.")}
        )
    text = decoded(content)
    if text is None:
        raise unknown()
    if _SVG.search(text[:_HEAD]) and text.lstrip("\ufeff \t\r\n").startswith("<"):
        raise Invalid({"file": _("Een SVG-tekening kan scripts bevatten. Bewaar haar als png en kies haar opnieuw.")})
    if _HTML.match(text[:_HEAD].lstrip("\ufeff")) or _PAGE_TAGS.search(content[:_HEAD]):
        raise Invalid(
            {"file": _("Een webpagina (HTML) nemen we niet aan. Zet de tekst in een pagina, of bewaar haar als pdf.")}
        )
    if not _is_table(text):
        raise unknown()


def unknown() -> Invalid:
    """Return the refusal of what is not recognised."""
    return Invalid(
        {
            "file": _(
                "Dit soort bestand nemen we niet aan. Wel: afbeeldingen (png, jpeg, webp, gif), pdf, docx, odt, xlsx "
                "en csv."
            )
        }
    )


def decoded(content: bytes) -> str | None:
    """Return bytes as text, or None when they are none."""
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if _NOT_TEXT.search(text) else text
    return None


def _is_table(text: str) -> bool:
    """Return whether nearly all of the first rows have as many cells, and more than one."""
    lines = text.split("\n", _ROWS_JUDGED + 1)[:_ROWS_JUDGED]
    head = "\n".join(line.rstrip("\r") for line in lines)
    for sign in ";,\t":
        if sign not in head:
            continue
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(head), delimiter=sign) if any(row)]
        except csv.Error:  # a cell without end
            continue
        width = max(set(widths), key=widths.count, default=0)
        if width > 1 and len(widths) > 1 and widths.count(width) >= 0.9 * len(widths):
            return True
    return False
