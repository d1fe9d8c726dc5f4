"""A table of units and people, CSV or XLSX, read into lines that are sound by themselves; the others are told."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from zipfile import ZipFile

from openpyxl import load_workbook

from lienthong.office.models import Role
from lienthong.office.people.import_errors import NoTable
from lienthong.office.people.staff import LOGIN

COLUMNS = {
    "kind": "loại", "unit": "ký hiệu đơn vị", "unit_name": "tên đơn vị", "parent": "thuộc đơn vị",
    "staff_code": "mã cán bộ", "name": "họ tên", "login": "tên đăng nhập", "role": "vai trò", "position": "chức vụ",
    "competence": "thẩm quyền ký", "since": "từ ngày", "until": "đến ngày",
}  # fmt: skip
"""Columns of a table, by name or as people write them."""
NEEDED = ("kind", "unit")
UNIT, PERSON = "đơn vị", "cán bộ"
ROLES = {
    "văn thư": Role.CLERK, "lãnh đạo": Role.LEADER, "trưởng đơn vị": Role.UNIT_HEAD, "chuyên viên": Role.SPECIALIST,
    "kiểm tra thể thức": Role.CHECKER, "kiểm tra, giám sát": Role.AUDITOR, "kiểm tra giám sát": Role.AUDITOR,
    "quản trị": Role.ADMINISTRATOR, **{role.value: role for role in Role},
}  # fmt: skip
MOST_LINES, MOST_COLUMNS, MOST_BYTES, MOST_UNPACKED = 30_000, 30, 20 << 20, 1 << 28
PATTERN: tuple[tuple[str, ...], ...] = (
    (UNIT, "TCHC", "Phòng Tổ chức - Hành chính", "", "", "", "", "", "", "", "", ""),
    (PERSON, "TCHC", "", "", "CB001", "Nguyễn Văn An", "nguyen.van.an", "chuyên viên", "Chuyên viên", "", "", ""),
)
"""What the lines of a table look like."""


@dataclass(frozen=True)
class UnitLine:
    """A unit, with the abbreviation of the one above it."""

    number: int
    abbreviation: str
    name: str
    parent: str


@dataclass(frozen=True)
class PersonLine:
    """A role of a person; who has several has several lines."""

    number: int
    staff_code: str
    name: str
    login: str
    unit: str
    role: Role
    position: str
    competence: str
    since: date | None
    until: date | None


@dataclass(frozen=True)
class Refused:
    """A line that cannot be taken, and why: a name out of `import_errors.LINE_REFUSALS`."""

    number: int
    what: str
    reason: str


@dataclass(frozen=True)
class Table:
    """A table as it was read."""

    name: str
    digest: str
    units: tuple[UnitLine, ...]
    people: tuple[PersonLine, ...]
    refused: tuple[Refused, ...]


def read(content: bytes, name: str) -> Table:
    """Read a table. Raises `NoTable`: it is none, is too large, or lacks a needed column."""
    if len(content) > MOST_BYTES:
        raise NoTable(why=f"tệp lớn hơn {MOST_BYTES >> 20} MB", why_en=f"more than {MOST_BYTES >> 20} MB")
    units: list[UnitLine] = []
    people: list[PersonLine] = []
    refused: list[Refused] = []
    for number, cells in _lines(content):
        found = _read_line(number, cells)
        if isinstance(found, UnitLine):
            units.append(found)
        elif isinstance(found, PersonLine):
            people.append(found)
        else:
            refused.append(Refused(number, cells.get("staff_code") or cells.get("unit", ""), found))
    return Table(name[:100], hashlib.sha256(content).hexdigest(), tuple(units), tuple(people), tuple(refused))


def _lines(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    rows = _of_workbook(content) if content.startswith(b"PK") else _of_csv(content)
    names = {word: column for column, vietnamese in COLUMNS.items() for word in (column, vietnamese)}
    header = [names.get(" ".join(cell.lower().split()), "") for cell in next(rows, [])]
    for column in NEEDED:
        if column not in header:
            raise NoTable(why=f"thiếu cột «{COLUMNS[column]}»", why_en=f"there is no column «{column}»")
    for number, row in enumerate(rows, 2):
        if number > MOST_LINES:
            raise NoTable(why=f"quá {MOST_LINES} dòng", why_en=f"more than {MOST_LINES} lines")
        cells = {column: " ".join(cell.split()) for column, cell in zip(header, row, strict=False) if column}
        if any(cells.values()):
            yield number, cells


def _of_csv(content: bytes) -> Iterator[list[str]]:
    try:
        text = content.decode("utf-8-sig")
        comma = ";" if ";" in text.partition("\n")[0] else ","
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=comma)
    except (UnicodeDecodeError, csv.Error) as fault:
        raise NoTable(why="không phải CSV mã UTF-8", why_en="it is no CSV in UTF-8") from fault


def _of_workbook(content: bytes) -> Iterator[list[str]]:
    try:
        with ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
                raise ValueError("larger unpacked than any table")
        with closing(load_workbook(io.BytesIO(content), read_only=True, data_only=True)) as book:
            # The library fills every gap up to a cell's place: one far out would be a table without end.
            sheet = book.worksheets[0]
            for row in sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS, max_row=MOST_LINES + 2):
                yield [_cell(cell) for cell in row]
    except Exception as fault:  # whatever the library says of a file that is no workbook, or a broken one
        raise NoTable(why="không phải sổ tính XLSX", why_en="it is no XLSX workbook") from fault


def _cell(cell: object) -> str:
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y-%m-%d")
    return "" if cell is None else str(cell)


def _read_line(number: int, cells: dict[str, str]) -> UnitLine | PersonLine | str:
    """The line, or the reason why it is none."""
    if any(cell[:1] in tuple("=+-@") for cell in cells.values()):
        return "formula"
    short = cells.get("unit", "").upper()[:21]
    match cells.get("kind", "").lower():
        case "đơn vị" | "unit":
            line = UnitLine(number, short, cells.get("unit_name", ""), cells.get("parent", "").upper())
            return line if 0 < len(short) <= 20 and 0 < len(line.name) <= 200 else "unit_name"
        case "cán bộ" | "person":
            return _person(number, short, cells)
        case _:
            return "kind"


def _person(number: int, unit: str, cells: dict[str, str]) -> PersonLine | str:
    code, name, login = cells.get("staff_code", ""), cells.get("name", ""), cells.get("login", "")
    role, position = ROLES.get(cells.get("role", "").lower()), cells.get("position", "")
    try:
        since, until = _day(cells.get("since", "")), _day(cells.get("until", ""))
    except ValueError:
        return "day"
    faults = {
        "staff_code": not 0 < len(code) <= 30, "name": not 0 < len(name) <= 100,
        "login": bool(login) and not LOGIN.fullmatch(login), "role": role is None,
        "position": not 0 < len(position) <= 100 or len(cells.get("competence", "")) > 100,
        "day": since is not None and until is not None and until < since,
    }  # fmt: skip
    if reason := next((reason for reason, wrong in faults.items() if wrong), ""):
        return reason
    assert role is not None  # noqa: S101 - `faults` told it
    return PersonLine(number, code, name, login, unit, role, position, cells.get("competence", ""), since, until)


def _day(text: str) -> date | None:
    """A day as people write it, or as a workbook keeps it. Raises `ValueError`."""
    if not text:
        return None
    if "/" in text:
        return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 - a day has no zone
    return date.fromisoformat(text[:10])
