"""Jobs: written with the act, done after it, at least once, and a failing one is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from proeftuin import clock
from proeftuin.db import Database
from proeftuin.events import jobs, service
from proeftuin.events.models import Job


@pytest.fixture
def done() -> Iterator[list[int]]:
    numbers: list[int] = []

    def handle(batch: Sequence[Job]) -> None:
        if any(job.payload.get("fail") for job in batch):
            raise RuntimeError("on purpose")
        numbers.extend(job.payload["number"] for job in batch)

    jobs.handles("test", handle)
    yield numbers
    jobs._handlers.pop("test")


def test_jobs_are_done_once_and_together(database: Database, done: list[int]) -> None:
    with database.transaction():
        for number in range(5):
            service.enqueue("test", number=number)
    assert jobs.run_due(database) == 5
    assert done == [0, 1, 2, 3, 4]
    assert jobs.run_due(database) == 0


def test_a_job_of_an_act_that_was_undone_is_never_done(database: Database, done: list[int]) -> None:
    with database.unit(writing=True) as unit:
        service.enqueue("test", number=1)
        unit.session.flush()
        unit.rollback()
    assert jobs.run_due(database) == 0
    assert done == []


def test_a_job_for_later_waits(database: Database, done: list[int]) -> None:
    with database.transaction():
        service.enqueue("test", delay=timedelta(hours=1), number=1)
    assert jobs.run_due(database) == 0
    with clock.at(clock.now() + timedelta(hours=2)):
        assert jobs.run_due(database) == 1


def test_a_failing_job_is_kept_and_tried_again_later(database: Database, done: list[int]) -> None:
    with database.transaction():
        service.enqueue("test", number=1, fail=True)
    assert jobs.run_due(database) == 0
    with database.reading() as session:
        job = session.scalars(select(Job).where(Job.kind == "test")).one()
        assert job.error == "on purpose"
        assert job.tries == 1
        assert job.due_at > clock.now()


def test_a_job_whose_worker_died_is_taken_over_after_the_lease(database: Database, done: list[int]) -> None:
    with database.transaction():
        service.enqueue("test", number=7)
    assert len(jobs._claim(database)) == 1  # claimed, and then the process is gone
    assert jobs.run_due(database) == 0
    with clock.at(clock.now() + jobs.LEASE + timedelta(seconds=1)):
        assert jobs.run_due(database) == 1
    assert done == [7]
