"""The scene of outcomes."""

from __future__ import annotations

import pytest

from proeftuin.db import Database
from tests.cast import Cast
from tests.outcomes.scene import Scene


@pytest.fixture
def scene(database: Database, cast: Cast) -> Scene:
    """Give a running pilot with a measure and a researcher."""
    return Scene.set(database, cast)
