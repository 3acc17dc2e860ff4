"""The ways in which an act can be refused. Services raise them; the web layer turns them into pages.

Each carries sentences for people. The sentences are made with `_()` where the error is raised, so they are
already in the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping


class Refusal(Exception):
    """An act that was refused; nothing was changed."""

    status = 400

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message = message


class NotFound(Refusal):
    """The thing does not exist, or this reader may not know that it does. The two cannot be told apart."""

    status = 404


class Gone(Refusal):
    """The thing existed and was taken away in the open; `way_out` is where its tombstone says by whom and why."""

    status = 410

    def __init__(self, message: str = "", *, way_out: str | None = None) -> None:
        super().__init__(message)
        self.way_out = way_out


class Moved(Refusal):
    """The thing that was called `old` in an address stands at `path` now; ask there what was asked here."""

    status = 308

    def __init__(self, old: str, path: str) -> None:
        super().__init__(path)
        self.old = old
        self.path = path


class NotAllowed(Refusal):
    """The reader may see the thing but may not do this with it."""

    status = 403


class Conflict(Refusal):
    """The state changed in the meantime. `way_out` is an address where the reader can go on."""

    status = 409

    def __init__(self, message: str = "", *, way_out: str | None = None) -> None:
        super().__init__(message)
        self.way_out = way_out


class Invalid(Refusal):
    """What was typed cannot be accepted. `fields` maps a form field to a sentence; the key "" is the whole."""

    status = 422

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = dict(fields)


class TooMany(Refusal):
    """Tried too often; `retry_after` is in seconds."""

    status = 429

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after
