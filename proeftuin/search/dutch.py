"""Turn Dutch text into the terms of the index, the same way for pages, queries and snippets.

One text, one walk: words are cut out, folded (lower case, no accents, ĳ as ij, cao's as cao), little words
are dropped and the rest is stemmed. A hyphenated word counts as a whole and in its parts (woon-werkverkeer,
woonwerkverkeer, verkeer), an article number stays in one piece (4.6).

What must stay true:

- A term depends on the word alone, so the same word always meets itself.
- Dropped words take no place: "maatregel van bestuur" is a phrase of two terms next to each other.
- "OR" (the works council) is never dropped.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from proeftuin.search.stem import stem

# Articles, pronouns, prepositions and auxiliaries that say nothing about a page. "or" is not one of them.
STOP_WORDS = frozenset(
    re.findall(
        r"\S+",
        """aan al als bij daar dan dat de der des deze die dit door een er en had hadden heb hebben heeft hem het
        hier hij hoe hun ik in is je kan kunnen maar me men met mij mijn na naar niet nog nu of om onder ons onze
        ook op over s t te ten ter tot u uit van voor waar want waren was wat we wel welke werd werden wie wij
        word worden wordt z'n m'n d'r zo'n zal ze zich zij zijn zo zou zouden""",
    )
)
LONGEST_TERM = 64
BEGINNING = 48
"""Of a word longer than a term this many letters stay as they are; the rest becomes a sum of the whole word."""
LONGEST_STEMMED = 200
MOST_PARTS = 4

_LETTERS = r"[^\W_]+(?:['’‘ʼ´`][^\W_]+)*"
# Article numbers and amounts (4.6, 7:628a, 1.250,50), words, and words joined by hyphens.
WORD = re.compile(rf"\d+(?:[.,:]\d+)+[^\W_]*|{_LETTERS}(?:[-‐‑]{_LETTERS})*")
HYPHEN = re.compile("[-‐‑]")
MARKS = str.maketrans("’‘ʼ´`", "'''''")
# Letters that are more than a base letter with an accent.
SPECIAL = {ord("ĳ"): "ij", ord("Ĳ"): "ij", ord("ß"): "ss", ord("ø"): "o", ord("Ø"): "o", ord("æ"): "ae"} | {
    ord("Æ"): "ae",
    ord("œ"): "oe",
    ord("Œ"): "oe",
    ord("ł"): "l",
    ord("Ł"): "l",
    ord("ı"): "i",
}
APOSTROPHE_ENDING = re.compile("'(?:s|er|ers|en|tje|tjes|t)$")
CACHE_SIZE = 200_000


class Analysis(NamedTuple):
    """The terms of one word: `terms` as (term, place after the first), and how many places it takes."""

    terms: tuple[tuple[str, int], ...]
    width: int


class Token(NamedTuple):
    """One word of a text, where it stands in the text, and what it is called in the index."""

    start: int
    end: int
    analysis: Analysis


NOTHING = Analysis((), 0)
_cache: dict[str, Analysis] = {}


def normalise(text: str) -> str:
    """Write letters and accents as one character, so that a word is never cut at an accent."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def fold(word: str) -> str:
    """Return the word in lower case, without accents, apostrophes and hyphens."""
    if not word.isascii():
        word = unicodedata.normalize("NFD", word.translate(MARKS).translate(SPECIAL).lower())
        word = "".join(c for c in word if not unicodedata.combining(c))
        # Lower case may bring letters back that SPECIAL knows (ẞ becomes ß).
        word = word.translate(SPECIAL)
    word = word.lower()
    if "'" in word or "`" in word:
        word = APOSTROPHE_ENDING.sub("", word.replace("`", "'"))
    return word.replace("'", "").replace("-", "")


def is_stop_word(word: str) -> bool:
    """Say whether the word is too common to be looked for."""
    return fold(word) in STOP_WORDS or word.translate(MARKS).lower() in STOP_WORDS


def analyse(raw: str) -> Analysis:
    """Return the terms of one word as it was cut out by `WORD`."""
    found = _cache.get(raw)
    if found is None:
        found = _number(raw) if raw[0].isdigit() and re.search(r"\d[.,:]\d", raw) else _word(raw)
        if len(_cache) >= CACHE_SIZE:
            _cache.clear()
        _cache[raw] = found
    return found


def term_of(raw: str) -> str:
    """Return the one term of a word without hyphens, or "" for a stop word."""
    if is_stop_word(raw):
        return ""
    return _short(fold(raw))


def tokens(text: str) -> Iterator[Token]:
    """Cut a normalised text into words that have at least one term."""
    for match in WORD.finditer(text):
        analysis = analyse(match.group())
        if analysis.width:
            yield Token(match.start(), match.end(), analysis)


def positions(text: str) -> dict[str, list[int]]:
    """Return every term of the text with the places where it stands."""
    found: dict[str, list[int]] = {}
    place = 0
    get = _cache.get
    for raw in WORD.findall(normalise(text)):
        analysis = get(raw) or analyse(raw)
        for term, offset in analysis.terms:
            found.setdefault(term, []).append(place + offset)
        place += analysis.width
    return found


def variants(raw: str) -> tuple[tuple[str, ...], ...]:
    """Return the ways in which a typed word may stand in a text, each a row of neighbouring terms."""
    if numbers := re.fullmatch(r"(\d+\.\d+)\.(\d+)", raw):
        return ((raw,), (numbers[1], "lid", numbers[2]))
    analysis = analyse(raw)
    if not analysis.width:
        return ()
    whole = (analysis.terms[0][0],)
    parts = neighbours(raw)
    return (whole, parts) if analysis.width > 1 and parts[0] != whole[0] else (parts,)


def neighbours(raw: str) -> tuple[str, ...]:
    """Return the terms of a word inside a phrase, one for each place it takes."""
    analysis = analyse(raw)
    if analysis.width == 1:
        return (analysis.terms[0][0],)
    return tuple({place: term for term, place in analysis.terms}.values())


def _short(folded: str) -> str:
    """Return the stem of a word; what nobody writes by hand is not stemmed, so that no word takes long."""
    return _bounded(stem(folded) if len(folded) <= LONGEST_STEMMED else folded)


def _bounded(term: str) -> str:
    """Return a term that fits, and that two different long words do not share."""
    if len(term) <= LONGEST_TERM:
        return term
    rest = hashlib.blake2b(term.encode("utf-8", "replace"), digest_size=(LONGEST_TERM - BEGINNING) // 2)
    return term[:BEGINNING] + rest.hexdigest()


def _number(raw: str) -> Analysis:
    """4.6.2 is found as 4.6.2 and as 4.6."""
    number = _bounded(raw.lower())
    terms = [(number, 0)]
    if match := re.fullmatch(r"(\d+\.\d+)\.\d.*", number):
        terms.append((match[1], 0))
    return Analysis(tuple(terms), 1)


def _word(raw: str) -> Analysis:
    parts = HYPHEN.split(raw)
    if len(parts) == 1:
        term = term_of(raw)
        return Analysis(((term, 0),), 1) if term else NOTHING
    whole = _short(fold("".join(parts)))
    # One letter or digit before a hyphen belongs to what follows: e-mail, 0-meting.
    row = [term for part in parts if len(part) > 1 and (term := term_of(part))]
    terms = [(term, place) for place, term in enumerate(row)]
    if whole and len(parts) <= MOST_PARTS:
        terms.insert(0, (whole, 0))
    return Analysis(tuple(terms), max(len(row), 1)) if terms else NOTHING
