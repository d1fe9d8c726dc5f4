"""Tra cứu through its page: what is found by what people type, by whom, and what is told to nobody."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
import typst
from django.utils import timezone
from lxml import etree
from openpyxl import load_workbook
from pypdf import PdfReader

from lienthong.journal.models import AccessLog
from lienthong.office.incoming import acts, recalls
from lienthong.office.models import Assignment, Findable, IncomingDocument, OutgoingDocument, OutgoingState, SavedSearch
from lienthong.office.outgoing import circulation, drafting, issuing, review, signing
from lienthong.office.people import setup
from lienthong.office.search import indexing
from lienthong.office.web import search as search_page
from lienthong.runtime.demo.cast import H41
from lienthong.standards import edxml
from lienthong.standards.statuses import Urgency
from lienthong.standards.texts import Text
from lienthong.testing.pki import TestAuthority
from tests.service.office.conftest import PIN, Office, drafted, install, issued, manuscript, now, refusal
from tests.service.office.test_incoming import LETTER, MemoryHub, arrived, recalled
from tests.service.office.test_law_incoming import press

PLACE = "/tra-cuu/"
FOUND = re.compile(r'data-found="(in|out)-(\d+)"')


def asked(office: Office, login: str, q: str = "", **filters: str) -> str:
    answer = office.client(login).get(PLACE, {"q": q, **filters})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def found(office: Office, login: str, q: str = "", **filters: str) -> list[tuple[str, int]]:
    """What a person's page lists: direction and key."""
    return [(kind, int(pk)) for kind, pk in FOUND.findall(asked(office, login, q, **filters))]


def read_all() -> None:
    while indexing.read_next():
        pass


def pdf(text: str) -> bytes:
    return typst.compile(text.encode())


def letter(number: str, subject: str = "Về việc rà soát", **changes: object) -> edxml.Document:
    sender = changes.get("sender", LETTER.sender).code  # type: ignore[attr-defined]
    identifier = f"{sender},2026/11/23,{number}/UBND-VX"
    return replace(LETTER, number=number, identifier=identifier, subject=subject, **changes)  # type: ignore[arg-type]


# -- what is typed -------------------------------------------------------------------------------------------------------


@pytest.mark.law("AVI-6d")
def test_a_document_is_found_by_what_people_remember_of_it(office: Office, hub: MemoryHub) -> None:
    ways = [
        "28/2018/QĐ-TTg", "28/2018/qd-ttg", "28/2018", "28/", "28", "2018/QĐ-TTg", "QĐ-TTg", "số 28/2018", " 28/2018/QĐ-TTg ",
        "000.00.00.H41,2026/11/23,28/UBND-VX", "000.00.00.H41", "H41", "nghe an", "Nghệ An", "UBND tỉnh nghe",
        "gửi nhận văn bản điện tử", "gui nhan van", "Trịnh Đình", "trinh dinh dung", "GỬI NHẬN",
    ]  # fmt: skip
    wanted = arrived(
        hub, letter("28", "Về việc gửi, nhận văn bản điện tử", notation="2018/QĐ-TTg", signer=edxml.Signer("", "Phó Thủ tướng", "Trịnh Đình Dũng"))
    )  # fmt: skip
    arrived(hub, letter("128", "Về việc khác", sender=edxml.Organ("000.00.00.H26", "Ủy ban nhân dân thành phố Hà Nội")))
    for typed in ways:
        assert found(office, "van.thu", typed) == [("in", wanted.pk)], typed


@pytest.mark.law("AVI-6d", "AVI-6g")
def test_both_directions_stand_in_one_list_and_a_number_comes_before_those_who_name_it(
    office: Office, hub: MemoryHub
) -> None:
    out = issued(office, subject="Về việc thực hiện Công văn số 15/UBND-VX")
    came = arrived(hub)
    assert found(office, "van.thu", "15/UBND-VX") == [("in", came.pk)]
    assert set(found(office, "van.thu", "15/UBND-VX", ca="1")) == {("in", came.pk), ("out", out.pk)}
    assert found(office, "van.thu", "nghe an")[0] == ("in", came.pk)  # the newest first
    assert set(found(office, "van.thu", "nghe an")) == {("in", came.pk), ("out", out.pk)}
    assert found(office, "van.thu", "nghe an", muc="di") == [("out", out.pk)]
    assert found(office, "van.thu", "nghe an", **{"thu-tu": "cu"})[-1] == ("in", came.pk)
    assert found(office, "van.thu", "01/QĐ") == found(office, "van.thu", "1/qd-vpcp") == [("out", out.pk)]


@pytest.mark.law("AVI-6d")
def test_the_filters_ask_for_every_item_that_the_office_holds(office: Office, hub: MemoryHub) -> None:
    one = arrived(
        hub, letter(
            "15", "Về việc phòng, chống bão", urgency=Urgency.EXPRESS, issued_on=date(2026, 11, 3), due_on=date(2027, 1, 5),
            kind_name="Công điện", place="Vinh", appendixes=("Danh mục hồ đập",),
            signer=edxml.Signer("KT. CHỦ TỊCH", "Phó Chủ tịch", "Lê Văn Bốn"),
        )
    )  # fmt: skip
    acts.accept(one, actor=office["van.thu"], at=now())
    one.refresh_from_db()
    arrived(hub, letter("16", urgency=Urgency.NORMAL, sender=edxml.Organ("000.00.00.H26", "Ủy ban nhân dân thành phố Hà Nội"), kind_name="Báo cáo", issued_on=date(2026, 11, 4)))  # fmt: skip
    today = timezone.localdate().isoformat()
    right = {
        "trich-yeu": "bao chong", "noi-gui": "H41", "loai": "cong dien", "nguoi-ky": "pho chu tich le van", "dia-danh": "vinh",
        "phu-luc": "ho dap", "so": "15/UBND", "ngay-tu": "2026-11-03", "ngay-den": "2026-11-03", "han-tu": "2027-01-05",
        "han-den": "2027-01-05", "luc-tu": today, "luc-den": today, "so-den": str(one.arrival_number),
        "nam-den": str(one.arrival_year), "trang-thai": "den-accepted", "khan": "3", "gia-tri": one.legal_value,
    }  # fmt: skip
    distinct = {
        "noi-nhan": "G22",
        "nguon-goc": one.origin or "digital",
        "luc-den": "2020-01-01",
        "khan": "1",
        "so": "17",
    }
    for name, value in right.items():
        assert ("in", one.pk) in found(office, "van.thu", **{name: value}), name
    for name in (
        "trich-yeu",
        "noi-gui",
        "loai",
        "nguoi-ky",
        "dia-danh",
        "phu-luc",
        "so",
        "so-den",
        "han-tu",
        "khan",
        "trang-thai",
    ):
        assert found(office, "van.thu", **{name: right[name]}) == [("in", one.pk)], name
    assert found(office, "van.thu", **right) == [("in", one.pk)]
    assert found(office, "van.thu", **{**right, "ngay-den": "2026-11-02"}) == []
    assert len(found(office, "van.thu", **{"noi-nhan": distinct["noi-nhan"]})) == 2
    assert found(office, "van.thu", **{"luc-den": "2020-01-01"}) == []
    assert found(office, "van.thu", "bao", khan="1") == []
    assert "data-none" in asked(
        office, "van.thu", **{"khan": "9", "ngay-tu": "hôm qua", "so-den": "x"}
    )  # nothing is asked


def test_nothing_typed_teaches_what_can_be_typed_and_signs_of_all_kinds_break_nothing(office: Office) -> None:
    page = asked(office, "van.thu")
    assert "data-none" in page
    assert "28/2018" in page
    for typed in (
        "'",
        "\\",
        "''&|!():*",
        "a" * 900,
        "x" * 70 + "/",
        "%",
        "/",
        "-",
        "😀",
        "đ",
        "<b>",
        "'; DROP",
    ):
        asked(office, "van.thu", typed)
        asked(office, "van.thu", typed, **{"so": typed, "noi-gui": typed})
    asked(office, "van.thu", "nghe", tu="hôm qua~1")


WAYS = {"walk": (800, 3000), "words": (1, 3000), "walk on": (1, 1)}
"""How many documents are looked through before the word indexes are asked, and from how many on these do not help."""


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("login", ["van.thu", "chuyen.vien"])
def test_a_page_after_the_other_shows_every_document_once(
    office: Office, hub: MemoryHub, monkeypatch: pytest.MonkeyPatch, login: str, way: str
) -> None:
    from lienthong.office.search import finding

    monkeypatch.setattr(finding, "PAGE_ROWS", 2)
    for name, value in zip(("WALKED", "MANY"), WAYS[way], strict=True):
        monkeypatch.setattr(finding, name, value)
    came = {("in", arrived(hub, letter(str(number))).pk) for number in range(20, 25)}
    begun = {("out", drafted(office, subject=f"Về việc rà soát {number}").pk) for number in range(3)}
    wanted = came if login == "van.thu" else begun  # a draft is no business of the clerk's
    arrived(hub, letter("26", "Về việc khác"))
    person = office.client(login)
    for order in ("moi", "cu", "ngay", "han"):
        seen, place = list[tuple[str, str]](), f"{PLACE}?q=ra+soat&thu-tu={order}"
        for _ in range(3):
            page = person.get(place).content.decode()
            seen += FOUND.findall(page)
            following = re.search(r'href="(\?[^"]*tu=[^"]*)">Trang sau', page)
            if not following:
                break
            place = PLACE + following[1].replace("&amp;", "&")
        assert not following, order
        assert len(seen) == len(wanted), order
        assert {(kind, int(pk)) for kind, pk in seen} == wanted, order


# -- the text ------------------------------------------------------------------------------------------------------------


@pytest.mark.law("AVI-6d")
def test_the_text_of_the_document_and_of_every_attachment_is_found(office: Office, hub: MemoryHub) -> None:
    sheet = b"ten,so\nho chua Vuc Mau,17\n"
    one = arrived(hub, LETTER, van_ban_pdf=pdf("Kiểm tra đê điều, hồ đập trước mùa mưa bão."), bang_csv=sheet)
    assert found(office, "van.thu", "hồ đập trước mùa") == []
    assert "data-waiting" in asked(office, "van.thu", "15/UBND-VX")
    read_all()
    page = asked(office, "van.thu", "ho dap truoc mu")
    assert f'data-found="in-{one.pk}"' in page
    assert "<mark>hồ đập trước mùa</mark> mưa bão" in page
    assert found(office, "van.thu", "Vực Mấu") == [("in", one.pk)]
    assert found(office, "van.thu", "hồ mùa") == []  # in a text the words stand together
    assert found(office, "van.thu", "điều") == [("in", one.pk)]
    assert "data-unread" not in page
    assert "data-waiting" not in page


def test_what_is_marked_is_escaped(office: Office, hub: MemoryHub) -> None:
    arrived(hub, letter("15", "Về <script>alert(1)</script> & dữ liệu"), van_ban_csv="dữ <b>kiện</b> mật độ".encode())
    read_all()
    page = asked(office, "van.thu", "script")
    assert "&lt;<mark>script</mark>&gt;" in page
    assert "<script>alert" not in page
    assert "<mark>kiện</mark>&lt;/b&gt;" in asked(office, "van.thu", "kien")


def test_a_file_that_cannot_be_read_is_said_and_holds_up_nothing(office: Office, hub: MemoryHub) -> None:
    one = arrived(hub, LETTER, van_ban_pdf=b"%PDF-1.7 broken", bang_csv="chữ đọc được".encode(), la_bin=b"\x00\x01\x02")
    read_all()
    assert found(office, "van.thu", "chu doc duoc") == [("in", one.pk)]
    assert "chưa đọc được nội dung 2 tệp" in asked(office, "van.thu", "chu doc duoc")
    assert {row["why"] for row in Findable.objects.get(incoming=one).unread} == {"broken", "unknown"}


def test_what_ends_the_worker_again_and_again_is_left_alone(office: Office, hub: MemoryHub) -> None:
    one = arrived(hub, LETTER, van_ban_csv=b"vuc mau")
    Findable.objects.filter(incoming=one).update(tries=indexing.MOST_TRIES)
    read_all()
    assert found(office, "van.thu", "vuc mau") == []
    assert "data-unread" in asked(office, "van.thu", "15/UBND-VX")


def test_a_draft_that_was_written_anew_is_found_by_what_it_says_now(office: Office) -> None:
    one = drafted(office, body="Bí mật cũ./.")
    read_all()
    assert found(office, "chuyen.vien", "bí mật cũ") == [("out", one.pk)]
    drafting.change(one, manuscript(office, body="Nội dung mới./."), actor=office["chuyen.vien"], at=now())
    assert found(office, "chuyen.vien", "bí mật cũ") == []  # before the worker comes
    read_all()
    assert found(office, "chuyen.vien", "bí mật cũ") == []
    assert found(office, "chuyen.vien", "nội dung mới") == [("out", one.pk)]


def test_what_is_signed_sealed_and_sent_is_found_all_the_while_and_read_once(office: Office) -> None:
    one = drafted(office, body="Nội dung không đổi./.")
    read_all()
    review.submit(one, actor=office["chuyen.vien"], at=now())
    review.check_content(one, actor=office["truong.dv"], at=now())
    review.check_presentation(one, actor=office["the.thuc"], at=now())
    signing.approve_and_sign(one, pin=PIN, actor=office["lanh.dao"], at=now())
    signing.number_and_seal(one, pin=PIN, actor=office["van.thu"], at=now())
    issuing.issue(one, actor=office["van.thu"], at=now())
    assert not indexing.read_next()
    assert found(office, "chuyen.vien", "nội dung không đổi") == [("out", one.pk)]
    assert found(office, "chuyen.vien", one.printed_number) == [("out", one.pk)]
    row = Findable.objects.get(outgoing=one)  # the dates alone changed with the issue, the facts with the number
    assert (row.at, row.dated) == (one.issued_at, one.promulgated_on)


# -- rights --------------------------------------------------------------------------------------------------------------


@pytest.mark.law("SEC-6", "AVI-6d")
def test_everybody_finds_what_they_could_open_and_nothing_else(office: Office, hub: MemoryHub) -> None:
    one = arrived(hub, letter("15", "Về việc kiểm tra"), van_ban_csv=b"chu ky rieng")
    draft, sent = drafted(office, subject="Về việc kiểm tra"), issued(office, subject="Về việc kiểm tra")
    other = office.units["HC"] if "HC" in office.units else next(iter(office.units.values()))
    stranger = setup.install_person(office.organization, login="la.g22", name="Người Lạ", password="x", at=now())
    setup.install_post(stranger, other, "specialist", position="Chuyên viên", competence="", since=date(2026, 1, 1))
    office.people["la"] = stranger
    read_all()
    everything = [("in", one.pk), ("out", draft.pk), ("out", sent.pk)]
    for login in ("van.thu", "lanh.dao", "truong.dv", "chuyen.vien", "the.thuc", "kiem.tra", "la"):
        client = office.client(login)
        openable = {
            (kind, pk) for kind, pk in everything
            if client.get(f"/van-ban-{'den' if kind == 'in' else 'di'}/{pk}/").status_code == 200
        }  # fmt: skip
        assert set(found(office, login, "kiem tra")) == openable, login
        hits = found(office, login, "chu ky rieng")
        assert hits == ([("in", one.pk)] if ("in", one.pk) in openable else []), login
    assert found(office, "la", "kiem tra") == []
    assert office.client("quan.tri").get(PLACE).status_code == 403
    acts.accept(one, actor=office["van.thu"], at=now())
    task = acts.Task(Assignment.Kind.LEAD, office["chuyen.vien"].posts.get().unit)
    acts.instruct(one, text="Chủ trì", tasks=[task], actor=office["lanh.dao"], at=now())
    assert ("in", one.pk) in found(office, "truong.dv", "chu ky rieng")


@pytest.mark.law("SEC-6")
def test_another_agency_of_the_same_installation_finds_nothing(
    office: Office, hub: MemoryHub, authority: TestAuthority, tmp_path_factory: pytest.TempPathFactory
) -> None:
    arrived(hub, LETTER, van_ban_csv=b"chu ky rieng")
    issued(office, subject="Về việc kiểm tra")
    read_all()
    neighbour = install(H41, authority, tmp_path_factory.mktemp("h41"))
    for typed in ("chu ky rieng", "kiem tra", "15/UBND-VX", "01/QĐ-VPCP", "G22"):
        assert found(neighbour, "van.thu", typed) == []
        assert found(neighbour, "lanh.dao", typed, ca="1") == []


@pytest.mark.law("C-5")
def test_who_got_it_to_read_finds_it_until_it_is_recalled(office: Office) -> None:
    sent = issued(office, recipients=("H41",), subject="Về việc lưu hành")
    unit = office["chuyen.vien"].posts.get().unit
    reader = setup.install_person(office.organization, login="doc.g22", name="Người Đọc", password="x", at=now())
    setup.install_post(reader, unit, "specialist", position="Chuyên viên", competence="", since=date(2026, 1, 1))
    office.people["doc"] = reader
    assert found(office, "doc", "luu hanh") == []
    circulation.add(sent, [unit], actor=office["van.thu"], at=now())
    circulation.pass_on(sent, [reader], actor=office["truong.dv"], at=now())
    assert found(office, "doc", "luu hanh") == [("out", sent.pk)]
    OutgoingDocument.objects.filter(pk=sent.pk).update(state=OutgoingState.RECALLED)
    assert found(office, "doc", "luu hanh") == []
    assert office.client("doc").get(f"/van-ban-di/{sent.pk}/").status_code == 404


# -- recall --------------------------------------------------------------------------------------------------------------


@pytest.mark.law("R-9.2-2", "AVI-8b")
def test_a_recall_closes_the_text_at_once_and_its_tombstone_is_found_by_number_day_and_sender(
    office: Office, hub: MemoryHub
) -> None:
    one = arrived(hub, LETTER, van_ban_csv="chữ ký riêng".encode())
    acts.accept(one, actor=office["van.thu"], at=now())
    read_all()
    assert found(office, "van.thu", "chu ky rieng") == [("in", one.pk)]
    subject = one.subject
    recalled(hub)
    assert found(office, "van.thu", "chu ky rieng") == []  # its content is closed while the recall waits
    assert "chữ ký riêng" not in asked(office, "van.thu", "nghe an")
    assert press(office, "van.thu", one, "obey") == ""
    read_all()
    for typed in ("chu ky rieng", subject, "van_ban"):
        assert found(office, "van.thu", typed) == []
    row = Findable.objects.get(incoming=one)
    assert (row.content, row.text, row.unread) == ("", None, [])
    assert found(office, "van.thu", "15/UBND-VX") == [("in", one.pk)]
    assert found(office, "van.thu", **{"noi-gui": "nghe an"}) == [("in", one.pk)]
    day = one.promulgated_on.isoformat() if one.promulgated_on else ""
    assert found(office, "van.thu", **{"ngay-tu": day, "ngay-den": day}) == [("in", one.pk)]


def test_a_recall_that_is_obeyed_while_the_file_is_read_leaves_no_text(
    office: Office, hub: MemoryHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = arrived(hub, LETTER, van_ban_csv=b"chu ky rieng")
    acts.accept(one, actor=office["van.thu"], at=now())
    taken = indexing.text_apart

    def meanwhile(*file: object) -> Text:
        text = taken(*file)  # type: ignore[arg-type]
        recalled(hub)
        order = recalls.pending(IncomingDocument.objects.get(pk=one.pk))
        if order:
            recalls.obey(order, actor=office["van.thu"], at=now())
        return text

    monkeypatch.setattr(indexing, "text_apart", meanwhile)
    indexing.read_next()
    row = Findable.objects.get(incoming=one)
    assert (row.content, row.text) == ("", None)
    assert not indexing.read_next()


# -- what a person keeps -------------------------------------------------------------------------------------------------


@pytest.mark.law("AVI-6e")
def test_a_search_is_kept_under_a_name_and_is_nobody_elses(office: Office, hub: MemoryHub) -> None:
    one = arrived(hub)
    clerk = office.client("van.thu")
    place = f"{PLACE}?q=nghe+an&noi-gui=H41"
    assert clerk.post(place, {"act": "save", "name": "Từ Nghệ An"}).status_code == 302
    kept = SavedSearch.objects.get()
    page = clerk.get("/").content.decode()
    assert "Từ Nghệ An" in page
    address = re.search(r'href="(/tra-cuu/\?[^"]+)"', page)
    assert address
    again = clerk.get(address[1].replace("&amp;", "&")).content.decode()
    assert f'data-found="in-{one.pk}"' in again
    assert "Từ Nghệ An" not in office.client("lanh.dao").get("/").content.decode()
    assert refusal(office.client("lanh.dao").post(place, {"act": "forget", "search": kept.pk})) == "not_found"
    assert refusal(clerk.post(place, {"act": "save", "name": "Từ Nghệ An"})) == "search_name_taken"
    assert refusal(clerk.post(place, {"act": "save", "name": " "})) == "missing"
    assert refusal(clerk.post(PLACE, {"act": "save", "name": "Không gì"})) == "nothing_asked"
    assert clerk.post(place, {"act": "forget", "search": kept.pk}).status_code == 302
    assert "Từ Nghệ An" not in clerk.get("/").content.decode()


def test_more_searches_than_the_side_has_room_for_are_refused(office: Office) -> None:
    person = office["van.thu"]
    SavedSearch.objects.bulk_create(SavedSearch(person=person, name=str(n), asked="q=x") for n in range(20))
    assert refusal(office.client("van.thu").post(f"{PLACE}?q=x", {"act": "save", "name": "Nữa"})) == "too_many_searches"


@pytest.mark.law("AVI-6đ")
def test_the_columns_are_chosen_and_remembered_for_page_and_file(office: Office, hub: MemoryHub) -> None:
    arrived(hub)
    clerk = office.client("van.thu")
    assert '<th class="w-a">Người ký, chức vụ</th>' not in asked(office, "van.thu", "nghe an")
    assert (
        clerk.post(f"{PLACE}?q=nghe+an", {"act": "columns", "column": ["nguoi-ky", "noi-nhan", "kem"]}).status_code
        == 302
    )
    page = asked(office, "van.thu", "nghe an")
    assert '<th class="w-a">Người ký, chức vụ</th>' in page
    assert "Văn phòng Chính phủ" in page
    assert "Đến, đi</th>" not in page
    sheet = load_workbook(BytesIO(body(clerk.get(f"{PLACE}xlsx/", {"q": "nghe an"})))).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("Số, ký hiệu", "Trích yếu", "Bên nhận", "Người ký, chức vụ", "Tài liệu gửi kèm")
    assert rows[1][:3] == ("15/UBND-VX", LETTER.subject, "Văn phòng Chính phủ")
    assert "Người ký, chức vụ</th>" not in asked(office, "lanh.dao", "nghe an")


# -- taking away ---------------------------------------------------------------------------------------------------------


def body(answer: object) -> bytes:
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.law("AVI-6h")
def test_what_was_found_is_given_out_and_noted_without_what_was_asked(office: Office, hub: MemoryHub) -> None:
    arrived(hub, letter("15", "=1+1 về việc rà soát"))
    issued(office, subject="Về việc rà soát")
    clerk = office.client("van.thu")
    answer = clerk.get(f"{PLACE}xlsx/", {"q": "ra soat"})
    sheet = load_workbook(BytesIO(body(answer))).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert {row[2] for row in rows[1:]} == {"15/UBND-VX", "01/QĐ-VPCP"}
    assert any(row[3] == "=1+1 về việc rà soát" for row in rows)
    text = " ".join(
        PdfReader(BytesIO(body(clerk.get(f"{PLACE}pdf/", {"q": "ra soat"})))).pages[-1].extract_text().split()
    )
    assert "15/UBND-VX" in text
    assert "Danh sách này có 2 văn bản." in text
    docx = BytesIO(body(clerk.get(f"{PLACE}docx/", {"q": "ra soat"})))
    with ZipFile(docx) as file:
        table = etree.fromstring(file.read("word/document.xml"))
    assert "15/UBND-VX" in [cell.xpath("string()") for cell in table.iter("{*}tc")]
    noted = list(AccessLog.objects.filter(subject_kind="search").order_by("pk").values_list("actor", "detail"))
    assert noted == [("van.thu.g22", "xlsx 2"), ("van.thu.g22", "pdf 2"), ("van.thu.g22", "docx 2")]
    assert "ra soat" not in str(list(AccessLog.objects.values()))


def test_too_much_is_not_given_out_at_once(office: Office, hub: MemoryHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_page, "MOST_GIVEN", {"xlsx": 1, "pdf": 1})
    arrived(hub, letter("15"))
    clerk = office.client("van.thu")
    assert clerk.get(f"{PLACE}xlsx/", {"q": "ra soat"}).status_code == 200
    arrived(hub, letter("16"))
    assert refusal_page(clerk.get(f"{PLACE}xlsx/", {"q": "ra soat"}))
    assert not AccessLog.objects.filter(subject_kind="search", detail="xlsx 2").exists()
    assert clerk.get(f"{PLACE}odt/", {"q": "x"}).status_code == 404


def refusal_page(answer: object) -> Iterator[str] | bool:
    text = answer.content.decode()  # type: ignore[attr-defined]
    return answer.status_code == 422 and "Thu hẹp lại bằng bộ lọc" in text  # type: ignore[attr-defined]


@pytest.mark.parametrize("order", ["moi", "han"])
@pytest.mark.parametrize(
    "place",
    [
        "2026-01-01T00:00:00+07:00~" + "9" * 30, "2026-01-01~" + "9" * 5000, "2026-01-01T00:00:00~5", "2026-01-01~5",
        "0001-01-01T00:00:00+14:00~5", "9999-12-31T23:59:59-14:00~-5", "~", "x~y",
    ],
)  # fmt: skip
def test_a_place_that_no_page_gave_stops_nobody(office: Office, hub: MemoryHub, place: str, order: str) -> None:
    arrived(hub, LETTER)
    for login in ("van.thu", "chuyen.vien"):
        assert office.client(login).get(PLACE, {"q": "x", "thu-tu": order, "tu": place}).status_code == 200
