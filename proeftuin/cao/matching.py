"""Which article of a new text is which article of the version before: it keeps that one's key. Pure.

An article is the same when the text says so (a key of its own), when number and title agree, when the title is found
under another number, or when most of its words are the same. Else it is a new article, also when it took the number
of one that is gone.

What must stay true: every article of the result has a key, and no two have the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from proeftuin.cao.structure import Article, CaoText
from proeftuin.naming import title_key

ALIKE = 0.6
_WORD = re.compile(r"\w+")


def with_keys(new: CaoText, old: CaoText, taken: Collection[str] = ()) -> CaoText:
    """Return the new text with a key for every article. `taken` are keys that older versions used."""
    keys = _match(new.articles, old.articles)
    used = {*taken, *keys.values(), *(article.key for article in old.articles)}
    for article in new.articles:
        if article.number not in keys:
            key = _free(f"art-{article.number}", used)
            used.add(key)
            keys[article.number] = key
    chapters = tuple(
        replace(chapter, articles=tuple(replace(each, key=keys[each.number]) for each in chapter.articles))
        for chapter in new.chapters
    )
    return replace(new, chapters=chapters)


def _match(new: Iterable[Article], old: Iterable[Article]) -> dict[str, str]:
    """Return keys by number, for the articles that were there before."""
    keys: dict[str, str] = {}
    left = {article.key: article for article in old}
    given = {article.key for article in new if article.key}
    for article in new:
        if article.key and article.number not in keys:
            keys[article.number] = article.key
            left.pop(article.key, None)
    tests: tuple[Callable[[Article, Article], bool], ...] = (
        lambda a, b: a.number == b.number and (_titled_alike(a, b) or likeness(a, b) >= ALIKE / 2),
        lambda a, b: _titled_alike(a, b) and likeness(a, b) > 0,
        lambda a, b: likeness(a, b) >= ALIKE,
    )
    for is_same in tests:
        for article in new:
            if article.number in keys:
                continue
            found = [other for other in left.values() if other.key not in given and is_same(article, other)]
            if found:
                best = max(found, key=lambda other: likeness(article, other))
                keys[article.number] = left.pop(best.key).key
    return keys


def _titled_alike(a: Article, b: Article) -> bool:
    return bool(a.title) and title_key(a.title) == title_key(b.title)


def likeness(a: Article, b: Article) -> float:
    """Return which part of the words of two articles is common to both."""
    words, others = (Counter(_WORD.findall(each.text.casefold())) for each in (a, b))
    total = words.total() + others.total()
    return 2 * (words & others).total() / total if total else 0.0


def _free(wanted: str, used: Collection[str]) -> str:
    """Return the wanted key, or the first with a number behind it that nobody has."""
    key, number = wanted, 1
    while key in used:
        number += 1
        key = f"{wanted}-{number}"
    return key
