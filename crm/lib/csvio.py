"""Tables as text: find out what a file is, read it row by row, write it so that no spreadsheet runs it."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any

from django.utils.translation import gettext as _

from crm.lib.errors import DomainError

SAMPLE_BYTES = 256 * 1024
DELIMITERS = (",", ";", "\t", "|")
MOST_CELL_CHARS = 100_000
# A cell that begins so is run as a formula by spreadsheets.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
LINE_END = re.compile(r"\r\n|\r|\n")


class NotTabular(DomainError):
    """The file is no table we can read; the sentence says why."""


@dataclass(frozen=True)
class Dialect:
    """How a file is written: encoding, delimiter, and its header's names."""

    encoding: str
    delimiter: str
    header: list[str]


def _encoding(sample: bytes) -> str:
    if sample.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in sample:
        raise NotTabular(_("This file is not text. Export it as CSV and upload that."))
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample, final=False)
    except UnicodeDecodeError:
        control = sum(byte < 32 and byte not in (9, 10, 13) for byte in sample)
        if control > len(sample) // 100:
            raise NotTabular(_("This file is not text. Export it as CSV and upload that.")) from None
        return "cp1252"
    return "utf-8"


def sniff(file: IO[bytes]) -> Dialect:
    """Tell encoding, delimiter and header of a binary file; leaves it at its beginning.

    Raises NotTabular with a sentence for what is empty, not text, or without a header.
    """
    file.seek(0)
    sample = file.read(SAMPLE_BYTES)
    file.seek(0)
    if not sample.strip():
        raise NotTabular(_("This file is empty."))
    encoding = _encoding(sample)
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(sample, final=False)
    except UnicodeDecodeError:
        raise NotTabular(_("This file is not text. Export it as CSV and upload that.")) from None
    first = LINE_END.split(text, maxsplit=1)[0]
    if len(first) > MOST_CELL_CHARS:
        message = _("The first line has more than %(most)d characters: this is no table with column names.")
        raise NotTabular(message % {"most": MOST_CELL_CHARS})
    delimiter = max(DELIMITERS, key=first.count)
    # No strict quoting here: a torn sample may end inside a quoted cell.
    header = [cell.strip() for cell in next(csv.reader([first], delimiter=delimiter), [])]
    if sum(bool(name) for name in header) < 1 or all(name.replace(".", "").isdigit() for name in header):
        raise NotTabular(_("The first line has no column names. Put a header line on top and upload it again."))
    doubled = sorted({name for name in header if name and header.count(name) > 1})
    if doubled:
        raise NotTabular(_("The column “%(name)s” stands in the header twice.") % {"name": doubled[0][:60]})
    return Dialect(encoding, delimiter, header)


def rows(file: IO[bytes], dialect: Dialect) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line number, {column: text}) from a binary file. Raises NotTabular as `records` does."""
    for line, cells in records(file, dialect):
        yield line, dict(zip(dialect.header, (cell.strip() for cell in cells), strict=False))


def records(file: IO[bytes], dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """Yield (line number, cells as they stand) from a binary file, streaming; blank lines are passed over.

    Raises NotTabular for bytes that do not decode and for a cell beyond any use.
    """
    file.seek(0)
    # Not a reader of codecs: it ends lines at vertical tabs and U+2028 too, in the middle of cells.
    stream = io.TextIOWrapper(file, dialect.encoding, newline="")
    previous_limit = csv.field_size_limit(MOST_CELL_CHARS)
    try:
        reader = csv.reader(_lines(stream), delimiter=dialect.delimiter)
        next(reader, None)
        for cells in reader:
            if any(cells):
                yield reader.line_num, cells
    except csv.Error as error:
        line = reader.line_num
        if "field larger" in str(error):
            message = _("Line %(line)d has a cell of more than %(most)d characters. Shorten it and upload again.")
            raise NotTabular(message % {"line": line, "most": MOST_CELL_CHARS}) from None
        raise NotTabular(_("Line %(line)d cannot be read: %(why)s.") % {"line": line, "why": error}) from None
    except UnicodeDecodeError:
        raise NotTabular(_("The file changes its encoding half-way. Save it as UTF-8 and upload it again.")) from None
    finally:
        csv.field_size_limit(previous_limit)
        with suppress(ValueError):  # closed already by whoever opened it
            stream.detach()  # else the wrapper would close a file that is not its own


def _lines(stream: Iterable[str]) -> Iterator[str]:
    """Yield lines without NUL characters, which the csv module and Postgres both refuse."""
    for line in stream:
        yield line.replace("\0", "")


def safe_cell(value: Any) -> str:
    """Return a cell that a spreadsheet shows and never runs; plain numbers and E.164 numbers stay as they are."""
    text = "" if value is None else str(value)
    if text.startswith(FORMULA_STARTS) and not text[1:].replace(".", "", 1).isdigit():
        return "'" + text
    return text


def writer(file: IO[str], header: list[str]) -> Any:
    """Return a function that writes one row of safe cells; the header is written at once."""
    out = csv.writer(file)
    out.writerow([safe_cell(name) for name in header])

    def write(cells: Iterable[Any]) -> None:
        out.writerow([safe_cell(cell) for cell in cells])

    return write
