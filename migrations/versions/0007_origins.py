"""Where imported pages came from"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import proeftuin.db

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Both databases can do this in place; copying the largest table would take minutes.
    op.add_column("revision", sa.Column("alias", sa.String(length=120), nullable=True))
    op.create_table(
        "origin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("page_key", sa.String(length=200), nullable=False),
        sa.Column("version_key", sa.String(length=80), nullable=False),
        sa.Column("created_at", proeftuin.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_origin_page_id")),
        sa.ForeignKeyConstraint(["space_id"], ["subject.id"], name=op.f("fk_origin_space_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_origin")),
        sa.UniqueConstraint(
            "space_id", "source", "page_key", "version_key", name=op.f("uq_origin_space_id_source_page_key_version_key")
        ),
    )
    op.create_index("ix_origin_page_id_number", "origin", ["page_id", "number"])


def downgrade() -> None:
    op.drop_table("origin")
    op.drop_column("revision", "alias")
