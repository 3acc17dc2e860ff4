"""The demo company, loaded once for all tests here: they only read it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from proeftuin import i18n
from proeftuin.db import Database
from proeftuin.demo.loader import Loader
from proeftuin.web.application import Application
from tests.conftest import rolled_back
from tests.demo.watched import Watched


@pytest.fixture(scope="package")
def watched(app: Application) -> Iterator[Watched]:
    """Give a company that is in the database until the last test here, as it was seen while it was loaded."""
    with rolled_back(app) as database, i18n.speaking("nl"):
        yield Watched(app, database)


@pytest.fixture(scope="package")
def loaded(watched: Watched) -> Loader:
    """Give the loader of the company."""
    return watched.loader


@pytest.fixture
def database(loaded: Loader, app: Application) -> Database:
    """Give the database with the company in it."""
    return app.database


@pytest.fixture
def company(loaded: Loader, app: Application, database: Database) -> Iterator[Loader]:
    """Give the company, with a reading unit around the test."""
    with app.app_context(), database.reading():
        yield loaded
