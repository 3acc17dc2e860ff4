"""The stage of a deviation, for what is taken along of it."""

from tests.deviations.conftest import stage

__all__ = ["stage"]
