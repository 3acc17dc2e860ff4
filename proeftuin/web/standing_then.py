"""What stands at an address now, and since when: for an address that leads nowhere on a day of the past.

What must stay true: it is asked as now; whoever may not read a thing now does not learn that it ever was there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from proeftuin.accounts.actor import Actor
from proeftuin.deviations.showing.folder import open_folder
from proeftuin.errors import Moved, Refusal
from proeftuin.past import beginnings
from proeftuin.pilots import queries as pilots
from proeftuin.pilots.policy import visible_subjects
from proeftuin.talk import queries as talk
from proeftuin.wiki import queries as wiki


@dataclass(frozen=True, slots=True)
class Found:
    """A thing of now: since which day its reader can read it, and where it stood on the day that was asked for, when
    that is not where it stands `now`."""

    title: str
    first: date
    path: str = ""
    now: str = ""


def find(actor: Actor, given: Mapping[str, Any], day: date) -> Found | None:
    """Return what stands now at the address with these values, or None when the reader may not know of it."""
    try:
        return _found(actor, given, day)
    except Refusal:
        return None


def _found(actor: Actor, given: Mapping[str, Any], day: date) -> Found | None:
    visible = visible_subjects(actor)
    if "comment_id" in given:
        comment, thread, _subject = talk.get_comment(given["comment_id"], visible)
        return _later(thread.title, beginnings.first_day_of("comment", comment.id), day)
    if "thread_id" in given:
        thread, _subject = talk.get_thread(given["thread_id"], visible)
        return _later(thread.title, beginnings.first_day_of("thread", thread.id), day)
    if "page" in given:
        page = _page(actor, given.get("pilot"), given["page"])
        return _of_subject(page.title, page.id, page.path, actor, day)
    if "code" in given:
        return _of_deviation(given["code"], day)
    slug = given.get("slug") or given.get("pilot")
    if slug is None:
        return None
    head = pilots.get_head(actor, slug)
    return _of_subject(head.title, head.id, head.path, actor, day)


def _page(actor: Actor, pilot: str | None, slug: str) -> wiki.PageHead:
    """Return the page at an address of now, or of before it was renamed."""
    try:
        return wiki.get_page(actor, pilot, slug)
    except Moved as moved:
        return wiki.get_page(actor, pilot, moved.path.rpartition("/")[2])


def _of_deviation(code: str, day: date) -> Found | None:
    folder = open_folder(code)
    return _later(folder.deviation.title, min(each.submitted_on for each in folder.versions.values()), day)


def _of_subject(title: str, subject_id: int, path: str, actor: Actor, day: date) -> Found | None:
    first = beginnings.first_readable_day(subject_id, pilots.team_pilots(actor))
    if first is None:
        return None
    if first > day:
        return Found(title, first)
    then = beginnings.path_on(subject_id, day)
    return Found(title, first, then, path) if then and then != path else None


def _later(title: str, first: date | None, day: date) -> Found | None:
    return Found(title, first) if first is not None and first > day else None
