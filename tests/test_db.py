"""The transaction rule: an accepted request lasts, a refused one leaves nothing, and no write is lost."""

from __future__ import annotations

import gc
import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import DateTime, bindparam, delete, select, text
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from proeftuin import clock, create_app, db
from proeftuin.accounts.models import Attempt
from proeftuin.config import Config
from proeftuin.db import Database, UtcDateTime, keep_on_refusal, session
from proeftuin.prepared import Prepared
from proeftuin.web.database_cli import alembic_config

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_moment_without_a_zone_cannot_be_stored(database: Database) -> None:
    with database.unit(writing=True):
        session().add(Attempt(key="k", window_start=datetime(2026, 1, 1), count=1))
        with pytest.raises(StatementError, match="time zone"):
            session().flush()


def test_a_moment_comes_back_aware(database: Database) -> None:
    with database.transaction() as writing:
        writing.add(Attempt(key="k", window_start=MOMENT, count=1))
    with database.reading() as reading:
        assert reading.scalars(select(Attempt.window_start)).one() == MOMENT


@pytest.mark.parametrize(("accepted", "keep", "rows"), [(True, False, 1), (False, False, 0), (False, True, 1)])
def test_a_refused_unit_leaves_nothing_unless_asked(
    database: Database, accepted: bool, keep: bool, rows: int
) -> None:
    with database.unit(writing=True) as unit:
        session().add(Attempt(key="k", window_start=MOMENT, count=1))
        session().flush()
        if keep:
            keep_on_refusal()
        unit.end(accepted=accepted)
    with database.reading() as reading:
        assert len(reading.scalars(select(Attempt)).all()) == rows


def test_simultaneous_read_modify_writes_lose_nothing_on_sqlite(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'test.db'}")
    command.upgrade(alembic_config(database), "head")
    with database.transaction() as writing:
        writing.add(Attempt(key="k", window_start=MOMENT, count=0))

    def count_up() -> None:
        for _ in range(20):
            with database.transaction() as mine:
                row = mine.scalars(select(Attempt)).one()
                row.count += 1

    threads = [threading.Thread(target=count_up) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as reading:
        assert reading.scalars(select(Attempt.count)).one() == 120
    database.close()


def test_migrations_go_up_down_and_up_again_with_data_in_them(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'test.db'}")
    configuration = alembic_config(database)
    command.upgrade(configuration, "head")
    with database.transaction() as writing:
        writing.add(Attempt(key="k", window_start=MOMENT, count=1))
    command.downgrade(configuration, "base")
    command.upgrade(configuration, "head")
    with database.transaction() as writing:
        assert writing.scalar(text("SELECT count(*) FROM subject")) == 1
        writing.execute(delete(Attempt))
    database.close()


_KEYS = Prepared(
    select(Attempt.key, Attempt.window_start.label("began"), Attempt.key, (Attempt.count > 1).label("again"))
    .where(Attempt.window_start >= bindparam("since"), Attempt.key != "hidden")
    .order_by(Attempt.key)
)


def test_a_prepared_statement_gives_the_same_rows_with_and_without_someone_listening(
    database: Database, request: pytest.FixtureRequest
) -> None:
    with database.transaction() as writing:
        for number, key in enumerate(("a", "b", "hidden")):
            writing.add(Attempt(key=key, window_start=MOMENT, count=number + 1))
    with database.reading():
        direct = _KEYS.rows(since=MOMENT)
        seen = request.getfixturevalue("statements")
        watched = _KEYS.rows(since=MOMENT)
    assert [tuple(row) for row in direct] == [("a", MOMENT, "a", False), ("b", MOMENT, "b", True)]
    assert [tuple(row) for row in direct] == [tuple(row) for row in watched]
    assert [(row.began, row.again) for row in direct] == [(row.began, row.again) for row in watched]
    assert len(seen) == 1


def test_a_prepared_statement_sees_what_the_unit_wrote_and_undoes_with_it(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'test.db'}")
    command.upgrade(alembic_config(database), "head")
    with database.unit(writing=True) as unit:
        assert _KEYS.rows(since=MOMENT) == []
        session().add(Attempt(key="k", window_start=MOMENT, count=1))
        assert [row.key for row in _KEYS.rows(since=MOMENT)] == ["k"]
        unit.end(accepted=False)
    with database.reading():
        assert _KEYS.first(since=MOMENT) is None
    database.close()


def test_a_failing_prepared_statement_fails_as_any_other(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    with database.reading(), pytest.raises(OperationalError, match="no such table"):
        _KEYS.rows(since=MOMENT)
    database.close()


def test_every_statement_whose_text_is_settled_goes_to_the_driver(tmp_path: Path) -> None:
    """A list of values that never change (`IN`) would keep a prepared statement from it: say `one_of`."""
    create_app(Config(secret_key="x" * 32, data_dir=tmp_path, database_url=f"sqlite:///{tmp_path / 'empty.db'}"))
    slow = []
    for prepared in (each for each in gc.get_objects() if isinstance(each, Prepared)):
        compiled = prepared.statement.compile(dialect=sqlite_dialect())
        slow += [each.value for each in getattr(compiled, "post_compile_params", ()) if each.value is not None]
    assert slow == []


@pytest.mark.parametrize("moment", [MOMENT, datetime(2026, 3, 29, 2, 30, 59, 7, UTC)])
def test_a_moment_is_written_to_sqlite_as_sqlalchemy_writes_it(moment: datetime) -> None:
    dialect = sqlite_dialect()
    write, theirs = UtcDateTime().bind_processor(dialect), DateTime().dialect_impl(dialect).bind_processor(dialect)
    assert write is not None
    assert theirs is not None
    assert write(moment) == theirs(moment.replace(tzinfo=None))
    assert write(clock.local(moment)) == write(moment)
    assert write(None) is None
    with pytest.raises(ValueError, match="time zone"):
        write(moment.replace(tzinfo=None))


def test_the_next_writer_of_a_process_can_go_on_whatever_became_of_the_one_before(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'test.db'}")
    command.upgrade(alembic_config(database), "head")
    with database.unit(writing=True) as unit:
        session().add(Attempt(key="kept", window_start=MOMENT, count=1))
        session().flush()
        assert database._pen.locked()
        unit.commit()
        assert not database._pen.locked()
        session().add(Attempt(key="undone", window_start=MOMENT, count=1))
        session().flush()
        unit.rollback()
        assert not database._pen.locked()
    with suppress(RuntimeError), database.transaction() as writing:
        writing.add(Attempt(key="failed", window_start=MOMENT, count=1))
        writing.flush()
        raise RuntimeError
    assert not database._pen.locked()
    with pytest.raises(IntegrityError), database.transaction() as writing:
        writing.add(Attempt(key="kept", window_start=MOMENT, count=1))
    assert not database._pen.locked()
    with database.reading() as reading:
        assert reading.scalars(select(Attempt.key)).all() == ["kept"]
        assert not database._pen.locked()
    database.close()


def test_who_waited_too_long_for_the_writers_of_this_process_is_left_to_sqlite(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'test.db'}")
    command.upgrade(alembic_config(database), "head")
    monkeypatch.setattr(db, "LONGEST_WAIT", 0.01)
    with database._pen:
        with database.transaction() as writing:
            writing.add(Attempt(key="k", window_start=MOMENT, count=1))
        assert database._pen.locked()
    database.close()


def test_the_pen_is_laid_down_when_undoing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database(f"sqlite:///{tmp_path / 'test.db'}")
    command.upgrade(alembic_config(database), "head")

    def fail(connection: object) -> None:
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="disk"), database.unit(writing=True):  # noqa: PT012  # it is raised at the end
        session().add(Attempt(key="k", window_start=MOMENT, count=1))
        session().flush()
        assert database._pen.locked()
        monkeypatch.setattr(database.engine.dialect, "do_rollback", fail)
    assert not database._pen.locked()
    monkeypatch.undo()
    database.close()


def test_a_unit_that_only_asked_prepared_statements_lets_go_of_the_database_too(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'test.db'}")
    command.upgrade(alembic_config(database), "head")
    with database.unit(writing=True) as unit:
        assert Prepared(select(Attempt.key)).rows() == []
        assert unit.connection.in_transaction()
        unit.commit()
        assert not unit.connection.in_transaction()
        assert not database._pen.locked()
    database.close()


def test_a_writer_goes_on_when_the_one_before_is_done(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'test.db'}")
    command.upgrade(alembic_config(database), "head")
    done: list[str] = []

    def write(key: str) -> None:
        with database.transaction() as writing:
            writing.add(Attempt(key=key, window_start=MOMENT, count=1))
            writing.flush()
            done.append(key)

    with database.transaction() as writing:
        writing.add(Attempt(key="first", window_start=MOMENT, count=1))
        writing.flush()
        waits = threading.Thread(target=write, args=("second",))
        waits.start()
        waits.join(0.1)
        done.append("first")
    waits.join(10)
    assert done == ["first", "second"]
    database.close()
