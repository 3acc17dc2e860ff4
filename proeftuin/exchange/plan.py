"""What an import will do, page by page, decided before anything is written.

What must stay true: nothing that is here is overwritten. A page that is known grows by the versions that are new;
a page with a title that is in use here comes in only when it says the same already, which is: not at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from proeftuin import clock
from proeftuin.db import session
from proeftuin.exchange.models import Origin
from proeftuin.exchange.reporting import Fate, Report
from proeftuin.exchange.spool import SourcePage, Spool
from proeftuin.i18n import _
from proeftuin.naming import title_key
from proeftuin.wiki.models import Page, PageKind, Revision
from proeftuin.wiki.policy import may_restrict
from proeftuin.wiki.rows import find_by_title
from proeftuin.wiki.spaces import Space


@dataclass(frozen=True, slots=True)
class Step:
    """A page of the source that gets versions here: those that are not known, and not from before `since`.
    `page_id` is None for a page that will be made."""

    source: SourcePage
    page_id: int | None
    since: datetime | None


Known = dict[str, tuple[int, int]]
"""The versions of a page of the source that are here: as (page, number) by key."""


class Planner:
    """Decides about the pages of one source for one space."""

    def __init__(self, spool: Spool, report: Report, space: Space, source: str) -> None:
        self.spool = spool
        self.report = report
        self.space = space
        self.source = source
        self.same: dict[str, int] = {}
        """The pages of the source that were here already, as numbers by key: their files may join them."""
        self._taken: set[str] = set()

    def steps(self) -> Iterator[Step]:
        """Give the pages to which something is added."""
        counts = self.report.counts
        counts.pages, counts.versions = self.spool.count_pages(), self.spool.count_versions()
        for page in self.spool.pages():
            known = self.known(page)
            step = self._grown(page, known) if known else self._new(page)
            number = self._count_new(step, known) if step else 0
            if step and number:
                counts.new_pages += step.page_id is None
                counts.new_versions += number
                yield step

    def known(self, page: SourcePage) -> Known:
        """Return which versions of a page of the source are here."""
        query = select(Origin.version_key, Origin.page_id, Origin.number).where(
            Origin.space_id == self.space.id, Origin.source == self.source, Origin.page_key == page.key
        )
        return {key: (page_id, number) for key, page_id, number in session().execute(query)}

    def _count_new(self, step: Step, known: Known) -> int:
        keys = self.spool.keys(step.source.id)
        return sum(key not in known and (step.since is None or at >= step.since) for key, at in keys)

    def _new(self, page: SourcePage) -> Step | None:
        """Decide about a page that never came in."""
        existing = find_by_title(self.space.id, page.title)
        if existing is not None:
            self._tell_taken(page, existing)
            return None
        key = title_key(page.title)
        if key in self._taken:
            sentence = _("In de bron is nog een pagina met deze titel. Alleen de eerste komt mee.")
            self.report.add(Fate.REFUSED, page.title, "", f"{sentence} ({page.key[:80]})")
            return None
        if self.spool.newest_text(page.id) is None:
            self.report.add(Fate.REFUSED, page.title, "", _("Er is geen versie die mee kan."))
            return None
        if page.is_restricted and not may_restrict(self.space.state, PageKind(page.kind)):
            # Better left out than read by people for whom it was not written.
            sentence = _("Deze pagina is besloten, en hier kan een pagina van deze soort niet besloten zijn.")
            self.report.add(Fate.REFUSED, page.title, "", sentence)
            return None
        self._taken.add(key)
        return Step(page, None, None)

    def _grown(self, page: SourcePage, known: Known) -> Step | None:
        """Decide about a page of which versions came in before."""
        page_id, last = max(known.values(), key=lambda found: found[1])
        row = session().get_one(Page, page_id)
        self._taken.add(row.title_key)
        written = select(Revision.created_at).where(Revision.page_id == page_id, Revision.number == last)
        step = Step(page, page_id, session().scalars(written).one())
        self._tell_late(step, known)
        if row.current == last and row.deleted_at is None:
            return step
        if self._count_new(step, known):
            self.report.add(Fate.REFUSED, page.title, "", edited_here())
        return None

    def _tell_late(self, step: Step, known: Known) -> None:
        """Tell of versions that would come between those that are here."""
        for key, at in self.spool.keys(step.source.id):
            if key not in known and step.since is not None and at < step.since:
                day = clock.day_of(at).isoformat()
                sentence = _("Deze versie van %(day)s is ouder dan wat al is overgenomen.", day=day)
                self.report.add(Fate.REFUSED, step.source.title, "", sentence)

    def _tell_taken(self, page: SourcePage, existing: Page) -> None:
        newest = select(Revision.text).where(Revision.page_id == existing.id, Revision.number == existing.current)
        if session().scalars(newest).one() == self.spool.newest_text(page.id):
            self.same[page.key] = existing.id
            self.report.add(Fate.KNOWN, page.title, "", _("Deze pagina is er al, met dezelfde tekst."))
            return
        sentence = _("Er is hier al een pagina “%(title)s” met een andere tekst.", title=existing.title)
        self.report.add(Fate.REFUSED, page.title, "", sentence)


def edited_here() -> str:
    """Return why a page that was imported does not grow any more."""
    return _("De pagina is hier intussen bewerkt of verwijderd. Nieuwe versies uit de bron komen er niet bij.")
