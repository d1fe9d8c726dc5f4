"""How often the system was used (Annex VI, III.6b), and prints on which every page says what it is (III.6k)."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from lienthong.journal.models import AccessLog
from lienthong.journal.record import Subject, log_access
from lienthong.journal.vocabulary import Access
from lienthong.office.config import blobs
from lienthong.office.models import IncomingDocument
from lienthong.office.people.actors import actor_of
from lienthong.runtime.demo.cast import H41
from lienthong.testing.pki import TestAuthority
from tests.museum.packets import document_packet
from tests.service.office.conftest import Office, install, issued, now, refusal
from tests.service.office.dossiers import TODAY, opened, page, taken
from tests.service.office.test_copies import scan
from tests.service.office.test_incoming import LETTER, MemoryHub, recalled
from tests.service.office.test_law_incoming import received

PASSWORD = "mật-khẩu-đủ-dài-9"


def figures(office: Office, login: str = "lanh.dao", month: str = "") -> dict[str, list[str]]:
    """Day → its figures, as the page has them."""
    text = office.client(login).get(f"/co-quan/su-dung/?thang={month}").content.decode()
    rows = re.findall(r'data-day="([^"]+)">(.*?)</tr>', text, re.S)
    return {day: re.findall(r'<td class="r">([^<]*)', row) for day, row in rows}


def sign_in(office: Office, login: str) -> None:
    user = office[login].user
    user.set_password(PASSWORD)
    user.save()
    form = {"username": user.get_username(), "password": PASSWORD}
    assert Client().post("/dang-nhap/", form).status_code == 302


@pytest.mark.law("AVI-6b", "AVI-6a", "AVI-G7")
def test_who_manages_the_agency_sees_how_often_it_was_used(office: Office, authority: TestAuthority, tmp_path) -> None:  # type: ignore[no-untyped-def]
    earlier = now() - timedelta(days=62)
    log_access(Access.OPENED, actor=actor_of(office["van.thu"]), subject=Subject("dossier", "1"), at=earlier)
    assert figures(office) == {}
    sign_in(office, "chuyen.vien")
    sign_in(office, "chuyen.vien")
    sign_in(office, "van.thu")
    dossier = opened(office)
    for _ in range(3):
        page(office, "chuyen.vien", dossier)
    taken(office.client("chuyen.vien").get(f"/ho-so/{dossier.pk}/muc-luc/xlsx/"))
    today = TODAY().isoformat()
    assert figures(office) == {today: ["3", "2", "3", "1", "1"]}
    for login in ("quan.tri", "kiem.tra"):
        assert figures(office, login) == figures(office)
    for login in ("chuyen.vien", "van.thu", "truong.dv"):
        assert refusal(office.client(login).get("/co-quan/su-dung/")) == "forbidden"
        assert refusal(office.client(login).get("/co-quan/su-dung/xlsx/")) == "forbidden"
    book = taken(office.client("lanh.dao").get(f"/co-quan/su-dung/xlsx/?thang={today[:7]}"))
    assert TODAY().strftime("%d/%m/%Y") in ZipFile(BytesIO(book)).read("xl/worksheets/sheet1.xml").decode()
    assert taken(office.client("lanh.dao").get("/co-quan/su-dung/pdf/")).startswith(b"%PDF")
    noted = AccessLog.objects.filter(subject_kind="report", subject="usage", actor=office["lanh.dao"].user.username)
    assert list(noted.order_by("id").values_list("detail", flat=True)) == [f"{today[:7]} xlsx", f"{today[:7]} pdf"]
    # What was taken are figures, no document.
    assert figures(office) == {today: ["3", "2", "3", "3", "1"]}
    # Another month, another agency: nothing of this one.
    month = timezone.localdate(earlier).isoformat()[:7]
    assert list(figures(office, month=month).values()) == [["0", "0", "1", "0", "1"]]
    assert figures(office, month="1900-13") == figures(office)
    other = install(H41, authority, tmp_path)
    assert figures(other) == {}


def test_a_month_is_found_by_its_time_however_much_was_read_since(office: Office) -> None:
    """Asked with an index alone, the database goes to the month's rows by their time."""
    begin = now() - timedelta(days=62)
    rows = AccessLog.objects.filter(agency=office.organization.code, at__gte=begin, at__lt=begin + timedelta(days=31))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        assert "access_by_time" in rows.explain()


@pytest.mark.law("AVI-6k", "AVI-6i")
def test_a_marked_print_says_on_every_page_whose_it_is_and_the_original_stays(office: Office) -> None:
    document = issued(office)
    sealed = document.versions.latest("ordinal")
    before = blobs().read(sealed.digest)
    assert "data-marked" in office.client("van.thu").get(f"/van-ban-di/{document.pk}/").content.decode()
    answer = office.client("van.thu").get(f"/van-ban-di/{document.pk}/ban-in/")
    assert answer.status_code == 200
    pages = PdfReader(BytesIO(answer.content)).pages
    assert len(pages) == len(PdfReader(BytesIO(before)).pages)
    for one in pages:
        text = " ".join(one.extract_text().split())
        for words in ("BẢN IN", office["van.thu"].full_name, document.printed_number, "không thay bản gốc"):
            assert words in text, words
    assert blobs().read(sealed.digest) == before
    assert AccessLog.objects.filter(subject=str(document.pk), detail="marked print").count() == 1


@pytest.mark.law("R-9.2-2")
def test_what_a_recall_closed_is_not_printed(office: Office) -> None:
    hub = MemoryHub()
    letter = received(hub, document_packet(LETTER, cong_van_pdf=scan()), sender="000.00.00.H41", to="G22")
    place = f"/van-ban-den/{letter.pk}/ban-in/"
    assert office.client("van.thu").get(place).status_code == 200
    assert office.client("chuyen.vien").get(place).status_code == 404
    recalled(hub)
    assert refusal(office.client("van.thu").get(place)) == "frozen"
    assert IncomingDocument.objects.get().state == letter.state


@pytest.mark.parametrize("month", ["9999-12", "0001-01", "2999-01", "x"])
def test_a_month_that_nobody_counts_is_this_one(office: Office, month: str) -> None:
    answer = office.client("lanh.dao").get(f"/co-quan/su-dung/?thang={month}")
    assert answer.status_code == 200
    assert f"{timezone.localdate():%Y-%m}" in answer.content.decode()
