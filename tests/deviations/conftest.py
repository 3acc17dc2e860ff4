"""The stage of a deviation: a cao, a pilot in preparation and a signatory of the employer."""

from __future__ import annotations

import pytest

from proeftuin.db import Database
from tests.cast import Cast
from tests.deviations.stage import Stage


@pytest.fixture
def stage(database: Database, cast: Cast) -> Stage:
    """Give the stage."""
    with database.transaction():
        return Stage.set(cast)
