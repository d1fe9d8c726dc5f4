"""Paper beside the electronic document: the agency's list, what is owed, how it went, the post register; and the page of
overrides (Decision 28/2018, Articles 5.1, 5.3, 7.1, 7.2)."""

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from lxml import html
from openpyxl import load_workbook
from pypdf import PdfReader

from lienthong.journal.models import Event
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office import config, errors
from lienthong.office.models import (
    Channel,
    DirectoryAgency,
    OutboxPacket,
    OutgoingDocument,
    PaperClause,
    PaperRule,
    PaperTask,
    Transmission,
)
from lienthong.office.outgoing import board, drafting, issuing, paper, review, signing
from lienthong.office.people import overrides, paper_rules
from lienthong.office.people.setup import AgencyFacts, install_agency, install_person, install_post
from lienthong.office.web.frame import open_paper
from lienthong.runtime.demo.cast import H41
from lienthong.standards import edxml
from lienthong.testing.pki import TestAuthority
from tests.service.office.conftest import PIN, Office, install, issued, manuscript, now, press, refusal, sealed

LIST = "/danh-muc-ban-giay/"
POST = "/so-van-ban/buu-dien/"


def entry(**changes: object) -> paper_rules.Entry:
    today = timezone.localdate()
    base = paper_rules.Entry(
        PaperClause.LISTED, decision="15/QĐ-VPCP", decided_on=today, valid_from=today, types=("Quyết định",)
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def listed(office: Office, **changes: object) -> PaperRule:
    return paper_rules.register(entry(**changes), actor=office["lanh.dao"], at=now())


def went(**changes: object) -> paper.Dispatch:
    base = paper.Dispatch(way="post", sent_on=timezone.localdate(), copies=2, envelopes=1, receipt="RA 123 456 789 VN")
    return replace(base, **changes)  # type: ignore[arg-type]


def flags() -> dict[tuple[str, ...], bool | None]:
    """Recipients of each packet → what it says of paper."""
    found = {}
    for packet in OutboxPacket.objects.filter(kind="document"):
        with config.blobs().open(packet.digest) as file:
            message = edxml.read(file).message
        assert isinstance(message, edxml.Document)
        found[tuple(packet.recipients)] = message.business.paper
    return found


def states(document: OutgoingDocument) -> list[str]:
    counts = paper.counts_of([document])[document.pk]
    return [*(board.state_of(one) for one in board.current(document)), *counts]


def form(**changes: object) -> dict[str, object]:
    today = timezone.localdate().isoformat()
    base = {
        "act": "register", "clause": "7.2b", "types": ["Quyết định"], "decision": "15/QĐ-VPCP", "decided_on": today,
        "valid_from": today,
    }  # fmt: skip
    return {**base, **changes}


# -- the list ----------------------------------------------------------------------------------------------------------


@pytest.mark.law("R-7.2-2")
def test_the_head_keeps_a_list_whose_entries_end_and_are_never_erased(office: Office) -> None:
    leader = office.client("lanh.dao")
    given = form(recipients="H41, H26", keyword="Quy chế")
    assert leader.post(LIST, given).status_code == 302
    rule = PaperRule.objects.get()
    assert (rule.types, rule.recipients, rule.keyword) == (["Quyết định"], ["H41", "H26"], "Quy chế")
    page = " ".join(leader.get(LIST).content.decode().split())
    for words in ("15/QĐ-VPCP", "Ủy ban nhân dân tỉnh Nghệ An", "đang có hiệu lực"):
        assert words in page
    ending = {"act": "end", "rule": rule.pk, "last_day": timezone.localdate().isoformat()}
    assert leader.post(LIST, {**ending, "reason": "ngắn"}).status_code == 422
    assert leader.post(LIST, {**ending, "reason": "Danh mục mới thay thế"}).status_code == 302
    rule.refresh_from_db()
    assert rule.valid_to == timezone.localdate()
    assert "Danh mục mới thay thế" in leader.get(LIST).content.decode()
    assert leader.post(LIST, {**ending, "reason": "Danh mục mới thay thế"}).status_code == 409
    names = Event.objects.filter(name__startswith="paper_rule.").order_by("id").values_list("name", flat=True)
    assert list(names) == ["paper_rule.recorded", "paper_rule.ended"]


@pytest.mark.law("R-7.2-2", "SEC-6")
def test_an_end_is_not_later_than_the_one_that_was_recorded(office: Office) -> None:
    today = timezone.localdate()
    rule = listed(office, valid_to=today + timedelta(days=5))
    leader, ending = office.client("lanh.dao"), {"act": "end", "rule": rule.pk, "reason": "Danh mục mới thay thế"}
    for late in (6, 900):
        answer = leader.post(LIST, {**ending, "last_day": (today + timedelta(days=late)).isoformat()})
        assert refusal(answer) == "illegal_move"
    assert leader.post(LIST, {**ending, "last_day": today.isoformat()}).status_code == 302


def test_only_the_head_and_the_administrator_keep_it(office: Office, authority: TestAuthority, tmp_path: Path) -> None:
    assert office.client("quan.tri").post(LIST, form()).status_code == 302
    rule = PaperRule.objects.get()
    other = install(H41, authority, tmp_path)
    ending = {"act": "end", "rule": rule.pk, "reason": "x" * 20}
    for login in ("van.thu", "kiem.tra"):
        assert office.client(login).get(LIST).status_code == 200
        for posted in (form(), ending):
            assert office.client(login).post(LIST, posted).status_code == 403, login
    for login in ("chuyen.vien", "truong.dv", "the.thuc"):
        assert office.client(login).get(LIST).status_code == 403, login
        assert office.client(login).post(LIST, form()).status_code == 403, login
    assert other.client("lanh.dao").post(LIST, ending).status_code == 404
    assert "15/QĐ-VPCP" not in other.client("lanh.dao").get(LIST).content.decode()
    assert PaperRule.objects.get(organization=office.organization).ended_at is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"decision": " "}, {"decided_on": ""}, {"valid_from": ""}, {"types": ["Thư tay"]}, {"recipients": "X99"},
        {"types": []}, {"clause": "7.2a"}, {"valid_to": "2020-01-01"}, {"valid_from": "hôm qua"},
    ],
)  # fmt: skip
def test_an_entry_that_says_too_little_is_refused_by_name(office: Office, wrong: dict[str, object]) -> None:
    answer = office.client("lanh.dao").post(LIST, form(**wrong))
    assert (answer.status_code, 'data-problem="missing"' in answer.content.decode()) == (422, True)
    assert not PaperRule.objects.exists()


def test_the_database_keeps_an_entry_of_point_a_without_recipients_out(office: Office) -> None:
    rule = listed(office)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperRule.objects.filter(pk=rule.pk).update(clause=PaperClause.GOVERNMENT)


def tomorrow() -> date:
    return timezone.localdate() + timedelta(days=1)


# -- at the issue ------------------------------------------------------------------------------------------------------


@pytest.mark.law("R-7.2-2")
def test_who_is_on_the_list_gets_paper_as_well_and_a_packet_that_says_so(office: Office) -> None:
    rule = listed(office, recipients=("H26",))
    document = sealed(office)
    page = " ".join(office.client("van.thu").get(f"/van-ban-di/{document.pk}/").content.decode().split())
    assert "1 nơi nhận thêm bản giấy" in page
    packets = issuing.issue(document, actor=office["van.thu"], at=now())
    assert len(packets) == 2
    assert flags() == {("H41",): False, ("H26",): True}
    task = PaperTask.objects.get()
    assert (task.recipient.code, task.clause, task.rule) == ("H26", "7.2b", rule)
    assert task.recipient.channel == Channel.ELECTRONIC
    paper_rules.end(rule, last_day=timezone.localdate(), reason="Bãi bỏ danh mục", actor=office["lanh.dao"], at=now())
    page = office.client("van.thu").get(f"/van-ban-di/{document.pk}/").content.decode()
    assert 'data-paper="H26" data-paper-state="owed"' in page
    assert "15/QĐ-VPCP" in page  # what governed at the issue stays with the document


@pytest.mark.law("R-7.2-2")
@pytest.mark.refuses("R-7.2-2")
@pytest.mark.parametrize(
    "besides",
    [
        {"types": ("Công văn",)}, {"recipients": ("G12",)}, {"keyword": "thanh tra"}, {"valid_from": tomorrow},
        {"addressees": ("Chính phủ",)},
    ],
)  # fmt: skip
def test_one_condition_that_does_not_hold_is_enough_for_no_paper(office: Office, besides: dict[str, object]) -> None:
    listed(office, **{name: value() if callable(value) else value for name, value in besides.items()})
    document = sealed(office)
    assert press(office, "van.thu", document, "issue") == ""
    for one in document.recipients.all():
        assert press(office, "van.thu", document, "paper", recipient=one.pk, reason="connection") == "paper_not_allowed"
    assert not PaperTask.objects.exists()
    assert flags() == {("H41", "H26"): False}


def for_the_government(office: Office, contact_point: str) -> PaperRule:
    entry = replace(paper_rules.GOVERNMENT, recipients=(contact_point,))
    return paper_rules.register(entry, actor=office["lanh.dao"], at=now())


@pytest.mark.law("R-7.2-1")
def test_every_agency_begins_with_the_rule_for_the_government_and_the_contact_point_without(
    office: Office, authority: TestAuthority, tmp_path: Path
) -> None:
    province = install(H41, authority, tmp_path)
    rule = PaperRule.objects.get(organization=province.organization)
    assert (rule.clause, rule.recipients) == ("7.2a", ["G22"])
    page = " ".join(province.client("lanh.dao").get(LIST).content.decode().split())
    assert page.count("đang có hiệu lực") == 1
    assert "7.2a" in page
    assert "đang có hiệu lực" not in office.client("lanh.dao").get(LIST).content.decode()
    install_agency(AgencyFacts(H41.code, H41.alias, "Tên khác", "Khác", "K", "Vinh"))
    assert PaperRule.objects.filter(organization=province.organization).count() == 1  # set up anew: not twice


@pytest.mark.law("R-7.2-1")
@pytest.mark.refuses("R-7.2-1")
def test_what_goes_to_the_government_goes_with_paper_and_is_open_until_it_went(
    office: Office,
) -> None:
    for_the_government(office, "H26")
    report = issued(office, addressees=("Thủ tướng Chính phủ;",))
    assert flags() == {("H41",): False, ("H26",): True}
    task = PaperTask.objects.get()
    assert (task.recipient.code, task.clause) == ("H26", "7.2a")
    Transmission.objects.update(arrived=now())
    assert not board.is_closed(states(report))
    clerk = office.client("van.thu")
    for act in ("close", "finish", "paper_received"):  # nobody says that it is closed
        assert press(office, "van.thu", report, act, recipient=task.recipient_id) == "not_found"
    assert 'data-dispatch="open"' in clerk.get(f"/van-ban-di/{report.pk}/").content.decode()
    assert 'data-closed="no"' in clerk.get("/theo-doi/?giay=1").content.decode()
    assert "Bản giấy chờ gửi" in clerk.get("/").content.decode()
    paper.mark_sent(task, went(), actor=office["van.thu"], at=now())
    assert board.is_closed(states(report))
    assert 'data-dispatch="closed"' in clerk.get(f"/van-ban-di/{report.pk}/").content.decode()
    assert 'data-closed="yes"' in clerk.get("/theo-doi/").content.decode()
    assert "data-closed" not in clerk.get("/theo-doi/?giay=1").content.decode()


@pytest.mark.law("R-7.2-1", "C-14")
def test_what_is_meant_for_the_office_of_the_government_alone_goes_without_paper(
    office: Office,
) -> None:
    for_the_government(office, "H26")
    direct = sealed(office, addressees=("Văn phòng Chính phủ",), recipients_text="- Như trên;\n- Lưu: VT.")
    assert press(office, "van.thu", direct, "issue") == ""
    assert not PaperTask.objects.exists()
    copied = sealed(office, recipients_text="- Thủ tướng Chính phủ (để b/c);\n- Lưu: VT.")
    assert press(office, "van.thu", copied, "issue") == ""
    assert PaperTask.objects.get().recipient.document == copied


def test_two_packets_of_a_replacement_name_it_once(office: Office) -> None:
    listed(office, recipients=("H26",))
    old = issued(office)
    replacing = drafting.Replacing(old, "Sai căn cứ ban hành", "Phó Chủ nhiệm")
    new = drafting.create(
        manuscript(office), unit=office.units["KSTT"], actor=office["chuyen.vien"], at=now(), replacing=replacing
    )
    review.submit(new, actor=office["chuyen.vien"], at=now())
    review.check_content(new, actor=office["truong.dv"], at=now())
    review.check_presentation(new, actor=office["the.thuc"], at=now())
    new = OutgoingDocument.objects.get(pk=new.pk)
    signing.approve_and_sign(new, pin=PIN, actor=office["lanh.dao"], at=now())
    signing.number_and_seal(new, pin=PIN, actor=office["van.thu"], at=now())
    assert len(issuing.issue(new, actor=office["van.thu"], at=now())) == 2
    assert Event.objects.filter(name="outgoing.replaced").count() == 1


# -- after the issue ---------------------------------------------------------------------------------------------------


@pytest.mark.law("R-5.3-1", "C-14")
@pytest.mark.refuses("R-5.3-1", "R-7.2-2")
def test_paper_to_whom_it_was_sent_electronically_is_refused(office: Office) -> None:
    document = issued(office)
    recipient = document.recipients.get(code="H41")
    asked = {"act": "paper", "recipient": recipient.pk, "reason": "connection"}
    clerk = office.client("van.thu")
    answer = clerk.post(f"/van-ban-di/{document.pk}/", asked)
    assert (answer.status_code, 'data-problem="paper_not_allowed"' in answer.content.decode()) == (409, True)
    problem = errors.PaperNotAllowed(name="X")
    assert problem.message_en == "Paper not allowed to X: already sent electronically (art. 5.3)."
    assert not PaperTask.objects.exists()
    listed(office)
    assert clerk.post(f"/van-ban-di/{document.pk}/", asked).status_code == 302
    assert PaperTask.objects.get().clause == "7.2b"
    assert clerk.post(f"/van-ban-di/{document.pk}/", asked).status_code == 409  # once is enough


@pytest.mark.law("R-7.1-1", "R-5.3-1")
@pytest.mark.refuses("R-7.1-1")
def test_whom_the_packet_could_not_reach_gets_paper_instead(office: Office) -> None:
    document = issued(office)
    recipient = document.recipients.get(code="H41")
    Transmission.objects.filter(recipient=recipient).update(transport="fail", failure="không lấy được")
    assert press(office, "van.thu", document, "paper", recipient=recipient.pk, reason="vì tiện") == "missing"
    assert press(office, "van.thu", document, "paper", recipient=recipient.pk, reason="technology") == ""
    recipient.refresh_from_db()
    assert (recipient.channel, recipient.paper_task.clause) == (Channel.PAPER, "7.1")
    assert Event.objects.get(name="outgoing.put_on_paper").data["ground"] == "technology"
    assert states(document) == ["waiting", "paper_owed"]  # of H26, and of H41 the paper alone
    again = {"recipient": recipient.pk, "pin": PIN, "incomplete": "x" * 10}
    assert press(office, "van.thu", document, "send_again", **again) == "illegal_move"
    paper.mark_sent(PaperTask.objects.get(), went(), actor=office["van.thu"], at=now())
    Transmission.objects.exclude(recipient=recipient).update(handed_over=now())
    assert board.is_closed(states(document))


def test_what_is_recalled_goes_on_no_paper(office: Office) -> None:
    listed(office, recipients=("G12",))
    document = issued(office)
    recipient = document.recipients.get(code="H41")
    PaperRule.objects.update(recipients=[])
    Transmission.objects.update(recall_asked=now())
    with pytest.raises(errors.PaperNotAllowed):
        issuing.put_on_paper(recipient, reason="connection", actor=office["van.thu"], at=now())


@pytest.mark.law("R-7.2-1", "R-8.2-3")
def test_paper_that_is_owed_goes_no_more_once_the_document_is_recalled(office: Office) -> None:
    listed(office, recipients=())
    document = issued(office)
    first, second = document.recipients.order_by("code")
    assert paper.counts_of([document]) == {document.pk: {"paper_owed": 2}}
    why = {"reason": "Ban hành nhầm, sẽ ban hành lại", "authority": "Phó Chủ nhiệm"}
    issuing.recall(document, [first], **why, actor=office["van.thu"], at=now())
    task = PaperTask.objects.get(recipient=first)
    assert "Ban hành nhầm" in task.dropped
    assert (task.closed_by, task.sent_on) == (office["van.thu"], None)
    with pytest.raises(errors.IllegalMove):
        paper.mark_sent(task, went(), actor=office["van.thu"], at=now())
    assert paper.counts_of([document]) == {document.pk: {"paper_owed": 1, "paper_dropped": 1}}
    client, said = office.client("van.thu"), {"act": "paper_dropped", "recipient": second.pk, **why}
    assert client.post(f"/van-ban-di/{document.pk}/", {**said, "reason": "ngắn"}).status_code == 422
    assert client.post(f"/van-ban-di/{document.pk}/", said).status_code == 302
    assert client.post(f"/van-ban-di/{document.pk}/", said).status_code == 409
    assert 'data-paper-state="dropped"' in client.get(f"/van-ban-di/{document.pk}/").content.decode()
    assert Event.objects.filter(name="outgoing.paper_dropped").count() == 2
    assert not paper.going_along([first])
    Transmission.objects.filter(recipient=first).update(recall_declined=now())
    OutgoingDocument.objects.update(state="partly_recalled")  # that was the last answer
    issuing.put_on_paper(first, reason="connection", actor=office["van.thu"], at=now())
    assert PaperTask.objects.get(recipient=first).closed_at is None
    issuing.drop_paper(first, **why, actor=office["van.thu"], at=now())
    assert not open_paper(office["van.thu"]).exists()


# -- how it went -------------------------------------------------------------------------------------------------------


@pytest.mark.law("R-7.1-1", "R-7.2-1")
@pytest.mark.refuses("R-7.2-1")
def test_the_clerk_notes_once_how_paper_went(office: Office) -> None:
    DirectoryAgency.objects.filter(code="H26").update(connected=False)
    document = issued(office)
    recipient = document.recipients.get(code="H26")
    assert PaperTask.objects.get().clause == "7.1"
    client = office.client("van.thu")
    said = {
        "act": "paper_sent", "recipient": recipient.pk, "way": "hand", "sent_on": timezone.localdate().isoformat(),
        "copies": "2", "envelopes": "1", "receipt": "Trần Thị Nhận",
    }  # fmt: skip
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    for wrong in (
        {"way": "pigeon"}, {"sent_on": tomorrow().isoformat()}, {"sent_on": yesterday}, {"sent_on": ""}, {"copies": "0"},
        {"copies": "1000"}, {"envelopes": "²"}, {"receipt": " "},
    ):  # fmt: skip
        assert client.post(f"/van-ban-di/{document.pk}/", {**said, **wrong}).status_code == 422, wrong
    assert PaperTask.objects.get().closed_at is None
    assert client.post(f"/van-ban-di/{document.pk}/", said).status_code == 302
    page = " ".join(client.get(f"/van-ban-di/{document.pk}/").content.decode().split())
    for words in ('data-paper-state="sent"', "Giao trực tiếp", "2 bản, 1 bì", "Trần Thị Nhận"):
        assert words in page
    assert client.post(f"/van-ban-di/{document.pk}/", said).status_code == 409
    assert Event.objects.filter(name="outgoing.paper_sent").count() == 1
    other = document.recipients.get(code="H41")
    assert client.post(f"/van-ban-di/{document.pk}/", {**said, "recipient": other.pk}).status_code == 404


def body(answer: object) -> bytes:
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.law("D30-16-1")
def test_what_went_by_post_stands_in_the_post_register(office: Office) -> None:
    listed(office)
    document = issued(office)
    by_post, by_hand = PaperTask.objects.order_by("recipient__code")
    paper.mark_sent(by_post, went(), actor=office["van.thu"], at=now())
    paper.mark_sent(by_hand, went(way="hand", receipt="Nguyễn Văn Nhận"), actor=office["van.thu"], at=now())
    client = office.client("van.thu")
    rows = html.fromstring(client.get(POST).content).xpath("//tr[@data-line]")
    cells = [[cell.text_content() for cell in row.xpath("td")] for row in rows]
    assert [(one[1], one[2], one[3], one[4], one[5]) for one in cells] == [
        (
            document.printed_number, by_post.recipient.name, "1", "RA 123 456 789 VN",
            "2 bản; gửi kèm bản điện tử",
        )
    ]  # fmt: skip
    before = {"tu": "2026-01-01", "den": "2026-01-31"}
    assert "data-line" not in client.get(POST, before).content.decode()
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(body(client.get(f"{POST}pdf/")))).pages)
    for words in ("SỔ GỬI VĂN BẢN ĐI BƯU ĐIỆN", "(6)", document.printed_number, "Sổ này có 1 dòng."):
        assert words in " ".join(text.split())
    sheet = load_workbook(BytesIO(body(client.get(f"{POST}xlsx/")))).active
    assert sheet is not None
    written = [tuple(row) for row in sheet.iter_rows(values_only=True)]
    assert (written[0], len(written)) == (paper.POST_COLUMNS, 2)


@pytest.mark.law("SEC-6")
def test_the_post_register_shows_nobody_more_than_they_may_see(
    office: Office, authority: TestAuthority, tmp_path: Path
) -> None:
    listed(office)
    issued(office)
    for one in PaperTask.objects.all():
        paper.mark_sent(one, went(), actor=office["van.thu"], at=now())
    colleague = install_person(office.organization, login="th.g22", name="Người Đơn Vị Khác", password="x", at=now())
    install_post(colleague, office.units["TH"], "specialist", position="Chuyên viên", since=timezone.localdate())
    office.people["khac"] = colleague
    assert office.client("khac").get(POST).content.decode().count("data-line") == 0
    assert office.client("kiem.tra").get(POST).content.decode().count("data-line") == 2
    for login in ("khac", "chuyen.vien", "truong.dv", "the.thuc", "quan.tri"):
        assert office.client(login).get(f"{POST}pdf/").status_code == 403, login
    other = install(H41, authority, tmp_path).client("van.thu")
    assert other.get(POST).content.decode().count("data-line") == 0
    clerk = office.client("van.thu")
    assert clerk.get(f"{POST}docx/").status_code == 404
    for wrong in ({"tu": "2026-02-02", "den": "2026-02-01"}, {"tu": "hôm qua"}, {"den": "9999-12-31"}):
        assert clerk.get(POST, wrong).status_code == 422, wrong


# -- overrides ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["den=0001-01-05", "den=9999-12-31", "tu=2026-12-31&den=2026-01-01", "tu=hôm qua"])
def test_a_period_that_is_none_is_refused_by_name(office: Office, query: str) -> None:
    for client, place in ((office.client("lanh.dao"), "/ngoai-le/"), (office.client("van.thu"), POST)):
        answer = client.get(f"{place}?{query}")
        assert (answer.status_code, 'data-problem="missing"' in answer.content.decode()) == (422, True), place


@pytest.mark.law("R-5.1-1")
def test_every_override_is_listed_with_its_rule_clause_actor_and_reason(office: Office) -> None:
    DirectoryAgency.objects.filter(code="H26").update(connected=False)
    listed(office, recipients=("H41",))
    document = sealed(office, appendixes=("Phụ lục I",))
    issuing.issue(document, actor=office["van.thu"], at=now(), incomplete="Phụ lục gửi sau theo chỉ đạo")
    page = " ".join(office.client("lanh.dao").get("/ngoai-le/").content.decode().split())
    for words in (
        'data-override="outgoing.issued_incomplete"', 'data-override="outgoing.put_on_paper"',
        'data-override="outgoing.paper_owed"', "Phụ lục gửi sau theo chỉ đạo", "chưa kết nối, liên thông",
        "15/QĐ-VPCP", "Điều 5.3, 7.2 Quyết định 28/2018/QĐ-TTg", office["van.thu"].full_name, document.printed_number,
    ):  # fmt: skip
        assert words in page, words
    one = office.client("quan.tri").get("/ngoai-le/", {"quy-tac": "outgoing.put_on_paper"}).content.decode()
    assert one.count("data-override=") == 1
    assert f"/van-ban-di/{document.pk}/" not in one  # administrators see no documents
    before = {"tu": "2026-01-01", "den": "2026-01-31"}
    assert "data-override" not in office.client("lanh.dao").get("/ngoai-le/", before).content.decode()
    assert all(event.data["reason"] and event.data["clause"] for event in overrides.overrides_of(
        office.organization, timezone.localdate(), timezone.localdate()
    ))  # fmt: skip


@pytest.mark.law("R-5.1-1", "SEC-6")
def test_overrides_are_for_heads_administrators_and_auditors_of_the_agency(
    office: Office, authority: TestAuthority, tmp_path: Path
) -> None:
    listed(office)
    issued(office)
    for login in ("lanh.dao", "quan.tri", "kiem.tra"):
        assert office.client(login).get("/ngoai-le/").content.decode().count("data-override=") == 2, login
    for login in ("van.thu", "chuyen.vien", "truong.dv", "the.thuc"):
        assert office.client(login).get("/ngoai-le/").status_code == 403, login
    other = install(H41, authority, tmp_path).client("lanh.dao")
    assert "data-override" not in other.get("/ngoai-le/").content.decode()


def test_an_override_without_a_reason_is_not_recorded_and_there_is_no_other_way(office: Office) -> None:
    document = sealed(office)
    with pytest.raises(ValueError, match="without a reason"), transaction.atomic():
        overrides.record_override(OfficeEvent.PAPER_OWED, office["van.thu"], document, now(), reason=" ")
    source = Path(overrides.__file__).parents[1]
    for file in source.rglob("*.py"):
        text = "".join(file.read_text(encoding="utf-8").split())
        for event in overrides.OVERRIDES:
            assert f"(record(OfficeEvent.{event.name},".removeprefix("(") not in text.replace("record_override", ""), (
                file
            )
