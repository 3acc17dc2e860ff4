#!/usr/bin/env python3
"""Check the sealed log of Proeftuin, without Proeftuin: one file, Python 3.9 or newer, nothing to install.

    python3 nakijken.py logboek.zip --seal zegel.txt

`logboek.zip` is what "Download het logboek" gives. `zegel.txt` is a seal that you hold yourself: the letter you got,
saved as text or as .eml, or the lines of a printed page typed over. Without a seal of your own you only learn that
the log agrees with itself. `--earlier oud.zip` compares with a log that you downloaded before.

What is checked: every entry has the hash it says, stands at its place and names the entry before it; what an entry
holds belongs to its hash; what was erased says so; and the Merkle tree (RFC 9162: SHA-256, 0x00 before a leaf, 0x01
before a node) has the root of every seal. The server uses these same functions, so this file imports nothing of it.
It is longer than other modules because it has to be one file.
"""

from __future__ import annotations

import argparse
import email
import email.policy
import hashlib
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

ENTRIES, CONTENTS, SEALS = "entries.jsonl", "contents.jsonl", "seals.jsonl"
ERASED = "log:erased"
NOTHING = "0" * 64
"""What the first entry, and the first seal, names as the one before it."""
_HEAD, _MIDDLE, _TAIL = b'{"entry":', b',"hash":"', b'"}'
_BODY_ENDS = -(len(_MIDDLE) + 64 + len(_TAIL))
_HASH = re.compile(r"[0-9a-f]{64}")
_PIECE = 1 << 18
_read_json = json.JSONDecoder().decode


# ---- the tree of RFC 9162, section 2.1


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node above two others."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def combine(peaks: Sequence[bytes]) -> bytes:
    """Return the root above complete subtrees, the largest first."""
    if not peaks:
        return hashlib.sha256(b"").digest()
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root


class Frontier:
    """A tree that grows at its right side, of which only the complete subtrees are kept."""

    def __init__(self) -> None:
        self.size = 0
        self.peaks: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Add the hash of a leaf."""
        self.size += 1
        count = self.size
        while count & 1 == 0:
            leaf = node_hash(self.peaks.pop(), leaf)
            count >>= 1
        self.peaks.append(leaf)


def is_included(index: int, size: int, leaf: bytes, path: Sequence[bytes], root: bytes) -> bool:
    """Return whether a path proves that a leaf stands at an index (from 0) in a tree (section 2.1.3.2)."""
    return root_above(index, size, leaf, path) == root


def root_above(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes | None:
    """Return the root to which a path leads from a leaf, or None when it is no path of such a tree."""
    if not 0 <= index < size:
        return None
    here, last, found = index, size - 1, leaf
    for other in path:
        if last == 0:
            return None
        if here & 1 or here == last:
            found = node_hash(other, found)
            while here & 1 == 0 and here != 0:
                here, last = here >> 1, last >> 1
        else:
            found = node_hash(found, other)
        here, last = here >> 1, last >> 1
    return found if last == 0 else None


def is_consistent(first: int, second: int, first_root: bytes, second_root: bytes, path: Sequence[bytes]) -> bool:
    """Return whether a path proves that the larger tree begins with the whole of the smaller one (2.1.4.2)."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not path and first_root == second_root
    steps = list(path)
    if first & (first - 1) == 0:
        steps.insert(0, first_root)
    if not steps:
        return False
    here, last = first - 1, second - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    old = new = steps[0]
    for other in steps[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            old, new = node_hash(other, old), node_hash(other, new)
            while here & 1 == 0 and here != 0:
                here, last = here >> 1, last >> 1
        else:
            new = node_hash(new, other)
        here, last = here >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


# ---- lines: one for each entry, each content and each seal


class Line(NamedTuple):
    """A line of the log: the bytes that count, their hash, what the line says it is, and what stands in it."""

    body: bytes
    hash: bytes
    says: str
    entry: dict[str, Any]

    @property
    def is_whole(self) -> bool:
        return self.hash.hex() == self.says


class Seal(NamedTuple):
    """How the log stood at the end of a day. `line` is empty for a seal that was typed over."""

    day: str
    size: int
    root: str
    head: str
    line: bytes = b""


def entry_line(body: bytes, digest: str) -> bytes:
    """Return the line of an entry."""
    return _HEAD + body + _MIDDLE + digest.encode() + _TAIL


def read_line(line: bytes) -> Line | None:
    """Return a line of the log, or None when it has not the form of one."""
    body = line[len(_HEAD) : _BODY_ENDS]
    if not (line.startswith(_HEAD) and line.endswith(_TAIL) and line[_BODY_ENDS : _BODY_ENDS + 9] == _MIDDLE):
        return None
    try:
        entry = json.loads(body)
    except ValueError:
        return None
    if not isinstance(entry, dict):
        return None
    return Line(body, leaf_hash(body), line[-66:-2].decode("ascii", "replace"), entry)


def read_seal(line: bytes) -> Seal | None:
    """Return the seal in a line of JSON, or None."""
    try:
        found = json.loads(line)
        seal = Seal(str(found.get("day", "")), found["size"], found["root"], found["head"], line.strip())
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return seal if _is_sound(seal) else None


def _is_sound(seal: Seal) -> bool:
    hashes = isinstance(seal.root, str) and isinstance(seal.head, str)
    return (
        hashes and isinstance(seal.size, int) and seal.size > 0 and all(map(_HASH.fullmatch, (seal.root, seal.head)))
    )


def find_seals(text: str) -> list[Seal]:
    """Return the seals in a letter or a printed page: lines of JSON, or “omvang”, “wortel” and “kop” with values."""
    found = [seal for line in text.splitlines() if (seal := read_seal(line.strip().encode()))]
    if found:
        return found
    sizes = re.findall(r"(?im)^\W*(?:omvang|size)\W+([\d. ]+)", text)
    roots = re.findall(r"(?im)^\W*(?:wortel|root)\W+([0-9a-f ]{64,90})", text)
    heads = re.findall(r"(?im)^\W*(?:kop|head)\W+([0-9a-f ]{64,90})", text)
    days = re.findall(r"(?im)^\W*(?:dag|day)\W+(\d{4}-\d\d-\d\d)", text) or [""] * len(sizes)
    seals = [
        Seal(day, int(re.sub(r"\D", "", size)), root.replace(" ", "").lower(), head.replace(" ", "").lower())
        for day, size, root, head in zip(days, sizes, roots, heads)  # noqa: B905  # not in Python 3.9
    ]
    return [seal for seal in seals if _is_sound(seal)]


def seals_of_file(path: Path) -> list[Seal]:
    """Return the seals in a file: text, JSON or a letter saved as .eml."""
    raw = path.read_bytes()
    if path.suffix == ".eml":
        letter = email.message_from_bytes(raw, policy=email.policy.default)
        body = letter.get_body(("plain",))
        return find_seals(body.get_content() if body is not None else "")
    return find_seals(raw.decode("utf-8", "replace"))


# ---- what was found


class Finding(NamedTuple):
    """Something that is not as it was sealed. The first bad entry lies from `first` through `last`."""

    code: str
    first: int
    last: int
    day: str = ""


class Report(NamedTuple):
    """What a check found; `held` counts the seals of somebody else that were right."""

    entries: int
    erased: int
    withheld: int
    seals: int
    held: int
    findings: list[Finding]

    @property
    def first_bad(self) -> Finding | None:
        """Return the finding about the entry with the lowest place."""
        about = [finding for finding in self.findings if finding.first]
        return min(about, key=lambda finding: (finding.last, finding.last - finding.first)) if about else None


class Source:
    """Where the lines come from; each method can be called more than once."""

    def entries(self) -> Iterator[bytes]:
        raise NotImplementedError

    def contents(self) -> Iterator[bytes]:
        raise NotImplementedError

    def seals(self) -> Iterator[bytes]:
        raise NotImplementedError


class Bundle(Source):
    """The downloaded zip."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def entries(self) -> Iterator[bytes]:
        return self._lines(ENTRIES)

    def contents(self) -> Iterator[bytes]:
        return self._lines(CONTENTS)

    def seals(self) -> Iterator[bytes]:
        return self._lines(SEALS)

    def _lines(self, name: str) -> Iterator[bytes]:
        with zipfile.ZipFile(self.path) as bundle, bundle.open(name) as stream:
            lines = io.BufferedReader(stream, _PIECE)  # type: ignore[type-var]  # cuts lines quicker than the zip does
            for line in lines:
                yield line.rstrip(b"\r\n")


# ---- the check


def verify(source: Source, held: Sequence[Seal] = (), earlier: Source | None = None) -> Report:
    """Check a log against itself, against seals that somebody else holds, and against an earlier copy."""
    own, findings = _own_seals(source)
    walk = _Walk(source, [*own, *held])
    walk.go()
    wrong = [seal for seal in held if seal in walk.wrong or seal.size > walk.frontier.size]
    bad_entries = _entries_wrong(source, walk, own, held, wrong)
    findings += bad_entries
    findings += walk.contents.findings(is_complete=not bad_entries)
    if not walk.broken_at and not wrong:
        findings += _seals_wrong(walk, own, bool(held))
    findings += _other_seals(own, held)
    if earlier is not None and (differs := _first_difference(earlier, source)):
        findings.append(Finding("differs", differs, differs))
    right = 0 if walk.broken_at else len(held) - len(wrong)
    contents = walk.contents
    return Report(walk.count, len(contents.erased), contents.withheld, len(own), right, findings)


def _own_seals(source: Source) -> tuple[list[Seal], list[Finding]]:
    """Read the seals in the log; each names the one before it, so none can be changed or left out."""
    seals: list[Seal] = []
    findings = []
    before = NOTHING
    for line in source.seals():
        seal = read_seal(line)
        if seal is None or json.loads(line).get("previous") != before:
            findings.append(Finding("seal", 0, 0, seal.day if seal else ""))
        if seal is not None:
            seals.append(seal)
        before = hashlib.sha256(line).hexdigest()
    return seals, findings


class _Contents:
    """What the entries hold, read beside them. Reads one line for each entry."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self.bad: Finding | None = None
        self.erased: set[int] = set()
        self.marked: set[int] = set()
        self.withheld = 0
        self.count = 0

    def check(self, position: int, body: bytes) -> None:
        """Check the content of the next entry."""
        self.count = position
        if body.startswith(b'{"act":"%s"' % ERASED.encode()):
            self.marked.add(json.loads(body).get("object") or 0)
        if self.bad is None and not self._is_right(position, body, next(self._lines, b"")):
            self.bad = Finding("content", position, position)

    def _is_right(self, position: int, body: bytes, line: bytes) -> bool:
        try:
            found = _read_json(line.decode())
            if found["position"] != position:
                return False
            if "content" in found:
                sum_ = hashlib.sha256(bytes.fromhex(found["salt"]) + found["content"].encode()).hexdigest()
                # A quote after a comma never stands in a text, where it would have a backslash before it.
                return b',"content":"%s",' % sum_.encode() in body
        except (ValueError, KeyError, TypeError, AttributeError):
            return False
        if found.get("erased") is True:
            self.erased.add(position)
            return True
        self.withheld += 1
        return found.get("withheld") is True

    def findings(self, *, is_complete: bool) -> list[Finding]:
        """Return the first content that is wrong, and the first that went without a mark in the log."""
        found = [self.bad] if self.bad else []
        if not is_complete:
            return found
        if self.bad is None and next(self._lines, None) is not None:
            found.append(Finding("content", self.count + 1, self.count + 1))
        silent = sorted(self.erased - self.marked)
        return found + [Finding("gone", each, each) for each in silent[:1]]


class _Walk:
    """One pass over the whole log, quick as long as everything is right; it stops where the chain breaks."""

    def __init__(self, source: Source, seals: Sequence[Seal]) -> None:
        self.source = source
        self.frontier = Frontier()
        self.contents = _Contents(source.contents())
        self.broken_at = 0
        self.count = 0
        self.right: set[Seal] = set()
        self.wrong: set[Seal] = set()
        self._at: dict[int, list[Seal]] = {}
        for seal in seals:
            self._at.setdefault(seal.size, []).append(seal)

    def go(self) -> None:
        """Check every entry until one is wrong."""
        before, add, check, sha256 = NOTHING, self.frontier.add, self.contents.check, hashlib.sha256
        for position, raw in enumerate(self.source.entries(), 1):
            self.count = position
            if self.broken_at:
                continue
            body = raw[9:-75]
            digest = sha256(b"\x00" + body)
            says = digest.hexdigest()
            # Written as `entry_line` does, at its place and naming the one before; reading it as JSON takes longer.
            place = b',"position":%d,"previous":"%s",' % (position, before.encode())
            if raw != entry_line(body, says) or place not in body or body[:8] != b'{"act":"':
                self.broken_at = position
                continue
            add(digest.digest())
            before = says
            check(position, body)
            if position in self._at:
                self._compare(position, before)

    def _compare(self, size: int, head: str) -> None:
        root = combine(self.frontier.peaks).hex()
        for seal in self._at[size]:
            (self.right if (seal.root, seal.head) == (root, head) else self.wrong).add(seal)


def _follows(line: Line, position: int, before: str) -> bool:
    return line.is_whole and line.entry.get("position") == position and line.entry.get("previous") == before


def _entries_wrong(
    source: Source, walk: _Walk, own: Sequence[Seal], held: Sequence[Seal], wrong: Sequence[Seal]
) -> list[Finding]:
    """Look for the first bad entry when the chain broke, the tail is gone or a seal of somebody else does not fit."""
    cut = [seal for seal in own if seal.size > walk.frontier.size]
    if not (walk.broken_at or wrong or cut):
        return []
    low = max((seal.size for seal in held if seal in walk.right), default=0)
    return [_locate(list(source.entries()), held or own, low)]


def _seals_wrong(walk: _Walk, own: Sequence[Seal], has_held: bool) -> list[Finding]:
    """Tell which seals in the log do not fit, when the entries themselves are in order."""
    fits = max((seal.size for seal in own if seal in walk.right), default=0)
    findings = []
    for seal in own:
        if seal not in walk.wrong:
            continue
        # A larger tree that fits holds this one: then it is the seal that was changed.
        is_seal = has_held or seal.size < fits
        findings.append(
            Finding("seal", 0, 0, seal.day) if is_seal else Finding("rebuilt", fits + 1, seal.size, seal.day)
        )
    return findings


def _other_seals(own: Sequence[Seal], held: Sequence[Seal]) -> list[Finding]:
    """Tell where somebody else holds another seal of a day than the log: two stories were told."""
    known = {seal.day: seal for seal in own}
    findings = []
    for seal in held:
        same = known.get(seal.day)
        if seal.day and (same is None or same[:4] != seal[:4] or (seal.line and seal.line != same.line)):
            findings.append(Finding("other", 0, 0, seal.day))
    return findings


def _first_difference(earlier: Source, later: Source) -> int:
    lines = later.entries()
    for position, line in enumerate(earlier.entries(), 1):
        if next(lines, None) != line:
            return position
    return 0


# ---- naming the first bad entry


def _locate(raw: Sequence[bytes], seals: Sequence[Seal], low: int) -> Finding:
    """Name the first bad entry. What a seal names as its head, and all that this names, is known to be right."""
    lines = [read_line(each) for each in raw]
    true = _known_hashes(lines, seals)
    known_through = max((seal.size for seal in seals), default=0)
    before: Line | None = None
    for position in range(1, max(len(lines), known_through) + 1):
        if position > len(lines):
            return Finding("missing", position, position)
        line, right = lines[position - 1], true.get(position)
        stands = line is not None and _stands(line, position, before)
        if right is not None and (line is None or line.hash != right or not line.is_whole):
            # It fits what comes before and not what was written after: from where on was it computed anew?
            if stands and position > 1 and position - 1 not in true:
                return Finding("rebuilt", low + 1, position)
            return _wrong_here(lines, position, right)
        if right is None and not stands:
            if line is not None and line.is_whole and _is_named_next(lines, position) and position > low + 1:
                return Finding("rebuilt", low + 1, position - 1)
            return _wrong_here(lines, position, None)
        before = line
    return Finding("rebuilt", low + 1, max(known_through, low + 1))


def _known_hashes(lines: Sequence[Line | None], seals: Sequence[Seal]) -> dict[int, bytes]:
    """Return the right hashes by place, as far back as the entries that the seals lead to are still there."""
    known = {line.hash: line for line in lines if line is not None}
    true: dict[int, bytes] = {}
    anchors = {seal.size: bytes.fromhex(seal.head) for seal in seals}
    ends = [0, *sorted(anchors)]
    for number, size in enumerate(ends[1:]):
        true.update(_back_from(known, anchors[size], size, ends[number]))
    # After the last seal the end is only trusted when it leads back to what the seals know.
    last = [line for line in lines if line is not None and isinstance(line.entry.get("position"), int)]
    newest = max(last, key=lambda line: int(line.entry["position"]), default=None)
    if newest is not None and newest.entry["position"] > ends[-1]:
        tail = _back_from(known, newest.hash, newest.entry["position"], ends[-1])
        lowest = known.get(tail.get(ends[-1] + 1, b""))
        expected = anchors[ends[-1]].hex() if ends[-1] else NOTHING
        if lowest is not None and lowest.entry.get("previous") == expected:
            true.update(tail)
    return true


def _back_from(known: dict[bytes, Line], want: bytes, position: int, floor: int) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    while position > floor and (line := known.get(want)) is not None:
        found[position] = want
        try:
            want = bytes.fromhex(str(line.entry.get("previous")))
        except ValueError:
            break
        position -= 1
    # The hash that is asked for is right as well, whether or not its entry is still there.
    if position > floor:
        found[position] = want
    return found


def _stands(line: Line, position: int, before: Line | None) -> bool:
    return _follows(line, position, before.hash.hex() if before else NOTHING)


def _is_named_next(lines: Sequence[Line | None], position: int) -> bool:
    """Return whether an entry at its own place is the one that the entry after it names."""
    line = lines[position - 1]
    following = lines[position] if position < len(lines) else None
    if line is None or following is None or line.entry.get("position") != position:
        return False
    return bool(following.entry.get("previous") == line.hash.hex())


def _wrong_here(lines: Sequence[Line | None], position: int, right: bytes | None) -> Finding:
    """Tell what is wrong at a place, in the word that fits best."""
    line = lines[position - 1]
    found = line.entry.get("position") if line is not None else None
    elsewhere = right is not None and any(each is not None and each.hash == right for each in lines)
    if line is None or not line.is_whole or found == position:
        code = "inserted" if elsewhere and line is not None and line.is_whole else "changed"
    elif elsewhere:
        code = "moved"
    else:
        code = "missing"
    return Finding(code, position, position)


# ---- the command

WORDS = {
    "nl": {
        "changed": "regel {first} is veranderd",
        "missing": "regel {first} ontbreekt",
        "inserted": "regel {first} is ertussen gezet",
        "moved": "op de plaats van regel {first} staat een andere regel",
        "rebuilt": "de regels zijn opnieuw doorgerekend; de eerste foute regel ligt van {first} tot en met {last}",
        "content": "de inhoud van regel {first} hoort niet bij die regel",
        "gone": "de inhoud van regel {first} is weg en het logboek zegt niet waarom",
        "differs": "regel {first} is anders dan in het logboek van eerder",
        "seal": "het zegel van {day} in dit logboek is veranderd, of een zegel ervoor ontbreekt",
        "other": "het zegel van {day} is niet het zegel dat jij hebt",
        "text": "de tekst van de pagina bij regel {first} is niet meer de tekst die er toen stond",
        "text_gone": "de versie van de pagina bij regel {first} is er niet meer",
        "unsealed": "de pagina bij regel {first} heeft een versie die niet in het logboek staat",
        "page": "na regel {first} is een pagina gemaakt die niet in het logboek staat",
        "comments": "van de reacties in regel {first} is er een veranderd of weg",
        "tree": "de bewaarde boom klopt niet boven regel {first} tot en met {last}",
        "good": "Het logboek klopt: {entries} regels en {seals} zegels nagekeken.",
        "bad": "Het logboek klopt niet.",
        "first": "Eerste foute regel: {first}",
        "between": "Eerste foute regel: tussen {first} en {last}",
        "held": "Je eigen zegel past: {held} nagekeken.",
        "alone": "Let op: zonder eigen zegel weet je alleen dat het logboek met zichzelf klopt.",
        "proven": "Het bewijs klopt en hoort bij je eigen zegel.",
        "fits": "Het bewijs klopt in zichzelf. Vergelijk de wortel met een zegel dat je zelf hebt: {root}",
        "unproven": "Het bewijs klopt niet, of hoort niet bij je zegel.",
        "hidden": "Van {withheld} regels mag je de inhoud niet lezen, van {erased} is de inhoud gewist.",
    },
    "en": {
        "changed": "entry {first} was changed",
        "missing": "entry {first} is missing",
        "inserted": "entry {first} was inserted",
        "moved": "another entry stands at the place of entry {first}",
        "rebuilt": "the chain was computed anew; the first changed entry lies from {first} through {last}",
        "content": "the content of entry {first} does not belong to it",
        "gone": "the content of entry {first} is gone and the log does not say why",
        "differs": "entry {first} is not what it was in the earlier log",
        "seal": "the seal of {day} in this log was changed, or one before it is missing",
        "other": "the seal of {day} is not the one that you hold",
        "text": "the text of the page at entry {first} is not the text that stood there",
        "text_gone": "the version of the page at entry {first} is not there any more",
        "unsealed": "the page at entry {first} has a version that is not in the log",
        "page": "after entry {first} a page was made that is not in the log",
        "comments": "of the comments in entry {first} one was changed or is gone",
        "tree": "the stored tree is wrong above entries {first} through {last}",
        "good": "The log is right: {entries} entries and {seals} seals checked.",
        "bad": "The log is not right.",
        "first": "First bad entry: {first}",
        "between": "First bad entry: between {first} and {last}",
        "held": "Your own seal fits: {held} checked.",
        "alone": "Mind: without a seal of your own you only know that the log agrees with itself.",
        "proven": "The proof is right and belongs to your own seal.",
        "fits": "The proof is right in itself. Compare the root with a seal that you hold: {root}",
        "unproven": "The proof is wrong, or does not belong to your seal.",
        "hidden": "You may not read what {withheld} entries hold; what {erased} held was erased.",
    },
}


def tell(report: Report, language: str = "nl") -> list[str]:
    """Return what a check found in sentences, the verdict first."""
    words = WORDS[language]
    if not report.findings:
        lines = [words["good"].format(**report._asdict())]
        lines.append(words["held" if report.held else "alone"].format(**report._asdict()))
    else:
        lines = [words["bad"]]
        if (bad := report.first_bad) is not None:
            lines.append(words["first" if bad.first == bad.last else "between"].format(**bad._asdict()))
        lines += ["- " + words[finding.code].format(**finding._asdict()) for finding in report.findings]
    if report.withheld or report.erased:
        lines.append(words["hidden"].format(**report._asdict()))
    return lines


def check_proof(proof: dict[str, Any], held: Sequence[Seal]) -> str:
    """Return what a proof is worth: "proven" with a seal of the reader, "fits" without one, "unproven"."""
    path = [bytes.fromhex(each) for each in proof["path"]]
    trees = [(proof["size"], proof["root"])]
    if "entry" in proof:
        leaf = leaf_hash(proof["entry"].encode())
        index = json.loads(proof["entry"])["position"] - 1
        is_right = is_included(index, proof["size"], leaf, path, bytes.fromhex(proof["root"]))
    else:
        trees.append((proof["first_size"], proof["first_root"]))
        roots = [bytes.fromhex(root) for _, root in trees]
        is_right = is_consistent(proof["first_size"], proof["size"], roots[1], roots[0], path)
    about = [seal for seal in held if seal.size in dict(trees)]
    if not is_right or any((seal.size, seal.root) not in trees for seal in about) or (held and not about):
        return "unproven"
    return "proven" if about else "fits"


def main(arguments: Sequence[str] | None = None) -> int:
    """Check a bundle from the command line: 0 when it is right, 1 when it is not, 2 when it cannot be read."""
    parser = argparse.ArgumentParser(description="Kijk het logboek van Proeftuin na.")
    parser.add_argument("bundle", type=Path, help="het logboek (logboek.zip) of een bewijs (.json) dat je downloadde")
    parser.add_argument("--seal", type=Path, action="append", default=[], help="een zegel dat je zelf bewaarde")
    parser.add_argument("--earlier", type=Path, help="een logboek dat je eerder downloadde")
    parser.add_argument("--english", action="store_true", help="say it in English")
    asked = parser.parse_args(arguments)
    try:
        held = [seal for path in asked.seal for seal in _required(path)]
        if asked.bundle.suffix == ".json":
            return _tell_proof(json.loads(asked.bundle.read_bytes()), held, WORDS["en" if asked.english else "nl"])
        earlier = Bundle(asked.earlier) if asked.earlier else None
        report = verify(Bundle(asked.bundle), held, earlier)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        print(f"Dit is niet te lezen: {error}", file=sys.stderr)
        return 2
    print("\n".join(tell(report, "en" if asked.english else "nl")))
    return 1 if report.findings else 0


def _tell_proof(proof: dict[str, Any], held: Sequence[Seal], words: dict[str, str]) -> int:
    worth = check_proof(proof, held)
    print(words[worth].format(**proof))
    return 1 if worth == "unproven" else 0


def _required(path: Path) -> Iterable[Seal]:
    found = seals_of_file(path)
    if not found:
        raise ValueError(f"{path}: hier staat geen zegel in")
    return found


if __name__ == "__main__":
    sys.exit(main())
