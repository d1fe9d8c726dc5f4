"""Sổ theo dõi giải quyết văn bản đến: whose each document is, until when, how far, and what answered it; read, printed
and bound (Decree 30, Article 24.1; Annex IV, VIII)."""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from lienthong.journal.models import AccessLog
from lienthong.look.vietnamese import in_full
from lienthong.office.incoming import handling_book
from lienthong.office.models import Assignment, IncomingDocument, Reply
from tests.service.office.conftest import Office, issued, now
from tests.service.office.test_handling import assigned, came, task_of
from tests.service.office.test_incoming import MemoryHub
from tests.service.office.test_law_incoming import local, press
from tests.service.office.test_register import body

PLACE = "/so-van-ban/theo-doi/"


def sheet(office: Office, login: str = "van.thu") -> list[tuple[Any, ...]]:
    """The lines of the workbook, without its head."""
    answer = office.client(login).get(f"{PLACE}{timezone.localdate().year}/xlsx/")
    head, *lines = load_workbook(BytesIO(body(answer))).active.iter_rows(values_only=True)  # type: ignore[union-attr]
    assert head == handling_book.COLUMNS
    return [tuple(cell or "" for cell in line) for line in lines]


def page(office: Office, login: str = "van.thu", **query: object) -> str:
    return " ".join(office.client(login).get(PLACE, query).content.decode().split())


@pytest.mark.law("D30-24-1", "D30-22-3")
def test_each_line_says_whose_it_is_until_when_how_far_it_is_and_what_answered_it(
    office: Office, hub: MemoryHub
) -> None:
    due = now() + timedelta(days=3)
    document = assigned(office, hub, due, KSTT="lead", TH="coordinate")
    number, called, whose, until, progress, answer, _remark = sheet(office)[0]
    assert (number, answer) == (str(document.arrival_number), "")
    for words in (document.type_name, document.printed_number, document.sender_name):
        assert words in called
    assert whose.startswith(office.units["KSTT"].name)
    assert f"phối hợp: {office.units['TH'].name}" in whose
    assert until == in_full(datetime.fromisoformat(local(due)).astimezone())
    assert progress == "Đã chuyển xử lý"
    Reply.objects.create(incoming=document, outgoing=(reply := issued(office)))
    assert (
        press(office, "truong.dv", document, "hand", assignment=task_of(document).pk, person=office["chuyen.vien"].pk)
        == ""
    )
    assert press(office, "chuyen.vien", document, "start", assignment=task_of(document).pk) == ""
    assert press(office, "chuyen.vien", document, "finish", outcome="Đã trả lời bằng văn bản") == ""
    *_, whose, until, progress, answer, remark = sheet(office)[0]
    assert office["chuyen.vien"].full_name in whose
    assert progress == f"Hoàn thành {timezone.localdate():%d/%m/%Y}"
    assert (answer, remark) == (reply.printed_number, "Đã trả lời bằng văn bản")


@pytest.mark.law("D30-24-1", "AVI-1l")
def test_what_is_late_is_said_while_it_is_open_and_after_it_was_finished(office: Office, hub: MemoryHub) -> None:
    document = assigned(office, hub)
    assert "data-late" not in page(office)
    Assignment.objects.filter(pk=task_of(document).pk).update(due_at=now() - timedelta(hours=1))
    assert sheet(office)[0][4] == "Đã chuyển xử lý, quá hạn"
    assert "data-late" in page(office)
    assert press(office, "lanh.dao", document, "urge", text="Gấp") == ""
    assert sheet(office)[0][6].startswith("Đôn đốc ")
    assert press(office, "truong.dv", document, "start", assignment=task_of(document).pk) == ""
    assert press(office, "truong.dv", document, "finish", outcome="Xong") == ""
    assert sheet(office)[0][4].endswith(", sau thời hạn")


@pytest.mark.law("D30-24-1", "D30-22-3")
def test_it_is_bound_and_only_by_who_keeps_books(office: Office, hub: MemoryHub) -> None:
    assigned(office, hub)
    year = timezone.localdate().year
    answer = office.client("lanh.dao").get(f"{PLACE}{year}/pdf/", {"quyen": "2"})
    cover, *others = [" ".join(one.extract_text().split()) for one in PdfReader(BytesIO(body(answer))).pages]
    for words in ("SỔ THEO DÕI GIẢI QUYẾT VĂN BẢN ĐẾN", f"Năm: {year}", "Quyển số: 2"):
        assert words in cover
    assert "(7)" in " ".join(others)
    assert "(8)" not in " ".join(others)
    assert AccessLog.objects.filter(subject=f"handling {year}").count() == 1
    assert office.client("chuyen.vien").get(f"{PLACE}{year}/pdf/").status_code == 403
    assert office.client("van.thu").get(f"{PLACE}{year}/docx/").status_code == 404


@pytest.mark.law("SEC-6")
def test_who_has_no_part_in_a_document_reads_no_line_of_it(office: Office, hub: MemoryHub) -> None:
    assigned(office, hub)
    assert page(office, "truong.dv").count("data-number=") == 1
    assert page(office, "chuyen.vien").count("data-number=") == 0


def test_a_page_costs_the_same_however_many_lines_it_has(office: Office, hub: MemoryHub) -> None:
    first = assigned(office, hub)
    page(office)
    with CaptureQueriesContext(connection) as one:
        assert page(office).count("data-number=") == 1
    for number in range(90, 93):
        document = came(hub, identifier=f"H41,2026/11/25,{number}/UBND", number=str(number))
        assert press(office, "van.thu", document, "accept") == ""
    assert IncomingDocument.objects.exclude(pk=first.pk).count() == 3
    with CaptureQueriesContext(connection) as four:
        assert page(office).count("data-number=") == 4
    assert len(one) == len(four)
