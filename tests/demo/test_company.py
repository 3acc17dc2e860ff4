"""The demo company is loaded through the services, in order, as of today."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from proeftuin import clock
from proeftuin.db import session
from proeftuin.demo.company import read
from proeftuin.demo.loader import Loader
from proeftuin.events.models import Audience, Event, Subject
from proeftuin.outcomes import queries as outcomes
from proeftuin.pilots.models import Participation, Pilot, Promise, PromiseState, State, Transition
from proeftuin.talk.models import Comment, Thread, ThreadState
from proeftuin.wiki.models import Page, Revision

EXPECTED = {
    "Beoordelen zonder eindoordeel": State.EVALUATED,
    "Het team verdeelt de helft": State.RUNNING,
    "Een halfjaar in een ander vak": State.RUNNING,
    "Groen reisbudget": State.RUNNING,
    "Vier lange dagen": State.PAUSED,
    "Maandkeuze": State.PREPARATION,
    "Zelf roosteren bij de meetploegen": State.STOPPED,
    "Afspraak is afspraak": State.EVALUATED,
}


def test_the_eight_pilots_are_in_the_state_of_their_files(company: Loader) -> None:
    found = dict(session().execute(select(Pilot.title, Pilot.state)).all())
    assert found == EXPECTED


def test_every_text_and_every_comment_of_the_files_is_there(company: Loader) -> None:
    acts = [act["doe"] for acts in company.company.wiki.values() for act in acts]
    wanted_pages = sum(len(pilot["paginas"]) for pilot in company.company.pilots) + acts.count("pagina")
    wanted_pages += 3  # two of the site, one besloten
    wanted_comments = sum(len(pilot["reacties"]) for pilot in company.company.pilots)
    wanted_comments += acts.count("passage") + acts.count("antwoord")
    assert session().scalar(select(func.count()).select_from(Page)) == wanted_pages
    assert session().scalar(select(func.count()).select_from(Comment)) == wanted_comments


def test_pages_have_a_history_and_comments_keep_their_capacity(company: Loader) -> None:
    longest = session().scalar(select(func.max(Page.current)))
    assert longest is not None
    assert longest >= 5
    assert (session().scalar(select(func.count()).select_from(Revision)) or 0) > 35
    capacities = set(session().scalars(select(Comment.capacity).distinct()))
    assert {"niet-deelnemer", "deelnemer", "proeftuinteam", "or", "bond"} <= {str(c) for c in capacities}


def test_open_questions_and_late_promises_are_there_to_be_seen(company: Loader) -> None:
    states = set(session().scalars(select(Thread.state).distinct()))
    assert {ThreadState.OPEN, ThreadState.ANSWERED, ThreadState.TALK} == states
    late = select(func.count()).where(Promise.state == PromiseState.OPEN, Promise.due_on < clock.today())
    assert (session().scalar(late) or 0) >= 2


def test_one_page_is_for_the_team_alone(company: Loader) -> None:
    hidden = session().scalars(select(Subject).where(Subject.audience == Audience.TEAM)).all()
    assert [subject.title for subject in hidden] == ["Namen voor het begeleidingsgesprek"]


def test_nothing_happened_in_the_future_and_history_is_in_order(company: Loader) -> None:
    events = session().execute(select(Event.at, Event.kind, Event.actor_id).order_by(Event.id)).all()
    # Of what was said under an alias only the day is kept.
    moments = [at for at, kind, actor_id in events if actor_id is not None or not kind.startswith("comment:")]
    days = [clock.day_of(event.at) for event in events]
    assert moments == sorted(moments)
    assert days == sorted(days)
    assert moments[-1] <= clock.now()
    steps = session().execute(select(Transition.pilot_id, Transition.on).order_by(Transition.id)).all()
    for pilot_id in {row.pilot_id for row in steps}:
        own = [row.on for row in steps if row.pilot_id == pilot_id]
        assert own == sorted(own)


def test_nobody_is_listed_as_a_participant(company: Loader) -> None:
    assert session().scalar(select(func.count()).select_from(Participation)) == 0
    counts = session().execute(select(Pilot.title, Pilot.counted_elsewhere, Pilot.max_participants)).all()
    assert ("Het team verdeelt de helft", 33, 36) in [tuple(row) for row in counts]


def test_dates_move_by_whole_weeks_and_stay_behind_today() -> None:
    for days in range(14):
        with clock.at(datetime(2027, 3, 20, 12, tzinfo=UTC) + timedelta(days=days)):
            company = read()
            assert company.today.weekday() == 0
            assert timedelta(0) <= clock.today() - company.today < timedelta(days=7)
            start = company.pilots[0]["periode"]["start"]
            assert start.weekday() == 0


def test_the_outcomes_of_the_pilots_are_published_with_the_verdicts_that_belong_to_them(company: Loader) -> None:
    titles = dict(session().execute(select(Pilot.id, Pilot.title)).all())
    found = outcomes.list_primary(company.actor("l.vermaat"))
    assert {titles[pilot_id]: str(each.said.verdict) for pilot_id, each in found} == {
        "Beoordelen zonder eindoordeel": "beter",
        "Het team verdeelt de helft": "onbeslist",
        "Een halfjaar in een ander vak": "onbeslist",
        "Groen reisbudget": "beter",
        "Vier lange dagen": "beter",
        "Zelf roosteren bij de meetploegen": "slechter",
        "Afspraak is afspraak": "geen_relevant_verschil",
    }
