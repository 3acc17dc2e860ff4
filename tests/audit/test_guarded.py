"""The database refuses to change what is sealed; and when it is made to all the same, it is found and named."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError

from proeftuin import clock
from proeftuin.audit import bundle, entries, seals, service, verifier
from proeftuin.audit.models import LogEntry
from proeftuin.db import Database, session
from proeftuin.web.application import Application

REFUSED = "the sealed log is only added to"
ENTRY = "SELECT 99, at, act, subject, object, actor, role, party, content, previous, hash FROM log_entry"
CHANGES = [
    "UPDATE log_entry SET act = 'x' WHERE position = 2",
    "UPDATE log_entry SET hash = hash",
    "DELETE FROM log_entry WHERE position = 5",
    "DELETE FROM log_entry",
    "UPDATE log_content SET content = 'x'",
    "UPDATE log_content SET salt = salt WHERE position = 3",
    "DELETE FROM log_content WHERE position = 3",
    "UPDATE log_node SET place = place + 1000",
    "DELETE FROM log_node",
    "UPDATE log_seal SET size = 1",
    "DELETE FROM log_seal",
    "UPDATE log_erasure SET entry = 1",
    "DELETE FROM log_erasure",
    f"INSERT INTO log_entry {ENTRY} WHERE position = 5",  # a gap
    f"INSERT INTO log_entry {ENTRY.replace('99', '6')} WHERE position = 2",  # names another entry as the one before
]
REPLACES = [
    f"INSERT OR REPLACE INTO log_entry {ENTRY.replace('99', 'position')} WHERE position = 2",
    "INSERT OR REPLACE INTO log_content SELECT position, salt, 'x' FROM log_content",
    "INSERT OR REPLACE INTO log_node SELECT place, hash FROM log_node",
    "INSERT OR REPLACE INTO log_seal SELECT day, 1, root, head, made, previous FROM log_seal",
    "INSERT OR REPLACE INTO log_erasure SELECT position, 1 FROM log_erasure",
]
TRUNCATES = [
    f"TRUNCATE {name} CASCADE" for name in ("log_entry", "log_content", "log_node", "log_seal", "log_erasure")
]


@pytest.fixture
def own(app: Application, own_url: Callable[[str], str]) -> Iterator[Database]:
    """Give a migrated database of its own, in which can be committed, with six entries, a mark and two seals."""
    database = Database(own_url(app.database.engine.dialect.name), app.settings)
    with database.transaction():
        for number in range(4):
            entries.append("cao:published", clock.now(), {"summary": f"artikel {number}"})
        service.erase(None, 4, reason="Verzoek")
        with clock.at(clock.end_of(clock.today())):
            seals.seal_days()
    yield database
    database.close()


def _try(database: Database, statement: str) -> None:
    with database.transaction():
        session().execute(text(statement))


def check(database: Database, held: list[verifier.Seal]) -> verifier.Report:
    with database.reading():
        report = verifier.verify(bundle.Stored(), held)
        report.findings.extend(bundle.check_tree())
    return report


def held_of(database: Database) -> list[verifier.Seal]:
    with database.reading():
        return [seal for line in bundle.Stored().seals() if (seal := verifier.read_seal(line))]


def test_no_statement_changes_what_was_written(own: Database) -> None:
    is_sqlite = own.engine.dialect.name == "sqlite"
    for statement in CHANGES + (REPLACES if is_sqlite else TRUNCATES):
        with pytest.raises(DBAPIError, match=REFUSED):
            _try(own, statement)
    assert check(own, held_of(own)).findings == []


def test_what_an_entry_holds_goes_only_after_a_mark(own: Database) -> None:
    with pytest.raises(DBAPIError, match=REFUSED):
        _try(own, "DELETE FROM log_content WHERE position = 5")
    with own.transaction():
        service.erase(None, 5, reason="Verzoek")
    assert check(own, held_of(own)).erased == 2


def disarm(connection: Connection) -> None:
    """Take the triggers away, as somebody can who has all rights."""
    if connection.dialect.name == "sqlite":
        named = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'log_%'")
        for name in connection.execute(named).scalars().all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text("PRAGMA foreign_keys=OFF"))
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        return
    for name in ("log_entry", "log_content", "log_node", "log_seal", "log_erasure"):
        connection.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER ALL"))


BY_SQL = [
    *[(f"UPDATE log_entry SET {name} = {value} WHERE position = {place}", place)
      for place in (1, 3, 6)
      for name, value in (("act", "'x'"), ("at", "'2020-01-01T00:00:00.000000Z'"), ("actor", "'x'"), ("party", "'x'"),
                          ("role", "'x'"), ("object", "77"), ("content", "hash"), ("previous", "hash"),
                          ("hash", "content"))],
    ("DELETE FROM log_entry WHERE position = 1", 1),
    ("DELETE FROM log_entry WHERE position = 3", 3),
    ("DELETE FROM log_entry WHERE position = 6", 6),
    ("DELETE FROM log_entry WHERE position >= 4", 4),
    ("UPDATE log_entry SET position = CASE position WHEN 2 THEN 5 ELSE 2 END WHERE position IN (2, 5)", 2),
    ("UPDATE log_content SET content = 'x' WHERE position = 5", 5),
    ("UPDATE log_content SET salt = (SELECT hash FROM log_entry WHERE position = 1) WHERE position = 2", 2),
    ("DELETE FROM log_content WHERE position = 3", 3),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "place"), BY_SQL, ids=lambda value: str(value)[:60])
def test_every_change_by_sql_is_found_and_the_first_bad_entry_named(
    own: Database, statement: str, place: int
) -> None:
    held = held_of(own)
    swap = "CASE" in statement
    with own.engine.connect() as connection:
        if own.is_in_process:
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        disarm(connection)
        if swap:  # by way of a place that is free
            for old, new in ((2, 77), (5, 2), (77, 5)):
                connection.execute(text(f"UPDATE log_entry SET position = {new} WHERE position = {old}"))
        else:
            connection.execute(text(statement))
        connection.commit()
    bad = check(own, held).first_bad
    assert bad is not None
    assert (bad.first, bad.last) == (place, place)


def test_a_changed_subtree_is_found(own: Database) -> None:
    with own.engine.connect() as connection:
        disarm(connection)
        connection.execute(text("UPDATE log_node SET hash = (SELECT max(hash) FROM log_node) WHERE place = 1"))
        connection.execute(text("DELETE FROM log_node WHERE place = 5"))
        connection.commit()
    assert [finding.code for finding in check(own, held_of(own)).findings] == ["tree"]


def test_writers_at_the_same_time_leave_no_gap_and_no_fork(own: Database) -> None:
    failed: list[Exception] = []

    def write(writer: int) -> None:
        try:
            for turn in range(10):
                with own.transaction():
                    entries.append("cao:published", clock.now(), {"summary": f"{writer} {turn}"})
        except Exception as error:  # told to the test, which fails for whatever it is
            failed.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with own.reading():
        assert session().execute(select(func.count(), func.max(LogEntry.position))).one() == (86, 86)
    assert check(own, held_of(own)).findings == []
