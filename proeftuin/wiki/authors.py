"""Who wrote which passage of a page, in one of its versions: reckoned from the versions, and remembered.

Nothing of this is stored: versions never change, so what was reckoned once stays true and is kept in memory, for some
pages. Every request does a bounded amount of work; a page with a very long past is finished by the next request.

What must stay true: nothing is counted per person; the text of a hidden version is not read; what is remembered is
only used for the very versions it was made of (`Mark`).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from threading import Lock

from markupsafe import Markup

from proeftuin import markup
from proeftuin.errors import NotFound
from proeftuin.wiki import attachments, texts
from proeftuin.wiki.authorship import STEP, Block, Ledger, owner
from proeftuin.wiki.history import Version, get_versions
from proeftuin.wiki.links import Links
from proeftuin.wiki.queries import PageHead

# Characters of old versions that one request reads, and how many of those a changed character costs. Enough for 5,000
# versions of 1,500 words.
BUDGET = 200_000_000
_COST = 45
# Pages whose past is remembered.
PAGES = 12


@dataclass(frozen=True, slots=True)
class Passage:
    """Blocks that stand together and have the same history. `by` wrote most of it; the others may be None."""

    html: Markup
    by: Version
    changed: Version | None
    restored: Version | None


@dataclass(frozen=True, slots=True)
class Authors:
    """The passages of a version. While `done` is less than `number` the past was not read to its end."""

    number: int
    done: int
    passages: Sequence[Passage]

    @property
    def is_complete(self) -> bool:
        """Return whether every version was read."""
        return self.done == self.number


@dataclass(slots=True)
class _Past:
    """What is remembered of a page: its ledger, and by which versions to know that it is still that page."""

    hidden: frozenset[int]
    ledger: Ledger = field(default_factory=Ledger)
    marks: dict[int, texts.Mark] = field(default_factory=dict)


_remembered: OrderedDict[int, _Past] = OrderedDict()
_lock = Lock()


def list_authors(page: PageHead, number: int) -> Authors:
    """Return who wrote the passages of a version.

    :raises NotFound: when the page has no such version; Gone when it was hidden.
    """
    text = texts.get_text(page.id, number)
    if number > page.current:
        raise NotFound
    blocks, done, writers = _reckon(page.id, number)
    if done < number:
        return Authors(number, done, ())
    facts = [(owner(block, writers), block.changed, block.restored) for block in blocks]
    known = get_versions(page, {n for fact in facts for n in fact if n is not None})
    links = Links(page.space, page.audience, text)
    files = attachments.find(page.space, page.id, text)
    passages: list[Passage] = []
    rows = groupby(zip(facts, blocks, strict=True), key=lambda row: row[0])
    for place, ((by, changed, restored), group) in enumerate(rows):
        raw = "\n\n".join(block.text for _, block in group)
        # Each passage is rendered by itself, so the ids of each must be told apart.
        html = markup.render(raw, resolve=links.resolve, scope=f"p{place}-", files=files).html
        last = known[changed] if changed not in (by, restored) else None
        passages.append(Passage(html, known[by], last, known[restored] if restored else None))
    return Authors(number, done, passages)


def _reckon(page_id: int, number: int) -> tuple[tuple[Block, ...], int, dict[int, int | str | None]]:
    """Return the blocks of a version, as far as the budget reaches, with the writers of the versions."""
    past = _recall(page_id, number)
    ledger = past.ledger
    done = ledger.start(number)
    blocks, spent, mark = ledger.states[done], -_COST * ledger.effort, None
    for version in texts.read_texts(page_id, done, number):
        if spent + _COST * ledger.effort > BUDGET:
            break
        ledger.writers[version.number] = version.writer
        if version.text is not None:
            blocks = ledger.step(blocks, version.number, version.text)
            spent += len(version.text)
        done, mark = version.number, version.mark
        if done % STEP == 0:
            past.marks[done] = mark
    if mark is not None:
        past.marks[done] = mark
        ledger.keep(done, blocks)
    return blocks, done, ledger.writers


def _recall(page_id: int, number: int) -> _Past:
    """Return what is remembered of a page, or a fresh memory when that was of another past."""
    hidden = texts.hidden_numbers(page_id)
    with _lock:
        past = _remembered.get(page_id)
        if past is not None:
            _remembered.move_to_end(page_id)
    if past is not None and past.hidden == hidden and _is_same(page_id, past, number):
        return past
    past = _Past(hidden)
    with _lock:
        _remembered[page_id] = past
        while len(_remembered) > PAGES:
            _remembered.popitem(last=False)
    return past


def _is_same(page_id: int, past: _Past, number: int) -> bool:
    """Tell whether the versions that were read are those of now."""
    last = past.ledger.start(number)
    return last == 0 or texts.get_mark(page_id, last) == past.marks.get(last)
