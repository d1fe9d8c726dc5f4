"""Samples of documents: seen as they would look, drafted by, and with the agency's own words from a day on."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from pypdf import PdfReader

from lienthong.journal.models import Event
from lienthong.office.models import OutgoingDocument, StandingText
from lienthong.standards.doctypes import TYPES
from lienthong.standards.skeletons import OPEN, of_type
from tests.service.office.conftest import Office, refusal

PLACE, PREVIEW, DRAFT = "/van-ban-di/mau/", "/van-ban-di/mau/xem/", "/van-ban-di/soan/"
OWN = {
    "type": "Quyết định", "basis": "Căn cứ Luật Tổ chức Chính phủ;\n\n Căn cứ  Nghị định 30/2020/NĐ-CP;",
    "closing": "Điều 3. Chánh Văn phòng chịu trách nhiệm thi hành Quyết định này./.", "recipients": "- Như Điều 3;\n- Lưu: VT, TH.",
}  # fmt: skip


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def recorded(office: Office, login: str = "van.thu", days: int = 0, **changes: str) -> str:
    day = (timezone.localdate() + timedelta(days=days)).isoformat()
    answer = office.client(login).post(PLACE, {"act": "record", **OWN, "valid_from": day, **changes})
    return "" if answer.status_code == 302 else refusal(answer)


def begun(office: Office, kind: str = "Quyết định") -> str:
    return office.client("chuyen.vien").get(f"{DRAFT}?mau={kind}").content.decode()


@pytest.mark.law("AVI-1a")
def test_every_type_has_its_sample_laid_out_in_the_agencys_name(office: Office) -> None:
    drafter = office.client("chuyen.vien")
    listing = drafter.get(PLACE).content.decode()
    for kind in TYPES:
        assert f'data-sample="{kind.name}"' in listing
        answer = drafter.get(PREVIEW, {"loai": kind.name})
        assert answer["Content-Type"] == "application/pdf"
        text = text_of(answer.content)
        assert office.organization.name.upper() in text, kind.name
        assert of_type(kind.name).closing.split(OPEN)[0].strip() in text, kind.name
    assert of_type("Quyết định").sample == "1.2"
    assert of_type("Kế hoạch").sample == "1.4"
    assert text_of(drafter.get(PREVIEW).content).count("Kính gửi") == 1  # a letter


@pytest.mark.law("AVI-1g")
def test_a_draft_begins_by_the_sample_and_by_the_agencys_own_words_from_their_day_on(office: Office) -> None:
    assert f"Điều 3. {OPEN} chịu trách nhiệm thi hành Quyết định này./." in begun(office)
    assert recorded(office, days=1) == ""
    assert "Luật Tổ chức Chính phủ" not in begun(office)  # not yet
    assert recorded(office) == ""
    page = begun(office)
    assert "Căn cứ Luật Tổ chức Chính phủ;\nCăn cứ Nghị định 30/2020/NĐ-CP;\nTheo đề nghị của" in page
    assert "Chánh Văn phòng chịu trách nhiệm" in page
    assert "- Lưu: VT, TH." in page
    assert "Luật Tổ chức Chính phủ" not in begun(office, "Nghị quyết")
    assert "Luật Tổ chức Chính phủ" in text_of(office.client("van.thu").get(PREVIEW, {"loai": "Quyết định"}).content)
    assert recorded(office, basis="Căn cứ Luật khác;", closing="", recipients="") == ""  # the later one of the day
    page = begun(office)
    assert "Căn cứ Luật khác;" in page
    assert f"Điều 3. {OPEN} chịu trách nhiệm" in page  # what is left empty is the decree's
    row = StandingText.objects.latest("pk")
    assert office.client("van.thu").post(PLACE, {"act": "end", "row": row.pk}).status_code == 302
    assert "Luật Tổ chức Chính phủ" in begun(office)  # what was written before holds again
    assert refusal(office.client("van.thu").post(PLACE, {"act": "end", "row": row.pk})) == "not_found"
    assert Event.objects.filter(name__startswith="standing_text.").count() == 4
    assert "Chánh Văn phòng" not in str(list(Event.objects.values_list("data", flat=True)))


def test_what_begins_by_a_sample_is_saved_as_any_draft_and_a_plain_one_begins_empty(office: Office) -> None:
    drafter = office.client("chuyen.vien")
    assert OPEN not in drafter.get(DRAFT).content.decode()
    sample = of_type("Kế hoạch")
    form = {
        "type": "Kế hoạch", "subject": "Kiểm tra", "body": sample.body, "signer": office["lanh.dao"].pk,
        "recipients_text": "\n".join(sample.recipients), "urgency": "0", "origin": "digital",
    }  # fmt: skip
    assert drafter.post(f"{DRAFT}?mau=Kế hoạch", form).status_code == 302
    assert OutgoingDocument.objects.get().type_name == "Kế hoạch"


def test_only_clerks_and_administrators_record_and_nothing_is_refused_by_name(office: Office) -> None:
    assert recorded(office, "chuyen.vien") == recorded(office, "lanh.dao") == "forbidden"
    assert recorded(office, basis=" ", closing="", recipients="") == "nothing_own"
    assert recorded(office, type="Không có") == "missing"
    assert recorded(office, valid_from="") == "missing"
    assert not StandingText.objects.exists()
    assert recorded(office, "quan.tri") == ""
