"""`flask db`: bring the database to the newest form, or back, with Alembic.

What must stay true: Alembic is imported where it is used. The server loads every command and needs it for none; it
would hold 12 MB of it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import AppGroup

from proeftuin.db import Database
from proeftuin.web.application import database, settings

if TYPE_CHECKING:
    from alembic.config import Config as AlembicConfig

ROOT = Path(__file__).resolve().parents[2]

group = AppGroup("db", help="Bring the database up to date.")


def alembic_config(database: Database) -> AlembicConfig:
    """Return Alembic's settings, with the engine of the application instead of an ini file."""
    from alembic.config import Config

    configuration = Config()
    configuration.set_main_option("script_location", str(ROOT / "migrations"))
    configuration.attributes["engine"] = database.engine
    return configuration


def upgrade_tables(database: Database, revision: str = "head") -> None:
    """Bring the tables of a database to the newest form, or to a revision."""
    from alembic import command

    command.upgrade(alembic_config(database), revision)


def downgrade_tables(database: Database, revision: str) -> None:
    """Bring the tables of a database back to a revision."""
    from alembic import command

    command.downgrade(alembic_config(database), revision)


def _own_database() -> Database:
    settings().data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return database()


@group.command("upgrade")
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the tables to the newest form (or to REVISION)."""
    upgrade_tables(_own_database(), revision)


@group.command("downgrade")
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Bring the tables back to REVISION."""
    downgrade_tables(_own_database(), revision)


@group.command("revision")
@click.option("-m", "--message", required=True)
def revision(message: str) -> None:
    """Write a migration from the difference between models and tables."""
    from alembic import command

    command.revision(alembic_config(_own_database()), message, autogenerate=True)


@group.command("check")
def check() -> None:
    """Say whether the tables are what the models describe."""
    from alembic import command

    command.check(alembic_config(_own_database()))
