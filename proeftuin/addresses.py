r"""Addresses that came along with a request and say where to go next: only places on this site are followed.

A browser reads `//host`, `/\host`, and addresses with a tab or line break in them as another site (WHATWG URL), so
an address that holds anything unusual is not followed at all.
"""

from __future__ import annotations

import re

LONGEST = 2000
_PLAIN = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f-\x9f]*")


def local_path(raw: str | None, default: str = "/") -> str:
    """Return the path when it leads to a place on this site, else the default."""
    if raw is None or len(raw) > LONGEST or not _PLAIN.fullmatch(raw):
        return default
    return raw
