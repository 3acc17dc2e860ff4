"""Suggesting a change, and deciding about it.

What must stay true: a form sent twice is one suggestion; a suggestion ends once, whoever decides at the same moment,
and the one who is late is told who did what; taking a suggestion over is saving a page like any other save, so it is
merged with what was written since and nothing is lost; what is declined has a reason.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.db import savepoint, session
from proeftuin.errors import Conflict, Invalid, NotAllowed
from proeftuin.events.service import record
from proeftuin.i18n import _
from proeftuin.wiki import proposals, service
from proeftuin.wiki.checks import checked_summary, checked_text
from proeftuin.wiki.forms import Meeting
from proeftuin.wiki.models import Page
from proeftuin.wiki.rows import HasNumber, find_revision, get_revision, load_page, load_readable, require_suggester
from proeftuin.wiki.suggestions import (
    Line,
    Outcome,
    Suggested,
    Suggestion,
    SuggestionDecision,
    SuggestionText,
    get_suggestion,
    is_open,
)

MAX_OPEN = 20


@dataclass(frozen=True, slots=True)
class Settled:
    """The text that someone chose on the conflict screen, after version `base`, and what met there."""

    text: str
    base: int
    meetings: Sequence[Meeting] = ()


def suggest(actor: Actor, page: HasNumber, *, base: int | None, text: str, reason: str, key: str) -> int:
    """Suggest a text for a page and return the number of the suggestion.

    The same form sent twice gives the same suggestion; sent with another text, it is that suggestion revised.

    :raises Invalid: when text or reason cannot be accepted.
    """
    row, space = load_readable(actor, page.id)
    require_suggester(space)
    known = _sent_before(actor, row, key)
    if known is not None and get_suggestion(row.id, known).line.is_open:
        revise(actor, page, known, text=text, reason=reason)
        return known
    if known is not None:
        key = secrets.token_urlsafe(16)
    start = base if base is not None and find_revision(row, base) is not None else row.current
    text, reason = _checked(row, start, text, reason)
    _require_room(actor, row)
    try:
        with savepoint():
            suggestion = Suggestion(page_id=row.id, author_id=actor.id, key=key, created_at=clock.now())
            session().add(suggestion)
            session().flush()  # the same form, sent at this very moment, must show here
            _add_text(suggestion.id, 1, start, text, reason)
            record(actor.id, "suggestion:made", row.id, object_id=suggestion.id, summary=reason)
            return suggestion.id
    except IntegrityError:
        known = _sent_before(actor, row, key)
        if known is None:
            raise
        return known


def revise(actor: Actor, page: HasNumber, number: int, *, text: str, reason: str) -> None:
    """Put another text in the place of what the actor suggested, as long as nobody decided.

    :raises Conflict: when somebody decided in the meantime.
    """
    row, space = load_readable(actor, page.id)
    require_suggester(space)
    found = _held(actor, row, number)
    _require_own(actor, found.line)
    text, reason = _checked(row, found.line.base, text, reason)
    if (text, reason) != (found.text, found.line.reason):
        _add_text(number, found.line.edition + 1, found.line.base, text, reason)


def withdraw(actor: Actor, page: HasNumber, number: int) -> None:
    """Take back what the actor suggested, as long as nobody decided.

    :raises Conflict: when somebody decided in the meantime.
    """
    row, _space = load_readable(actor, page.id)
    found = _held(actor, row, number)
    _require_own(actor, found.line)
    with savepoint():
        _decide(actor, found.line, Outcome.WITHDRAWN)
    record(actor.id, "suggestion:withdrawn", row.id, object_id=number)


def accept(
    actor: Actor,
    page: HasNumber,
    number: int,
    *,
    edition: int,
    taken: Collection[int] | None = None,
    answer: str = "",
    settled: Settled | None = None,
) -> service.Saved:
    """Take a suggestion over, or only these passages of it, merged with what was written since.

    :raises EditConflict: when it changed the same passages as somebody else; `settled` is what was chosen then.
    :raises Conflict: when somebody else decided, or the suggester changed the text since `edition`.
    """
    row, _space = load_page(actor, page.id)
    found = _held(actor, row, number, edition)
    text, numbers = _chosen(found, taken)
    answer = _checked_answer(answer, "woord")
    try:
        with savepoint():
            saved = service.save_page(
                actor,
                page,
                base=settled.base if settled else found.line.base,
                text=settled.text if settled else text,
                summary=found.line.reason,
                meetings=settled.meetings if settled else (),
                suggester_id=found.line.author_id,
            )
            _decide(actor, found.line, Outcome.ACCEPTED, taken=numbers, answer=answer, number=saved.number)
    except IntegrityError:
        raise _ended(get_suggestion(row.id, number).line) from None
    record(actor.id, "suggestion:accepted", row.id, object_id=number, summary=answer, partly=numbers is not None)
    return saved


def decline(actor: Actor, page: HasNumber, number: int, *, edition: int, answer: str) -> None:
    """Say no to a suggestion, with the reason.

    :raises Invalid: without a reason.
    :raises Conflict: when somebody else decided, or the suggester changed the text since `edition`.
    """
    row, _space = load_page(actor, page.id)
    found = _held(actor, row, number, edition)
    answer = _checked_answer(answer, "answer")
    if not answer:
        raise Invalid(
            {"answer": _("Schrijf waarom. %(who)s leest het, en iedereen na haar of hem.", who=found.line.who)}
        )
    with savepoint():
        _decide(actor, found.line, Outcome.DECLINED, answer=answer)
    record(actor.id, "suggestion:declined", row.id, object_id=number, summary=answer)


def require_open_own(actor: Actor, line: Line) -> None:
    """Refuse to change what somebody else suggested, or what ended.

    :raises Conflict: when somebody decided.
    """
    _require_own(actor, line)
    if not line.is_open:
        raise _ended(line)


def _sent_before(actor: Actor, page: Page, key: str) -> int | None:
    same = select(Suggestion.id).where(
        Suggestion.author_id == actor.id, Suggestion.key == key, Suggestion.page_id == page.id
    )
    return session().scalar(same)


def _checked(page: Page, base: int, raw_text: str, raw_reason: str) -> tuple[str, str]:
    """Return what was typed as it is stored; a refusal names everything that is wrong at once."""
    problems: dict[str, str] = {}
    text = reason = ""
    try:
        text = checked_text(raw_text)
        if text == get_revision(page, base).text:
            problems["text"] = _("Je hebt nog niets veranderd.")
        elif text == get_revision(page, page.current).text:
            problems["text"] = _("Deze tekst staat al op de pagina.")
    except Invalid as refused:
        problems.update(refused.fields)
    try:
        reason = checked_summary(raw_reason)
        if not reason:
            problems["summary"] = _("Schrijf in één zin waarom. Dan weet het team wat je bedoelt.")
    except Invalid as refused:
        problems.update(refused.fields)
    if problems:
        raise Invalid(problems)
    return text, reason


def _checked_answer(raw: str, field: str) -> str:
    try:
        return checked_summary(raw)
    except Invalid as refused:
        raise Invalid({field: refused.fields["summary"]}) from None


def _require_room(actor: Actor, page: Page) -> None:
    waiting = select(func.count()).where(Suggestion.page_id == page.id, Suggestion.author_id == actor.id, is_open())
    if (session().scalar(waiting) or 0) >= MAX_OPEN:
        raise Invalid(
            {"": _("Er wachten al %(n)s voorstellen van jou voor deze pagina. Pas er een aan.", n=MAX_OPEN)}
        )


def _held(actor: Actor, page: Page, number: int, edition: int | None = None) -> Suggested:
    """Return an open suggestion and keep others from deciding about it.

    :raises Conflict: when it ended, or when it is not the text that was shown.
    """
    session().execute(select(Suggestion.id).where(Suggestion.id == number).with_for_update())
    found = get_suggestion(page.id, number)
    if not found.line.is_open:
        raise _ended(found.line)
    if edition is not None and edition != found.line.edition:
        raise Conflict(
            _("%(who)s heeft het voorstel intussen aangepast. Bekijk het eerst opnieuw.", who=found.line.who),
            way_out=found.line.href,
        )
    return found


def _require_own(actor: Actor, line: Line) -> None:
    if line.author_id != actor.id:
        raise NotAllowed(_("Alleen wie iets voorstelde, kan dat aanpassen of intrekken."))


def _chosen(found: Suggested, taken: Collection[int] | None) -> tuple[str, list[int] | None]:
    """Return the text with the chosen passages, and their numbers; None when all were chosen."""
    known = {change.number for change in proposals.changes(found.base_text, found.text)}
    chosen = known if taken is None else known & set(taken)
    if chosen == known:
        return found.text, None
    if not chosen:
        raise Invalid({"neem": _("Kies minstens één passage. Wil je niets overnemen, wijs het voorstel dan af.")})
    return proposals.with_taken(found.base_text, found.text, chosen), sorted(chosen)


def _decide(
    actor: Actor,
    line: Line,
    outcome: Outcome,
    *,
    taken: list[int] | None = None,
    answer: str = "",
    number: int | None = None,
) -> None:
    session().add(
        SuggestionDecision(
            suggestion_id=line.id,
            outcome=outcome,
            edition=line.edition,
            taken=taken,
            answer=answer,
            number=number,
            person_id=actor.id,
            created_at=clock.now(),
        )
    )
    session().flush()  # two who decide at this very moment must meet here


def _add_text(suggestion_id: int, number: int, base: int, text: str, reason: str) -> None:
    session().add(
        SuggestionText(
            suggestion_id=suggestion_id, number=number, base=base, text=text, reason=reason, created_at=clock.now()
        )
    )
    session().flush()  # two texts of one suggestion at once must meet here


def _ended(line: Line) -> Conflict:
    """Return the refusal of a decision about what ended already: who did what."""
    who = line.decider or _("Iemand anders")
    told = {
        Outcome.ACCEPTED: _("%(who)s heeft dit voorstel al overgenomen. Er is niets veranderd.", who=who),
        Outcome.DECLINED: _("%(who)s heeft dit voorstel al afgewezen. Er is niets veranderd.", who=who),
        Outcome.WITHDRAWN: _("%(who)s heeft dit voorstel zelf ingetrokken. Er is niets veranderd.", who=who),
    }
    return Conflict(told[line.outcome or Outcome.WITHDRAWN], way_out=line.href)
