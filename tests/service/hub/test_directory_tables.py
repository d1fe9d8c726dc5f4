"""The directory of many: taken in by tables, asked as one types, followed by its feed."""

import csv
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
import pytest
from openpyxl import Workbook, load_workbook

from lienthong.hub import agencies, codes, export, lookup, sheets
from lienthong.hub.codes import Kind, Plan
from lienthong.hub.models import Agency, Alias
from lienthong.hub.refusals import TableRefused
from lienthong.journal.models import Event
from lienthong.standards.plaintext import plain, plain_words
from tests.horizon import await_final
from tests.service.hub.conftest import Country, now
from tests.service.hub.registry_scene import certificate
from tests.service.hub.test_code_changes import DECISION, today

HEADER = ["code", "name", "parent", "aliases", "category"]


def table(folder: Path, *rows: list[str], header: list[str] = HEADER) -> Path:
    path = folder / "table.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def reasons(report: sheets.Report) -> dict[int, str]:
    return {one.number: one.reason for one in report.refused}


@pytest.mark.law("R-16.1-1", "R-2.1-1")
def test_a_table_is_taken_in_and_every_bad_line_is_told(country: Country, tmp_path: Path) -> None:
    codes.file(Plan(Kind.MERGE, ("H26",), today(), DECISION, ("H41",)), at=now())
    path = table(
        tmp_path,
        ["H41.1", "Sở Nội vụ Nghệ An", "H41", "000.00.01.H41 VXP.1", "unit"],  # 2
        ["H41.1.2", "Phòng Tổ chức", "H41.1", "", ""],  # 3
        ["không mã", "x", "", "", ""],  # 4
        ["H41.2", "", "H41", "", ""],  # 5
        ["H41.3", "=HYPERLINK()", "H41", "", ""],  # 6
        ["H41.4", "Loại lạ", "H41", "", "party"],  # 7
        ["H41.1", "Lặp lại", "H41", "", ""],  # 8
        ["H26", "Mã đã sáp nhập", "", "", ""],  # 9
        ["H41.5", "Mã của người khác", "H41", "000.00.00.G22", ""],  # 10
        ["H41.6", "Dưới mã lạ", "X99", "", ""],  # 11
        ["H41.7", "Dưới dòng bị từ chối", "H41.6", "", ""],  # 12
        ["H41.8", "Vòng", "H41.9", "", ""],  # 13
        ["H41.9", "Vòng", "H41.8", "", ""],  # 14
        ["H41.10", "Dưới mã đã kết thúc", "H26", "", ""],  # 15
        ["000.00.00.G12", "Mã cũ của Bộ Tài chính", "", "", ""],  # 16
        ["G22", "Văn phòng Chính phủ", "", "", "ministry"],  # 17
    )
    report = sheets.take_in(path, at=now())
    assert report.taken == 3
    assert reasons(report) == {
        4: "invalid_code", 5: "invalid_name", 6: "invalid_name", 7: "unknown_category", 8: "twice", 9: "code_used",
        10: "code_used", 11: "unknown_parent", 12: "unknown_parent", 13: "unknown_parent", 14: "unknown_parent",
        15: "unknown_parent", 16: "code_used",
    }  # fmt: skip
    assert Agency.objects.get(code="G22").category == "ministry"
    assert Agency.objects.get(code="G22").system_id == "G22"
    listed = {one.code: one for one in country.native("G22").directory()}
    assert (listed["H41.1"].parent, listed["H41.1"].aliases) == ("H41", ("000.00.01.H41", "VXP.1"))
    assert Event.objects.get(name="agency.imported").data["refused"] == 13


def test_what_is_given_out_can_be_taken_in_again(country: Country, tmp_path: Path) -> None:
    for name in ("all.csv", "all.xlsx"):
        before = list(Agency.objects.order_by("code").values_list("code", "name", "changed"))
        assert export.give_out(tmp_path / name) == 4
        report = sheets.take_in(tmp_path / name, at=now())
        assert (report.taken, report.refused) == (4, ())
        assert list(Agency.objects.order_by("code").values_list("code", "name", "changed")) == before
    sheet = load_workbook(tmp_path / "all.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[2]][:4] == ["G12", "Bộ Tài chính", None, "000.00.00.G12"]


def test_a_workbook_with_vietnamese_columns_is_read(country: Country, tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    for row in (["Mã", "Tên", "Mã cấp trên"], ["H41.1", "Sở Nội vụ", "H41"], [None, None, None]):
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    assert sheets.take_in(tmp_path / "t.xlsx", at=now()) == sheets.Report(1, 0, 0, ())


@pytest.mark.parametrize("content", [b"", b"name,parent\nx,y\n", b"\xff\xfe\x00code", b"code\nH41\n"])
def test_what_is_no_table_is_refused_whole(country: Country, tmp_path: Path, content: bytes) -> None:
    for name in ("t.csv", "t.xlsx"):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(TableRefused):
            sheets.take_in(tmp_path / name, at=now())


def test_a_ring_with_known_agencies_is_refused(country: Country, tmp_path: Path) -> None:
    agencies.add_agency("H41.1", name="Sở", parent="H41", at=now())
    report = sheets.take_in(table(tmp_path, ["H41", "Nghệ An", "H41.1", "", ""]), at=now())
    assert reasons(report) == {2: "unknown_parent"}
    assert Alias.objects.filter(agency="H41").count() == 1


def ask(country: Country, path: str, **query: object) -> dict[str, object]:
    answer = httpx.get(f"{country.url}/api/v1/{path}", params=query, headers=country.native("G22")._bearer())  # type: ignore[arg-type]
    return {"status": answer.status_code, **answer.json()}


@pytest.mark.law("R-16.1-1")
@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("nghe an", "H41"),
        ("Nghệ An", "H41"),
        ("an ngh", "H41"),
        ("h26", "H26"),
        ("000.00.00.g1", "G12"),
        ("ĐĂK L", "H15"),
    ],
)
def test_an_agency_is_found_as_one_types(country: Country, question: str, first: str) -> None:
    agencies.add_agency("H15", name="Ủy ban nhân dân tỉnh Đắk Lắk", at=now())
    found = ask(country, "agencies/search", q=question)["agencies"]
    assert next(one["code"] for one in found) == first  # type: ignore[attr-defined]


def test_who_writes_the_diacritics_gets_those_first(country: Country) -> None:
    for code, name in (("X01", "Xã Tân Lập"), ("X02", "Xã Tấn Lập"), ("X03", "Xã Tân Lạp xa hơn")):
        agencies.add_agency(code, name=name, at=now())
    assert next(one.code for one in lookup.search("tấn lập")) == "X02"
    assert {one.code for one in lookup.search("tan lap")} == {"X01", "X02", "X03"}
    codes.file(Plan(Kind.MERGE, ("X01",), today(), DECISION, ("X02",)), at=now())
    assert [one.code for one in lookup.search("tan lap")][-1] == "X01"


def test_a_question_is_a_text_of_some_length(country: Country) -> None:
    for question in ("", "x" * 201):
        assert ask(country, "agencies/search", q=question)["code"] == "bad_request"
    for question in ("%", "_", "';--", "không có ai tên thế"):
        assert ask(country, "agencies/search", q=question)["agencies"] == []


@pytest.mark.law("R-16.1-1")
def test_the_directory_is_followed_by_its_feed(country: Country) -> None:
    """Page by page from nothing, then only what changes: a name, a seal, a spelling, a merger."""
    changed, cursor = followed(country, "", {"G12", "G22", "H26", "H41"})
    assert ask(country, "agencies/changes", after=cursor)["agencies"] == []
    agencies.register_seal("G12", certificate("Bộ Tài chính"), at=now())
    codes.file(Plan(Kind.MERGE, ("H26",), today(), DECISION, ("H41",)), at=now())
    changed, cursor = followed(country, cursor, {"G12", "H26"})
    assert changed["H26"]["successor"] == "H41"
    assert len(changed["G12"]["seals"]) == 1
    agencies.add_agency("H41", name="Nghệ An", aliases=["VXP.41"], at=now())
    changed, _ = followed(country, cursor, {"H41"})
    assert changed["H41"]["aliases"] == ["000.00.00.H41", "VXP.41"]


def followed(country: Country, cursor: str, wanted: set[str]) -> tuple[dict[str, Any], str]:
    """What the feed tells after a cursor, page by page: it tells of these agencies and of no others."""
    seen: dict[str, Any] = {}
    await_final()
    more = True
    while more:
        page = ask(country, "agencies/changes", after=cursor, limit=3)
        seen |= {one["code"]: one for one in page["agencies"]}
        cursor, more = page["cursor"], page["more"]
    assert set(seen) == wanted
    return seen, cursor


@pytest.mark.law("R-16.1-1")
def test_everybody_reads_the_published_list_of_codes_and_what_changed(country: Country) -> None:
    await_final()
    place = f"{country.url}/api/v1/codes"
    whole = httpx.get(place)
    body = whole.json()
    assert {one["code"] for one in body["codes"]} == {"G12", "G22", "H26", "H41"}
    assert set(body["codes"][0]) == {"code", "name", "aliases", "parent", "open", "successor", "ended_at"}
    same = httpx.get(place, headers={"If-None-Match": whole.headers["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert httpx.get(place, params={"after": body["cursor"]}).json()["codes"] == []
    codes.file(Plan(Kind.MERGE, ("H26",), today(), DECISION, ("H41",)), at=now())
    await_final()
    later = httpx.get(place, params={"after": body["cursor"]}).json()
    merged = {one["code"]: one for one in later["codes"]}["H26"]
    assert (merged["successor"], merged["aliases"]) == ("H41", ["000.00.00.H26"])
    assert merged["ended_at"]
    assert httpx.get(place, params={"after": "x"}).json()["code"] == "bad_request"


@pytest.mark.parametrize("cursor", ["x", "1", "99999999999999999-H41", "1-" + "x" * 36])
def test_a_cursor_of_another_hub_is_refused(country: Country, cursor: str) -> None:
    assert ask(country, "agencies/changes", after=cursor)["code"] == "bad_request"


def test_a_kept_copy_follows_what_changes(country: Country) -> None:
    first, end = agencies.directory(), monotonic() + 20
    agencies._read_at = 0.0
    # Until transactions of others are over, what changed lately is read once more.
    while (again := agencies.directory()).agencies is not first.agencies and monotonic() < end:
        first, agencies._read_at = again, 0.0
    assert again.agencies is first.agencies
    Agency.objects.filter(code="H26").update(name="Hà Nội")
    agencies._read_at = 0.0
    changed = agencies.directory()
    assert (changed.agencies["H26"].name, first.agencies["H26"].name != "Hà Nội") == ("Hà Nội", True)
    assert changed.find("000.00.00.H26") is changed.agencies["H26"]


def test_plain_text_is_how_people_type() -> None:
    assert plain("Đắk Lắk – THỪA THIÊN") == "dak lak – thua thien"
    assert plain_words("Sở Nội vụ (H41.05), 000.00.00.H41") == ["so", "noi", "vu", "h41.05", "000.00.00.h41"]
