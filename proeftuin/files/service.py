"""Adding, replacing and taking away files.

What must stay true: the bytes are on the disk before the row that names them is written, and what a refused act
left there is an orphan that `flask files check` finds; a replaced file keeps its old versions; a file that was taken
away leaves who did it, when and why.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.db import savepoint, session
from proeftuin.errors import Conflict, Gone, Invalid
from proeftuin.events.service import record_untold, tell
from proeftuin.files import blobs
from proeftuin.files.filenames import checked_name, free_name, name_key
from proeftuin.files.formats import Format
from proeftuin.files.judging import Judged
from proeftuin.files.models import (
    MAX_ALT,
    MAX_DESCRIPTION,
    MAX_REASON,
    EndKind,
    File,
    FileEnd,
    FileVersion,
)
from proeftuin.files.places import Place, get_place
from proeftuin.files.rows import get_row, last_end, newest_version
from proeftuin.i18n import _
from proeftuin.naming import clean_line
from proeftuin.wiki.renderings import mark_files

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Words:
    """What someone says of a file: what a picture shows, that there is nothing to say of it, and what it is for."""

    alt: str = ""
    is_decorative: bool = False
    description: str = ""


@dataclass(frozen=True, slots=True)
class By:
    """Who does something with a file. What was done elsewhere has a moment of its own (`at`), and an `alias` when
    who did it is no person here; nobody gets notices of it."""

    author_id: int | None
    at: datetime | None = None
    alias: str | None = None

    @property
    def moment(self) -> datetime:
        """Return when it is done."""
        return self.at or clock.now()


@dataclass(frozen=True, slots=True)
class Added:
    """A file that was added. `is_new` is False when it was there already, `is_renamed` when its name was taken."""

    id: int
    name: str
    number: int
    format: Format
    alt: str
    is_new: bool = True
    is_renamed: bool = False


def check_words(words: Words, format: Format) -> Words:
    """Return what was said of a file as it is stored.

    :raises Invalid: when a picture has no alternative text, or something is too long.
    """
    alt, description = clean_line(words.alt), clean_line(words.description)
    problems = {}
    if len(alt) > MAX_ALT:
        problems["alt"] = _("Maak deze tekst korter dan %(n)s tekens.", n=MAX_ALT)
    if len(description) > MAX_DESCRIPTION:
        problems["description"] = _("Maak deze tekst korter dan %(n)s tekens.", n=MAX_DESCRIPTION)
    if format.is_picture and not alt and not words.is_decorative:
        problems["alt"] = _(
            "Beschrijf wat er te zien is, voor wie de afbeelding niet ziet. Is er niets aan te zien? Kies dan "
            "“alleen versiering”."
        )
    if problems:
        raise Invalid(problems)
    is_decorative = words.is_decorative and format.is_picture
    return Words("" if is_decorative or not format.is_picture else alt, is_decorative, description)


def add(actor: Actor, place: Place, *, name: str, judged: Judged, words: Words) -> Added:
    """Add a file to a page or a pilot. The same file under the same name is added once.

    :raises Invalid: when its name or what is said of it cannot be accepted, or there is no room.
    """
    place = get_place(actor, place.id, writing=True)
    return put(By(actor.id), place, name=name, judged=judged, words=words)


def put(by: By, place: Place, *, name: str, judged: Judged, words: Words) -> Added:
    """Add a file to a place in which the caller may write.

    :raises Invalid: as `add` does.
    """
    wish = checked_name(name, judged.format)
    words = check_words(words, judged.format)
    digest = blobs.keep(judged)
    for _attempt in range(_TRIES):
        existing = _find(place, wish)
        if existing is not None and (again := _is_sent_twice(existing, by, digest)):
            return again
        given = free_name(wish, _taken(place))
        try:
            with savepoint():
                file = _create(by, place, given, words, judged=judged, digest=digest)
        except IntegrityError:  # somebody gave a file this name at this very moment
            continue
        _tell(by, "file:added", file)
        return Added(file.id, given, 1, judged.format, words.alt, is_renamed=given != wish)
    raise Conflict(_("Iemand voegde op dit moment ook een bestand toe."), way_out=place.address)


def replace(actor: Actor, file_id: int, *, judged: Judged | None, words: Words) -> int:
    """Give a file a new version and return its number: with other bytes, or only with other words about it.

    :raises Invalid: when the new bytes are of another kind, or there is no room.
    """
    return put_version(By(actor.id), _writable(actor, file_id), judged=judged, words=words)


def put_version(by: By, file: File, *, judged: Judged | None, words: Words) -> int:
    """Give a file a new version where the caller may write, and return its number.

    :raises Invalid: as `replace` does.
    """
    if judged is not None and judged.format is not file.format:
        raise Invalid(
            {
                "file": _(
                    "Dit bestand is een %(kind)s. Vervang het door een %(kind)s, of voeg het nieuwe apart toe.",
                    kind=file.format.value,
                )
            }
        )
    words = check_words(words, file.format)
    now = newest_version(file.id)
    digest = blobs.keep(judged) if judged is not None else now.digest
    if digest == now.digest and words == Words(now.alt, now.is_decorative, now.description):
        return now.number
    picture = judged.picture if judged else None
    sides = (picture.width, picture.height) if picture else (now.width, now.height)
    version = _add_version(by, file, now.number + 1, words, digest=digest, sides=sides)
    session().flush()  # two who replace it at once meet here
    _tell(by, "file:replaced", file, number=version.number, same_content=digest == now.digest)
    return version.number


def remove(actor: Actor, file_id: int, *, reason: str, erase: bool = False) -> None:
    """Take a file away, with a reason; `erase` also destroys what it holds, of all its versions.

    :raises Invalid: without a reason.
    """
    file = get_row(actor, file_id, writing=True)
    end = last_end(file_id)
    if end is not None and (end.kind is EndKind.ERASED or (end.kind is EndKind.REMOVED and not erase)):
        return  # the same form sent twice
    reason = clean_line(reason)
    if not reason or len(reason) > MAX_REASON:
        raise Invalid({"reason": _("Schrijf kort waarom je het weghaalt. Die reden blijft leesbaar.")})
    _end(actor, file, EndKind.ERASED if erase else EndKind.REMOVED, reason)
    _tell(By(actor.id), "file:removed", file)
    if erase:
        blobs.ask_erase(file.id)


def restore(actor: Actor, file_id: int) -> None:
    """Put a file back that was taken away.

    :raises Gone: when its content was erased.
    """
    file = get_row(actor, file_id, writing=True)
    end = last_end(file_id)
    if end is None or end.kind is EndKind.RESTORED:
        return
    if end.kind is EndKind.ERASED:
        raise Gone(_("De inhoud van dit bestand is gewist. Die kan niet terug."))
    _end(actor, file, EndKind.RESTORED, "")
    _tell(By(actor.id), "file:added", file, restored=True)


def _create(by: By, place: Place, name: str, words: Words, *, judged: Judged, digest: str) -> File:
    file = File(
        subject_id=place.id,
        name=name,
        name_key=name_key(name),
        format=judged.format,
        author_id=by.author_id,
        created_at=by.moment,
    )
    session().add(file)
    session().flush()
    picture = judged.picture
    sides = (picture.width, picture.height) if picture else (None, None)
    _add_version(by, file, 1, words, digest=digest, sides=sides)
    session().flush()
    return file


def _add_version(
    by: By, file: File, number: int, words: Words, *, digest: str, sides: tuple[int | None, int | None]
) -> FileVersion:
    version = FileVersion(
        file_id=file.id,
        number=number,
        digest=digest,
        width=sides[0],
        height=sides[1],
        alt=words.alt,
        is_decorative=words.is_decorative,
        description=words.description,
        author_id=by.author_id,
        alias=by.alias,
        created_at=by.moment,
    )
    session().add(version)
    return version


def _end(actor: Actor, file: File, kind: EndKind, reason: str) -> None:
    session().add(FileEnd(file_id=file.id, kind=kind, reason=reason, author_id=actor.id, created_at=clock.now()))
    session().flush()


def _tell(by: By, kind: str, file: File, **data: Any) -> None:
    """Record what happened, and let the pages that may show the file be rendered anew."""
    if by.at is not None:
        data |= {"imported": True} | ({"alias": by.alias} if by.alias is not None else {})
    with clock.at(by.moment):
        happened = record_untold(
            by.author_id, kind, file.subject_id, object_id=file.id, summary=file.name, minor=False, data=data
        )
    tell(happened)  # outside: the jobs of what is long past wait from now on
    mark_files(file.subject_id)


def _writable(actor: Actor, file_id: int) -> File:
    file = get_row(actor, file_id, writing=True)
    end = last_end(file_id)
    if end is not None and end.kind is not EndKind.RESTORED:
        raise Gone(_("Dit bestand is weggehaald. Zet het eerst terug."))
    return file


def _find(place: Place, name: str) -> File | None:
    query = select(File).where(File.subject_id == place.id, File.name_key == name_key(name))
    return session().scalar(query)


def _taken(place: Place) -> frozenset[str]:
    return frozenset(session().scalars(select(File.name_key).where(File.subject_id == place.id)))


def _is_sent_twice(file: File, by: By, digest: str) -> Added | None:
    now, end = newest_version(file.id), last_end(file.id)
    if now.digest != digest or now.author_id != by.author_id or (end and end.kind is not EndKind.RESTORED):
        return None
    return Added(file.id, file.name, now.number, file.format, now.alt, is_new=False)
