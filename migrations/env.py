"""Alembic's environment: the engine comes from the application, batch mode makes SQLite change its tables."""

from __future__ import annotations

from alembic import context

from proeftuin.accounts import models as accounts_models
from proeftuin.audit import models as audit_models
from proeftuin.cao import models as cao_models
from proeftuin.db import Base
from proeftuin.deviations import models as deviations_models
from proeftuin.events import models as events_models
from proeftuin.exchange import models as exchange_models
from proeftuin.files import models as files_models
from proeftuin.following import models as following_models
from proeftuin.outcomes import models as outcomes_models
from proeftuin.past import views as past_views
from proeftuin.pilots import models as pilots_models
from proeftuin.talk import models as talk_models
from proeftuin.wiki import anchors as wiki_anchors
from proeftuin.wiki import draft_rows as wiki_drafts
from proeftuin.wiki import models as wiki_models
from proeftuin.wiki import side_versions as wiki_side_versions
from proeftuin.wiki import suggestions as wiki_suggestions

MODELS = (
    accounts_models,
    audit_models,
    cao_models,
    deviations_models,
    outcomes_models,
    events_models,
    exchange_models,
    files_models,
    following_models,
    pilots_models,
    talk_models,
    wiki_anchors,
    wiki_drafts,
    wiki_models,
    wiki_side_versions,
    wiki_suggestions,
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
    # Views hold on to the columns of their tables, so they go first and come back last.
    with context.begin_transaction():
        past_views.drop(connection)
        context.run_migrations()
        past_views.rebuild(connection)


run()
