"""What the page of a draft shows beside its fields: the paragraphs with their quotes, who must agree and why, the
legal check, what is missing, and the card as it will look.

What must stay true: the card is made by the same code as that of a submitted version.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup
from sqlalchemy import select

from proeftuin import clock
from proeftuin.accounts import queries as accounts
from proeftuin.accounts.models import PartyKind
from proeftuin.cao import queries as cao
from proeftuin.cao.structure import Article, CaoText
from proeftuin.db import session
from proeftuin.deviations import labels
from proeftuin.deviations.drafting import legal, next_version
from proeftuin.deviations.drafting.assessing import is_outdated
from proeftuin.deviations.drafting.drafts import Weighed
from proeftuin.deviations.drafting.fields import list_rows
from proeftuin.deviations.drafting.legal import Ground
from proeftuin.deviations.labels import Badge
from proeftuin.deviations.models import Deviation, Draft
from proeftuin.deviations.parties import PartyLine
from proeftuin.deviations.proposals import terms
from proeftuin.deviations.proposals.basis import must_agree_by_law
from proeftuin.deviations.proposals.proposed import RESPONSE_TERM, cited
from proeftuin.deviations.proposals.remarks import remarks
from proeftuin.deviations.showing import card
from proeftuin.deviations.showing.folder import CaoName, PilotPlace
from proeftuin.deviations.showing.wording import marked
from proeftuin.deviations.vocabulary import Consent, Duty
from proeftuin.i18n import _
from proeftuin.pilots.models import ParticipantCount, Pilot, PilotTheme, Theme
from proeftuin.pilots.records import list_team


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A paragraph in the draft: where it stands, its literal text, what applies instead, and what differs."""

    number: int
    place: str
    href: str
    cao_text: str
    old: Markup
    new: Markup
    has_text: bool
    is_current: bool
    is_standard: bool


@dataclass(frozen=True, slots=True)
class PartyRow:
    """A party: what the basis asks of it and why, what was chosen, and whether the law leaves a choice.

    `is_open` is whether no basis was chosen yet, so that nothing can be said.
    """

    party: PartyLine
    computed: Duty
    chosen: str
    effective: Duty
    why: str
    is_fixed: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class CheckLine:
    """The legal check as it stands."""

    badge: Badge
    references: tuple[str, ...]
    note: str
    by: str
    on: date | None
    is_done: bool
    is_outdated: bool
    warnings: Sequence[str]


@dataclass(frozen=True, slots=True)
class DraftPage:
    """Everything beside the fields."""

    rules: Sequence[RuleRow]
    parties: Sequence[PartyRow]
    check: CheckLine
    grounds: Sequence[Ground]
    always: Sequence[Ground]
    missing: Sequence[tuple[str, str]]
    remarks: Sequence[tuple[str, str]]
    card: card.Card
    last_allowed: date | None
    evaluate_before: date | None
    respond_by: date
    people: Sequence[str]
    articles: Sequence[Article]
    subgroups: Sequence[int]
    conditions: Sequence[int]
    number: int


def page_of(deviation: Deviation, draft: Draft, weighed: Weighed, text: CaoText, reader: card.Reader) -> DraftPage:
    """Return what the page of a draft shows."""
    proposal, held = weighed.proposal, weighed.against
    themes = theme_keys(deviation.pilot_id)
    first, last = proposal.valid_from, proposal.valid_until
    return DraftPage(
        rules=rule_rows(draft, text),
        parties=_parties(draft, weighed),
        check=check_of(draft, weighed),
        grounds=[each for each in legal.grounds(themes) if each.is_suggested],
        always=legal.always_ask(),
        missing=list(weighed.problems.items()),
        remarks=[(weighed.read.names(name), sentence) for name, sentence in remarks(proposal, held)],
        card=card_of(deviation, weighed, reader),
        last_allowed=terms.last_allowed(first or held.on, held),
        evaluate_before=last - terms.BEFORE_THE_END if last else None,
        respond_by=proposal.respond_by or held.on + RESPONSE_TERM,
        people=[member.name for member in list_team(deviation.pilot_id)],
        articles=text.articles,
        subgroups=[number for number, _row in list_rows(draft.fields, "subgroups")],
        conditions=[number for number, _row in list_rows(draft.fields, "conditions")],
        number=_number(deviation),
    )


def cao_text() -> CaoText:
    """Return the text of the cao that holds today; empty when none does."""
    head = cao.find_version()
    return cao.load_text(head.id) if head is not None else CaoText()


def theme_keys(pilot_id: int) -> tuple[str, ...]:
    """Return the keys of the themes of a pilot."""
    query = select(Theme.key).join(PilotTheme, PilotTheme.theme_id == Theme.id).where(PilotTheme.pilot_id == pilot_id)
    return tuple(session().scalars(query.order_by(Theme.position)))


def _number(deviation: Deviation) -> int:
    last = next_version.last_version(deviation)
    return last.number + 1 if last is not None else 1


def rule_rows(draft: Draft, text: CaoText) -> list[RuleRow]:
    """Return the paragraphs of a draft."""
    articles = text.by_key()
    rows = []
    for number, row in list_rows(draft.fields, "rules"):
        article = articles.get(row["article_key"])
        now = article.paragraph(row["paragraph"]) if article is not None else None
        old, new = marked(row["cao_text"], row.get("text", "").strip())
        anchor = f"#lid-{row['paragraph']}" if row["paragraph"] else "#tekst"
        rows.append(
            RuleRow(
                number=number,
                place=cited(row["article_number"], row["paragraph"]),
                href=f"/cao/artikel/{row['article_number']}{anchor}",
                cao_text=row["cao_text"],
                old=old,
                new=new,
                has_text=bool(row.get("text", "").strip()),
                is_current=now is not None and article is not None and now.text == row["cao_text"],
                is_standard=article is not None and article.character == "standaard",
            )
        )
    return rows


def _parties(draft: Draft, weighed: Weighed) -> list[PartyRow]:
    chosen, proposal = draft.fields.get("duties", {}), weighed.proposal
    rows = []
    for party in weighed.against.parties:
        computed = weighed.computed[party.id]
        basis, consent = proposal.basis, proposal.consent or Consent.REQUIRED
        fixed = basis is not None and must_agree_by_law(basis, consent, party)
        rows.append(
            PartyRow(
                party=party,
                computed=computed,
                chosen=chosen.get(str(party.id), ""),
                effective=weighed.duties[party.id],
                why=_why(party, computed) if basis else _("volgt uit de grondslag; kies die eerst"),
                is_open=basis is None and not chosen.get(str(party.id)),
                is_fixed=fixed or (party.kind is PartyKind.UNION and not party.signs_cao),
            )
        )
    return rows


def _why(party: PartyLine, duty: Duty) -> str:
    """Return why a party is asked, or not."""
    if party.kind is PartyKind.WORKS_COUNCIL:
        if duty is Duty.REQUIRED:
            return _("stemt in met dit onderwerp (art. 27 WOR of een afspraak)")
        return _("wordt geïnformeerd")
    if party.kind is PartyKind.UNION and not party.signs_cao:
        return _("tekende de cao niet: wordt geïnformeerd, zonder stem")
    if duty is Duty.REQUIRED:
        return _("is cao-partij en moet akkoord zijn")
    return _("wordt geïnformeerd; een ja is bij deze grondslag niet nodig")


def check_of(draft: Draft, weighed: Weighed) -> CheckLine:
    """Return the legal check of a draft as it is shown."""
    proposal = weighed.proposal
    names = accounts.names_of({proposal.legal_by_id}) if proposal.legal_by_id else {}
    return CheckLine(
        badge=labels.legal(proposal.legal_outcome),
        references=proposal.legal_references,
        note=proposal.legal_note,
        by=names.get(proposal.legal_by_id or 0, ""),
        on=proposal.legal_on,
        is_done=bool(draft.assessment.get("outcome")),
        is_outdated=is_outdated(draft, proposal),
        warnings=legal.warnings(proposal),
    )


def card_of(deviation: Deviation, weighed: Weighed, reader: card.Reader) -> card.Card:
    """Return the one-minute card as it will look when the draft is submitted now."""
    proposal = weighed.proposal
    ids = {each.owner_id for each in proposal.conditions if each.owner_id}
    ids |= {proposal.legal_by_id} if proposal.legal_by_id else set()
    head = cao.find_version()
    return card.of_proposal(
        proposal,
        code=deviation.code or "",
        number=_number(deviation),
        today=clock.today(),
        parties=weighed.against.parties,
        duties=weighed.duties,
        people=accounts.names_of(ids),
        pilot=_place(deviation.pilot_id),
        cao=CaoName(head.number, head.label) if head is not None else None,
        reader=reader,
    )


def _place(pilot_id: int) -> PilotPlace:
    pilot = session().get_one(Pilot, pilot_id)
    counted = session().get(ParticipantCount, pilot_id)
    return PilotPlace(
        pilot.id, pilot.title, "", "", pilot.starts_on, pilot.ends_on, counted.number if counted is not None else 0
    )
