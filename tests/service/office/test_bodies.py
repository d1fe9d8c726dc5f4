"""Advisory bodies: recorded by decision, chosen when drafting, with notation, numbers and a book of their own."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.db import IntegrityError, connections, transaction
from django.test import Client
from django.utils import timezone
from lxml import html
from pypdf import PdfReader

from lienthong.journal.models import Event
from lienthong.office import errors
from lienthong.office.config import blobs
from lienthong.office.models import AdvisoryBody, BodySigner, OutgoingDocument, RegisterNumber, RightChange, Sequence
from lienthong.office.outgoing import book, issuing, presentation, review, signing
from lienthong.office.outgoing.competence import Capacity
from lienthong.office.outgoing.drafting import current_version
from lienthong.office.people import bodies
from lienthong.office.people.agency_errors import BodyNotInForce, NotByBody
from lienthong.office.registers import take_number
from lienthong.runtime.demo.cast import H41
from lienthong.standards.doctypes import by_name
from lienthong.testing.pki import TestAuthority
from tests.service.office.conftest import PIN, Office, approved, drafted, install, now, press, sealed, signed
from tests.service.office.test_agency import form as agency_form

PLACE = "/co-quan/to-chuc-tu-van/"
DECISION = "05/QĐ-VPCP ngày 05/01/2026"
REASON = "Ban đã hoàn thành nhiệm vụ được giao"


def day(days: int = 0) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def founding(**changes: str) -> dict[str, str]:
    """The form of a new body."""
    return {
        "act": "found", "name": "Ban Chỉ đạo cải cách hành chính", "abbreviation": "BCĐCCHC", "decision": DECISION,
        "valid_from": day(-30), "valid_to": "", **changes,
    }  # fmt: skip


def naming(office: Office, **changes: str) -> dict[str, str]:
    """The form that names the leader as the head of the board."""
    return {
        "act": "name_signer", "person": str(office["lanh.dao"].pk), "title": "TRƯỞNG BAN", "decision": DECISION,
        "office": "Phó Chủ nhiệm Văn phòng Chính phủ", "valid_from": day(-30), **changes,
    }  # fmt: skip


def founded(office: Office, **changes: str) -> BodySigner:
    """A board with its head, recorded on its pages by the administrator; gives who signs for it."""
    client = office.client("quan.tri")
    assert client.post(PLACE, founding(**changes)).status_code == 302
    body = AdvisoryBody.objects.latest("pk")
    assert client.post(f"{PLACE}{body.pk}/", naming(office)).status_code == 302
    return body.signers.get()


def problem(client: Client, place: str, told: dict[str, str]) -> str:
    """The code of the refusal."""
    answer = client.post(place, told)
    found = html.fromstring(answer.content).xpath("//@data-problem")
    assert answer.status_code >= 400, answer.status_code
    return str(found[0]) if found else str(answer.status_code)


def text_of(office: Office, signer: str, **changes: str) -> dict[str, str]:
    """A draft's form."""
    return {
        "type": "Thông báo", "subject": "Về kết luận của Trưởng Ban", "body": "Trưởng Ban kết luận như sau./.",
        "signer": signer, "recipients": "H26", "recipients_text": "- Thành viên Ban Chỉ đạo;\n- Lưu: VT.",
        "urgency": "0", **changes,
    }  # fmt: skip


def numbered(document: OutgoingDocument, office: Office) -> str:
    with transaction.atomic():
        number = take_number(document, actor=office["van.thu"], at=now())
    return f"{number:02d}/{document.notation}"


@pytest.mark.law("D30-15-2")
def test_a_body_is_chosen_when_drafting_and_its_documents_bear_its_name_notation_and_own_numbers(
    office: Office,
) -> None:
    signer = founded(office)
    client = office.client("chuyen.vien")
    page = html.fromstring(client.get("/van-ban-di/soan/").content)
    option = page.xpath("//optgroup[@label='Ban Chỉ đạo cải cách hành chính']/option")[0]
    assert "TRƯỞNG BAN" in option.text_content()
    assert client.post("/van-ban-di/soan/", text_of(office, option.get("value"))).status_code == 302
    document = OutgoingDocument.objects.latest("pk")
    assert (document.notation, document.body_signer) == ("TB-BCĐCCHC", signer)
    version = current_version(document)
    with blobs().open(version.digest) as file:
        text = " ".join(PdfReader(file).pages[0].extract_text().split())
    head = text[: text.index("Số:")]
    assert "VĂN PHÒNG CHÍNH PHỦ" in head
    assert "BAN CHỈ ĐẠO CẢI CÁCH HÀNH CHÍNH" in head
    assert text.index("TRƯỞNG BAN") < text.rindex("PHÓ CHỦ NHIỆM VĂN PHÒNG CHÍNH PHỦ") < text.rindex("Trần")
    assert not presentation.faults(version)
    review.submit(document, actor=office["chuyen.vien"], at=now())
    review.check_content(document, actor=office["truong.dv"], at=now())
    review.check_presentation(document, actor=office["the.thuc"], at=now())
    signing.approve_and_sign(document, pin=PIN, actor=office["lanh.dao"], at=now())
    sealed(office, kind=by_name("Thông báo"))  # the agency's own 01/TB
    clerk = office.client("van.thu")
    assert clerk.post(f"/van-ban-di/{document.pk}/", {"act": "number_and_seal", "pin": PIN}).status_code == 302
    document.refresh_from_db()
    assert document.printed_number == "01/TB-BCĐCCHC"
    assert document.identifier.endswith(",01/TB-BCĐCCHC")
    issuing.issue(document, actor=office["van.thu"], at=now(), incomplete="")
    shown = html.fromstring(clerk.get(f"/van-ban-di/{document.pk}/").content)
    assert shown.xpath("//*[@data-issuer='BCĐCCHC']")[0].text_content() == "Ban Chỉ đạo cải cách hành chính"


@pytest.mark.law("D30-15-2")
def test_a_body_has_one_sequence_whatever_the_type_and_none_of_the_agencys(office: Office) -> None:
    board = Capacity(body_signer=founded(office))
    council = Capacity(body_signer=founded(office, name="Hội đồng thẩm định", abbreviation="HĐTĐ"))
    documents = [
        signed(office, kind=by_name(kind), capacity=capacity)
        for kind, capacity in (
            ("Thông báo", board), ("Thông báo", Capacity()), ("Công văn", board), ("Thông báo", council),
            ("Kế hoạch", board), ("Thông báo", Capacity()),
        )
    ]  # fmt: skip
    assert [press(office, "van.thu", one, "number") for one in documents] == [""] * 6
    assert [one.printed_number for one in documents] == [
        "01/TB-BCĐCCHC", "01/TB-VPCP", "02/BCĐCCHC-KSTT", "01/TB-HĐTĐ", "03/KH-BCĐCCHC", "02/TB-VPCP",
    ]  # fmt: skip
    year = timezone.localdate().year
    titles = [book.title_of(one) for one in book.sequences(office.organization, year)]
    assert titles == ["Thông báo", "Ban Chỉ đạo cải cách hành chính", "Hội đồng thẩm định"]


@pytest.mark.law("D30-16-1", "D30-15-2")
def test_the_register_of_a_body_is_a_volume_of_its_own(office: Office) -> None:
    document = sealed(office, capacity=Capacity(body_signer=founded(office)))
    sealed(office)
    clerk = office.client("van.thu")
    sequence = Sequence.objects.get(body__abbreviation="BCĐCCHC")
    page = html.fromstring(clerk.get("/so-van-ban/", {"so": str(sequence.pk)}).content)
    assert page.xpath("//option[@selected]/text()")[-1].strip() == "Ban Chỉ đạo cải cách hành chính (1)"
    assert [row.get("data-number") for row in page.xpath("//tr[@data-number]")] == ["1"]
    assert document.printed_number in page.text_content()
    volume = PdfReader(BytesIO(b"".join(clerk.get(f"/so-van-ban/{sequence.pk}/pdf/"))))
    assert "Ban Chỉ đạo cải cách hành chính" in " ".join(volume.pages[0].extract_text().split())
    lines = "".join("".join(one.extract_text() for one in volume.pages[1:]).split())
    assert document.printed_number in lines
    about = office.client("lanh.dao").get(f"{PLACE}{document.body.pk}/").content.decode()  # type: ignore[union-attr]
    assert f"so={sequence.pk}" in about


@pytest.mark.law("D30-15-1")
def test_many_clerks_at_once_number_a_body_without_gap_or_twin(office: Office) -> None:
    capacity = Capacity(body_signer=founded(office))
    documents = [drafted(office, capacity=capacity, subject=f"Về việc {n}") for n in range(6)]

    def take(document: OutgoingDocument) -> str:
        try:
            return numbered(OutgoingDocument.objects.get(pk=document.pk), office)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        got = sorted(pool.map(take, documents))
    assert got == [f"{n:02d}/QĐ-BCĐCCHC" for n in range(1, 7)]
    with transaction.atomic():
        take_number(documents[0], actor=office["van.thu"], at=now())
        transaction.set_rollback(True)  # whoever is killed here took nothing
    assert RegisterNumber.objects.filter(sequence__body__isnull=False).count() == 6
    after = signed(office, capacity=capacity)
    assert press(office, "van.thu", after, "number") == ""
    assert after.printed_number == "07/QĐ-BCĐCCHC"


@pytest.mark.law("D30-15-1")
def test_a_body_takes_sub_numbers_and_voids_as_the_agency_does(office: Office) -> None:
    capacity = Capacity(body_signer=founded(office))
    first, second = sealed(office, capacity=capacity), signed(office, capacity=capacity)
    sealed(office)
    clerk = office.client("van.thu")
    why = {"reason": "Bổ sung văn bản cùng nội dung trong ngày", "authority": "Trưởng Ban"}
    assert clerk.post(f"/van-ban-di/{second.pk}/", {"act": "sub_number", **why}).status_code == 302
    second.refresh_from_db()
    assert second.printed_number == "01a/QĐ-BCĐCCHC"
    assert clerk.post(f"/van-ban-di/{first.pk}/", {"act": "void", **why}).status_code == 302
    states = RegisterNumber.objects.filter(sequence__body__isnull=False).values_list("number", "sub", "state")
    assert sorted(states) == [(1, "", "void"), (1, "a", "taken")]


@pytest.mark.law("D30-13-1")
def test_what_is_unknown_over_or_not_theirs_to_sign_cannot_be_chosen(
    office: Office, authority: TestAuthority, tmp_path: Path
) -> None:
    signer = founded(office)
    client, administrator = office.client("chuyen.vien"), office.client("quan.tri")
    place = f"{PLACE}{signer.body_id}/"
    other = install(H41, authority, tmp_path)
    theirs = founded(other)
    for value in ("tv-999999", "tv-", "tv-x", f"tv-{theirs.pk}"):
        assert problem(client, "/van-ban-di/soan/", text_of(office, value)) == "missing"
    told = text_of(office, f"tv-{signer.pk}")
    assert problem(client, "/van-ban-di/soan/", {**told, "type": "Nghị định"}) == "not_by_body"
    assert client.post("/van-ban-di/soan/", told).status_code == 302
    draft = OutgoingDocument.objects.latest("pk")
    end = {"act": "last_day", "last_day": day(-1), "seen": "", "reason": REASON}
    assert administrator.post(place, end).status_code == 302
    for address in ("/van-ban-di/soan/", f"/van-ban-di/{draft.pk}/soan/"):
        assert problem(client, address, told) == "body_not_in_force"
        assert "Ban Chỉ đạo cải cách hành chính" not in client.get("/van-ban-di/soan/").content.decode()
    assert "chọn lại người ký" in client.get(f"/van-ban-di/{draft.pk}/soan/").content.decode()
    go_on = {"act": "last_day", "last_day": day(9), "seen": day(-1), "reason": "Gia hạn theo quyết định mới"}
    assert administrator.post(place, go_on).status_code == 302
    assert client.post("/van-ban-di/soan/", told).status_code == 302
    ended = {"act": "end_signer", "signer": str(signer.pk), "reason": REASON}
    assert administrator.post(place, ended).status_code == 302
    assert problem(administrator, place, ended) == "signs_no_more"
    assert problem(client, "/van-ban-di/soan/", told) == "body_not_in_force"


@pytest.mark.law("D30-13-1")
def test_a_body_that_ends_on_the_way_signs_and_dates_nothing_any_more(office: Office) -> None:
    signer = founded(office)
    capacity = Capacity(body_signer=signer)
    waiting, ready = signed(office, capacity=capacity), approved(office, capacity=capacity)
    end = {"act": "last_day", "last_day": day(-1), "seen": "", "reason": REASON}
    assert office.client("lanh.dao").post(f"{PLACE}{signer.body_id}/", end).status_code == 302
    waiting, ready = (OutgoingDocument.objects.get(pk=one.pk) for one in (waiting, ready))
    with pytest.raises(BodyNotInForce):
        signing.sign(ready, pin=PIN, actor=office["lanh.dao"], at=now())
    clerk = office.client("van.thu")
    told = {"act": "number_and_seal", "pin": PIN}
    assert problem(clerk, f"/van-ban-di/{waiting.pk}/", told) == "body_not_in_force"
    assert not RegisterNumber.objects.exists()
    assert (
        clerk.post(f"/van-ban-di/{waiting.pk}/", {"act": "give_back", "note": "Ban đã thôi hoạt động"}).status_code
        == 302
    )


def test_a_number_waits_for_the_last_day_that_is_just_set(office: Office) -> None:
    signer = founded(office)
    document = signed(office, capacity=Capacity(body_signer=signer))
    clerk = office["van.thu"]

    def number() -> str:
        try:
            return str(signing.take_number_and_date(document, actor=clerk, at=now()))
        except BodyNotInForce as refused:
            return refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor() as pool:
        with transaction.atomic():
            eve = timezone.localdate() - timedelta(days=1)
            bodies.set_last_day(signer.body, eve, seen=None, reason=REASON, actor=office["quan.tri"], at=now())
            numbering = pool.submit(number)
            with pytest.raises(TimeoutError):
                numbering.result(timeout=1)
        assert numbering.result(timeout=30) == "body_not_in_force"
    assert not RegisterNumber.objects.exists()


@pytest.mark.law("D30-15-1")
def test_no_two_issuers_of_a_year_share_an_abbreviation(office: Office) -> None:
    signer = founded(office)
    client = office.client("quan.tri")
    for taken in ("BCĐCCHC", "bcđcchc", "VPCP", "vpcp", "QĐ", "TrS"):
        told = founding(name="Ban khác", abbreviation=taken)
        assert problem(client, PLACE, told) == "abbreviation_taken", taken
    for alike in ("BC\u00d0CCHC", "ＢＣĐＣＣＨＣ", "bc\u00f0cchc"):
        assert problem(client, PLACE, founding(name="Ban khác", abbreviation=alike)) == "abbreviation_taken", alike
    for wrong in ("BCĐ 389", "BCĐ-389", "BCĐ/389", "", "BCĐ,1", "В\u0421Đ", "B\u0189", "BCĐ①①①" * 6, "½"):
        assert problem(client, PLACE, founding(abbreviation=wrong)) == "bad_fact", wrong
    assert problem(client, "/co-quan/", agency_form(client, "decide", abbreviation="BCĐCCHC")) == "abbreviation_taken"
    numbered_now = signed(office, capacity=Capacity(body_signer=signer))
    assert press(office, "van.thu", numbered_now, "number") == ""
    old = drafted(office)  # bears the agency's abbreviation of now
    assert client.post("/co-quan/", agency_form(client, "decide", abbreviation="VPCP2")).status_code == 302
    assert problem(client, PLACE, founding(name="Ban khác", abbreviation="VPCP")) == "abbreviation_taken"
    end = {"act": "last_day", "last_day": day(-1), "seen": "", "reason": REASON}
    assert client.post(f"{PLACE}{signer.body_id}/", end).status_code == 302
    assert problem(client, PLACE, founding()) == "abbreviation_taken"  # within the year it numbered
    year = timezone.localdate().year
    first = {"number": 1, "notation": "QĐ-VPCP", "promulgated_on": timezone.localdate()}
    OutgoingDocument.objects.filter(pk=old.pk).update(**first)
    with pytest.raises(IntegrityError, match="number_and_notation_once_a_year"), transaction.atomic():
        OutgoingDocument.objects.filter(pk=drafted(office).pk).update(**first)
    last_year = {**first, "promulgated_on": timezone.localdate().replace(year=year - 1, day=1)}
    OutgoingDocument.objects.filter(pk=drafted(office).pk).update(**last_year)


@pytest.mark.law("D30-15-1")
def test_a_body_that_ends_on_new_years_day_keeps_what_it_numbered_that_morning(office: Office) -> None:
    signer = founded(office)
    document = signed(office, capacity=Capacity(body_signer=signer))
    assert press(office, "van.thu", document, "number") == ""
    eve = timezone.localdate().replace(month=1, day=1) - timedelta(days=1)
    AdvisoryBody.objects.update(valid_from=eve, valid_to=eve)  # as the act of that day leaves it
    client = office.client("quan.tri")
    assert problem(client, PLACE, founding(name="Ban khác")) == "abbreviation_taken"
    assert problem(client, "/co-quan/", agency_form(client, "decide", abbreviation="BCĐCCHC")) == "abbreviation_taken"
    go_on = {"act": "last_day", "last_day": day(9), "seen": eve.isoformat(), "reason": "Gia hạn theo quyết định mới"}
    assert client.post(f"{PLACE}{signer.body_id}/", go_on).status_code == 302  # its own


@pytest.mark.law("D30-13-1")
def test_who_works_in_the_agency_no_more_or_administers_it_signs_for_no_body(office: Office) -> None:
    signer = founded(office)
    leader, client = office["lanh.dao"], office.client("chuyen.vien")
    document = approved(office, capacity=Capacity(body_signer=signer))
    unit = leader.posts.get().unit
    leader.posts.update(valid_to=timezone.localdate() - timedelta(days=1))
    assert press(office, "lanh.dao", document, "sign", pin=PIN) == "body_not_in_force"
    leader.posts.create(unit=unit, role="administrator", position="Quản trị", valid_from=timezone.localdate())
    assert press(office, "lanh.dao", document, "sign", pin=PIN) == "not_found"  # administrators see no documents
    assert document.state == "approved"
    assert not html.fromstring(client.get("/van-ban-di/soan/").content).xpath(f"//option[@value='tv-{signer.pk}']")
    assert problem(client, "/van-ban-di/soan/", text_of(office, f"tv-{signer.pk}")) == "body_not_in_force"


@pytest.mark.law("D30-15-1")
def test_a_notation_that_became_anothers_gets_no_number_twice(office: Office) -> None:
    """As where a draft was laid out while the abbreviation went to somebody else."""
    board = Capacity(body_signer=founded(office))
    sealed(office, capacity=board)
    late = signed(office)
    OutgoingDocument.objects.filter(pk=late.pk).update(notation="QĐ-BCĐCCHC")
    clerk = office.client("van.thu")
    told = {"act": "number_and_seal", "pin": PIN}
    assert problem(clerk, f"/van-ban-di/{late.pk}/", told) == "number_twice"
    late.refresh_from_db()
    assert (late.state, late.number) == ("signed", None)
    assert sealed(office).printed_number == "01/QĐ-VPCP"  # nothing was lost by it


def test_a_body_recorded_by_mistake_is_taken_back_and_its_abbreviation_is_free(office: Office) -> None:
    client = office.client("lanh.dao")
    assert client.post(PLACE, founding(valid_from=day(3))).status_code == 302
    body = AdvisoryBody.objects.get()
    place = f"{PLACE}{body.pk}/"
    back = {"act": "last_day", "last_day": day(2), "seen": "", "reason": "Ghi nhầm tên của Ban"}
    assert problem(client, place, {**back, "last_day": day(1)}) == "bad_time"
    assert client.post(place, back).status_code == 302
    assert "đã rút" in client.get(place).content.decode()
    assert client.post(PLACE, founding()).status_code == 302
    go_on = {**back, "last_day": day(9), "seen": day(2)}
    assert problem(client, place, go_on) == "abbreviation_taken"


def test_who_set_the_last_day_after_another_is_told_so(office: Office) -> None:
    signer = founded(office)
    place = f"{PLACE}{signer.body_id}/"
    first = {"act": "last_day", "last_day": day(30), "seen": "", "reason": "Theo quyết định kéo dài nhiệm vụ"}
    assert office.client("lanh.dao").post(place, first).status_code == 302
    late = {**first, "last_day": day(-1)}
    assert problem(office.client("quan.tri"), place, late) == "changed_meanwhile"
    signer.body.refresh_from_db()
    assert signer.body.valid_to == timezone.localdate() + timedelta(days=30)
    event = Event.objects.get(name="advisory_body.last_day_set")
    assert (event.data["before"], event.data["last_day"]) == ("", day(30))


@pytest.mark.law("AVI-3c", "SEC-6")
def test_who_signs_for_a_body_is_a_right_that_another_confirms(office: Office) -> None:
    signer = founded(office)
    change = RightChange.objects.get(kind="body_signer_named")
    assert (change.person, change.made_by) == (office["lanh.dao"], office["quan.tri"])
    place = f"{PLACE}{signer.body_id}/"
    own = office.client("lanh.dao")
    assert problem(own, place, {"act": "end_signer", "signer": str(signer.pk), "reason": REASON}) == "own_rights"
    assert problem(own, place, naming(office, title="PHÓ TRƯỞNG BAN")) == "own_rights"
    confirm = {"act": "confirm", "change": str(change.pk)}
    assert problem(own, "/can-bo/thay-doi/", confirm) == "own_rights"
    assert office.client("kiem.tra").post("/can-bo/thay-doi/", confirm).status_code == 302
    client = office.client("quan.tri")
    assert problem(client, place, naming(office)) == "signs_already"
    assert problem(client, place, naming(office, title=" ", person=str(office["truong.dv"].pk))) == "missing"
    for around in (
        {"competence": "TUQ. TRƯỞNG BAN"}, {"competence": "TM. HỘI ĐỒNG; TUQ. CHỦ TỊCH"}, {"title": "TUQ. TRƯỞNG BAN"},
        {"competence": "ＴＵＱ. TRƯỞNG BAN"},
    ):  # fmt: skip
        assert problem(client, place, naming(office, **{"title": "X", **around})) == "outside_authority", around
    assert problem(own, place, naming(office, person=str(office["quan.tri"].pk))) == "roles_apart"
    page = client.get(place).content.decode()
    assert "thêm người ký" in page
    assert office["quan.tri"].full_name in page


@pytest.mark.law("SEC-6")
def test_only_the_head_and_the_administrator_keep_the_bodies_of_their_own_agency(
    office: Office, authority: TestAuthority, tmp_path: Path
) -> None:
    signer = founded(office)
    place = f"{PLACE}{signer.body_id}/"
    acts = (
        {"act": "last_day", "last_day": day(5), "seen": "", "reason": REASON},
        naming(office, person=str(office["truong.dv"].pk)),
        {"act": "end_signer", "signer": str(signer.pk), "reason": REASON},
    )
    for login in ("van.thu", "kiem.tra", "chuyen.vien", "truong.dv", "the.thuc"):
        client = office.client(login)
        assert problem(client, PLACE, founding(abbreviation="KHAC")) == "forbidden"
        assert [problem(client, place, act) for act in acts] == ["forbidden"] * 3
    other = install(H41, authority, tmp_path)
    stranger = other.client("quan.tri")
    assert stranger.get(place).status_code == 404
    assert [stranger.post(place, act).status_code for act in acts] == [404] * 3
    assert not html.fromstring(stranger.get(PLACE).content).xpath("//*[@data-body]")
    assert problem(office.client("quan.tri"), place, naming(office, person=str(other["lanh.dao"].pk))) == "missing"
    assert AdvisoryBody.objects.count() == 1


def test_a_body_is_recorded_whole(office: Office) -> None:
    client = office.client("quan.tri")
    assert problem(client, PLACE, founding(name=" ")) == "missing"
    assert problem(client, PLACE, founding(decision="")) == "missing"
    assert problem(client, PLACE, founding(valid_to=day(-1))) == "bad_time"
    assert problem(client, PLACE, founding(valid_from="hôm nay")) == "missing"
    assert problem(client, PLACE, founding(act="việc khác")) == "missing"
    assert not AdvisoryBody.objects.exists()
    with pytest.raises(NotByBody):
        drafted(office, kind=by_name("Thông tư"), capacity=Capacity(body_signer=founded(office)))
    with pytest.raises(errors.Missing):  # the form of an unknown signer
        drafted(office, subject=" ")
    assert bodies.is_in_force(AdvisoryBody.objects.get(), timezone.localdate())


def test_a_notation_is_never_longer_than_a_register_holds(office: Office) -> None:
    long = "B" * 20
    signer = founded(office, abbreviation=long)
    office.units["KSTT"].abbreviation = "C" * 20
    office.units["KSTT"].save()
    told = text_of(office, f"tv-{signer.pk}", type="Công văn", addressees="Bộ Nội vụ")
    assert problem(office.client("chuyen.vien"), "/van-ban-di/soan/", told) == "notation_too_long"


@pytest.mark.law("SEC-6")
def test_who_may_be_named_is_listed_and_nobody_else(office: Office) -> None:
    """An administrator sees no documents, so signs none; one whose account is closed does nothing."""
    place = f"{PLACE}{founded(office).body_id}/"
    client = office.client("lanh.dao")
    options = html.fromstring(client.get(place).content).xpath("//select[@name='person']/option/@value")
    listed = {int(one) for one in options if one}
    assert office["chuyen.vien"].pk in listed
    assert not listed & {office["quan.tri"].pk, office["lanh.dao"].pk}
    for pk in listed:
        assert client.post(place, naming(office, person=str(pk), title="ỦY VIÊN")).status_code == 302, pk
