"""What a file is, by what it holds: the nine kinds are taken in, everything else is refused with a sentence."""

from __future__ import annotations

import io
import tracemalloc

import pytest
from PIL import Image

from proeftuin.errors import Invalid
from proeftuin.files import archives, judging, pictures
from proeftuin.files.formats import Format
from tests.files import crafted

GOOD = {
    Format.PNG: crafted.picture("PNG"),
    Format.JPEG: crafted.picture("JPEG"),
    Format.WEBP: crafted.picture("WEBP"),
    Format.GIF: crafted.picture("GIF"),
    Format.PDF: crafted.pdf(),
    Format.DOCX: crafted.docx(),
    Format.ODT: crafted.odt(),
    Format.XLSX: crafted.xlsx(),
    Format.CSV: crafted.csv(),
}
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
WITH_MACROS = crafted.docx_parts()["[Content_Types].xml"].replace("wordprocessingml", "macroEnabled")
BAD = {
    "nothing": (b"", "leeg"),
    "html": (b"<!doctype html><html><script>alert(1)</script></html>", "HTML"),
    "html after spaces": (b"\n\n  <html><body>a;b\nc;d\n</body>", "HTML"),
    "html as a table": (b"a;b\n<script>alert(1)</script>;d\n", "HTML"),
    "svg": (SVG, "SVG"),
    "svg with a mark in front": (b"\xef\xbb\xbf<svg></svg>", "SVG"),
    "a program": (b"MZ\x90\x00\x03" + b"\0" * 200, "nemen we niet aan"),
    "another program": (b"\x7fELF" + b"\0" * 200, "nemen we niet aan"),
    "a shell script": (b"#!/bin/sh\nrm -rf /\n", "nemen we niet aan"),
    "text": (b"Zomaar wat tekst, zonder tabel.", "nemen we niet aan"),
    "bytes": (bytes(range(256)), "nemen we niet aan"),
    "an old document": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "oud soort"),
    "a tiff": (crafted.picture("TIFF"), "nemen we niet aan"),
    "a bitmap": (crafted.picture("BMP"), "nemen we niet aan"),
    "a zip": (crafted.archive({"a.txt": "a"}), "zip-bestand"),
    "a zip with a page in it": (crafted.archive({"index.html": "<script>"}), "zip-bestand"),
    "a docx without parts": (crafted.archive({"[Content_Types].xml": "<Types/>"}), "zip-bestand"),
    "an empty zip": (b"PK\x05\x06" + b"\0" * 18, "nemen we niet aan"),
    "a docx with the wrong root": (crafted.docx(more={"word/document.xml": "<html/>"}), "zip-bestand"),
    "a docx with macros": (crafted.docx(more={"word/vbaProject.bin": b"x"}), "macro"),
    "a docx that says that it has macros": (crafted.docx(more={"[Content_Types].xml": WITH_MACROS}), "macro"),
    "half a docx": (crafted.docx()[:-40], "beschadigd"),
    "a docx with something behind it": (crafted.docx() + b"MZ\x90", "geplakt"),
    "a docx with a remark": (crafted.archive(crafted.docx_parts(), comment=b"<script>"), "geplakt"),
    "a docx that climbs out": (crafted.docx(more={"../../etc/passwd": b"x"}), "beschadigd"),
    "a docx with entities": (crafted.with_entities(), "XML-truc"),
    "a pdf that is a page": (b"%PDF-1.4\n<html><script>alert(1)</script></html>", "pdf"),
    "a real pdf that is a page too": (crafted.pdf(head=b"<script>alert(1)</script>\n"), "pdf"),
    "a pdf with a zip behind it": (crafted.pdf(tail=crafted.archive({"a": "b"})), "pdf"),
    "a pdf with a program behind it": (crafted.pdf(tail=b"MZ\x90\0\3"), "pdf"),
    "half a pdf": (crafted.pdf()[:200], "pdf"),
    "half a photo": (crafted.picture("JPEG", (400, 400))[:300], "beschadigd"),
    "half a png": (crafted.picture("PNG", (400, 400))[:60], "beschadigd"),
    "a gif that is a script": (b"GIF89a/*<script>alert(1)</script>*/", "beschadigd"),
    "a gif of nothing": (b"GIF89a", "beschadigd"),
}


@pytest.mark.parametrize("format", GOOD, ids=str)
def test_each_kind_is_known_by_what_it_holds(format: Format) -> None:
    assert judging.judge(GOOD[format]).format is format


@pytest.mark.parametrize("name", BAD)
def test_everything_else_is_refused_with_a_sentence(name: str) -> None:
    content, word = BAD[name]
    with pytest.raises(Invalid) as refused:
        judging.judge(content)
    assert word in refused.value.fields["file"]


@pytest.mark.parametrize(("width", "height"), [(30_000, 30_000), (1, 2_000_000), (60_000, 10)])
def test_an_enormous_picture_is_refused_before_it_is_decoded(width: int, height: int) -> None:
    tracemalloc.start()
    with pytest.raises(Invalid, match="te groot"):
        judging.judge(crafted.png_claiming(width, height))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    content = crafted.bomb()
    tracemalloc.start()
    with pytest.raises(Invalid, match="veel te groot"):
        judging.judge(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000


def test_many_parts_that_are_large_together_are_refused() -> None:
    parts: dict[str, bytes | str] = {f"word/media/{n}.bin": bytes(900_000) for n in range(300)}
    with pytest.raises(Invalid, match="veel te groot"):
        judging.judge(crafted.docx(more=parts))


def test_too_many_parts_are_refused_by_the_end_of_the_list() -> None:
    with pytest.raises(Invalid, match="veel te groot"):
        judging.judge(crafted.lying_end(archives.MAX_PARTS + 1))


def test_nothing_but_the_picture_is_kept_of_a_photo() -> None:
    content = crafted.photo_with_place()
    assert b"GeheimeTelefoon" in content
    kept = judging.judge(content)
    assert b"GeheimeTelefoon" not in kept.content
    assert b"geheim" not in kept.content
    with Image.open(io.BytesIO(kept.content)) as image:
        assert image.size == (40, 60), "the turn that the photo asked for was not made"
        assert not image.getexif()
        assert "icc_profile" not in image.info


def test_what_hides_behind_a_picture_is_not_kept() -> None:
    content = crafted.picture("PNG") + b"<script>alert(1)</script>" + crafted.archive({"a": "b"})
    kept = judging.judge(content)
    assert b"script" not in kept.content
    assert b"PK\x03\x04" not in kept.content


def test_of_a_moving_picture_the_first_image_is_kept() -> None:
    judged = judging.judge(crafted.moving())
    assert judged.picture is not None
    assert judged.picture.was_moving
    with Image.open(io.BytesIO(judged.content)) as image:
        assert getattr(image, "n_frames", 1) == 1
        assert image.convert("RGB").getpixel((1, 1)) == (255, 0, 0)


def test_a_picture_keeps_its_transparency_and_loses_it_only_as_a_photo() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (255, 0, 0, 0)).save(out, format="PNG")
    with Image.open(io.BytesIO(judging.judge(out.getvalue()).content)) as image:
        assert image.convert("RGBA").getpixel((1, 1)) == (255, 0, 0, 0)
    with Image.open(io.BytesIO(judging.judge(out.getvalue(), Format.JPEG).content)) as image:
        assert image.format == "JPEG"
        assert image.getpixel((1, 1)) == (255, 255, 255)


def test_a_large_picture_has_smaller_forms_and_is_made_to_fit() -> None:
    judged = judging.judge(crafted.picture("JPEG", (5_000, 2_500)))
    assert judged.picture is not None
    assert (judged.picture.width, judged.picture.height) == (4_000, 2_000)
    sides = {}
    for name, content in judged.picture.smaller.items():
        with Image.open(io.BytesIO(content)) as image:
            sides[name] = image.size
    assert sides == {"pagina": (1_200, 600), "lijst": (240, 120)}


def test_a_picture_of_strange_colours_becomes_an_ordinary_one() -> None:
    for mode in ("CMYK", "L", "1", "P", "I;16"):
        out = io.BytesIO()
        Image.new(mode, (9, 9)).save(out, format="JPEG" if mode == "CMYK" else "PNG")
        with Image.open(io.BytesIO(pictures.remake(out.getvalue()).content)) as image:
            assert image.mode in ("RGB", "RGBA")
