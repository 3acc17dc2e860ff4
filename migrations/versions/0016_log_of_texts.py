"""Texts in the sealed log: salts of comments, alerts of the check, and finding the entries of a page"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import proeftuin.db

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_log_entry_subject_object", "log_entry", ["subject", "object"])
    op.create_table(
        "log_comment",
        sa.Column("version_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["version_id"], ["comment_version.id"], name=op.f("fk_log_comment_version_id")),
        sa.ForeignKeyConstraint(["position"], ["log_entry.position"], name=op.f("fk_log_comment_position")),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_log_comment")),
    )
    op.create_index("ix_log_comment_position", "log_comment", ["position"])
    op.create_table(
        "log_alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("recorded_at", proeftuin.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("closed_at", proeftuin.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closing_note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["closed_by_id"], ["person.id"], name=op.f("fk_log_alert_closed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_alert")),
    )


def downgrade() -> None:
    op.drop_table("log_alert")
    op.drop_index("ix_log_comment_position", table_name="log_comment")
    op.drop_table("log_comment")
    op.drop_index("ix_log_entry_subject_object", table_name="log_entry")
