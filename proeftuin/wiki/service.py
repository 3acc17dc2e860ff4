"""Writing pages: make, save, restore.

What must stay true: a save never replaces a text that its writer had not seen. When somebody else saved in between,
the two are merged; what does not fit is given back to the writer (`EditConflict`) with nothing chosen away. A text
that is no change makes no version, so a form sent twice is one save. Two saves that cross inside the database meet
in `unique(page_id, number)`; the later one is undone up to its savepoint and merged like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.queries import names_of
from proeftuin.db import savepoint, session
from proeftuin.errors import Conflict, Invalid
from proeftuin.events.models import Audience, Subject, SubjectKind
from proeftuin.events.service import create_subject, record
from proeftuin.i18n import _
from proeftuin.naming import slugify, title_key
from proeftuin.wiki import merge, names, renderings, sections, side_versions, texts
from proeftuin.wiki.checks import TitleTaken, checked_summary, checked_text
from proeftuin.wiki.conflict import Clash, EditConflict
from proeftuin.wiki.forms import Meeting
from proeftuin.wiki.models import Page, PageKind
from proeftuin.wiki.policy import may_restrict
from proeftuin.wiki.rows import (
    HasNumber,
    audience_of,
    find_by_title,
    find_revision,
    get_revision,
    load_page,
    require_writer,
    taken_slugs,
)
from proeftuin.wiki.settings import rename, set_restricted
from proeftuin.wiki.spaces import Space, get_space
from proeftuin.wiki.titles import checked_title, free_slug, page_path
from proeftuin.wiki.writing import add_version

__all__ = ["EditConflict", "Saved", "TitleTaken", "create_page", "restore", "save_page", "set_restricted"]

_TRIES = 2


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a save: the number of the version now, whether that is a new one, and with whose it was merged.

    `is_same` tells of a form that was sent twice: what it asked for was there already.
    """

    number: int
    path: str
    is_new: bool
    is_same: bool = False
    merged_with: int | None = None
    merged_who: str | None = None


def create_page(
    actor: Actor,
    space_id: int,
    *,
    title: str,
    text: str,
    kind: PageKind,
    summary: str = "",
    restricted: bool = False,
) -> Page:
    """Make a page with its first version. The same form sent twice gives the same page.

    :raises Invalid: when title or text cannot be accepted; TitleTaken when the title is in use.
    """
    space = get_space(actor, space_id)
    require_writer(space)
    title, text, summary = _checked(space, title, text, summary)
    if restricted and not may_restrict(space.state, kind):
        raise Invalid({"restricted": _("Deze soort pagina is altijd voor iedereen te lezen.")})
    for attempt in range(_TRIES):
        if attempt:  # the second time one by one, so that nobody can come in between again
            session().get(Subject, space_id, with_for_update=True)
        existing = find_by_title(space_id, title)
        if existing is not None:
            if _is_sent_twice(existing, actor, text):
                return existing
            raise _taken(space, existing)
        try:
            with savepoint():
                return _create(actor, space, title, text, kind, summary=summary, restricted=restricted)
        except IntegrityError:  # somebody made a page with this title or address at this very moment
            continue
    raise Conflict(_("Iemand maakte op dit moment ook een pagina."), way_out=f"{space.path}/nieuwe-pagina")


def _checked(space: Space, raw_title: str, raw_text: str, raw_summary: str) -> tuple[str, str, str]:
    """Return what was typed as it is stored; a refusal names everything that is wrong at once."""
    title, problems, taken = "", {}, None
    try:
        title = checked_title(raw_title)
    except Invalid as refused:
        problems.update(refused.fields)
    for check, raw in ((checked_text, raw_text), (checked_summary, raw_summary)):
        try:
            check(raw)
        except Invalid as refused:
            problems.update(refused.fields)
    if not problems:
        return title, checked_text(raw_text), checked_summary(raw_summary)
    existing = find_by_title(space.id, title) if title else None
    if existing is not None:
        taken = _taken(space, existing)
        taken.fields.update(problems)
        raise taken
    raise Invalid(problems)


def _taken(space: Space, existing: Page) -> TitleTaken:
    return TitleTaken(existing.title, page_path(space.slug, existing.slug))


def _create(
    actor: Actor, space: Space, title: str, text: str, kind: PageKind, *, summary: str, restricted: bool
) -> Page:
    taken = taken_slugs(space.id, title)
    slug = free_slug(title, names.slugs_of_others(space.id, slugify(title)))
    audience = Audience.TEAM if restricted else space.audience
    subject = create_subject(
        SubjectKind.PAGE,
        title=title,
        path=page_path(space.slug, slug),
        audience=audience,
        circle_id=space.circle_id,
    )
    moment = clock.now()
    page = Page(
        id=subject.id,
        space_id=space.id,
        slug=slug,
        title=title,
        title_key=title_key(title),
        kind=kind,
        is_restricted=restricted,
        author_id=actor.id,
        created_at=moment,
        changed_at=moment,
    )
    session().add(page)
    session().flush()  # the version refers to the page
    add_version(actor, page, space, audience, text=text, base=None, summary=summary, minor=False)
    # A page whose plain address was taken may take over links that led to the page that has it.
    claimed = names.keys_claimed(space.id, {title_key(title)})
    renderings.mark_links(space.id, renderings.keys_of(title, slug) | {taken.get(slugify(title), "")} | claimed)
    record(actor.id, "page:created", page.id, object_id=1, summary=summary, delta=len(text))
    return page


def save_page(
    actor: Actor,
    page: HasNumber,
    *,
    base: int | None,
    text: str,
    summary: str,
    minor: bool = False,
    title: str | None = None,
    section: int | None = None,
    meetings: Sequence[Meeting] = (),
    suggester_id: int | None = None,
) -> Saved:
    """Save a text that began from version `base`; merge it with what was saved since.

    `section` says that only this section of version `base` was written; then nothing outside it can differ. What was
    not chosen where the text met another (`meetings`) is kept beside the version. With `suggester_id`, that person
    wrote the text and the actor takes it over.

    :raises EditConflict: when both changed the same passage; it holds both texts.
    :raises SectionGone: when the newest version has no such section.
    """
    text, summary = checked_text(text), checked_summary(summary)
    for attempt in range(_TRIES):
        # The second time the page is held, so that nobody can come in between again.
        row, space = load_page(actor, page.id, hold=attempt > 0)
        try:
            with savepoint():
                if title is not None:
                    rename(actor, row, space, title)
                saved = _save(
                    actor,
                    row,
                    space,
                    base=base,
                    text=text,
                    summary=summary,
                    minor=minor,
                    section=section,
                    suggester_id=suggester_id,
                )
                if meetings:
                    stands = get_revision(row, saved.number).text
                    side_versions.keep(row.id, saved.number, suggester_id or actor.id, meetings, stands)
                return saved
        except IntegrityError:
            continue
    raise _crossed(page.id)


def _save(
    actor: Actor,
    page: Page,
    space: Space,
    *,
    base: int | None,
    text: str,
    summary: str,
    minor: bool,
    section: int | None,
    suggester_id: int | None,
) -> Saved:
    path = page_path(space.slug, page.slug)
    current = get_revision(page, page.current)
    if text == current.text:
        is_same = base != page.current and current.base == base and current.author_id == actor.id
        return Saved(page.current, path, is_new=False, is_same=is_same)
    merged_with = None
    if base != page.current:
        old = find_revision(page, base)
        was = old.text if old else ""
        if section is None:
            merged = merge.merge(was, text, current.text)
        else:
            merged = sections.merged(was, text, current.text, section)
        if not merged.is_clean:
            raise EditConflict(Clash(base, page.current, text, merged), path, summary=summary, minor=minor)
        text, merged_with = checked_text(merged.text), page.current
        if text == current.text:
            return Saved(page.current, path, is_new=False, is_same=current.author_id == actor.id)
    audience = audience_of(page, space)
    delta = len(text) - current.size
    add_version(
        actor,
        page,
        space,
        audience,
        text=text,
        base=base,
        summary=summary,
        minor=minor,
        suggester_id=suggester_id,
    )
    record(actor.id, "page:saved", page.id, object_id=page.current, summary=summary, minor=minor, delta=delta)
    if merged_with is None:
        return Saved(page.current, path, is_new=True)
    who = names_of({current.author_id}).get(current.author_id) if current.author_id else None
    return Saved(page.current, path, is_new=True, merged_with=merged_with, merged_who=who)


def restore(actor: Actor, page: HasNumber, number: int, *, summary: str, base: int | None = None) -> Saved:
    """Save the text of an older version as a new one. With a `base`, only while that is still the newest.

    :raises Conflict: when somebody saved since `base`.
    """
    summary = checked_summary(summary)
    texts.require_shown(page.id, number)
    for attempt in range(_TRIES):
        row, space = load_page(actor, page.id, hold=attempt > 0)
        path = page_path(space.slug, row.slug)
        old, current = get_revision(row, number), get_revision(row, row.current)
        if base is not None and base != row.current:
            raise Conflict(
                _("Deze pagina is opgeslagen terwijl jij keek. Er is niets teruggezet."),
                way_out=f"{path}/terugzetten/{number}",
            )
        if old.text == current.text:
            return Saved(row.current, path, is_new=False)
        try:
            with savepoint():
                delta = old.size - current.size
                add_version(
                    actor,
                    row,
                    space,
                    audience_of(row, space),
                    text=old.text,
                    base=row.current,
                    summary=summary,
                    minor=False,
                    restores=number,
                )
                record(
                    actor.id,
                    "page:restored",
                    row.id,
                    object_id=row.current,
                    summary=summary,
                    delta=delta,
                    restores=number,
                )
                return Saved(row.current, path, is_new=True)
        except IntegrityError:
            continue
    raise _crossed(page.id)


def _is_sent_twice(page: Page, actor: Actor, text: str) -> bool:
    return page.author_id == actor.id and page.current == 1 and get_revision(page, 1).text == text


def _crossed(page_id: int) -> Conflict:
    """Return the refusal of a save that met others twice: nothing was saved, the form can be sent again."""
    path = session().get_one(Subject, page_id).path
    return Conflict(_("Meer mensen sloegen deze pagina op hetzelfde moment op."), way_out=f"{path}/bewerken")
