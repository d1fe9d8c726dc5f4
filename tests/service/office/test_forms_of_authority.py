"""What stands above the signature, on enclosures and in the choice of urgency, as people get it from the pages."""

import re
import subprocess
from io import BytesIO

import pytest
from pypdf import PdfReader

from lienthong.office.models import OutgoingDocument, Role
from tests.service.office.conftest import PIN, Office, press, signed
from tests.service.office.test_law_outgoing import draft_form, kept_file


def text_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


@pytest.mark.law("D30-13-1")
@pytest.mark.parametrize(
    ("competence", "position"),
    [
        ("", "BỘ TRƯỞNG, CHỦ NHIỆM"), ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), ("KT. BỘ TRƯỞNG, CHỦ NHIỆM", "PHÓ CHỦ NHIỆM"),
        ("TL. BỘ TRƯỞNG, CHỦ NHIỆM", "VỤ TRƯỞNG"), ("Q. BỘ TRƯỞNG, CHỦ NHIỆM", ""),
    ],
)  # fmt: skip
def test_the_form_of_authority_stands_above_the_position_on_what_is_drafted(
    office: Office, competence: str, position: str
) -> None:
    office["lanh.dao"].posts.filter(role=Role.LEADER).update(competence=competence, position=position)
    assert office.client("chuyen.vien").post("/van-ban-di/soan/", draft_form(office)).status_code == 302
    document = OutgoingDocument.objects.get()
    assert (document.competence, document.position) == (competence, position)
    text = text_of(kept_file(office, "chuyen.vien", document, 1))
    assert " ".join(filter(None, [competence, position])) in text
    page = office.client("chuyen.vien").get(f"/van-ban-di/{document.pk}/").content.decode()
    assert competence in page
    assert position in page


@pytest.mark.law("D30-17-1", "R-10.1-1")
def test_an_enclosure_in_a_file_of_its_own_bears_number_and_signing_time_at_its_upper_right(office: Office) -> None:
    """Annex I, II.9: no picture; number and notation, the time of the signature."""
    document = signed(office)
    draft = document.versions.get(stage="draft")
    document.enclosures.create(
        name="phu-luc.pdf", media_type="application/pdf", added_at=document.created_at, digest=draft.digest,
        size=draft.size,
    )  # fmt: skip
    assert press(office, "van.thu", document, "number_and_seal", pin=PIN) == ""
    one = document.enclosures.get()
    answer = office.client("van.thu").get(f"/van-ban-di/{document.pk}/tep/{one.pk}/")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    answer.close()
    corner = ["-x", "250", "-y", "0", "-W", "350", "-H", "60"]  # in points, from the upper left
    seen = subprocess.run(["pdftotext", *corner, "-", "-"], input=content, capture_output=True, check=True)
    words = " ".join(seen.stdout.decode().split())
    assert f"Kèm theo văn bản số {document.printed_number}" in words
    assert re.search(r"Thời gian ký: \d\d-\d\d-\d{4} \d\d:\d\d:\d\d \+07:00", words)


@pytest.mark.law("C-8", "R-6.2-3")
def test_all_four_urgencies_of_the_law_can_be_chosen_and_are_shown(office: Office) -> None:
    drafter = office.client("chuyen.vien")
    form = drafter.get("/van-ban-di/soan/").content.decode()
    for value, words in (("1", "Khẩn"), ("2", "Thượng khẩn"), ("3", "Hỏa tốc")):
        assert f'<option value="{value}"' in form
        assert words in form
        assert drafter.post("/van-ban-di/soan/", draft_form(office, urgency=value)).status_code == 302
        document = OutgoingDocument.objects.latest("pk")
        assert document.urgency == int(value)
        assert words in drafter.get(f"/van-ban-di/{document.pk}/").content.decode()
        assert words.upper() in text_of(kept_file(office, "chuyen.vien", document, 1))
