"""What was not chosen, and what colleagues suggest"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import proeftuin.db

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OUTCOMES = ("overgenomen", "afgewezen", "ingetrokken")


def upgrade() -> None:
    # Both databases can do this in place; copying the largest table would take minutes.
    op.execute(
        "ALTER TABLE revision ADD COLUMN suggester_id INTEGER"
        " CONSTRAINT fk_revision_suggester_id REFERENCES person (id)"
    )

    op.create_table(
        "side_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=True),
        sa.Column("against", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("passages", sa.JSON(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("created_at", proeftuin.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_side_version_page_id")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_side_version_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_side_version")),
    )
    op.create_index("ix_side_version_page_id_number", "side_version", ["page_id", "number"])

    op.create_table(
        "suggestion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("created_at", proeftuin.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_suggestion_page_id")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_suggestion_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion")),
        sa.UniqueConstraint("author_id", "key", name=op.f("uq_suggestion_author_id_key")),
    )
    op.create_index("ix_suggestion_page_id", "suggestion", ["page_id"])

    op.create_table(
        "suggestion_text",
        sa.Column("suggestion_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("created_at", proeftuin.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["suggestion_id"], ["suggestion.id"], name=op.f("fk_suggestion_text_suggestion_id")
        ),
        sa.PrimaryKeyConstraint("suggestion_id", "number", name=op.f("pk_suggestion_text")),
    )

    op.create_table(
        "suggestion_decision",
        sa.Column("suggestion_id", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(*OUTCOMES, name="outcome", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("taken", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("answer", sa.String(length=300), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("created_at", proeftuin.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["suggestion_id"], ["suggestion.id"], name=op.f("fk_suggestion_decision_suggestion_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_suggestion_decision_person_id")),
        sa.PrimaryKeyConstraint("suggestion_id", name=op.f("pk_suggestion_decision")),
    )


def downgrade() -> None:
    op.drop_table("suggestion_decision")
    op.drop_table("suggestion_text")
    op.drop_table("suggestion")
    op.drop_table("side_version")
    op.execute("ALTER TABLE revision DROP COLUMN suggester_id")
