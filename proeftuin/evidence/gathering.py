"""Which deviations somebody takes along: one, those of a pilot, of an article of the cao, or of a period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from proeftuin import config
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Party
from proeftuin.db import session
from proeftuin.deviations import labels, policy
from proeftuin.deviations.look import Look
from proeftuin.deviations.models import Deviation, Rule, Version
from proeftuin.deviations.showing import folder as folders
from proeftuin.deviations.showing import record, timeline
from proeftuin.deviations.showing.card_lines import Reader
from proeftuin.deviations.showing.folder import Folder
from proeftuin.deviations.showing.wording import marked
from proeftuin.errors import NotFound
from proeftuin.pilots import policy as pilots_policy
from proeftuin.pilots.models import Pilot


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for. With nothing set it is the whole register."""

    code: str = ""
    pilot: str = ""
    article: str = ""
    first: date | None = None
    last: date | None = None

    @property
    def name(self) -> str:
        """Return a name for a file."""
        if self.first and self.last:
            return f"register-{self.first}-{self.last}"
        article = f"artikel-{self.article}" if self.article else ""
        return self.code or self.pilot or article or "register"


def reader_of(actor: Actor) -> Reader:
    """Return what somebody may be shown in what is taken along; a lead is shown what everybody is."""
    is_lead = pilots_policy.Standing()
    return Reader(
        config.current().small_group,
        is_monitor=policy.is_monitor(actor),
        sees_exact_count=pilots_policy.may_see_exact_count(actor, is_lead),
    )


def gather(asked: Asked, look: Look) -> list[Folder]:
    """Return the deviations that were submitted by that day, in the order of their numbers.

    :raises NotFound: when one was asked for by its code and is not there.
    """
    query = select(Deviation).where(Deviation.code.is_not(None)).order_by(Deviation.year, Deviation.serial)
    if asked.code:
        query = query.where(Deviation.code == asked.code)
    if asked.pilot:
        query = query.join(Pilot, Pilot.id == Deviation.pilot_id).where(Pilot.slug == asked.pilot)
    if asked.article:
        touching = (
            select(Version.deviation_id)
            .join(Rule, Rule.version_id == Version.id)
            .where(Rule.article_number == asked.article)
        )
        query = query.where(Deviation.id.in_(touching))
    found = []
    for deviation in session().scalars(query):
        try:
            folder = folders.fill(deviation, day=look.day, known=look.known)
        except NotFound:  # not submitted yet, as far as was known
            continue
        if _falls_in(folder, asked):
            found.append(folder)
    if asked.code and not found:
        raise NotFound
    return found


def _falls_in(folder: Folder, asked: Asked) -> bool:
    """Return whether a deviation was submitted, applied or was judged within the period."""
    if asked.first is None or asked.last is None:
        return True
    days = [version.submitted_on for version in folder.versions.values()]
    days += [position.decided_on for position in folder.positions]
    spans = [(span.first, span.last or folder.day) for span in folder.course.applied]
    return any(asked.first <= day <= asked.last for day in days) or any(
        first <= asked.last and last >= asked.first for first, last in spans
    )


def list_parties() -> list[tuple[int, str]]:
    """Return number and key of every party, in the order of the table."""
    order = ("werkgever", "vakbond", "ondernemingsraad")
    rows = session().execute(select(Party.id, Party.key, Party.kind))
    return [(row[0], row[1]) for row in sorted(rows, key=lambda row: (order.index(row[2].value), row[0]))]


def as_text(folder: Folder, reader: Reader) -> dict[str, object]:
    """Return what the whole file of a deviation shows."""
    newest_first: Sequence[Version] = sorted(folder.versions.values(), key=lambda each: -each.number)
    return {
        "folder": folder,
        "versions": [
            (
                version,
                labels.state(folder.course.tracks[version.number].state),
                [(rule, *marked(rule.cao_text, rule.text)) for rule in folder.rules.get(version.id, ())],
                record.fields(folder, version),
                folder.caos[version.cao_version_id].label,
            )
            for version in newest_first
        ],
        "entries": timeline.entries(folder, is_monitor=reader.is_monitor),
    }
