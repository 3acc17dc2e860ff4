"""The index hears of every event, and is brought up to date in jobs."""

from __future__ import annotations

from functools import partial

from proeftuin.events import jobs
from proeftuin.events.service import subscribe
from proeftuin.files.extraction import when_read
from proeftuin.search import service
from proeftuin.search.engine import Engine
from proeftuin.search.index import Index
from proeftuin.web.application import Application


def init_app(app: Application) -> None:
    """Open the index in the data folder, subscribe to events and do its jobs."""
    index = Index.open(app.settings.data_dir / "search")
    app.extensions["search"] = Engine(index)
    subscribe("search", service.notice)
    when_read("search", service.notice_words)
    jobs.handles(service.JOB, partial(service.index_jobs, index), writes=False)
