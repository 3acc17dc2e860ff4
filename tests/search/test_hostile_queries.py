"""Does the search stay up, and its work bounded, whatever is typed?"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proeftuin.search.engine import MOST_EXPANSIONS, Engine, Filters
from proeftuin.search.query import parse
from proeftuin.search.snippets import Wanted, snippet
from tests.search.shelf import document, filled

HOSTILE = [
    *("a*", "*", "**", "?*", "*a*", "?", "a?", "aa*", "aaa*", "* *", "*" * 5000, "a*" * 2000, "*a", "woord~", "a~5"),
    *(
        "abcdef~3",
        "[a TO z]",
        "[TO]",
        "{a TO}",
        "[[[[",
        "]]]]",
        "(" * 3000,
        ")" * 3000,
        "(" * 3000 + "a" + ")" * 3000,
    ),
    *("NOT", "NOT NOT", "NOT NOT NOT a", "AND", "OR", "AND OR NOT", "a AND", "OR b", "NOT (a OR", "a ANDNOT b"),
    *("-", "--", "---a", "-a", "-a -b -c", "- a", '-"', '-""', "-*", "-a*", "- -", '"', '""', '"""', '"a', 'a"'),
    *('"a"b"', '"' * 3000, '"a ' * 1000, '"de het een"', '"' + "woord " * 500 + '"', "title:a", "body:", ":", ":::"),
    *("_id:1", "a:b:c", "space:7", "key:page:1", "\\", "\\\\*", "a\\", "\\u0000", "\x00", "a\x00b", "\x1f\x7f"),
    *("\r\n\t\v\f", "\ufeff", "\u202e\u202dabc", "\u200b", "\ud800", "a\udfff*", "e\u0301" * 500, "\u0301" * 500),
    *("İ" * 300, "ß*", "ŉ", "😀", "%", "%00", "%27 OR 1=1 --", "'; DROP TABLE pages; --", "' OR ''='", "${7*7}"),
    *("{{7*7}}", "<script>alert(1)</script>", "^a", "a^1000", "+a +b", "a && b || !c", "!a", "a" * 100_000),
    *("a " * 50_000, " ".join(f"w{n}*" for n in range(500)), " ".join(f"-w{n}" for n in range(500)), "loo* " * 200),
    *(
        "9" * 5000,
        "1." * 2000,
        "-" * 4000,
        "a-" * 2000,
        "a'" * 2000,
        "a-b-c-d-e-f-g-h",
        "'''",
        "’s",
        "....",
        "a.b.c.d",
    ),
    *("a.b.c.d", "1,2,3.4:5", "٣٤٥", "中文*", "loo* -loo*", "loo* " + "-loo* " * 5, '"looaanig looabnig" loo*'),
]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    words = [f"loo{chr(97 + a)}{chr(97 + b)}nig" for a in range(26) for b in range(26)]
    documents = [document(f"page:{n}", words[n % 676], " ".join(words[n : n + 40])) for n in range(600)]
    return filled(tmp_path_factory.mktemp("hostile"), documents)


def test_there_are_enough_hostile_queries() -> None:
    assert len(HOSTILE) >= 77


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_query_is_answered(engine: Engine, query: str) -> None:
    results = engine.search(query, spaces=frozenset({1, 2}), filters=Filters(kind=frozenset({query[:20]})))
    snippet("Een loon en een beloning, telkens weer. " * 200, Wanted.of(results.query))
    assert results.total == 0


@settings(deadline=None)
@given(st.text())
def test_any_text_is_answered(engine: Engine, query: str) -> None:
    results = engine.search(query)
    assert 0 <= results.total <= 600


def test_a_beginning_stands_for_a_bounded_number_of_words(engine: Engine) -> None:
    engine.search("loo*")
    generation = engine._generation
    assert generation is not None
    assert len(generation.expand("loo", 0)) == MOST_EXPANSIONS


def test_what_is_kept_in_memory_is_bounded(tmp_path: Path) -> None:
    words = [f"woord{n}" for n in range(2000)]
    engine = filled(tmp_path, [document(f"page:{n}", "", " ".join(words)) for n in range(10)])
    engine._cache.most_bytes = 50_000
    for word in words:
        assert engine.search(word).total == 10
    assert engine._cache.bytes <= 50_000


def test_a_pathological_page_number_is_answered(engine: Engine) -> None:
    assert engine.search("loo*", page=10**9).hits == []
    assert len(engine.search("loo*", page=-3, per_page=0).hits) == 1


def test_the_parts_of_a_query_are_shown_as_typed() -> None:
    assert [clause.text for clause in parse("title:loon -cao").required] == ["title", "loon"]
