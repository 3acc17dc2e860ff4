"""Read the words in a document: a program of its own, so that a hostile file can only hurt a process that may die.

Called with a kind and a path; prints the words as UTF-8. It limits its own memory and time before it opens anything.
What must stay true: it imports nothing of Proeftuin, so it knows no settings and no database; it writes no file.
"""

from __future__ import annotations

import csv
import io
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

MEMORY = 768 * 1024 * 1024
SECONDS = 20
LONGEST = 200_000
"""Characters that are kept: about eighty pages. Whoever looks for more opens the file."""
MOST_PAGES = 300
LARGEST_PART = 60_000_000
_SPACE = re.compile(r"[ \t\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]+")
_LINES = re.compile(r"\s*\n\s*")


def main(kind: str, path: str) -> int:
    """Print the words of a file."""
    _limit()
    sys.stdout.buffer.write(shortened(_READERS[kind](Path(path))).encode("utf-8", "replace"))
    return 0


def shortened(pieces: Iterator[str]) -> str:
    """Put pieces of text together, without needless white space, until it is long enough."""
    kept: list[str] = []
    length = 0
    for piece in pieces:
        clean = _LINES.sub("\n", _SPACE.sub(" ", piece)).strip()
        if clean:
            kept.append(clean)
            length += len(clean) + 1
        if length > LONGEST:
            break
    return "\n".join(kept)[:LONGEST]


def _limit() -> None:
    """Let the system end this process when it takes too much."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; the caller's clock remains
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _pdf(path: Path) -> Iterator[str]:
    import logging

    from pypdf import PdfReader

    logging.disable(logging.CRITICAL)
    reader = PdfReader(path, strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        return
    for number in range(min(len(reader.pages), MOST_PAGES)):
        yield reader.pages[number].extract_text()


def _docx(path: Path) -> Iterator[str]:
    for name in ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml"):
        yield from _paragraphs(path, name, {"p"}, {"t"}, {"tab", "br"})


def _odt(path: Path) -> Iterator[str]:
    yield from _paragraphs(path, "content.xml", {"p", "h"}, None, {"tab", "s", "line-break"})


def _xlsx(path: Path) -> Iterator[str]:
    yield from _paragraphs(path, "xl/sharedStrings.xml", {"si"}, {"t"}, set())
    with zipfile.ZipFile(path) as archive:
        sheets = sorted(name for name in archive.namelist() if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name))
    for name in sheets:
        yield from _paragraphs(path, name, {"is"}, {"t"}, set())


def _paragraphs(path: Path, name: str, blocks: set[str], words: set[str] | None, gaps: set[str]) -> Iterator[str]:
    """Give the text of each block of an XML part; `words` are the elements that hold text (None: all of them)."""
    from defusedxml import ElementTree

    with zipfile.ZipFile(path) as archive:
        if name not in archive.namelist() or archive.getinfo(name).file_size > LARGEST_PART:
            return
        with archive.open(name) as part:
            for _event, element in ElementTree.iterparse(part, events=("end",), forbid_dtd=True):
                if _plain(element.tag) in blocks:
                    yield "".join(_texts(element, words, gaps))
                    element.clear()


def _texts(block: object, words: set[str] | None, gaps: set[str]) -> Iterator[str]:
    for each in block.iter():  # type: ignore[attr-defined]  # an element of the standard library
        name = _plain(each.tag)
        if name in gaps:
            yield " "
        if words is None or name in words:
            yield each.text or ""
        if words is None and each is not block:
            yield each.tail or ""


def _plain(tag: str) -> str:
    return tag.rpartition("}")[2]


def _csv(path: Path) -> Iterator[str]:
    content = path.read_bytes()[: 8 * LONGEST]
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        text = content.decode("utf-8", "replace")
    sign = max(";,\t", key=text[:4_096].count)
    try:
        for row in csv.reader(io.StringIO(text), delimiter=sign):
            yield " ".join(row)
    except csv.Error:
        yield text


_READERS = {"pdf": _pdf, "docx": _docx, "odt": _odt, "xlsx": _xlsx, "csv": _csv}

if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
