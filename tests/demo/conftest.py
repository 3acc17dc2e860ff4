"""The demo company, loaded once for all tests here: they only read it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from proeftuin import i18n
from proeftuin.db import Database
from proeftuin.demo.company import read
from proeftuin.demo.loader import Loader
from proeftuin.web.application import Application
from tests.conftest import rolled_back


@pytest.fixture(scope="package")
def loaded(app: Application) -> Iterator[Loader]:
    """Give the loader of a company that is in the database until the last test here."""
    loader = Loader(read())
    with rolled_back(app) as database:
        with i18n.speaking("nl"), app.app_context(), database.transaction():
            loader.load(lambda done, of: None)
        yield loader


@pytest.fixture
def database(loaded: Loader, app: Application) -> Database:
    """Give the database with the company in it."""
    return app.database


@pytest.fixture
def company(loaded: Loader, app: Application, database: Database) -> Iterator[Loader]:
    """Give the company, with a reading unit around the test."""
    with app.app_context(), database.reading():
        yield loaded
