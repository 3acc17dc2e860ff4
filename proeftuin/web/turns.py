"""Readers take turns: one request at a time is made, the others wait outside the interpreter.

A process computes with one thread at a time, whatever the number of threads. Requests that are made at the same time
take the interpreter from each other at every row that SQLite gives, and all of them are later for it. The same goes
for handing an answer to the network, so a turn ends when a small answer was sent.

What must stay true: nobody waits long for the request of another (`PATIENCE`); a request whose body may still be on
its way takes no turn and waits for none; an answer that does not fit in what the network takes at once (`SMALL`) is
sent when its turn is over. Only for a database inside the process: a request that waits for a server leaves the
interpreter to others anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATIENCE = 0.05
"""After so many seconds a request goes on without a turn: the one before it is long, or waits for something else."""
SMALL = 64_000
"""Bytes."""


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
        is_small = False

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            nonlocal is_small
            is_small = any(name == "Content-Length" and int(value) <= SMALL for name, value in headers)
            return start_response(status, headers, *rest)

        try:
            answer = self.application(environ, start)
        except BaseException:
            self._turn.release()
            raise
        if is_small:
            return Sending(answer, self._turn)
        self._turn.release()
        return answer


class Sending:
    """An answer on its way; the turn ends with its last piece, or when the server is done with it."""

    def __init__(self, answer: Iterable[bytes], turn: Lock) -> None:
        self._answer = answer
        self._pieces = iter(answer)
        self._turn: Lock | None = turn

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._pieces)
        except BaseException:
            self._end()
            raise

    def close(self) -> None:
        """Let go of what made the answer, and of the turn."""
        try:
            if hasattr(self._answer, "close"):
                self._answer.close()
        finally:
            self._end()

    def _end(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.release()

    __del__ = _end  # a server that forgets to close an answer must not keep the turn
