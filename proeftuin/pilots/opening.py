"""Opening a pilot: the moment a concept becomes something that every colleague can read.

Only now it gets its code, its address and its claim on its title. Would a concept have these before, then a colleague
could tell from a missing number, from an address with "-2" or from a refused title that there is something hidden.
What must stay true: codes are given in the order of opening, without gaps; an address never changes after this; two
that open at the same moment come one after another, and unique constraints stand behind that.
"""

from __future__ import annotations

from itertools import count

from sqlalchemy import Integer, cast, func, select

from proeftuin.db import session
from proeftuin.events.models import Audience, Subject, SubjectKind
from proeftuin.i18n import _
from proeftuin.naming import slugify, title_key
from proeftuin.pilots.heads import concept_number
from proeftuin.pilots.models import Pilot, State

RESERVED_SLUGS = frozenset({"nieuw"})
_LONGEST_SLUG = 74  # leaves room for a number behind it


def wait_for_turn() -> None:
    """Let openings come one after another, so that two at the same moment need not collide (PostgreSQL; SQLite has
    one writer anyway). Whoever holds the row of the site is at turn."""
    site = select(Subject.id).where(Subject.kind == SubjectKind.SITE)
    session().execute(site.with_for_update(key_share=True))


def concept_address(pilot_id: int) -> str:
    """Return the address of a concept."""
    return f"concept-{pilot_id}"


def no_claim(pilot_id: int) -> str:
    """Return the title key of a concept: unique, and never the key of a title, which does not begin with a space."""
    return f" {pilot_id}"


def is_title_taken(title: str, *, but: int | None = None) -> bool:
    """Return whether another pilot that everyone can see has this title."""
    query = select(Pilot.id).where(Pilot.title_key == title_key(title))
    return any(other != but for other in session().scalars(query))


def problems(pilot: Pilot) -> dict[str, str]:
    """Return what keeps a complete concept from being opened, by field."""
    if is_title_taken(pilot.title, but=pilot.id):
        return {"title": title_taken()}
    return {}


def title_taken() -> str:
    """Return the sentence for a title that another pilot has."""
    return _("Er is al een proeftuin met deze titel. Kies een andere.")


def open_pilot(pilot: Pilot) -> None:
    """Give a pilot its code, address and title, and let everyone read it.

    Its pages follow in the wiki, which hears `pilot:opened`; here their addresses only.
    """
    before = f"/proeftuinen/{pilot.slug}/"
    pilot.code, pilot.slug, pilot.title_key = _next_code(), _free_slug(pilot.title), title_key(pilot.title)
    for subject in session().scalars(select(Subject).where(Subject.circle_id == pilot.id)):
        if subject.kind is SubjectKind.PILOT:
            subject.audience, subject.path = Audience.EVERYONE, f"/proeftuinen/{pilot.slug}"
        elif subject.path.startswith(before):
            subject.path = f"/proeftuinen/{pilot.slug}/{subject.path.removeprefix(before)}"


def _next_code() -> str:
    number = cast(func.substr(Pilot.code, 4), Integer)
    highest = session().scalar(select(func.max(number)).where(Pilot.state != State.CONCEPT, Pilot.code.like("PT-%")))
    return f"PT-{(highest or 0) + 1:02d}"


def _free_slug(title: str) -> str:
    wanted = slugify(title, length=_LONGEST_SLUG)
    candidates = (wanted if number == 1 else f"{wanted}-{number}" for number in count(1))
    taken = set(session().scalars(select(Pilot.slug).where(Pilot.slug.startswith(wanted, autoescape=True))))
    return next(slug for slug in candidates if slug not in taken | RESERVED_SLUGS and concept_number(slug) is None)
