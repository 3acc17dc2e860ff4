"""Writing a table down: CSV for spreadsheets of this country, and XLSX with typed cells.

What must stay true: no cell is ever a formula (6.4): a text that begins with a sign that a spreadsheet acts on is
written with an apostrophe before it in CSV, and as text in XLSX. CSV is UTF-8 with a byte order mark, `;` between
cells and days as 2026-03-31.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import xlsxwriter

from proeftuin.evidence.sheet import Value

ACTED_ON = ("=", "+", "-", "@", "\t", "\r")
WIDTH, WIDE = 16, 40


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Value]], stamp: Mapping[str, Value]) -> bytes:
    """Return a table as CSV; the last columns of every row are the stamp."""
    own = [name for name in stamp if name not in columns]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([*columns, *own])
    for row in rows:
        writer.writerow([_cell(value) for value in (*row, *(stamp[name] for name in own))])
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(value).replace(".", ",")
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(ACTED_ON) else text


def as_xlsx(columns: Sequence[str], rows: Iterable[Sequence[Value]], stamp: Mapping[str, Value]) -> bytes:
    """Return a workbook with the table, and the stamp on a sheet of its own."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("Register")
    for place, name in enumerate(columns):
        sheet.write_string(0, place, name, bold)
        sheet.set_column(place, place, WIDE if name.startswith(("tekst", "garantie", "voorbehoud")) else WIDTH)
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            _write(sheet, number, place, value, day)
    sheet.freeze_panes(1, 1)
    about = book.add_worksheet("Verantwoording")
    about.set_column(0, 1, WIDE)
    for number, (name, value) in enumerate(stamp.items()):
        about.write_string(number, 0, name, bold)
        _write(about, number, 1, value, day)
    book.close()
    return stream.getvalue()


def _write(
    sheet: xlsxwriter.workbook.Worksheet, row: int, column: int, value: Value, day: xlsxwriter.format.Format
) -> None:
    match value:
        case None:
            sheet.write_blank(row, column, None)
        case date():
            sheet.write_datetime(row, column, value, day)
        case int() | float():
            sheet.write_number(row, column, value)
        case _:
            sheet.write_string(row, column, value)
