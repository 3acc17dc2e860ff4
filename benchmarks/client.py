"""A small HTTP client over raw sockets, quick enough to keep a server busy from one core."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


@dataclass
class Load:
    """What a window of requests gave: latencies in seconds and the answers that were not wanted."""

    seconds: float
    latencies: list[float] = field(default_factory=list)
    unwanted: list[int] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """Return the latency in milliseconds below which this share of the requests stayed."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("inf")


class Connection:
    """One keep-alive connection with the cookies of one person."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.port = port
        self.cookie = cookie
        self.socket = self._open()

    def _open(self) -> socket.socket:
        opened = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened

    def request(self, path: str, *, body: bytes | None = None, extra: str = "") -> tuple[int, bytes, bytes]:
        """Send a request and return status, head and body."""
        method = "GET" if body is None else "POST"
        lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Cookie: {self.cookie}"]
        if body is not None:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        message = ("\r\n".join(lines) + "\r\n" + extra + "\r\n").encode() + (body or b"")
        try:
            self.socket.sendall(message)
            return self._answer()
        except ConnectionError:  # the server closed an idle connection
            self.socket.close()
            self.socket = self._open()
            self.socket.sendall(message)
            return self._answer()

    def took(self, path: str) -> float:
        """Ask for a page and return how many seconds that took.

        :raises RuntimeError: when the answer is not the page.
        """
        started = time.perf_counter()
        status, _, _ = self.request(path)
        if status != 200:
            raise RuntimeError(f"{path} answers {status}")
        return time.perf_counter() - started

    def _answer(self) -> tuple[int, bytes, bytes]:
        received = b""
        while b"\r\n\r\n" not in received:
            chunk = self.socket.recv(65536)
            if not chunk:
                raise ConnectionError("closed")
            received += chunk
        head, _, body = received.partition(b"\r\n\r\n")
        length = 0
        for line in head.split(b"\r\n"):
            if line[:15].lower() == b"content-length:":
                length = int(line[15:])
        while len(body) < length:
            body += self.socket.recv(262144)
        return int(head[9:12]), head, body


def drive(port: int, cookie: str, paths: Sequence[str], *, seconds: float, connections: int = 4) -> Load:
    """Ask for the paths in turn over several connections for so many seconds."""
    load = Load(seconds)
    stop = time.perf_counter() + seconds

    def run(offset: int) -> None:
        connection = Connection(port, cookie)
        latencies, position = [], offset * 7919
        while (start := time.perf_counter()) < stop:
            status, _, _ = connection.request(paths[position % len(paths)])
            latencies.append(time.perf_counter() - start)
            if status != 200:
                load.unwanted.append(status)
            position += 1
        load.latencies += latencies

    _together(run, connections)
    return load


def drive_writes(
    port: int, cookie: str, act: Callable[[Connection, int, int], int], *, writers: int, times: int
) -> Load:
    """Let several writers do an act a number of times; the act returns a status."""
    load = Load(0)

    def run(writer: int) -> None:
        connection = Connection(port, cookie)
        for turn in range(times):
            start = time.perf_counter()
            status = act(connection, writer, turn)
            load.latencies.append(time.perf_counter() - start)
            if status >= 400:
                load.unwanted.append(status)

    start = time.perf_counter()
    _together(run, writers)
    load.seconds = time.perf_counter() - start
    return load


def _together(run: Callable[[int], None], count: int) -> None:
    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
