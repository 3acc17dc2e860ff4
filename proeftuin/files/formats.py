"""The nine kinds of files that are taken in, and what a browser is told of each.

What must stay true: whatever is not in this list is refused. A kind is decided by content (`judging`), never by the
name; pictures are made anew (`pictures`), the other kinds are kept as they came and only ever given out as downloads.
"""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    PNG = "png"
    JPEG = "jpeg"
    WEBP = "webp"
    GIF = "gif"
    PDF = "pdf"
    DOCX = "docx"
    ODT = "odt"
    XLSX = "xlsx"
    CSV = "csv"

    @property
    def is_picture(self) -> bool:
        """Return whether a page can show it."""
        return self in PICTURES

    @property
    def mimetype(self) -> str:
        """Return the type that a browser is told."""
        return _TYPES[self]

    @property
    def endings(self) -> tuple[str, ...]:
        """Return how names of this kind end, the usual one first."""
        return (".jpg", ".jpeg") if self is Format.JPEG else (f".{self.value}",)


PICTURES = frozenset({Format.PNG, Format.JPEG, Format.WEBP, Format.GIF})
_TYPES = {
    Format.PNG: "image/png",
    Format.JPEG: "image/jpeg",
    Format.WEBP: "image/webp",
    Format.GIF: "image/gif",
    Format.PDF: "application/pdf",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.ODT: "application/vnd.oasis.opendocument.text",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "text/csv",
}
ACCEPT = ".png,.jpg,.jpeg,.webp,.gif,.pdf,.docx,.odt,.xlsx,.csv"
"""What the browser offers first when someone chooses a file; nothing depends on it."""
