"""Files of a source: what will be done with them, and doing it, after the pages.

What must stay true: as with pages, nothing that is here is overwritten: a file that came in before grows by the
versions that are new, until somebody changes it here; every version is a transaction with its origin, so an import
that is killed goes on and one that is done again does nothing; the room that the installation gives is not exceeded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from proeftuin import clock
from proeftuin.db import Database, session
from proeftuin.errors import Refusal
from proeftuin.exchange.file_spool import SourceFile, SourceFileVersion
from proeftuin.exchange.models import FileOrigin, Origin
from proeftuin.exchange.plan import Planner, Step
from proeftuin.exchange.reporting import Fate
from proeftuin.files import blobs, limits, service
from proeftuin.files.filenames import name_key
from proeftuin.files.models import EndKind, File, FileVersion
from proeftuin.files.places import arriving_place
from proeftuin.files.rows import last_end, newest_version
from proeftuin.files.service import By
from proeftuin.i18n import _
from proeftuin.wiki.arrivals import open_space
from proeftuin.wiki.models import Page


@dataclass(frozen=True, slots=True)
class FileStep:
    """A file of the source that gets versions here; `file_id` is None for one that will be made."""

    source: SourceFile
    file_id: int | None
    last: int
    """The number of the newest version that is here."""
    versions: tuple[SourceFileVersion, ...]


Known = Mapping[str, tuple[int, int]]
"""The versions of a file of the source that are here: as (file, number) by key."""


class FilePlanner:
    """Decides about the files of a source; `steps` are the pages that will be written first."""

    def __init__(self, planner: Planner, steps: list[Step]) -> None:
        self.planner = planner
        self.coming = {step.source.key for step in steps}
        room = limits.room()
        self._left, self._total = room.left, room.total
        self._counted: set[str] = set()

    def steps(self) -> Iterator[FileStep]:
        """Give the files to which something is added."""
        counts, spool = self.planner.report.counts, self.planner.spool.files
        counts.files = spool.count_files()
        for source in spool.files():
            step = self._step(source, spool.versions(source))
            fitting = tuple(self._fitting(step)) if step else ()
            if step and fitting:
                counts.new_files += step.file_id is None
                counts.new_file_versions += len(fitting)
                yield FileStep(source, step.file_id, step.last, fitting)

    def _step(self, source: SourceFile, versions: list[SourceFileVersion]) -> FileStep | None:
        known = known_versions(self.planner, source)
        if known:
            return self._grown(source, versions, known)
        home = home_of(self.planner, source)
        if home is None:
            if source.place in self.coming:
                return FileStep(source, None, 0, tuple(versions))
            self._refuse(source, _no_home(source))
            return None
        existing = find_by_name(home, source.name)
        if existing is None:
            return FileStep(source, None, 0, tuple(versions))
        if newest_version(existing.id).digest == versions[-1].digest:
            sentence = _("Dit bestand is er al, met dezelfde inhoud.")
            self.planner.report.add(Fate.KNOWN, source.name, "", sentence)
        else:
            self._refuse(source, taken_here(source))
        return None

    def _grown(self, source: SourceFile, versions: list[SourceFileVersion], known: Known) -> FileStep | None:
        """Decide about a file of which versions came in before."""
        file_id, last = max(known.values(), key=lambda found: found[1])
        newest = max(int(key.partition("-")[0]) for key in known)
        fresh = [version for version in versions if version.key not in known]
        for version in fresh:
            if version.number <= newest:
                self._refuse(source, _("Deze versie is ouder dan wat al is overgenomen."), version)
        fresh = [version for version in fresh if version.number > newest]
        if fresh and is_changed_here(file_id, last):
            self._refuse(source, changed_here())
            return None
        return FileStep(source, file_id, last, tuple(fresh))

    def _fitting(self, step: FileStep) -> Iterator[SourceFileVersion]:
        """Give the versions for which there is room, counting what is the same once."""
        kept = blobs.find_kept({version.digest for version in step.versions})
        for version in step.versions:
            more = 0 if version.digest in kept | self._counted else version.size
            if more > self._left:
                self._refuse(step.source, limits.no_room(self._left, self._total), version)
                continue
            self._left -= more
            self._counted.add(version.digest)
            yield version

    def _refuse(self, source: SourceFile, sentence: str, version: SourceFileVersion | None = None) -> None:
        label = _("versie %(n)s", n=version.number) if version else ""
        self.planner.report.add(Fate.REFUSED, source.name, label, sentence)


class FileImport:
    """The writing of the files of one import."""

    def __init__(self, database: Database, planner: Planner, slug: str | None, authors: Mapping[str, int]) -> None:
        self.database = database
        self.planner = planner
        self.slug = slug
        self.authors = authors

    def carry_out(self, steps: list[FileStep]) -> None:
        """Write every file; one that is refused now is told, and the others come in."""
        for step in steps:
            file_id, last = step.file_id, step.last
            for version in step.versions:
                try:
                    with self.database.transaction():
                        file_id, last = self._write(step, version, file_id, last)
                except Refusal as refused:
                    name = _("versie %(n)s", n=version.number)
                    self.planner.report.add(Fate.REFUSED, step.source.name, name, refused.message)
                    break

    def _write(self, step: FileStep, version: SourceFileVersion, file_id: int | None, last: int) -> tuple[int, int]:
        """Write a version and return the number of the file and of the version.

        :raises Refusal: when something happened here in the meantime, or there is no room.
        """
        source = step.source
        judged = self.planner.spool.files.judged(source, version)
        author_id = self.authors.get(version.author)
        by = By(author_id, version.at, version.author if author_id is None else None)
        if file_id is None:
            home = home_of(self.planner, source)
            if home is None:
                raise Refusal(_no_home(source))
            if find_by_name(home, source.name) is not None:
                raise Refusal(taken_here(source))
            place = arriving_place(open_space(self.slug), home)
            file_id = service.put(by, place, name=source.name, judged=judged, words=version.words).id
            number = 1
        else:
            if is_changed_here(file_id, last):
                raise Refusal(changed_here())
            file = session().get_one(File, file_id)
            arriving_place(open_space(self.slug), file.subject_id)
            number = service.put_version(by, file, judged=judged, words=version.words)
        self._remember(file_id, number, source, version)
        return file_id, number

    def _remember(self, file_id: int, number: int, source: SourceFile, version: SourceFileVersion) -> None:
        session().add(
            FileOrigin(
                file_id=file_id,
                number=number,
                space_id=self.planner.space.id,
                source=self.planner.source,
                file_key=source.key,
                version_key=version.key,
                created_at=clock.now(),
            )
        )


def known_versions(planner: Planner, source: SourceFile) -> Known:
    """Return which versions of a file of the source are here."""
    query = select(FileOrigin.version_key, FileOrigin.file_id, FileOrigin.number).where(
        FileOrigin.space_id == planner.space.id,
        FileOrigin.source == planner.source,
        FileOrigin.file_key == source.key,
    )
    return {key: (file_id, number) for key, file_id, number in session().execute(query)}


def home_of(planner: Planner, source: SourceFile) -> int | None:
    """Return the number of the page or the pilot that a file of the source belongs to here, when it is here."""
    if not source.place:
        return planner.space.id if planner.space.slug is not None else None
    if source.place in planner.same:
        return planner.same[source.place]
    came = select(func.max(Origin.page_id)).where(
        Origin.space_id == planner.space.id, Origin.source == planner.source, Origin.page_key == source.place
    )
    there = select(Page.id).where(Page.id == came.scalar_subquery(), Page.deleted_at.is_(None))
    return session().scalar(there)


def find_by_name(subject_id: int, name: str) -> File | None:
    """Return the file of a page or a pilot with this name, also when it was taken away."""
    return session().scalar(select(File).where(File.subject_id == subject_id, File.name_key == name_key(name)))


def is_changed_here(file_id: int, last: int) -> bool:
    """Return whether somebody gave a file another version, or took it away, since it came in."""
    number = session().scalar(select(func.max(FileVersion.number)).where(FileVersion.file_id == file_id))
    end = last_end(file_id)
    return number != last or (end is not None and end.kind is not EndKind.RESTORED)


def changed_here() -> str:
    """Return why a file that was imported does not grow any more."""
    return _("Het bestand is hier intussen vervangen of weggehaald. Nieuwe versies uit de bron komen er niet bij.")


def taken_here(source: SourceFile) -> str:
    """Return why a file does not come in beside one with its name."""
    return _("Er is hier al een bestand “%(name)s” met een andere inhoud.", name=source.name)


def _no_home(source: SourceFile) -> str:
    if source.place:
        return _("De pagina waar dit bestand bij hoort, is hier niet overgenomen.")
    return _("De site zelf heeft geen bestanden. Een bestand hoort bij een pagina of een proeftuin.")
