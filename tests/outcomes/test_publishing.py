"""Settling measures and publishing what follows from answers: whole or not at all, and no answer goes anywhere."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from proeftuin import clock, config
from proeftuin.db import session
from proeftuin.errors import Conflict, Invalid, NotAllowed
from proeftuin.events.models import Event, Job
from proeftuin.frozen import WouldChangePublished
from proeftuin.outcomes import queries, reading, retention
from proeftuin.outcomes.figures import Arm, Kind
from proeftuin.outcomes.models import AnswerRow, Publication, Result
from proeftuin.outcomes.service import Flow
from proeftuin.outcomes.statistics import Favourable, Verdict
from proeftuin.pilots import service as pilots
from proeftuin.pilots.models import State
from tests.outcomes.scene import HEADER, MEASURE, SECRET, Scene, both, file, rows
from tests.pilots import builders

pytestmark = pytest.mark.usefixtures("unit")


def count(model: type) -> int:
    return session().scalar(select(func.count()).select_from(model)) or 0


def refused(scene: Scene, text: str) -> list[str]:
    """Return what is said of a text, and see to it that nothing of it was stored."""
    with pytest.raises(Invalid) as error:
        scene.publish(text)
    assert (count(Publication), count(Result), count(AnswerRow)) == (0, 0, 0)
    return error.value.fields["bestand"].splitlines()


def row(scene: Scene, **given: str) -> str:
    cells = {
        "proeftuin": scene.pilot.code,
        "maat": MEASURE,
        "groep": "deelnemer",
        "moment": "nameting",
        "respondentcode": "d900",
        "subgroep": "",
        "waarde": "6",
    }
    return ",".join({**cells, **given}.values())


def test_what_was_published_is_read_again_with_its_verdict(scene: Scene) -> None:
    publication = scene.publish(flow=Flow(began=32))
    ((found,),) = queries.list_found([publication]).values()
    assert found.measure.key == MEASURE
    assert found.said.verdict is Verdict.BETTER
    assert found.figures.arms[Arm.PARTICIPANTS].n_paired == 30
    assert count(AnswerRow) == 120


def test_the_event_and_the_log_hold_no_answer(scene: Scene) -> None:
    text = both(scene.pilot) + row(scene, respondentcode="d901", waarde=SECRET) + "\n"
    scene.publish(text)
    event = session().scalars(select(Event).where(Event.kind == "outcome:published")).one()
    told = json.dumps(event.data) + event.summary
    assert SECRET not in told
    assert "d901" not in told
    assert event.data["verdicts"] == {MEASURE: "beter"}


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"maat": "geluk"}, "Rij 2: de maat “geluk” is niet vastgelegd."),
        ({"groep": "iedereen"}, "Rij 2: bij groep staat “iedereen”. Dat moet zijn: deelnemer, vergelijking."),
        ({"moment": "later"}, "Rij 2: bij moment staat “later”. Dat moet zijn: 0-meting, tussenmeting, nameting."),
        ({"waarde": "zes"}, "Rij 2: de waarde is geen getal."),
        ({"waarde": "nan"}, "Rij 2: de waarde is geen getal."),
        ({"waarde": "1e3"}, "Rij 2: de waarde is geen getal."),
        ({"waarde": "99999999999"}, "Rij 2: de waarde is te groot."),
        ({"waarde": "6,1"}, "Rij 2: er staan meer kolommen in dan in de eerste regel."),
        ({"subgroep": "x" * 61}, "Rij 2: de naam van de subgroep is langer dan 60 tekens."),
    ],
)
def test_a_row_that_is_not_understood_is_told_with_its_number(
    scene: Scene, cells: dict[str, str], sentence: str
) -> None:
    assert refused(scene, f"{HEADER}\n{row(scene, **cells)}\n")[0] == sentence


@pytest.mark.parametrize("code", ["w.smit@oeverbrug.example", "Willemijn", "w smit 1", "x" * 21 + "1"])
def test_a_code_that_may_be_a_name_is_refused(scene: Scene, code: str) -> None:
    (told,) = refused(scene, f"{HEADER}\n{row(scene, respondentcode=code)}\n")
    assert told.startswith("Rij 2: de respondentcode is geen code.")
    assert code not in told


def test_all_that_is_wrong_is_told_at_once(scene: Scene) -> None:
    lines = [row(scene, waarde="?"), row(scene), row(scene), row(scene, maat="geluk", groep="niemand")]
    told = refused(scene, "\n".join([HEADER, *lines]))
    assert [each[:6] for each in told] == ["Rij 2:", "Rij 4:", "Rij 5:", "Rij 5:"]
    assert told[1] == "Rij 4: dit antwoord staat er ook in rij 3."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "De eerste regel moet de namen van de kolommen bevatten"),
        ("proeftuin,maat\nPT-01,x\n", "Er ontbreekt: groep, moment, respondentcode, subgroep, waarde."),
        (HEADER + "\n", "In dit bestand staat geen enkele rij over proeftuin"),
        (HEADER + '\nPT,"x\n', "Dit bestand is geen CSV"),
    ],
)
def test_a_file_of_another_kind_is_refused(scene: Scene, text: str, sentence: str) -> None:
    (told,) = refused(scene, text or "\n")
    assert sentence in told


def test_some_codes_and_some_not_is_refused(scene: Scene) -> None:
    text = both(scene.pilot) + row(scene, respondentcode="")
    (told,) = refused(scene, text)
    assert "hebben niet alle rijen een code" in told


def test_a_file_of_a_dutch_spreadsheet_is_read(scene: Scene) -> None:
    lines = ["﻿" + HEADER.replace(",", ";").upper()]
    for line in both(scene.pilot).splitlines()[1:]:
        lines.append(line.replace(",", ";").replace(".", ","))
    text = "\r\n".join(lines)
    publication = scene.publish(reading.decode(text.encode()))
    assert queries.list_found([publication])[publication.id][0].said.verdict is Verdict.BETTER


def test_a_file_that_is_no_text_is_refused(scene: Scene) -> None:
    with pytest.raises(Invalid, match="geen tekst in UTF-8"):
        reading.decode(b"PK\x03\x04\xff\xfe")
    assert scene.pilot.code


def test_rows_about_other_pilots_are_counted_and_left_alone(scene: Scene) -> None:
    text = both(scene.pilot) + row(scene, proeftuin="PT-99")
    found = reading.read(text, scene.pilot.code, {MEASURE: Kind.MEAN})
    assert (found.others, found.problems) == (1, [])
    assert "PT-99" not in found.text
    assert reading.read(found.text, scene.pilot.code, {MEASURE: Kind.MEAN}).digest == found.digest


def test_only_a_researcher_publishes(scene: Scene) -> None:
    for actor in (scene.cast.lead, scene.cast.hr, scene.cast.council, scene.cast.admin, scene.cast.union):
        other = Scene(scene.cast, scene.pilot, actor, scene.database)
        with pytest.raises(NotAllowed):
            other.publish()


def test_a_researcher_who_leads_the_pilot_does_not_publish_about_it(scene: Scene) -> None:
    pilots.add_member(scene.cast.lead, scene.pilot, scene.researcher.id, is_lead=True)
    with pytest.raises(NotAllowed):
        scene.publish()


def test_publishing_again_needs_a_reason_and_keeps_what_was_published(scene: Scene) -> None:
    first = scene.publish(both(scene.pilot, later="tussenmeting"))
    with pytest.raises(Invalid) as error:
        scene.publish(both(scene.pilot, change=-2.0))
    assert set(error.value.fields) == {"reason"}
    second = scene.publish(both(scene.pilot, change=-2.0), reason="Nameting na een jaar.", after=1)
    found = queries.list_found([first, second])
    assert [found[each.id][0].said.verdict for each in (first, second)] == [Verdict.BETTER, Verdict.WORSE]
    assert [each.number for each in queries.list_publications(scene.pilot.id)] == [2, 1]


def test_of_two_who_publish_at_once_the_second_is_told(scene: Scene) -> None:
    scene.publish(after=0)
    with pytest.raises(Conflict):
        scene.publish(reason="Nog eens", after=0)


def test_a_publication_that_differs_by_one_person_is_refused(scene: Scene) -> None:
    scene.publish()
    with pytest.raises(Invalid, match="Publiceer per ronde"):
        scene.publish(both(scene.pilot, n=31), reason="Er kwam er een bij.")
    with pytest.raises(Invalid, match="Publiceer per ronde"):
        scene.publish(both(scene.pilot, first=1), reason="Een eraf en een erbij.")
    scene.publish(both(scene.pilot, n=38), reason="Er kwamen er acht bij.")


def test_not_only_the_newest_publication_is_compared(scene: Scene) -> None:
    scene.publish()
    scene.publish(both(scene.pilot, n=40), reason="Er kwamen er tien bij.")
    with pytest.raises(Invalid, match="Publiceer per ronde"):
        scene.publish(both(scene.pilot, n=31), reason="Negen eraf, dus een meer dan eerst.")


def test_an_empty_line_does_not_shift_the_numbers_of_the_rows(scene: Scene) -> None:
    assert refused(scene, f"{HEADER}\n\n{row(scene)}\n\n{row(scene, waarde='x')}\n") == [
        "Rij 5: de waarde is geen getal."
    ]


def test_codes_that_were_made_anew_do_not_hide_that_one_person_came_in(scene: Scene) -> None:
    scene.publish()
    anew = both(scene.pilot, n=31).replace(",d0", ",d7").replace(",v0", ",v7")
    with pytest.raises(Invalid, match="Publiceer per ronde"):
        scene.publish(anew, reason="Nieuwe codes.")


def test_a_part_that_differs_by_one_person_is_refused(scene: Scene) -> None:
    scene.publish(file(rows(scene.pilot, n=40, parts=(15, "deeltijd", "voltijd"))))
    with pytest.raises(Invalid, match="Publiceer per ronde"):
        scene.publish(file(rows(scene.pilot, n=40, parts=(16, "deeltijd", "voltijd"))), reason="Anders ingedeeld.")


def test_a_correction_of_what_the_same_people_answered_can_be_published(scene: Scene) -> None:
    scene.publish()
    assert scene.publish(both(scene.pilot, change=1.25), reason="Een rekenfout.").number == 2


def test_what_was_published_does_not_change(scene: Scene) -> None:
    publication = scene.publish()
    publication.reason = "Iets anders"
    with pytest.raises(WouldChangePublished):
        session().flush()
    session().expire(publication)


def test_a_pilot_that_has_not_begun_has_no_outcomes(scene: Scene) -> None:
    pilot = builders.prepared(scene.cast, "Nog niet begonnen")
    other = Scene(scene.cast, pilot, scene.researcher, scene.database)
    with pytest.raises(Conflict, match="nog niet begonnen"):
        other.publish()


@pytest.mark.parametrize(
    ("flow", "field"),
    [
        (Flow(invited=10, signed_up=11), "signed_up"),
        (Flow(invited=10, began=11), "began"),
        (Flow(began=5, stopped=6), "stopped"),
    ],
)
def test_a_flow_of_people_that_cannot_be_is_refused(scene: Scene, flow: Flow, field: str) -> None:
    with pytest.raises(Invalid) as error:
        scene.publish(flow=flow)
    assert set(error.value.fields) == {field}
    assert {each.name for each in fields(Flow)} == set(queries.FLOW)


# Settling


def test_there_is_one_primary_measure(scene: Scene) -> None:
    with pytest.raises(Invalid) as error:
        scene.settle("Werkdruk")
    assert set(error.value.fields) == {"is_primary"}
    scene.settle("Werkdruk", is_primary=False, favourable=Favourable.LOWER)
    assert [each.measure.title for each in queries.list_measures(scene.pilot.id)] == ["Regelruimte", "Werkdruk"]


def test_settling_anew_keeps_what_was_settled(scene: Scene) -> None:
    first = queries.list_measures(scene.pilot.id)[0].first_at
    with clock.at(clock.now() + timedelta(days=1)):
        scene.settle("Regelruimte", key=MEASURE, smallest=1.0)
    (found,) = queries.list_measures(scene.pilot.id)
    assert (found.measure.smallest, found.times, found.first_at) == (1.0, 2, first)
    assert found.last_at > first


def test_an_earlier_publication_keeps_the_difference_that_was_worth_it_then(scene: Scene) -> None:
    publication = scene.publish()
    scene.settle("Regelruimte", key=MEASURE, smallest=100.0)
    assert queries.list_found([publication])[publication.id][0].said.verdict is Verdict.BETTER


def test_a_measure_that_was_dropped_is_not_measured_any_more(scene: Scene) -> None:
    scene.settle("Regelruimte", key=MEASURE, is_dropped=True)
    assert queries.list_measures(scene.pilot.id) == []
    assert "niet vastgelegd" in refused(scene, both(scene.pilot))[0]


def test_a_measure_that_was_published_about_stays_of_one_kind(scene: Scene) -> None:
    scene.publish()
    with pytest.raises(Invalid) as error:
        scene.settle("Regelruimte", key=MEASURE, kind=Kind.SHARE)
    assert set(error.value.fields) == {"kind"}


@pytest.mark.parametrize("smallest", [0, -1, float("nan"), float("inf")])
def test_a_difference_that_is_worth_it_is_a_number_above_nothing(scene: Scene, smallest: float) -> None:
    with pytest.raises(Invalid) as error:
        scene.settle("Werkdruk", is_primary=False, smallest=smallest)
    assert set(error.value.fields) == {"smallest"}


def test_a_stricter_limit_hides_what_was_published_before(scene: Scene) -> None:
    publication = scene.publish(file(rows(scene.pilot, n=10)))
    assert queries.list_found([publication])[publication.id][0].said.verdict is Verdict.BETTER
    with config.using(replace(config.current(), small_group=11)):
        (found,) = queries.list_found([publication])[publication.id]
    assert found.figures.has_hidden
    assert found.said.verdict is None


def test_nobody_outside_the_team_settles_what_is_measured(scene: Scene) -> None:
    other = Scene(scene.cast, scene.pilot, scene.researcher, scene.database)
    other.cast.lead = scene.cast.colleague
    with pytest.raises(NotAllowed):
        other.settle("Werkdruk", is_primary=False)


# Answers are destroyed in time


def forget(scene: Scene) -> int:
    retention.forget(session().scalars(select(Job).where(Job.kind == retention.JOB)).all())
    return count(AnswerRow)


def test_answers_are_destroyed_half_a_year_after_the_evaluation_and_the_figures_stay(scene: Scene) -> None:
    publication = scene.publish()
    assert session().scalar(select(func.count()).where(Job.kind == retention.JOB)) == 0
    begin = clock.now()
    evaluate(scene)
    (job,) = session().scalars(select(Job).where(Job.kind == retention.JOB))
    assert job.due_at == clock.end_of(clock.day_of(begin) + retention.KEPT)
    assert forget(scene) == 120
    with clock.at(begin + timedelta(days=184)):
        assert forget(scene) == 0
        assert queries.list_found([publication])[publication.id][0].said.verdict is Verdict.BETTER
        with pytest.raises(Invalid, match="Daarna publiceren we niets meer"):
            scene.publish(reason="Nog eens.")


def test_what_is_published_after_the_evaluation_is_destroyed_with_the_rest(scene: Scene) -> None:
    evaluate(scene)
    scene.publish()
    with clock.at(clock.now() + timedelta(days=184)):
        assert forget(scene) == 0


def evaluate(scene: Scene) -> None:
    pilots.move(scene.cast.lead, scene.pilot, State.COMPLETED)
    pilots.move(
        scene.cast.lead, scene.pilot, State.EVALUATED, reason="Het ging goed.", second_reader_id=scene.cast.hr.id
    )
