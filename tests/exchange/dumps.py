"""Sources for imports, as other systems and we ourselves write them."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

NAMESPACE = "http://www.mediawiki.org/xml/export-0.11/"
HEAD = f'<mediawiki xmlns="{NAMESPACE}" version="0.11" xml:lang="nl">'
SITE = "<siteinfo><sitename>Oude wiki</sitename><dbname>oude_wiki</dbname></siteinfo>"


def revision(
    number: int,
    text: str,
    *,
    at: str = "2012-03-04T10:00:00Z",
    who: str = "Marjan",
    more: str = "",
    summary: str = "",
) -> str:
    """Return a revision as MediaWiki writes it."""
    comment = f"<comment>{escape(summary)}</comment>" if summary else ""
    return (
        f"<revision><id>{number}</id><timestamp>{at}</timestamp><contributor><username>{escape(who)}</username>"
        f"<id>7</id></contributor>{more}{comment}<model>wikitext</model><format>text/x-wiki</format>"
        f'<text bytes="{len(text)}" xml:space="preserve">{escape(text)}</text></revision>'
    )


def page(number: int, title: str, *revisions: str, namespace: int = 0) -> str:
    """Return a page as MediaWiki writes it."""
    return f"<page><title>{escape(title)}</title><ns>{namespace}</ns><id>{number}</id>{''.join(revisions)}</page>"


def dump(*pages: str, head: str = HEAD, site: str = SITE) -> bytes:
    """Return an export."""
    return f"{head}{site}{''.join(pages)}</mediawiki>".encode()


def zipped(files: dict[str, str | bytes]) -> io.BytesIO:
    """Return files as a zip."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    stream.seek(0)
    return stream
