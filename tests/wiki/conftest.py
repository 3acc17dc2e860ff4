"""The scene in which the tests of the wiki play."""

from __future__ import annotations

import pytest

from proeftuin.db import Database
from tests.cast import Cast
from tests.wiki.scene import Scene, build


@pytest.fixture
def scene(database: Database, cast: Cast) -> Scene:
    """Give an open pilot with a team."""
    return build(database, cast)


@pytest.fixture
def concept(database: Database, cast: Cast) -> Scene:
    """Give a pilot that only its team sees."""
    return build(database, cast, "Vier lange dagen", opened=False)
