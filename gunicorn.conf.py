"""How the server runs: one process with eight threads, which fits SQLite, the index and the job thread.

With PostgreSQL more processes can share the work: set PROEFTUIN_WORKERS, and PROEFTUIN_JOBS_IN_PROCESS=0 with
`flask jobs work` beside it.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import Any

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("PROEFTUIN_WORKERS", "1"))
worker_class = "gthread"
threads = 8
timeout = 60
graceful_timeout = 10
keepalive = 5
preload_app = False
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None


SWITCH = 0.0005
"""After so many seconds a thread that computes lets another go on. A save waits for the database dozens of times, and
each time the thread that keeps the search index would have the interpreter for ten times as long (Python's default).
"""


def post_worker_init(worker: Any) -> None:
    """Start the job thread in the process that serves, never at import."""
    sys.setswitchinterval(SWITCH)
    # What is loaded now stays: looking through all of it for garbage held everybody up for an eighth of a second.
    gc.collect()
    gc.freeze()
    from proeftuin.events.jobs import Worker

    app = worker.wsgi
    settings = getattr(app, "settings", None)  # another application can be served with this file, to compare with
    if settings is not None and settings.jobs_in_process:
        app.job_worker = Worker(app.database)
        app.job_worker.start()


def worker_exit(server: Any, worker: Any) -> None:
    """Let the job thread finish the batch at hand."""
    job_worker = getattr(getattr(worker, "wsgi", None), "job_worker", None)
    if job_worker is not None:
        job_worker.stop()
