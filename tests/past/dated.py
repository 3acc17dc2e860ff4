"""Which addresses have a past, and an address without its day."""

from __future__ import annotations

import re

from proeftuin.web import as_of
from proeftuin.web.application import Application
from proeftuin.web.day_links import Kind


def has_past(app: Application, path: str) -> bool:
    """Return whether the screen at an address can be read on a day."""
    return as_of.day_links(app).kind(path) is Kind.DATED


def without_day(address: str) -> str:
    """Return an address of the past as it is in the present."""
    return re.sub(r"([?&])op=\d{4}-\d{2}-\d{2}&?", r"\1", address).rstrip("?&").replace("?#", "#")
