"""A pilot as one text to print: everything that a reader may take along, in the order in which one would read it.

What must stay true: it shows what the screens show at that moment and nothing more; addresses inside it are unique,
whatever headings its pages have.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from markupsafe import Markup

from proeftuin import clock, markup
from proeftuin.accounts.actor import Actor
from proeftuin.events.models import Audience
from proeftuin.exchange import gathering
from proeftuin.exchange.gathering import PackedComment, PackedPage, PackedThread
from proeftuin.exchange.packing import counted, plan_parts
from proeftuin.i18n import _
from proeftuin.pilots import course, heads, records
from proeftuin.pilots.heads import Head
from proeftuin.pilots.policy import NOBODY
from proeftuin.wiki import attachments
from proeftuin.wiki.links import Links
from proeftuin.wiki.models import PageKind
from proeftuin.wiki.spaces import Space

Talk = Literal["kort", "volledig", "niet"]
TALKS: tuple[Talk, ...] = ("kort", "volledig", "niet")
_HEADING = re.compile(r"(</?h)([2-5])\b")
_LATE = re.compile(r'(<img [^<]*?) loading="lazy"')


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of the pilot as a part of the dossier."""

    id: str
    title: str
    path: str
    is_restricted: bool
    version: int
    authors: Sequence[str]
    created: date
    changed: date
    html: Markup
    is_degraded: bool


@dataclass(frozen=True, slots=True)
class Chapter:
    """Pages that belong together."""

    id: str
    title: str
    leaves: Sequence[Leaf]


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation; of a short dossier only how it stands."""

    thread: PackedThread
    count: int
    comments: Sequence[PackedComment]


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything that is printed."""

    head: Head
    plan: Sequence[tuple[str, str]]
    phases: Sequence[course.Phase]
    steps: Sequence[records.StepTaken]
    team: Sequence[records.Member]
    participants: str
    commitments: records.Commitments
    chapters: Sequence[Chapter]
    conversations: Sequence[Conversation]
    day: date


def gather(actor: Actor, slug: str, *, talk: Talk) -> Dossier:
    """Return the dossier of a pilot as this reader may have it.

    :raises NotFound: when the actor may not read the pilot.
    """
    pilot = heads.get_overview(actor, slug)
    head = pilot.head
    steps = records.list_steps_taken(head.id)
    return Dossier(
        head=head,
        plan=plan_parts(pilot),
        phases=course.phases(head, steps),
        steps=steps,
        team=records.list_team(head.id),
        participants=counted(gathering.count_for_everyone(pilot)),
        commitments=records.list_commitments(head.id),
        chapters=_chapters(head, gathering.pages(actor, head.id)),
        conversations=[] if talk == "niet" else _conversations(actor, head.id, talk),
        day=clock.today(),
    )


def _chapters(head: Head, pages: Sequence[PackedPage]) -> list[Chapter]:
    """Return the pages by what they are: decisions and reviews first, for who reads no further."""
    kinds = (
        ("besluiten", _("Besluiten"), (PageKind.DECISION,)),
        ("terugblik", _("Terugblik"), (PageKind.REVIEW,)),
        ("voortgang", _("Voortgang"), (PageKind.PROGRESS,)),
        ("paginas", _("Pagina’s"), (PageKind.START, PageKind.PLAIN)),
    )
    found = []
    for ident, title, members in kinds:
        leaves = [_leaf(head, page) for page in pages if page.kind in members]
        if leaves:
            found.append(Chapter(ident, title, leaves))
    return found


def _leaf(head: Head, page: PackedPage) -> Leaf:
    text = gathering.newest_text(page)
    audience = Audience.TEAM if page.is_restricted else Audience.EVERYONE
    space = Space(head.id, head.slug, head.title, head.state, audience, NOBODY, may_write=False)
    files = attachments.find(space, page.id, text)
    rendered = markup.render(text, resolve=Links(space, audience, text).resolve, scope=f"p{page.id}-", files=files)
    return Leaf(
        id=f"pagina-{page.id}",
        title=page.title,
        path=page.path,
        is_restricted=page.is_restricted,
        version=page.current,
        authors=gathering.authors(page),
        created=clock.day_of(page.created_at),
        changed=clock.day_of(page.changed_at),
        html=_lower(rendered.html),
        is_degraded=rendered.degraded,
    )


def _lower(html: Markup) -> Markup:
    """Return the text of a page with its headings under its title, and with pictures that are there when it is
    printed. Signs of a text are never bare in this HTML."""
    lowered = _HEADING.sub(lambda found: f"{found[1]}{int(found[2]) + 1}", str(html))
    return Markup(_LATE.sub(r"\1", lowered))


def _conversations(actor: Actor, pilot_id: int, talk: Talk) -> list[Conversation]:
    found = []
    for thread in gathering.threads(actor, pilot_id):
        comments = list(gathering.comments(thread))
        found.append(Conversation(thread, len(comments), comments if talk == "volledig" else ()))
    return found
