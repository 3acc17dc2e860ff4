"""The draft of the next version: kept at any moment, right or wrong, until it is submitted.

Two people may write in it at once, or one in two tabs; their forms meet field by field, as those about the plan of a
pilot do. What must stay true: nothing typed is lost or overwritten unseen; the quotes of the cao are copied here by
the picker and by nobody else; the legal check is written by HR, and stands apart from the fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.cao import queries as cao
from proeftuin.db import session
from proeftuin.deviations import policy
from proeftuin.deviations.drafting.fields import (
    FIELDS,
    MOST_ROWS,
    ROWS,
    Fields,
    flat,
    list_rows,
    with_row,
    without_row,
    written,
)
from proeftuin.deviations.drafting.reading import Read, read
from proeftuin.deviations.drafting.weighing import against
from proeftuin.deviations.models import Deviation, Draft
from proeftuin.deviations.parties import PartyLine, duties
from proeftuin.deviations.proposals.proposal import problems
from proeftuin.deviations.proposals.proposed import Against, Proposal
from proeftuin.deviations.vocabulary import Basis, Consent, Duty, VersionKind
from proeftuin.errors import Invalid, NotAllowed, NotFound
from proeftuin.events.models import Subject
from proeftuin.i18n import _
from proeftuin.naming import clean_line
from proeftuin.pilots import queries as pilots
from proeftuin.pilots.models import PlanForm
from proeftuin.pilots.plan import fingerprints, merge

__all__ = ["FIELDS", "Saved", "Weighed", "against", "forget", "save", "weigh"]

LONGEST = 20_000
"""More than a field may hold when it is submitted, so that a text that is too long is kept and told."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A form of a draft as it was sent: its key, what it was shown, and what stands in it now."""

    key: str
    base: Mapping[str, str]
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a form: the fields in which somebody else wrote something different meanwhile."""

    draft: Draft
    conflicts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A draft held against everything: what it proposes, and what keeps it from being submitted, by field of the
    form."""

    read: Read
    against: Against
    problems: Mapping[str, str]
    computed: Mapping[int, Duty]

    @property
    def proposal(self) -> Proposal:
        return self.read.proposal

    @property
    def duties(self) -> Mapping[int, Duty]:
        """Return what is asked of each party."""
        return self.proposal.duties if self.proposal.duties is not None else self.computed


def find(deviation: Deviation, *, hold: bool = False) -> Draft | None:
    """Return the draft of a deviation, or None."""
    return session().get(Draft, deviation.id, with_for_update=hold or None, populate_existing=hold)


def get(deviation: Deviation, *, hold: bool = False) -> Draft:
    """Return the draft of a deviation.

    :raises NotFound: when nothing is being prepared.
    """
    draft = find(deviation, hold=hold)
    if draft is None:
        raise NotFound
    return draft


def authorize(actor: Actor, deviation: Deviation) -> None:
    """Refuse who does not prepare versions.

    :raises NotAllowed: for anyone but the team of the pilot and HR.
    """
    if not policy.may_prepare(actor, pilots.standing(actor, deviation.pilot_id)):
        raise NotAllowed(_("Een afwijking bereidt het proeftuinteam voor, of HR."))


def save(actor: Actor, deviation: Deviation, typed: Typed) -> Saved:
    """Keep what was typed, field by field from what the form was shown.

    :raises Invalid: when a field holds more than can be kept.
    """
    authorize(actor, deviation)
    draft = get(deviation, hold=True)
    too_long = [name for name, value in typed.values.items() if len(value) > LONGEST]
    if too_long:
        raise Invalid({name: _("Maak dit korter: er passen 10.000 tekens in.") for name in too_long})
    form = session().get(PlanForm, (actor.id, typed.key)) if typed.key else None
    base = form.base if form is not None and form.pilot_id == deviation.pilot_id else typed.base
    stored = flat(draft.fields)
    absent = dict.fromkeys((name for name in typed.values if name not in stored), "")
    merged = merge({**fingerprints(absent), **base}, {**absent, **stored}, typed.values)
    # Who wrote in a row that somebody took out meanwhile gets it back: there is no other text to show beside theirs.
    revived = {name: typed.values[name] for name in merged.conflicts if name in absent}
    conflicts = tuple(name for name in merged.conflicts if name not in absent)
    accepted = {name: str(value) for name, value in merged.accepted.items()} | revived
    if accepted:
        _keep(actor, draft, written(draft.fields, accepted))
        _entitle(deviation, draft)
    if typed.key:
        _remember(actor, deviation, typed.key, form, {**base, **fingerprints(accepted)})
    return Saved(draft, conflicts)


def _keep(actor: Actor, draft: Draft, fields: Fields) -> None:
    draft.fields = fields
    kind = fields.get("kind", "")
    if draft.kind is not VersionKind.FIRST and kind in (VersionKind.AMENDMENT, VersionKind.EXTENSION):
        draft.kind = VersionKind(kind)
    draft.edition += 1
    draft.changed_at, draft.changed_by_id = clock.now(), actor.id
    session().flush()


def _entitle(deviation: Deviation, draft: Draft) -> None:
    """Give a deviation that was never submitted the title of its draft."""
    title = clean_line(str(draft.fields.get("title", "")))[:160]
    if deviation.code is None and title != deviation.title:
        deviation.title = title
        session().get_one(Subject, deviation.id).title = title


def _remember(actor: Actor, deviation: Deviation, key: str, form: PlanForm | None, base: dict[str, str]) -> None:
    """Remember what a form knows by now, so that one that keeps itself while someone types meets no earlier self."""
    if form is None:
        session().add(PlanForm(person_id=actor.id, key=key, pilot_id=deviation.pilot_id, base=base))
    else:
        form.base = base


def add_rules(actor: Actor, deviation: Deviation, article_number: str, paragraphs: Iterable[str]) -> list[int]:
    """Copy paragraphs of an article as it holds today into the draft; return the numbers of their rows.

    :raises Invalid: when no paragraph of the cao of today was chosen.
    """
    authorize(actor, deviation)
    draft = get(deviation, hold=True)
    head = cao.find_version()
    found = cao.find_article(head, article_number) if head is not None else None
    chosen = [each for each in paragraphs if found is not None and found.article.paragraph(each) is not None]
    if found is None or not chosen:
        raise Invalid({"rules": _("Kies een artikel, en daarvan één of meer leden.")})
    fields, numbers = draft.fields, []
    there = {(row.get("article_key"), row.get("paragraph")) for _number, row in list_rows(fields, "rules")}
    for number in chosen:
        paragraph = found.article.paragraph(number)
        if paragraph is None or (found.article.key, number) in there:
            continue
        quote = {
            "article_key": found.article.key,
            "article_number": found.article.number,
            "paragraph": number,
            "cao_text": paragraph.text,
            "text": "",
        }
        fields, row = with_row(fields, "rules", quote)
        numbers.append(row)
    see_room(fields)
    _keep(actor, draft, fields)
    return numbers


def renew_quote(actor: Actor, deviation: Deviation, number: int) -> None:
    """Take over the text of the cao of today for one paragraph; what applies instead stays as it is.

    :raises Invalid: when the paragraph is not in the cao of today.
    """
    authorize(actor, deviation)
    draft = get(deviation, hold=True)
    row = draft.fields.get("rules", {}).get(str(number))
    head = cao.find_version()
    texts = cao.load_text(head.id).by_key() if head is not None else {}
    article = texts.get(row["article_key"]) if row is not None else None
    paragraph = article.paragraph(row["paragraph"]) if article is not None and row is not None else None
    if article is None or paragraph is None:
        raise Invalid({f"rules-{number}": _("Dit lid staat niet meer in de cao. Kies een ander lid.")})
    fields = {**draft.fields, "rules": {**draft.fields["rules"]}}
    fields["rules"][str(number)] = {**row, "article_number": article.number, "cao_text": paragraph.text}
    _keep(actor, draft, fields)


def add_row(actor: Actor, deviation: Deviation, kind: str) -> int:
    """Add an empty condition or subgroup; return its number."""
    authorize(actor, deviation)
    draft = get(deviation, hold=True)
    fields, number = with_row(draft.fields, kind, dict.fromkeys(ROWS[kind], ""))
    see_room(fields)
    _keep(actor, draft, fields)
    return number


def remove_row(actor: Actor, deviation: Deviation, kind: str, number: int) -> None:
    """Take a rule, a subgroup or a condition out of the draft."""
    authorize(actor, deviation)
    draft = get(deviation, hold=True)
    _keep(actor, draft, without_row(draft.fields, kind, number))


def see_room(fields: Fields) -> None:
    """Refuse more rows than anyone could read.

    :raises Invalid: when there are too many.
    """
    for kind in ROWS:
        if len(fields.get(kind, {})) > MOST_ROWS:
            raise Invalid({kind: _("Meer dan %(most)s passen hier niet.", most=MOST_ROWS)})


def weigh(deviation: Deviation, draft: Draft) -> Weighed:
    """Hold a draft against everything that a submitted version must be."""
    held = against(deviation)
    computed = compute_duties(draft, held.parties)
    understood = read(draft, computed)
    found = {understood.names(name): sentence for name, sentence in problems(understood.proposal, held).items()}
    return Weighed(understood, held, {**found, **understood.unread}, computed)


def compute_duties(draft: Draft, parties: Iterable[PartyLine]) -> dict[int, Duty]:
    """Return who must agree by the basis as it stands in a draft. Without one everybody is only informed."""
    basis, consent = draft.fields.get("basis", ""), draft.fields.get("consent", "")
    lines = list(parties)
    if basis not in set(Basis):
        return {party.id: Duty.INFORMED for party in lines}
    return duties(Basis(basis), Consent(consent) if consent in set(Consent) else Consent.REQUIRED, lines)


def forget(deviation: Deviation) -> None:
    """Throw the draft of a deviation away: it was submitted."""
    draft = find(deviation)
    if draft is not None:
        session().delete(draft)
        session().flush()
