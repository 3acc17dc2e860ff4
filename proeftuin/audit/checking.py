"""The check of every night: the whole log against itself, its seals, its tree, and the texts that are here.

It is always the whole log. A check that goes on from where the last one ended has to trust a note of how far that
was, and whoever changes the log can change the note; and a million entries take some eight seconds in the thread of
the jobs, which gives way to who is waiting. It reads outside a write transaction, so nobody who saves waits for it.
"""

from __future__ import annotations

from collections.abc import Sequence

from proeftuin.audit import alerts, bundle, comments, page_texts, schedule, verifier
from proeftuin.audit.verifier import Report, Seal
from proeftuin.db import database
from proeftuin.events.models import Job


def report(held: Sequence[Seal] = ()) -> Report:
    """Return what a check of the whole log finds, also against seals that were kept elsewhere."""
    found = verifier.verify(bundle.Stored(), held)
    for check in (bundle.check_tree, page_texts.check, comments.check):
        found.findings.extend(check())
    return found


def do_job(_jobs: Sequence[Job]) -> None:
    """Check the log, raise or settle the alert, and put the check of the coming night aside."""
    here = database()
    with here.reading():
        findings = report().findings
    with here.transaction():
        alerts.review(findings)
        schedule.put_aside(schedule.CHECK)
