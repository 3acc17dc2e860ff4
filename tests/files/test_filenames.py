"""The name of a file: made of what the browser sent, never a path, never something else than it seems."""

from __future__ import annotations

import pytest

from proeftuin.errors import Invalid
from proeftuin.files.filenames import MAX_NAME, checked_name, free_name
from proeftuin.files.formats import Format

NAMES = [
    ("foto.png", Format.PNG, "foto.png"),
    ("Foto van het team (definitief).JPG", Format.JPEG, "Foto-van-het-team-definitief.jpg"),
    ("foto.jpeg", Format.JPEG, "foto.jpeg"),
    ("../../etc/passwd", Format.CSV, "passwd.csv"),
    ("C:\\Users\\Bilal\\plan.docx", Format.DOCX, "plan.docx"),
    ("C:x.pdf", Format.PDF, "x.pdf"),
    ("gpj\u202egnp.exe", Format.PNG, "gpjgnp.png"),
    ("a\x00b.png", Format.PNG, "ab.png"),
    ("plan\r\nSet-Cookie: x.pdf", Format.PDF, "plan-Set-Cookie-x.pdf"),
    ('"; drop.csv', Format.CSV, "drop.csv"),
    ("<img src=x onerror=alert(1)>.png", Format.PNG, "img-src-x-onerror-alert-1.png"),
    ("CON.pdf", Format.PDF, "bestand-CON.pdf"),
    (".htaccess", Format.CSV, "htaccess.csv"),
    ("verslag.pdf.exe", Format.PDF, "verslag.pdf.pdf"),
    ("café-élan.png", Format.PNG, "café-élan.png"),
    ("cafe\u0301.png", Format.PNG, "café.png"),
    ("plan", Format.ODT, "plan.odt"),
    ("日本.xlsx", Format.XLSX, "日本.xlsx"),
]


@pytest.mark.parametrize(("raw", "format", "name"), NAMES)
def test_a_name_is_one_plain_word_with_the_ending_of_what_it_is(raw: str, format: Format, name: str) -> None:
    assert checked_name(raw, format) == name


@pytest.mark.parametrize("raw", ["", ".", "..", "../..", "/", "\\", "\u202e", "---", "...png", "_.pdf", "\x00"])
def test_a_name_of_which_nothing_is_left_is_refused_with_a_sentence(raw: str) -> None:
    with pytest.raises(Invalid, match="gewone naam"):
        checked_name(raw, Format.PNG)


def test_a_very_long_name_is_cut_and_keeps_its_ending() -> None:
    name = checked_name("é" * 255 + ".png", Format.PNG)
    assert len(name) == MAX_NAME
    assert name.endswith("é.png")


def test_a_name_that_is_taken_gets_a_number() -> None:
    assert free_name("foto.png", {"foto.png", "foto-2.png"}) == "foto-3.png"
    assert free_name("FOTO.png", {"foto.png"}) == "FOTO-2.png"
