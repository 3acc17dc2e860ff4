"""Comments on a passage"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import proeftuin.db

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "anchor",
        sa.Column("thread_id", sa.Integer(), autoincrement=False, nullable=False),
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
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name=op.f("fk_anchor_thread_id")),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_anchor_page_id")),
        sa.PrimaryKeyConstraint("thread_id", name=op.f("pk_anchor")),
    )
    op.create_index("ix_anchor_page_id", "anchor", ["page_id"])


def downgrade() -> None:
    op.drop_table("anchor")
