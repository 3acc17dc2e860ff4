"""Who wrote which block: laws over any row of versions, and what the rules mean in a story."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from proeftuin.wiki.authorship import Block, Ledger, owner
from proeftuin.wiki.blocks import split_blocks

WRITERS = ("Willemijn", "Bilal", "Esra")
LONG = "Elk team verdeelt zelf de helft van de pot, met een begeleider van buiten het team."
OTHER = "Wie ziek is telt gewoon mee, want ziekte is geen keuze en niemand wil dat er zo geteld wordt."
NEW = "Vanaf maart kiest iedereen anoniem, en de uitkomst hangt een week later bij de koffie."


def reckon(*versions: tuple[str, str], ledger: Ledger | None = None, upto: int | None = None) -> list[Block]:
    """Return the blocks of the last version; each version is (writer, text)."""
    ledger = ledger or Ledger()
    blocks: tuple[Block, ...] = ()
    for number, (writer, text) in enumerate(versions[:upto], 1):
        ledger.writers[number] = writer
        blocks = ledger.step(blocks, number, text)
    return list(blocks)


def writers(*versions: tuple[str, str]) -> list[str | int | None]:
    """Return whose each block of the last version is."""
    ledger = Ledger()
    blocks = reckon(*versions, ledger=ledger)
    return [ledger.writers[owner(block, ledger.writers)] for block in blocks]


def bare_words(text: str) -> list[str]:
    """Return the words without the signs around them; a code block or heading has at least its signs."""
    return re.findall(r"\w+", text) or text.split()


words = st.lists(st.sampled_from(["pot", "maat", "uur", "team", "loon", "bond", "dag"]), min_size=1, max_size=8)
paragraph = words.map(" ".join)
text = st.lists(paragraph | st.sampled_from([LONG, OTHER, NEW, "## Doel", "```\n\ncode\n\n```"]), max_size=6)
past = st.lists(st.tuples(st.sampled_from(WRITERS), text.map("\n\n".join)), min_size=1, max_size=9)


@settings(max_examples=300, deadline=None)
@given(versions=past)
def test_every_block_belongs_to_a_writer_whose_version_holds_words_of_it(versions: list[tuple[str, str]]) -> None:
    ledger = Ledger()
    blocks = reckon(*versions, ledger=ledger)
    assert [block.text for block in blocks] == split_blocks(versions[-1][1])
    for block in blocks:
        by = owner(block, ledger.writers)
        assert 1 <= by <= len(versions)
        assert set(bare_words(block.text)) & set(bare_words(versions[by - 1][1]))
        # In the version that is said to have changed it last, it stands as it stands now.
        assert block.text in split_blocks(versions[block.changed - 1][1])
        if block.restored is not None:
            earlier = [text for _, text in versions[: block.restored - 1]]
            assert earlier


@settings(max_examples=100, deadline=None)
@given(versions=past, data=st.data())
def test_it_does_not_matter_where_the_reckoning_begins(versions: list[tuple[str, str]], data: st.DataObject) -> None:
    ledger = Ledger()
    states: list[tuple[Block, ...]] = [()]
    for number, (writer, raw) in enumerate(versions, 1):
        ledger.writers[number] = writer
        states.append(ledger.step(states[-1], number, raw))
    number = data.draw(st.integers(1, len(versions)))
    again = ledger.step(states[number - 1], number, versions[number - 1][1])
    assert again == states[number]


@settings(max_examples=100, deadline=None)
@given(blocks=st.lists(st.sampled_from([LONG, OTHER, NEW, "Kort."]), min_size=1, unique=True), data=st.data())
def test_moving_blocks_takes_nothing_from_their_writer(blocks: list[str], data: st.DataObject) -> None:
    moved = data.draw(st.permutations(blocks))
    found = writers(("Willemijn", "\n\n".join(blocks)), ("Bilal", "\n\n".join(moved)))
    assert found == ["Willemijn"] * len(blocks)


def test_a_small_change_leaves_a_block_with_its_writer_and_says_who_changed_it() -> None:
    blocks = reckon(("Willemijn", LONG), ("Bilal", LONG.replace("helft", "hele")))
    assert (owner(blocks[0], {1: "Willemijn", 2: "Bilal"}), blocks[0].changed) == (1, 2)


def test_a_letter_that_was_wrong_does_not_make_a_short_block_someone_elses() -> None:
    assert writers(("Willemijn", "De maatstaf teldt"), ("Bilal", "De maatstaf telt")) == ["Willemijn"]
    assert writers(("Willemijn", "Begelijder"), ("Bilal", "Begeleider")) == ["Willemijn"]


def test_a_block_that_was_mostly_rewritten_belongs_to_the_rewriter() -> None:
    rewritten = "Elk team laat een begeleider verdelen, want samen kiezen gaf overal ruzie en lange middagen."
    assert writers(("Willemijn", LONG), ("Bilal", rewritten)) == ["Bilal"]


def test_bit_by_bit_rewriting_ends_with_who_wrote_most_of_it() -> None:
    parts = LONG.split()
    versions = [("Willemijn", LONG)]
    for place in range(0, len(parts), 2):
        parts[place] = f"nieuw{place}woord"
        versions.append(("Bilal" if place % 4 else "Esra", " ".join(parts)))
    assert writers(*versions[:3]) == ["Willemijn"]
    assert writers(*versions) == ["Willemijn"]  # half of the words are hers, the others' are two people's
    parts = [f"ander{n}stuk" for n in range(len(parts) - 4)] + parts[-4:]
    assert writers(*versions, ("Bilal", " ".join(parts))) == ["Bilal"]


def test_what_comes_back_belongs_to_its_first_writer_and_says_who_put_it_back() -> None:
    versions = (("Willemijn", f"{LONG}\n\n{OTHER}"), ("Bilal", NEW), ("Esra", f"{NEW}\n\n{LONG}"))
    blocks = reckon(*versions)
    assert [block.restored for block in blocks] == [None, 3]
    assert writers(*versions) == ["Bilal", "Willemijn"]


def test_splitting_and_joining_blocks_takes_nothing_from_their_writers() -> None:
    half, rest = LONG.split(", ")
    assert writers(("Willemijn", LONG), ("Bilal", f"{half}.\n\n{rest}")) == ["Willemijn", "Willemijn"]
    assert writers(("Willemijn", f"{half}\n\n{rest}"), ("Bilal", f"{half} {rest}")) == ["Willemijn"]


def test_a_blank_line_in_code_cuts_no_block_and_a_heading_is_a_block() -> None:
    assert split_blocks("Een\n\n```\nx\n\ny\n```\n\n## Kop\ntekst") == ["Een", "```\nx\n\ny\n```", "## Kop", "tekst"]
    assert split_blocks("```\nnooit dicht\n\nzo") == ["```\nnooit dicht\n\nzo"]
    assert split_blocks("") == split_blocks("\n \n") == []
