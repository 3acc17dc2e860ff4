"""Proeftuin: pilots with other ways of appraising, rewarding and developing people, in the open."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType

from flask import Blueprint
from werkzeug.middleware.proxy_fix import ProxyFix

from proeftuin import config, logs
from proeftuin.config import Config
from proeftuin.web.application import Application
from proeftuin.web.turns import Turns


def create_app(settings: Config | None = None) -> Application:
    """Make the application: one line for each concern. This module alone knows every room of the house."""
    from proeftuin.accounts.models import Person
    from proeftuin.following.queries import unread_of
    from proeftuin.web import as_of, failures, guard, identity, rendering

    settings = settings or config.load()
    app = Application(settings)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TESTING=settings.testing,
        SESSION_COOKIE_NAME="__Host-proeftuin" if settings.is_https else "proeftuin",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        WTF_CSRF_CHECK_DEFAULT=False,  # the guard asks for it, where something can change
        WTF_CSRF_TIME_LIMIT=None,  # a token lives as long as the sign-in
        MAX_CONTENT_LENGTH=2_000_000,
        MAX_FORM_MEMORY_SIZE=1_500_000,
        MAX_FORM_PARTS=500,
    )
    if app.database.is_in_process:  # else a request mostly waits for the database, and others can use that time
        app.wsgi_app = Turns(app.wsgi_app)  # type: ignore[method-assign]
    if settings.trusted_proxies:  # else nobody outside is believed about addresses
        proxies = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    logs.init_app(app)
    identity.init_app(app, unread=unread_of(Person.id))
    rendering.init_app(app)
    guard.init_app(app)
    failures.init_app(app)
    as_of.init_app(app)
    for blueprint in _blueprints():
        app.register_blueprint(blueprint)
    for subscriptions in _subscriptions():
        subscriptions.init_app(app)
    for commands in _commands():
        app.cli.add_command(commands.group)
    return app


def _blueprints() -> tuple[Blueprint, ...]:
    from proeftuin.accounts.admin import blueprint as accounts_admin
    from proeftuin.accounts.views import blueprint as accounts_views
    from proeftuin.audit.views import blueprint as audit_views
    from proeftuin.cao.views import blueprint as cao_views
    from proeftuin.deviations.views import blueprint as deviations_views
    from proeftuin.evidence.views import blueprint as evidence_views
    from proeftuin.exchange.views import blueprint as exchange_views
    from proeftuin.files.views import blueprint as files_views
    from proeftuin.following.views import blueprint as following_views
    from proeftuin.outcomes.views import blueprint as outcomes_views
    from proeftuin.pilots.admin import blueprint as themes_admin
    from proeftuin.pilots.views import blueprint as pilots_views
    from proeftuin.search.views import blueprint as search_views
    from proeftuin.talk.comment_views import blueprint as talk_views
    from proeftuin.web.views import blueprint as web_views
    from proeftuin.wiki.views import blueprint as wiki_views

    return (
        web_views,
        accounts_views,
        accounts_admin,
        themes_admin,
        search_views,
        following_views,
        cao_views,
        deviations_views,
        outcomes_views,
        pilots_views,
        talk_views,
        wiki_views,
        evidence_views,
        exchange_views,
        files_views,
        audit_views,
    )


def _subscriptions() -> tuple[ModuleType, ...]:
    """Return the modules that hear of events, in the order in which they are told."""
    from proeftuin.accounts import subscriptions as accounts_subscriptions
    from proeftuin.audit import subscriptions as audit_subscriptions
    from proeftuin.deviations import subscriptions as deviations_subscriptions
    from proeftuin.files import subscriptions as files_subscriptions
    from proeftuin.following import subscriptions as following_subscriptions
    from proeftuin.outcomes import subscriptions as outcomes_subscriptions
    from proeftuin.pilots import subscriptions as pilots_subscriptions
    from proeftuin.search import subscriptions as search_subscriptions
    from proeftuin.wiki import subscriptions as wiki_subscriptions

    return (
        accounts_subscriptions,
        pilots_subscriptions,
        deviations_subscriptions,
        outcomes_subscriptions,
        wiki_subscriptions,
        files_subscriptions,
        search_subscriptions,
        following_subscriptions,
        audit_subscriptions,
    )


def _commands() -> tuple[ModuleType, ...]:
    from proeftuin.accounts import cli as accounts_cli
    from proeftuin.audit import cli as audit_cli
    from proeftuin.cao import cli as cao_cli
    from proeftuin.demo import cli as demo_cli
    from proeftuin.events import cli as events_cli
    from proeftuin.exchange import cli as exchange_cli
    from proeftuin.files import cli as files_cli
    from proeftuin.search import cli as search_cli
    from proeftuin.web import database_cli
    from proeftuin.wiki import cli as wiki_cli

    return (
        accounts_cli,
        audit_cli,
        cao_cli,
        database_cli,
        demo_cli,
        events_cli,
        exchange_cli,
        files_cli,
        search_cli,
        wiki_cli,
    )
