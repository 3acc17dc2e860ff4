"""The draft of a version: kept as it is typed, met field by field, quoted by the picker, checked by HR, submitted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proeftuin import clock
from proeftuin.cao import queries as cao_queries
from proeftuin.db import session
from proeftuin.deviations import policy, service
from proeftuin.deviations.drafting import assessing, drafts, legal, next_version, picker
from proeftuin.deviations.drafting import reading as draft_reading
from proeftuin.deviations.drafting.drafts import Typed
from proeftuin.deviations.drafting.fields import flat, list_rows, with_row, without_row, written
from proeftuin.deviations.models import Deviation, Draft
from proeftuin.deviations.proposals.proposed import Proposal, Subgroup, mark_of
from proeftuin.deviations.vocabulary import Direction, Duty, LegalOutcome, VersionKind
from proeftuin.errors import Conflict, Invalid, NotAllowed
from proeftuin.events.models import Subject
from proeftuin.past.day import reading
from proeftuin.pilots.plan import fingerprints, new_key
from tests.cao import scene as cao
from tests.cast import Cast
from tests.deviations import drafting_scene as scene
from tests.pilots import builders

pytestmark = pytest.mark.usefixtures("unit")
WORDS = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)


@pytest.fixture
def complete(cast: Cast, unit: None) -> Deviation:
    """Give a draft from which nothing is missing."""
    scene.publish_cao()
    return scene.begin(cast)


def fields(deviation: Deviation) -> dict[str, str]:
    return flat(drafts.get(deviation).fields)


def test_a_draft_is_kept_right_or_wrong_and_says_by_whom(cast: Cast) -> None:
    deviation = service.create(cast.lead, builders.prepared(cast))
    wrong = {"valid_from": "morgen", "max_participants": "veel", "is_voluntary": "misschien", "title": "  "}
    scene.write(cast.member, deviation, **wrong)
    draft = drafts.get(deviation)
    assert {name: fields(deviation)[name] for name in wrong} == wrong
    assert (draft.edition, draft.changed_by_id) == (2, cast.member.id)
    found = scene.missing(deviation)
    assert "kunnen we niet lezen" in found["valid_from"]
    assert "heel getal" in found["max_participants"]


def test_the_title_of_a_draft_is_that_of_the_concept(cast: Cast) -> None:
    deviation = service.create(cast.lead, builders.prepared(cast))
    scene.write(cast.lead, deviation, title="Vast  reisbudget")
    assert deviation.title == session().get_one(Subject, deviation.id).title == "Vast reisbudget"


@pytest.mark.parametrize("name", ["colleague", "outsider", "council", "union", "admin"])
def test_only_the_team_and_hr_write_in_a_draft(cast: Cast, name: str, complete: Deviation) -> None:
    actor = getattr(cast, name)
    with pytest.raises(NotAllowed):
        drafts.save(actor, complete, scene.typed(title="Iets anders"))
    with pytest.raises(NotAllowed):
        drafts.add_rules(actor, complete, "2.1", ["1"])
    with pytest.raises(NotAllowed):
        assessing.assess(actor, complete, outcome="binnen_wet", references=["WML 7"], others="", note="", mark="")
    with reading(clock.today() - timedelta(days=1)), pytest.raises(NotAllowed):
        drafts.save(cast.lead, complete, scene.typed(title="Gisteren"))


def test_two_who_change_the_same_field_meet_and_other_fields_are_kept(cast: Cast, complete: Deviation) -> None:
    shown = fingerprints(fields(complete))
    drafts.save(cast.lead, complete, Typed("", shown, {"title": "Van haar", "group": "Van haar"}))
    saved = drafts.save(cast.member, complete, Typed("", shown, {"title": "Van hem", "shifts": "Van hem"}))
    assert saved.conflicts == ("title",)
    assert (fields(complete)["title"], fields(complete)["group"]) == ("Van haar", "Van haar")
    assert fields(complete)["shifts"] == "Van hem"


def test_a_form_that_keeps_itself_meets_no_earlier_self(cast: Cast, complete: Deviation) -> None:
    key, shown = new_key(), fingerprints(fields(complete))
    for title in ("V", "Va", "Vas", "Vast"):
        assert not drafts.save(cast.lead, complete, Typed(key, shown, {"title": title})).conflicts
    assert fields(complete)["title"] == "Vast"


def test_who_is_asked_is_a_field_like_any_other(cast: Cast, complete: Deviation) -> None:
    name = f"duties-{cast.parties['schakel']}"
    saved = drafts.save(cast.lead, complete, Typed("", fingerprints(fields(complete)), {name: Duty.INFORMED.value}))
    assert not saved.conflicts
    assert "parties_reason" in scene.missing(complete)
    scene.write(cast.lead, complete, parties_reason="Het artikel vraagt de bond niet.")
    weighed = drafts.weigh(complete, drafts.get(complete))
    assert not weighed.problems
    assert weighed.duties[cast.parties["schakel"]] is Duty.INFORMED


def test_words_in_a_row_that_was_taken_out_come_back_with_it(cast: Cast, complete: Deviation) -> None:
    row = drafts.add_row(cast.lead, complete, "conditions")
    shown = fingerprints(fields(complete))
    drafts.remove_row(cast.member, complete, "conditions", row)
    assert list_rows(drafts.get(complete).fields, "conditions") == []
    drafts.save(cast.lead, complete, Typed("", shown, {f"conditions-{row}-text": "Elk kwartaal cijfers."}))
    assert fields(complete)[f"conditions-{row}-text"] == "Elk kwartaal cijfers."


def test_the_picker_copies_the_text_of_the_cao_and_no_form_can_change_it(cast: Cast, complete: Deviation) -> None:
    scene.write(cast.lead, complete, **{"rules-1-cao_text": "Iets moois."})
    ((_number, row),) = list_rows(drafts.get(complete).fields, "rules")
    assert row["cao_text"] == "De medewerker krijgt 0,21 euro per kilometer."
    assert drafts.add_rules(cast.lead, complete, "2.2", ["1"]) == [], "a paragraph stands there once"
    for article, chosen in (("9.9", ["1"]), ("2.1", ["9"]), ("2.1", [])):
        with pytest.raises(Invalid):
            drafts.add_rules(cast.lead, complete, article, chosen)


def test_a_quote_that_the_cao_left_behind_is_told_and_taken_over_anew(cast: Cast) -> None:
    secretary = cao.make_secretary()
    today = clock.today()
    first = {"valid_from": "2020-01-01", "valid_until": (today - timedelta(days=1)).isoformat()}
    cao.publish(secretary, cao.FIRST, **{**first, "valid_from": (today - timedelta(days=400)).isoformat()})
    with clock.at(clock.start_of(today - timedelta(days=30))):
        deviation = service.create(cast.lead, builders.prepared(cast))
        drafts.add_rules(cast.lead, deviation, "2.2", ["1"])
    scene.write(cast.lead, deviation, **{"rules-1-text": scene.TEXT})
    days = {"valid_from": today.isoformat(), "valid_until": (today + timedelta(days=400)).isoformat()}
    cao.publish(secretary, cao.SECOND, **{**cao.NEXT, **days})
    assert "niet letterlijk" in scene.missing(deviation)["rules-1"]
    drafts.renew_quote(cast.lead, deviation, 1)
    ((_number, row),) = list_rows(drafts.get(deviation).fields, "rules")
    assert (row["article_number"], row["text"]) == ("2.3", scene.TEXT)
    assert "0,23" in row["cao_text"]
    assert "rules-1" not in scene.missing(deviation)


@pytest.mark.parametrize(
    ("asked", "article", "paragraph"),
    [
        ("2.1", "2.1", ""),
        ("art. 2.1 lid 2", "2.1", "2"),
        ("2.1 Resultaatbeloning", "2.1", ""),
        ("kilometer", "2.2", ""),
        ("", None, ""),
        ("vliegtuig", None, ""),
    ],
)
def test_an_article_is_found_by_number_citation_or_words(
    complete: Deviation, asked: str, article: str | None, paragraph: str
) -> None:
    head = cao_queries.find_version()
    assert head is not None
    found = picker.pick(cao_queries.load_text(head.id), asked)
    assert (found.article.number if found.article else None, found.paragraph) == (article, paragraph)


def test_words_that_stand_in_several_articles_give_a_choice(complete: Deviation) -> None:
    head = cao_queries.find_version()
    assert head is not None
    found = picker.pick(cao_queries.load_text(head.id), "de")
    assert found.article is None
    assert len(found.matches) > 1


def test_the_legal_check_bears_the_name_of_hr_and_is_outdated_when_the_rules_change(
    cast: Cast, complete: Deviation
) -> None:
    draft = drafts.get(complete)
    assert (draft.assessment["by"], draft.assessment["on"]) == (cast.hr.id, clock.today().isoformat())
    assert scene.missing(complete) == {}
    scene.write(cast.lead, complete, **{"rules-1-text": "Iets heel anders."})
    assert "verouderd" in scene.missing(complete)["legal"]
    assert assessing.is_outdated(draft, drafts.weigh(complete, draft).proposal)
    scene.assess(cast, complete)
    assert scene.missing(complete) == {}


def test_a_check_of_rules_that_changed_meanwhile_is_not_written(cast: Cast, complete: Deviation) -> None:
    seen = mark_of(drafts.weigh(complete, drafts.get(complete)).proposal.rules)
    scene.write(cast.lead, complete, **{"rules-1-text": "Iets anders."})
    with pytest.raises(Conflict):
        assessing.assess(cast.hr, complete, outcome="binnen_wet", references=["WML 7"], others="", note="", mark=seen)


def test_a_check_says_what_it_finds_and_what_it_rests_on(cast: Cast, complete: Deviation) -> None:
    mark = mark_of(drafts.weigh(complete, drafts.get(complete)).proposal.rules)

    def check(outcome: str, *codes: str, others: str = "", note: str = "") -> Draft:
        return assessing.assess(
            cast.hr, complete, outcome=outcome, references=codes, others=others, note=note, mark=mark
        )

    for wrong in (("", "WML 7"), ("mooi", "WML 7"), ("binnen_wet",), ("binnen_wet", "Verzonnen 1")):
        with pytest.raises(Invalid):
            check(*wrong)
    draft = check("afwijkbaar_bij_cao", "WML 15", "Verzonnen 1", others=" Eigen regeling , ")
    assert draft.assessment["references"] == ["WML 15", "Eigen regeling"]


def test_what_is_against_the_law_cannot_be_submitted(cast: Cast, complete: Deviation) -> None:
    scene.assess(cast, complete, "strijdig", "ATW 4:3")
    weighed = drafts.weigh(complete, drafts.get(complete))
    assert "ATW 4:3" in weighed.problems["legal"]
    with pytest.raises(Invalid) as refused:
        service.submit(cast.lead, complete, weighed.proposal)
    assert "ATW 4:3" in refused.value.fields["legal"]
    assert drafts.find(complete) is not None


def test_a_submitted_draft_is_gone_and_its_version_holds_every_word(cast: Cast, complete: Deviation) -> None:
    drafts.add_row(cast.lead, complete, "subgroups")
    group = {"subgroups-1-group": "Deeltijders", "subgroups-1-direction": "beter", "subgroups-1-note": "Meer."}
    drafts.add_row(cast.lead, complete, "conditions")
    owner = {
        "conditions-1-owner": "bilal aksoy",
        "conditions-1-text": "Cijfers.",
        "conditions-1-due_on": scene.day(90),
    }
    scene.write(cast.lead, complete, **group, **owner, **{"conditions-1-every_months": "3"})
    weighed = drafts.weigh(complete, drafts.get(complete))
    version = scene.submit(cast, complete)
    assert drafts.find(complete) is None
    again = Draft(
        deviation_id=complete.id,
        kind=version.kind,
        fields=draft_reading.fields_of(version, weighed.computed),
        assessment=next_version._assessment(version),
    )
    assert draft_reading.read(again, weighed.computed).proposal == Proposal(
        **{
            **{name: getattr(weighed.proposal, name) for name in Proposal.__dataclass_fields__},
            "respond_by": version.respond_by,
        }
    )
    assert weighed.proposal.subgroups == (Subgroup("Deeltijders", Direction.BETTER, "Meer."),)


def test_a_next_version_begins_with_everything_of_the_last(cast: Cast, complete: Deviation) -> None:
    before = fields(complete)
    version = scene.submit(cast, complete)
    draft = next_version.prepare(cast.lead, complete, VersionKind.AMENDMENT)
    changed = {"kind", "change_note", "annexes_shown_to", "employer_ends_at_once"}
    kept = {name: value for name, value in flat(draft.fields).items() if name not in changed}
    assert kept == {name: value for name, value in before.items() if name not in changed}
    assert next_version.differences(version, draft) == []
    assert set(scene.missing(complete)) == {"change_note"}
    assert next_version.prepare(cast.member, complete, VersionKind.AMENDMENT) is draft, "one at a time"
    scene.write(cast.lead, complete, max_participants="20", change_note="Minder mensen.")
    assert next_version.differences(version, draft) == [("max_participants", "30", "20")]
    assert scene.submit(cast, complete).number == 2


def test_an_extension_begins_after_the_last_day_and_recurring_conditions_go_on(
    cast: Cast, complete: Deviation
) -> None:
    drafts.add_row(cast.lead, complete, "conditions")
    condition = {"text": "Cijfers.", "owner": "Bilal Aksoy", "due_on": scene.day(1), "every_months": "1"}
    scene.write(cast.lead, complete, **{f"conditions-1-{name}": value for name, value in condition.items()})
    version = scene.submit(cast, complete)
    with clock.at(clock.start_of(clock.today() + timedelta(days=40))):
        draft = next_version.prepare(cast.lead, complete, VersionKind.EXTENSION)
        shown = flat(draft.fields)
        assert shown["valid_from"] == (version.valid_until + timedelta(days=1)).isoformat()
        assert (shown["valid_until"], shown["change_note"], shown["evaluate_by"]) == ("", "", "")
        assert shown["conditions-1-due_on"] >= clock.today().isoformat()


def test_nobody_outside_the_team_and_hr_begins_a_next_version(cast: Cast, complete: Deviation) -> None:
    scene.submit(cast, complete)
    with pytest.raises(NotAllowed):
        next_version.prepare(cast.union, complete, VersionKind.AMENDMENT)
    assert policy.may_prepare(cast.hr, scene.NOBODY)
    assert next_version.prepare(cast.hr, complete, VersionKind.AMENDMENT).changed_by_id == cast.hr.id


def test_a_mandatory_provision_warns_when_someone_is_worse_off(cast: Cast) -> None:
    worse = Proposal(direction=Direction.MIXED, legal_references=("ATW 4:3", "ATW 5:4"))
    (warning,) = legal.warnings(worse)
    assert "ATW 4:3" in warning
    assert "dwingend" in warning
    better = Proposal(direction=Direction.BETTER, legal_references=("ATW 4:3",))
    assert legal.warnings(better) == []
    group = Subgroup("Deeltijders", Direction.WORSE)
    assert legal.warnings(Proposal(direction=Direction.BETTER, subgroups=(group,), legal_references=("ATW 4:3",)))


def test_the_list_of_the_law_and_the_grounds_can_be_read_and_point_at_themes() -> None:
    assert len(legal.floor()) > 25
    assert len({each.code for each in legal.floor()}) == len(legal.floor())
    near, others = legal.ordered_for(["arbeidstijden"])
    assert {"ATW 4:2", "BW 7:611"} <= {each.code for each in near}
    assert not {each.code for each in near} & {each.code for each in others}
    assert [each.code for each in legal.grounds(["beoordeling"]) if each.is_suggested] == ["27.1.g"]
    assert {each.letter for each in legal.grounds(["loopbaan"]) if each.is_suggested} == {"e", "f"}
    assert [each.letter for each in legal.always_ask()] == ["k", "l"]
    assert all(legal.hardness(each.hardness) for each in legal.floor())


@given(st.dictionaries(st.sampled_from(["title", "group", "rules-1-text", "conditions-2-owner", "duties-7"]), WORDS))
def test_every_word_that_is_written_can_be_read_back(words: dict[str, str]) -> None:
    start, _ = with_row(with_row(with_row({}, "rules", {})[0], "conditions", {})[0], "conditions", {})
    assert {name: flat(written(start, words))[name] for name in words} == words


@given(WORDS, WORDS, WORDS)
def test_no_word_in_any_field_breaks_the_reading(first: str, second: str, third: str) -> None:
    start, _ = with_row({}, "subgroups", {"group": first, "direction": second})
    start, _ = with_row(start, "rules", {"text": third, "cao_text": first})
    words = dict.fromkeys(("valid_from", "max_participants", "basis", "consent", "direction", "kind"), second)
    draft = Draft(deviation_id=1, kind=VersionKind.FIRST, fields={**start, **words}, assessment={})
    understood = draft_reading.read(draft, {})
    assert understood.proposal.legal_outcome is LegalOutcome.PENDING
    assert without_row(start, "rules", 1)["rules"]["1"]["text"] == third
