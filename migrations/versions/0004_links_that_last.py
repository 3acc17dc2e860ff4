"""Names that pages had, pages that were deleted, versions that are hidden"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import proeftuin.db

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Columns are added without making a table anew: on SQLite that would drop a table to which others refer.
    op.add_column("subject", sa.Column("is_gone", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("page", sa.Column("deleted_at", proeftuin.db.UtcDateTime(timezone=True), nullable=True))
    op.add_column("page", sa.Column("deleted_by_id", sa.Integer(), nullable=True))
    op.add_column("page", sa.Column("deleted_reason", sa.String(length=300), server_default="", nullable=False))
    op.add_column("page_link", sa.Column("title", sa.String(length=200), server_default="", nullable=False))
    op.create_table(
        "page_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=150), nullable=False),
        sa.Column("title_key", sa.String(length=150), nullable=False),
        sa.Column("created_at", proeftuin.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_page_name_page_id")),
        sa.ForeignKeyConstraint(["space_id"], ["subject.id"], name=op.f("fk_page_name_space_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_name")),
    )
    op.create_index("ix_page_name_space_id_title_key", "page_name", ["space_id", "title_key"])
    op.create_index("ix_page_name_space_id_slug", "page_name", ["space_id", "slug"])
    op.create_index("ix_page_name_page_id", "page_name", ["page_id"])
    op.create_table(
        "hidden_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("created_at", proeftuin.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_hidden_version_page_id")),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_hidden_version_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hidden_version")),
    )
    op.create_index("ix_hidden_version_page_id_number", "hidden_version", ["page_id", "number"])


def downgrade() -> None:
    op.drop_table("hidden_version")
    op.drop_table("page_name")
    op.execute("ALTER TABLE page_link DROP COLUMN title")
    for column in ("deleted_reason", "deleted_by_id", "deleted_at"):
        op.execute(f"ALTER TABLE page DROP COLUMN {column}")
    op.execute("ALTER TABLE subject DROP COLUMN is_gone")
