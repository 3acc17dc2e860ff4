"""What is kept while nobody changes the database: it is read again after every change, whoever made it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from proeftuin import clock, prepared
from proeftuin.accounts import queries, sign_ins
from proeftuin.accounts.models import Attempt, Person, SignIn
from proeftuin.db import Database, session
from proeftuin.prepared import Prepared, while_unchanged
from tests.cast import Cast


@pytest.fixture(params=["sqlite", "postgresql"])
def separate(request: pytest.FixtureRequest, own_url: Callable[[str], str]) -> Iterator[Database]:
    """Give a database of its own, in which transactions really end."""
    database = Database(own_url(request.param))
    yield database
    database.close()


@dataclass
class Asking:
    """Asks the number of rows, and writes down how often it was really read."""

    database: Database
    reads: list[int] = field(default_factory=list)

    def __call__(self, key: str = "rows") -> int:
        return while_unchanged(key, self._read)

    def apart(self) -> int:
        """Ask in a unit of its own."""
        with self.database.unit(writing=False):
            return self()

    def _read(self) -> int:
        found = len(_ROWS.rows())
        self.reads.append(found)
        return found


_ROWS = Prepared(select(Attempt.key))


@pytest.fixture
def asking(separate: Database) -> Asking:
    return Asking(separate)


def _write(key: str) -> None:
    session().add(Attempt(key=key, window_start=clock.now(), count=1))
    session().flush()


def test_it_is_read_once_until_somebody_writes(asking: Asking) -> None:
    assert [asking.apart() for _ in range(3)] == [0, 0, 0]
    assert len(asking.reads) == (1 if asking.database.is_in_process else 3)
    with asking.database.transaction():
        _write("a")
    assert [asking.apart() for _ in range(3)] == [1, 1, 1]
    assert len(asking.reads) == (2 if asking.database.is_in_process else 6)


def test_another_process_writes(asking: Asking) -> None:
    """A connection of another database object stands for another process: they share a file and nothing else."""
    asking.apart()
    other = Database(asking.database.engine.url.render_as_string(hide_password=False))
    with other.transaction():
        _write("a")
    other.close()
    assert asking.apart() == 1


def test_a_unit_that_writes_sees_what_it_wrote_and_leaves_nothing_when_it_is_undone(asking: Asking) -> None:
    assert asking.apart() == 0
    with asking.database.unit(writing=True) as unit:
        _write("a")
        assert asking() == 1
        unit.rollback()
        assert asking() == 0
    assert asking.apart() == 0


def test_a_unit_with_a_session_reads_what_its_transaction_sees(asking: Asking) -> None:
    assert asking.apart() == 0
    with asking.database.unit(writing=False):
        session().scalars(select(Attempt)).all()
        before = len(asking.reads)
        assert asking() == 0
        assert len(asking.reads) == before + 1


def test_every_connection_keeps_for_itself(asking: Asking) -> None:
    with asking.database.unit(writing=False):
        assert asking() == 0
        assert asking.apart() == 0
        with asking.database.transaction():
            _write("a")
        assert asking() == 1
        assert asking.apart() == 1


def test_what_is_kept_does_not_grow_without_end(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "MOST_KEPT", 5)
    with asking.database.unit(writing=False) as unit:
        for number in range(30):
            asking(str(number))
        _state, kept = unit.connection.info.get("while_unchanged", (None, {}))
    assert (1 <= len(kept) <= 6) if asking.database.is_in_process else not kept


def test_who_is_blocked_or_signed_out_is_out_at_once(separate: Database) -> None:
    with separate.transaction():
        cast = Cast.create()
        person = session().get_one(Person, cast.colleague.id)
        tokens = [sign_ins.start(person, "proef") for _ in range(2)]

    def names() -> list[str | None]:
        with separate.unit(writing=False):
            return [user.actor.name if (user := queries.find_user(token)) else None for token in tokens]

    assert names() == names() == [cast.colleague.name] * 2
    with separate.transaction():
        session().execute(
            update(SignIn).where(SignIn.token_hash == queries.hash_token(tokens[0])).values(ends_at=clock.now())
        )
    assert names() == [None, cast.colleague.name]
    with clock.at(clock.now() + timedelta(days=400)):
        assert names() == [None, None]
    assert names() == [None, cast.colleague.name]
    with separate.transaction():
        session().execute(update(Person).where(Person.id == cast.colleague.id).values(blocked_at=clock.now()))
    assert names() == [None, None]
