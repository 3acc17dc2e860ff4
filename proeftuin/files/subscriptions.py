"""What this package tells the ones below it at the start, and the jobs it handles."""

from __future__ import annotations

from proeftuin.events import jobs
from proeftuin.files import blobs, extraction, limits, references
from proeftuin.web.application import Application
from proeftuin.wiki import attachments

ROOM_FOR_FIELDS = 200_000
"""Bytes for the other fields of a form with a file."""


def init_app(app: Application) -> None:
    """Let pages show files, read their words in jobs, and let forms with a file be as large as a file may be."""
    attachments.use(references.find)
    jobs.handles(extraction.JOB, extraction.read_jobs, take=1, writes=False)
    jobs.handles(blobs.ERASE, blobs.erase_jobs)
    largest = app.settings.file_mb * limits.MB + ROOM_FOR_FIELDS
    for endpoint in ("files.add", "files.replace"):
        app.largest_bodies[endpoint] = largest
