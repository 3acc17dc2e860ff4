"""Where a request may lead: places on this site only."""

from __future__ import annotations

import pytest

from proeftuin.addresses import local_path


@pytest.mark.parametrize("path", ["/", "/mijn", "/zoeken?q=a+b&x=%20", "/é", "/a//b", "/@x", "/http://x"])
def test_a_place_on_this_site_is_followed(path: str) -> None:
    assert local_path(path, "/anders") == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "mijn",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "/a\\b",
        "\\\\evil.example",
        "https://evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "\t//evil.example",
        " //evil.example",
        "/a\r\nSet-Cookie: x=1",
        "/a b",
        "/\x00",
        "/\x85",
        "@evil.example",
        "/" + "a" * 2001,
    ],
)
def test_anything_else_is_not(path: str | None) -> None:
    assert local_path(path, "/anders") == "/anders"
