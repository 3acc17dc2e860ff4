"""A source that is broken or means harm is refused in a sentence, and leaves nothing behind."""

from __future__ import annotations

import io
import zipfile

import pytest
from sqlalchemy import func, select

from proeftuin.db import Database
from proeftuin.errors import Invalid
from proeftuin.exchange.models import Origin
from proeftuin.wiki.models import Page, Revision
from tests.exchange.dumps import HEAD, dump, page, revision, zipped
from tests.exchange.imports import Exchange

GOOD = dump(page(1, "Rooster", revision(10, "een"), revision(11, "twee")))
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    f"{HEAD}<page><title>&b;</title></page></mediawiki>"
).encode()
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    f"{HEAD}<page><title>&a;</title></page></mediawiki>"
).encode()


def is_empty(database: Database) -> bool:
    with database.reading() as reading:
        return not any(reading.scalar(select(func.count()).select_from(t)) for t in (Page, Revision, Origin))


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (GOOD[: len(GOOD) // 2], "niet heel"),
        (GOOD[:-5], "niet heel"),
        (b"", "niet heel"),
        (b"\xff\xfe\x00 geen xml", "niet heel"),
        (GOOD.replace(b"een", b"\xe9\xe9n"), "niet heel"),
        (BOMB, "entiteiten"),
        (OUTSIDE, "entiteiten"),
        (b"<html><page/></html>", "geen export van MediaWiki"),
    ],
)
def test_a_dump_that_is_not_whole_leaves_nothing(
    exchange: Exchange, database: Database, pilot: str, raw: bytes, words: str
) -> None:
    with pytest.raises(Invalid, match=words):
        exchange.dump(pilot, raw)
    assert is_empty(database)


def test_a_text_of_five_megabytes_is_told_and_the_rest_comes_in(
    exchange: Exchange, database: Database, pilot: str
) -> None:
    told = exchange.dump(pilot, dump(page(1, "Rooster", revision(10, "een"), revision(11, "x " * 2_500_000))))
    assert told.tells("te lang: 5.000.000 tekens")
    assert told.counts.new_versions == 1
    told = exchange.zip(pilot, zipped({"groot.md": "x " * 2_500_000, "goed.md": "Goed."}))
    assert told.tells("groot.md: Het bestand is te groot")
    assert told.counts.new_versions == 1


def _evil(name: str, **about: int) -> io.BytesIO:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("goed.md", "Goed.")
        entry = zipfile.ZipInfo(name)
        for field, value in about.items():
            setattr(entry, field, value)
        archive.writestr(entry, "Kwaad.")
    return stream


@pytest.mark.parametrize(
    ("stream", "words"),
    [
        (_evil("../../etc/kwaad.md"), "buiten de map"),
        (_evil("/etc/kwaad.md"), "buiten de map"),
        (_evil("map/../../kwaad.md"), "buiten de map"),
        (_evil("C:/kwaad.md"), "buiten de map"),
        (_evil("link.md", external_attr=0o120777 << 16), "verwijzing"),
        (zipped({"bom.md": b"0" * 60_000_000}), "te groot"),
        (io.BytesIO(b"PK\x03\x04 geen zip"), "geen heel zip-bestand"),
        (io.BytesIO(b""), "geen heel zip-bestand"),
    ],
)
def test_a_zip_that_cannot_be_trusted_leaves_nothing(
    exchange: Exchange, database: Database, pilot: str, stream: io.BytesIO, words: str
) -> None:
    with pytest.raises(Invalid, match=words):
        exchange.zip(pilot, stream)
    assert is_empty(database)


def test_a_zip_that_lies_about_sizes_gives_no_more_than_it_said(
    exchange: Exchange, database: Database, pilot: str
) -> None:
    raw = bytearray(zipped({"groot.md": "x" * 3_000_000}).getvalue())
    for at in range(len(raw) - 4):  # both places where the size of the file stands
        if raw[at : at + 4] == (3_000_000).to_bytes(4, "little"):
            raw[at : at + 4] = (1000).to_bytes(4, "little")
    with pytest.raises(Invalid, match="geen heel zip-bestand"):
        exchange.zip(pilot, io.BytesIO(bytes(raw)))
    assert is_empty(database)


def test_a_file_that_cannot_be_read_is_told_and_the_others_come_in(
    exchange: Exchange, database: Database, pilot: str
) -> None:
    told = exchange.zip(
        pilot,
        zipped(
            {
                "latin.md": "één".encode("latin-1"),
                "bom.md": "---\na: &a [x]\nb: *a\n---\ntekst",
                "geen-yaml.md": "---\na: b: c\n---\ntekst",
                "nul.md": "een\x00twee",
                "goed.md": "Goed.",
                "los.geschiedenis.jsonl": "{}",
                "paginas/stuk.md": "---\nformat: proeftuin/1\ntitle: Stuk\nversion: 2\n---\n\nTekst.",
                "paginas/stuk.geschiedenis.jsonl": 'geen json\n{"number": -1, "text": "x"}\n[[[[',
            }
        ),
    )
    expected = (
        "latin.md: Het bestand is geen UTF-8",
        "bom.md: De regels boven",
        "geen-yaml.md: De regels boven",
        "geen tekst zijn",
        "bij deze geschiedenis ontbreekt",
        "Stuk, regel 1: Deze regel is geen versie",
    )
    for words in expected:
        assert told.tells(words), (words, told.lines)
    assert told.counts.new_pages == 3
