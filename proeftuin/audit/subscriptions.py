"""What this package does when something happens elsewhere, and the job it handles."""

from __future__ import annotations

from flask import Flask

from proeftuin.audit import schedule, seals, service
from proeftuin.events import jobs
from proeftuin.events import service as events


def init_app(app: Flask) -> None:
    """Hear of every event, inside its transaction, and seal the log at night."""
    events.subscribe("audit", service.hear)
    jobs.handles(schedule.KIND, seals.do_job)
