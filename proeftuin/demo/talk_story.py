"""What was said about one demo pilot, by whom and in which capacity."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from proeftuin.accounts.models import PartyKind
from proeftuin.db import session
from proeftuin.demo.stage import Stage
from proeftuin.events.models import Subject
from proeftuin.pilots import policy, queries
from proeftuin.talk import service as talk
from proeftuin.talk.models import Capacity, Comment, Thread

CAPACITIES = {
    "niet-deelnemer": Capacity.NON_PARTICIPANT,
    "deelnemer": Capacity.PARTICIPANT,
    "proeftuinteam": Capacity.TEAM,
    "onderzoeker": Capacity.EMPLOYEE,
}


class TalkStory:
    """Places the comments of a pilot's file under its pages."""

    def __init__(self, stage: Stage, code: str, pages: dict[str, int]) -> None:
        self.stage = stage
        self.titles: dict[int, str] = stage.company.additions["onderwerpen"][code]
        self.pages = pages
        self.pilot_id = 0
        self.comments: dict[int, int] = {}

    def say(self, place: int, comment: dict[str, Any]) -> None:
        """Place a comment. One about another page than the comment it answers begins a thread of its own."""
        text: str = comment["tekst"]
        comment = {**comment, "onderwerp": self.titles.get(place, "")}
        parent = self.comments.get(comment.get("antwoord_op", 0))
        answered = session().get_one(Comment, parent) if parent else None
        thread = session().get_one(Thread, answered.thread_id) if answered else None
        if thread is not None and thread.subject_id != self.pages[comment["bij"]]:
            thread, answered = None, None
        team = comment["hoedanigheid"] == "proeftuinteam"
        question = "?" in text and not team and thread is None
        subject = session().get_one(Subject, self.pages[comment["bij"]])
        if comment["wijze"] == "schuilnaam":
            said = talk.post_alias(
                thread or subject,
                comment["auteur"],
                title=comment["onderwerp"],
                text=text,
                capacity=CAPACITIES[comment["hoedanigheid"]],
                parent_id=answered.id if answered else None,
                is_question=question,
            )
        else:
            said = self._said_by_name(comment, subject, thread, answered, question)
        self.comments[place] = said.id

    def _said_by_name(
        self,
        comment: dict[str, Any],
        subject: Subject,
        thread: Thread | None,
        answered: Comment | None,
        question: bool,
    ) -> Comment:
        actor = self.stage.actor(comment["auteur"])
        standing = queries.standing(actor, self.pilot_id)
        allowed = policy.capacities(actor, standing)
        capacity = CAPACITIES.get(comment["hoedanigheid"])
        party_id = None
        if comment["wijze"] == "namens":
            mandate = actor.mandates[0]
            party_id = mandate.party_id
            council = mandate.kind is PartyKind.WORKS_COUNCIL
            capacity = Capacity.WORKS_COUNCIL if council else Capacity.UNION
        if capacity not in allowed:
            capacity = allowed[0]
        if thread is None:
            started = talk.start_thread(
                actor,
                subject,
                title=comment["onderwerp"],
                text=comment["tekst"],
                capacity=capacity,
                allowed=allowed,
                party_id=party_id,
                is_question=question,
            )
            first = select(Comment).where(Comment.thread_id == started.id).order_by(Comment.id).limit(1)
            return session().scalars(first).one()
        return talk.reply(
            actor,
            thread,
            text=comment["tekst"],
            capacity=capacity,
            allowed=allowed,
            parent_id=answered.id if answered else None,
            party_id=party_id,
            is_answer=capacity is Capacity.TEAM and thread.state.value == "open",
        )
