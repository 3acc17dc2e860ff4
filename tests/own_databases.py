"""Databases that a test has for itself, with transactions that really end: copies of one that was migrated once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine, make_url, text

from proeftuin.db import Database
from proeftuin.web.database_cli import alembic_config


class OwnDatabases:
    """Makes them, in a folder or on a server; `server` is asked for its address when it is needed."""

    def __init__(self, folder: Path, server: Callable[[], str]) -> None:
        self._folder, self._server = folder, server
        self._originals: dict[str, str] = {}
        self._numbers = count()

    def make(self, kind: str) -> str:
        """Return the address of a migrated, empty database that nobody else uses."""
        if kind not in self._originals:
            self._originals[kind] = _migrated(self._empty(kind))
        original = self._originals[kind]
        if kind == "sqlite":
            copy = self._file()
            shutil.copy(str(make_url(original).database), copy)
            return f"sqlite:///{copy}"
        return self._on_server(f"TEMPLATE {make_url(original).database}")

    def _empty(self, kind: str) -> str:
        return f"sqlite:///{self._file()}" if kind == "sqlite" else self._on_server("TEMPLATE template1")

    def _file(self) -> Path:
        return self._folder / f"own{next(self._numbers)}.db"

    def _on_server(self, how: str) -> str:
        name = f"own_{os.getpid()}_{next(self._numbers)}"  # tests run side by side
        server = make_url(self._server())
        engine = create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
            connection.execute(text(f"CREATE DATABASE {name} {how}"))
        engine.dispose()
        return server.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Take a database away behind the test, once nobody is connected to it."""
        given = make_url(url)
        if given.get_backend_name() == "sqlite":
            Path(str(given.database)).unlink()
            return
        engine = create_engine(make_url(self._server()), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {given.database} WITH (FORCE)"))
        engine.dispose()


def _migrated(url: str) -> str:
    database = Database(url)
    command.upgrade(alembic_config(database), "head")
    database.close()
    return url
