"""Addresses in templates are built once, with the number of a row put in each time; hosts are judged once."""

from __future__ import annotations

from typing import Any

import pytest
from flask import request, url_for

from proeftuin.web.application import MOST_HOSTS, Application, RowNumber
from proeftuin.web.rendering import address, asked_address


def test_an_address_is_the_one_that_flask_builds(app: Application) -> None:
    """For every address with numbers in it: the first time, the second time, and with another number."""
    rules = [rule for rule in app.url_map.iter_rules() if {type(c) for c in rule._converters.values()} == {RowNumber}]
    assert len(rules) > 50
    with app.test_request_context("/"):
        for rule in rules:
            for numbers in ((7, 8, 9), (7, 8, 9), (1, 2_000_000_000, 3)):
                values: dict[str, Any] = dict(zip(sorted(rule.arguments), numbers, strict=False))
                assert address(rule.endpoint, **values) == url_for(rule.endpoint, **values)


@pytest.mark.parametrize(
    "more",
    [
        {"pagina": 3},
        {"pagina": 3, "q": "é & ?"},
        {"q": None},
        {"soort": ["a", "b"], "pagina": 2},
        {"pagina": 2, "van": 5, "zonder": None},
        {"aan": True},
    ],
)
def test_what_else_is_asked_stands_behind_it(app: Application, more: dict[str, Any]) -> None:
    with app.test_request_context("/"):
        for _ in range(2):
            given = address("talk.reply", thread_id=4, **more)
            assert given == url_for("talk.reply", thread_id=4, **more)
            assert address("following.changes", **more) == url_for("following.changes", **more)


@pytest.mark.parametrize(
    "path", ["/", "/wiki/hulp", "/a%20b", "/caf%C3%A9", "/x?y=1&z=%C3%A9", "/it's(1)!*;,=@:$&~+"]
)
def test_the_address_that_was_asked_for_leads_back(app: Application, path: str) -> None:
    with app.test_request_context(path):
        here = asked_address()
        asked = request.path, request.query_string
        assert here.isascii()
    with app.test_request_context(here):
        assert (request.path, request.query_string) == asked


def test_each_host_is_bound_to_its_own_name(app: Application) -> None:
    for host in ("een.example", "twee.example:8000", "een.example", "twee.example:8000"):
        with app.test_request_context("/wiki?q=1", base_url=f"http://{host}", method="GET"):
            assert url_for("web.home", _external=True) == f"http://{host}/"
            assert request.endpoint == "wiki.index"
    with app.test_request_context("/wiki", base_url="https://een.example/onder"):
        assert url_for("web.home", _external=True) == "https://een.example/onder/"


def test_hosts_that_are_made_up_take_no_room(app: Application) -> None:
    for number in range(2 * MOST_HOSTS):
        with app.test_request_context("/wiki", base_url=f"http://h{number}.example"):
            assert url_for("web.home", _external=True) == f"http://h{number}.example/"
    assert len(app._bound) <= MOST_HOSTS
