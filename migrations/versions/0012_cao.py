"""The cao: versions that are published for good, and texts in preparation"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import proeftuin.db

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cao_agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("created_at", proeftuin.db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cao_agreement")),
        sa.UniqueConstraint("key", name=op.f("uq_cao_agreement_key")),
    )
    op.create_table(
        "cao_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("notified_on", sa.Date(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column(
            "default_character",
            sa.Enum("minimum", "standaard", name="character", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("decision_rule", sa.String(length=200), nullable=False),
        sa.Column("max_deviation_months", sa.Integer(), nullable=False),
        sa.Column("notice_days", sa.Integer(), nullable=False),
        sa.Column("reconfirm_days", sa.Integer(), nullable=False),
        sa.Column("ends_with_cao", sa.Boolean(), nullable=False),
        sa.Column("silent_agreement", sa.Boolean(), nullable=False),
        sa.Column("is_retroactive", sa.Boolean(), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("correction_reason", sa.String(length=500), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("published_at", proeftuin.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(corrects_id IS NULL) = (correction_reason = '')", name=op.f("ck_cao_version_correction_has_reason")
        ),
        sa.CheckConstraint("valid_from <= valid_until", name=op.f("ck_cao_version_in_order")),
        sa.ForeignKeyConstraint(["agreement_id"], ["cao_agreement.id"], name=op.f("fk_cao_version_agreement_id")),
        sa.ForeignKeyConstraint(["corrects_id"], ["cao_version.id"], name=op.f("fk_cao_version_corrects_id")),
        sa.ForeignKeyConstraint(["published_by_id"], ["person.id"], name=op.f("fk_cao_version_published_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cao_version")),
        sa.UniqueConstraint("agreement_id", "number", name=op.f("uq_cao_version_agreement_id_number")),
    )
    op.create_index("ix_cao_version_corrects_id", "cao_version", ["corrects_id"], unique=True)
    op.create_index("ix_cao_version_valid_from", "cao_version", ["valid_from", "valid_until"], unique=False)
    op.create_table(
        "cao_annex",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("letter", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["cao_version.id"], name=op.f("fk_cao_annex_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cao_annex")),
        sa.UniqueConstraint("version_id", "letter", name=op.f("uq_cao_annex_version_id_letter")),
    )
    op.create_table(
        "cao_chapter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["cao_version.id"], name=op.f("fk_cao_chapter_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cao_chapter")),
        sa.UniqueConstraint("version_id", "number", name=op.f("uq_cao_chapter_version_id_number")),
    )
    op.create_table(
        "cao_preparation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("created_at", proeftuin.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", proeftuin.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["person.id"], name=op.f("fk_cao_preparation_changed_by_id")),
        sa.ForeignKeyConstraint(["version_id"], ["cao_version.id"], name=op.f("fk_cao_preparation_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cao_preparation")),
    )
    op.create_table(
        "cao_article",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("chapter_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "nature",
            sa.Enum(
                "normatief",
                "obligatoir",
                "diagonaal",
                "begripsbepaling",
                "werkingssfeer",
                "procedureel",
                "experimenteerartikel",
                name="nature",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "character",
            sa.Enum("minimum", "standaard", name="character", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("statutes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["chapter_id"], ["cao_chapter.id"], name=op.f("fk_cao_article_chapter_id")),
        sa.ForeignKeyConstraint(["version_id"], ["cao_version.id"], name=op.f("fk_cao_article_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cao_article")),
        sa.UniqueConstraint("version_id", "key", name=op.f("uq_cao_article_version_id_key")),
        sa.UniqueConstraint("version_id", "number", name=op.f("uq_cao_article_version_id_number")),
    )
    op.create_index("ix_cao_article_chapter_id", "cao_article", ["chapter_id"], unique=False)
    op.create_index("ix_cao_article_key", "cao_article", ["key"], unique=False)
    op.create_table(
        "cao_paragraph",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["cao_article.id"], name=op.f("fk_cao_paragraph_article_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cao_paragraph")),
        sa.UniqueConstraint("article_id", "number", name=op.f("uq_cao_paragraph_article_id_number")),
    )


def downgrade() -> None:
    op.drop_table("cao_paragraph")
    op.drop_index("ix_cao_article_key", table_name="cao_article")
    op.drop_index("ix_cao_article_chapter_id", table_name="cao_article")
    op.drop_table("cao_article")
    op.drop_table("cao_preparation")
    op.drop_table("cao_chapter")
    op.drop_table("cao_annex")
    op.drop_index("ix_cao_version_valid_from", table_name="cao_version")
    op.drop_index("ix_cao_version_corrects_id", table_name="cao_version")
    op.drop_table("cao_version")
    op.drop_table("cao_agreement")
