"""What is different between two versions of the cao, article by article. Pure; words are compared elsewhere.

What must stay true: an article is followed by its key, so one that got another number is not told as new; two equal
texts have no differences.
"""

from __future__ import annotations

from dataclasses import dataclass

from proeftuin.cao.structure import Annex, Article, CaoText


@dataclass(frozen=True, slots=True)
class Changed:
    """An article that is in both versions and not the same in both."""

    old: Article
    new: Article

    @property
    def is_renumbered(self) -> bool:
        return self.old.number != self.new.number

    @property
    def is_regraded(self) -> bool:
        """Return whether it became a minimum or a standard provision."""
        return self.old.character != self.new.character


@dataclass(frozen=True, slots=True)
class Differences:
    """Everything that is different, in the order of the new version; what expired in the order of the old one."""

    changed: tuple[Changed, ...] = ()
    added: tuple[Article, ...] = ()
    expired: tuple[Article, ...] = ()
    annexes: tuple[tuple[Annex | None, Annex | None], ...] = ()

    def __len__(self) -> int:
        return len(self.changed) + len(self.added) + len(self.expired) + len(self.annexes)


def compare(old: CaoText, new: CaoText) -> Differences:
    """Return what is different from one version to another."""
    before, after = old.by_key(), new.by_key()
    return Differences(
        changed=tuple(
            Changed(before[article.key], article)
            for article in new.articles
            if article.key in before and before[article.key] != article
        ),
        added=tuple(article for article in new.articles if article.key not in before),
        expired=tuple(article for article in old.articles if article.key not in after),
        annexes=_annexes(old, new),
    )


def changed_paragraphs(old: CaoText, new: CaoText) -> frozenset[tuple[str, str]]:
    """Return which paragraphs say something else or are gone, as key of the article and number of the paragraph."""
    after = new.by_key()
    found = set()
    for article in old.articles:
        now = after.get(article.key)
        for each in article.paragraphs:
            same = now.paragraph(each.number) if now is not None else None
            if same is None or same.text != each.text:
                found.add((article.key, each.number))
    return frozenset(found)


def _annexes(old: CaoText, new: CaoText) -> tuple[tuple[Annex | None, Annex | None], ...]:
    before, after = ({annex.letter: annex for annex in text.annexes} for text in (old, new))
    letters = [*after, *(letter for letter in before if letter not in after)]
    pairs = ((before.get(letter), after.get(letter)) for letter in letters)
    return tuple((was, now) for was, now in pairs if was != now)
