"""The log as lines: what is downloaded, and what `flask audit verify` reads straight from the tables.

What must stay true: the lines of entries and seals are the same for everybody, so that everybody can check all of
it; only what an entry holds is withheld from who may not read it. A bundle is of one size, also while others write.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from typing import IO, Any

from sqlalchemy import select

from proeftuin.accounts.actor import Actor
from proeftuin.audit import entries, seals, tree, verifier
from proeftuin.audit.models import LogContent, LogEntry, LogNode, LogSeal
from proeftuin.audit.queries import may_read, with_subject
from proeftuin.db import session

PIECE = 5_000
VERIFIER = "nakijken.py"
_FIELDS = select(*(getattr(LogEntry, name) for name in entries.FIELDS), LogEntry.hash).order_by(LogEntry.position)


class Stored(verifier.Source):
    """The log as it lies in the database; with an actor, holding only what they may read."""

    def __init__(self, actor: Actor | None = None) -> None:
        self.actor = actor
        self.size = entries.last().position

    def entries(self) -> Iterator[bytes]:
        canonical, names = entries.canonical, entries.FIELDS
        for rows in self._pieces(_FIELDS.where(LogEntry.position <= self.size)):
            for row in rows:
                body = canonical(dict(zip(names, row, strict=False))).encode()  # the last cell is the hash
                yield verifier.entry_line(body, row[-1])

    def contents(self) -> Iterator[bytes]:
        query: Any = (
            select(LogEntry.position, LogContent.salt, LogContent.content)
            .outerjoin(LogContent, LogContent.position == LogEntry.position)
            .where(LogEntry.position <= self.size)
            .order_by(LogEntry.position)
        )
        if self.actor is not None:
            query = with_subject(query).add_columns(may_read(self.actor))
        for rows in self._pieces(query):
            for row in rows:
                yield self._content(row)

    def _content(self, row: Sequence[Any]) -> bytes:
        position, salt, content, *shown = row
        if content is None:
            return b'{"erased":true,"position":%d}' % position
        if shown and not shown[0]:
            return b'{"position":%d,"withheld":true}' % position
        return entries.canonical({"content": content, "position": position, "salt": salt}).encode()

    def seals(self) -> Iterator[bytes]:
        for seal in session().scalars(select(LogSeal).where(LogSeal.size <= self.size).order_by(LogSeal.day)):
            yield seals.line(seal).encode()

    def _pieces(self, query: Any) -> Iterator[Sequence[Sequence[Any]]]:
        connection = session().connection()
        # The option belongs to the statement: on the connection it would hold for what follows too.
        with connection.execute(query.execution_options(yield_per=PIECE)) as result:
            yield from result.partitions()


def pack(actor: Actor | None, stream: IO[bytes]) -> None:
    """Write the log as a zip, with the verifier and how to use it; without an actor it holds everything."""
    stored = Stored(actor)
    lines = {
        verifier.ENTRIES: stored.entries,
        verifier.CONTENTS: stored.contents,
        verifier.SEALS: stored.seals,
    }
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bundle:
        for name, read in lines.items():
            with bundle.open(name, "w") as file:
                for line in read():
                    file.write(line + b"\n")
        bundle.writestr(VERIFIER, verifier_source())
        bundle.writestr("LEESMIJ.txt", READ_ME)


def verifier_source() -> bytes:
    """Return the verifier as a file."""
    assert verifier.__file__ is not None
    with open(verifier.__file__, "rb") as file:
        return file.read()


def check_tree() -> list[verifier.Finding]:
    """Compare the stored subtrees with what the entries say, and name the first that is wrong."""
    frontier = Growing()
    for row in session().execute(select(LogEntry.hash).order_by(LogEntry.position)).yield_per(PIECE):
        frontier.add(row.hash)
        if len(frontier.expected) >= PIECE and (wrong := _compare(frontier)):
            return [wrong]
    wrong = _compare(frontier)
    return [wrong] if wrong else []


class Growing:
    """The subtrees that become complete while leaves are added, not compared yet."""

    def __init__(self) -> None:
        self.size = 0
        self.peaks: list[bytes] = []
        self.expected: dict[int, tuple[tree.Node, bytes]] = {}

    def add(self, leaf: str) -> None:
        found, level, index = bytes.fromhex(leaf), 0, self.size
        while index & 1:
            found = verifier.node_hash(self.peaks.pop(), found)
            index, level = index >> 1, level + 1
            node = tree.Node(level, index)
            self.expected[node.place] = (node, found)
        self.peaks.append(found)
        self.size += 1


def _compare(nodes: Growing) -> verifier.Finding | None:
    query = select(LogNode.place, LogNode.hash).where(LogNode.place.in_(list(nodes.expected)))
    stored = {place: bytes(hash_) for place, hash_ in session().connection().execute(query)}
    for place, (node, expected) in nodes.expected.items():
        if stored.get(place) != expected:
            first = node.index << node.level
            return verifier.Finding("tree", first + 1, first + (1 << node.level))
    nodes.expected.clear()
    return None


READ_ME = """Het logboek van Proeftuin

entries.jsonl   de regels: wat er gebeurde, wanneer, in welke rol. Elke regel noemt de som van de regel ervoor.
contents.jsonl  wat erbij hoort: namen, titels en redenen, elk met een willekeurig getal (salt). Wat je niet mag
                lezen of wat gewist is, staat er als leeg.
seals.jsonl     de zegels: hoe lang het logboek was aan het einde van elke dag, met de wortel en de kop.
nakijken.py     hiermee kijk je alles na. Nodig: Python 3.9 of nieuwer, verder niets.

Nakijken:
    python3 nakijken.py logboek.zip --seal zegel.txt

zegel.txt is een zegel dat je zelf bewaarde: de mail die je kreeg, als tekst of als .eml. Zonder eigen zegel weet je
alleen dat het logboek met zichzelf klopt. Ook tegen een logboek van eerder kun je nakijken:
    python3 nakijken.py logboek.zip --earlier logboek-van-toen.zip

Zo is het gemaakt. De som van een regel is SHA-256 over een byte 0x00 en de tekst na "entry": (JSON met de namen op
volgorde, zonder spaties, in UTF-8). De som van een inhoud is SHA-256 over de salt en de tekst. Over de regels staat
een boom als in RFC 9162; zijn wortel staat in het zegel. Met --english antwoordt nakijken.py in het Engels.

Bij een versie van een pagina staat in de inhoud onder "text" de SHA-256-som van de tekst in UTF-8: zo kun je een
tekst die je bewaarde naast het logboek leggen. Bij de reacties van een dag staan losse sommen, elk over een eigen
salt die niet in deze zip staat, op volgorde van de som; wie schreef, hoe laat en waar, staat er niet in.
"""
