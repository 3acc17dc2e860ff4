"""Outcomes: measures, publications with their figures, answers, and files about to be published"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import proeftuin.db

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "outcome_measure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("scale", sa.String(length=160), nullable=False),
        sa.Column("kind", _one_of("kind", "gemiddelde", "aandeel", "bedrag"), nullable=False),
        sa.Column("favourable", _one_of("favourable", "hoger", "lager"), nullable=False),
        sa.Column("smallest", sa.Double(), nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.Column("is_dropped", sa.Boolean(), nullable=False),
        sa.Column("settled_at", proeftuin.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("settled_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilot.id"], name=op.f("fk_outcome_measure_pilot_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["person.id"], name=op.f("fk_outcome_measure_settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_measure")),
    )
    op.create_index("ix_outcome_measure_pilot_id", "outcome_measure", ["pilot_id"])
    op.create_table(
        "outcome_publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("published_at", proeftuin.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=False),
        sa.Column("small_group", sa.Integer(), nullable=False),
        sa.Column("invited", sa.Integer(), nullable=True),
        sa.Column("signed_up", sa.Integer(), nullable=True),
        sa.Column("began", sa.Integer(), nullable=True),
        sa.Column("stopped", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilot.id"], name=op.f("fk_outcome_publication_pilot_id")),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["person.id"], name=op.f("fk_outcome_publication_published_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_publication")),
        sa.UniqueConstraint("pilot_id", "number", name=op.f("uq_outcome_publication_pilot_id_number")),
    )
    op.create_table(
        "outcome_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("published_at", proeftuin.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["measure_id"], ["outcome_measure.id"], name=op.f("fk_outcome_result_measure_id")),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["outcome_publication.id"], name=op.f("fk_outcome_result_publication_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_result")),
        sa.UniqueConstraint(
            "publication_id", "measure_id", name=op.f("uq_outcome_result_publication_id_measure_id")
        ),
    )
    op.create_table(
        "outcome_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("arm", _one_of("arm", "deelnemer", "vergelijking"), nullable=False),
        sa.Column("moment", _one_of("moment", "0-meting", "tussenmeting", "nameting"), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("subgroup", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["measure_id"], ["outcome_measure.id"], name=op.f("fk_outcome_answer_measure_id")),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["outcome_publication.id"], name=op.f("fk_outcome_answer_publication_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_answer")),
    )
    op.create_index("ix_outcome_answer_publication_id", "outcome_answer", ["publication_id"])
    op.create_table(
        "outcome_intake",
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("others", sa.Integer(), nullable=False),
        sa.Column("began_at", proeftuin.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_outcome_intake_person_id")),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilot.id"], name=op.f("fk_outcome_intake_pilot_id")),
        sa.PrimaryKeyConstraint("pilot_id", "person_id", name=op.f("pk_outcome_intake")),
    )


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM outcome_publication")):
        raise RuntimeError("There are published outcomes: they are not taken back. Restore a backup.")
    op.drop_table("outcome_intake")
    op.drop_index("ix_outcome_answer_publication_id", table_name="outcome_answer")
    op.drop_table("outcome_answer")
    op.drop_table("outcome_result")
    op.drop_table("outcome_publication")
    op.drop_index("ix_outcome_measure_pilot_id", table_name="outcome_measure")
    op.drop_table("outcome_measure")
