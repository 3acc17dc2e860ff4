"""What changed, in the text as it is read: both texts are in it, and nothing that a text may not bring about."""

from __future__ import annotations

import re

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from proeftuin import markup
from proeftuin.markup import Link
from proeftuin.wiki.reading_diff import FIRST, compare_readings
from tests.markup import dom
from tests.markup.payloads import PAYLOADS

PIECES = [
    "Elk team verdeelt zelf de pot.",
    "Elk team verdeelt **zelf** de hele pot, zie [[De maat]].",
    "Ziekte telt ~~nooit~~ mee[^1].\n\n[^1]: Dat is afgesproken.",
    "## De regels",
    "- een\n- twee [link](https://voorbeeld.nl)\n- drie",
    "- een\n- twee\n    - diep\n- vier",
    "1. eerst\n2. dan",
    "- [ ] nog doen\n- [x] gedaan",
    "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |",
    "| a | b | c |\n|---|---|---|\n| 1 | 9 | 2 |",
    "> Een citaat\n> van twee regels",
    "```\ncode  met   spaties\nen meer\n```",
    "![een foto](/foto.png)",
    "---",
    "Regel één  \nregel twee & <tekens>",
]
texts = st.lists(st.sampled_from(PIECES) | st.text("ab *_[]()#|>-\n`~&<", max_size=40), max_size=6).map("\n\n".join)


def rendered(text: str) -> Markup:
    return markup.render(text, resolve=lambda target: Link("/wiki/x", exists=True)).html


def words_of(html: str, without: str = "") -> list[str]:
    """Return the words and pictures that a reader sees, leaving out everything in one kind of mark."""
    found: list[str] = []

    def walk(node: object, tag: str) -> None:
        if without and tag == without:
            return
        if tag == "img":
            found.append(node.get("src"))  # type: ignore[attr-defined]
        if tag == "i":
            found.append(node.get("class"))  # type: ignore[attr-defined]
        found.append(node.text or "")  # type: ignore[attr-defined]
        for child in node:  # type: ignore[attr-defined]
            walk(child, child.tag)
            found.append(child.tail or "")

    walk(html5lib.parseFragment(html, namespaceHTMLElements=False), "")
    return re.findall(r"\w+|[^\w\s]", " ".join(found))


def unmarked(text: Markup) -> str:
    """Return rendered HTML with what its writer struck out under another name, as the comparison has it."""
    return str(text).replace("<del>", "<s>").replace("</del>", "</s>")


@settings(max_examples=400, deadline=None)
@given(old=texts, new=texts)
def test_both_texts_can_be_read_in_what_changed(old: str, new: str) -> None:
    before, after = rendered(old), rendered(new)
    shown = compare_readings(before, after)
    joined = "".join  # a word of which a part came is one word to the reader and two to the marks
    assert joined(words_of(shown, without="ins")) == joined(words_of(unmarked(before)))
    assert joined(words_of(shown, without="del")) == joined(words_of(unmarked(after)))


@settings(max_examples=100, deadline=None)
@given(text=texts)
def test_a_text_that_did_not_change_has_no_marks(text: str) -> None:
    shown = compare_readings(rendered(text), rendered(text))
    assert "<ins" not in shown
    assert "<del" not in shown


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_changed_is_as_safe_as_the_texts(payload: str) -> None:
    for old, new in ((payload, "Iets anders."), ("Iets anders.", payload), (payload, f"{payload} en meer")):
        shown = str(compare_readings(rendered(old), rendered(new)))
        # Our own marks are taken off; all else must be what a text may bring about.
        bare = re.sub(rf' id="{FIRST}"', "", shown).replace("<ins>", "").replace("</ins>", "")
        bare = re.sub(r"</?s>", "", bare)
        bare = re.sub(r' class="([^"]*?) ?\b(?:is|was)"', lambda m: f' class="{m[1]}"' if m[1] else "", bare)
        assert dom.complaints(bare) == []


def test_words_blocks_rows_items_and_pictures_are_marked_where_they_stand() -> None:
    shown = compare_readings(
        rendered("Het *hele* team.\n\n- een\n- twee\n\n| a |\n|---|\n| 1 |"),
        rendered("Het *halve* team.\n\n- een\n- drie\n- twee\n\n| a |\n|---|\n| 1 |\n| 2 |"),
    )
    assert f'<em><del id="{FIRST}">hele</del><ins>halve</ins></em>' in shown
    assert '<li>een</li><li class="is"><ins>drie</ins></li><li>twee</li>' in shown
    assert '<tr class="is"><td class="n"><ins>2</ins></td></tr>' in shown


def test_what_the_writer_struck_out_is_not_taken_for_what_went() -> None:
    shown = compare_readings(rendered("Wel ~~niet~~ dus."), rendered("Wel ~~niet~~ dus niet."))
    assert "<s>niet</s>" in shown
    assert "<del" not in shown


def test_a_link_that_leads_elsewhere_is_a_change() -> None:
    shown = compare_readings(rendered("Zie [hier](/een)."), rendered("Zie [hier](/twee)."))
    assert re.search(r'<a href="/een"><del[^>]*>hier</del></a><a href="/twee"><ins>hier</ins></a>', shown)


def test_headings_keep_their_address_once() -> None:
    shown = compare_readings(rendered("## Doel\n\nEen."), rendered("## Doel\n\nTwee.\n\n## Doel\n\nDrie."))
    ids = re.findall(r'id="([^"]+)"', shown)
    assert len(ids) == len(set(ids))
    assert "kop-doel" in " ".join(ids)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a b " * 12_000, "b a " * 12_000),
        ("- x\n" * 2_000, "- y\n- x\n" * 1_000),
        ("\n\n".join(f"alinea {n % 7}" for n in range(2_000)), "\n\n".join(f"alinea {n % 5}" for n in range(2_000))),
        ("|a|b|\n|-|-|\n" + "|1|2|\n" * 1_500, "|a|b|\n|-|-|\n" + "|2|1|\n" * 1_500),
    ],
)
def test_the_worst_texts_come_out_whole(old: str, new: str) -> None:
    before, after = rendered(old), rendered(new)
    shown = compare_readings(before, after)
    assert "".join(words_of(shown, without="ins")) == "".join(words_of(str(before)))
    assert "".join(words_of(shown, without="del")) == "".join(words_of(str(after)))
