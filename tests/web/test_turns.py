"""Turns: who only reads waits a moment for who was first, and nobody waits for long."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from proeftuin.web.turns import SMALL, Turns

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Slow:
    """An application of which every answer waits for a sign, and which counts who is inside."""

    def __init__(self) -> None:
        self.inside = threading.Semaphore(0)
        self.go_on = threading.Event()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.inside.release()
        self.go_on.wait(10)
        return [b"done"]


def _asks(turns: Turns, method: str) -> threading.Thread:
    def start_response(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any: ...

    thread = threading.Thread(target=lambda: turns({"REQUEST_METHOD": method}, start_response))
    thread.start()
    return thread


def test_a_reader_waits_for_the_turn_of_another() -> None:
    slow = Slow()
    turns = Turns(slow, patience=60)
    readers = [_asks(turns, "GET"), _asks(turns, "GET")]
    assert slow.inside.acquire(timeout=10)
    assert not slow.inside.acquire(timeout=0.2)
    slow.go_on.set()
    assert slow.inside.acquire(timeout=10)
    for reader in readers:
        reader.join(10)


def test_a_writer_waits_for_nobody_and_a_reader_not_for_long() -> None:
    slow = Slow()
    turns = Turns(slow, patience=0.01)
    asking = [_asks(turns, method) for method in ("GET", "POST", "GET")]
    for _ in asking:
        assert slow.inside.acquire(timeout=10)
    slow.go_on.set()
    for thread in asking:
        thread.join(10)


def test_a_turn_ends_when_the_answer_fails() -> None:
    def fail(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        raise RuntimeError

    turns = Turns(fail, patience=60)
    first = _failing(turns)
    first.join(10)
    second = _failing(turns)
    second.join(10)
    assert not first.is_alive()
    assert not second.is_alive()


def _failing(turns: Turns) -> threading.Thread:
    def ask() -> None:
        try:
            turns({"REQUEST_METHOD": "GET"}, lambda *given: lambda data: None)
        except RuntimeError:
            return

    thread = threading.Thread(target=ask)
    thread.start()
    return thread


def _answering(size: int) -> Any:
    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Length", str(size))])
        return [b"x" * size]

    return answer


def _ask(turns: Turns) -> Any:
    return turns({"REQUEST_METHOD": "GET"}, lambda *given: lambda data: None)


def _is_free(turns: Turns) -> bool:
    thread = threading.Thread(target=lambda: list(_ask(turns)), daemon=True)
    thread.start()
    thread.join(0.2)
    return not thread.is_alive()


def test_a_turn_lasts_until_a_small_answer_was_sent_and_a_large_one_goes_by_itself() -> None:
    turns = Turns(_answering(SMALL), patience=60)
    answer = _ask(turns)
    assert not _is_free(turns)
    assert b"".join(answer) == b"x" * SMALL
    assert _is_free(turns)
    turns = Turns(_answering(SMALL + 1), patience=60)
    answer = _ask(turns)
    assert _is_free(turns)
    assert len(b"".join(answer)) == SMALL + 1


def test_an_answer_that_is_not_read_to_its_end_gives_its_turn_back() -> None:
    turns = Turns(_answering(10), patience=60)
    _ask(turns).close()
    assert _is_free(turns)
    _ask(turns)  # and a server that forgets to close it
    assert _is_free(turns)
