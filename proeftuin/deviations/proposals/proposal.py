"""What keeps a version from being submitted: each problem by its field, as a sentence that names the rule.

`problems` is pure. It is asked by the gate list of a draft and again by `service.submit`, so that no way around the
screen exists. What must stay true: every refusal of a rule says which rule, and where it stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from proeftuin.deviations.proposals import basis, terms
from proeftuin.deviations.proposals.proposed import (
    RESPONSE_TERM,
    Against,
    CaoOfDay,
    CaoParagraph,
    Neighbour,
    Predecessor,
    Proposal,
    ProposedCondition,
    ProposedRule,
    Subgroup,
    mark_of,
)
from proeftuin.deviations.vocabulary import ConditionKind, Direction, LegalOutcome, VersionKind
from proeftuin.i18n import _

__all__ = [
    "RESPONSE_TERM",
    "Against",
    "CaoOfDay",
    "CaoParagraph",
    "Neighbour",
    "Predecessor",
    "Proposal",
    "ProposedCondition",
    "ProposedRule",
    "Subgroup",
    "mark_of",
    "problems",
]

LONGEST_TITLE = 160
LONGEST_TEXT = 10_000
LONGEST_GROUND = 120
MOST_PARTICIPANTS = 100_000
MOST_MONTHS = 24
TEXTS = (
    "change_note",
    "group",
    "selection",
    "direction_note",
    "shifts",
    "guarantee",
    "fallback_person",
    "fallback_all",
    "equal_treatment",
    "basis_reason",
    "consent_reason",
    "parties_reason",
    "reporting",
    "legal_note",
)

Problem = tuple[str, str]


def problems(proposal: Proposal, against: Against) -> dict[str, str]:
    """Return what keeps the proposal from being submitted, by field, in the order of the page."""
    found: dict[str, str] = {}
    checks = [_rules(proposal, against), _lengths(proposal)]
    checks.append(terms.problems(proposal, against))
    if not against.is_history:
        checks += [
            _whole(proposal),
            _effect(proposal),
            _legal(proposal, against),
            basis.problems(proposal, against),
            _conditions(proposal, against),
            terms.evaluation(proposal),
        ]
    for check in checks:
        for name, sentence in check:
            found.setdefault(name, sentence)
    return dict(sorted(found.items(), key=lambda each: _place(each[0])))


def _place(name: str) -> tuple[int, str]:
    """Return where a field stands on the page."""
    head = name.partition("-")[0]
    order = (
        "title",
        "change_note",
        "rules",
        "group",
        "max_participants",
        "selection",
        "is_voluntary",
        "valid_from",
        "valid_until",
        "direction",
        "direction_note",
        "subgroups",
        "shifts",
        "guarantee",
        "fallback_person",
        "fallback_all",
        "legal",
        "legal_note",
        "equal_treatment",
        "consent",
        "consent_ground",
        "consent_reason",
        "basis",
        "basis_reason",
        "duties",
        "parties_reason",
        "respond_by",
        "conditions",
        "evaluate_by",
        "reporting",
    )
    return (order.index(head) if head in order else len(order)), ""


def _rules(proposal: Proposal, against: Against) -> Iterator[Problem]:
    if not proposal.rules:
        yield "rules", _("Kies welk lid van de cao hier niet geldt. Zonder lid is er geen afwijking.")
    cao = against.cao
    if cao is None:
        yield "rules", _("Op %(day)s geldt geen cao. Er is dus niets om van af te wijken.", day=_day(against.on))
        return
    for number, rule in enumerate(proposal.rules, start=1):
        now = cao.paragraphs.get(rule.place)
        words = {"place": rule.citation, "cao": cao.label, "day": _day(against.on)}
        if now is None:
            sentence = _(
                "%(place)s staat niet in de cao die op %(day)s geldt (%(cao)s). Kies een ander lid.", **words
            )
            yield f"rules-{number}", sentence
        elif now.text != rule.cao_text or now.article_number != rule.article_number:
            sentence = _(
                "De tekst bij %(place)s is niet letterlijk die van de cao die op %(day)s geldt (%(cao)s). "
                "Neem de tekst van nu over.",
                **words,
            )
            yield f"rules-{number}", sentence
        if not rule.text.strip():
            yield f"rules-{number}-text", _("Schrijf wat er geldt in plaats van %(place)s.", **words)
        elif rule.text.strip() == rule.cao_text.strip():
            yield f"rules-{number}-text", _("Dit is dezelfde tekst als %(place)s. Er wijkt niets af.", **words)
    seen = Counter(rule.place for rule in proposal.rules)
    for number, rule in enumerate(proposal.rules, start=1):
        if seen[rule.place] > 1:
            yield f"rules-{number}", _("%(place)s staat er twee keer. Haal er één weg.", place=rule.citation)


def _lengths(proposal: Proposal) -> Iterator[Problem]:
    if len(proposal.title) > LONGEST_TITLE:
        yield "title", _("Maak de titel korter: er passen %(most)s tekens in.", most=LONGEST_TITLE)
    if len(proposal.consent_ground) > LONGEST_GROUND:
        yield "consent_ground", _("Maak dit korter: er passen %(most)s tekens in.", most=LONGEST_GROUND)
    texts = {name: str(getattr(proposal, name)) for name in TEXTS}
    texts |= {f"rules-{number}-text": rule.text for number, rule in enumerate(proposal.rules, start=1)}
    texts |= {f"conditions-{number}-text": each.text for number, each in enumerate(proposal.conditions, start=1)}
    texts |= {f"subgroups-{number}-note": each.note for number, each in enumerate(proposal.subgroups, start=1)}
    for name, text in texts.items():
        if len(text) > LONGEST_TEXT:
            yield name, _("Maak dit korter: er passen 10.000 tekens in.")
    most = proposal.max_participants
    if most is not None and not 1 <= most <= MOST_PARTICIPANTS:
        yield "max_participants", _("Vul een getal in van 1 of meer.")


def _whole(proposal: Proposal) -> Iterator[Problem]:
    needed = {
        "title": _("Geef de afwijking een titel waaraan iedereen haar herkent."),
        "group": _("Zeg voor wie dit geldt."),
        "selection": _("Zeg hoe wordt bepaald wie mee kan doen."),
        "direction_note": _("Leg uit wie erop vooruitgaat en wie erop achteruit."),
        "shifts": _("Zeg wat er verschuift naar collega’s die niet meedoen. Is dat niets, typ dan “niets”."),
        "fallback_person": _("Zeg wat er geldt voor iemand die stopt."),
        "fallback_all": _("Zeg wat er geldt voor iedereen als de afwijking eindigt."),
        "equal_treatment": _("Zeg wat het doet voor deeltijders, tijdelijke contracten, geslacht en leeftijd."),
        "reporting": _("Zeg wie wanneer hoort hoe het gaat."),
    }
    for name, sentence in needed.items():
        if not str(getattr(proposal, name)).strip():
            yield name, sentence
    if proposal.kind is not VersionKind.FIRST and not proposal.change_note.strip():
        yield "change_note", _("Zeg in één zin wat er anders is dan in de versie hiervoor.")
    if proposal.max_participants is None:
        yield "max_participants", _("Zeg hoeveel mensen er tegelijk hooguit mee kunnen doen.")
    if proposal.is_voluntary is None:
        yield "is_voluntary", _("Zeg of meedoen vrijwillig is.")


def _effect(proposal: Proposal) -> Iterator[Problem]:
    if proposal.direction is None:
        yield "direction", _("Kies wat het betekent voor wie meedoet.")
    elif proposal.direction not in (Direction.BETTER, Direction.NEUTRAL) and not proposal.guarantee.strip():
        yield "guarantee", _("Niet iedereen gaat erop vooruit. Schrijf de garantie op, of typ bewust “geen”.")
    for number, each in enumerate(proposal.subgroups, start=1):
        if not each.group.strip():
            yield f"subgroups-{number}-group", _("Zeg over welke groep dit gaat.")
        if each.direction is None:
            yield f"subgroups-{number}-direction", _("Kies wat het betekent voor deze groep.")


def _legal(proposal: Proposal, against: Against) -> Iterator[Problem]:
    references = ", ".join(proposal.legal_references)
    match proposal.legal_outcome:
        case LegalOutcome.PENDING:
            yield "legal", _("De wettelijke toets is nog niet gedaan. Vraag HR om de toets.")
            return
        case LegalOutcome.CONTRARY:
            yield (
                "legal",
                _(
                    "De wettelijke toets zegt: in strijd met de wet (%(references)s). %(note)s Van dwingend recht "
                    "kan niemand afwijken, ook niet met instemming van alle partijen.",
                    references=references or "?",
                    note=proposal.legal_note.strip(),
                ),
            )
            return
    if against.assessed is not None and against.assessed != mark_of(proposal.rules):
        yield "legal", _("De toets is verouderd: de regels zijn daarna veranderd. Vraag HR om een nieuwe toets.")
    if proposal.legal_by_id is None or proposal.legal_on is None:
        yield "legal", _("De toets heeft geen naam of datum. Vraag HR om de toets.")
    elif proposal.legal_on > against.on:
        yield "legal", _("De toets is van na het voorleggen. Eerst de toets, dan de partijen.")
    elif proposal.legal_by_id not in against.assessors:
        yield "legal", _("Wie de toets deed, heeft de rol HR niet. Vraag HR om de toets.")
    if not references and not proposal.legal_note.strip():
        yield "legal", _("De toets noemt geen bepalingen en heeft geen toelichting. Vraag HR om die.")


def _conditions(proposal: Proposal, against: Against) -> Iterator[Problem]:
    for number, each in enumerate(proposal.conditions, start=1):
        name = f"conditions-{number}"
        if not each.text.strip():
            yield f"{name}-text", _("Schrijf de voorwaarde op.")
        if each.owner_id is None or each.owner_id not in against.people:
            yield f"{name}-owner_id", _("Kies wie hiervoor zorgt: iemand met een account.")
        if not 0 <= each.every_months <= MOST_MONTHS:
            yield f"{name}-every_months", _("Kies een aantal maanden van 1 tot en met %(most)s.", most=MOST_MONTHS)
        if each.due_on is None:
            yield f"{name}-due_on", _("Kies de dag waarop eraan voldaan moet zijn.")
            continue
        if each.due_on < against.on:
            yield f"{name}-due_on", _("Deze dag is al voorbij. Kies een dag die nog komt.")
        if each.kind is not ConditionKind.PRECEDENT:
            continue
        if proposal.valid_from is not None and each.due_on > proposal.valid_from:
            sentence = _("Een opschortende voorwaarde is vervuld voordat de afwijking begint. Kies een eerdere dag.")
            yield f"{name}-due_on", sentence
        if each.every_months:
            yield f"{name}-every_months", _("Een opschortende voorwaarde komt niet terug.")


def _day(day: object) -> str:
    return f"{day:%d-%m-%Y}"
