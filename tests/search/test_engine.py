"""Are the hits right, in the right order, with the right counts?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proeftuin.search import dutch
from proeftuin.search.engine import Engine, Filters, Why
from proeftuin.search.query import Clause, Query, parse
from proeftuin.search.schema import Document
from tests.search.shelf import document, filled, keys

LIBRARY = [
    document(
        "pilot:1", "Zelf je rooster maken", "De ploeg maakt zelf de roosters.", themes=("werktijd",), pilot="zelf"
    ),
    document("page:2", "Verslag", "De beoordelingen zijn geëvalueerd met de OR.", themes=("beoordeling",), year=2025),
    document("page:3", "Loon", "Loon zonder beoordeling, zie artikel 4.6 lid 2.", themes=("beloning", "beoordeling")),
    document("comment:4", "Vraag", "Stemt de ondernemingsraad in met het loongebouw?", phase="afgerond"),
    document("page:5", "Reizen", "Vergoeding van woon-werkverkeer per maatregel van bestuur.", department="hr"),
    document("page:6", "Werktijden", "De werktijdenregeling, werktijd en het bestuur met een maatregel.", year=2025),
    document("department:7", "Techniek", "", phase="", year=0),
]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return filled(tmp_path_factory.mktemp("engine"), LIBRARY)


def found(engine: Engine, query: str) -> set[str]:
    return set(keys(engine.search(query)))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("rooster", {"pilot:1"}),
        ("roosters maken", {"pilot:1"}),
        ("beoordeling", {"page:2", "page:3"}),
        ("beoordelen loon", {"page:3"}),
        ("evalueren", {"page:2"}),
        ("OR", {"page:2", "comment:4"}),
        ("OR evaluatie", set()),
        ('"OR"', {"page:2"}),
        ("4.6", {"page:3"}),
        ("art 4.6.2", {"page:3"}),
        ("woonwerkverkeer", {"page:5"}),
        ("woon-werkverkeer", {"page:5"}),
        ("verkeer", set()),
        ("werkverkeer", {"page:5"}),
        ("loon*", {"page:3", "comment:4"}),
        ("werktijden*", {"page:6"}),
        ("reiz*", {"page:5"}),
        ("werktijd", {"page:6"}),
        ('"maatregel van bestuur"', {"page:5"}),
        ('"bestuur maatregel"', {"page:6"}),
        ("maatregel bestuur", {"page:5", "page:6"}),
        ('maatregel -"maatregel van bestuur"', {"page:6"}),
        ("beoordeling -loon", {"page:2"}),
        ("beoordeling -loo*", {"page:2"}),
        ("-beoordeling -OR -reizen -techniek", {"pilot:1", "comment:4", "page:6"}),
        ("techniek", {"department:7"}),
        ("bestaatniet", set()),
        ("de het", set()),
        ("", {each.key for each in LIBRARY}),
    ],
)
def test_a_query_finds_what_it_says(engine: Engine, query: str, expected: set[str]) -> None:
    assert found(engine, query) == expected


def test_a_word_in_the_title_counts_more(engine: Engine) -> None:
    assert keys(engine.search("loon"))[0] == "page:3"


def test_the_typed_word_counts_more_than_its_synonym(engine: Engine) -> None:
    assert keys(engine.search("ondernemingsraad")) == ["comment:4", "page:2"]


def test_newest_first_on_request_and_for_a_blank_query(engine: Engine) -> None:
    assert keys(engine.search("beoordeling", order="newest")) == ["page:3", "page:2"]
    assert keys(engine.search(""))[0] == "department:7"


def test_every_hit_says_why(engine: Engine) -> None:
    (hit,) = engine.search('rooster ploeg "zelf de roosters" mak*').hits
    assert hit.why == (
        Why("rooster", "word", "title", ("rooster",)),
        Why("ploeg", "word", "body", ("ploeg",)),
        Why("zelf de roosters", "phrase", "title", ("zelf", "rooster")),
        Why("mak*", "prefix", "title", ("maak",)),
    )
    assert [hit.why[0].how for hit in engine.search("OR").hits] == ["word", "synonym"]
    assert hit.matched_terms >= {"rooster", "ploeg"}


def test_facets_count_every_hit_and_not_only_the_page(engine: Engine) -> None:
    results = engine.search("", per_page=2)
    assert results.total == 7
    assert len(results.hits) == 2
    assert results.facets["kind"] == [("page", 4), ("comment", 1), ("department", 1), ("pilot", 1)]
    assert results.facets["theme"] == [("beoordeling", 2), ("beloning", 1), ("werktijd", 1)]
    assert results.facets["department"] == [("techniek", 6), ("hr", 1)]
    assert results.facets["phase"] == [("lopend", 5), ("afgerond", 1)]
    assert results.facets["year"] == [("2026", 4), ("2025", 2)]


def test_a_filter_narrows_all_counts_but_its_own(engine: Engine) -> None:
    results = engine.search("", filters=Filters(kind=frozenset({"page"}), year=frozenset({"2025"})))
    assert set(keys(results)) == {"page:2", "page:6"}
    assert results.facets["kind"] == [("page", 2)]
    assert results.facets["year"] == [("2026", 2), ("2025", 2)]
    assert results.facets["theme"] == [("beoordeling", 1)]


def test_values_of_one_filter_add_up(engine: Engine) -> None:
    results = engine.search("", filters=Filters(kind=frozenset({"pilot", "comment"})))
    assert set(keys(results)) == {"pilot:1", "comment:4"}
    assert dict(results.facets["kind"])["page"] == 4


def test_a_filter_with_an_unknown_value_finds_nothing(engine: Engine) -> None:
    assert engine.search("", filters=Filters(theme=frozenset({"onzin"}))).total == 0


def test_a_search_can_stay_inside_one_pilot(engine: Engine) -> None:
    assert keys(engine.search("", filters=Filters(pilot="zelf"))) == ["pilot:1"]


def test_pages_follow_each_other_without_gap_or_overlap(engine: Engine) -> None:
    one_by_one = [keys(engine.search("", page=n, per_page=2)) for n in range(1, 6)]
    assert [key for part in one_by_one for key in part] == keys(engine.search("", per_page=50))
    assert [len(part) for part in one_by_one] == [2, 2, 2, 1, 0]


# A search as slow and plain as can be, to compare with.

VOCABULARY = ["loon", "lonen", "OR", "ondernemingsraad", "bond", "werktijd", "werktijden", "werktijdenregeling", "de"]
VOCABULARY += ["van", "woon-werkverkeer", "verkeer", "4.6", "lid", "2", "e-mail", "mail", "rooster"]


def stands_in(row: Sequence[str], places: dict[str, list[int]]) -> bool:
    starts = places.get(row[0], [])
    return any(all(start + n in places.get(term, []) for n, term in enumerate(row)) for start in starts)


def answers(document: Document, clause: Clause) -> bool:
    fields = [dutch.positions(document.title), dutch.positions(document.body)]
    rows = (*clause.rows, *clause.others)
    if any(stands_in(row, places) for row in rows for places in fields):
        return True
    return bool(clause.prefix) and any(term.startswith(clause.prefix) for places in fields for term in places)


def plainly(documents: Sequence[Document], query: Query) -> set[str]:
    if query.ignored and not (query.required or query.excluded):
        return set()
    return {
        each.key
        for each in documents
        if all(answers(each, clause) for clause in query.required)
        and not any(answers(each, clause) for clause in query.excluded)
    }


TEXTS = st.lists(st.sampled_from(VOCABULARY), max_size=8).map(" ".join)
PIECES = st.sampled_from(VOCABULARY).flatmap(
    lambda word: st.sampled_from([word, f"-{word}", f"{word}*", f'"{word} van {word}"', f'"{word} rooster"'])
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.tuples(TEXTS, TEXTS, st.sampled_from(["a", "b", ""])), max_size=12),
    queries=st.lists(st.lists(PIECES, max_size=4).map(" ".join), min_size=6, max_size=10),
)
def test_the_engine_finds_what_a_plain_search_finds(
    tmp_path: Path, texts: list[tuple[str, str, str]], queries: list[str]
) -> None:
    documents = [
        document(f"page:{n}", title, body, department=department) for n, (title, body, department) in enumerate(texts)
    ]
    engine = filled(tmp_path / "index", documents[: len(documents) // 2])
    engine.index.update(documents[len(documents) // 2 :])
    for text in queries:
        expected = plainly(documents, parse(text))
        results = engine.search(text, per_page=50)
        assert set(keys(results)) == expected
        assert results.total == len(expected)
        counts = Counter(each.department for each in documents if each.key in expected and each.department)
        assert dict(results.facets["department"]) == counts
        assert [hit.score for hit in results.hits] == sorted((hit.score for hit in results.hits), reverse=True)
    engine.close()
