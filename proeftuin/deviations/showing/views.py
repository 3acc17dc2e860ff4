"""/afwijkingen/<code>: the one-minute card, its versions in full, two of them compared, and the course.

What must stay true: with `?op=` and `&bekend=` everything on these screens is made of what counted and was known
then; everyone who is signed in reads the rules themselves.
"""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.deviations import labels, policy
from proeftuin.deviations.acting import offers
from proeftuin.deviations.look import Look
from proeftuin.deviations.models import Version
from proeftuin.deviations.showing import card as cards
from proeftuin.deviations.showing import card_parts, record, timeline, timers
from proeftuin.deviations.showing.folder import Folder, open_folder
from proeftuin.deviations.showing.wording import marked
from proeftuin.deviations.vocabulary import Duty
from proeftuin.errors import NotFound
from proeftuin.events.models import Event
from proeftuin.following.models import Bookmark
from proeftuin.following.queries import is_following
from proeftuin.i18n import _
from proeftuin.pilots import policy as pilots_policy
from proeftuin.pilots import queries as pilots
from proeftuin.web.application import settings
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import render
from proeftuin.wiki.history import compare_texts

TOLD_ABOVE = ("soort", "toelichting")
"""The fields of a version that say themselves what differs."""


def reader_of(actor: Actor, folder: Folder, look: Look) -> cards.Reader:
    """Return what this reader may be shown."""
    standing = pilots.standing(actor, folder.deviation.pilot_id)
    return cards.Reader(
        settings().small_group,
        is_monitor=policy.is_monitor(actor),
        sees_exact_count=pilots_policy.may_see_exact_count(actor, standing),
        since=_visited(actor) if look.is_present else None,
    )


def _visited(actor: Actor) -> datetime | None:
    """Return when the visit before this one was, as the news on the front page counts it."""
    return session().scalar(
        select(Event.at).join(Bookmark, Bookmark.seen_event_id == Event.id).where(Bookmark.person_id == actor.id)
    )


def opened(code: str) -> tuple[Actor, Look, Folder]:
    """Return who asks, for which days, and the deviation as it stood then."""
    actor = get_actor()
    look = Look.parse(request.args.get("bekend"))
    return actor, look, open_folder(code, day=look.day, known=look.known)


def card(code: str) -> str:
    """Show the one-minute card of the version that governs, or of another one."""
    actor, look, folder = opened(code)
    asked = _number("versie")
    reader = reader_of(actor, folder, look)
    shown = cards.of_version(folder, asked, reader=reader)
    standing = pilots.standing(actor, folder.deviation.pilot_id)
    running = timers.running(folder)
    return render(
        "deviations/card.html",
        folder=folder,
        look=look,
        card=shown,
        governing=folder.number,
        waiting=folder.course.waiting,
        renewals=folder.course.open_renewals,
        offers=offers.of(actor, folder, standing) if look.is_present else None,
        timers=timers.for_reader(running, timers.kinds_of(actor), is_lead=standing.is_lead) if running else [],
        is_following=is_following(actor, folder.deviation.id) if look.is_present else None,
    )


def versions(code: str) -> str:
    """List the versions."""
    _actor, look, folder = opened(code)
    return _versions_page(folder, look)


def _versions_page(folder: Folder, look: Look) -> str:
    newest_first = sorted(folder.versions.values(), key=lambda each: -each.number)
    rows = [
        (each, labels.state(folder.course.tracks[each.number].state), labels.version_kind(each.kind))
        for each in newest_first
    ]
    return render("deviations/versions.html", folder=folder, look=look, rows=rows)


def version(code: str, number: int) -> str:
    """Show the full record of a version: every field, every position, what it was frozen as."""
    actor, look, folder = opened(code)
    found = folder.version(number)
    reader = reader_of(actor, folder, look)
    return render(
        "deviations/version.html",
        folder=folder,
        look=look,
        version=found,
        state=labels.state(folder.course.tracks[number].state),
        card=cards.of_version(folder, number, reader=reader),
        rules=[(rule, *marked(rule.cao_text, rule.text)) for rule in folder.rules.get(found.id, ())],
        cao=folder.caos.get(found.cao_version_id),
        article_path=card_parts.article_path,
        fields=record.fields(folder, found),
        asked=_asked(folder, found, reader),
        submitter=folder.people[found.submitted_by_id],
    )


def _asked(folder: Folder, found: Version, reader: cards.Reader) -> list[tuple[int, str, bool, list[timeline.Entry]]]:
    """Return for each party everything that it said of a version, the newest first."""
    said = timeline.positions_of(folder, found, is_monitor=reader.is_monitor)
    return [
        (each.party_id, folder.name_of(each.party_id), each.duty is Duty.REQUIRED, said.get(each.party_id, []))
        for each in sorted(
            folder.asked.get(found.id, ()), key=lambda asked: card_parts.place_of(folder, asked.party_id)
        )
    ]


def compare(code: str) -> ResponseReturnValue:
    """Show what differs between two versions, field by field and rules word by word."""
    _actor, look, folder = opened(code)
    old, new = _number("van"), _number("naar")
    if old is None or new is None:
        last = new or max(folder.versions)
        first = old or max((n for n in folder.versions if n < last), default=last)
        if first == last:
            return _versions_page(folder, look)
        return redirect(f"{folder.path}/vergelijk?van={first}&naar={last}{look.query.replace('?', '&')}", 303)
    was, now = folder.version(old), folder.version(new)
    before = {field.key: field for field in record.fields(folder, was)}
    changed = [
        (field, compare_texts(before[field.key].text, field.text))
        for field in record.fields(folder, now)
        if before[field.key].text != field.text and field.key not in TOLD_ABOVE
    ]
    rules = [(pair, _rule_rows(pair)) for pair in record.pairs(folder, was, now)]
    return render(
        "deviations/compare.html",
        folder=folder,
        look=look,
        old=was,
        new=now,
        fields=changed,
        rules=[(pair, quote, text) for pair, (quote, text) in rules if quote or text],
    )


def _rule_rows(pair: record.Pair) -> tuple[object, object]:
    """Return what differs in the quote of the cao, and in what applies instead."""
    old, new = pair.old, pair.new
    return (
        compare_texts(old.cao_text if old else "", new.cao_text if new else ""),
        compare_texts(old.text if old else "", new.text if new else ""),
    )


def history(code: str) -> str:
    """Show the course: every step, act and position with the day it counts from and the day it was recorded."""
    actor, look, folder = opened(code)
    return render(
        "deviations/history.html",
        folder=folder,
        look=look,
        entries=timeline.entries(folder, is_monitor=policy.is_monitor(actor)),
        announced=folder.announced,
        timers=timers.running(folder),
    )


def _number(name: str) -> int | None:
    """Return the number of a version in the address, or None when there is none.

    :raises NotFound: when it is no number.
    """
    raw = request.args.get(name)
    if not raw:
        return None
    if not (raw.isascii() and raw.isdigit() and len(raw) < 6):
        raise NotFound(_("Zo’n versie is er niet."))
    return int(raw)


def register(blueprint: Blueprint) -> None:
    """Join these addresses to the blueprint of the register."""
    blueprint.add_url_rule("/afwijkingen/<code>", "card", card)
    blueprint.add_url_rule("/afwijkingen/<code>/versies", "versions", versions)
    blueprint.add_url_rule("/afwijkingen/<code>/versies/<int:number>", "version", version)
    blueprint.add_url_rule("/afwijkingen/<code>/vergelijk", "compare", compare)
    blueprint.add_url_rule("/afwijkingen/<code>/verloop", "history", history)
