"""Turning a template into a page in the reader's language, with what every page shares."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

from flask import current_app, g, get_flashed_messages, request, session, url_for
from flask_wtf.csrf import generate_csrf
from itsdangerous import URLSafeTimedSerializer

from proeftuin import clock, i18n
from proeftuin.web.application import Application
from proeftuin.web.assets import Assets
from proeftuin.web.filters import for_language
from proeftuin.web.identity import count_unread, find_actor
from proeftuin.web.templating import Templates

ROOT = Path(__file__).resolve().parents[2]
_USUAL = re.compile(r"[\w/:@!$&'()*+,;=~.-]*", re.ASCII)
"""An address in which nothing has to be encoded."""
_ROW = 807_060_504_030_201_000
"""Stands for the number of a row while an address is built; no row has it."""


def init_app(app: Application) -> None:
    """Load the templates of both languages and the style sheets, and give templates their shared names."""
    assets = Assets(ROOT / "static")
    templates = Templates(ROOT / "templates", i18n.catalogues)
    templates.add_globals(
        asset_url=assets.url,
        csrf_token=csrf_token,
        messages=messages,
        org_name=app.settings.org_name,
        is_demo=app.settings.demo,
        url=address,
    )
    templates.compile_all()
    app.register_blueprint(assets.blueprint)
    app.extensions["templates"] = templates


def render(name: str, **context: Any) -> str:
    """Render a template with the actor, the number of unread notices, the language and the day that is shown."""
    actor = find_actor()
    language = i18n.language()
    templates: Templates = current_app.extensions["templates"]
    return templates.get_template(language, name).render(
        actor=actor, unread=count_unread(), now=clock.today(), here=asked_address(), glance=g.get("glance"), **context
    )


def render_bare(name: str, **context: Any) -> str:
    """Render a template that needs no actor, no session and no database (when those are what failed)."""
    templates: Templates = current_app.extensions["templates"]
    return templates.get_template(i18n.language(), name).render(**context)


def clock_time(moment: datetime) -> str:
    """Return what the clock says at a moment as the reader writes it: 16.40, in English 16:40."""
    return str(for_language(i18n.language())["clock"](moment))


def messages() -> Sequence[Any]:
    """Return what is to be said on the next page, with its category."""
    return get_flashed_messages(with_categories=True) if "_flashes" in session else ()


def csrf_token() -> str:
    """Return the token against forged forms of this session. It has no time limit, so it is signed once."""
    raw = session.get("csrf_token")
    return _signed(raw, current_app.secret_key) if raw is not None else generate_csrf()


@lru_cache(maxsize=4096)
def _signed(raw: str, secret: str) -> str:
    return str(URLSafeTimedSerializer(secret, salt="wtf-csrf-token").dumps(raw))


def asked_address() -> str:
    """Return the address that was asked for, with everything unusual in it encoded, so that it can be printed."""
    path, query = request.path, request.query_string
    return path if not query and _USUAL.fullmatch(path) else _encoded(path, query)


@lru_cache(maxsize=4096)
def _encoded(path: str, query_string: bytes) -> str:
    path = quote(path, safe="/:@!$&'()*+,;=~-._")
    query = quote(query_string, safe="/:@!$&'()*+,;=~-._?%")
    return f"{path}?{query}" if query else path


def address(endpoint: str, **values: Any) -> str:
    """Return the address of an endpoint. It is built once; the number of a row is put in it each time."""
    number = next((name for name, value in values.items() if type(value) is int), None)
    row = None if number is None else values.pop(number)
    try:
        before, after = _built(endpoint, number, tuple(sorted(values.items())))
    except TypeError:  # a value that cannot be a key (a list): build it each time
        return url_for(endpoint, **values, **({} if number is None else {number: row}))
    return before if number is None else f"{before}{row}{after}"


@lru_cache(maxsize=4096)
def _built(endpoint: str, number: str | None, values: tuple[tuple[str, Any], ...]) -> tuple[str, str]:
    """Return an address, or what stands before and after the value that is a number."""
    numbered = values if number is None else sorted([*values, (number, _ROW)])
    given = {key: value for key, value in numbered if value is not None}
    built = cast(Application, current_app).url_map.bind("").build(endpoint, given)
    before, _, after = built.partition(str(_ROW)) if number is not None else (built, "", "")
    return before, after
