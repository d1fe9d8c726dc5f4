"""Tables given at the console: checked, confirmed, taken in once, by workers that may die."""

import io
import threading
from datetime import timedelta
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import load_workbook

from lienthong.hub import agencies, export, imports, jobs, retention, sheets
from lienthong.hub.blobs import blobs
from lienthong.hub.models import Agency, FormerName, TableImport
from lienthong.hub.refusals import RegistryRefused
from lienthong.journal.models import Event
from lienthong.journal.record import Actor
from lienthong.look.tables import as_csv, as_xlsx
from tests.service.hub.conftest import Country, now

OFFICER = Actor("person", "danh.muc", "Cán bộ danh mục")
TABLE = "mã,tên,mã cấp trên\nH41.1,Sở Nội vụ,H41\nH41.2,,H41\nH41,UBND tỉnh Nghệ An,\nG22,Văn phòng Chính phủ,\n"


def give(text: str = TABLE, name: str = "bang.csv") -> TableImport:
    return imports.give(name, [text.encode()], by=OFFICER, at=now())


def test_a_table_is_checked_then_taken_when_confirmed(country: Country) -> None:
    table = give()
    assert imports.work_once(now())
    table.refresh_from_db()
    assert (table.state, table.added, table.corrected, table.unchanged) == ("checked", 1, 1, 1)
    assert table.refused == [{"number": 3, "code": "H41.2", "reason": "invalid_name"}]
    assert not Agency.objects.filter(code="H41.1").exists()
    assert not imports.work_once(now())
    imports.confirm(table.pk, by=OFFICER, at=now())
    assert imports.work_once(now())
    table.refresh_from_db()
    assert (table.state, table.added, table.corrected) == ("taken", 1, 1)
    assert Agency.objects.get(code="H41.1").parent_id == "H41"
    assert FormerName.objects.get().name == "Ủy ban nhân dân tỉnh Nghệ An"
    event = Event.objects.get(name="agency.imported")
    assert (event.actor, event.subject, event.data["taken"]) == ("danh.muc", "bang.csv", 3)
    with pytest.raises(RegistryRefused, match="không còn chờ"):
        imports.confirm(table.pk, by=OFFICER, at=now())


def test_a_dropped_table_changes_nothing_and_its_bytes_go(country: Country) -> None:
    table = give()
    imports.work_once(now())
    assert imports.still_needs(table.digest)
    imports.drop(table.pk, at=now())
    with pytest.raises(RegistryRefused, match="không còn chờ"):
        imports.confirm(table.pk, by=OFFICER, at=now())
    assert not imports.work_once(now())
    retention.sweep(now() + timedelta(days=2))
    assert not blobs().exists(table.digest)
    imports.forget_old(now() + timedelta(days=31))
    assert not TableImport.objects.exists()


def test_a_table_that_waits_is_not_swept(country: Country) -> None:
    table = give()
    retention.sweep(now() + timedelta(days=2))
    assert blobs().exists(table.digest)


def test_another_worker_goes_on_where_one_died(country: Country, monkeypatch: pytest.MonkeyPatch) -> None:
    table = give()

    def die(*_: object, **__: object) -> None:
        raise OSError("the worker is gone")

    with monkeypatch.context() as patched:
        patched.setattr(imports.sheets, "read", die)
        with pytest.raises(OSError, match="gone"):
            imports.work_once(now())
    assert not imports.work_once(now())  # its lease still runs
    assert imports.work_once(now() + imports.LEASE + timedelta(seconds=1))
    table.refresh_from_db()
    assert table.state == "checked"


def test_a_table_is_taken_once_whoever_else_was_at_it(country: Country) -> None:
    table = give()
    imports.work_once(now())
    imports.confirm(table.pk, by=OFFICER, at=now())
    slow = imports._claim(now())
    assert slow is not None
    assert imports.work_once(now() + imports.LEASE + timedelta(seconds=1))
    with imports._file(slow) as path, pytest.raises(imports.LeaseLost):
        imports._take(slow, imports.sheets.read(path))
    assert Event.objects.filter(name="agency.imported").count() == 1


@pytest.mark.parametrize(
    ("text", "name", "word"),
    [(TABLE, "bang.doc", "CSV"), ("", "bang.csv", "không có dữ liệu")],
)
def test_what_is_no_table_is_refused_at_once(country: Country, text: str, name: str, word: str) -> None:
    with pytest.raises(RegistryRefused, match=word):
        give(text, name)
    assert not TableImport.objects.exists()


def test_a_table_that_is_too_large_is_refused(country: Country, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "LARGEST_TABLE", 10)
    with pytest.raises(RegistryRefused, match="MB"):
        give()


@pytest.mark.parametrize(("text", "name"), [("a,b\n1,2\n", "bang.csv"), ("no zip", "bang.xlsx")])
def test_a_table_that_cannot_be_read_says_why(country: Country, text: str, name: str) -> None:
    table = give(text, name)
    imports.work_once(now())
    table.refresh_from_db()
    assert table.state == "failed"
    assert "Tệp không đọc được" in table.fault["vi"]
    assert table.fault["en"]


def test_a_name_that_no_column_holds_is_a_refused_line(country: Country) -> None:
    table = give("mã,tên\nH99,Tên\0lạ\n")
    imports.work_once(now())
    table.refresh_from_db()
    assert [line["reason"] for line in table.refused] == ["invalid_name"]


def test_the_worker_looks_for_tables_between_its_rounds(country: Country) -> None:
    table = give()
    stop = threading.Event()
    worker = threading.Thread(target=jobs.run_worker, args=(stop,))
    worker.start()
    try:
        for _ in range(200):
            table.refresh_from_db()
            if table.state == "checked":
                break
            stop.wait(0.05)
    finally:
        stop.set()
        worker.join()
    assert table.state == "checked"


def test_the_directory_is_given_out_as_texts(country: Country, tmp_path: Path) -> None:
    agencies.add_agency("H41.3", name='=1+1 & <b> "Sở"', parent="H41", at=now())
    file = tmp_path / "all.xlsx"
    assert export.give_out(file) == 5
    rows = list(load_workbook(file).worksheets[0].iter_rows(values_only=True))
    assert rows[0][:2] == ("code", "name")
    assert ("H41.3", '=1+1 & <b> "Sở"', "H41") in [row[:3] for row in rows]
    assert b"".join(as_csv([("a", "b")], ("x", "y"))) == b"\xef\xbb\xbfx,y\r\na,b\r\n"


@pytest.mark.parametrize("name", ["broken.xlsx", "far.xlsx", "bomb.xlsx", "short.csv"])
def test_a_hostile_table_is_refused_and_the_next_one_is_read(
    country: Country, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "LARGEST_UNPACKED", 1 << 20)
    monkeypatch.setattr(sheets, "MOST_LINES", 1000)
    table = imports.give(name, [HOSTILE[name]()], by=OFFICER, at=now())
    assert imports.work_once(now())
    table.refresh_from_db()
    assert table.state == ("checked" if name == "short.csv" else "failed")
    good = give()
    assert imports.work_once(now())
    good.refresh_from_db()
    assert good.state == "checked"


def _workbook(sheet: bytes) -> bytes:
    whole = io.BytesIO(b"".join(as_xlsx([["H41", "Nghệ An"]], ("code", "name"))))
    made = io.BytesIO()
    with ZipFile(whole) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, sheet if part.startswith("xl/worksheets/") else old.read(part))
    return made.getvalue()


_SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s'
_HEAD = b'<row r="1"><c t="inlineStr"><is><t>code</t></is></c><c t="inlineStr"><is><t>name</t></is></c></row>'
HOSTILE = {
    "broken.xlsx": lambda: _workbook(_SHEET % (_HEAD + b"<row></c>")),
    "far.xlsx": lambda: _workbook(
        _SHEET % (_HEAD + b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>')
    ),
    "bomb.xlsx": lambda: _workbook(_SHEET % (_HEAD + b" " * (2 << 20) + b"</sheetData></worksheet>")),
    "short.csv": lambda: "tên,mã\nchỉ có tên\n".encode(),
}


def test_what_strangers_wrote_is_no_formula_and_breaks_no_workbook(tmp_path: Path) -> None:
    rows = [["H41", "=cmd|'/c calc'!A1\x0b"]]
    (tmp_path / "x.xlsx").write_bytes(b"".join(as_xlsx(rows, ("code", "name"))))
    cells = list(load_workbook(tmp_path / "x.xlsx").worksheets[0].iter_rows(values_only=True))
    assert cells[1] == ("H41", "=cmd|'/c calc'!A1")
    assert b"H41,'=cmd" in b"".join(as_csv(rows, ("code", "name")))
