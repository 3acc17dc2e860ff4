"""The secretary of the cao parties belongs to these tests."""

from __future__ import annotations

import pytest

from proeftuin.accounts.actor import Actor
from proeftuin.db import Database
from tests.cao import scene
from tests.cast import Cast


@pytest.fixture
def secretary(database: Database, cast: Cast) -> Actor:
    """Give the secretary of the cao parties."""
    with database.transaction():
        return scene.make_secretary()
