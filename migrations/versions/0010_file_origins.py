"""Where imported files came from, and the names of makers who are no people here"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import proeftuin.db

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEY = ("space_id", "source", "file_key", "version_key")


def upgrade() -> None:
    op.add_column("file_version", sa.Column("alias", sa.String(length=120), nullable=True))
    op.create_table(
        "file_origin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("file_key", sa.String(length=200), nullable=False),
        sa.Column("version_key", sa.String(length=80), nullable=False),
        sa.Column("created_at", proeftuin.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_file_origin_file_id")),
        sa.ForeignKeyConstraint(["space_id"], ["subject.id"], name=op.f("fk_file_origin_space_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_origin")),
        sa.UniqueConstraint(*KEY, name=op.f("uq_file_origin_space_id_source_file_key_version_key")),
    )


def downgrade() -> None:
    op.drop_table("file_origin")
    op.drop_column("file_version", "alias")
