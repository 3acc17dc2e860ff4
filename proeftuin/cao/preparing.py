"""A text on its way to be published: put ready, looked at, changed, thrown away.

What must stay true: what was given is kept as it was given, understood or not; only `service.publish` makes a version
of it, and then of everything at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import null, select

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Person
from proeftuin.cao import policy, queries
from proeftuin.cao.comparing import Differences, compare
from proeftuin.cao.matching import with_keys
from proeftuin.cao.models import Preparation
from proeftuin.cao.queries import VersionHead
from proeftuin.cao.reading import read
from proeftuin.cao.structure import CaoText, Character, Reading
from proeftuin.cao.terms import NAMES, USUAL, Terms
from proeftuin.db import session
from proeftuin.errors import Conflict, Gone, Invalid, NotFound
from proeftuin.i18n import _

LONGEST = 1_000_000
_LASTING = ("name", "kind", *(name for name in NAMES[7:15]))
"""What a next version takes over from the one before."""
_OF_VERSION = ("label", "valid_from", "valid_until", "notified_on", "confirmed_on")


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be published. `text` has its keys; `terms` is None while `errors` says what is wrong with them."""

    reading: Reading
    text: CaoText
    terms: Terms | None
    before: VersionHead | None
    differences: Differences
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def may_publish(self) -> bool:
        """Return whether nothing stands in the way."""
        return not self.errors and not self.reading.blocking


@dataclass(frozen=True, slots=True)
class PreparationHead:
    """A line in the list of texts in preparation."""

    id: int
    label: str
    file_name: str
    changed_at: Any
    changed_by: str | None


def create(actor: Actor | None, *, text: str, file_name: str = "", label: str = "") -> Preparation:
    """Put a text ready; of a file with several versions the one with this label, else the first that is not there.

    :raises Invalid: when there is no text, or too much.
    """
    policy.require_preparer(actor)
    _see_text(text)
    published = {each.label for each in queries.list_versions()}
    labels = read(text).labels
    chosen = label or next((each for each in labels if each not in published), "")
    moment = clock.now()
    preparation = Preparation(
        text=text,
        file_name=file_name[:200],
        terms=_first_terms(text, chosen),
        created_at=moment,
        changed_at=moment,
        changed_by_id=actor.id if actor else None,
    )
    session().add(preparation)
    session().flush()
    return preparation


def save(actor: Actor, preparation: Preparation, *, edition: int | None, text: str, terms: Mapping[str, str]) -> None:
    """Keep what was typed, right or wrong.

    :raises Conflict: when somebody else saved it in the meantime.
    """
    policy.require_preparer(actor)
    _see_text(text)
    _see_open(preparation)
    see_edition(preparation, edition)
    kept = {name: terms.get(name, "") for name in (*NAMES, "chosen")}
    if kept["chosen"] != preparation.terms.get("chosen", ""):
        found = read(text, kept["chosen"]).terms
        kept |= {name: found.get(name, "") for name in _OF_VERSION}
    preparation.text, preparation.terms = text, kept
    preparation.edition += 1
    preparation.changed_at, preparation.changed_by_id = clock.now(), actor.id
    session().flush()


def discard(actor: Actor, preparation: Preparation) -> None:
    """Throw a text away that was not published."""
    policy.require_preparer(actor)
    _see_open(preparation)
    session().delete(preparation)
    session().flush()


def get(actor: Actor, number: int, *, hold: bool = False) -> Preparation:
    """Return a text in preparation.

    :raises NotFound: when there is none.
    """
    policy.require_preparer(actor)
    row = session().get(Preparation, number, with_for_update=hold or None, populate_existing=hold)
    if row is None:
        raise NotFound
    return row


def list_open() -> list[PreparationHead]:
    """Return the texts that wait, the newest first."""
    rows = session().execute(
        select(Preparation, Person.name)
        .outerjoin(Person, Person.id == Preparation.changed_by_id)
        .where(Preparation.version_id.is_(null()))
        .order_by(Preparation.changed_at.desc(), Preparation.id.desc())
    )
    return [
        PreparationHead(row.id, str(row.terms.get("label", "")), row.file_name, row.changed_at, who)
        for row, who in rows
    ]


def preview(text: str, typed: Mapping[str, Any]) -> Preview:
    """Return what a text would become, and how it differs from the version before."""
    reading = read(text, str(typed.get("chosen", "")))
    errors: dict[str, str] = {}
    terms = None
    try:
        terms = Terms.parse(typed)
    except Invalid as invalid:
        errors = invalid.fields
    if terms is not None:
        errors |= problems_with_others(terms)
    before = _before(terms, typed)
    character = terms.default_character if terms else Character.MINIMUM
    old = queries.load_text(before.id) if before else CaoText()
    new = with_keys(reading.text.with_character(character), old, queries.list_keys())
    differences = compare(old, new) if before else Differences()
    return Preview(reading, new, terms, before, differences, errors)


def preview_new(text: str, label: str = "") -> Preview:
    """Return what a text that is not put ready yet would become."""
    return preview(text, _first_terms(text, label))


def problems_with_others(terms: Terms) -> dict[str, str]:
    """Return what keeps a version from standing beside those that are there: overlap, or a wrong correction."""
    versions = queries.list_versions()
    if terms.corrects is not None:
        corrected = next((each for each in versions if each.number == terms.corrects), None)
        if corrected is None:
            return {"corrects": _("Er is geen versie %(n)s.", n=terms.corrects)}
        if not corrected.is_live:
            words = {"n": corrected.number, "other": corrected.corrected_by}
            return {"corrects": _("Versie %(n)s is al verbeterd, in versie %(other)s. Verbeter die.", **words)}
    for other in versions:
        if not other.is_live or other.number == terms.corrects:
            continue
        if other.valid_from <= terms.valid_until and terms.valid_from <= other.valid_until:
            sentence = _(
                "Op een dag geldt één versie. Versie %(n)s geldt al van %(first)s t/m %(last)s.",
                n=other.number,
                first=f"{other.valid_from:%d-%m-%Y}",
                last=f"{other.valid_until:%d-%m-%Y}",
            )
            return {"valid_from": sentence}
    return {}


def see_edition(preparation: Preparation, edition: int | None) -> None:
    """Refuse who began from an older state.

    :raises Conflict: when somebody saved in the meantime.
    """
    if edition != preparation.edition:
        way_out = f"/cao/voorbereiden/{preparation.id}"
        raise Conflict(
            _("Iemand anders heeft deze tekst intussen bewaard. Bekijk eerst wat er nu staat."), way_out=way_out
        )


def _before(terms: Terms | None, typed: Mapping[str, Any]) -> VersionHead | None:
    """Return with which version a text is compared; as long as its first day is not known, the newest."""
    live = [each for each in queries.list_versions() if each.is_live]
    if terms is not None:
        return queries.version_before(terms.valid_from, terms.corrects) or (live[-1] if live else None)
    try:
        first = date.fromisoformat(str(typed.get("valid_from", "")))
    except ValueError:
        return live[0] if live else None
    return queries.version_before(first) or (live[-1] if live else None)


def _first_terms(text: str, chosen: str) -> dict[str, str]:
    """Return what is known of a new text: what it says, else what the version before had, else what is usual."""
    reading = read(text, chosen)
    newest = next((each for each in queries.list_versions() if each.is_live), None)
    lasting = {name: _typed(getattr(newest, name)) for name in _LASTING} if newest else {}
    found = {name: value for name, value in reading.terms.items() if value}
    return {**dict.fromkeys(NAMES, ""), **USUAL, **lasting, **found, "chosen": chosen}


def _typed(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else ""
    return str(value)


def _see_text(text: str) -> None:
    if not text.strip():
        raise Invalid({"text": _("Plak de tekst van de cao hier, of kies een bestand.")})
    if len(text) > LONGEST:
        raise Invalid({"text": _("Deze tekst is te groot: hooguit een miljoen tekens.")})


def _see_open(preparation: Preparation) -> None:
    if preparation.version_id is not None:
        raise Gone(_("Deze tekst is al gepubliceerd."), way_out="/cao")
