"""Readers take turns: one request at a time is made, the others wait outside the interpreter.

A process computes with one thread at a time, whatever the number of threads. Requests that are made at the same time
take the interpreter from each other at every row that SQLite gives, and all of them are later for it.

What must stay true: nobody waits long for the request of another (`PATIENCE`); a request whose body may still be on
its way takes no turn and waits for none; an answer is sent when its turn is over. Only for a database inside the
process: a request that waits for a server leaves the interpreter to others anyway.
"""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATIENCE = 0.05
"""After so many seconds a request goes on without a turn: the one before it is long, or waits for something else."""


class Turns:
    """Lets requests that only read into an application one by one."""

    def __init__(self, application: WSGIApplication, *, patience: float = PATIENCE) -> None:
        self.application = application
        self.patience = patience
        self._turn = Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        reads = environ["REQUEST_METHOD"] in ("GET", "HEAD")
        if not (reads and self._turn.acquire(timeout=self.patience)):
            return self.application(environ, start_response)
        try:
            return self.application(environ, start_response)
        finally:
            self._turn.release()
