"""A company that lives for some days, by chance: people do what they may do, through the services and the jobs.

The same seed gives the same story. What a service refuses did not happen.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from proeftuin import clock
from proeftuin.accounts import organisation
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Department, Party
from proeftuin.db import Database, session
from proeftuin.errors import Refusal
from proeftuin.events import jobs
from proeftuin.events.models import Subject, SubjectKind
from proeftuin.pilots import policy, queries, service, states, themes
from proeftuin.pilots.models import Participation, Pilot, Promise, PromiseState, Risk, Theme
from proeftuin.pilots.plan import QUESTIONS
from proeftuin.talk import policy as talk_policy
from proeftuin.talk import service as talk
from proeftuin.talk.models import Comment, Thread, ThreadState
from proeftuin.wiki import anchors, suggesting
from proeftuin.wiki import service as wiki
from proeftuin.wiki.anchors import Pointed
from proeftuin.wiki.models import Page, PageKind, Revision
from proeftuin.wiki.settings import change_settings
from proeftuin.wiki.suggestions import Suggestion
from tests.cast import Cast

WORDS = (
    *(
        "kievit",
        "dijk",
        "maatstaf",
        "rooster",
        "vrijdag",
        "helft",
        "team",
        "kiest",
        "vraagt",
        "meet",
        "telt",
        "wacht",
    ),
    *("leert", "brug", "spoor", "kist", "plan", "week", "eerlijk", "samen", "rustig", "later", "eerder", "anders"),
    *("beter", "minder", "meer", "niemand", "iedereen", "soms", "altijd"),
)
FIRST = date(2026, 3, 26)
"""Three days before the clock goes forward, so that the story has a day of 23 hours."""
Deed = Callable[[], None]


class Story:
    """The people, the chance, and what they do."""

    def __init__(self, database: Database, cast: Cast, seed: int) -> None:
        self.database, self.cast = database, cast
        self.chance = random.Random(seed)
        self.done: dict[str, int] = {}
        self.deeds: tuple[tuple[int, Deed], ...] = (
            (2, self.begin_pilot),
            (4, self.change_plan),
            (4, self.move_pilot),
            (3, self.change_team),
            (7, self.make_page),
            (9, self.save_page),
            (4, self.settings),
            (6, self.ask),
            (6, self.reply),
            (3, self.edit_comment),
            (2, self.take_back),
            (3, self.answer),
            (2, self.reopen),
            (3, self.promise),
            (3, self.settle),
            (3, self.risk),
            (4, self.take_part),
            (1, self.rename_register),
            (3, self.suggest),
            (2, self.decide),
            (3, self.point_at),
        )

    def live(self, day: date, deeds: int) -> None:
        """Let some things happen on a day, from its first minute to its last."""
        minutes = sorted(self.chance.sample(range(1, 22 * 60), deeds))
        chosen = self.chance.choices([deed for _, deed in self.deeds], [weight for weight, _ in self.deeds], k=deeds)
        for minute, deed in zip(minutes, chosen, strict=True):
            with clock.at(clock.start_of(day) + timedelta(minutes=minute)):
                self.do(deed)
                if self.chance.random() < 0.3:
                    jobs.run_due(self.database)

    def do(self, deed: Deed) -> bool:
        """Do something as one transaction; when it is refused, nothing happened."""
        try:
            with self.database.transaction():
                deed()
        except (Refusal, IndexError):  # refused, or there is nothing to choose from
            return False
        self.done[deed.__name__] = self.done.get(deed.__name__, 0) + 1
        return True

    # -- choosing

    def text(self, words: int) -> str:
        """Return some words, with links now and then."""
        some = [self.chance.choice(WORDS) for _ in range(words)]
        if self.chance.random() < 0.5:
            some.append(f"[[{self.title()}]]")
        return " ".join(some).capitalize()

    def title(self) -> str:
        return f"{self.chance.choice(WORDS)} {self.chance.choice(WORDS)}".capitalize()

    def one(self, query: object) -> object:
        """Return a row by chance, the same one on every database."""
        rows = sorted(session().scalars(query), key=lambda row: row.id)  # type: ignore[call-overload]
        return self.chance.choice(rows)

    def pilot(self) -> Pilot:
        found = self.one(select(Pilot))
        assert isinstance(found, Pilot)
        return found

    def page(self) -> Page:
        found = self.one(select(Page))
        assert isinstance(found, Page)
        return found

    def comment(self, *criteria: object) -> Comment:
        found = self.one(select(Comment).where(*criteria))  # type: ignore[arg-type]
        assert isinstance(found, Comment)
        return found

    def thread(self, *criteria: object) -> Thread:
        found = self.one(select(Thread).where(*criteria))  # type: ignore[arg-type]
        assert isinstance(found, Thread)
        return found

    def someone(self) -> Actor:
        return self.chance.choice(list(self.cast.everyone().values()))

    def voice(self, actor: Actor, subject: Subject) -> talk_policy.Floor:
        standing = policy.NOBODY
        if subject.circle_id is not None:
            if subject.audience != "everyone" and not queries.standing(actor, subject.circle_id).is_member:
                raise IndexError
            standing = queries.standing(actor, subject.circle_id)
        capacities = policy.capacities(actor, standing)
        return talk_policy.Floor(actor, talk_policy.voices(actor, capacities, in_pilot=subject.circle_id is not None))

    # -- deeds

    def begin_pilot(self) -> None:
        today = clock.today()
        plan: dict[str, Any] = {
            "department_id": self.chance.choice((self.cast.geo, self.cast.rail)),
            "theme_ids": [self.chance.choice(list(self.cast.themes.values()))],
            "summary": self.text(8),
            "starts_on": today - timedelta(days=3),
            "ends_on": today + timedelta(days=self.chance.choice((2, 90))),
            **{name: self.text(3) for name in QUESTIONS},
        }
        pilot = service.create_pilot(self.cast.lead, title=f"{self.title()} {self.chance.randrange(1000)}", **plan)
        service.add_member(self.cast.lead, pilot, self.cast.member.id)

    def change_plan(self) -> None:
        pilot = self.pilot()
        fields: dict[str, Callable[[], Any]] = {
            "title": lambda: f"{self.title()} {self.chance.randrange(1000)}",
            "summary": lambda: self.text(6),
            "question": lambda: self.text(4),
            "department_id": lambda: self.chance.choice((self.cast.geo, self.cast.rail)),
            "theme_ids": lambda: self.chance.sample(sorted(self.cast.themes.values()), self.chance.choice((1, 2))),
            "max_participants": lambda: self.chance.choice((None, 4, 30)),
        }
        chosen = self.chance.sample(sorted(fields), 2)
        service.change_plan(self.cast.lead, pilot, version=pilot.version, **{name: fields[name]() for name in chosen})

    def move_pilot(self) -> None:
        pilot = self.pilot()
        to_state = self.chance.choice(states.list_steps(pilot.state)).to_state
        service.move(
            self.cast.lead,
            pilot,
            to_state,
            reason=self.text(3),
            measured=True,
            informed=True,
            participants_get="Alles.",
            second_reader_id=self.cast.hr.id,
        )

    def change_team(self) -> None:
        pilot = self.pilot()
        person = self.chance.choice((self.cast.member, self.cast.colleague, self.cast.admin))
        if queries.standing(person, pilot.id).is_member:
            service.remove_member(self.cast.lead, pilot, person.id)
        else:
            service.add_member(self.cast.lead, pilot, person.id)

    def make_page(self) -> None:
        on_site = self.chance.random() < 0.2
        space = self.one(select(Subject).where(Subject.kind == (SubjectKind.SITE if on_site else SubjectKind.PILOT)))
        assert isinstance(space, Subject)
        wiki.create_page(
            self.cast.hr if on_site else self.cast.lead,
            space.id,
            title=self.title(),
            text=f"{self.text(12)}\n\n## {self.title()}\n\n{self.text(9)}",
            kind=PageKind.PLAIN if on_site else self.chance.choice((PageKind.PROGRESS, PageKind.PLAIN)),
            restricted=not on_site and self.chance.random() < 0.15,
        )

    def save_page(self) -> None:
        page = self.page()
        wiki.save_page(
            self.chance.choice((self.cast.lead, self.cast.member, self.cast.hr)),
            page,
            base=page.current,
            text=f"{self.text(14)}\n\n{self.text(7)}",
            summary=self.text(3)[:40],
            minor=self.chance.random() < 0.3,
        )

    def settings(self) -> None:
        """Rename a page, or open a restricted one. What is closed later is the subject of another test."""
        page = self.page()
        actor = self.cast.hr if page.space_id == wiki_site() else self.cast.lead
        restricted = page.is_restricted and self.chance.random() < 0.5
        change_settings(actor, page, title=self.title(), kind=None, restricted=restricted)

    def ask(self) -> None:
        subject = self.one(select(Subject).where(Subject.kind != SubjectKind.SITE))
        assert isinstance(subject, Subject)
        actor = self.someone()
        voice = self.chance.choice(self.voice(actor, subject).voices)
        talk.start_thread(
            actor,
            subject,
            title=self.chance.choice(("", self.title())),
            text=self.text(6),
            capacity=voice.capacity,
            party_id=voice.party_id,
            allowed=[voice.capacity],
            is_question=self.chance.random() < 0.6,
        )

    def reply(self) -> None:
        thread = self.thread()
        actor = self.someone()
        floor = self.voice(actor, session().get_one(Subject, thread.subject_id))
        voice = self.chance.choice(floor.voices)
        parents = session().scalars(select(Comment.id).where(Comment.thread_id == thread.id).order_by(Comment.id))
        talk.reply(
            actor,
            thread,
            text=self.text(5),
            capacity=voice.capacity,
            party_id=voice.party_id,
            allowed=[voice.capacity],
            parent_id=self.chance.choice([None, *parents]),
        )

    def edit_comment(self) -> None:
        comment = self.comment(Comment.deleted_at.is_(None))
        actor = next(each for each in self.cast.everyone().values() if each.id == comment.author_id)
        talk.edit_comment(actor, comment, text=self.text(6), base=comment.versions, allowed=[comment.capacity])

    def take_back(self) -> None:
        """Delete a comment of today; what is taken back later is the subject of another test."""
        comment = self.comment(Comment.deleted_at.is_(None), Comment.created_at >= clock.start_of(clock.today()))
        actor = next(each for each in self.cast.everyone().values() if each.id == comment.author_id)
        talk.delete_comment(actor, comment)

    def answer(self) -> None:
        thread = self.thread(Thread.state == ThreadState.OPEN)
        subject = session().get_one(Subject, thread.subject_id)
        floor = self.voice(self.cast.lead, subject)
        said = talk.reply(
            self.cast.lead,
            thread,
            text=self.text(5),
            capacity=floor.voices[0].capacity,
            allowed=floor.allowed,
            is_answer=self.chance.random() < 0.5,
        )
        if thread.state is ThreadState.OPEN:
            talk.answer(self.cast.lead, thread, said, allowed=floor.allowed)

    def reopen(self) -> None:
        thread = self.thread(Thread.state == ThreadState.ANSWERED)
        actor = next(each for each in self.cast.everyone().values() if each.id == thread.asker_id)
        voice = self.voice(actor, session().get_one(Subject, thread.subject_id)).voices[0]
        talk.reopen(
            actor,
            thread,
            text=self.text(4),
            capacity=voice.capacity,
            party_id=voice.party_id,
            allowed=[voice.capacity],
        )

    def promise(self) -> None:
        due_on = clock.today() + timedelta(days=self.chance.randrange(-1, 9))
        service.make_promise(
            self.cast.lead, self.pilot(), text=self.text(5), owner_id=self.cast.member.id, due_on=due_on
        )

    def settle(self) -> None:
        found = self.one(select(Promise).where(Promise.state == PromiseState.OPEN))
        assert isinstance(found, Promise)
        pilot = session().get_one(Pilot, found.pilot_id)
        if self.chance.random() < 0.4:
            service.change_promise(
                self.cast.lead, pilot, found, text=self.text(4), owner_id=None, due_on=found.due_on
            )
        else:
            state = self.chance.choice((PromiseState.KEPT, PromiseState.WITHDRAWN))
            service.settle_promise(self.cast.lead, pilot, found, state=state, note=self.text(3))

    def risk(self) -> None:
        pilot = self.pilot()
        written = list(
            session().scalars(
                select(Risk).where(Risk.pilot_id == pilot.id, Risk.withdrawn_on.is_(None)).order_by(Risk.id)
            )
        )
        if not written or self.chance.random() < 0.4:
            service.add_risk(self.cast.lead, pilot, risk=self.text(5), measure=self.text(3))
        elif self.chance.random() < 0.5:
            service.change_risk(self.cast.lead, pilot, written[0], risk=self.text(5))
        else:
            service.withdraw_risk(self.cast.lead, pilot, written[0])

    def take_part(self) -> None:
        pilot = self.pilot()
        actor = self.chance.choice((self.cast.member, self.cast.colleague, self.cast.outsider, self.cast.hr))
        mine = select(Participation).where(Participation.pilot_id == pilot.id, Participation.person_id == actor.id)
        if self.chance.random() < 0.2:
            service.count_elsewhere(self.cast.lead, pilot, count=self.chance.randrange(12))
        elif session().scalar(mine) is None:
            service.join(actor, pilot)
        else:
            service.leave(actor, pilot)

    def suggest(self) -> None:
        page = self.page()
        text = f"{self.text(9)}\n\n{self.text(5)}"
        key = str(self.chance.random())
        suggesting.suggest(self.cast.outsider, page, base=page.current, text=text, reason=self.text(2)[:40], key=key)

    def decide(self) -> None:
        found = self.one(select(Suggestion))
        assert isinstance(found, Suggestion)
        page = session().get_one(Page, found.page_id)
        if self.chance.random() < 0.5:
            suggesting.accept(self.cast.lead, page, found.id, edition=1)
        else:
            suggesting.withdraw(self.cast.outsider, page, found.id)

    def point_at(self) -> None:
        """Begin a conversation about some words of a page."""
        page = self.page()
        text = (
            session()
            .scalars(select(Revision.text).where(Revision.page_id == page.id, Revision.number == page.current))
            .one()
        )
        subject = session().get_one(Subject, page.id)
        voice = self.voice(self.cast.member, subject).voices[0]
        words = [word for word in text.split() if word.isalpha()]
        at = self.chance.randrange(len(words) - 1)
        anchors.start_thread(
            self.cast.member,
            page,
            place=Pointed(None, " ".join(words[at : at + 2])),
            title="",
            text=self.text(4),
            capacity=voice.capacity,
            allowed=[voice.capacity],
        )

    def rename_register(self) -> None:
        row = self.one(select(self.chance.choice((Department, Theme, Party))))
        name = f"{self.title()} {self.chance.randrange(1000)}"
        if isinstance(row, Department):
            organisation.change_department(None, row, name=name, headcount=row.headcount, parent_id=None)
        elif isinstance(row, Theme):
            themes.change_theme(None, row, name=name, position=row.position)
        elif isinstance(row, Party):
            organisation.change_party(None, row, name=name, signs_cao=row.signs_cao)


def wiki_site() -> int:
    """Return the number of the site."""
    return session().scalars(select(Subject.id).where(Subject.kind == SubjectKind.SITE)).one()


def midnight_after(day: date) -> datetime:
    """Return the last moment of a day."""
    return clock.end_of(day) - timedelta(microseconds=1)
