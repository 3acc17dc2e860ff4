"""`flask jobs`: do what waits, in a process of its own or once."""

from __future__ import annotations

import time

import click
from flask import current_app
from flask.cli import AppGroup

from proeftuin.events import jobs
from proeftuin.web.application import database

group = AppGroup("jobs", help="Do the work that waits in the database.")


@group.command("work")
def work() -> None:
    """Do jobs until stopped (set PROEFTUIN_JOBS_IN_PROCESS=0 for the web process)."""
    click.echo(f"Working on the jobs of {current_app.name}; stop with Ctrl+C.")
    while True:
        if not jobs.run_due(database()):
            time.sleep(0.5)


@group.command("run")
def run() -> None:
    """Do everything that is due now, then stop."""
    click.echo(f"{jobs.run_due(database())} jobs done.")
