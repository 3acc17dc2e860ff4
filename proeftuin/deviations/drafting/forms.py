"""The form of a draft, from what a browser sends to words by field. What nobody asked for is not looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from proeftuin.deviations.drafting.drafts import Typed
from proeftuin.deviations.drafting.fields import is_field
from proeftuin.talk.texts import tidy

_KEY = re.compile(r"[0-9a-f]{24}")
LONGEST_BASE = 40_000


def parse(form: Mapping[str, str]) -> Typed:
    """Read the form; what is not understood is left out, what was typed is kept as it is."""
    key, base = "", dict[str, str]()
    for item in form.get("base", "")[:LONGEST_BASE].split():
        name, _colon, value = item.partition(":")
        if name == "key" and _KEY.fullmatch(value):
            key = value
        elif is_field(name):
            base[name] = value
    return Typed(key, base, {name: tidy(form[name]) for name in form if is_field(name)})


def query(**values: str) -> str:
    """Return the part of an address behind the question mark, with it, for the values that there are."""
    given = {name: value for name, value in values.items() if value}
    return "?" + urlencode(given) if given else ""
