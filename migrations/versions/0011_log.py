"""The sealed log

Its first entry says that it begins here: of what happened before, nothing is sealed. The database itself refuses to
change or remove what is written; the triggers below are part of the tables.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLES = ("log_entry", "log_content", "log_erasure", "log_node", "log_seal")
KEYS = {"log_content": "position", "log_erasure": "position", "log_node": "place", "log_seal": "day"}
FIRST = "Het logboek begint hier. Wat eerder gebeurde, staat in de geschiedenis van de site en is niet verzegeld."


def upgrade() -> None:
    _create_tables()
    _begin()
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def downgrade() -> None:
    for name in ("log_actor", "log_seal", "log_node", "log_erasure", "log_content", "log_entry"):
        op.drop_table(name)
    if op.get_bind().dialect.name == "postgresql":
        for name in ("log_refuse", "log_next", "log_keep_content"):
            op.execute(f"DROP FUNCTION {name}()")


def _create_tables() -> None:
    op.create_table(
        "log_entry",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.Integer(), nullable=True),
        sa.Column("object", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("party", sa.String(length=120), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["subject"], ["subject.id"], name=op.f("fk_log_entry_subject")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_log_entry")),
    )
    op.create_index("ix_log_entry_at", "log_entry", ["at"])
    op.create_table(
        "log_content",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["position"], ["log_entry.position"], name=op.f("fk_log_content_position")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_log_content")),
    )
    op.create_table(
        "log_erasure",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["position"], ["log_entry.position"], name=op.f("fk_log_erasure_position")),
        sa.ForeignKeyConstraint(["entry"], ["log_entry.position"], name=op.f("fk_log_erasure_entry")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_log_erasure")),
    )
    op.create_table(
        "log_node",
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_log_node")),
    )
    op.create_table(
        "log_seal",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("made", sa.String(length=27), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_log_seal")),
    )
    op.create_table(
        "log_actor",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_log_actor_person_id")),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_log_actor_subject_id")),
        sa.PrimaryKeyConstraint("person_id", "subject_id", name=op.f("pk_log_actor")),
        sa.UniqueConstraint("reference", name=op.f("uq_log_actor_reference")),
    )


def _begin() -> None:
    """Write the first entry."""
    salt, content = secrets.token_hex(32), json.dumps({"summary": FIRST}, ensure_ascii=False, separators=(",", ":"))
    entry = {
        "act": "log:started",
        "actor": "",
        "at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "content": hashlib.sha256(bytes.fromhex(salt) + content.encode()).hexdigest(),
        "object": None,
        "party": "",
        "position": 1,
        "previous": "0" * 64,
        "role": "systeem",
        "subject": None,
    }
    body = json.dumps(entry, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    columns = {name: sa.column(name) for name in [*entry, "hash", "salt", "content"]}
    log_entry = sa.table("log_entry", *(columns[name] for name in [*entry, "hash"]))
    log_content = sa.table("log_content", *(sa.column(name) for name in ("position", "salt", "content")))
    op.execute(log_entry.insert().values(**entry, hash=hashlib.sha256(b"\x00" + body).hexdigest()))
    op.execute(log_content.insert().values(position=1, salt=salt, content=content))


def _guard_sqlite() -> None:
    """Refuse changes. INSERT OR REPLACE fires no DELETE trigger, so what would replace a row is refused as well."""
    for table in TABLES:
        op.execute(_trigger(table, "update", "BEFORE UPDATE", ""))
        if table != "log_content":
            op.execute(_trigger(table, "delete", "BEFORE DELETE", ""))
    kept = "WHEN NOT EXISTS (SELECT 1 FROM log_erasure WHERE position = OLD.position)"
    op.execute(_trigger("log_content", "delete", "BEFORE DELETE", kept))
    for table, key in KEYS.items():
        there = f'WHEN EXISTS (SELECT 1 FROM {table} WHERE "{key}" = NEW."{key}")'
        op.execute(_trigger(table, "replace", "BEFORE INSERT", there))
    follows = (
        "WHEN NEW.position IS NOT (SELECT max(position) + 1 FROM log_entry)"
        " OR NEW.previous IS NOT (SELECT hash FROM log_entry WHERE position = NEW.position - 1)"
    )
    op.execute(_trigger("log_entry", "next", "BEFORE INSERT", follows))


def _trigger(table: str, name: str, moment: str, when: str) -> str:
    return (
        f"CREATE TRIGGER {table}_{name} {moment} ON {table} {when}"
        f" BEGIN SELECT RAISE(ABORT, 'the sealed log is only added to'); END"
    )


def _guard_postgresql() -> None:
    refuse = "RAISE EXCEPTION 'the sealed log is only added to'"
    bodies = {
        "log_refuse": f"{refuse};",
        "log_keep_content": f"IF NOT EXISTS (SELECT 1 FROM log_erasure WHERE position = OLD.position) THEN {refuse};"
        " END IF; RETURN OLD;",
        "log_next": "IF NEW.position IS DISTINCT FROM (SELECT max(position) + 1 FROM log_entry) OR NEW.previous IS"
        " DISTINCT FROM (SELECT hash FROM log_entry WHERE position = NEW.position - 1)"
        f" THEN {refuse}; END IF; RETURN NEW;",
    }
    for name, body in bodies.items():
        op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$")
    for table in TABLES:
        changes = "UPDATE" if table == "log_content" else "UPDATE OR DELETE"
        op.execute(
            f"CREATE TRIGGER {table}_update BEFORE {changes} ON {table} FOR EACH ROW EXECUTE FUNCTION log_refuse()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION log_refuse()"
        )
    op.execute(
        "CREATE TRIGGER log_content_delete BEFORE DELETE ON log_content"
        " FOR EACH ROW EXECUTE FUNCTION log_keep_content()"
    )
    op.execute("CREATE TRIGGER log_entry_next BEFORE INSERT ON log_entry FOR EACH ROW EXECUTE FUNCTION log_next()")
