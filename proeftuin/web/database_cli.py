"""`flask db`: bring the database to the newest form, or back, with Alembic."""

from __future__ import annotations

from pathlib import Path

import click
from alembic import command
from alembic.config import Config as AlembicConfig
from flask.cli import AppGroup

from proeftuin.db import Database
from proeftuin.web.application import database, settings

ROOT = Path(__file__).resolve().parents[2]

group = AppGroup("db", help="Bring the database up to date.")


def alembic_config(database: Database) -> AlembicConfig:
    """Return Alembic's settings, with the engine of the application instead of an ini file."""
    configuration = AlembicConfig()
    configuration.set_main_option("script_location", str(ROOT / "migrations"))
    configuration.attributes["engine"] = database.engine
    return configuration


def _alembic() -> AlembicConfig:
    settings().data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return alembic_config(database())


@group.command("upgrade")
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the tables to the newest form (or to REVISION)."""
    command.upgrade(_alembic(), revision)


@group.command("downgrade")
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Bring the tables back to REVISION."""
    command.downgrade(_alembic(), revision)


@group.command("revision")
@click.option("-m", "--message", required=True)
def revision(message: str) -> None:
    """Write a migration from the difference between models and tables."""
    command.revision(_alembic(), message, autogenerate=True)


@group.command("check")
def check() -> None:
    """Say whether the tables are what the models describe."""
    command.check(_alembic())
