"""What people are writing: texts that were typed and not saved yet.

Why: a crash, a restart, an expired sign-in or another device must not cost a word. A draft is kept until its writer
saves or discards it.

What must stay true:

* Only its writer ever gets a draft. Of others one thing is told, for some minutes and to writers only: that somebody
  is writing a page (`draft_lists.writers_now`). No event, feed, index or export knows drafts.
* A draft never replaces a newer one silently. Every opened editor names its draft by a key; when another browser
  tab wrote that draft in the meantime, the text becomes a second draft, and both stay.
* A text that is no change is no draft, so nobody is asked about nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, delete, func, or_, select
from sqlalchemy.exc import IntegrityError

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.db import savepoint, session
from proeftuin.errors import Conflict, Invalid, NotFound
from proeftuin.events.models import Subject
from proeftuin.i18n import _
from proeftuin.pilots.policy import visible_subjects
from proeftuin.talk.models import Comment, CommentVersion, Thread
from proeftuin.wiki import sections
from proeftuin.wiki.draft_rows import NO_MARK, OF_PAGES, OF_TALK, OF_TEXTS, Draft, DraftPlace, Kept, Mark, Typed
from proeftuin.wiki.kinds import STARTING_TEXTS
from proeftuin.wiki.models import Revision
from proeftuin.wiki.passages import MAX_PASSAGE

__all__ = ["NO_MARK", "OF_PAGES", "OF_TALK", "OF_TEXTS", "Draft", "DraftPlace", "Kept", "Mark", "Typed"]

MAX_DRAFT = 6_000_000
"""Characters: far more than a page may have, so that a text that is too long to save is not lost either."""
MAX_DRAFTS = 200
MAX_FIELD = 2 * MAX_PASSAGE
MAX_SHOWN = 5
REMEMBERED = timedelta(days=90)
"""For how long the key of a draft that was saved or discarded is remembered."""


def new_key() -> str:
    """Return a key for the draft of an editor that is being opened."""
    return secrets.token_urlsafe(12)


def keep(actor: Actor, subject_id: int, typed: Typed) -> Kept:
    """Keep what somebody is writing under a subject.

    :raises NotFound: when the actor may not see the subject.
    :raises Invalid: when it is more than can be kept.
    """
    visible = select(Subject).where(Subject.id == subject_id, visible_subjects(actor))
    subject = session().scalar(visible)
    if subject is None:
        raise NotFound
    if len(typed.text) > MAX_DRAFT:
        sentence = _("Deze tekst is zo groot dat we hem niet kunnen bewaren. Hij staat nog in je scherm.")
        raise Invalid({"text": sentence})
    for _attempt in range(2):
        try:
            with savepoint():
                return _keep(actor, subject, typed)
        except IntegrityError:  # the same editor sent it twice at once; now the draft is there
            continue
    raise Conflict(_("Je concept werd op hetzelfde moment ergens anders bewaard."))


def _keep(actor: Actor, subject: Subject, typed: Typed) -> Kept:
    mark = typed.mark
    row = _hold(actor, mark.key)
    living = row if row is not None and row.finished_at is None else None
    if row is not None and mark.tab and mark.turn <= row.turns.get(mark.tab, 0):
        return Kept(living, is_known=True)  # overtaken by a later message of the same tab, or by a save
    is_own = living is not None and (
        living.number == mark.number or bool(mark.tab and living.tab == mark.tab) or living.text == typed.text
    )
    if _is_no_change(actor, subject, typed, is_new=living is None):
        if living is not None and is_own:
            _finish(living, mark)
        return Kept(None)
    if living is None or not is_own:
        return Kept(
            _add(actor, subject, typed, key="" if row is not None else mark.key), is_second=living is not None
        )
    living.number += 1
    _write(living, subject, typed)
    session().flush()
    return Kept(living)


def _add(actor: Actor, subject: Subject, typed: Typed, *, key: str) -> Draft:
    own = Draft.person_id == actor.id
    count = session().scalar(select(func.count()).where(own, Draft.finished_at.is_(None))) or 0
    if count >= MAX_DRAFTS:
        raise Invalid(
            {"": _("Je hebt al %(n)s concepten. Gooi er eerst een paar weg bij Mijn concepten.", n=MAX_DRAFTS)}
        )
    moment = clock.now()
    session().execute(delete(Draft).where(own, Draft.finished_at < moment - REMEMBERED))
    row = Draft(
        person_id=actor.id,
        subject_id=subject.id,
        place=typed.place,
        key=key or new_key(),
        number=1,
        turns={},
        created_at=moment,
    )
    _write(row, subject, typed)
    session().add(row)
    session().flush()
    return row


def _write(row: Draft, subject: Subject, typed: Typed) -> None:
    row.tab = typed.mark.tab
    row.turns = _counted(row.turns, typed.mark)
    row.base = typed.base
    row.title = subject.title[:200]
    row.text = typed.text
    row.fields = {name: value[:MAX_FIELD] for name, value in typed.fields.items() if value}
    row.touched_at = clock.now()


def _finish(row: Draft, mark: Mark = NO_MARK) -> None:
    """Let go of the words of a draft, and remember its key for a while."""
    row.title, row.text, row.fields = "", "", {}
    row.turns = _counted(row.turns, mark)
    row.finished_at = clock.now()
    session().flush()


def _counted(turns: Mapping[str, int], mark: Mark) -> dict[str, int]:
    return {**turns, mark.tab: max(mark.turn, turns.get(mark.tab, 0))} if mark.tab else {**turns}


def _is_no_change(actor: Actor, subject: Subject, typed: Typed, *, is_new: bool) -> bool:
    text = typed.text
    if typed.fields.get("reactie") and typed.place in OF_TALK:
        return text.strip() == _comment_of(subject, _number(typed.fields["reactie"]), typed.base)
    if typed.place not in OF_TEXTS:
        nothing = {"", *(start.strip() for start in STARTING_TEXTS.values())}
        return text.strip() in nothing and not typed.fields.get("title", "").strip()
    of_page = Revision.page_id == subject.id
    if typed.place is DraftPlace.SECTION:
        base = session().scalar(select(Revision.text).where(of_page, Revision.number == typed.base))
        found = sections.cut(base or "", _number(typed.fields.get("paragraaf")))
        return found is not None and text.rstrip("\n") == found.text
    same = (of_page, Revision.number >= (typed.base or 0), Revision.size == len(text), Revision.text == text)
    if is_new:  # a message that arrives after the save that it was on its way to
        known = or_(Revision.author_id == actor.id, Revision.number == typed.base)
        return session().scalar(select(Revision.id).where(*same, known).limit(1)) is not None
    return session().scalar(select(Revision.id).where(*same, Revision.number == typed.base)) is not None


def _comment_of(subject: Subject, comment_id: int | None, number: int | None) -> str | None:
    """Return the text of a comment from which somebody began to change it."""
    begun = (
        select(CommentVersion.text)
        .join(Comment, Comment.id == CommentVersion.comment_id)
        .join(Thread, Thread.id == Comment.thread_id)
        .where(CommentVersion.comment_id == comment_id, CommentVersion.number == number)
        .where(Thread.subject_id == subject.id, Comment.deleted_at.is_(None))
    )
    text = session().scalar(begun)
    return None if text is None else text.strip()


def _number(raw: str | None) -> int | None:
    return int(raw) if raw and raw.isascii() and raw.isdigit() and len(raw) <= 9 else None


def find_by_key(actor: Actor, key: str) -> Draft | None:
    """Return the draft that an opened editor writes."""
    return session().scalar(_keyed(actor, key).where(Draft.finished_at.is_(None))) if key else None


def _hold(actor: Actor, key: str) -> Draft | None:
    """Return the draft that an opened editor writes, and keep others waiting for it."""
    held = _keyed(actor, key).with_for_update().execution_options(populate_existing=True)
    return session().scalar(held) if key else None


def _keyed(actor: Actor, key: str) -> Select[Draft]:
    return select(Draft).where(Draft.person_id == actor.id, Draft.key == key)


def forget(actor: Actor, subject_id: int, mark: Mark, text: str) -> None:
    """Let go of the draft of an editor whose text was saved; what another tab added to it since stays.

    Also when there was none: a browser may hold a copy of what was saved, and must not bring it back as a draft.
    """
    row = _hold(actor, mark.key)
    if row is None:
        if mark.key and mark.tab:
            _remember(actor, subject_id, mark)
        return
    if row.finished_at is not None:
        row.turns = _counted(row.turns, mark)
        return
    is_same_tab = bool(mark.tab) and row.tab == mark.tab
    if is_same_tab or row.number == mark.number or row.text.rstrip("\n") == text.rstrip("\n"):
        _finish(row, mark)


def _remember(actor: Actor, subject_id: int, mark: Mark) -> None:
    moment = clock.now()
    row = Draft(
        person_id=actor.id,
        subject_id=subject_id,
        place=DraftPlace.PAGE,
        key=mark.key,
        number=mark.number,
        tab=mark.tab,
        turns={},
        created_at=moment,
        touched_at=moment,
    )
    session().add(row)
    _finish(row, mark)


def discard(actor: Actor, draft_id: int) -> None:
    """Throw a draft away.

    :raises NotFound: when the actor has none with this number.
    """
    _finish(get_draft(actor, draft_id))


def get_draft(actor: Actor, draft_id: int) -> Draft:
    """Return a draft of the actor.

    :raises NotFound: when the actor has none with this number.
    """
    living = (Draft.id == draft_id, Draft.person_id == actor.id, Draft.finished_at.is_(None))
    row = session().scalar(select(Draft).where(*living))
    if row is None:
        raise NotFound
    return row


def find_draft(actor: Actor, raw: str | None, subject_id: int, places: Collection[DraftPlace]) -> Draft | None:
    """Return the draft that an address asks for, when it is the actor's and belongs there."""
    if not (raw and raw.isascii() and raw.isdigit() and len(raw) <= 9):
        return None
    own = (Draft.id == int(raw), Draft.person_id == actor.id, Draft.subject_id == subject_id)
    return session().scalar(select(Draft).where(*own, Draft.place.in_(places), Draft.finished_at.is_(None)))


def list_on(actor: Actor, subject_id: int, places: Collection[DraftPlace], *more: ColumnElement[bool]) -> list[Draft]:
    """Return what the actor was writing in one place, the newest first; `more` are criteria on Draft."""
    own = (Draft.person_id == actor.id, Draft.subject_id == subject_id, Draft.place.in_(places), *more)
    living = select(Draft).where(*own, Draft.finished_at.is_(None))
    newest = living.order_by(Draft.touched_at.desc(), Draft.id.desc()).limit(MAX_SHOWN)
    return list(session().scalars(newest))
