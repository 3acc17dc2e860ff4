"""The jobs this package handles: writing the letters about accounts, and delivering letters of everyone."""

from __future__ import annotations

from flask import Flask

from proeftuin.accounts import letters, mail


def init_app(app: Flask) -> None:
    """Register the jobs."""
    mail.init()
    letters.init()
