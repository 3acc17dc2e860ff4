"""The scene in which the tests of following play."""

from __future__ import annotations

import pytest

from proeftuin.db import Database
from tests.cast import Cast
from tests.following.scene import Scene, build


@pytest.fixture
def scene(database: Database, cast: Cast) -> Scene:
    """Give an open pilot with a team."""
    return build(database, cast)
