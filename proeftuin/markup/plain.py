"""The words of a text without its Markdown: for snippets, summaries in lists, mail and the search index.

Why not from the HTML: this must be fast enough to run over every page when the index is rebuilt, and must never fail.
What must stay true: every word a reader sees stays; addresses behind links go; the result is text, not HTML.
"""

import html
import re
from collections.abc import Iterator

from proeftuin.markup.lines import clean

_FENCE = re.compile(r" *(`{3,}|~{3,})")
_TABLE_LINE = re.compile(r" *\|?[ :|-]*-[ :|-]*$")
_RULE = re.compile(r" *(?:([-*_=])(?: *\1)*) *$")
_DEFINITION = re.compile(r" {0,3}\[[^\]\n]*\]: *\S+ *(?:[\"'(].*)?$")
_LEAD = re.compile(r"(?:\s|>|[-*+](?=\s)|\d{1,9}[.)](?=\s)|:(?=\s))*(?:\[[ xX]\](?=\s))?\s*")
_HEADING = re.compile(r"#{1,6}(?!#)\s*")
_NOTE = re.compile(r"\[\^[^\[\]]*\]:?")
_WIKI_LINK = re.compile(r"\[\[([^\[\]|]+)(?:\\?\|([^\[\]]+))?\]\]")
_LINK = re.compile(
    r"!?\[([^\[\]]*)\](?:\([^()\s]*(?:\([^()\s]*\)[^()\s]*)?(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)|\[[^\[\]]*\])"
)
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]+|[^<>\s@]+@[^<>\s@]+)>")
_SIGNS = re.compile(r"\\([!-/:-@\[-`{-~])|(?<!\s)\*+|\*+(?!\s)|~~+|`+|(?<![^\W_])_+|_+(?![^\W_])")
_SENTENCE_END = re.compile(r"[.!?…][”’\"')]*(?=\s)")


def plain(text: str) -> str:
    """Return the text without Markdown, one line per paragraph, heading, list item or table row."""
    return "\n".join(words for _, words in _pieces(text))


def excerpt(text: str, length: int) -> str:
    """Return the first sentences of the running text, at most `length` characters; "…" when a sentence is cut."""
    pieces = list(_pieces(text))
    words = " ".join(part for kind, part in pieces if kind == "text") or " ".join(part for _, part in pieces)
    if len(words) <= length:
        return words
    ends = [match.end() for match in _SENTENCE_END.finditer(words, 0, length + 1)]
    if ends and ends[-1] >= length // 2:
        return words[: ends[-1]]
    head = words[:length]  # one place is for the "…"
    cut = head.rfind(" ")
    return (head[:cut] if cut > 0 else head[:-1]).rstrip(" ,;:–-(") + "…"


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Give each piece of the text as (kind, words); kind is text, heading, item, table or code."""
    paragraph: list[str] = []
    kind, fence = "text", ""
    for line in [*clean(text).split("\n"), ""]:
        new_kind, words = ("code", " ".join(line.split())) if fence else _line(line)
        opening = _FENCE.match(line)
        if opening and (not fence or (line.strip().startswith(fence) and not line.strip().strip(fence[0]))):
            fence = "" if fence else opening[1]
            new_kind, words = "code", ""
        continues = words and new_kind == "text" and (kind in ("text", "item") and paragraph)
        if not continues:
            if paragraph:
                yield kind, " ".join(paragraph)
            paragraph, kind = [], new_kind
        if words:
            paragraph.append(words)


def _line(line: str) -> tuple[str, str]:
    """Tell what one line outside code is, and its words."""
    if not line.strip() or _RULE.match(line) or (_DEFINITION.match(line) and not line.lstrip().startswith("[^")):
        return "text", ""
    if heading := _HEADING.match(line):
        return "heading", _inline(line[heading.end() :].rstrip("# "))
    if "|" in line and _TABLE_LINE.match(line):
        return "table", ""
    lead = _LEAD.match(line)
    rest = line[lead.end() :] if lead else line
    if line.lstrip().startswith("|"):
        return "table", " ".join(_inline(_WIKI_LINK.sub(_wiki_words, rest).replace("|", " ")).split())
    is_item = lead is not None and any(sign in lead[0] for sign in "-*+.):]")
    return "item" if is_item else "text", _inline(rest)


def _wiki_words(match: re.Match[str]) -> str:
    return (match[2] or match[1]).strip()


def _inline(text: str) -> str:
    """Take the signs for links and emphasis out of one line."""
    if "[" in text:
        text = _NOTE.sub("", _WIKI_LINK.sub(_wiki_words, text))
        text = _LINK.sub(r"\1", _LINK.sub(r"\1", text))  # twice: a picture may stand in a link
    if "<" in text:
        text = _AUTOLINK.sub(r"\1", text)
    text = _SIGNS.sub(lambda match: match[1] or "", text)
    return " ".join((html.unescape(text) if "&" in text else text).split())
