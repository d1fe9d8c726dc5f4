"""From acceptance to the end of the work, through the pages: undone, presented, assigned with deadlines, handed on and
back, extended, urged; and what the system tells by itself when something waits too long."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from lienthong.journal.models import Event
from lienthong.office.exchange import outbox
from lienthong.office.incoming import presenting, urging
from lienthong.office.models import (
    Assignment,
    Extension,
    IncomingDocument,
    Notice,
    OutboxPacket,
    Unit,
    VoidedArrival,
)
from lienthong.standards import edxml
from lienthong.standards.deadlines import present_deadline
from lienthong.standards.statuses import Urgency
from lienthong.standards.times import VIETNAM
from tests.museum.packets import document_packet
from tests.service.office.conftest import Office, now
from tests.service.office.test_incoming import LETTER, MemoryHub, recalled
from tests.service.office.test_law_incoming import local, opened, press, received, reported

CALM = replace(LETTER, urgency=Urgency.NORMAL)
WHY = "Chọn nhầm văn bản khi tiếp nhận"


def came(hub: MemoryHub, message: edxml.Document = CALM, **changes: object) -> IncomingDocument:
    return received(hub, document_packet(replace(message, **changes)), sender="000.00.00.H41", to="G22")  # type: ignore[arg-type]


def assigned(office: Office, hub: MemoryHub, due: datetime | None = None, **kinds: str) -> IncomingDocument:
    """Accepted, and given to the units: KSTT leads where nothing else is said."""
    document = came(hub)
    assert press(office, "van.thu", document, "accept") == ""
    instruct(office, document, due or now() + timedelta(days=5), **kinds)
    return document


def instruct(office: Office, document: IncomingDocument, due: datetime, **kinds: str) -> None:
    units = {f"unit-{office.units[name].pk}": kind for name, kind in (kinds or {"KSTT": "lead"}).items()}
    assert press(office, "lanh.dao", document, "instruct", text="Xử lý", due=local(due), **units) == ""


def task_of(document: IncomingDocument, kind: str = "lead") -> Assignment:
    return document.assignments.get(kind=kind, ended_at=None)


def rung(office: Office, login: str, words: str) -> list[Notice]:
    return list(Notice.objects.filter(person=office[login], text__contains=words))


def listed(office: Office, login: str, tab: str) -> str:
    return str(office.client(login).get(f"/van-ban-den/?muc={tab}").content.decode())


# -- undone, presented -------------------------------------------------------------------------------------------------


@pytest.mark.law("D30-22-2", "D30-21-4")
@pytest.mark.usefixtures("long_day")
def test_an_acceptance_is_undone_while_nobody_has_heard_of_it(office: Office, hub: MemoryHub) -> None:
    """Its number is voided with the reason and given to nobody else; 03 never leaves; the next acceptance has the next
    number, and leaves."""
    document = came(hub)
    assert press(office, "van.thu", document, "accept") == ""
    while outbox.send_one(hub, at=now()):  # type: ignore[arg-type]
        pass
    assert press(office, "lanh.dao", document, "undo", reason=WHY) == "forbidden"
    assert press(office, "van.thu", document, "undo", reason="nhầm") == "why_undone"
    assert press(office, "van.thu", document, "undo", reason=WHY) == ""
    assert (document.state, document.arrival_number, document.accepted_at) == ("arrived", None, None)
    assert OutboxPacket.objects.get(status_code="03").state == "withdrawn"
    voided = VoidedArrival.objects.get()
    assert (voided.number, voided.reason, voided.voided_by) == (1, WHY, office["van.thu"])
    assert 'data-voided="1"' in opened(office, "van.thu", document)
    book = office.client("van.thu").get("/so-van-ban/den/").content.decode()
    assert WHY in book
    assert press(office, "van.thu", document, "accept") == ""
    assert document.arrival_number == 2
    assert press(office, "van.thu", document, "present") == ""
    assert press(office, "van.thu", document, "undo", reason=WHY) == "undo_too_late"
    while outbox.send_one(hub, at=now()):  # type: ignore[arg-type]
        pass
    assert OutboxPacket.objects.filter(status_code="03", state="sent").count() == 1


def test_what_was_begun_to_be_sent_or_is_too_old_is_not_undone(office: Office, hub: MemoryHub) -> None:
    sent, old, urgent = (
        came(hub),
        came(hub, number="16", identifier="b"),
        came(hub, LETTER, number="17", identifier="c"),
    )
    for document in (sent, old, urgent):
        assert press(office, "van.thu", document, "accept") == ""
    OutboxPacket.objects.filter(incoming=sent, status_code="03").update(attempts=1)
    IncomingDocument.objects.filter(pk=old.pk).update(accepted_at=now() - timedelta(minutes=16))
    for document in (sent, old, urgent):
        assert press(office, "van.thu", document, "undo", reason=WHY) == "undo_too_late"
        assert document.state == "accepted"
    assert not VoidedArrival.objects.exists()
    assert urgent.presented_at is not None


@pytest.mark.usefixtures("long_day")
def test_what_the_sender_hears_next_takes_the_held_notice_along(office: Office, hub: MemoryHub) -> None:
    document = came(hub)
    assert press(office, "van.thu", document, "accept") == ""
    held = OutboxPacket.objects.get(status_code="03")
    assert held.next_at > now() + timedelta(minutes=14)
    instruct(office, document, now() + timedelta(days=2))
    while outbox.send_one(hub, at=now()):  # type: ignore[arg-type]
        pass
    assert reported() == ["01", "03", "04"]
    assert not OutboxPacket.objects.filter(state="waiting").exists()
    assert document.presented_at is not None


def test_the_notice_is_never_held_into_the_next_day(office: Office, hub: MemoryHub) -> None:
    late = datetime(2026, 11, 26, 23, 50, tzinfo=VIETNAM)
    document = IncomingDocument(accepted_at=late, organization=office.organization)
    assert presenting.undoable_until(document) == late.replace(minute=55)
    document.accepted_at = late.replace(minute=58)
    assert presenting.undoable_until(document) == document.accepted_at


@pytest.mark.law("D30-23-1", "R-6.2-5")
@pytest.mark.usefixtures("long_day")
def test_what_is_accepted_is_presented_by_the_clerk_or_by_itself(office: Office, hub: MemoryHub) -> None:
    first, second = came(hub), came(hub, number="16", identifier="b")
    for document in (first, second):
        assert press(office, "van.thu", document, "accept") == ""
    assert not rung(office, "lanh.dao", "chờ chỉ đạo")
    assert press(office, "lanh.dao", first, "present") == "forbidden"
    assert press(office, "van.thu", first, "present") == ""
    assert press(office, "van.thu", first, "present") == "illegal_move"
    assert len(rung(office, "lanh.dao", "15/UBND-VX chờ chỉ đạo")) == 1
    assert presenting.present_waiting(office.organization, at=now()) == 0
    assert presenting.present_waiting(office.organization, at=now() + timedelta(minutes=15)) == 1
    assert presenting.present_waiting(office.organization, at=now() + timedelta(minutes=15)) == 0
    second.refresh_from_db()
    assert (second.presented_at is None, second.presented_by) == (False, None)
    assert len(rung(office, "lanh.dao", "16/UBND-VX chờ chỉ đạo")) == 1


@pytest.mark.law("R-9.2-2")
def test_what_is_recalled_is_neither_presented_nor_undone_nor_called_late(office: Office, hub: MemoryHub) -> None:
    document = came(hub)
    assert press(office, "van.thu", document, "accept") == ""
    recalled(hub)
    assert press(office, "van.thu", document, "present") == "frozen"
    assert press(office, "van.thu", document, "undo", reason=WHY) == "frozen"
    later = now() + timedelta(days=9)
    assert presenting.present_waiting(office.organization, at=later) == 0
    assert presenting.raise_alarms(office.organization, at=later) == 0


@pytest.mark.law("D30-23-1", "CAL-1")
def test_a_day_that_was_decided_off_moves_by_when_it_is_presented(office: Office, hub: MemoryHub) -> None:
    day = came(hub).present_due_at
    assert day is not None
    form = {
        "act": "decide", "day": timezone.localdate(day).isoformat(), "kind": "off", "reason": "Nghỉ bù",
        "decision_ref": "12/QĐ-UBND",
    }  # fmt: skip
    assert office.client("quan.tri").post("/co-quan/lich-lam-viec/", form).status_code == 302
    office.organization.refresh_from_db()
    moved = came(hub, number="17", identifier="c").present_due_at
    assert moved is not None
    assert moved > day


@pytest.mark.law("R-6.2-5", "D30-23-1")
def test_what_lies_too_long_is_told_to_the_leaders_once(office: Office, hub: MemoryHub) -> None:
    """An urgent document after the agency's minutes, another one after the next working day."""
    urgent, calm = came(hub, LETTER), came(hub, number="16", identifier="b")
    assert urgent.present_due_at == urgent.arrived_at + timedelta(minutes=30)
    assert calm.present_due_at == present_deadline(calm.arrived_at, Urgency.NORMAL)
    assert presenting.raise_alarms(office.organization, at=now()) == 0
    half_an_hour = now() + timedelta(minutes=31)
    assert presenting.raise_alarms(office.organization, at=half_an_hour) == 1
    assert presenting.raise_alarms(office.organization, at=half_an_hour) == 0
    for login in ("lanh.dao", "van.thu"):
        notice = rung(office, login, "Quá hạn trình")[0]
        assert (notice.urgent, notice.link) == (True, f"/van-ban-den/{urgent.pk}/")
    assert Event.objects.filter(name="incoming.presentation_late").count() == 1
    IncomingDocument.objects.filter(pk=calm.pk).update(present_due_at=now() - timedelta(minutes=1))
    page = listed(office, "van.thu", "qua-han")
    assert "16/UBND-VX" in page
    assert "15/UBND-VX" not in page
    assert "data-late" in opened(office, "van.thu", calm)
    assert "data-late" not in opened(office, "van.thu", urgent)


def test_the_minutes_are_the_heads_decision(office: Office, hub: MemoryHub) -> None:
    client = office.client("lanh.dao")
    shown = client.get("/co-quan/").content.decode()
    seen = re.search(r'id="decide".*?name="seen" value="(\w+)"', shown, re.DOTALL)
    assert seen
    form = {
        "act": "decide", "seen": seen[1], "reference": "5/QĐ", "abbreviation": office.organization.abbreviation,
        "presentation_policy": "warn", "morning_ends": "11:30", "urgent_minutes": "10", "undo_minutes": "0",
        "due_soon_days": "3",
    }  # fmt: skip
    assert 'data-problem="bad_fact"' in client.post("/co-quan/", {**form, "urgent_minutes": "x"}).content.decode()
    assert 'data-problem="bad_fact"' in client.post("/co-quan/", {**form, "undo_minutes": "121"}).content.decode()
    assert client.post("/co-quan/", form).status_code == 302
    office.organization.refresh_from_db()
    urgent, calm = came(hub, LETTER), came(hub, number="16", identifier="b")
    assert urgent.present_due_at == urgent.arrived_at + timedelta(minutes=10)
    assert press(office, "van.thu", calm, "accept") == ""
    assert calm.presented_at is not None  # nothing can be undone, so nothing waits


# -- assigned ----------------------------------------------------------------------------------------------------------


@pytest.mark.law("D30-23-2")
def test_each_unit_has_a_deadline_within_the_leads(office: Office, hub: MemoryHub) -> None:
    document = came(hub)
    press(office, "van.thu", document, "accept")
    third_unit = Unit.objects.create(organization=office.organization, name="Vụ Pháp luật", abbreviation="PL")
    lead, other, third = office.units["KSTT"].pk, office.units["TH"].pk, third_unit.pk
    soon, sooner, late = (local(now() + timedelta(days=days)) for days in (5, 2, 9))
    form = {
        "text": "Chủ trì tham mưu", "due": soon, f"unit-{lead}": "lead", f"unit-{other}": "coordinate",
        f"unit-{third}": "inform",
    }  # fmt: skip
    assert press(office, "lanh.dao", document, "instruct", **form, **{f"due-{other}": late}) == "deadline_out_of_bounds"
    assert press(office, "lanh.dao", document, "instruct", **form, **{f"due-{other}": sooner}) == ""
    kept = {one.kind: one.due_at for one in document.assignments.all()}
    assert {kind: local(due) if due else "" for kind, due in kept.items()} == {
        "lead": soon, "coordinate": sooner, "inform": "",
    }  # fmt: skip


@pytest.mark.law("D30-24-2", "R-7.3-2")
def test_a_unit_head_gives_the_task_to_a_person_and_to_another_within_the_units_deadline(
    office: Office, hub: MemoryHub
) -> None:
    unit_due = now() + timedelta(days=5)
    document = assigned(office, hub, unit_due)
    task = task_of(document)
    hand = {"assignment": task.pk, "person": office["chuyen.vien"].pk}
    sooner, later = local(now() + timedelta(days=2)), local(now() + timedelta(days=6))
    assert press(office, "truong.dv", document, "hand", **hand, due=later) == "deadline_out_of_bounds"
    assert press(office, "truong.dv", document, "hand", **hand, due=sooner) == ""
    task.refresh_from_db()
    assert (local(task.due_at or now()), local(task.ends_at or now())) == (local(unit_due), sooner)
    # The unit's own deadline is still the bound: another person may have longer than the first.
    again = {"assignment": task.pk, "person": office["truong.dv"].pk, "due": local(unit_due)}
    assert press(office, "truong.dv", document, "hand", **again) == ""
    task.refresh_from_db()
    assert (task.person, local(task.ends_at or now())) == (office["truong.dv"], local(unit_due))


@pytest.mark.law("R-7.3-2", "D30-23-2", "R-9.2-1", "C-4")
@pytest.mark.refuses("R-7.3-2")
def test_what_a_unit_hands_back_waits_for_the_leader_and_keeps_its_thread(office: Office, hub: MemoryHub) -> None:
    """Defect C4: however it wanders inside, the sender hears how it ends."""
    document = assigned(office, hub, TH="lead", KSTT="coordinate")
    task = task_of(document)
    back = {"assignment": task.pk, "reason": "Không thuộc chức năng của đơn vị"}
    assert press(office, "chuyen.vien", document, "hand_back", **back) in ("forbidden", "not_found")
    led = Assignment.objects.get(document=document, kind="coordinate")
    assert press(office, "truong.dv", document, "hand_back", assignment=led.pk, reason="ngắn") == "reason_too_short"
    # The coordinating unit steps out; the lead goes on.
    assert press(office, "truong.dv", document, "hand_back", assignment=led.pk, reason=back["reason"]) == ""
    assert (document.state, document.assignments.filter(ended_at=None).count()) == ("assigned", 1)
    instruct(office, document, now() + timedelta(days=5))  # anew, to KSTT
    task = task_of(document)
    assert press(office, "truong.dv", document, "hand", assignment=task.pk, person=office["chuyen.vien"].pk) == ""
    assert press(office, "chuyen.vien", document, "start", assignment=task.pk) == ""
    assert press(office, "truong.dv", document, "hand_back", assignment=task.pk, reason=back["reason"]) == ""
    assert document.state == "accepted"
    assert rung(office, "lanh.dao", "chuyển lại 15/UBND-VX")
    assert back["reason"] in opened(office, "lanh.dao", document)
    assert press(office, "chuyen.vien", document, "finish", outcome="Xong") in ("forbidden", "not_found")
    instruct(office, document, now() + timedelta(days=5))
    task = task_of(document)
    assert press(office, "truong.dv", document, "start", assignment=task.pk) == ""
    instruct(office, document, now() + timedelta(days=6))  # while the work goes on
    assert document.state == "assigned"
    assert press(office, "truong.dv", document, "finish", outcome="Đã trả lời") == ""
    assert reported()[-1] == "06"
    assert {packet.incoming_id for packet in OutboxPacket.objects.exclude(status_code="")} == {document.pk}
    assert OutboxPacket.objects.get(status_code="06").recipients == ["000.00.00.H41"]


def test_the_lead_hears_the_opinions_and_the_leader_the_proposal(office: Office, hub: MemoryHub) -> None:
    document = assigned(office, hub, TH="coordinate", KSTT="lead")
    lead, other = task_of(document), task_of(document, "coordinate")
    assert press(office, "truong.dv", document, "hand", assignment=lead.pk, person=office["chuyen.vien"].pk) == ""
    assert press(office, "chuyen.vien", document, "propose", assignment=lead.pk, text=" ") == "missing"
    assert press(office, "chuyen.vien", document, "propose", assignment=other.pk, text="x") == "forbidden"
    assert press(office, "chuyen.vien", document, "contribute", assignment=lead.pk, result="x") == "forbidden"
    assert (
        press(office, "chuyen.vien", document, "propose", assignment=lead.pk, text="Đề xuất trả lời bằng văn bản") == ""
    )
    assert rung(office, "lanh.dao", "ý kiến đề xuất")
    assert "Đề xuất trả lời bằng văn bản" in opened(office, "lanh.dao", document)


# -- more time ---------------------------------------------------------------------------------------------------------


@pytest.mark.law("D30-24-2")
def test_more_time_is_asked_for_by_who_works_and_granted_by_who_gave_the_task(office: Office, hub: MemoryHub) -> None:
    document = assigned(office, hub, now() + timedelta(days=2))
    task = task_of(document)
    hand = {"assignment": task.pk, "person": office["chuyen.vien"].pk, "due": local(now() + timedelta(days=1))}
    assert press(office, "truong.dv", document, "hand", **hand) == ""
    until = local(now() + timedelta(days=7))
    ask = {"assignment": task.pk, "due": until, "reason": "Chờ số liệu của các địa phương"}
    assert press(office, "the.thuc", document, "ask_more", **ask) == "not_found"
    assert press(office, "van.thu", document, "ask_more", **ask) == "forbidden"
    assert press(office, "chuyen.vien", document, "ask_more", **{**ask, "reason": "bận"}) == "reason_too_short"
    before = {**ask, "due": local(now() + timedelta(hours=1))}
    assert press(office, "chuyen.vien", document, "ask_more", **before) == "deadline_out_of_bounds"
    assert press(office, "chuyen.vien", document, "ask_more", **{**ask, "due": ""}) == "missing"
    assert press(office, "chuyen.vien", document, "ask_more", **ask) == ""
    assert press(office, "truong.dv", document, "ask_more", **ask) == "asked_already"
    asked = Extension.objects.get()
    assert f'data-extension="{asked.pk}"' in opened(office, "lanh.dao", document)
    assert f"/van-ban-den/{document.pk}/" in office.client("lanh.dao").get("/").content.decode()
    for login in ("chuyen.vien", "truong.dv", "van.thu"):
        assert press(office, login, document, "grant", extension=asked.pk) == "forbidden"
    assert press(office, "lanh.dao", document, "grant", extension=asked.pk) == ""
    assert press(office, "lanh.dao", document, "deny", extension=asked.pk) == "illegal_move"
    task.refresh_from_db()
    assert (local(task.due_at or now()), local(task.ends_at or now())) == (until, until)
    assert rung(office, "chuyen.vien", "Đã gia hạn")


def test_only_the_leader_who_gave_the_task_grants_while_they_are_one(office: Office, hub: MemoryHub) -> None:
    document = assigned(office, hub, now() + timedelta(days=2), KSTT="lead", TH="coordinate")
    other, task = office["the.thuc"], task_of(document)
    given = task.due_at
    other.posts.update(role="leader")
    ask = {"assignment": task.pk, "due": local(now() + timedelta(days=4)), "reason": "Chờ số liệu của các địa phương"}
    assert press(office, "truong.dv", document, "ask_more", **ask) == ""
    asked = Extension.objects.get()
    assert press(office, "the.thuc", document, "grant", extension=asked.pk) == "not_your_task"
    home = f'href="/van-ban-den/{document.pk}/"'
    assert home not in office.client("the.thuc").get("/").content.decode()
    office["lanh.dao"].posts.update(valid_to=timezone.localdate() - timedelta(days=1))
    assert home in office.client("the.thuc").get("/").content.decode()  # it waits for whoever leads now
    assert press(office, "the.thuc", document, "deny", extension=asked.pk) == ""
    task.refresh_from_db()
    assert task.due_at == given
    assert rung(office, "truong.dv", "Không gia hạn")


# -- urged -------------------------------------------------------------------------------------------------------------


@pytest.mark.law("D30-24-1", "AVI-1m")
def test_what_is_late_and_soon_due_is_listed_reminded_of_and_urged(office: Office, hub: MemoryHub) -> None:
    document = assigned(office, hub, now() + timedelta(days=1))
    task = task_of(document)
    assert "15/UBND-VX" in listed(office, "lanh.dao", "sap-den-han")
    assert "15/UBND-VX" not in listed(office, "lanh.dao", "qua-han")
    assert urging.remind(office.organization, at=now()) == 1
    assert urging.remind(office.organization, at=now()) == 0
    assert rung(office, "truong.dv", "Sắp đến hạn")
    Assignment.objects.filter(pk=task.pk).update(due_at=now() - timedelta(hours=1))
    assert urging.remind(office.organization, at=now()) == 1
    assert urging.remind(office.organization, at=now()) == 0
    assert all(rung(office, login, "Quá hạn")[0].urgent for login in ("truong.dv", "lanh.dao"))
    page = listed(office, "lanh.dao", "qua-han")
    assert "15/UBND-VX" in page
    assert "15/UBND-VX" not in listed(office, "lanh.dao", "sap-den-han")
    for login in ("van.thu", "truong.dv"):
        assert press(office, login, document, "urge", text="Khẩn trương") == "forbidden"
    assert press(office, "lanh.dao", document, "urge", text="Khẩn trương") == ""
    notice = rung(office, "truong.dv", "Đôn đốc xử lý 15/UBND-VX")[0]
    assert notice.urgent
    assert press(office, "lanh.dao", document, "urge", text="Khẩn trương") == "urged_just_now"
    assert len(rung(office, "truong.dv", "Đôn đốc xử lý 15/UBND-VX")) == 1
    Assignment.objects.filter(pk=task.pk).update(urged_at=now() - timedelta(minutes=11))
    assert press(office, "lanh.dao", document, "urge", text="Khẩn trương") == ""
    page = opened(office, "truong.dv", document)
    assert "data-urged" in page
    assert "Khẩn trương" in page
    assert press(office, "truong.dv", document, "start", assignment=task.pk) == ""
    assert press(office, "truong.dv", document, "finish", outcome="Xong") == ""
    assert press(office, "lanh.dao", document, "urge", text="") == "nothing_to_urge"
    assert "15/UBND-VX" not in listed(office, "lanh.dao", "qua-han")


@pytest.mark.law("D30-24-1", "AVI-1m")
def test_the_head_names_who_follows_the_work_and_they_urge_many_at_once(office: Office, hub: MemoryHub) -> None:
    first = assigned(office, hub, now() + timedelta(days=1))
    second = came(hub, number="16", identifier="b")
    press(office, "van.thu", second, "accept")
    checker = office.client("the.thuc")
    assert checker.get(f"/van-ban-den/{first.pk}/").status_code == 404
    name = {"person": office["the.thuc"].pk, "reference": "5/QĐ ngày 02/11/2026"}
    assert checker.post("/van-ban-den/don-doc/", name).status_code == 403
    leader = office.client("lanh.dao")
    assert leader.post("/van-ban-den/don-doc/", {**name, "reference": ""}).status_code == 422
    assert leader.post("/van-ban-den/don-doc/", {**name, "person": office["quan.tri"].pk}).status_code == 404
    assert leader.post("/van-ban-den/don-doc/", name).status_code == 302
    assert office["the.thuc"].full_name in leader.get("/van-ban-den/don-doc/").content.decode()
    checker = office.client("the.thuc")
    assert checker.get(f"/van-ban-den/{first.pk}/").status_code == 200
    answer = checker.post(
        "/van-ban-den/?muc=dang-xu-ly", {"act": "urge", "document": [first.pk, second.pk], "text": "Sắp hết hạn"}, follow=True
    ).content.decode()  # fmt: skip
    assert re.findall(r'data-outcome="(\w+)"', answer) == ["done", "nothing_to_urge"]
    assert rung(office, "truong.dv", "Đôn đốc xử lý 15/UBND-VX")
    assert leader.post("/van-ban-den/don-doc/", {"person": "", "reference": "6/QĐ"}).status_code == 302
    seen = [office.client("the.thuc").get(f"/van-ban-den/{one.pk}/").status_code for one in (first, second)]
    assert seen == [200, 404]  # of what they urged they took part in


# -- many at once ------------------------------------------------------------------------------------------------------


@pytest.mark.law("R-9.1-1", "R-9.1-3", "D30-22-2")
@pytest.mark.refuses("R-9.1-1")
def test_many_are_accepted_in_one_act_each_checked_by_itself(office: Office, hub: MemoryHub) -> None:
    """In the order of arrival; what did not pass every check, or was accepted meanwhile, says why and holds up none."""
    first, doubtful, gone, last = (came(hub, number=str(number), identifier=f"x{number}") for number in range(21, 25))
    sound = [{"name": "authenticity", "result": "passed", "vi": "Đạt.", "en": "Passed."}]
    IncomingDocument.objects.exclude(pk=doubtful.pk).update(legal_value="equivalent", checks=sound)
    page = listed(office, "van.thu", "cho-tiep-nhan")
    offered = {int(pk) for pk in re.findall(r'name="document" value="(\d+)"', page)}
    assert offered == {first.pk, gone.pk, last.pk}
    assert 'name="document"' not in listed(office, "lanh.dao", "cho-tiep-nhan")
    assert press(office, "van.thu", gone, "accept") == ""
    chosen = [last.pk, doubtful.pk, gone.pk, first.pk, 99999]
    form = {"act": "accept", "document": chosen}
    assert office.client("lanh.dao").post("/van-ban-den/", form).status_code == 403
    clerk = office.client("van.thu")
    for wrong, code in (
        ({"document": []}, "none_chosen"),
        ({"act": "x"}, "not_found"),
        ({"document": [99999]}, "not_found"),
    ):
        answer = clerk.post("/van-ban-den/", {**form, **wrong})
        assert answer.status_code in (404, 422)
        assert f'data-problem="{code}"' in answer.content.decode()
    assert clerk.post("/van-ban-den/", {**form, "document": list(range(1, 60))}).status_code == 422
    told = clerk.post("/van-ban-den/?muc=cho-tiep-nhan", form, follow=True).content.decode()
    assert re.findall(r'data-outcome="(\w+)"', told) == ["done", "not_sound", "illegal_move", "done", "not_found"]
    for document in (first, doubtful, gone, last):
        document.refresh_from_db()
    assert [one.arrival_number for one in (gone, first, last, doubtful)] == [1, 2, 3, None]
    assert 'data-outcome="' not in listed(office, "van.thu", "cho-tiep-nhan")
