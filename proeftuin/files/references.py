"""Files in the text of a page: what `bestand:naam.png` and the plain address of a file stand for.

What must stay true: a text never tells its readers of a file that they may not see. A name means a file of the page
itself, else one of its pilot, which all readers of the page may read; an address means any file of those two, or one
that everyone may read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from sqlalchemy import Row, and_, or_, select

from proeftuin.db import session
from proeftuin.events.models import Audience, Subject
from proeftuin.files.filenames import name_key
from proeftuin.files.formats import Format
from proeftuin.files.models import Blob, File, FileVersion
from proeftuin.files.queries import address_of, is_there, newest_number, shown_sides, smaller_address
from proeftuin.markup import Attachment
from proeftuin.wiki.spaces import Space

MOST = 500
_NAME = "bestand:"
_ADDRESS = re.compile(r"/bestanden/([0-9]{1,9})/([0-9]{1,9})/.*")


def find(space: Space, page_id: int | None, sources: Sequence[str]) -> Mapping[str, Attachment]:
    """Return what the sources in the text of a page stand for; those that stand for nothing are left out."""
    sources = sources[:MOST]
    own = [page_id] if page_id is not None else []
    places = [*own, *([space.id] if space.slug is not None else [])]
    names = {source: name_key(unquote(source.removeprefix(_NAME))) for source in sources if source.startswith(_NAME)}
    numbers = {
        source: (int(match[1]), int(match[2]))
        for source in sources
        if (match := _ADDRESS.fullmatch(source)) is not None
    }
    found: dict[str, Attachment] = {}
    if names and places:
        by_name = _by_name(places, set(names.values()))
        found.update({source: by_name[key] for source, key in names.items() if key in by_name})
    if numbers:
        by_number = _by_number(places, {file_id for file_id, _ in numbers.values()})
        found.update({source: by_number[pair] for source, pair in numbers.items() if pair in by_number})
    return found


def _by_name(places: list[int], keys: set[str]) -> dict[str, Attachment]:
    query = _rows().where(File.subject_id.in_(places), File.name_key.in_(keys), FileVersion.number == newest_number())
    rows = sorted(session().execute(query), key=lambda row: places.index(row.subject_id), reverse=True)
    return {row.name_key: attachment(row) for row in rows}


def _by_number(places: list[int], ids: set[int]) -> dict[tuple[int, int], Attachment]:
    readable = or_(Subject.audience == Audience.EVERYONE, File.subject_id.in_(places))
    query = _rows().where(File.id.in_(ids), readable)
    return {(row.id, row.number): attachment(row) for row in session().execute(query)}


def _rows() -> Any:
    return (
        select(
            File.id,
            File.subject_id,
            File.name,
            File.name_key,
            File.format,
            FileVersion.number,
            FileVersion.width,
            FileVersion.height,
            FileVersion.alt,
            Blob.size,
        )
        .join(FileVersion, FileVersion.file_id == File.id)
        .join(Blob, and_(Blob.digest == FileVersion.digest, Blob.erased_at.is_(None)))
        .join(Subject, Subject.id == File.subject_id)
        .where(is_there())
    )


def attachment(row: Row[Any]) -> Attachment:
    """Return a version of a file as a text shows it."""
    format: Format = row.format
    whole = address_of(row.id, row.number, row.name)
    if not format.is_picture:
        return Attachment(whole, about=about(format, row.size))
    width, height = shown_sides(row.width, row.height, "pagina")
    shown = smaller_address(row.id, row.number, row.name, "pagina") if width < row.width else whole
    return Attachment(whole, about(format, row.size), shown, width, height, row.alt)


def about(format: Format, size: int) -> str:
    """Return the kind and the size of a file in a few words, for pages, which are Dutch."""
    if size < 1_000_000:
        return f"{format.value}, {max(1, round(size / 1000))} kB"
    return f"{format.value}, {size / 1_000_000:.1f} MB".replace(".", ",")
