"""The scene in which the tests of conversations play."""

from __future__ import annotations

import pytest

from proeftuin.db import Database
from tests.cast import Cast
from tests.talk.scene import Scene, build


@pytest.fixture
def scene(database: Database, cast: Cast) -> Scene:
    """Give an open pilot with a team, a page and a page of the team."""
    return build(database, cast)
