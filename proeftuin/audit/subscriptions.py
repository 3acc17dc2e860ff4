"""What this package does when something happens elsewhere, and the job it handles."""

from __future__ import annotations

from flask import Flask

from proeftuin.audit import alerts, checking, comments, schedule, seals, service
from proeftuin.events import jobs
from proeftuin.events import service as events


def init_app(app: Flask) -> None:
    """Hear of every event, inside its transaction, and seal and check the log at night."""
    events.witness("audit", service.hear)
    events.subscribe("audit", comments.hear)
    jobs.handles(schedule.KIND, seals.do_job)
    jobs.handles(schedule.CHECK, checking.do_job, writes=False)
    jobs.handles(alerts.MAIL, alerts.mail_out)
