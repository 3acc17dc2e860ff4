"""An index in which the history of a page can be filtered without touching a text"""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

COLUMNS = ["page_id", "number", "author_id", "suggester_id", "created_at", "base", "restores", "is_minor"]


def upgrade() -> None:
    op.create_index("ix_revision_history", "revision", COLUMNS)


def downgrade() -> None:
    op.drop_index("ix_revision_history", table_name="revision")
