"""What holds for every text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from proeftuin.markup import Link, excerpt, find_targets, plain, render
from tests.markup.dom import complaints
from tests.markup.payloads import PAYLOADS

PIECES = [
    "a", "b c", " ", "  ", "    ", "\n", "\n\n", "\t", "*", "**", "_", "~~", "`", "```", "\n```\n", "[", "]",
    "(", ")", "![", "](", "[[", "]]", "|", "[^1]", "\n[^1]: ", "\n[a]: /b\n", "[a]", "\n- ", "\n  - ",
    "\n1. ", "\n- [x] ", "\n- [ ] ", "\n> ", "\n# ", "\n## ", "\n---\n", "\n===\n",
    "\n| a | b |\n|---|--:|\n| ", "\n: ", "<", ">", "&", "&lt;", "&#58;", '"', "'", "\\", "http://a.example/",
    "<http://a.example>", "<a@b.example>", "/c", "javascript:", "[[x|y]]", "[x](/y)", "![x](/y)", "\x02",
    "\x03", "\x1f", "\x00", "\xe9", "\ud800", "\u2028", "\u202e", "///Footnotes Go Here///", "!!! note\n",
    "*[a]: b\n", "[TOC]",
]  # fmt: skip

texts = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.lists(st.one_of(st.sampled_from(PIECES), st.sampled_from(PAYLOADS), st.text(max_size=5)), max_size=15).map(
        "".join
    ),
    st.text(max_size=200),
)


def resolve(target: str) -> Link:
    return Link(f"/p/{len(target)}", exists=len(target) % 2 == 0)


@settings(max_examples=500, deadline=None)
@given(texts)
def test_any_text_renders_to_allowed_html(text: str) -> None:
    shown = render(text, resolve=resolve)
    assert complaints(shown.html) == []
    assert "\x02" not in shown.html
    assert "\x1f" not in shown.html
    assert set(shown.targets) <= set(find_targets(text))
    assert all(f'id="{heading.id}"' in shown.html for heading in shown.headings)


@settings(max_examples=200, deadline=None)
@given(texts)
def test_rendering_twice_gives_the_same(text: str) -> None:
    assert render(text, resolve=resolve) == render(text, resolve=resolve)


@settings(max_examples=300, deadline=None)
@given(texts, st.integers(min_value=2, max_value=80))
def test_any_text_has_words_and_an_excerpt_of_the_length_asked(text: str, length: int) -> None:
    assert "\n\n" not in plain(text)
    assert len(excerpt(text, length)) <= length


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(alphabet="abcdefgh", min_size=1, max_size=6), min_size=1, max_size=30))
def test_words_without_signs_all_reach_the_page(words: list[str]) -> None:
    text = " ".join(words)
    assert render(text, resolve=resolve).html == f"<p>{text}</p>"
    assert plain(text) == text
