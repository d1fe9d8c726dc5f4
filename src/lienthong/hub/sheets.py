"""The directory as a table, CSV or XLSX, taken in with a report of every line refused. `hub.export` gives it out.

A table corrects the directory at once: it adds agencies, and gives known ones the name, the agency above and further
spellings. What takes place on a day by a decision is a change of codes (`hub.codes`).
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zipfile import ZipFile

from django.db import connection, transaction
from openpyxl import load_workbook

from lienthong.hub import codes, mode
from lienthong.hub.agencies import forget_copy
from lienthong.hub.refusals import LINE_REFUSALS, TableRefused
from lienthong.hub.rows import can_hold
from lienthong.journal.record import Actor, Subject, record
from lienthong.journal.vocabulary import HubEvent
from lienthong.standards.agencies import Category
from lienthong.standards.identifiers import AgencyCode, InvalidCode

COLUMNS = {
    "code": "mã", "name": "tên", "parent": "mã cấp trên", "aliases": "mã khác", "category": "loại",
}  # fmt: skip
"""Columns of a table, in English or Vietnamese; code and name are needed. Several aliases have blanks between."""
LONGEST_NAME = 200
LARGEST_UNPACKED = 1 << 29
"""Bytes of a workbook's parts together; its texts are held in memory while it is read."""
MOST_LINES, MOST_COLUMNS = 500_000, 50
"""Of a workbook's sheet: with more lines it is no table, and further columns are not read."""
PATIENCE_MS = 600_000
TOLD_EVERY = 5000
"""After so many lines the reader tells how far it is."""


@dataclass(frozen=True)
class Line:
    """A line of a table, checked by itself."""

    number: int
    code: str
    name: str
    parent: str
    aliases: tuple[str, ...]
    category: str


@dataclass(frozen=True)
class Refused:
    """A line that was not taken, and why."""

    number: int
    code: str
    reason: str

    @property
    def words(self) -> str:
        """In Vietnamese and English, with what to do next."""
        return " / ".join(LINE_REFUSALS[self.reason])


@dataclass(frozen=True)
class Table:
    """A table as it was read: sound lines, and those refused by themselves."""

    name: str
    digest: str
    lines: tuple[Line, ...]
    refused: tuple[Refused, ...]


@dataclass(frozen=True)
class Report:
    """What becomes of a table: agencies added and corrected, lines that say what is known, lines refused."""

    added: int
    corrected: int
    unchanged: int
    refused: tuple[Refused, ...]

    @property
    def taken(self) -> int:
        """Lines that hold."""
        return self.added + self.corrected + self.unchanged


def take_in(path: Path, *, by: Actor = codes.REGISTRY, at: datetime) -> Report:
    """Take a table in: every sound line, all in one transaction; the others are reported.

    Raises:
        TableRefused: it is no table, or lacks a needed column.
    """
    return take(read(path), by=by, at=at)


def read(path: Path, *, tell: Callable[[int], None] = lambda _: None, name: str = "") -> Table:
    """Read a table; `tell` hears how many lines have been read. Raises `TableRefused`."""
    refused: list[Refused] = []
    lines = []
    for line in _sound(_cells(path), refused):
        lines.append(line)
        if len(lines) % TOLD_EVERY == 0:
            tell(line.number)
    return Table(name or path.name, _digest(path), tuple(lines), tuple(refused))


def check(table: Table) -> Report:
    """What `take` would do now; changes nothing."""
    with transaction.atomic():
        _, report = _stage(table)
    return report


def take(table: Table, *, by: Actor = codes.REGISTRY, at: datetime) -> Report:
    """Take a table in that was read, in one transaction."""
    with transaction.atomic():
        codes.one_at_a_time()
        lines, report = _stage(table)
        _write(lines, at)
        record(
            HubEvent.AGENCIES_IMPORTED, actor=by, subject=Subject("table", table.name[:64]), at=at,
            digest=table.digest, taken=report.taken, refused=len(report.refused),
        )  # fmt: skip
    forget_copy()
    return report


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _cells(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines of a table by column; lines without anything are passed by."""
    rows = _xlsx_rows(path) if path.suffix.lower() == ".xlsx" else _csv_rows(path)
    names = {word: column for column, vietnamese in COLUMNS.items() for word in (column, vietnamese)}
    header = [names.get(cell.strip().lower(), "") for cell in next(rows, [])]
    for needed in ("code", "name"):
        if needed not in header:
            raise TableRefused(column=f"{needed} ({COLUMNS[needed]})")
    for number, row in enumerate(rows, 2):
        cells = {column: cell.strip() for column, cell in zip(header, row, strict=False) if column}
        if any(cells.values()):
            yield number, cells


def _csv_rows(path: Path) -> Iterator[list[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            comma = ";" if ";" in file.readline() else ","
            file.seek(0)
            yield from csv.reader(file, delimiter=comma)
    except (UnicodeDecodeError, csv.Error) as fault:
        raise TableRefused(column="UTF-8") from fault


def _xlsx_rows(path: Path) -> Iterator[list[str]]:
    try:
        with ZipFile(path) as parts:
            if sum(part.file_size for part in parts.infolist()) > LARGEST_UNPACKED:
                raise ValueError("larger unpacked than any table")
        # The library would leave open what it opens itself and cannot read.
        with path.open("rb") as file, closing(load_workbook(file, read_only=True, data_only=True)) as book:
            # The library fills every gap up to a cell's place: a place far out would be a table without end.
            rows = book.worksheets[0].iter_rows(values_only=True, max_col=MOST_COLUMNS)
            for number, row in enumerate(rows):
                if number > MOST_LINES:
                    raise ValueError("more lines than any table")
                yield ["" if cell is None else str(cell) for cell in row]
    except Exception as fault:  # whatever the library says of a file that is no workbook, or a broken one
        raise TableRefused(column="XLSX") from fault


def _sound(rows: Iterable[tuple[int, dict[str, str]]], refused: list[Refused]) -> Iterator[Line]:
    """The lines that are sound by themselves, each spelling in one line only."""
    seen: set[str] = set()
    for number, cells in rows:
        line = Line(
            number, cells.get("code", ""), cells.get("name", ""), cells.get("parent", ""),
            tuple(dict.fromkeys(cells.get("aliases", "").split())), cells.get("category", "").lower(),
        )  # fmt: skip
        spellings = {line.code, *line.aliases}
        reason = _fault(line) or ("twice" if spellings & seen or line.code in line.aliases else "")
        if reason:
            refused.append(Refused(number, line.code, reason))
            continue
        seen |= spellings
        yield line


def _fault(line: Line) -> str:
    try:
        for code in (line.code, *line.aliases):
            AgencyCode.parse(code)
    except InvalidCode:
        return "invalid_code"
    if foreign := next(filter(None, map(mode.fault, (line.code, *line.aliases))), ""):
        return foreign
    if not 0 < len(line.name) <= LONGEST_NAME or line.name[0] in "=+-@" or not can_hold(line.name):
        return "invalid_name"
    return "" if not line.category or line.category in _CATEGORIES else "unknown_category"


_CATEGORIES = frozenset(category.value for category in Category)


class _Known:
    """The directory as far as a table can touch it."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT code, parent_id, ended_at IS NOT NULL FROM hub_agency")
            rows = cursor.fetchall()
            cursor.execute("SELECT spelling, agency_id FROM hub_alias")
            self.owner: dict[str, str] = dict(cursor.fetchall())
        self.parent: dict[str, str | None] = {code: parent for code, parent, _ in rows}
        self.ended = {code for code, _, ended in rows if ended}
        self.aliases: dict[str, list[str]] = {}
        for spelling, code in self.owner.items():
            self.aliases.setdefault(code, []).append(spelling)

    def without_conflicts(self, lines: Iterable[Line], refused: list[Refused]) -> list[Line]:
        """The lines whose codes nobody else has, or had (R-16.1-1)."""
        taken = []
        for line in lines:
            foreign = any(
                self.owner.get(spelling, line.code) != line.code or spelling in self.parent for spelling in line.aliases
            )
            if line.code in self.ended or line.code in self.owner or foreign:
                refused.append(Refused(line.number, line.code, "code_used"))
            else:
                taken.append(line)
        return taken

    def without_strangers(self, lines: list[Line], refused: list[Refused]) -> list[Line]:
        """The lines whose way upwards ends at the first level: no unknown or ended parent, and no ring."""
        parent = {**self.parent, **{line.code: line.parent or None for line in lines}}
        while True:
            reaches = _reaching_the_top(parent, self.ended)
            lost = [line for line in lines if line.code not in reaches]
            if not lost:
                return lines
            refused += [Refused(line.number, line.code, "unknown_parent") for line in lost]
            lines = [line for line in lines if line.code in reaches]
            for line in lost:
                parent.pop(line.code)
                if line.code in self.parent:
                    parent[line.code] = self.parent[line.code]


def _reaching_the_top(parent: dict[str, str | None], ended: set[str]) -> set[str]:
    """Codes from which one comes to the first level over agencies that go on."""
    reaching: set[str] = set()
    for code in parent:
        way, here = [], code
        seen: set[str] = set()
        while here not in reaching and here in parent and here not in seen and (here not in ended or here == code):
            way.append(here)
            seen.add(here)
            above = parent[here]
            if above is None:
                reaching.update(way)
                break
            here = above
        else:
            if here in reaching and here not in ended:
                reaching.update(way)
    return reaching


def _stage(table: Table) -> tuple[list[Line], Report]:
    """Hold a table against the directory; its lines that hold lie in temporary tables until the transaction ends."""
    refused = list(table.refused)
    known = _Known()
    lines = known.without_strangers(known.without_conflicts(table.lines, refused), refused)
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        with cursor.copy("COPY incoming_agency (code, name, parent, category, search_key) FROM STDIN") as copy:
            for line in lines:
                spellings = [line.code, *{*known.aliases.get(line.code, ()), *line.aliases}]
                key = codes.search_key(line.name, spellings)
                copy.write_row((line.code, line.name, line.parent or None, line.category or None, key))
        cursor.execute(_COUNT)
        added, corrected = cursor.fetchone()
    told = tuple(sorted(refused, key=lambda one: one.number))
    return lines, Report(added, corrected, len(lines) - added - corrected, told)


def _write(lines: list[Line], at: datetime) -> None:
    with connection.cursor() as cursor:
        # A whole country is indexed in one statement: on a busy machine that takes longer than a page may.
        cursor.execute(f"SET LOCAL statement_timeout = {PATIENCE_MS}")
        cursor.execute(_KEEP_FORMER_NAMES, [at])
        cursor.execute(_MERGE, [at])
        with cursor.copy("COPY incoming_alias (spelling, code) FROM STDIN") as copy:
            for line in lines:
                for alias in line.aliases:
                    copy.write_row((alias, line.code))
        cursor.execute(
            "INSERT INTO hub_alias (spelling, agency_id) SELECT spelling, code FROM incoming_alias "
            "ON CONFLICT (spelling) DO NOTHING"
        )
        cursor.execute("ANALYZE hub_agency, hub_alias")  # a directory that was empty a moment ago is planned for anew


_TABLE = """
CREATE TEMPORARY TABLE incoming_agency (code text, name text, parent text, category text, search_key text)
    ON COMMIT DROP;
CREATE TEMPORARY TABLE incoming_alias (spelling text, code text) ON COMMIT DROP;
"""
_COUNT = """
SELECT count(*) FILTER (WHERE a.code IS NULL),
       count(*) FILTER (WHERE (a.name, a.parent_id, a.category, a.search_key)
                              IS DISTINCT FROM (i.name, i.parent, coalesce(i.category, a.category), i.search_key)
                          AND a.code IS NOT NULL)
FROM incoming_agency i LEFT JOIN hub_agency a ON a.code = i.code
"""
_KEEP_FORMER_NAMES = """
INSERT INTO hub_formername (agency_id, name, until, decision)
SELECT a.code, a.name, %s, '' FROM incoming_agency i JOIN hub_agency a ON a.code = i.code WHERE a.name <> i.name
"""
_MERGE = """
INSERT INTO hub_agency AS known (code, name, parent_id, category, search_key, open, single_gateway, added_at)
SELECT i.code, i.name, i.parent, coalesce(i.category, a.category, 'unit'), i.search_key, true, false, %s
FROM incoming_agency i LEFT JOIN hub_agency a ON a.code = i.code
ON CONFLICT (code) DO UPDATE SET
    name = excluded.name, parent_id = excluded.parent_id, category = excluded.category, search_key = excluded.search_key
WHERE (known.name, known.parent_id, known.category, known.search_key)
    IS DISTINCT FROM (excluded.name, excluded.parent_id, excluded.category, excluded.search_key)
"""
