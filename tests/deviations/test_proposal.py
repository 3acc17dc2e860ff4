"""What keeps a version from being submitted: each refusal says which rule it is, and where it stands."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proeftuin.cao.structure import Character
from proeftuin.deviations.days import months_later
from proeftuin.deviations.parties import duties
from proeftuin.deviations.proposals.proposal import problems
from proeftuin.deviations.proposals.proposed import (
    CaoParagraph,
    Neighbour,
    Predecessor,
    Proposal,
    ProposedCondition,
    Subgroup,
    mark_of,
)
from proeftuin.deviations.proposals.remarks import remarks
from proeftuin.deviations.proposals.terms import last_allowed
from proeftuin.deviations.vocabulary import (
    Basis,
    ConditionKind,
    Consent,
    Direction,
    Duty,
    LegalOutcome,
    State,
    VersionKind,
)
from tests.deviations.proposals import (
    AGAINST,
    CAO,
    COUNCIL,
    EMPLOYER,
    FIRST_VERSION,
    GOOD,
    OTHER_UNION,
    OWNER,
    RULE,
    TODAY,
    UNION,
    against,
    following,
    proposal,
)

DAY = timedelta(days=1)
EXTENSION, AMENDMENT = VersionKind.EXTENSION, VersionKind.AMENDMENT


def test_a_complete_proposal_has_no_problems() -> None:
    assert problems(GOOD, AGAINST) == {}


def test_an_empty_proposal_is_told_every_field_it_lacks_and_breaks_nothing() -> None:
    found = problems(Proposal(), AGAINST)
    assert set(found) == {
        "title", "rules", "group", "max_participants", "selection", "is_voluntary", "valid_from", "valid_until",
        "direction", "direction_note", "shifts", "fallback_person", "fallback_all", "legal", "equal_treatment",
        "consent", "basis", "evaluate_by", "reporting",
    }  # fmt: skip
    assert list(found)[:3] == ["title", "rules", "group"], "in the order of the page"


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("title", "title"),
        ("group", "group"),
        ("selection", "selection"),
        ("direction_note", "direction_note"),
        ("shifts", "shifts"),
        ("fallback_person", "fallback_person"),
        ("fallback_all", "fallback_all"),
        ("equal_treatment", "equal_treatment"),
        ("reporting", "reporting"),
        ("guarantee", "guarantee"),
        ("basis_reason", "basis_reason"),
        ("consent_ground", "consent_ground"),
    ],
)
def test_every_field_of_the_record_is_asked(name: str, problem: str) -> None:
    assert list(problems(proposal(**{name: "  \n "}), AGAINST)) == [problem]


def test_the_last_day_cannot_lie_before_the_first() -> None:
    found = problems(proposal(valid_until=date(2026, 3, 1)), AGAINST)
    assert "vóór de eerste dag" in found["valid_until"]
    one_day = proposal(valid_until=date(2026, 3, 2), evaluate_by=date(2026, 3, 2))
    assert problems(one_day, AGAINST) == {}, "t/m is inclusive: one day is a period"


def test_a_period_beyond_the_maximum_of_the_cao_is_refused_with_the_article() -> None:
    last = date(2027, 9, 1)
    assert problems(proposal(valid_until=last), AGAINST) == {}
    found = problems(proposal(valid_until=last + DAY), AGAINST)
    assert "18 maanden (cao art. 1.5)" in found["valid_until"]
    assert "01-09-2027" in found["valid_until"]


def test_an_extension_is_counted_with_everything_before_it() -> None:
    held = against(before=FIRST_VERSION, first_day=date(2026, 3, 2), on=date(2026, 10, 12))
    within = following(EXTENSION, date(2026, 12, 7), date(2027, 9, 1))
    assert problems(within, held) == {}
    beyond = following(EXTENSION, date(2026, 12, 7), date(2027, 9, 2))
    assert "samen met haar verlengingen" in problems(beyond, held)["valid_until"]


def test_an_extension_starts_after_the_last_day_of_the_version_before() -> None:
    held = against(before=FIRST_VERSION, first_day=date(2026, 3, 2), on=date(2026, 10, 12))
    found = problems(following(EXTENSION, date(2026, 10, 31), date(2027, 3, 31)), held)
    assert "nooit op dezelfde dag" in found["valid_from"]
    assert problems(following(EXTENSION, date(2026, 11, 1), date(2027, 3, 31)), held) == {}


def test_a_change_may_start_inside_what_it_replaces_but_not_today() -> None:
    held = against(before=FIRST_VERSION, first_day=date(2026, 3, 2), on=date(2026, 5, 4))
    assert problems(following(AMENDMENT, date(2026, 5, 5), date(2026, 10, 31)), held) == {}
    assert "na vandaag" in problems(following(AMENDMENT, date(2026, 5, 4), date(2026, 10, 31)), held)["valid_from"]
    late = problems(following(AMENDMENT, date(2026, 11, 1), date(2027, 3, 31)), held)
    assert "verlenging, geen wijziging" in late["valid_from"]


def test_a_next_version_needs_a_version_before_it_and_a_note() -> None:
    assert "change_note" in problems(following(EXTENSION, date(2026, 5, 5), date(2026, 10, 31)), AGAINST)
    held = against(before=FIRST_VERSION)
    assert "wijziging of een verlenging" in problems(GOOD, held)["change_note"]
    unsaid = following(AMENDMENT, date(2026, 5, 5), date(2026, 10, 31), change_note=" ")
    assert "één zin" in problems(unsaid, held)["change_note"]


@pytest.mark.parametrize("state", [State.REJECTED, State.WITHDRAWN, State.CLOSED])
def test_what_was_refused_or_closed_has_no_next_version(state: State) -> None:
    held = against(before=replace(FIRST_VERSION, state=state))
    found = problems(following(EXTENSION, date(2026, 11, 1), date(2027, 3, 31)), held)
    assert "nieuwe afwijking" in found["change_note"]


def test_a_deviation_does_not_work_back_in_time_unless_the_cao_says_so_and_nobody_is_worse_off() -> None:
    early = proposal(valid_from=TODAY - DAY)
    assert "werkt niet terug in de tijd (cao art. 1.5)" in problems(early, AGAINST)["valid_from"]
    assert problems(proposal(valid_from=TODAY), AGAINST) == {}
    allowed = against(cao=replace(CAO, is_retroactive=True))
    assert "niemand erop achteruitgaat" in problems(early, allowed)["valid_from"]
    assert problems(replace(early, direction=Direction.BETTER), allowed) == {}


def test_a_deviation_ends_with_the_cao_when_that_was_agreed() -> None:
    held = against(cao=replace(CAO, ends_with_cao=True))
    assert "eindigen met de cao" in problems(GOOD, held)["valid_until"]
    assert problems(proposal(valid_until=date(2026, 6, 30), evaluate_by=date(2026, 4, 1)), held) == {}


def test_another_deviation_of_the_pilot_may_not_set_the_same_paragraph_aside_on_the_same_days() -> None:
    def beside(first: date, last: date, *places: tuple[str, str]) -> dict[str, str]:
        return problems(GOOD, against(neighbours=(Neighbour("AFW-2026-09", first, last, frozenset(places)),)))

    assert "AFW-2026-09" in beside(date(2026, 10, 31), date(2026, 12, 31), RULE.place)["rules-1"]
    assert beside(date(2026, 11, 1), date(2026, 12, 31), RULE.place) == {}
    assert beside(date(2026, 3, 2), date(2026, 12, 31), ("art-3-2", "3")) == {}


def test_a_quote_that_is_not_literally_in_the_cao_of_that_day_is_refused() -> None:
    almost = replace(RULE, cao_text=RULE.cao_text.replace("acht en een half", "acht en een heel"))
    found = problems(proposal(rules=(almost,)), against(assessed=mark_of([almost])))
    assert "niet letterlijk" in found["rules-1"]
    assert "19-01-2026" in found["rules-1"]
    gone = replace(RULE, paragraph="9")
    assert "staat niet in de cao" in problems(proposal(rules=(gone,)), AGAINST)["rules-1"]
    renumbered = replace(RULE, article_number="3.3")
    assert "rules-1" in problems(proposal(rules=(renumbered,)), AGAINST)
    assert "geldt geen cao" in problems(GOOD, against(cao=None))["rules"]


def test_a_rule_says_something_else_than_the_cao_and_stands_there_once() -> None:
    assert "rules-1-text" in problems(proposal(rules=(replace(RULE, text=" "),)), AGAINST)
    assert "dezelfde tekst" in problems(proposal(rules=(replace(RULE, text=RULE.cao_text),)), AGAINST)["rules-1-text"]
    assert "twee keer" in problems(proposal(rules=(RULE, RULE)), AGAINST)["rules-2"]


def test_what_the_law_forbids_is_refused_with_the_reference_and_the_explanation() -> None:
    """Chapter 12, check 6."""
    contrary = proposal(
        legal_outcome=LegalOutcome.CONTRARY, legal_references=("ATW 4:3",), legal_note="Tijden moeten geregistreerd."
    )
    sentence = problems(contrary, AGAINST)["legal"]
    assert "ATW 4:3" in sentence
    assert "Tijden moeten geregistreerd." in sentence
    assert "ook niet met instemming van alle partijen" in sentence


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"legal_outcome": LegalOutcome.PENDING}, "nog niet gedaan"),
        ({"legal_on": TODAY + DAY}, "Eerst de toets, dan de partijen"),
        ({"legal_by_id": OWNER}, "rol HR"),
        ({"legal_by_id": None}, "geen naam"),
        ({"legal_references": ()}, "geen bepalingen"),
        ({"rules": (replace(RULE, text="Iets heel anders."),)}, "verouderd"),
    ],
)
def test_the_legal_check_is_done_before_by_hr_on_these_rules(changes: dict[str, Any], words: str) -> None:
    assert words in problems(proposal(**changes), AGAINST)["legal"]


def test_submitting_before_the_check_was_ready_is_refused_though_history_may_have_done_it() -> None:
    hasty = proposal(
        legal_outcome=LegalOutcome.CONTRARY, legal_references=("ATW 4:3",), legal_on=TODAY + 7 * DAY, evaluate_by=None
    )
    assert "legal" in problems(hasty, AGAINST)
    assert problems(hasty, against(is_history=True)) == {}


def test_history_too_has_days_in_order_and_literal_quotes() -> None:
    held = against(is_history=True)
    assert "valid_until" in problems(proposal(valid_until=date(2026, 1, 1)), held)
    assert "rules-1" in problems(proposal(rules=(replace(RULE, cao_text="Iets."),)), held)


def test_a_guarantee_is_needed_unless_everyone_is_better_or_the_same() -> None:
    for direction in Direction:
        found = problems(proposal(direction=direction, guarantee=""), AGAINST)
        assert ("guarantee" in found) == (direction not in (Direction.BETTER, Direction.NEUTRAL)), direction
    assert problems(proposal(guarantee="geen"), AGAINST) == {}, "typed on purpose"


def favour(**changes: Any) -> Proposal:
    return proposal(basis=Basis.FAVOUR, direction=Direction.BETTER, **changes)


def test_favour_is_for_a_minimum_provision_and_worse_for_nobody() -> None:
    assert problems(favour(), AGAINST) == {}
    standard = replace(CAO, paragraphs={RULE.place: CaoParagraph("3.2", RULE.cao_text, Character.STANDARD)})
    assert "standaardbepaling" in problems(favour(), against(cao=standard))["basis"]
    assert "basis" in problems(replace(favour(), direction=Direction.MIXED), AGAINST)
    for direction in (Direction.WORSE, Direction.MIXED, Direction.UNCLEAR):
        group = Subgroup("Deeltijders", direction, "")
        assert "gemengd of onduidelijk" in problems(favour(subgroups=(group,)), AGAINST)["basis"]
    assert problems(favour(subgroups=(Subgroup("Deeltijders", Direction.NEUTRAL, ""),)), AGAINST) == {}


def test_the_basis_fits_the_cao_and_the_law() -> None:
    no_article = against(cao=replace(CAO, experiment=""))
    assert "geen experimenteerartikel" in problems(GOOD, no_article)["basis"]
    by_council = proposal(basis=Basis.DELEGATED, legal_outcome=LegalOutcome.BY_CAO)
    assert "vervangt de bonden" in problems(by_council, AGAINST)["basis"]
    assert problems(proposal(basis=Basis.DELEGATED, legal_outcome=LegalOutcome.BY_COUNCIL), AGAINST) == {}
    nobody = favour(consent=Consent.NOT_REQUIRED, consent_reason="Primair.", legal_outcome=LegalOutcome.BY_COUNCIL)
    assert "schriftelijk met de OR" in problems(nobody, AGAINST)["duties"]


def test_that_the_works_council_need_not_consent_takes_a_reason() -> None:
    without = proposal(consent=Consent.NOT_REQUIRED, consent_ground="")
    assert "art. 27 WOR" in problems(without, AGAINST)["consent_reason"]
    assert problems(replace(without, consent_reason="De cao regelt het al (27 lid 3)."), AGAINST) == {}


COMPUTED = duties(Basis.EXPERIMENT, Consent.REQUIRED, AGAINST.parties)


@pytest.mark.parametrize(
    ("changes", "reason", "problem"),
    [
        ({UNION.id: Duty.INFORMED}, "", "parties_reason"),
        ({UNION.id: Duty.INFORMED}, "Het artikel vraagt alleen de commissie.", None),
        ({COUNCIL.id: Duty.INFORMED}, "Liever niet.", "duties"),
        ({OTHER_UNION.id: Duty.REQUIRED}, "Aardig.", "duties"),
        ({99: Duty.REQUIRED}, "Iemand.", "duties"),
    ],
)
def test_who_must_agree_can_be_changed_with_a_reason_but_not_below_the_law(
    changes: dict[int, Duty], reason: str, problem: str | None
) -> None:
    found = problems(proposal(duties={**COMPUTED, **changes}, parties_reason=reason), AGAINST)
    assert list(found) == ([problem] if problem else [])


def test_those_who_made_the_cao_agree_to_another_text_of_it_whatever_the_reason() -> None:
    addendum = proposal(basis=Basis.ADDENDUM, parties_reason="Haast.")
    for party in (EMPLOYER, UNION):
        found = problems(replace(addendum, duties={**COMPUTED, party.id: Duty.INFORMED}), AGAINST)
        assert party.name in found["duties"]


def condition(**changes: Any) -> ProposedCondition:
    return replace(GOOD.conditions[0], **changes)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        (condition(text=" "), "conditions-1-text"),
        (condition(due_on=None), "conditions-1-due_on"),
        (condition(due_on=TODAY - DAY), "conditions-1-due_on"),
        (condition(owner_id=None), "conditions-1-owner_id"),
        (condition(owner_id=999), "conditions-1-owner_id"),
        (condition(every_months=25), "conditions-1-every_months"),
        (condition(kind=ConditionKind.PRECEDENT, every_months=0, due_on=date(2026, 3, 3)), "conditions-1-due_on"),
        (condition(kind=ConditionKind.PRECEDENT, due_on=date(2026, 3, 1)), "conditions-1-every_months"),
    ],
)
def test_a_condition_has_a_text_a_day_to_come_and_an_owner(changed: ProposedCondition, problem: str) -> None:
    assert list(problems(proposal(conditions=(changed,)), AGAINST)) == [problem]


def test_the_evaluation_is_ready_sixty_days_before_the_last_day() -> None:
    assert problems(proposal(evaluate_by=date(2026, 8, 31)), AGAINST) == {}
    assert "zestig dagen" in problems(proposal(evaluate_by=date(2026, 9, 1)), AGAINST)["evaluate_by"]
    assert "vóór de eerste dag" in problems(proposal(evaluate_by=date(2026, 3, 1)), AGAINST)["evaluate_by"]


def test_parties_get_time_to_respond() -> None:
    assert "respond_by" in problems(proposal(respond_by=TODAY), AGAINST)
    assert problems(proposal(respond_by=TODAY + DAY), AGAINST) == {}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"title": "a" * 161}, "title"),
        ({"group": "a" * 10_001}, "group"),
        ({"rules": (replace(RULE, text="a" * 10_001),)}, "rules-1-text"),
        ({"max_participants": 0}, "max_participants"),
        ({"max_participants": 100_001}, "max_participants"),
        ({"consent_ground": "a" * 121}, "consent_ground"),
        ({"is_voluntary": None}, "is_voluntary"),
    ],
)
def test_what_does_not_fit_is_told(changes: dict[str, Any], problem: str) -> None:
    assert problem in problems(proposal(**changes), against(assessed=None))


def test_what_asks_for_a_look_keeps_nothing_back() -> None:
    held = against(pilot_ends_on=date(2027, 3, 31))
    quick = proposal(valid_from=TODAY + DAY, is_voluntary=False)
    assert [name for name, _ in remarks(quick, held)] == ["valid_until", "respond_by", "is_voluntary", "subgroups"]
    assert problems(quick, held) == {}


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 60))
def test_so_many_months_later_is_never_further_than_that_many_months(day: date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + DAY).day == 1


@given(
    st.dates(date(2026, 1, 20), date(2027, 12, 31)),
    st.integers(0, 700),
    st.none() | st.dates(date(2025, 1, 1), date(2026, 1, 19)),
)
def test_a_last_day_is_refused_exactly_when_it_lies_beyond_what_the_cao_allows(
    first: date, days: int, since: date | None
) -> None:
    before = Predecessor(1, State.LAPSED, since, first - DAY) if since else None
    held = against(before=before, first_day=since)
    kind = EXTENSION if since else VersionKind.FIRST
    last = first + timedelta(days=days)
    found = problems(following(kind, first, last), held)
    allowed = last_allowed(first, held)
    assert allowed is not None
    assert ("valid_until" in found) == (last > allowed)
    assert allowed < months_later(min(first, since or first), 18)


@given(st.data())
def test_no_combination_of_empty_fields_breaks_the_weighing(data: st.DataObject) -> None:
    empty = Proposal()
    names = [field.name for field in fields(Proposal)]
    taken = data.draw(st.sets(st.sampled_from(names)))
    mixed = replace(GOOD, **{name: getattr(empty, name) for name in taken})
    before = data.draw(st.sampled_from([None, FIRST_VERSION]))
    found = problems(mixed, against(before=before, assessed=None))
    assert all(name and sentence for name, sentence in found.items())
    if before is None and not taken - {"change_note", "kind", "consent_reason", "parties_reason", "duties"}:
        assert found == {}
