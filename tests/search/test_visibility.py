"""Can someone notice that a document exists which they may not read?"""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proeftuin.search.engine import Engine, Results
from proeftuin.search.schema import Document
from tests.search.shelf import document, filled, keys

QUERIES = ["", "geheim", "gehe*", '"geheim plan"', "plan", "pla*", "-plan", "plan -geheim", "openbaar plan", "OR"]


def shown(results: Results) -> object:
    """Return everything that a reader gets to see."""
    return (results.total, results.hits, results.facets)


def all_that_is_shown(engine: Engine, spaces: frozenset[int]) -> list[object]:
    return [
        shown(engine.search(query, spaces=spaces, order=order, per_page=5))
        for query in QUERIES
        for order in ("best", "newest")
    ]


def test_a_hidden_document_is_found_by_its_team_alone(tmp_path: Path) -> None:
    engine = filled(
        tmp_path,
        [
            document("page:1", "Openbaar plan", "loon"),
            document("page:2", "Geheim plan", "salaris", space=7, themes=("beloning",), phase="concept"),
        ],
    )
    for query in ("plan", "salaris", "sal*", "geheim", '"geheim plan"', ""):
        assert "page:2" not in keys(engine.search(query))
        assert "page:2" not in keys(engine.search(query, spaces=frozenset({8})))
        assert "page:2" in keys(engine.search(query, spaces=frozenset({7})))
    assert engine.search("").facets["theme"] == []
    assert engine.search("", spaces=frozenset({7})).facets["theme"] == [("beloning", 1)]


def test_words_of_hidden_documents_take_no_room_from_a_beginning(tmp_path: Path) -> None:
    hidden = [document(f"page:{n}", "", f"loon{n:03}a", space=3) for n in range(300)]
    engine = filled(tmp_path, [*hidden, document("page:900", "", "loonzzzzzzzzzz")])
    assert keys(engine.search("loon*")) == ["page:900"]


def test_a_document_that_was_closed_is_gone_with_the_next_search(tmp_path: Path) -> None:
    engine = filled(tmp_path, [document("page:1", "Plan", "loon")])
    assert engine.search("loon").total == 1
    engine.index.update([document("page:1", "Plan", "loon", space=7)])
    assert engine.search("loon").total == 0
    assert engine.search("loon", spaces=frozenset({7})).total == 1


WORDS = st.lists(
    st.sampled_from(["geheim", "plan", "openbaar", "OR", "planning", "gehele", "ondernemingsraad", "de"]), max_size=6
).map(" ".join)
SOME = st.builds(
    lambda title, body, theme, phase, space: (title, body, (theme,), phase, space),
    WORDS,
    WORDS,
    st.sampled_from(["a", "b", "c"]),
    st.sampled_from(["lopend", "concept"]),
    st.integers(0, 3),
)


def shelf(rows: list[tuple[str, str, tuple[str, ...], str, int]]) -> list[Document]:
    return [
        document(f"page:{n}", title, body, themes=themes, phase=phase, space=space)
        for n, (title, body, themes, phase, space) in enumerate(rows)
    ]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(SOME, max_size=14), spaces=st.frozensets(st.integers(1, 3), max_size=2))
def test_hidden_documents_change_nothing_that_is_shown(
    tmp_path: Path, rows: list[tuple[str, str, tuple[str, ...], str, int]], spaces: frozenset[int]
) -> None:
    everything = shelf(rows)
    visible = [each for each in everything if each.space in {0, *spaces}]
    hidden = [each for each in everything if each not in visible]
    # Hidden ones before, between and after, over several segments, some deleted again.
    full = filled(tmp_path / "full", everything[::2])
    full.index.update(everything[1::2])
    full.index.update([], [each.key for each in hidden[::3]])
    bare = filled(tmp_path / "bare", visible)
    assert all_that_is_shown(full, spaces) == all_that_is_shown(bare, spaces)
    full.close()
    bare.close()
