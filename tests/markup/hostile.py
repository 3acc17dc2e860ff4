"""Texts of 60 kB and more made to keep a parser busy, and a process of its own to try them in."""

import random
from multiprocessing.connection import Connection

from proeftuin.markup import Link, excerpt, find_targets, plain, render

SIZE = 60_000

# Each is repeated until the text is full on one line; the signs that search for their end also in lines of twenty.
UNITS = [
    "[", "![", "[[", "[](", "[a](", "[a](b", "![a](", "[a][", "[a]: ", "[^", "[[a|", "[*a", "`[", "[a](b 'c\" ",
    "*a ", "**a *b ", "*a _b ", "**a*b**c* ", "*_*_a", "**_", "__a _b ", "~~a", "`a", "``a`", "\\", "\\`",
    "<a ", "<b ", "<!--", "<![CDATA[", "<http://", "<a@", "&", "&#", "<", "> ", ">", "- ", "1. ", "| a", "|",
    "http://a ", "(http://a.b/(c) ", "[[a|b]] ", "[a](/b) ", "![a](/b) ", "[![a](/b)](c) ", "`a` ", "***a*** ",
    "a[^1] ", "é", "a\u0301", "\U0001f600", "\x02klzzwxh:0000\x03", "\x1f", "\u2028", "\t", "\x00", " ", "a",
]  # fmt: skip
LINES = [
    "#\n", "# a\n", "# a\nb\n", "a\n---\n", "a\n===\n", "***\na\n", "> a\n", ">a\n\n", "- a\n", "- [ ] a\n",
    "* a\n* b\n\n", "- a\n1. b\n", "- a\n\n  b\n\n", "1. a\n\n   b\n\n", "    a\n\n", "a\n", "\n", "a  \n", "a\\\n",
    "[a]: b\n", "[a]:\n", '[a]: b "\n', "[^1]: a\n", "[^1]: [^2]: ", "a\n: b\n", "a\n\n: b\n\n", ": b\n",
    "a|b\n-|-\n", "|a|b|\n", "```\n", "~~~\n", "> - > - > a\n", "- > - > - a\n", "> a\n> - b\n",
]  # fmt: skip


def texts() -> dict[str, str]:
    """Return every hostile text by name."""
    found = {repr(unit): _full(unit) for unit in UNITS}
    found |= {f"{unit!r} in lines": _full(unit * 20 + "\n") for unit in UNITS[:28]}
    found |= {repr(lines): _full(lines) for lines in LINES}
    return found | _shaped() | _random()


def _full(unit: str) -> str:
    return (unit * (SIZE // len(unit) + 1))[:SIZE]


def _shaped() -> dict[str, str]:
    """Texts whose cost lies in how deep, wide or numerous things are."""
    half = SIZE // 2
    steps = range(1, 440)
    return {
        "nested brackets": "[" * half + "]" * half,
        "nested parentheses": "[a](" + "(" * half + ")" * half,
        "nested links": "[a" * (SIZE // 6) + "](b)" * (SIZE // 6),
        "nested emphasis": "**a " * (SIZE // 8) + "a** " * (SIZE // 8),
        "nested lists": "\n".join(" " * (2 * depth) + "- a" for depth in range(300)),
        "nested loose lists": "\n\n".join(" " * (4 * depth) + "- a" for depth in range(200)),
        "nested lists in a note": "a[^1]\n\n[^1]: x\n\n"
        + "\n\n".join(" " * (4 * depth + 4) + "- a" for depth in range(200)),
        "nested lists in a quotation": "\n".join("> " + " " * (4 * depth) + "- a" for depth in range(200)),
        "nested quotations": "\n".join("> " * depth + "a" for depth in range(400)),
        "ticks of every length": " ".join("`" * length for length in steps),
        "ticks of falling length": " ".join("`" * length for length in reversed(steps)),
        "stars of every length": " ".join("*" * length + "a" for length in steps),
        "wide table": "|a" * (SIZE // 8) + "|\n" + "|-" * (SIZE // 8) + "|\n" + "|b" * (SIZE // 8) + "|\n",
        "table that grows": "|".join("a" * 300) + "\n" + "|".join("-" * 300) + "\n" + "a\n" * (SIZE // 3),
        "ticks in a table": "a|b\n-|-\n" + "`|" * half,
        "definitions": "\n".join(f"[a{n}]: /b" for n in range(SIZE // 12)),
        "notes": "\n".join(f"[^{n}]: n" for n in range(4000)) + "\n\n" + " ".join(f"[^{n}]" for n in range(4000)),
        "one note often": "[^1]: n\n\n" + "[^1]" * (SIZE // 4),
        "terms": "t\n" * half + ": d",
        "spaces after a fence": "```" + " " * SIZE,
        "spaces in a link": "[a](" + " " * SIZE + "b",
        "spaces in a title": "[a](b" + " " * SIZE + '"c")',
        "spaces in a definition": "[a]:" + " " * SIZE + "b",
        "spaces in a rule": "*" + " " * SIZE + "*",
        "spaces in a task": "- [ ]" + " " * SIZE + "b",
        "long address": "http://a" + ")" * SIZE,
        "long e-mail address": "<" + "a." * half + "@",
        "two at signs": "<a@" + "a." * half,
        "long heading": "# " + "\\#" * half,
        "five megabytes": "een gewone zin. " * 330_000,
    }


def _random() -> dict[str, str]:
    source = random.Random(1)
    kinds = {
        "signs": "[](){}*_`~<>!|#-+=:\"'\\&\n ",
        "signs and lines": "[]()*_`~<>!|#->\n\n\n  a",
        "brackets": "[]()!ab^|",
        "stars": "**__a ~",
        "anything": "".join(map(chr, range(32, 0xD7FF, 7))),
    }
    return {f"random {name}": "".join(source.choices(signs, k=SIZE)) for name, signs in kinds.items()}


def work(connection: Connection) -> None:
    """Render each text that is asked for by name; answer with what came of it."""
    known = texts()
    while name := connection.recv():
        text = known[name]
        shown = render(text, resolve=lambda target: Link("/x", exists=True))
        plain(text), excerpt(text, 200), find_targets(text)
        connection.send((shown.degraded, len(shown.html)))
