"""Presentation in the office: what the check finds is kept with the version, shown to who can mend or must confirm,
and blocks where the agency says so."""

import re
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from lxml import html

from lienthong.journal.models import Event
from lienthong.office.models import OutgoingDocument, PresentationPolicy, Version
from lienthong.office.people import setup
from tests.museum.presentation import DECISION, laid_out
from tests.service.office.conftest import Office, drafted, now
from tests.service.office.test_law_outgoing import draft_form, opened, press

SCREEN = ("motto_words", "indent")


def bad_upload(office: Office) -> SimpleUploadedFile:
    """The document of this office as if typed elsewhere, with a dash in the motto and too deep an indent."""
    signer, leader = office["lanh.dao"], office["lanh.dao"].posts.get(role="leader")
    draft = replace(
        DECISION, superior="", agency=office.organization.name, notation="QĐ-VPCP", place="Hà Nội", urgency=0,
        signer=signer.full_name, position=leader.position, competence=leader.competence,
    )  # fmt: skip
    pdf = laid_out(
        draft, ("Độc lập - Tự do - Hạnh phúc", "Độc lập – Tự do – Hạnh phúc"), ("amount: 1.27cm", "amount: 2cm")
    )
    return SimpleUploadedFile("quyet-dinh.pdf", pdf, "application/pdf")


def uploaded(office: Office) -> OutgoingDocument:
    form = draft_form(office, type="Quyết định", body="", upload=bad_upload(office), urgency="0")
    answer = office.client("chuyen.vien").post("/van-ban-di/soan/", form)
    assert answer.status_code == 302
    return OutgoingDocument.objects.get()


def findings(page: str) -> list[str]:
    return [str(one) for one in html.fromstring(page).xpath("//*[@id='the-thuc']//@data-rule")]


def blocks(office: Office) -> None:
    setup.set_presentation_policy(office.organization, PresentationPolicy.BLOCK, at=now(), reference="12/QĐ-VPCP")


@pytest.mark.law("R-6.4-1", "D30-12-1")
def test_drafter_and_checker_see_what_is_wrong_where_and_by_which_clause(office: Office) -> None:
    document = uploaded(office)
    for page in (
        opened(office, "chuyen.vien", document),
        str(office.client("chuyen.vien").get(f"/van-ban-di/{document.pk}/soan/").content.decode()),
    ):
        assert findings(page) == list(SCREEN)
    press(office, "chuyen.vien", document, "submit")
    page = opened(office, "the.thuc", document)
    assert findings(page) == list(SCREEN)
    assert "Tiêu ngữ ghi «Độc lập – Tự do – Hạnh phúc»" in page
    assert "Phụ lục I, mục II.1.b" in page
    assert re.search(r'href="/van-ban-di/\d+/ban/1/#page=1" data-turn="1" data-box="[\d.,]+"', page)


def test_a_page_in_english_says_it_in_english(office: Office) -> None:
    document = uploaded(office)
    client = office.client("chuyen.vien")
    client.post("/ngon-ngu/", {"language": "en"})
    page = client.get(f"/van-ban-di/{document.pk}/").content.decode()
    assert "The motto reads" in page
    assert "2 to mend" in page


@pytest.mark.law("R-6.4-1")
def test_what_we_lay_out_is_clean_and_a_mended_version_too(office: Office) -> None:
    document = uploaded(office)
    lines = "\n".join(["Đề nghị quý cơ quan rà soát mã định danh và báo cáo trước ngày 15 tháng 12 hằng năm./."] * 3)
    form = draft_form(office, body=lines)
    assert office.client("chuyen.vien").post(f"/van-ban-di/{document.pk}/soan/", form).status_code == 302
    assert [version.findings == [] for version in document.versions.order_by("ordinal")] == [False, True]
    page = opened(office, "chuyen.vien", document)
    assert findings(page) == []
    assert "Không thấy lỗi thể thức." in page


def test_later_versions_keep_what_was_found_in_the_draft(office: Office) -> None:
    document = uploaded(office)
    press(office, "chuyen.vien", document, "submit")
    press(office, "truong.dv", document, "check_content")
    press(office, "the.thuc", document, "check_presentation")
    assert press(office, "lanh.dao", document, "approve") == ""
    first, approved = document.versions.order_by("ordinal")
    assert approved.findings == first.findings != []


def test_a_version_from_before_the_check_says_so_and_blocks_nothing(office: Office) -> None:
    document = drafted(office)
    Version.objects.filter(document=document).update(findings=None)
    blocks(office)
    press(office, "chuyen.vien", document, "submit")
    assert "Bản này có từ trước khi có kiểm tra tự động" in opened(office, "the.thuc", document)
    assert press(office, "the.thuc", document, "check_presentation") == ""


@pytest.mark.law("R-6.4-1")
def test_by_default_faults_only_warn(office: Office) -> None:
    document = uploaded(office)
    press(office, "chuyen.vien", document, "submit")
    assert press(office, "the.thuc", document, "check_presentation") == ""
    assert not Event.objects.filter(name="outgoing.presentation_overridden").exists()


@pytest.mark.law("R-6.4-1", "R-5.1-1")
@pytest.mark.refuses("R-6.4-1")
def test_where_faults_block_the_checker_confirms_only_with_a_reason_that_is_journalled(office: Office) -> None:
    blocks(office)
    document = uploaded(office)
    press(office, "chuyen.vien", document, "submit")
    client = office.client("the.thuc")
    answer = client.post(f"/van-ban-di/{document.pk}/", {"act": "check_presentation", "reason": "ngắn"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'data-problem="presentation_faults"' in page
    assert "Thể thức còn 2 lỗi: Tiêu ngữ ghi" in page
    assert 'id="override"' in page
    assert not document.versions.get().reviews.filter(act="presentation").exists()

    assert press(office, "truong.dv", document, "check_presentation", reason="Mẫu riêng của ngành.") == "forbidden"
    assert press(office, "the.thuc", document, "check_presentation", reason="Mẫu riêng của ngành.") == ""
    event = Event.objects.get(name="outgoing.presentation_overridden")
    assert event.data["reason"] == "Mẫu riêng của ngành."
    assert event.data["rules"] == list(SCREEN)
    assert "xác nhận thể thức dù còn lỗi" in opened(office, "the.thuc", document)


def test_a_clean_document_is_confirmed_where_faults_block(office: Office) -> None:
    blocks(office)
    document = drafted(office)
    press(office, "chuyen.vien", document, "submit")
    assert press(office, "the.thuc", document, "check_presentation") == ""


def test_the_policy_is_journalled(office: Office) -> None:
    blocks(office)
    event = Event.objects.get(name="agency.presentation_policy_set")
    assert (event.data["policy"], event.subject) == ("block", "G22")
