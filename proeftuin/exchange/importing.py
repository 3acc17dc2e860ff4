"""Carrying an import out: read everything, decide, then write in small transactions.

What must stay true: nothing is written before the whole source was read; a dry run writes nothing; every transaction
leaves whole versions with their origins behind, so an import that is killed goes on where it was, and one that is
done again does nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from proeftuin import clock
from proeftuin.accounts.queries import find_person_by_email
from proeftuin.db import Database, session
from proeftuin.errors import Invalid, NotFound, Refusal
from proeftuin.exchange.file_importing import FileImport, FilePlanner
from proeftuin.exchange.intake import Intake
from proeftuin.exchange.models import MAX_KEY, Origin
from proeftuin.exchange.plan import Planner, Step, edited_here
from proeftuin.exchange.reporting import Fate, Report
from proeftuin.exchange.spool import SourceVersion, Spool
from proeftuin.i18n import _
from proeftuin.wiki.arrivals import Arrival, ArrivingPage, open_space
from proeftuin.wiki.models import Page, PageKind
from proeftuin.wiki.spaces import Space

BATCH = 100
"""Versions in one transaction."""
SECONDS = 0.5
"""And no transaction longer than this: on SQLite others wait for it."""
SITE = "site"

Read = Callable[[Intake], str]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of an import: into which space, from which source, by whom (name there, e-mail here)."""

    space: str
    source: str = ""
    authors: Mapping[str, str] | None = None
    is_dry: bool = False


@contextmanager
def importing(
    database: Database, wish: Wish, read: Read, progress: Progress = lambda done, of: None
) -> Iterator[Report]:
    """Import what `read` lays in the spool, and give the report while the spool is there.

    :raises Invalid: when the source cannot be read as a whole, or the wish asks for what is not there.
    """
    with Spool() as spool:
        report = Report(spool)
        with database.reading():
            slug = None if wish.space == SITE else wish.space
            space = _space(slug)
            authors = _authors(wish.authors or {})
            source = read(Intake(spool, report))
        source = (wish.source or source)[:MAX_KEY]
        planner = Planner(spool, report, space, source)
        with database.reading():
            steps = list(planner.steps())
            file_steps = list(FilePlanner(planner, steps).steps())
        if not wish.is_dry:
            _Import(database, planner, slug, authors, progress).carry_out(steps)
            FileImport(database, planner, slug, authors).carry_out(file_steps)
        yield report


def _space(slug: str | None) -> Space:
    try:
        return open_space(slug)
    except NotFound as missing:
        raise Invalid({"space": _("Er is geen proeftuin met het adres “%(slug)s”.", slug=slug or "")}) from missing
    except Refusal as refused:
        raise Invalid({"space": refused.message}) from refused


def _authors(wanted: Mapping[str, str]) -> dict[str, int]:
    """Return the numbers of the people behind names in the source."""
    found: dict[str, int] = {}
    for name, email in wanted.items():
        person = find_person_by_email(email)
        if person is None:
            raise Invalid({"authors": _("Niemand heeft hier het adres %(email)s.", email=email)})
        found[name] = person.id
    return found


class _Import:
    """The writing of one import."""

    def __init__(
        self, database: Database, planner: Planner, slug: str | None, authors: dict[str, int], progress: Progress
    ) -> None:
        self.database = database
        self.planner = planner
        self.slug = slug
        self.authors = authors
        self.progress = progress
        self.done = 0

    def carry_out(self, steps: list[Step]) -> None:
        """Write every page."""
        for step in steps:
            work = _Work(self, step)
            while not work.is_done:
                with self.database.transaction():
                    self.done += work.write_some()
                self.progress(self.done, self.planner.report.counts.new_versions)


class _Work:
    """The writing of one page, over as many transactions as it takes."""

    def __init__(self, whole: _Import, step: Step) -> None:
        self.whole = whole
        self.step = step
        self.is_done = False
        self._versions = whole.planner.spool.versions(step.source.id)
        self._numbers: dict[int, int] = {}
        self._known: dict[str, int] | None = None
        self._page_id = step.page_id
        self._last = 0
        self._held: SourceVersion | None = None

    def write_some(self) -> int:
        """Write versions for as long as one transaction may take, and return how many."""
        if self._known is None:
            found = self.whole.planner.known(self.step.source)
            self._known = {key: number for key, (_page, number) in found.items()}
            self._last = max(self._known.values(), default=0)
        first = self._next(self._known)
        arriving = self._arrive(first) if first else None
        if arriving is None or first is None:
            self.is_done = True
            return 0
        return self._write(arriving, first, self._known)

    def _write(self, arriving: ArrivingPage, first: SourceVersion, known: dict[str, int]) -> int:
        begun, count = time.monotonic(), 0
        version: SourceVersion | None = first
        while version is not None and count < BATCH and time.monotonic() - begun < SECONDS:
            self._last = arriving.add(self._arrival(version))
            self._remember(arriving.page, version)
            count += 1
            version = self._next(known)
        self._held = version
        self.is_done = version is None
        if self.is_done:
            arriving.finish()
        else:
            arriving.settle()
        return count

    def _next(self, known: dict[str, int]) -> SourceVersion | None:
        """Return the next version that is not here yet."""
        if self._held is not None:
            held, self._held = self._held, None
            return held
        for version in self._versions:
            if version.key in known:
                if version.number is not None:
                    self._numbers[version.number] = known[version.key]
            elif self.step.since is None or version.at >= self.step.since:
                return version
        return None

    def _arrive(self, first: SourceVersion) -> ArrivingPage | None:
        """Return the page to write to, or None when somebody wrote in it since."""
        space = open_space(self.whole.slug)
        source = self.step.source
        if self._page_id is not None:
            row = session().get_one(Page, self._page_id, with_for_update=True, populate_existing=True)
            if row.current == self._last and row.deleted_at is None:
                return ArrivingPage(space, row)
            self.whole.planner.report.add(Fate.REFUSED, source.title, "", edited_here())
            return None
        begun = ArrivingPage.make(
            space,
            title=source.title,
            kind=PageKind(source.kind),
            is_restricted=source.is_restricted,
            first=self._arrival(first),
        )
        self._page_id = begun.page.id
        return begun

    def _arrival(self, version: SourceVersion) -> Arrival:
        author_id = self.whole.authors.get(version.author)
        base = self._last or None
        if version.number is not None:
            base = self._numbers.get(version.base) if version.base is not None else None
        return Arrival(
            at=version.at,
            text=version.text,
            author_id=author_id,
            alias=version.author if author_id is None else None,
            summary=version.summary,
            is_minor=version.is_minor,
            base=base,
            restores=self._numbers.get(version.restores) if version.restores is not None else None,
        )

    def _remember(self, page: Page, version: SourceVersion) -> None:
        if version.number is not None:
            self._numbers[version.number] = self._last
        planner = self.whole.planner
        session().add(
            Origin(
                page_id=page.id,
                number=self._last,
                space_id=planner.space.id,
                source=planner.source,
                page_key=self.step.source.key,
                version_key=version.key,
                created_at=clock.now(),
            )
        )
