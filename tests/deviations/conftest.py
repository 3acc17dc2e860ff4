"""The stage of a deviation: a cao, a pilot in preparation and a signatory of the employer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from proeftuin import clock
from proeftuin.db import Database
from tests.cast import Cast
from tests.deviations.november import FIRST, TODAY
from tests.deviations.stage import Stage


@pytest.fixture
def stage(database: Database, cast: Cast) -> Stage:
    """Give the stage."""
    with database.transaction():
        return Stage.set(cast)


@pytest.fixture
def in_november() -> Iterator[None]:
    """Let everything happen on one Monday in November."""
    with clock.at(clock.start_of(TODAY) + timedelta(hours=12)):
        yield


@pytest.fixture
def cast_of_before(database: Database) -> Cast:
    """Give the cast, which was there long before."""
    with clock.at(clock.start_of(FIRST)), database.transaction():
        return Cast.create()
