"""The cast of these tests was there before the story began, so that the whole story is later than they are."""

from __future__ import annotations

from datetime import timedelta

import pytest

from proeftuin import clock
from proeftuin.db import Database
from tests.cast import Cast
from tests.past.story import FIRST


def cast_of_before(database: Database) -> Cast:
    """Write the fixed cast some days before the first day of the story."""
    with clock.at(clock.start_of(FIRST - timedelta(days=5))), database.transaction():
        return Cast.create()


@pytest.fixture
def cast(database: Database) -> Cast:
    """Give the fixed cast, as it was there some days before the first day of the story."""
    return cast_of_before(database)
