"""A text from beginning to end: guard, lines, tree, shape, sanitize.

What must stay true: `sanitize` sees everything a reader gets, and nothing from the text comes after it; no text makes
this raise or takes long; the same text always gives the same HTML (so no clock decides).
"""

import html
import logging
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from xml.etree.ElementTree import Element

from markupsafe import Markup

from proeftuin.markup.files import Files
from proeftuin.markup.guard import TooHeavyError, check_tree
from proeftuin.markup.layout import lay_out
from proeftuin.markup.lines import PIPE, Prepared, clean, put_code_back
from proeftuin.markup.notes import shape_notes
from proeftuin.markup.sanitize import sanitize
from proeftuin.markup.shape import Shape, wiki_targets
from proeftuin.markup.syntax import serialize
from proeftuin.markup.values import Attachment, Heading, Labels, Link, Rendered

# Stored beside the HTML. Raise it when the same text would come out differently; a job then renders anew.
RENDERER_VERSION = 2
NO_FILES: Mapping[str, Attachment] = MappingProxyType({})

_WIKI_LINK = re.compile(r"\[\[([^\[\]|\n]{1,200})(?:\|[^\[\]\n]{1,300})?\]\]")
_SCOPE = re.compile(r"(?:[a-z][a-z0-9]{0,30}-)?")

_log = logging.getLogger(__name__)


def render(
    text: str,
    *,
    resolve: Callable[[str], Link],
    scope: str = "",
    labels: Labels | None = None,
    files: Mapping[str, Attachment] = NO_FILES,
) -> Rendered:
    """Render Markdown to safe HTML.

    `resolve` is asked once per wiki target, in reading order, after the whole text was read. `scope` ("c12-") keeps
    the addresses of several texts on one page apart. `files` says what the files that the text mentions are
    (`find_files`). Errors of `resolve` pass through; nothing else is raised.
    """
    if not _SCOPE.fullmatch(scope):
        raise ValueError(f"not a scope: {scope!r}")
    found = lay_out(text, lambda prepared, tree: (prepared, tree, wiki_targets(tree)))
    if found is None:
        return _as_typed(text)
    prepared, tree, targets = found
    links = {target: resolve(target) for target in targets}
    try:
        return _finish(tree, prepared, links, scope=scope, labels=labels or Labels(), files=files)
    except TooHeavyError:
        return _as_typed(text)
    except Exception:  # the library has more to trip over here; the page must stay readable
        _log.warning("text of %d characters could not be laid out", len(text), exc_info=True)
        return _as_typed(text)


def find_targets(text: str) -> tuple[str, ...]:
    """List every wiki target `render` may ask for, without parsing: to load them in one query beforehand."""
    found = (" ".join(match[1].rstrip("\\").split()) for match in _WIKI_LINK.finditer(clean(text)))
    return tuple(dict.fromkeys(target for target in found if target))


def _finish(
    tree: Element,
    prepared: Prepared,
    links: dict[str, Link],
    *,
    scope: str,
    labels: Labels,
    files: Mapping[str, Attachment],
) -> Rendered:
    shape_notes(tree, scope=scope, labels=labels)
    known = Files(files, labels.no_file)
    shape = Shape(links=links, labels=labels, scope=scope, code=prepared.code, files=known)
    shape.finish(tree)
    check_tree(tree)
    dirty = put_code_back(serialize(tree), [html.escape(code) for code in prepared.code])
    dirty = dirty.replace(PIPE, "|")
    safe = sanitize(dirty)
    headings: tuple[Heading, ...] = tuple(shape.headings)
    return Rendered(Markup(safe), headings, tuple(links), degraded=False)


def _as_typed(text: str) -> Rendered:
    """Show the text as it was typed."""
    shown = Markup('<pre class="plain">{}</pre>').format(clean(text))
    return Rendered(shown, (), find_targets(text), degraded=True)
