"""What stands on the front page, put together from what the packages know.

What must stay true: the number of statements does not depend on the number of pilots; the pilot of the lead story
has no card as well; without filters one sees what runs or begins, and below it what came out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import and_, or_, select

from proeftuin.accounts.actor import Actor
from proeftuin.deviations.labels import Badge
from proeftuin.deviations.register import touching
from proeftuin.events.models import Subject
from proeftuin.following.choices import Choices, list_choices
from proeftuin.following.queries import News, since_last_visit
from proeftuin.past.day import is_past
from proeftuin.pilots import queries as pilots
from proeftuin.pilots.models import Pilot, State
from proeftuin.pilots.policy import may_start, visible_subjects
from proeftuin.pilots.queries import Card, Filters, OpenQuestions, Phase
from proeftuin.talk.queries import recent_comments, waiting_questions
from proeftuin.talk.reading import Line, Waiting
from proeftuin.wiki.queries import PageLine, latest_progress

CONCLUSIONS = 6
"""How many finished pilots stand at the foot; the rest is behind the filter."""
# A question about a pilot that is over can still be answered there, but nobody is waiting for it at the front.
_GOING_ON = or_(
    Subject.circle_id.is_(None),
    Subject.circle_id.in_(select(Pilot.id).where(Pilot.state.in_(Phase.ACTIVE.states))),
)


@dataclass(frozen=True, slots=True)
class FrontPage:
    """Everything on the front page. `lead` is the pilot with the newest progress, `reaction` the last comment on it;
    None when filtered or without."""

    filters: Filters
    is_filtered: bool
    choices: Choices
    counts: Mapping[State, int]
    lead: Card | None
    reaction: Line | None
    cards: Sequence[Card]
    done: Sequence[Card]
    more_done: bool
    progress: Mapping[int, PageLine]
    questions: Mapping[int, OpenQuestions]
    deviations: Mapping[int, Badge]
    waiting: Sequence[Waiting]
    news: News | None
    may_start: bool

    @property
    def is_empty(self) -> bool:
        """Return whether there is no pilot at all that the reader may see."""
        return not (self.is_filtered or self.lead or self.cards or self.done)


def parse_filters(theme: str, department: str, phase: str) -> Filters:
    """Return the filters of an address; what is not known filters nothing."""
    known = {each.value: each for each in Phase}
    return Filters(theme=theme, department=department, phase=known.get(phase, Phase.ACTIVE))


def get_front_page(actor: Actor, filters: Filters) -> FrontPage:
    """Return the front page as the actor may see it."""
    choices = list_choices(actor)
    filters = replace(
        filters,
        theme=filters.theme if filters.theme in choices.themes else "",
        department=filters.department if filters.department in choices.departments else "",
    )
    is_filtered = filters != Filters()
    cards = pilots.list_cards(actor, filters)
    done = [] if is_filtered else pilots.list_cards(actor, Filters(phase=Phase.DONE))
    if not (is_filtered or cards or done):  # at the very beginning there may be a concept of one's own
        cards = pilots.list_cards(actor, Filters(phase=Phase.CONCEPT))
    progress = latest_progress(actor, [card.id for card in cards])
    lead = None if is_filtered else _lead(cards, progress)
    return FrontPage(
        filters=filters,
        is_filtered=is_filtered,
        choices=choices,
        counts=pilots.count_states(actor) if is_filtered else _counts([*cards, *done]),
        lead=lead,
        reaction=_reaction(progress[lead.id]) if lead else None,
        cards=[card for card in cards if card is not lead],
        done=done[:CONCLUSIONS],
        more_done=len(done) > CONCLUSIONS,
        progress=progress,
        questions=pilots.open_questions(actor, [card.id for card in cards]),
        deviations=touching.badges([card.id for card in cards]),
        waiting=waiting_questions(and_(visible_subjects(actor), _GOING_ON)),
        news=None if is_past() else since_last_visit(actor),  # what somebody had seen is of today
        may_start=may_start(actor),
    )


def _lead(cards: Sequence[Card], progress: Mapping[int, PageLine]) -> Card | None:
    told = [card for card in cards if card.id in progress]
    return max(told, key=lambda card: (progress[card.id].created_at, card.id), default=None)


def _reaction(story: PageLine) -> Line | None:
    return next(iter(recent_comments([story.id], limit=1)), None)


def _counts(cards: Sequence[Card]) -> dict[State, int]:
    counts: dict[State, int] = {}
    for card in cards:
        counts[card.state] = counts.get(card.state, 0) + 1
    return counts
