"""Alembic's environment: the engine comes from the application, batch mode makes SQLite change its tables."""

from __future__ import annotations

from alembic import context

from proeftuin.accounts import models as accounts_models
from proeftuin.db import Base
from proeftuin.events import models as events_models
from proeftuin.following import models as following_models
from proeftuin.pilots import models as pilots_models
from proeftuin.talk import models as talk_models
from proeftuin.wiki import models as wiki_models

MODELS = (
    accounts_models,
    events_models,
    following_models,
    pilots_models,
    talk_models,
    wiki_models,
)


def run() -> None:
    """Run the migrations in one transaction."""
    given = context.config.attributes.get("connection")
    if given is not None:
        _run_on(given)
        return
    with context.config.attributes["engine"].connect() as connection:
        _run_on(connection)
        connection.commit()


def _run_on(connection) -> None:  # type: ignore[no-untyped-def]
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        user_module_prefix="proeftuin.db.",
    )
    with context.begin_transaction():
        context.run_migrations()


run()
