"""What this package does when something happens elsewhere, and the job it handles."""

from __future__ import annotations

from flask import Flask

from proeftuin.events import jobs
from proeftuin.events import service as events
from proeftuin.outcomes import retention


def init_app(app: Flask) -> None:
    """Destroy answers when their time is over."""
    events.subscribe("outcomes", retention.hear)
    jobs.handles(retention.JOB, retention.forget)
