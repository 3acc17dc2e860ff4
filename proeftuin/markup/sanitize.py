"""The last step of every piece of HTML that comes out of people's text, and the only place that calls bleach.

Why here and last: whatever the Markdown library or our own extensions do wrong, only the tags and attributes named in
this file reach a reader. The parser above builds its tree from text alone, so in normal life nothing is removed here.

What must stay true: no tag that can carry script, style or foreign content (script, style, svg, math, noscript,
iframe, form parts); no attribute but those below; ids carry one of our prefixes, so they never collide with the page
around the text; classes come from a fixed list, so a text cannot dress up as part of the interface.
"""

import html
import re
import threading

from bleach.sanitizer import Cleaner

TAGS = frozenset(
    [
        "a",
        "blockquote",
        "br",
        "code",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "em",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "li",
        "ol",
        "p",
        "pre",
        "section",
        "span",
        "strong",
        "sup",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
SCHEMES = frozenset({"http", "https", "mailto", "tel"})
EXTERNAL_REL = "nofollow ugc noopener noreferrer"

# A path on our own site, a place on the page, or an address with a scheme we know. "//host" and "/\host" leave it.
_HREF = re.compile(r"(?:https?://[^\s/\\]|mailto:|tel:|/(?![/\\])|/$|#)", re.IGNORECASE)
_OWN_FILE = re.compile(r"/bestanden/[0-9]{1,9}/[0-9]{1,9}/[^/?#\\]+(?:/[^/?#\\]+)?")
_INVISIBLE = re.compile("[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\ufeff]")
_OWN_ID = re.compile(r"(?:[a-z][a-z0-9]{0,30}-)?(?:kop-[a-z0-9_-]+|noot-[0-9]+(?:-r[0-9]+)?|noten)")
_CLASSES = {
    "a": {"missing"},
    "i": {"box", "box-on"},
    "li": {"yes"},
    "pre": {"plain"},
    "section": {"notes"},
    "span": {"vh", "about", "missing"},
    "td": {"n", "mid"},
    "th": {"n", "mid"},
    "ul": {"tasks"},
}
_FIXED = {("th", "scope"): {"col"}, ("a", "rel"): {EXTERNAL_REL}, ("img", "loading"): {"lazy"}}
_TEXT = {("a", "title"), ("a", "aria-label"), ("section", "aria-label"), ("img", "alt"), ("img", "title")}
_NUMBERS = {("ol", "start"), ("img", "width"), ("img", "height")}
_IDS = {"a", "h2", "h3", "h4", "h5", "h6", "li", "section"}

_local = threading.local()


def sanitize(dirty: str) -> str:
    """Return the HTML with everything outside the allowed set made harmless."""
    cleaner: Cleaner | None = getattr(_local, "cleaner", None)
    if cleaner is None:  # a Cleaner has state of its own, so each thread keeps one
        cleaner = _local.cleaner = Cleaner(tags=TAGS, attributes=_allowed, protocols=SCHEMES)
    return cleaner.clean(dirty)


def is_safe_href(href: str) -> bool:
    """Tell whether a link may point there."""
    return bool(_HREF.match(href)) and not _INVISIBLE.search(href)


def is_own_file(src: str) -> bool:
    """Tell whether this is the address of one of our own files (pictures come from nowhere else)."""
    return bool(_OWN_FILE.fullmatch(src)) and ".." not in src and not _INVISIBLE.search(src)


def is_kept(tag: str, name: str, value: str) -> bool:
    """Tell whether an attribute with this value may stand in safe HTML; the value is text, not as it is written."""
    return tag in TAGS and _allowed(tag, name, html.escape(value))


def _allowed(tag: str, name: str, value: str) -> bool:
    """Decide about one attribute; bleach calls this for every attribute of an allowed tag, as it was written."""
    value = html.unescape(value)
    if name == "class":
        return value in _CLASSES.get(tag, ())
    if name == "id":
        return tag in _IDS and bool(_OWN_ID.fullmatch(value))
    if (tag, name) == ("a", "href"):
        return is_safe_href(value)
    if (tag, name) == ("img", "src"):
        return is_own_file(value)
    if (tag, name) in _NUMBERS:
        return value.isascii() and value.isdigit()
    return (tag, name) in _TEXT or value in _FIXED.get((tag, name), ())
