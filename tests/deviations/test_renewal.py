"""A new cao changes a paragraph: exactly those who quote it are asked to reconfirm (chapter 12, check 14)."""

from __future__ import annotations

from datetime import date

from proeftuin import clock
from proeftuin.cao import queries as cao
from proeftuin.db import Database, session
from proeftuin.deviations import service
from proeftuin.deviations.days import next_working_day
from proeftuin.deviations.models import Deviation
from proeftuin.deviations.proposals.proposed import ProposedRule
from proeftuin.deviations.states import loading
from proeftuin.deviations.states.flags import Flag
from proeftuin.deviations.vocabulary import State
from proeftuin.pilots import service as pilots
from proeftuin.pilots.models import State as PilotState
from tests.deviations.stage import SUBMITTED, Stage, morning
from tests.pilots.builders import concept

TRAVEL = "De medewerker krijgt 0,21 euro per kilometer."


def test_exactly_those_who_quote_what_changed_reconfirm(database: Database, stage: Stage) -> None:
    """The second cao of the stage (from 1 July 2026) changes article 2.2 and leaves 2.1 lid 2 as it is."""
    with clock.at(morning(SUBMITTED)), database.transaction():
        untouched, version = stage.submitted()
        stage.all_agree(version)
        other = concept(stage.cast, "Vast reisbudget")
        pilots.move(stage.cast.lead, other, PilotState.PREPARATION)
        touched = service.create(stage.cast.lead, other, title="Vast budget")
        head = cao.find_version()
        assert head is not None
        key = cao.get_article(head, "2.2").article.key
        rule = ProposedRule(key, "2.2", "1", TRAVEL, "De deelnemer krijgt 145 euro per maand.")
        quoting = service.submit(
            stage.cast.lead,
            touched,
            stage.proposal(rules=(rule,), title="Vast budget", valid_until=date(2027, 2, 28)),
        )
        stage.all_agree(quoting)
    with clock.at(morning(date(2026, 7, 2))), database.transaction():
        asked = loading.course(touched.id).open_renewals
        assert [renewal.paragraphs for renewal in asked] == [("2.2 lid 1",)]
        assert loading.course(untouched.id).open_renewals == ()
        row = session().get_one(Deviation, touched.id)
        union, employer = stage.cast.parties["schakel"], stage.cast.parties["werkgever"]
        assert asked[0].parties == {union, employer}, "the council consented; it is no party of the cao"
        service.reconfirm(stage.cast.union, row, party_id=union, remark="Met het nieuwe tarief.")
        assert Flag.ARTICLE_CHANGED in row.flags
        assert loading.course(touched.id, through=asked[0].due_on).state is State.IN_FORCE
        late = date.fromordinal(asked[0].due_on.toordinal() + 1)
        assert loading.course(touched.id, through=late).state is State.LAPSED
        service.reconfirm(stage.director, row, party_id=employer)
        assert Flag.ARTICLE_CHANGED not in row.flags
        assert loading.course(touched.id, through=late).state is State.IN_FORCE


def test_a_term_that_ends_in_a_weekend_ends_on_monday() -> None:
    """Article 1 of the Algemene termijnenwet."""
    assert next_working_day(date(2026, 11, 28)) == date(2026, 11, 30)
    assert next_working_day(date(2026, 11, 29)) == date(2026, 11, 30)
    assert next_working_day(date(2026, 11, 27)) == date(2026, 11, 27)
