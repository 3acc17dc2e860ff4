"""Every engine lets go of its files at the end of a test; one that is shared opens them again by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.search.shelf import OPEN


@pytest.fixture(autouse=True)
def engines_are_closed() -> Iterator[None]:
    """Close what was opened."""
    yield
    for engine in OPEN:
        engine.close()
