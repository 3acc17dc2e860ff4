"""The Markdown we speak: the library's, minus raw HTML, plus wiki links, bare addresses, ~~deleted~~ and task lists.

The only place that imports the Markdown library. It turns lines into an element tree and stops there;
`shape` finishes the tree.

What must stay true: HTML in the text stays text; one parser per thread; after a failed run the parser is thrown away.
"""

import re
import threading
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions.footnotes import NBSP_PLACEHOLDER, FootnoteExtension
from markdown.inlinepatterns import InlineProcessor, SimpleTagInlineProcessor
from markdown.serializers import to_html_string
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString, code_escape

from proeftuin.markup.guard import check_blocks
from proeftuin.markup.lines import PIPE

# The private attributes that tell `shape` what an element is. Text cannot set attributes.
WIKI, TASK = "data-wiki", "data-task"
# What the library puts between a note and its link back.
NOTE_SPACE: str = NBSP_PLACEHOLDER

_WIKI_LINK = rf"\[\[([^\[\]{PIPE}\n]{{1,200}})(?:{PIPE}([^\[\]{PIPE}\n]{{1,300}}))?\]\]"
_BARE_URL = r"(?<![\w/.@-])https?://[^\s<>\"\x02\x03]{3,2000}"
_AFTER_URL = ".,:;!?'*_~|"
_EMAIL = r"<(?:mailto:)?([\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5})>"
_TASK_MARK = re.compile(r"\[([ xX])\] +(?=\S)")

_local = threading.local()


def parse(lines: list[str]) -> Element:
    """Build the element tree of a text; may raise anything the library can trip over."""
    # Taken out of its place while it works: when it raises, half its state is left and nobody may use it again.
    parser: Markdown = _local.__dict__.pop("parser", None) or _build()
    parser.reset()
    tree = Element(parser.doc_tag)
    parser.parser.parseChunk(tree, "\n".join(lines))
    for processor in parser.treeprocessors:
        changed = processor.run(tree)
        tree = tree if changed is None else changed
    _local.parser = parser
    return tree


def literal(text: str) -> str:
    """Make text for the tree of which every sign is meant as it stands, "&" too."""
    return AtomicString(code_escape(text))


def serialize(root: Element) -> str:
    """Write the inside of a tree as HTML."""
    root.tail = None
    return to_html_string(root).removeprefix(f"<{root.tag}>").removesuffix(f"</{root.tag}>")


class _Link(InlineProcessor):
    """A piece of running text that becomes a link."""

    # The name and the signature are the library's.
    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        return self.link(m)

    def link(self, m: re.Match[str]) -> tuple[Element | None, int | None, int | None]:
        """Return the link and where it begins and ends, or three times None."""
        raise NotImplementedError


class _WikiLink(_Link):
    """`[[target]]` and `[[target|label]]`."""

    def link(self, m: re.Match[str]) -> tuple[Element | None, int | None, int | None]:
        target = " ".join(self.unescape(m[1]).split())
        if not target:
            return None, None, None
        link = Element("a", {WIKI: target})
        link.text = AtomicString(" ".join(self.unescape(m[2] or "").split()))
        return link, m.start(), m.end()


class _BareUrl(_Link):
    """An address in running text; the full stop after it is not part of it."""

    ANCESTOR_EXCLUDES = ("a",)

    def link(self, m: re.Match[str]) -> tuple[Element | None, int | None, int | None]:
        url = m[0].rstrip(_AFTER_URL)
        too_many = url.count(")") - url.count("(")
        while too_many > 0 and url.endswith(")"):  # "(zie https://a.nl/b_(c))": the last one is not the address's
            url, too_many = url[:-1].rstrip(_AFTER_URL), too_many - 1
        link = Element("a", {"href": url})
        link.text = AtomicString(url)
        return link, m.start(), m.start() + len(url)


class _Email(_Link):
    """`<name@host>`."""

    def link(self, m: re.Match[str]) -> tuple[Element | None, int | None, int | None]:
        link = Element("a", {"href": f"mailto:{m[1]}"})
        link.text = AtomicString(m[1])
        return link, m.start(), m.end()


class _Weigh(Treeprocessor):
    """Look at each run of text just before the library searches it for links and emphasis."""

    def run(self, root: Element) -> None:
        check_blocks(root)


class _Tasks(Treeprocessor):
    """Take `[x]` off the items of a list before a link could be made of it, and remember it."""

    def run(self, root: Element) -> None:
        for item in root.iter("li"):
            # A loose list has its text in a paragraph.
            holder = item[0] if len(item) and item[0].tag == "p" and not (item.text or "").strip() else item
            match = _TASK_MARK.match(holder.text or "")
            if match and holder.text:
                holder.text = holder.text[match.end() :]
                item.set(TASK, "todo" if match[1] == " " else "done")


def _build() -> Markdown:
    """Make a parser: our set of the library's parts and nothing that lets HTML through."""
    parser = Markdown(
        extensions=[
            "markdown.extensions.tables",
            "markdown.extensions.sane_lists",
            "markdown.extensions.def_list",
            FootnoteExtension(USE_DEFINITION_ORDER=False),
        ],
        extension_configs={"markdown.extensions.tables": {"use_align_attribute": True}},
    )
    for name in ("html", "entity", "automail"):
        parser.inlinePatterns.deregister(name)
    # `shape` numbers the notes and breaks the lines; the library need not.
    for name in ("prettify", "footnote-duplicate", "footnote-reorder"):
        parser.treeprocessors.deregister(name)
    parser.inlinePatterns.register(_WikiLink(_WIKI_LINK, parser), "wiki_link", 178)
    parser.inlinePatterns.register(_Email(_EMAIL, parser), "email", 115)
    parser.inlinePatterns.register(_BareUrl(_BARE_URL, parser), "bare_url", 112)
    parser.inlinePatterns.register(SimpleTagInlineProcessor(r"()~~(?=\S)([^~\n]+?)(?<=\S)~~", "del"), "deleted", 70)
    parser.treeprocessors.register(_Tasks(parser), "tasks", 30)
    parser.treeprocessors.register(_Weigh(parser), "weigh", 25)
    return parser
