"""The one-minute card of a deviation: of a submitted version as it stood on a day, or of a proposal as it will look.

What must stay true: the order of the ten sections is that of the dossier (3.4); nothing here comes from the columns
of today, so a card of the past is made of the past; numbers of small groups, reasons that a party keeps to those who
watch, and the words of reports are withheld here, and not in a template.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from proeftuin.deviations import labels
from proeftuin.deviations.parties import PartyLine
from proeftuin.deviations.proposals.proposed import Proposal
from proeftuin.deviations.showing import card_parts, timeline
from proeftuin.deviations.showing.card_lines import (
    Card,
    ConditionLine,
    DirectionLine,
    LegalLine,
    NewsLine,
    PeriodLine,
    PositionLine,
    Reader,
    RuleLine,
    WhoLine,
)
from proeftuin.deviations.showing.folder import CaoName, Folder, PilotPlace
from proeftuin.deviations.showing.wording import marked
from proeftuin.deviations.vocabulary import ConditionState, Duty, State

__all__ = ["Card", "Reader", "of_proposal", "of_version"]


def of_version(folder: Folder, number: int | None = None, *, reader: Reader) -> Card:
    """Return the card of a version (of the one that governs), for a reader.

    :raises NotFound: when there is no such version.
    """
    version = folder.version(number if number is not None else folder.number)
    track = folder.course.tracks[version.number]
    governs = version.number == folder.number
    cao = folder.caos.get(version.cao_version_id)
    open_reports, handled, last_handled = card_parts.reports(folder, reader)
    lines, informed = card_parts.positions(folder, version, reader)
    return Card(
        code=folder.code,
        title=version.title,
        number=version.number,
        kind=labels.version_kind(version.kind),
        badge=labels.state(folder.course.state if governs else track.state),
        rules=tuple(
            _rule(rule.article_number, rule.paragraph, rule.cao_text, rule.text, cao)
            for rule in folder.rules.get(version.id, ())
        ),
        who=card_parts.who(folder, version, track, reader),
        period=card_parts.period(folder, version, track),
        directions=card_parts.directions(folder, version),
        guarantee=version.guarantee,
        legal=LegalLine(
            labels.legal(version.legal_outcome),
            tuple(version.legal_references),
            version.legal_note,
            folder.people[version.legal_by_id],
            version.legal_on,
            version.equal_treatment,
        ),
        positions=lines,
        informed=informed,
        basis=labels.basis(version.basis),
        conditions=card_parts.conditions(folder, version),
        reports=open_reports,
        handled=handled,
        last_handled=last_handled,
        sees_reports=reader.is_monitor,
        news=_news(folder, reader),
        since=timeline.day_of_visit(reader.since),
        has_visited=reader.since is not None,
        path=folder.path,
    )


def of_proposal(
    proposal: Proposal,
    *,
    code: str,
    number: int,
    today: date,
    parties: Iterable[PartyLine],
    duties: Mapping[int, Duty],
    people: Mapping[int, str],
    pilot: PilotPlace | None = None,
    cao: CaoName | None = None,
    reader: Reader,
) -> Card:
    """Return the card as it will look when the proposal is submitted: nobody has said anything of it yet.

    :param duties: for each party whether its yes is asked, as the proposal or else `parties.duties` says.
    :param people: the names of the owners of conditions, and of who did the legal check.
    """
    named = list(parties)
    asked = [party for party in named if duties.get(party.id) is Duty.REQUIRED]
    return Card(
        code=code,
        title=proposal.title,
        number=number,
        kind=labels.version_kind(proposal.kind),
        badge=labels.state(State.CONCEPT),
        rules=tuple(
            _rule(each.article_number, each.paragraph, each.cao_text, each.text, cao) for each in proposal.rules
        ),
        who=WhoLine(
            proposal.group,
            proposal.selection,
            proposal.is_voluntary,
            proposal.max_participants,
            card_parts.count(pilot, proposal.max_participants, reader),
        ),
        period=_proposed_period(proposal, pilot),
        directions=_proposed_directions(proposal),
        guarantee=proposal.guarantee,
        legal=LegalLine(
            labels.legal(proposal.legal_outcome),
            tuple(proposal.legal_references),
            proposal.legal_note,
            people.get(proposal.legal_by_id, "") if proposal.legal_by_id else "",
            proposal.legal_on,
            proposal.equal_treatment,
        ),
        positions=tuple(PositionLine(party.id, party.name, labels.status(None), is_required=True) for party in asked),
        informed=tuple(party.name for party in named if party not in asked) if proposal.basis else (),
        basis=labels.basis(proposal.basis) if proposal.basis else "",
        conditions=tuple(
            ConditionLine(
                0,
                each.text,
                labels.condition_kind(each.kind),
                each.due_on,
                people.get(each.owner_id, "") if each.owner_id else "",
                labels.condition(ConditionState.OPEN),
                is_late=each.due_on is not None and each.due_on < today,
            )
            for each in proposal.conditions
        ),
        is_preview=True,
    )


def _rule(article_number: str, paragraph: str, cao_text: str, text: str, cao: CaoName | None) -> RuleLine:
    old, new = marked(cao_text, text)
    label = cao.label if cao else ""
    return RuleLine(
        article_number, paragraph, label, card_parts.article_path(article_number, paragraph, cao), old, new
    )


def _proposed_period(proposal: Proposal, pilot: PilotPlace | None) -> PeriodLine:
    first, last = proposal.valid_from, proposal.valid_until
    ends_on = pilot.ends_on if pilot else None
    if first is None or last is None or last < first:
        return PeriodLine(first, last, last, "before", pilot_ends_on=ends_on)
    known = [day for day in (first, last, pilot.starts_on if pilot else None, ends_on) if day is not None]
    return PeriodLine(
        first,
        last,
        last,
        "before",
        pilot_ends_on=ends_on,
        axis=(min(known), max(known)),
        spans=(("plan", first, last),),
    )


def _proposed_directions(proposal: Proposal) -> tuple[DirectionLine, ...]:
    return (
        DirectionLine("", labels.direction(proposal.direction), proposal.direction_note),
        *(
            DirectionLine(each.group, labels.direction(each.direction), each.note, is_subgroup=True)
            for each in proposal.subgroups
        ),
    )


def _news(folder: Folder, reader: Reader) -> tuple[NewsLine, ...]:
    if reader.since is None:
        return ()
    return tuple(
        NewsLine(entry.recorded_on, entry.sentence)
        for entry in timeline.entries(folder, is_monitor=reader.is_monitor)
        if entry.recorded_at >= reader.since
    )
