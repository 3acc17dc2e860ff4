"""Documents that are zip files inside (docx, xlsx, odt): judged by their parts before anything is unpacked.

What must stay true: the number of parts, their sizes and how tightly they are packed are judged from the list of
contents, and that list itself is bounded; nothing is ever written to the disk under a name from inside; XML is only
read by a parser that knows no entities.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from proeftuin.errors import Invalid
from proeftuin.files.formats import Format
from proeftuin.i18n import _

MAX_PARTS = 3_000
MAX_LIST = 1_000_000
MAX_UNPACKED = 200_000_000
MAX_PART = 60_000_000
MAX_RATIO = 120
"""A part of more than a million bytes may be packed at most this tightly; real documents stay below forty."""
_FREE_OF_RATIO = 1_000_000
_END = b"PK\x05\x06"
_END_SIZE = 22
_ENCRYPTED = 0x1

_MAIN = {Format.DOCX: "word/document.xml", Format.XLSX: "xl/workbook.xml", Format.ODT: "content.xml"}
_TYPES = {
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
}
_ROOTS = {Format.DOCX: "document", Format.XLSX: "workbook", Format.ODT: "document-content"}
_ODT = b"application/vnd.oasis.opendocument.text"
_MACROS = ("vbaproject", "vbadata", "basic/", "scripts/")


def judge(content: bytes) -> Format:
    """Return which document a zip file is.

    :raises Invalid: when it is none, or one that could do harm.
    """
    _check_list(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_parts(archive.infolist())
            return _recognise(archive)
    except DefusedXmlException as why:  # a ValueError too, so it comes first
        raise Invalid(
            {"file": _("In dit document zit een XML-truc die we niet vertrouwen. Er is niets bewaard.")}
        ) from why
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError, ValueError) as why:
        raise _broken() from why
    except (NotImplementedError, RuntimeError) as why:  # packed in a way, or with a password, that nobody uses here
        raise _locked() from why
    except ElementTree.ParseError as why:
        raise _broken() from why


def _check_list(content: bytes) -> None:
    """Judge the list of contents by its end, before the library reads it whole."""
    at = content.rfind(_END, -(_END_SIZE + 65_535))
    if at < 0 or len(content) - at < _END_SIZE:
        raise _broken()
    parts, size, comment = struct.unpack("<10xHI4xH", content[at : at + _END_SIZE])
    if comment or at + _END_SIZE != len(content):
        raise Invalid({"file": _("Achter dit document is nog iets anders geplakt. Dat nemen we niet aan.")})
    if parts > MAX_PARTS or size > MAX_LIST:
        raise _bomb()


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if len(names) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise _bomb()
    if len(set(names)) != len(names) or any(map(_is_odd, names)):
        raise _broken()
    for part in parts:
        if part.flag_bits & _ENCRYPTED:
            raise _locked()
        tight = part.file_size > _FREE_OF_RATIO and part.file_size > MAX_RATIO * max(1, part.compress_size)
        if part.file_size > MAX_PART or tight:
            raise _bomb()
    if any(mark in name.lower() for name in names for mark in _MACROS):
        raise _with_macros()


def _is_odd(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name or "\0" in name


def _recognise(archive: zipfile.ZipFile) -> Format:
    names = set(archive.namelist())
    if "mimetype" in names:
        if archive.read("mimetype").strip() != _ODT or _MAIN[Format.ODT] not in names:
            raise _no_document()
        format = Format.ODT
    elif "[Content_Types].xml" in names:
        format = _office(archive, names)
    else:
        raise _no_document()
    root = root_of(archive, _MAIN[format])
    if root.tag.rpartition("}")[2] != _ROOTS[format]:
        raise _no_document()
    return format


def _office(archive: zipfile.ZipFile, names: set[str]) -> Format:
    types = {each.get("ContentType", "") for each in root_of(archive, "[Content_Types].xml")}
    if any("macroenabled" in each.lower() or "vbaproject" in each.lower() for each in types):
        raise _with_macros()
    for format, main in _TYPES.items():
        if main in types and _MAIN[format] in names:
            return format
    raise _no_document()


def root_of(archive: zipfile.ZipFile, name: str) -> Any:
    """Return the root element of an XML part; a declaration of entities is refused by the parser."""
    return ElementTree.fromstring(archive.read(name), forbid_dtd=True)


def _broken() -> Invalid:
    return Invalid(
        {
            "file": _(
                "Dit document is beschadigd of niet volledig. Open het, bewaar het opnieuw en probeer het nog eens."
            )
        }
    )


def _bomb() -> Invalid:
    return Invalid(
        {"file": _("Dit bestand wordt bij het uitpakken veel te groot. Er is niets uitgepakt en niets bewaard.")}
    )


def _locked() -> Invalid:
    return Invalid(
        {"file": _("Dit document is met een wachtwoord afgesloten. Haal het wachtwoord eraf en kies het opnieuw.")}
    )


def _with_macros() -> Invalid:
    return Invalid(
        {
            "file": _(
                "In dit document zitten macro’s. Bewaar het zonder macro’s, als docx, xlsx of odt, en kies het "
                "opnieuw."
            )
        }
    )


def _no_document() -> Invalid:
    return Invalid({"file": _("Een zip-bestand nemen we niet aan. Pak het uit en voeg de bestanden los toe.")})
