"""What stands above a text is read back as it was written, and cannot be used as a weapon."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proeftuin.exchange import frontmatter
from proeftuin.naming import clean_line

LINE = st.text(max_size=60).map(clean_line)  # titles and names are clean lines
VALUE = st.one_of(LINE, st.integers(-10, 10), st.booleans(), st.dates(), st.lists(LINE))
NAME = st.text("abcdefgh", min_size=1, max_size=8)
TEXT = st.text(st.characters(codec="utf-8"), max_size=300)


@settings(deadline=None)
@given(st.dictionaries(NAME, VALUE, min_size=1), TEXT)
def test_what_was_written_is_read_back_to_the_letter(values: dict[str, object], text: str) -> None:
    found, read = frontmatter.split(frontmatter.write(values, text))
    assert found == values
    assert read == text


@settings(deadline=None)
@given(TEXT)
def test_any_text_can_be_read(text: str) -> None:
    for document in (text, f"---\n{text}", f"---\n{text}\n---\n{text}"):
        with suppress(frontmatter.NoFrontMatter):
            found, rest = frontmatter.split(document)
            assert isinstance(found, dict)
            assert document.endswith(rest)


@pytest.mark.parametrize(
    "block",
    [
        "a: &a [x]\nb: *a",
        "a: !!python/object/apply:os.system [echo]",
        "a: [" + "[" * 50 + "]" * 50 + "]",
        "a: b: c",
        "- een\n- twee",
        "a: 2020-13-45",
        "x: " + "[" * 9_000,
        "a: 'open",
    ],
)
def test_a_block_that_is_no_plain_data_is_refused(block: str) -> None:
    with pytest.raises(frontmatter.NoFrontMatter):
        frontmatter.split(f"---\n{block}\n---\ntekst")


def test_a_line_of_hyphens_is_a_rule() -> None:
    assert frontmatter.split("---\ntekst zonder einde") == ({}, "---\ntekst zonder einde")
