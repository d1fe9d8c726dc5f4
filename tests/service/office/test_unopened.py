"""Envelopes addressed by name: handed on unopened, signed for, brought back where they concern the common work, and
registered then; with what the book says of them, and to whom."""

from __future__ import annotations

import threading
from io import BytesIO
from pathlib import Path

import pytest
from django.db import connection
from openpyxl import load_workbook
from pypdf import PdfReader

from lienthong.journal.models import Event
from lienthong.office.incoming.unopened import COLUMNS
from lienthong.office.models import IncomingDocument, Notice, UnopenedEnvelope
from lienthong.runtime.demo.cast import H41
from lienthong.testing.pki import TestAuthority
from tests.service.office.conftest import Office, install, refusal
from tests.service.office.test_register import body
from tests.service.office.test_registering import PAGE, PAPER

BOOK, NEW = "/so-van-ban/bi-dich-danh/", "/van-ban-den/bi-dich-danh/"
WHY = "Ghi nhầm người nhận"


def hand(office: Office, login: str = "chuyen.vien", by: str = "van.thu", **changes: object) -> str:
    """The code of the refusal, or "" when it was handed on."""
    form = {
        "sender": "Sở Nội vụ tỉnh Nghệ An", "number": "5/SNV-VP", "written": "Chỉ người có tên mới được bóc bì",
        "urgency": "1", "secrecy": "", "person": office[login].pk, **changes,
    }  # fmt: skip
    answer = office.client(by).post(NEW, form)
    return "" if answer.status_code == 302 else refusal(answer)


def place() -> str:
    return f"{BOOK}{UnopenedEnvelope.objects.latest('pk').pk}/"


def act(office: Office, login: str, act: str, **fields: object) -> str:
    answer = office.client(login).post(place(), {"act": act, **fields})
    return "" if answer.status_code == 302 else refusal(answer)


def opened(office: Office, login: str, where: str = "") -> str:
    return office.client(login).get(where or place()).content.decode()


def told(office: Office, login: str) -> list[str]:
    return list(Notice.objects.filter(person=office[login], link=place()).order_by("pk").values_list("text", flat=True))


@pytest.mark.law("D30-21-1")
@pytest.mark.usefixtures("long_day")
def test_an_envelope_by_name_is_handed_on_unopened_and_what_concerns_the_agency_comes_back(office: Office) -> None:
    assert NEW in opened(office, "van.thu", PAGE)
    assert "data-main" in opened(office, "van.thu", NEW)
    assert hand(office) == ""
    assert not IncomingDocument.objects.exists()  # no number in the register of documents
    assert told(office, "chuyen.vien") == ["Bì gửi đích danh chờ ký nhận, từ Sở Nội vụ tỉnh Nghệ An"]
    assert 'data-list="envelope"' in opened(office, "chuyen.vien", "/")
    assert act(office, "chuyen.vien", "bring_back") == "illegal_move"  # nobody has signed for it
    assert act(office, "van.thu", "take") == "forbidden"
    assert act(office, "chuyen.vien", "take") == ""
    assert act(office, "chuyen.vien", "take") == "illegal_move"
    assert act(office, "van.thu", "void", reason=WHY) == "illegal_move"
    assert "Liên quan công việc chung" in opened(office, "chuyen.vien")
    assert act(office, "chuyen.vien", "bring_back", note="Về biên chế năm sau") == ""
    assert len(told(office, "van.thu")) == 1
    assert 'data-list="envelope-back"' in opened(office, "van.thu", "/")
    clerk, form = office.client("van.thu"), f"{PAGE}?bi={UnopenedEnvelope.objects.get().pk}"
    assert form in opened(office, "van.thu")
    filled = opened(office, "van.thu", form)
    for words in ('value="Sở Nội vụ tỉnh Nghệ An"', 'value="5/SNV-VP"', "data-came-in", "Về biên chế năm sau"):
        assert words in filled
    paper = {**PAPER, "came_in": UnopenedEnvelope.objects.get().pk}
    assert clerk.post(PAGE, paper).status_code == 302
    document = IncomingDocument.objects.get()
    envelope = UnopenedEnvelope.objects.get()
    assert (envelope.state, envelope.document, document.arrival_number) == ("registered", document, 1)
    assert refusal(clerk.post(PAGE, paper)) == "illegal_move"  # once
    assert IncomingDocument.objects.count() == 1
    assert "trong bì gửi đích danh" in opened(office, "van.thu", f"/van-ban-den/{document.pk}/")
    page = opened(office, "chuyen.vien")  # who brought it learns the number, and does not see the document by it
    assert "Số đến 1" in " ".join(page.split())
    assert f"/van-ban-den/{document.pk}/" not in page
    assert "số đến 1" in told(office, "chuyen.vien")[-1]
    happened = Event.objects.filter(subject_kind="envelope").order_by("pk").values_list("name", flat=True)
    assert list(happened) == ["envelope.handed", "envelope.taken", "envelope.brought_back", "envelope.registered"]


@pytest.mark.law("D30-21-1")
def test_an_envelope_with_a_mark_of_secrecy_is_registered_in_the_book_of_secrets_alone(office: Office) -> None:
    assert hand(office, "truong.dv", secrecy="b", urgency="3") == ""
    assert Notice.objects.get(person=office["truong.dv"], link=place()).urgent
    assert act(office, "truong.dv", "take") == ""
    assert act(office, "van.thu", "apart", apart="7/SM") == "illegal_move"  # nobody brought it back
    assert act(office, "truong.dv", "bring_back") == ""
    clerk = office.client("van.thu")
    envelope = UnopenedEnvelope.objects.get()
    assert refusal(clerk.get(f"{PAGE}?bi={envelope.pk}")) == "secret_envelope"
    assert refusal(clerk.post(PAGE, {**PAPER, "came_in": envelope.pk})) == "secret_envelope"
    assert not IncomingDocument.objects.exists()
    assert act(office, "van.thu", "apart", apart=" ") == "missing"
    assert act(office, "truong.dv", "apart", apart="7/SM") == "forbidden"
    assert act(office, "van.thu", "apart", apart="7/SM") == ""
    assert "7/SM" in opened(office, "truong.dv")
    assert act(office, "van.thu", "nothing") == "not_found"


def test_what_the_clerk_writes_is_asked_for_and_a_mistake_stays_in_the_book(office: Office) -> None:
    for wrong in ({"sender": " "}, {"person": ""}, {"person": "999999"}, {"urgency": "9"}, {"secrecy": "x"}):
        assert hand(office, **wrong) == "missing", wrong
    assert hand(office, number="x" * 101) == "text_too_long"
    assert hand(office, by="chuyen.vien") == "forbidden"
    assert not UnopenedEnvelope.objects.exists()
    assert hand(office, body="Công đoàn cơ quan") == ""
    assert "Công đoàn cơ quan" in opened(office, "chuyen.vien")
    assert act(office, "van.thu", "apart", apart="7") == "missing"  # it bears no mark
    assert refusal(office.client("van.thu").post(PAGE, {**PAPER, "came_in": place().split("/")[-2]})) == "illegal_move"
    assert act(office, "van.thu", "void", reason="ngắn") == "reason_needed"
    assert act(office, "van.thu", "void", reason=WHY) == ""
    assert act(office, "chuyen.vien", "take") == "illegal_move"
    assert f"Ghi nhầm: {WHY}" in opened(office, "van.thu", BOOK)


def test_the_book_is_bound_by_who_keeps_it_and_shows_others_their_own_lines(office: Office) -> None:
    assert "Không có bì nào" in opened(office, "chuyen.vien", BOOK)
    assert hand(office) == ""
    assert hand(office, "lanh.dao", sender="Bộ Tư pháp") == ""
    clerk = opened(office, "van.thu", BOOK)
    for words in (*COLUMNS, "Sở Nội vụ tỉnh Nghệ An", "Bộ Tư pháp", "Chỉ người có tên mới được bóc bì; Khẩn"):
        assert words in clerk
    own = opened(office, "lanh.dao", BOOK)
    assert "Bộ Tư pháp" in own
    assert "Sở Nội vụ" not in own  # leaders too have no part in what is sent to others by name
    assert "Bộ Tư pháp" not in opened(office, "quan.tri", BOOK)
    assert office.client("truong.dv").get(place()).status_code == 404
    assert office.client("lanh.dao").get(f"{BOOK}pdf/").status_code == 403
    pages = PdfReader(BytesIO(body(office.client("van.thu").get(f"{BOOK}pdf/")))).pages
    assert "SỔ CHUYỂN BÌ GỬI ĐÍCH DANH" in " ".join(" ".join(page.extract_text() for page in pages).split())
    sheet = load_workbook(BytesIO(body(office.client("kiem.tra").get(f"{BOOK}xlsx/")))).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert (rows[0], rows[2][1]) == (COLUMNS, "Bộ Tư pháp")
    assert office.client("van.thu").get(f"{BOOK}doc/").status_code == 404


@pytest.mark.usefixtures("long_day")
def test_what_came_back_is_registered_once_however_often_it_is_sent_at_once(office: Office) -> None:
    assert hand(office) == ""
    for name in ("take", "bring_back"):
        assert act(office, "chuyen.vien", name) == ""
    paper, found = {**PAPER, "came_in": UnopenedEnvelope.objects.get().pk}, list[str]()

    def register() -> None:
        answer = office.client("van.thu").post(PAGE, paper)
        found.append("" if answer.status_code == 302 else refusal(answer))
        connection.close()

    threads = [threading.Thread(target=register) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(found) == ["", "illegal_move", "illegal_move"]
    assert IncomingDocument.objects.get().arrival_number == 1
    assert office.client("van.thu").post(PAGE, PAPER).status_code == 302  # no number was lost on the others
    assert set(IncomingDocument.objects.values_list("arrival_number", flat=True)) == {1, 2}


def test_another_agency_finds_no_envelope_and_nobody_of_it_is_named_on_one(
    office: Office, authority: TestAuthority, tmp_path: Path
) -> None:
    other = install(H41, authority, tmp_path)
    assert hand(office) == ""
    assert other.client("van.thu").get(place()).status_code == 404
    for name in ("take", "bring_back", "apart", "void"):
        assert act(other, "van.thu", name, reason=WHY, apart="7") == "not_found"
    assert "Sở Nội vụ" not in opened(other, "van.thu", BOOK)
    assert hand(office, person=other["chuyen.vien"].pk) == "missing"
    brought = {**PAPER, "came_in": UnopenedEnvelope.objects.get().pk}
    assert refusal(other.client("van.thu").post(PAGE, brought)) == "not_found"
    for days in ("tu=9999-12-31", "den=9999-12-31", "tu=x", "tu=2026-02-02&den=2026-02-01"):
        assert refusal(office.client("van.thu").get(f"{BOOK}?{days}")) == "missing", days
