"""Reading what was measured: which measures are settled, what was published, and what it came to.

What must stay true: nothing here reads an answer; every figure is hidden anew with the limit of today, so that a
stricter limit counts for what was published before. On a day of the past the same statements tell what stood then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from proeftuin import config
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Person
from proeftuin.db import session
from proeftuin.errors import NotFound
from proeftuin.events.models import Subject
from proeftuin.outcomes import figures
from proeftuin.outcomes.assessing import Assessment, Terms, assess
from proeftuin.outcomes.figures import Figures
from proeftuin.outcomes.models import Measure, Publication, Result
from proeftuin.outcomes.policy import NOT_BEGUN
from proeftuin.pilots.models import Pilot
from proeftuin.pilots.policy import visible_subjects


@dataclass(frozen=True, slots=True)
class Settled:
    """A measure as it is settled now, and as it was settled before that, the oldest first."""

    measure: Measure
    earlier: Sequence[Measure]

    @property
    def first_at(self) -> datetime:
        """Return when it was settled first."""
        return (self.earlier[0] if self.earlier else self.measure).settled_at

    @property
    def last_at(self) -> datetime:
        """Return when it was settled as it is now."""
        return self.measure.settled_at

    @property
    def times(self) -> int:
        """Return how often it was settled."""
        return len(self.earlier) + 1


@dataclass(frozen=True, slots=True)
class Published:
    """A publication with who made it."""

    id: int
    number: int
    on: date
    by: str
    reason: str
    flow: Mapping[str, int | None]
    publication: Publication


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for one measure: the figures that may be shown, and what may be said of them."""

    measure: Measure
    figures: Figures
    said: Assessment


FLOW = ("invited", "signed_up", "began", "stopped")


def terms_of(measure: Measure) -> Terms:
    """Return what was settled about a measure, as the arithmetic needs it."""
    return Terms(measure.kind, measure.favourable, measure.smallest)


def list_measures(pilot_id: int, *, with_dropped: bool = False) -> list[Settled]:
    """Return the measures of a pilot as they are settled now, the primary one first, then in order of settling."""
    rows = session().scalars(select(Measure).where(Measure.pilot_id == pilot_id).order_by(Measure.id)).all()
    by_key: dict[str, list[Measure]] = {}
    for row in rows:
        by_key.setdefault(row.key, []).append(row)
    found = [Settled(held[-1], held[:-1]) for held in by_key.values() if with_dropped or not held[-1].is_dropped]
    return sorted(found, key=lambda each: not each.measure.is_primary)


def get_measure(pilot_id: int, key: str) -> Measure:
    """Return a measure as it is settled now.

    :raises NotFound: when there is none with this key.
    """
    query = select(Measure).where(Measure.pilot_id == pilot_id, Measure.key == key).order_by(Measure.id.desc())
    measure = session().scalars(query.limit(1)).first()
    if measure is None:
        raise NotFound
    return measure


def list_publications(pilot_id: int) -> list[Published]:
    """Return what was published about a pilot, the newest first."""
    query = (
        select(Publication, Person.name)
        .join(Person, Person.id == Publication.published_by_id)
        .where(Publication.pilot_id == pilot_id)
        .order_by(Publication.number.desc())
    )
    return [
        Published(
            row.id, row.number, row.published_on, name, row.reason, {each: getattr(row, each) for each in FLOW}, row
        )
        for row, name in session().execute(query)
    ]


def list_found(publications: Iterable[Publication]) -> dict[int, list[Found]]:
    """Return what was found, by number of the publication, the primary measure first."""
    by_id = {each.id: each for each in publications}
    query = (
        select(Result, Measure)
        .join(Measure, Measure.id == Result.measure_id)
        .where(Result.publication_id.in_(by_id))
        .order_by(Measure.is_primary.desc(), Result.id)
    )
    found: dict[int, list[Found]] = {number: [] for number in by_id}
    for result, measure in session().execute(query):
        began = by_id[result.publication_id].began
        found[result.publication_id].append(found_of(measure, result.figures, asked=began))
    return found


def found_of(measure: Measure, data: Mapping[str, Any], *, asked: int | None) -> Found:
    """Return what may be shown and said of stored figures today."""
    shown = figures.hide(figures.from_data(data), config.current().small_group)
    return Found(measure, shown, assess(shown, terms_of(measure), asked=asked))


def list_primary(actor: Actor) -> Sequence[tuple[int, Found]]:
    """Return, for every pilot that the actor may read and that published, its number and what was found for its
    primary measure at last."""
    newest = (
        select(func.max(Publication.number))
        .where(Publication.pilot_id == Pilot.id)
        .correlate(Pilot)
        .scalar_subquery()
    )
    query = (
        select(Pilot.id, Measure, Result.figures, Publication.began)
        .join(Subject, Subject.id == Pilot.id)
        .join(Publication, Publication.pilot_id == Pilot.id)
        .join(Result, Result.publication_id == Publication.id)
        .join(Measure, Measure.id == Result.measure_id)
        .where(visible_subjects(actor), Publication.number == newest, Measure.is_primary.is_(True))
        .order_by(Pilot.id)
    )
    return [
        (pilot_id, found_of(measure, data, asked=began))
        for pilot_id, measure, data, began in session().execute(query)
    ]


def count_begun(actor: Actor) -> int:
    """Return how many pilots that the actor may read have begun, whatever became of them."""
    query = (
        select(func.count())
        .select_from(Pilot)
        .join(Subject, Subject.id == Pilot.id)
        .where(visible_subjects(actor), Pilot.state.not_in(NOT_BEGUN))
    )
    return session().scalar(query) or 0
