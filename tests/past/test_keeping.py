"""The past is kept by one hook: a row for each day on which something changed, and nothing goes by it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import CursorResult, delete, insert, select, update

from proeftuin import clock
from proeftuin.db import Base, Database, savepoint, session
from proeftuin.past.keeping import KEEPS_NO_PAST, PastWouldBeLost
from proeftuin.past.tables import FOREVER, SIBLINGS
from proeftuin.pilots.models import Pilot, Theme
from proeftuin.wiki.models import PageLink

THEN = SIBLINGS["theme"].then
FIRST = date(2026, 5, 4)


@contextmanager
def on(database: Database, day: date) -> Iterator[None]:
    """One transaction at noon of a day."""
    with clock.at(datetime.combine(day, time(12), clock.AMSTERDAM)), database.transaction():
        yield


def kept(number: int) -> list[tuple[str, date, date]]:
    """Return how a theme is kept: name, since and until."""
    query = select(THEN.c.name, THEN.c.since_day, THEN.c.until_day).where(THEN.c.id == number)
    return [(row.name, row.since_day, row.until_day) for row in session().execute(query.order_by(THEN.c.since_day))]


def begin(database: Database) -> int:
    with on(database, FIRST):
        theme = Theme(key="vogels", name="Vogels", position=1)
        session().add(theme)
        session().flush()
        return theme.id


def test_the_changes_of_one_day_are_one_row(database: Database) -> None:
    number = begin(database)
    for name in ("Kieviten", "Grutto’s"):
        with on(database, FIRST):
            session().get_one(Theme, number).name = name
    with on(database, FIRST + timedelta(days=3)):
        session().get_one(Theme, number).name = "Tureluurs"
        session().flush()
        session().get_one(Theme, number).name = "Wulpen"
    with database.reading():
        changed = FIRST + timedelta(days=3)
        assert kept(number) == [("Grutto’s", FIRST, changed), ("Wulpen", changed, FOREVER)]


def test_a_row_that_comes_and_goes_on_one_day_was_never_there(database: Database) -> None:
    number = begin(database)
    with on(database, FIRST):
        session().delete(session().get_one(Theme, number))
    with database.reading():
        assert kept(number) == []


def test_a_row_that_is_removed_later_ends_on_that_day(database: Database) -> None:
    number = begin(database)
    gone = FIRST + timedelta(days=2)
    with on(database, gone):
        session().delete(session().get_one(Theme, number))
    with database.reading():
        assert kept(number) == [("Vogels", FIRST, gone)]


def fail_in_savepoint(number: int) -> None:
    """Change a theme in a part of a transaction that fails."""
    with savepoint():
        session().get_one(Theme, number).name = "Reigers"
        session().flush()
        raise RuntimeError


def fail_on(database: Database, day: date, number: int) -> None:
    """Change a theme in a transaction that fails."""
    with on(database, day):
        session().get_one(Theme, number).name = "Meeuwen"
        session().flush()
        raise RuntimeError


def test_what_is_undone_leaves_no_trace(database: Database) -> None:
    number = begin(database)
    later = FIRST + timedelta(days=1)
    with on(database, later), pytest.raises(RuntimeError):
        fail_in_savepoint(number)
    with pytest.raises(RuntimeError):
        fail_on(database, later, number)
    with database.reading():
        assert {name for name, _since, _until in kept(number)} == {"Vogels"}
        assert kept(number)[-1][2] == FOREVER


def test_one_transaction_may_tell_of_many_days(database: Database) -> None:
    number = begin(database)
    with database.transaction():
        for after in (1, 2, 5):
            with clock.at(datetime.combine(FIRST + timedelta(days=after), time(9), clock.AMSTERDAM)):
                session().get_one(Theme, number).name = f"Dag {after}"
                session().flush()
    with database.reading():
        assert [name for name, _since, _until in kept(number)] == ["Vogels", "Dag 1", "Dag 2", "Dag 5"]


def test_a_clock_that_was_set_back_does_not_break_the_line_of_days(database: Database) -> None:
    number = begin(database)
    with on(database, FIRST - timedelta(days=30)):
        session().get_one(Theme, number).name = "Uilen"
    with database.reading():
        assert kept(number) == [("Uilen", FIRST, FOREVER)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.integers(0, 3), st.text("abc", min_size=1, max_size=4)), max_size=8))
def test_the_days_of_a_row_follow_each_other_without_gap_or_overlap(
    database: Database, steps: list[tuple[int, str]]
) -> None:
    with on(database, FIRST):
        theme = Theme(
            key=f"k{session().scalar(select(Theme.id).order_by(Theme.id.desc()).limit(1)) or 0}", name="", position=1
        )
        theme.name = f"naam {theme.key}"
        session().add(theme)
        session().flush()
        number, key = theme.id, theme.key
    day, expected = FIRST, {FIRST: f"naam {key}"}
    for later, name in steps:
        day += timedelta(days=later)
        with on(database, day):
            session().get_one(Theme, number).name = expected[day] = f"{name} {key}"
    with database.reading():
        rows = kept(number)
    assert rows[0][1] == FIRST
    assert rows[-1][2] == FOREVER
    assert all(before[2] == after[1] for before, after in pairwise(rows))
    for asked in range((day - FIRST).days + 2):
        at = FIRST + timedelta(days=asked)
        told = [name for name, since, until in rows if since <= at < until]
        assert told == [expected[max(known for known in expected if known <= at)]]


@pytest.mark.parametrize(
    "statement",
    [
        update(Theme).values(name="x"),
        delete(Pilot),
        insert(PageLink).values(page_id=1, space_id=1, target_key="x", title=""),
        Base.metadata.tables["department"].update().values(name="x"),
    ],
    ids=["update", "delete", "insert", "table"],
)
def test_a_bulk_statement_that_would_lose_the_past_is_refused(database: Database, statement: object) -> None:
    with pytest.raises(PastWouldBeLost), database.transaction():
        session().execute(statement)  # type: ignore[call-overload]


def test_a_bulk_statement_may_say_that_it_needs_no_past(database: Database) -> None:
    with database.transaction():
        done = session().execute(update(Pilot).values(stopped_early=0), execution_options=KEEPS_NO_PAST)
    assert isinstance(done, CursorResult)
