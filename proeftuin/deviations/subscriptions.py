"""What this package does when something happens elsewhere, and the job it handles."""

from __future__ import annotations

from flask import Flask

from proeftuin.deviations.acting import clerk, needed
from proeftuin.deviations.oversight import alerts
from proeftuin.events import jobs
from proeftuin.events import service as events
from proeftuin.pilots import linked, participation


def init_app(app: Flask) -> None:
    """Let time pass at midnight, and say what pilots need."""
    events.subscribe("deviations", clerk.hear)
    jobs.handles(clerk.KIND, clerk.do_job)
    jobs.handles(alerts.MAIL, alerts.mail_out)
    linked.provide("deviations", needed.needed)
    participation.watch("deviations", clerk.hear_count)
