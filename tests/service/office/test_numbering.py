"""How outgoing documents are numbered: as the head of the agency decided, with sub-numbers, and each number accounted
for (Decree 30/2020, Article 15)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone
from lxml import html
from pypdf import PdfReader

from lienthong.journal.models import Event
from lienthong.office import errors
from lienthong.office.config import blobs
from lienthong.office.exchange.statuses import find_document
from lienthong.office.models import (
    NumberingDecision,
    OutgoingDocument,
    ReceivedPacket,
    RegisterNumber,
    Sequence,
    Version,
)
from lienthong.office.outgoing import book, drafting, review, signing
from lienthong.office.outgoing.competence import Capacity
from lienthong.office.outgoing.drafting import current_version
from lienthong.office.registers import numbering, take_number
from lienthong.runtime.demo.cast import H41
from lienthong.standards.doctypes import by_name
from lienthong.testing.pki import TestAuthority
from tests.museum.packets import STATUS
from tests.service.office.conftest import (
    PIN,
    Office,
    drafted,
    install,
    issued,
    manuscript,
    now,
    press,
    refusal,
    sealed,
    signed,
)
from tests.service.office.test_bodies import founded

PLACE = "/so-van-ban/cach-danh-so/"
WHY = {"reason": "Bổ sung văn bản cùng nội dung trong ngày", "authority": "Phó Chủ nhiệm"}
COMMON = numbering.Group("Văn bản hành chính", ("QĐ", "TB", "CV"))


def decided(office: Office, *groups: numbering.Group, year: int | None = None, reason: str = "") -> NumberingDecision:
    last = numbering.newest(office.organization)
    return numbering.decide(
        office.organization, groups or (COMMON,), from_year=year or timezone.localdate().year, reason=reason,
        reference="01/QĐ-VPCP ngày 02/01/2026", seen=last.pk if last else 0, actor=office["van.thu"], at=now(),
    )  # fmt: skip


def numbered(office: Office, name: str, **changes: object) -> str:
    """The number that a document of this type gets; it need not be signed for that."""
    document = drafted(office, kind=by_name(name), **changes)
    with transaction.atomic():
        number = take_number(document, actor=office["van.thu"], at=now())
    return f"{number:02d}/{document.notation}"


def test_each_type_has_its_own_numbers_until_the_head_decides_otherwise(office: Office) -> None:
    assert [numbered(office, name) for name in ("Quyết định", "Thông báo", "Công văn", "Thư công")] == [
        "01/QĐ-VPCP", "01/TB-VPCP", "01/VPCP-KSTT", "02/VPCP-KSTT",
    ]  # fmt: skip
    with pytest.raises(errors.NumbersGiven):
        decided(office)
    decided(office, year=timezone.localdate().year + 1)
    assert numbered(office, "Quyết định") == "02/QĐ-VPCP"


def test_what_is_decided_to_be_numbered_together_shares_a_sequence(office: Office) -> None:
    decided(office)
    assert [numbered(office, name) for name in ("Quyết định", "Thông báo", "Báo cáo", "Công văn")] == [
        "01/QĐ-VPCP", "02/TB-VPCP", "01/BC-VPCP", "03/VPCP-KSTT",
    ]  # fmt: skip
    year = timezone.localdate().year
    titles = [book.title_of(one) for one in book.sequences(office.organization, year)]
    assert titles == ["Văn bản hành chính", "Báo cáo"]
    page = office.client("van.thu").get("/so-van-ban/").content.decode()
    assert "Văn bản hành chính (3)" in page


def test_regulatory_documents_have_numbers_of_their_own_and_the_year(office: Office) -> None:
    year = timezone.localdate().year
    assert numbered(office, "Nghị định") == f"01/{year}/NĐ-VPCP"
    assert numbered(office, "Thông tư") == f"01/{year}/TT-VPCP"
    with pytest.raises(errors.TypesNotTogether, match="Nghị định"):
        decided(office, numbering.Group("Chung", ("NĐ", "QĐ")), year=year + 1)


@pytest.mark.law("D30-15-2", "AVI-1đ")
def test_numbers_on_pages_follow_the_decision_and_regulatory_ones_their_own_sequence(office: Office) -> None:
    year, clerk = timezone.localdate().year, office.client("van.thu")
    form = {
        "act": "decide", "from_year": str(year), "reference": "01/QĐ-VPCP ngày 02/01/2026",
        "title-a": "Văn bản hành chính", "group-QĐ": "a", "group-TB": "a", "group-CV": "a",
    }  # fmt: skip
    apart = clerk.post(PLACE, {**form, "group-NĐ": "a"})  # nobody can put a decree into a shared sequence
    assert apart.status_code == 302
    (group,) = numbering.groups_in(office.organization, year)
    assert sorted(group.types) == ["CV", "QĐ", "TB"]
    printed = []
    for name in ("Quyết định", "Thông báo", "Nghị định", "Báo cáo", "Công văn", "Nghị định"):
        document = signed(office, kind=by_name(name))
        assert press(office, "van.thu", document, "number") == ""
        shown = clerk.get(f"/van-ban-di/{document.pk}/").content.decode()
        assert f"<b>{document.printed_number}</b>" in shown
        printed.append(document.printed_number)
    assert printed == [
        "01/QĐ-VPCP", "02/TB-VPCP", f"01/{year}/NĐ-VPCP", "01/BC-VPCP", "03/VPCP-KSTT", f"02/{year}/NĐ-VPCP",
    ]  # fmt: skip
    form["seen"] = str(NumberingDecision.objects.get().pk)
    assert refusal(clerk.post(PLACE, {**form, "title-b": "Khác", "group-BC": "b"})) == "numbers_given"
    twice = {**form, "from_year": str(year + 1), "title-b": "Rỗng"}
    assert refusal(clerk.post(PLACE, twice)) == "missing"
    over = {**form, "from_year": str(year - 1), "reason": CHANGE}  # no reason helps there
    assert refusal(clerk.post(PLACE, over)) == "year_over"


def test_a_decision_is_whole(office: Office) -> None:
    year = timezone.localdate().year
    with pytest.raises(errors.TypesNotTogether, match="Quyết định"):
        decided(office, COMMON, numbering.Group("Khác", ("QĐ",)))
    with pytest.raises(errors.Missing):
        decided(office, numbering.Group("Không loại nào", ()))
    with pytest.raises(errors.Missing):
        decided(office, numbering.Group(" ", ("QĐ",)))
    with pytest.raises(errors.YearOver):
        decided(office, year=year - 1)
    with pytest.raises(errors.Forbidden):
        numbering.decide(
            office.organization, [COMMON], from_year=year, reference="1", seen=0, actor=office["chuyen.vien"], at=now()
        )
    assert not NumberingDecision.objects.exists()


def test_a_later_decision_holds_from_its_year_on(office: Office) -> None:
    year = timezone.localdate().year
    decided(office)
    decided(office, numbering.Group("Chỉ thông báo và báo cáo", ("TB", "BC")), year=year + 1)
    assert [one.title for one in numbering.groups_in(office.organization, year)] == ["Văn bản hành chính"]
    assert [one.title for one in numbering.groups_in(office.organization, year + 3)] == ["Chỉ thông báo và báo cáo"]
    assert numbering.groups_in(office.organization, year - 1) == []


def test_a_decision_of_this_year_waits_for_the_number_that_is_just_given(office: Office) -> None:
    """It would else put a second 01/QĐ beside the first."""
    document = drafted(office)

    def decide_at_once() -> str:
        try:
            decided(office)
            return "decided"
        except errors.NumbersGiven as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor() as pool:
        with transaction.atomic():
            take_number(document, actor=office["van.thu"], at=now())
            deciding = pool.submit(decide_at_once)
            with pytest.raises(TimeoutError):
                deciding.result(timeout=1)
        assert deciding.result(timeout=30) == "numbers_given"


@pytest.mark.law("D30-15-1")
def test_a_sub_number_follows_the_last_number_with_its_reason_and_todays_date(office: Office) -> None:
    client = office.client("van.thu")
    sealed(office)
    document = signed(office, subject="Về việc bổ sung Quy chế")
    page = client.get(f"/van-ban-di/{document.pk}/").content.decode()
    assert 'data-open="sub-number"' in page
    short = client.post(f"/van-ban-di/{document.pk}/", {"act": "sub_number", "reason": "ngắn", "authority": "x"})
    assert short.status_code == 422
    assert client.post(f"/van-ban-di/{document.pk}/", {"act": "sub_number", **WHY}).status_code == 302
    signing.seal(document, pin=PIN, actor=office["van.thu"], at=now())
    document.refresh_from_db()
    assert document.printed_number == "01a/QĐ-VPCP"
    assert document.promulgated_on == timezone.localdate()
    assert document.identifier.endswith(",01a/QĐ-VPCP")
    with blobs().open(current_version(document).digest) as file:
        fields = PdfReader(file).get_fields() or {}
    assert "01a" in {str(one.get("/V")) for one in fields.values()}
    taken = Event.objects.filter(name="outgoing.number_taken").latest("pk")
    assert "Bổ sung văn bản" in taken.data["reason"]
    another = signed(office)
    assert signing.take_sub_number_and_date(another, **WHY, actor=office["van.thu"], at=now()) == "01b"
    assert issued(office).printed_number == "02/QĐ-VPCP"
    lines = book.page_from(book.seen_by(office["van.thu"], Sequence.objects.get()), 1)
    assert [line.cells[0] for line in lines] == ["01/QĐ-VPCP", "01a/QĐ-VPCP", "01b/QĐ-VPCP", "02/QĐ-VPCP"]


@pytest.mark.law("D30-15-1")
def test_no_sub_number_without_a_number_before_it(office: Office) -> None:
    document = signed(office)
    assert press(office, "van.thu", document, "sub_number", **WHY) == "no_sub_number"
    assert (document.state, document.number) == ("signed", None)
    assert press(office, "van.thu", document, "sub_number", reason="", authority="") == "reason_needed"
    assert not RegisterNumber.objects.exists()


@pytest.mark.parametrize("identifier", ["", "of other software"])
def test_a_report_about_a_sub_number_finds_its_own_document(office: Office, identifier: str) -> None:
    first, second = sealed(office), signed(office)
    signing.take_sub_number_and_date(second, **WHY, actor=office["van.thu"], at=now())
    received = ReceivedPacket(organization=office.organization)
    for document in (first, second):
        assert document.number == 1
        about = replace(
            STATUS.about, number=document.printed_number, identifier=identifier, issued_on=document.promulgated_on
        )
        report = replace(STATUS, about=about)
        assert find_document(report, received) == document


def test_the_clerk_records_the_decision_and_everybody_reads_it(
    office: Office, authority: TestAuthority, tmp_path: Path
) -> None:
    year = timezone.localdate().year
    form = {
        "act": "decide", "from_year": str(year), "reference": "01/QĐ-VPCP ngày 02/01/2026",
        "title-a": "Văn bản hành chính", "group-QĐ": "a", "group-CV": "a", "title-b": "", "group-TB": "",
    }  # fmt: skip
    client = office.client("van.thu")
    assert "Chưa ghi nhận quyết định nào" in client.get(PLACE).content.decode()
    wrong = client.post(PLACE, {**form, "group-TB": "b"})
    assert wrong.status_code == 422
    assert 'value="01/QĐ-VPCP ngày 02/01/2026"' in wrong.content.decode()
    assert client.post(PLACE, form).status_code == 302
    assert Event.objects.filter(name="numbering.decided").count() == 1
    for login in ("van.thu", "chuyen.vien", "lanh.dao"):
        page = office.client(login).get(PLACE).content.decode()
        assert "Quyết định, Công văn" in page
        assert "01/QĐ-VPCP ngày 02/01/2026" in page
    for login in ("chuyen.vien", "truong.dv", "the.thuc", "kiem.tra"):
        assert office.client(login).post(PLACE, form).status_code == 403
    other = install(H41, authority, tmp_path)
    assert "01/QĐ-VPCP" not in other.client("van.thu").get(PLACE).content.decode()
    assert NumberingDecision.objects.count() == 1


@pytest.mark.law("D30-15-1")
@pytest.mark.refuses("D30-15-1")
def test_what_was_signed_last_year_gets_no_number_of_this_year(office: Office) -> None:
    """The year stands in what was signed; the clerk returns it, and it is laid out and signed anew."""
    document = signed(office)
    Version.objects.filter(document=document).update(made_at=now() - timedelta(days=366))
    clerk = office.client("van.thu")
    answer = clerk.post(f"/van-ban-di/{document.pk}/", {"act": "number_and_seal", "pin": PIN})
    assert answer.status_code == 409
    assert "Trả lại để trình bày và ký lại với năm mới" in answer.content.decode()
    assert not RegisterNumber.objects.exists()
    assert clerk.post(f"/van-ban-di/{document.pk}/", {"act": "give_back", "note": "Sang năm mới"}).status_code == 302
    document.refresh_from_db()
    assert (document.state, document.signed_at) == ("returned", None)
    review.hand_down(document, actor=office["truong.dv"], at=now())
    with pytest.raises(errors.Missing, match="a changed version"):
        review.submit(document, actor=office["chuyen.vien"], at=now())
    drafting.change(document, manuscript(office), actor=office["chuyen.vien"], at=now())
    review.submit(document, actor=office["chuyen.vien"], at=now())
    review.check_content(document, actor=office["truong.dv"], at=now())
    review.check_presentation(document, actor=office["the.thuc"], at=now())
    signing.approve_and_sign(document, pin=PIN, actor=office["lanh.dao"], at=now())
    assert signing.take_number_and_date(document, actor=office["van.thu"], at=now()) == 1
    signing.seal(document, pin=PIN, actor=office["van.thu"], at=now())


CHANGE = "Quyết định tách sổ theo từng loại văn bản từ quý IV"


@pytest.mark.law("D30-15-1", "D30-15-2")
def test_within_a_year_the_plan_changes_only_with_the_reason_and_no_number_is_given_twice(office: Office) -> None:
    year = timezone.localdate().year
    leader, form = office.client("lanh.dao"), {
        "act": "decide", "from_year": str(year), "reference": "09/QĐ-VPCP ngày 02/10/2026", "seen": "0",
        "title-a": "Văn bản hành chính", "group-QĐ": "a", "group-TB": "a",
    }  # fmt: skip
    assert [numbered(office, name) for name in ("Quyết định", "Quyết định", "Thông báo", "Báo cáo")] == [
        "01/QĐ-VPCP", "02/QĐ-VPCP", "01/TB-VPCP", "01/BC-VPCP",
    ]  # fmt: skip
    refused = leader.post(PLACE, {**form, "reason": "vội"})
    assert refused.status_code == 409
    assert 'data-problem="numbers_given"' in refused.content.decode()
    assert leader.post(PLACE, {**form, "reason": CHANGE}).status_code == 302
    assert [numbered(office, name) for name in ("Quyết định", "Thông báo", "Báo cáo")] == [
        "03/QĐ-VPCP", "04/TB-VPCP", "02/BC-VPCP",
    ]  # fmt: skip
    decided(office, numbering.Group("Khác", ("TB", "BC")), reason=CHANGE)
    assert [numbered(office, name) for name in ("Quyết định", "Thông báo", "Báo cáo", "Quyết định", "Công văn")] == [
        "04/QĐ-VPCP", "05/TB-VPCP", "06/BC-VPCP", "05/QĐ-VPCP", "01/VPCP-KSTT",
    ]  # fmt: skip
    titles = [book.title_of(one) for one in book.sequences(office.organization, year)]
    assert sorted(titles) == [
        "Báo cáo", "Công văn", "Khác, từ số 05", "Quyết định", "Quyết định, từ số 04", "Thông báo",
        "Văn bản hành chính, từ số 03",
    ]  # fmt: skip
    page = leader.get(PLACE).content.decode()
    assert page.count(CHANGE) == 2
    event = Event.objects.filter(name="numbering.decided").earliest("pk")
    assert (event.data["reason"], event.actor) == (CHANGE, "lanh.dao.g22")
    assert event.data["groups"] == [{"title": "Văn bản hành chính", "types": ["QĐ", "TB"]}]
    assert numbering.groups_in(office.organization, year + 1)[0].title == "Khác"


@pytest.mark.law("D30-15-1")
def test_what_is_numbered_as_before_goes_on_in_its_book(office: Office) -> None:
    decided(office)
    first = [numbered(office, name) for name in ("Quyết định", "Báo cáo")]
    decided(
        office, numbering.Group("Tên khác", ("CV", "TB", "QĐ")), numbering.Group("Mới", ("KH", "CT")), reason=CHANGE
    )
    after = [signed(office, kind=by_name(name)) for name in ("Công văn", "Báo cáo", "Kế hoạch")]
    assert [press(office, "van.thu", one, "number") for one in after] == ["", "", ""]
    assert [*first, *(one.printed_number for one in after)] == [
        "01/QĐ-VPCP", "01/BC-VPCP", "02/VPCP-KSTT", "02/BC-VPCP", "01/KH-VPCP",
    ]  # fmt: skip
    assert {one.after for one in Sequence.objects.all()} == {0}


@pytest.mark.law("D30-15-1")
def test_clerks_who_begin_a_book_at_once_after_a_change_leave_no_gap_and_no_twin(office: Office) -> None:
    decided(office)
    assert [numbered(office, name) for name in ("Quyết định", "Công văn")] == ["01/QĐ-VPCP", "02/VPCP-KSTT"]
    decided(office, numbering.Group("Còn lại", ("TB", "CV")), reason=CHANGE)
    documents = [drafted(office, kind=by_name("Quyết định"), subject=f"Về việc {n}") for n in range(4)]

    def take(pk: int) -> int:
        try:
            with transaction.atomic():
                return take_number(OutgoingDocument.objects.get(pk=pk), actor=office["van.thu"], at=now())
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(take, [one.pk for one in documents])) == [2, 3, 4, 5]
    late, next_one = signed(office), signed(office)
    assert press(office, "van.thu", late, "sub_number", **WHY) == ""
    assert press(office, "van.thu", next_one, "number") == ""
    assert (late.printed_number, next_one.printed_number) == ("05a/QĐ-VPCP", "06/QĐ-VPCP")
    beginning = signed(office, kind=by_name("Thông báo"))  # its book has no number yet, though others of its types have
    assert press(office, "van.thu", beginning, "sub_number", **WHY) == "no_sub_number"


@pytest.mark.law("D30-15-2")
def test_the_head_decides_for_all_types_at_once_and_back(office: Office) -> None:
    year, leader = timezone.localdate().year, office.client("lanh.dao")
    form = {"act": "decide", "from_year": str(year), "reference": "1/QĐ", "seen": "0", "plan": "common"}
    assert leader.post(PLACE, form).status_code == 302
    assert [numbered(office, name) for name in ("Quyết định", "Thư công", "Nghị định", "Phiếu gửi")] == [
        "01/QĐ-VPCP", "02/VPCP-KSTT", f"01/{year}/NĐ-VPCP", "03/PG-VPCP",
    ]  # fmt: skip
    last = NumberingDecision.objects.get()
    assert leader.post(PLACE, {**form, "plan": "each", "seen": str(last.pk), "reason": CHANGE}).status_code == 302
    assert [numbered(office, name) for name in ("Quyết định", "Phiếu gửi", "Công văn", "Nghị định", "Chỉ thị")] == [
        "02/QĐ-VPCP", "04/PG-VPCP", "03/VPCP-KSTT", f"02/{year}/NĐ-VPCP", "01/CT-VPCP",
    ]  # fmt: skip


def test_the_form_begins_with_what_is_decided_and_keeps_what_nobody_touches(office: Office) -> None:
    year, clerk = timezone.localdate().year, office.client("van.thu")
    first = {
        "act": "decide", "from_year": str(year), "reference": "1/QĐ", "seen": "0", "title-a": "Chung",
        "group-QĐ": "a", "group-CV": "a", "title-b": "Chung", "group-TB": "b", "group-BC": "b",
    }  # fmt: skip
    assert clerk.post(PLACE, first).status_code == 302
    told = Event.objects.get(name="numbering.decided").data["groups"]
    assert [one["title"] for one in told] == ["Chung", "Chung"]  # two of one name are two
    page = html.fromstring(clerk.get(PLACE).content)
    form = dict(page.xpath("//dialog[@id='decide']//form")[0].fields)
    assert clerk.post(PLACE, {**form, "act": "decide", "reference": "2/QĐ", "group-KH": "b"}).status_code == 302
    kept = [sorted(one.types) for one in numbering.groups_in(office.organization, year)]
    assert sorted(kept) == [["BC", "KH", "TB"], ["CV", "QĐ"]]


def test_numbers_of_an_advisory_body_ask_for_no_reason(office: Office) -> None:
    signer = founded(office)
    document = signed(office, capacity=Capacity(body_signer=signer))
    assert press(office, "van.thu", document, "number") == ""
    clerk = office.client("van.thu")
    page = html.fromstring(clerk.get(PLACE).content)
    assert not page.xpath("//dialog[@id='decide']//textarea[@name='reason']")
    form = dict(page.xpath("//dialog[@id='decide']//form")[0].fields)
    assert form["from_year"] == str(timezone.localdate().year)
    assert clerk.post(PLACE, {**form, "act": "decide", "reference": "1/QĐ", "plan": "common"}).status_code == 302


def test_two_who_decide_at_once_do_not_write_over_each_other(office: Office) -> None:
    clerk, form = office.client("van.thu"), {
        "act": "decide", "from_year": str(timezone.localdate().year + 1), "reference": "1/QĐ", "seen": "0",
        "title-a": "Chung", "group-QĐ": "a",
    }  # fmt: skip
    assert clerk.post(PLACE, form).status_code == 302
    late = office.client("quan.tri").post(PLACE, {**form, "title-a": "Khác"})
    assert late.status_code == 409
    assert office["van.thu"].full_name in late.content.decode()
    assert NumberingDecision.objects.count() == 1
