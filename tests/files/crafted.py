"""Files made by hand: good ones in the smallest form that is still real, and bad ones with one thing wrong."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

from PIL import Image

NONE: Mapping[str, bytes | str] = {}
WORDS = "De nulmeting over korenwolven"
_DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def picture(kind: str = "PNG", size: tuple[int, int] = (60, 40), colour: str = "teal", **options: Any) -> bytes:
    """Return a picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, format=kind, **options)
    return out.getvalue()


def photo_with_place() -> bytes:
    """Return a photo that lies on its side and says where, when and with what it was made."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter
    exif[0x010F] = "GeheimeTelefoon"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (52.0, 5.0, 1.0)
    return picture("JPEG", (60, 40), exif=exif, comment=b"geheim commentaar")


def moving() -> bytes:
    """Return a GIF of three images."""
    out = io.BytesIO()
    frames = [Image.new("RGB", (30, 20), colour) for colour in ("red", "green", "blue")]
    frames[0].save(out, format="GIF", save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """Return a PNG that says how large it is and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def pdf(words: str = WORDS, *, tail: bytes = b"", head: bytes = b"") -> bytes:
    """Return a PDF of one page with a line of text."""
    stream = f"BT /F1 12 Tf 72 720 Td ({words}) Tj ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out = b"%PDF-1.4\n" + head
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % table
    return out + tail


def endless_pdf() -> bytes:
    """Return a PDF whose one page holds the same text many, many times over."""
    once = b"BT /F1 12 Tf 72 720 Td (korenwolf) Tj ET\n"
    stream = zlib.compress(once * 3_000_000, 9)
    good = pdf()
    start = good.index(b"4 0 obj")
    end = good.index(b"endobj", start)
    body = b"4 0 obj\n<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream\n" % (len(stream), stream)
    out = good[:start] + body + good[end:]
    table = out.index(b"xref\n")
    head, _, _ = out.rpartition(b"startxref")
    return head + b"startxref\n%d\n%%%%EOF\n" % table


def archive(parts: Mapping[str, bytes | str], *, comment: bytes = b"") -> bytes:
    """Return a zip file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
        made.comment = comment
    return out.getvalue()


def docx(words: str = WORDS, *, more: Mapping[str, bytes | str] = NONE) -> bytes:
    """Return a document; `more` are parts to add or to replace, by name."""
    return archive({**docx_parts(words), **more})


def docx_parts(words: str = WORDS) -> dict[str, str]:
    """Return the parts of a document."""
    return {
        "[Content_Types].xml": _types("/word/document.xml", _DOCX_TYPE),
        "word/document.xml": f'<w:document xmlns:w="{_W}"><w:body><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:body>'
        "</w:document>",
    }


def xlsx(words: str = WORDS) -> bytes:
    """Return a sheet with a cell of text."""
    return archive(
        {
            "[Content_Types].xml": _types("/xl/workbook.xml", _XLSX_TYPE),
            "xl/workbook.xml": f'<workbook xmlns="{_S}"><sheets/></workbook>',
            "xl/sharedStrings.xml": f'<sst xmlns="{_S}"><si><t>{words}</t></si></sst>',
        }
    )


def odt(words: str = WORDS) -> bytes:
    """Return a document of LibreOffice."""
    office, text = (f"urn:oasis:names:tc:opendocument:xmlns:{each}:1.0" for each in ("office", "text"))
    content = (
        f'<office:document-content xmlns:office="{office}" xmlns:text="{text}"><office:body><office:text>'
        f"<text:p>{words}</text:p></office:text></office:body></office:document-content>"
    )
    return archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def csv(words: str = WORDS) -> bytes:
    """Return a table as Excel writes it here."""
    return f"naam;aantal;toelichting\r\nWillemijn;3;{words}\r\nBilal;4;„tja”\r\n".encode("cp1252")


def with_entities() -> bytes:
    """Return a document whose text would grow a billion times."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    xml = f'<!DOCTYPE d [{laughs}]><w:document xmlns:w="{_W}"><w:body>&l9;</w:body></w:document>'
    return docx(more={"word/document.xml": xml})


def bomb(size: int = 190_000_000) -> bytes:
    """Return a document with a part that is small here and enormous when unpacked."""
    return docx(more={"word/media/groot.bin": b"\0" * size})


def lying_end(parts: int) -> bytes:
    """Return a document whose list of contents claims more parts than it holds."""
    good = docx()
    at = good.rfind(b"PK\x05\x06")
    return good[: at + 8] + struct.pack("<HH", parts, parts) + good[at + 12 :]


def _types(part: str, kind: str) -> str:
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="{part}" ContentType="{kind}"/></Types>'
    )
