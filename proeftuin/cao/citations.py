"""How a place in the cao is cited: `art. 4.6 lid 2`. Pure.

What must stay true: what `cite` writes, `parse` reads back.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

LONGEST = 80
_ORDINALS = ["eerste", "tweede", "derde", "vierde", "vijfde", "zesde", "zevende", "achtste", "negende", "tiende"]
_NUMBER = r"\d{1,4}(?:\.\d{1,4}){0,4}[a-z]?"
_LID = r"\d{1,3}[a-z]?"
_ARTICLE = rf"(?:(?:artikel|art\.?)\s*)?(?P<article>{_NUMBER})"
_FORMS = (
    re.compile(rf"{_ARTICLE}"),
    re.compile(rf"{_ARTICLE}\s*[,:]?\s*(?:lid|l\.)\s*(?P<lid>{_LID})"),
    re.compile(rf"{_ARTICLE}\s*,?\s*(?P<ordinal>{'|'.join(_ORDINALS)})\s+lid"),
    re.compile(rf"{_ARTICLE}\s*:\s*(?P<lid>{_LID})"),
    re.compile(rf"lid\s*(?P<lid>{_LID})\s*(?:van|,)?\s*{_ARTICLE}"),
)


@dataclass(frozen=True, slots=True)
class Citation:
    """An article, and perhaps one of its paragraphs."""

    article: str
    paragraph: str = ""

    @property
    def path(self) -> str:
        """Return the address of the place."""
        return f"/cao/artikel/{self.article}" + (f"#lid-{self.paragraph}" if self.paragraph else "")

    def __str__(self) -> str:
        return cite(self.article, self.paragraph)


def cite(article: str, paragraph: str = "") -> str:
    """Return the words with which a place is cited."""
    return f"art. {article} lid {paragraph}" if paragraph else f"art. {article}"


def parse(text: str, known: Collection[str] = ()) -> Citation | None:
    """Return the place that a citation means, or None when it is no citation.

    `known` are the numbers of the articles there are: with them `4.6.2` is read as art. 4.6 lid 2 unless there is
    an article 4.6.2.
    """
    words = " ".join(text.casefold().split())
    if not words or len(words) > LONGEST:
        return None
    for form in _FORMS:
        if match := form.fullmatch(words):
            return _cited(match.groupdict(), known)
    return None


def _cited(found: dict[str, str | None], known: Collection[str]) -> Citation:
    article, lid = found["article"] or "", found.get("lid") or ""
    if ordinal := found.get("ordinal"):
        lid = str(_ORDINALS.index(ordinal) + 1)
    head, _, tail = article.rpartition(".")
    if not lid and known and article not in known and head in known:
        return Citation(head, tail)
    return Citation(article, lid)
