"""Whether a page is well-formed HTML, asked of html5lib once for every shape of page.

Parsing a page takes longer than making it. A shape is a page without what cannot make it malformed: plain words, and
plain values of attributes. Tags, names of attributes, odd characters and odd entities stay, so that two pages of one
shape are malformed together or not at all.
"""

from __future__ import annotations

import re

import html5lib

_ODD = r"<>&\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U0001fffe-\U0010ffff"
_PLAIN = rf"(?:[^{_ODD}]|&(?:amp|lt|gt|quot|nbsp|#34|#39);)"
_VALUE = re.compile(rf'(?<=[a-z])="(?<!\btype=")(?:(?!"){_PLAIN})*"')
_BLANK = re.compile(r">\s+(?=<)")
_WORDS = re.compile(rf">(?=\s*[^\s<]){_PLAIN}+(?=<)")
_right: set[str] = set()


def shape_of(html: str) -> str:
    """Return a page without its plain words and values; a page with a comment as it is."""
    if "<!--" in html or "<![" in html:
        return html
    return _WORDS.sub(">x", _BLANK.sub("> ", _VALUE.sub('=""', html)))


def mistakes(html: str) -> list[object]:
    """Return what is malformed in a page."""
    shape = shape_of(html)
    if shape in _right:
        return []
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(html)
    if not parser.errors:
        _right.add(shape)
    return list(parser.errors)
