"""The legal basis of a proposal, the works council, and who must agree (domain dossier 3.2, 3.3).

What must stay true: people may ask more parties than the basis does, and fewer with a reason, but never fewer than
the law asks; consent of the works council never stands in for the unions where only a cao may set a rule aside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from proeftuin.accounts.models import PartyKind
from proeftuin.cao.structure import Character
from proeftuin.deviations.parties import PartyLine, duties
from proeftuin.deviations.proposals.proposed import Against, Proposal
from proeftuin.deviations.vocabulary import Basis, Consent, Direction, Duty, LegalOutcome
from proeftuin.i18n import _

NOT_WORSE = (Direction.BETTER, Direction.NEUTRAL)

Problem = tuple[str, str]


def problems(proposal: Proposal, against: Against) -> Iterator[Problem]:
    """Give what is wrong with the basis, the works council and the parties."""
    yield from _consent(proposal)
    if proposal.basis is None:
        yield "basis", _("Kies de grondslag. Die bepaalt wie akkoord moet zijn.")
        return
    if not proposal.basis_reason.strip():
        yield "basis_reason", _("Leg uit waarom deze grondslag past.")
    yield from _basis(proposal, proposal.basis, against)
    if proposal.consent is not None:
        yield from _duties(proposal, proposal.basis, proposal.consent, against)


def _consent(proposal: Proposal) -> Iterator[Problem]:
    match proposal.consent:
        case None:
            yield "consent", _("Kies of de OR moet instemmen (art. 27 WOR).")
        case Consent.NOT_REQUIRED:
            if not proposal.consent_reason.strip():
                sentence = _("Zeg waarom de OR niet hoeft in te stemmen (art. 27 WOR). De OR leest dit.")
                yield "consent_reason", sentence
        case _:
            if not proposal.consent_ground.strip():
                yield "consent_ground", _("Noem de grond: een onderdeel van art. 27 lid 1 WOR, of de afspraak.")


def _basis(proposal: Proposal, basis: Basis, against: Against) -> Iterator[Problem]:
    cao = against.cao
    if basis is Basis.EXPERIMENT and cao is not None and not cao.experiment:
        yield "basis", _("Deze cao heeft geen experimenteerartikel. Kies een andere grondslag.")
    if basis is Basis.FAVOUR:
        yield from _favour(proposal, against)
    if basis in (Basis.DELEGATED, Basis.WITHIN_ROOM) and proposal.legal_outcome is LegalOutcome.BY_CAO:
        sentence = _(
            "De toets zegt: alleen bij cao mag van de wet worden afgeweken. Instemming van de OR vervangt de bonden "
            "dan niet. Kies een grondslag waarbij de cao-partijen akkoord gaan."
        )
        yield "basis", sentence


def _favour(proposal: Proposal, against: Against) -> Iterator[Problem]:
    worse = [each.group for each in proposal.subgroups if each.direction not in NOT_WORSE]
    if proposal.direction not in NOT_WORSE or worse:
        sentence = _(
            "Begunstiging kan alleen als alles voor elke deelnemer beter of gelijk is. Is het voor iemand slechter, "
            "gemengd of onduidelijk, dan moeten de cao-partijen akkoord gaan."
        )
        yield "basis", sentence
    for rule in proposal.rules:
        found = against.cao.paragraphs.get(rule.place) if against.cao is not None else None
        if found is not None and found.character is not Character.MINIMUM:
            sentence = _(
                "%(place)s is een standaardbepaling. Daarvan wijk je niet af, ook niet in het voordeel, zonder de "
                "cao-partijen.",
                place=rule.citation,
            )
            yield "basis", sentence


def _duties(proposal: Proposal, basis: Basis, consent: Consent, against: Against) -> Iterator[Problem]:
    computed = duties(basis, consent, against.parties)
    wanted = dict(proposal.duties) if proposal.duties is not None else computed
    by_id = {party.id: party for party in against.parties}
    if set(wanted) != set(by_id):
        yield "duties", _("Geef van elke partij aan of zij akkoord moet zijn, en van geen andere.")
        return
    for party_id, duty in wanted.items():
        party = by_id[party_id]
        if duty is Duty.REQUIRED and party.kind is PartyKind.UNION and not party.signs_cao:
            yield (
                "duties",
                _("%(party)s is geen partij bij de cao en wordt geïnformeerd, zonder stem.", party=party.name),
            )
        if duty is Duty.INFORMED and must_agree_by_law(basis, consent, party):
            yield "duties", _must(party)
    if wanted != computed and not proposal.parties_reason.strip():
        yield "parties_reason", _("Je wijkt af van wie volgens de grondslag akkoord moet zijn. Zeg waarom.")
    if proposal.legal_outcome is LegalOutcome.BY_COUNCIL and not _collective(wanted, by_id):
        sentence = _("De toets zegt: afwijken van de wet kan bij cao of schriftelijk met de OR. Vraag een van beide.")
        yield "duties", sentence


def must_agree_by_law(basis: Basis, consent: Consent, party: PartyLine) -> bool:
    """Return whether the law asks the yes of a party, so that no reason takes it away."""
    if party.kind is PartyKind.WORKS_COUNCIL:
        return basis is Basis.DELEGATED or (basis is not Basis.WITHIN_ROOM and consent is Consent.REQUIRED)
    return basis is Basis.ADDENDUM and (party.kind is PartyKind.EMPLOYER or party.signs_cao)


def _must(party: PartyLine) -> str:
    if party.kind is PartyKind.WORKS_COUNCIL:
        return _("De OR moet instemmen (art. 27 WOR). Dat kun je niet weglaten.")
    return _(
        "Wie de cao sloot, moet akkoord zijn met een andere cao-tekst (art. 1 Wet cao): %(party)s.", party=party.name
    )


def _collective(wanted: Mapping[int, Duty], by_id: Mapping[int, PartyLine]) -> bool:
    """Return whether the cao parties together, or the works council, are asked to agree."""
    asked = {party_id for party_id, duty in wanted.items() if duty is Duty.REQUIRED}
    unions = {each.id for each in by_id.values() if each.kind is PartyKind.UNION and each.signs_cao}
    council = {each.id for each in by_id.values() if each.kind is PartyKind.WORKS_COUNCIL}
    return bool(council & asked) or bool(unions and unions <= asked)
