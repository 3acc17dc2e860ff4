"""Starting and stopping servers with the settings of production."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.client import Connection

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def serving(application: str, port: int, environment: dict[str, str]) -> Iterator[int]:
    """Run gunicorn as in production; give the number of the serving process."""
    command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "--log-level", "error", application]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment, "PORT": str(port)})
    try:
        _wait(port, process)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        yield int(children[0])
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with status {process.returncode}")
        try:
            Connection(port).request("/healthz")
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server does not answer")


def memory_mb(pid: int, field: str = "VmRSS") -> float:
    """Return the resident memory of a process in MB; `VmHWM` is the most it ever was.

    The peak of `getrusage` is no use here: it is inherited from the process that starts another.
    """
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) / 1024
    return 0.0
