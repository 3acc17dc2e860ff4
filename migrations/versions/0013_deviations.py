"""The register of deviations

A subject can be a deviation too. On SQLite the CHECK of its kind is changed in the schema itself: making the table
anew would drop a table to which others refer (the procedure is the one SQLite describes for its ALTER TABLE).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import proeftuin.db

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BEFORE, AFTER = ("site", "pilot", "page"), ("site", "pilot", "page", "deviation")


def upgrade() -> None:
    _change_kinds(BEFORE, AFTER)
    _create_deviations()
    _create_versions()
    _create_acts()


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM deviation")):
        raise RuntimeError("There are deviations: formal acts are not taken out of a register. Restore a backup.")
    op.drop_table("deviation_confirmation")
    op.drop_index("ix_deviation_condition_report_condition_id", table_name="deviation_condition_report")
    op.drop_table("deviation_condition_report")
    op.drop_index("ix_deviation_rule_article_key", table_name="deviation_rule")
    op.drop_table("deviation_rule")
    op.drop_table("deviation_position")
    op.drop_table("deviation_condition")
    op.drop_table("deviation_asked")
    op.drop_index("ix_deviation_version_submitted_at", table_name="deviation_version")
    op.drop_table("deviation_version")
    op.drop_table("deviation_draft")
    op.drop_table("deviation_announced")
    op.drop_index("ix_deviation_alert_open", table_name="deviation_alert")
    op.drop_index("ix_deviation_alert_deviation_id", table_name="deviation_alert")
    op.drop_table("deviation_alert")
    op.drop_index("ix_deviation_act_deviation_id", table_name="deviation_act")
    op.drop_table("deviation_act")
    op.drop_index("ix_deviation_turn", table_name="deviation")
    op.drop_index("ix_deviation_state", table_name="deviation")
    op.drop_index("ix_deviation_pilot_id", table_name="deviation")
    op.drop_table("deviation")
    _change_kinds(AFTER, BEFORE)


def _change_kinds(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    old, new = (f"kind IN ({', '.join(map(repr, kinds))})" for kinds in (before, after))
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_subject_subjectkind"), "subject", type_="check")
        op.create_check_constraint(op.f("ck_subject_subjectkind"), "subject", new)
        return
    text = connection.scalar(sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'subject'"))
    if text is None or text.count(old) != 1:
        raise RuntimeError(f"the table of subjects has no CHECK as expected: {text}")
    edition = connection.scalar(sa.text("PRAGMA schema_version"))
    connection.execute(sa.text("PRAGMA writable_schema = ON"))
    connection.execute(
        sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = 'subject'"),
        {"sql": text.replace(old, new)},
    )
    connection.execute(sa.text(f"PRAGMA schema_version = {edition + 1}"))
    connection.execute(sa.text("PRAGMA writable_schema = OFF"))


def _create_deviations() -> None:
    op.create_table(
        "deviation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("serial", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=20), nullable=True),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("created_at", proeftuin.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "concept",
                "voorgelegd",
                "overeengekomen",
                "van_kracht",
                "opgeschort",
                "afgewezen",
                "ingetrokken",
                "beeindigd",
                "vervallen",
                "afgesloten",
                "vervangen",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_since", sa.Date(), nullable=False),
        sa.Column("governing", sa.Integer(), nullable=True),
        sa.Column("waiting", sa.Integer(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_deviation_created_by_id")),
        sa.ForeignKeyConstraint(["id"], ["subject.id"], name=op.f("fk_deviation_id")),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilot.id"], name=op.f("fk_deviation_pilot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deviation")),
        sa.UniqueConstraint("code", name=op.f("uq_deviation_code")),
        sa.UniqueConstraint("year", "serial", name=op.f("uq_deviation_year_serial")),
    )
    op.create_index("ix_deviation_pilot_id", "deviation", ["pilot_id"], unique=False)
    op.create_index("ix_deviation_turn", "deviation", ["turn"], unique=False)
    op.create_index("ix_deviation_state", "deviation", ["state", "last_day"], unique=False)
    op.create_table(
        "deviation_draft",
        sa.Column("deviation_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "nieuw",
                "wijziging",
                "verlenging",
                name="versionkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("assessment", sa.JSON(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("changed_at", proeftuin.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by_id"], ["person.id"], name=op.f("fk_deviation_draft_changed_by_id")),
        sa.ForeignKeyConstraint(["deviation_id"], ["deviation.id"], name=op.f("fk_deviation_draft_deviation_id")),
        sa.PrimaryKeyConstraint("deviation_id", name=op.f("pk_deviation_draft")),
    )
    op.create_table(
        "deviation_announced",
        sa.Column("deviation_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=8), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("occurrence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recorded_at", proeftuin.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["deviation_id"], ["deviation.id"], name=op.f("fk_deviation_announced_deviation_id")),
        sa.PrimaryKeyConstraint(
            "deviation_id", "version", "number", "on", "occurrence", name=op.f("pk_deviation_announced")
        ),
    )
    op.create_table(
        "deviation_alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("deviation_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=True),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("recorded_at", proeftuin.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("closed_at", proeftuin.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closing_note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["closed_by_id"], ["person.id"], name=op.f("fk_deviation_alert_closed_by_id")),
        sa.ForeignKeyConstraint(["deviation_id"], ["deviation.id"], name=op.f("fk_deviation_alert_deviation_id")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_deviation_alert_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deviation_alert")),
        sa.UniqueConstraint("key", name=op.f("uq_deviation_alert_key")),
    )
    op.create_index("ix_deviation_alert_deviation_id", "deviation_alert", ["deviation_id"], unique=False)
    op.create_index("ix_deviation_alert_open", "deviation_alert", ["closed_at", "settled_on"], unique=False)


def _create_versions() -> None:
    op.create_table(
        "deviation_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deviation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "nieuw",
                "wijziging",
                "verlenging",
                name="versionkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("change_note", sa.Text(), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=False),
        sa.Column("submitted_at", proeftuin.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=False),
        sa.Column("respond_by", sa.Date(), nullable=False),
        sa.Column("cao_version_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("max_participants", sa.Integer(), nullable=False),
        sa.Column("selection", sa.Text(), nullable=False),
        sa.Column("is_voluntary", sa.Boolean(), nullable=False),
        sa.Column(
            "direction",
            sa.Enum(
                "beter",
                "slechter",
                "neutraal",
                "gemengd",
                "onduidelijk",
                name="direction",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("direction_note", sa.Text(), nullable=False),
        sa.Column("subgroups", sa.JSON(), nullable=False),
        sa.Column("shifts", sa.Text(), nullable=False),
        sa.Column("guarantee", sa.Text(), nullable=False),
        sa.Column("fallback_person", sa.Text(), nullable=False),
        sa.Column("fallback_all", sa.Text(), nullable=False),
        sa.Column(
            "legal_outcome",
            sa.Enum(
                "binnen_wet",
                "afwijkbaar_bij_cao",
                "afwijkbaar_met_or",
                "strijdig",
                "nog_te_toetsen",
                name="legaloutcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("legal_references", sa.JSON(), nullable=False),
        sa.Column("legal_note", sa.Text(), nullable=False),
        sa.Column("legal_by_id", sa.Integer(), nullable=False),
        sa.Column("legal_on", sa.Date(), nullable=False),
        sa.Column("equal_treatment", sa.Text(), nullable=False),
        sa.Column(
            "consent",
            sa.Enum(
                "vereist",
                "niet_vereist",
                "bovenwettelijk",
                name="consent",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("consent_ground", sa.String(length=120), nullable=False),
        sa.Column("consent_reason", sa.Text(), nullable=False),
        sa.Column(
            "basis",
            sa.Enum(
                "binnen_ruimte",
                "begunstiging",
                "experimenteerartikel",
                "dispensatie",
                "cao_addendum",
                "decentralisatie_or",
                name="basis",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("basis_reason", sa.Text(), nullable=False),
        sa.Column("parties_reason", sa.Text(), nullable=False),
        sa.Column("evaluate_by", sa.Date(), nullable=True),
        sa.Column("reporting", sa.Text(), nullable=False),
        sa.Column(
            "annexes_shown_to",
            sa.Enum("iedereen", "toezicht", name="shownto", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("employer_ends_at_once", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("valid_from <= valid_until", name=op.f("ck_deviation_version_in_order")),
        sa.ForeignKeyConstraint(
            ["cao_version_id"], ["cao_version.id"], name=op.f("fk_deviation_version_cao_version_id")
        ),
        sa.ForeignKeyConstraint(["deviation_id"], ["deviation.id"], name=op.f("fk_deviation_version_deviation_id")),
        sa.ForeignKeyConstraint(["legal_by_id"], ["person.id"], name=op.f("fk_deviation_version_legal_by_id")),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["person.id"], name=op.f("fk_deviation_version_submitted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deviation_version")),
        sa.UniqueConstraint("deviation_id", "number", name=op.f("uq_deviation_version_deviation_id_number")),
    )
    op.create_index("ix_deviation_version_submitted_at", "deviation_version", ["submitted_at"], unique=False)
    op.create_table(
        "deviation_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("article_key", sa.String(length=60), nullable=False),
        sa.Column("article_number", sa.String(length=20), nullable=False),
        sa.Column("paragraph", sa.String(length=20), nullable=False),
        sa.Column("cao_text", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["deviation_version.id"], name=op.f("fk_deviation_rule_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deviation_rule")),
        sa.UniqueConstraint(
            "version_id", "article_key", "paragraph", name=op.f("uq_deviation_rule_version_id_article_key_paragraph")
        ),
    )
    op.create_index("ix_deviation_rule_article_key", "deviation_rule", ["article_key", "paragraph"], unique=False)
    op.create_table(
        "deviation_asked",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column(
            "duty",
            sa.Enum("vereist", "geinformeerd", name="duty", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_deviation_asked_party_id")),
        sa.ForeignKeyConstraint(["version_id"], ["deviation_version.id"], name=op.f("fk_deviation_asked_version_id")),
        sa.PrimaryKeyConstraint("version_id", "party_id", name=op.f("pk_deviation_asked")),
    )
    op.create_table(
        "deviation_condition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "gewoon",
                "opschortend",
                "ontbindend",
                name="conditionkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("every_months", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_deviation_condition_owner_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["deviation_version.id"], name=op.f("fk_deviation_condition_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deviation_condition")),
        sa.UniqueConstraint("version_id", "position", name=op.f("uq_deviation_condition_version_id_position")),
    )


def _create_acts() -> None:
    op.create_table(
        "deviation_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deviation_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "teruggenomen",
                "afgewezen",
                "ingetrokken",
                "opgeschort",
                "hervat",
                "bezwaar",
                "beeindigd",
                "aangemeld_szw",
                "kennisgeving_szw",
                "terugvalverklaring",
                "herbevestigd",
                "besluit_meegedeeld",
                "verder_zonder",
                "melding",
                "melding_afgehandeld",
                "afgesloten",
                name="actkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column(
            "severity",
            sa.Enum(
                "laag", "middel", "ernstig", name="severity", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", proeftuin.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_deviation_act_actor_id")),
        sa.ForeignKeyConstraint(["deviation_id"], ["deviation.id"], name=op.f("fk_deviation_act_deviation_id")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_deviation_act_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deviation_act")),
    )
    op.create_index("ix_deviation_act_deviation_id", "deviation_act", ["deviation_id"], unique=False)
    op.create_table(
        "deviation_condition_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "deels_voldaan",
                "voldaan",
                "geschonden",
                name="conditionstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", proeftuin.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_deviation_condition_report_actor_id")),
        sa.ForeignKeyConstraint(
            ["condition_id"], ["deviation_condition.id"], name=op.f("fk_deviation_condition_report_condition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deviation_condition_report")),
    )
    op.create_index(
        "ix_deviation_condition_report_condition_id", "deviation_condition_report", ["condition_id"], unique=False
    )
    op.create_table(
        "deviation_position",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "in_beraad",
                "achterbanraadpleging",
                "akkoord",
                "akkoord_onder_voorbehoud",
                "niet_akkoord",
                "ingetrokken",
                "opgezegd",
                "instemming_verleend",
                "instemming_geweigerd",
                "niet_vereist",
                "advies_positief",
                "advies_negatief",
                "vervangende_toestemming",
                "nietigheid_ingeroepen",
                name="positionstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", proeftuin.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("is_letter", sa.Boolean(), nullable=False),
        sa.Column("signatory", sa.String(length=120), nullable=False),
        sa.Column("function", sa.String(length=120), nullable=False),
        sa.Column(
            "direction",
            sa.Enum(
                "beter",
                "slechter",
                "neutraal",
                "gemengd",
                "onduidelijk",
                name="direction",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("reservation", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column(
            "remark_shown_to",
            sa.Enum("iedereen", "toezicht", name="shownto", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("document_digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_deviation_position_party_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name=op.f("fk_deviation_position_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["deviation_version.id"], name=op.f("fk_deviation_position_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deviation_position")),
        sa.UniqueConstraint(
            "version_id", "party_id", "serial", name=op.f("uq_deviation_position_version_id_party_id_serial")
        ),
    )
    op.create_table(
        "deviation_confirmation",
        sa.Column("position_id", sa.Integer(), nullable=False),
        sa.Column("is_ours", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", proeftuin.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["position_id"], ["deviation_position.id"], name=op.f("fk_deviation_confirmation_position_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_deviation_confirmation_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("position_id", name=op.f("pk_deviation_confirmation")),
    )
