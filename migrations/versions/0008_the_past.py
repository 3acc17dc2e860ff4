"""The past of every table that changes

What is known of the time before this release is written into the past: pages by their versions, pilots by their
steps, the rest since it came. What cannot be known (an older wording of a plan, how many took part) is shown as it is
now. Nothing is told of a time in which it could not be read by everyone: a pilot and its pages begin on the day on
which they were last opened.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

import proeftuin.db

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ALWAYS, FOREVER = date(1, 1, 1), date(9999, 12, 31)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
PRESENT = (
    "department party theme subject pilot pilot_theme team_member participant_count risk promise thread comment page"
    " rendering page_link anchor"
).split()


def upgrade() -> None:
    op.create_table(
        "participant_count",
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilot.id"], name=op.f("fk_participant_count_pilot_id")),
        sa.PrimaryKeyConstraint("pilot_id", name=op.f("pk_participant_count")),
    )
    op.execute(
        "INSERT INTO participant_count (pilot_id, number) SELECT p.id, p.counted_elsewhere"
        " + (SELECT count(*) FROM participation t WHERE t.pilot_id = p.id) FROM pilot p"
    )
    _create_tables()
    Backfill(op.get_bind()).write()


def downgrade() -> None:
    for name in reversed(PRESENT):
        op.drop_table(f"{name}_past")
    op.drop_table("participant_count")


def _create_tables() -> None:
    op.create_table(
        "department_past",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("since_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since_day", name=op.f("pk_department_past")),
    )
    op.create_index(op.f("ix_department_past_key"), "department_past", ["key"])
    op.create_index(op.f("ix_department_past_name"), "department_past", ["name"])
    op.create_table(
        "party_past",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("signs_cao", sa.Boolean(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("since_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since_day", name=op.f("pk_party_past")),
    )
    op.create_index(op.f("ix_party_past_key"), "party_past", ["key"])
    op.create_index(op.f("ix_party_past_name"), "party_past", ["name"])
    op.create_table(
        "subject_past",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.Column("circle_id", sa.Integer(), nullable=True),
        sa.Column("is_gone", sa.Boolean(), nullable=False),
        sa.Column("created_at", proeftuin.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("since_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since_day", name=op.f("pk_subject_past")),
    )
    op.create_index(op.f("ix_subject_past_circle_id"), "subject_past", ["circle_id"])
    op.create_table(
        "thread_past",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("asker_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", proeftuin.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("answered_at", proeftuin.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", proeftuin.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_at", proeftuin.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("comments", sa.Integer(), nullable=False),
        sa.Column("since_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since_day", name=op.f("pk_thread_past")),
    )
    op.create_index(op.f("ix_thread_past_state_opened_at"), "thread_past", ["state", "opened_at"])
    op.create_index(op.f("ix_thread_past_subject_id_last_at"), "thread_past", ["subject_id", "last_at"])
    op.create_table(
        "comment_past",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("alias", sa.String(length=60), nullable=True),
        sa.Column("capacity", sa.String(length=40), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=True),
        sa.Column("is_answer", sa.Boolean(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("versions", sa.Integer(), nullable=False),
        sa.Column("created_at", proeftuin.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("edited_at", proeftuin.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", proeftuin.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("deleted_reason", sa.String(length=300), nullable=False),
        sa.Column("since_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since_day", name=op.f("pk_comment_past")),
    )
    op.create_index(op.f("ix_comment_past_author_id"), "comment_past", ["author_id"])
    op.create_index(op.f("ix_comment_past_thread_id"), "comment_past", ["thread_id"])
    op.create_table(
        "page_past",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=150), nullable=False),
        sa.Column("title_key", sa.String(length=150), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("is_restricted", sa.Boolean(), nullable=False),
        sa.Column("current", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", proeftuin.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", proeftuin.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", proeftuin.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("deleted_by_id", sa.Integer(), nullable=True),
        sa.Column("deleted_reason", sa.String(length=300), nullable=False),
        sa.Column("since_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since_day", name=op.f("pk_page_past")),
    )
    op.create_index(op.f("ix_page_past_space_id_slug"), "page_past", ["space_id", "slug"])
    op.create_index(op.f("ix_page_past_space_id_title_key"), "page_past", ["space_id", "title_key"])
    op.create_table(
        "rendering_past",
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("renderer", sa.Integer(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.Column("is_degraded", sa.Boolean(), nullable=False),
        sa.Column("since_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("page_id", "since_day", name=op.f("pk_rendering_past")),
    )
    op.create_table(
        "page_link_past",
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=False),
        sa.Column("target_key", sa.String(length=150), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("since_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("page_id", "space_id", "target_key", "since_day", name=op.f("pk_page_link_past")),
    )
    op.create_index(op.f("ix_page_link_past_space_id_target_key"), "page_link_past", ["space_id", "target_key"])
    op.create_table(
        "theme_past",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("since_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since_day", name=op.f("pk_theme_past")),
    )
    op.create_index(op.f("ix_theme_past_key"), "theme_past", ["key"])
    op.create_index(op.f("ix_theme_past_name"), "theme_past", ["name"])
    op.create_table(
        "pilot_past",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("title_key", sa.String(length=120), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("state_since", sa.Date(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("motive", sa.Text(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("stays", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("hypothesis", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("measurement", sa.Text(), nullable=False),
        sa.Column("comparison", sa.Text(), nullable=False),
        sa.Column("what_can_go_wrong", sa.Text(), nullable=False),
        sa.Column("fallback", sa.Text(), nullable=False),
        sa.Column("change_of_mind", sa.Text(), nullable=False),
        sa.Column("voluntariness", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("max_participants", sa.Integer(), nullable=True),
        sa.Column("created_at", proeftuin.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("since_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since_day", name=op.f("pk_pilot_past")),
    )
    op.create_index(op.f("ix_pilot_past_code"), "pilot_past", ["code"])
    op.create_index(op.f("ix_pilot_past_department_id"), "pilot_past", ["department_id"])
    op.create_index(op.f("ix_pilot_past_slug"), "pilot_past", ["slug"])
    op.create_index(op.f("ix_pilot_past_state"), "pilot_past", ["state"])
    op.create_index(op.f("ix_pilot_past_title_key"), "pilot_past", ["title_key"])
    op.create_table(
        "pilot_theme_past",
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("since_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("pilot_id", "theme_id", "since_day", name=op.f("pk_pilot_theme_past")),
    )
    op.create_table(
        "team_member_past",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("since_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since_day", name=op.f("pk_team_member_past")),
    )
    op.create_index(op.f("ix_team_member_past_person_id"), "team_member_past", ["person_id"])
    op.create_index(op.f("ix_team_member_past_pilot_id_person_id"), "team_member_past", ["pilot_id", "person_id"])
    op.create_table(
        "participant_count_past",
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("since_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("pilot_id", "since_day", name=op.f("pk_participant_count_past")),
    )
    op.create_table(
        "risk_past",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("risk", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("since_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since_day", name=op.f("pk_risk_past")),
    )
    op.create_index(op.f("ix_risk_past_pilot_id"), "risk_past", ["pilot_id"])
    op.create_table(
        "promise_past",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("since_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since_day", name=op.f("pk_promise_past")),
    )
    op.create_index(op.f("ix_promise_past_pilot_id"), "promise_past", ["pilot_id"])
    op.create_table(
        "anchor_past",
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("made_in", sa.Integer(), nullable=False),
        sa.Column("made_quote", sa.Text(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("begins", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("ahead", sa.Integer(), nullable=False),
        sa.Column("stood_in", sa.Integer(), nullable=True),
        sa.Column("lost_in", sa.Integer(), nullable=True),
        sa.Column("created_at", proeftuin.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("since_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("thread_id", "since_day", name=op.f("pk_anchor_past")),
    )
    op.create_index(op.f("ix_anchor_past_page_id"), "anchor_past", ["page_id"])


class Backfill:
    """Writes the past of what was there before the past was kept."""

    def __init__(self, bind: sa.Connection) -> None:
        self.bind = bind
        metadata = sa.MetaData()
        names = [*PRESENT, *(f"{name}_past" for name in PRESENT), "revision", "transition", "event"]
        metadata.reflect(bind, only=names)
        self.tables = metadata.tables
        self.since = {row.id: self._day(row.created_at) for row in self._rows("subject")}

    def write(self) -> None:
        """Write everything, a table at a time."""
        self._begin_when_opened()
        for name in ("department", "party", "theme"):
            self._as_now(name, lambda row: ALWAYS)
        self._as_now("subject", lambda row: ALWAYS if row.kind == "site" else self.since[row.id])
        self._pilots()
        for name in ("pilot_theme", "participant_count"):
            self._as_now(name, lambda row: self.since[row.pilot_id])
        self._as_now("team_member", lambda row: row.since)
        self._commitments()
        self._as_now("thread", lambda row: self._day(row.created_at))
        self._as_now("comment", lambda row: self._day(row.created_at))
        self._as_now("anchor", lambda row: self._day(row.created_at))
        self._pages()

    def _rows(self, name: str) -> Iterable[Any]:
        table = self.tables[name]
        return self.bind.execute(sa.select(table).order_by(*table.primary_key.columns))

    def _day(self, moment: datetime | str) -> date:
        # Reflected columns give what is stored: on SQLite a text in UTC.
        found = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return found.astimezone(AMSTERDAM).date()

    def _insert(self, name: str, rows: list[dict[str, Any]]) -> None:
        table = self.tables[f"{name}_past"]
        kept = {column.name for column in table.columns}
        for first in range(0, len(rows), 500):
            part = rows[first : first + 500]
            self.bind.execute(sa.insert(table), [{k: v for k, v in row.items() if k in kept} for row in part])

    def _as_now(self, name: str, since: Any) -> None:
        rows = [{**row._mapping, "since_day": since(row), "until_day": FOREVER} for row in self._rows(name)]
        self._insert(name, rows)

    def _begin_when_opened(self) -> None:
        """Let what everyone reads now begin on the day on which it was opened, a page not before its pilot."""
        event = self.tables["event"]
        opened = sa.select(event.c.subject_id, sa.func.max(event.c.at)).where(
            event.c.kind.in_(("pilot:opened", "page:opened"))
        )
        for subject_id, moment in self.bind.execute(opened.group_by(event.c.subject_id)):
            self.since[subject_id] = max(self.since[subject_id], self._day(moment))
        for row in list(self._rows("subject")):
            if row.circle_id in self.since:
                self.since[row.id] = max(self.since[row.id], self.since[row.circle_id])

    def _pilots(self) -> None:
        """Tell of a pilot in which state it was; its plan is as it is now."""
        steps: dict[int, dict[date, tuple[str, Any]]] = {}
        for row in self._rows("transition"):
            steps.setdefault(row.pilot_id, {})[self._day(row.recorded_at)] = (row.to_state, row.on)
        rows = []
        for row in self._rows("pilot"):
            first = self.since[row.id]
            made = sorted(steps.get(row.id, {}).items())
            known = {day: state for day, state in made if day > first}
            begun = [state for day, state in made if day <= first]
            known[first] = begun[-1] if begun else (row.state, row.state_since)
            for since, until in _spans(known):
                state, on = known[since]
                told = {"state": state, "state_since": on}
                rows.append({**row._mapping, **told, "since_day": since, "until_day": until})
        self._insert("pilot", rows)

    def _commitments(self) -> None:
        event = self.tables["event"]
        for name in ("risk", "promise"):
            begun = sa.select(event.c.object_id, sa.func.min(event.c.at)).where(event.c.kind == f"pilot:{name}")
            days = {number: self._day(at) for number, at in self.bind.execute(begun.group_by(event.c.object_id))}
            self._as_now(name, lambda row, days=days: max(days.get(row.id, ALWAYS), self.since[row.pilot_id]))

    def _pages(self) -> None:
        """Tell of a page which version was its newest; the text of an older day is made anew when it is read."""
        revision = self.tables["revision"]
        query = sa.select(revision.c.page_id, revision.c.number, revision.c.created_at)
        newest: dict[int, dict[date, tuple[int, Any]]] = {}
        for page_id, number, moment in self.bind.execute(query.order_by(revision.c.page_id, revision.c.number)):
            day = max(self._day(moment), self.since[page_id])
            newest.setdefault(page_id, {})[day] = (number, moment)
        rows, last_day = [], {}
        for row in self._rows("page"):
            known = newest.get(row.id) or {self.since[row.id]: (row.current, row.changed_at)}
            last_day[row.id] = max(known)
            for since, until in _spans(known):
                number, moment = known[since]
                told = {"current": number, "changed_at": moment}
                rows.append({**row._mapping, **told, "since_day": since, "until_day": until})
        self._insert("page", rows)
        for name in ("rendering", "page_link"):
            self._as_now(name, lambda row: last_day.get(row.page_id, ALWAYS))


def _spans(known: dict[date, Any]) -> list[tuple[date, date]]:
    """Return from when until when each of these held."""
    days = sorted(known)
    return list(zip(days, [*days[1:], FOREVER], strict=True))
