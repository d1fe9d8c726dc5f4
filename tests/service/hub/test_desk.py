"""Notices, incidents and tickets: everybody hears what is meant for all, and nobody sees another's ticket."""

from datetime import timedelta

import httpx
import pytest
from django.test import Client

from lienthong.hub import agencies, notices, tickets
from lienthong.hub.models import Incident, Notice, Ticket
from lienthong.hub.operators import Role
from lienthong.hub.refusals import RegistryRefused
from lienthong.hub.systems import OPERATOR
from lienthong.journal.models import Event
from lienthong.journal.record import Actor
from lienthong.protocol import support
from lienthong.protocol.problems import BadRequest, IdempotencyKeyReused
from tests.horizon import await_final
from tests.service.hub.conftest import Country, make_document, now, submit
from tests.service.hub.people import sit_down

STATE = Ticket.State
CLERK = Actor("person", "truc.ban", "Trực Ban")


def publish(**facts: object) -> Notice:
    known = {"kind": Notice.Kind.MAINTENANCE, "title": "Bảo trì đêm thứ Bảy", "text": "Trục ngừng nhận từ 22 giờ."}
    return notices.publish(**{**known, "actor": CLERK, "at": now(), **facts})  # type: ignore[arg-type]


def get(country: Country, system: str, place: str, **query: object) -> httpx.Response:
    return httpx.get(f"{country.url}/api/v1/{place}", params=query, headers=country.native(system)._bearer())  # type: ignore[arg-type]


def post(country: Country, system: str, place: str, **body: object) -> httpx.Response:
    return httpx.post(f"{country.url}/api/v1/{place}", json=body, headers=country.native(system)._bearer())


# -- notices and incidents ---------------------------------------------------------------------------------------------


@pytest.mark.law("R-15.2-1")
def test_a_notice_reaches_every_agency_by_delta_and_its_withdrawal_too(country: Country) -> None:
    first, second = publish(), publish(title="Chuẩn mới")
    await_final()
    page = country.native("H41").notices(after="")
    assert [one.title for one in page.notices] == ["Bảo trì đêm thứ Bảy", "Chuẩn mới"]
    assert country.native("G22").notices(after=page.cursor).notices == ()
    notices.withdraw(first.pk, actor=CLERK, at=now())
    await_final()
    (again,) = country.native("G22").notices(after=page.cursor).notices
    assert again.notice_id == first.pk
    assert again.withdrawn_at is not None
    assert [one.pk for one in notices.current(now())] == [second.pk]
    assert get(country, "H41", "notices", limit=1).json()["more"]
    assert get(country, "H41", "notices", after="x").status_code == 400
    assert httpx.get(f"{country.url}/api/v1/notices").status_code == 401
    with pytest.raises(RegistryRefused):
        notices.withdraw(first.pk, actor=CLERK, at=now())
    with pytest.raises(RegistryRefused):
        publish(title=" ")
    with pytest.raises(RegistryRefused):
        publish(ends_at=now() - timedelta(hours=1))
    publish(title="Đã qua", ends_at=now() + timedelta(minutes=1))
    assert "Đã qua" not in [one.title for one in notices.current(now() + timedelta(minutes=2))]


@pytest.mark.law("R-15.2-1")
def test_an_incident_is_told_step_by_step(country: Country) -> None:
    one = notices.open_incident(
        title="Chậm giao văn bản", text="Đang tìm nguyên nhân.", impact=Incident.Impact.MAJOR, actor=CLERK, at=now()
    )  # fmt: skip
    notices.update_incident(one.pk, state=Incident.State.RESOLVED, text="Đã thay đĩa.", actor=CLERK, at=now())
    (told,) = get(country, "H41", "incidents").json()["incidents"]
    assert (told["state"], told["impact"]) == ("resolved", "major")
    assert [each["text"] for each in told["updates"]] == ["Đang tìm nguyên nhân.", "Đã thay đĩa."]
    with pytest.raises(RegistryRefused):
        notices.update_incident(one.pk, state=Incident.State.MONITORING, text="x", actor=CLERK, at=now())
    assert notices.incidents(now() + timedelta(days=91)) == []


# -- tickets -----------------------------------------------------------------------------------------------------------


@pytest.mark.law("R-19.5-1")
def test_a_difficulty_is_reported_answered_and_solved(country: Country) -> None:
    sent = submit(country.native("G22"), make_document())
    answer = post(
        country, "G22", "tickets", subject="Gửi bị treo", text="Từ 8 giờ.", packet_id=sent.packet_id, agency="G22"
    )
    assert answer.status_code == 201
    place = f"tickets/{answer.json()['ticket_id']}"
    ticket = Ticket.objects.get()
    tickets.answer(ticket, text="Xin mã phiên.", to=STATE.WAITING, actor=CLERK, at=now())
    assert get(country, "G22", place).json()["state"] == "waiting"
    added = post(country, "G22", f"{place}/entries", text="Mã 12.").json()
    assert added["state"] == "in_progress"
    assert [(one["by_operator"], one["text"]) for one in added["entries"]] == [
        (False, "Từ 8 giờ."), (True, "Xin mã phiên."), (False, "Mã 12."),
    ]  # fmt: skip
    ticket.refresh_from_db()
    tickets.answer(ticket, text="Đã sửa.", to=STATE.SOLVED, actor=CLERK, at=ticket.opened_at + timedelta(hours=2))
    figures = tickets.figures(now() - timedelta(days=1), now() + timedelta(days=1))
    assert (figures.opened, figures.unanswered, figures.unsolved) == (1, 0, 0)
    assert figures.solution == timedelta(hours=2)
    assert post(country, "G22", f"{place}/entries", text="Lại hỏng.").json()["solved_at"] is None
    assert post(country, "G22", f"{place}/close").json()["state"] == "closed"
    assert post(country, "G22", f"{place}/close").status_code == 200  # a repeat changes nothing
    refused = post(country, "G22", f"{place}/entries", text="Nữa.")
    assert (refused.status_code, refused.json()["code"]) == (409, "ticket_closed")
    with pytest.raises(RegistryRefused):
        tickets.answer(ticket, text="x", to=STATE.SOLVED, actor=CLERK, at=now())
    names = [name for name in Event.objects.order_by("id").values_list("name", flat=True) if name.startswith("ticket.")]
    assert names == ["ticket.opened", *["ticket.answered"] * 4, "ticket.closed"]
    assert not any(
        "Gửi bị treo" in str(row) or "Mã 12" in str(row) for row in Event.objects.values_list("data", flat=True)
    )


@pytest.mark.law("R-19.5-1", "SEC-6")
def test_one_system_never_sees_anothers_ticket_nor_points_at_anothers_packet(country: Country) -> None:
    sent = submit(country.native("G22"), make_document())
    delivered = sent.deliveries[0].delivery_id
    ticket = post(country, "G22", "tickets", subject="Của G22", text="x").json()["ticket_id"]
    assert get(country, "H41", "tickets").json()["tickets"] == []
    for refused in (
        get(country, "H41", f"tickets/{ticket}"),
        post(country, "H41", f"tickets/{ticket}/entries", text="x"),
        post(country, "H41", f"tickets/{ticket}/close"),
        get(country, "G22", "tickets/khong-phai-ma"),
    ):
        assert (refused.status_code, refused.json()["code"]) == (404, "unknown_ticket")
    foreign = post(country, "H41", "tickets", subject="x", text="x", packet_id=sent.packet_id)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "unknown_packet")
    foreign = post(country, "G22", "tickets", subject="x", text="x", delivery_id=delivered)
    assert foreign.json()["code"] == "unknown_delivery"
    assert post(country, "H41", "tickets", subject="x", text="x", delivery_id=delivered).status_code == 201
    assert post(country, "H41", "tickets", subject="x", text="x", agency="G22").json()["code"] == "not_your_agency"
    assert post(country, "H41", "tickets", subject="x", text="y" * 4001).status_code == 400
    assert Ticket.objects.get(pk=ticket).state == "open"


def test_a_member_has_not_more_tickets_than_the_bound(country: Country, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tickets, "OPEN_AT_ONCE", 1)
    assert post(country, "G22", "tickets", subject="x", text="x").status_code == 201
    refused = post(country, "G22", "tickets", subject="x", text="x")
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_tickets")
    assert post(country, "H41", "tickets", subject="x", text="x").status_code == 201
    rows = get(country, "H41", "tickets", before=1).json()["tickets"]
    assert rows == []


def test_what_is_written_in_a_ticket_has_an_end_and_a_list_shows_the_last(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tickets, "MOST_ENTRIES", 5)
    made = post(country, "G22", "tickets", subject="x", text="1").json()
    place = f"tickets/{made['ticket_id']}"
    for text in ("2", "3", "4", "5"):
        assert post(country, "G22", f"{place}/entries", text=text).status_code == 200
    full = post(country, "G22", f"{place}/entries", text="6")
    assert (full.status_code, full.json()["code"]) == (409, "ticket_full")
    assert str(made["number"]) in full.json()["detail"]
    assert [one["text"] for one in get(country, "G22", place).json()["entries"]] == ["1", "2", "3", "4", "5"]
    (listed,) = get(country, "G22", "tickets").json()["tickets"]
    assert [one["text"] for one in listed["entries"]] == ["3", "4", "5"]
    sit_down().post(f"/console/su-co/phieu/{made['number']}/tra-loi/", {"text": "Mời mở phiếu mới", "state": "waiting"})
    assert get(country, "G22", place).json()["state"] == "waiting"
    assert post(country, "G22", f"{place}/close").json()["state"] == "closed"
    assert post(country, "G22", f"{place}/entries", text="7").json()["code"] == "ticket_closed"


# -- the console -------------------------------------------------------------------------------------------------------


def page(client: Client, place: str) -> str:
    answer = client.get(f"/console/{place}")
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def test_operators_answer_and_an_officer_sees_only_the_own_subtree(country: Country) -> None:
    agencies.add_agency("H41.01", name="Sở Nội vụ", parent="H41", at=now())
    officer, other, operator = sit_down(Role.AGENCY, "H41"), sit_down(Role.AGENCY, "H26"), sit_down()
    assert (
        officer.post("/console/su-co/phieu/moi/", {"subject": "Không đăng nhập được", "text": "Báo sai mã"}).status_code
        == 302
    )
    number = Ticket.objects.get().number
    assert "Không đăng nhập được" in page(officer, "su-co/")
    assert "Không đăng nhập được" not in page(other, "su-co/")
    assert other.get(f"/console/su-co/phieu/{number}/").status_code == 404
    assert other.post(f"/console/su-co/phieu/{number}/tra-loi/", {"text": "x"}).status_code == 404
    assert "Báo sai mã" in page(operator, f"su-co/phieu/{number}/")
    empty = operator.post(f"/console/su-co/phieu/{number}/tra-loi/", {"text": "", "state": "waiting"})
    assert empty.status_code == 422
    assert "Cần nội dung trả lời" in empty.content.decode()
    operator.post(f"/console/su-co/phieu/{number}/tra-loi/", {"text": "Đã cấp lại", "state": "solved"})
    assert "đã giải quyết" in page(officer, f"su-co/phieu/{number}/")
    officer.post(f"/console/su-co/phieu/{number}/tra-loi/", {"text": "Vẫn lỗi"})
    assert Ticket.objects.get().state == "in_progress"
    officer.post(f"/console/su-co/phieu/{number}/tra-loi/", {"state": "closed"})
    assert Ticket.objects.get().state == "closed"
    assert [
        name
        for name, actor in Event.objects.filter(subject_kind="ticket").values_list("name", "actor_kind")
        if actor != "person"
    ] == []


def test_operators_tell_everybody_at_the_console(country: Country) -> None:
    operator, auditor = sit_down(), sit_down(Role.AUDITOR)
    form = {"kind": "rules", "title": "Chuẩn gói tin mới", "text": "Từ 01/01/2027.", "title_en": "New packet format"}
    assert operator.post("/console/thong-bao/moi/", form).status_code == 302
    assert "Chuẩn gói tin mới" in page(auditor, "thong-bao/")
    auditor.post("/console/ngon-ngu/", {"language": "en", "next": "/console/thong-bao/"})
    assert "New packet format" in page(auditor, "thong-bao/")
    operator.post(f"/console/thong-bao/{Notice.objects.get().pk}/rut/")
    assert "đã rút" in page(operator, "thong-bao/")
    assert operator.post("/console/thong-bao/moi/", {"title": ""}).status_code == 422
    operator.post("/console/su-co/moi/", {"impact": "major", "title": "Chậm giao", "text": "Đang tìm."})
    operator.post(f"/console/su-co/{Incident.objects.get().pk}/cap-nhat/", {"state": "resolved", "text": "Xong."})
    assert "đã kết thúc" in page(operator, "su-co/")


def test_alerts_and_maintenance_at_the_console(country: Country) -> None:
    from lienthong.hub import maintenance
    from lienthong.hub.models import Alert, System
    from lienthong.hub.watch import alerts, gauges, rounds

    operator, officer = sit_down(), sit_down(Role.AGENCY, "H41")
    assert "Không có cảnh báo nào" in page(operator, "canh-bao/")
    System.objects.filter(code="H26").update(last_contact_at=now() - timedelta(days=30))
    System.objects.exclude(code="H26").update(last_contact_at=now())
    gauges.measure_due(now())
    rounds.Heart("nut-1", now()).beat(now(), took=0.1)
    alerts.look(now())
    one = Alert.objects.get(rule="system_silent")
    text = page(operator, "canh-bao/")
    assert "không liên hệ Trục" in text
    assert "Ủy ban nhân dân thành phố Hà Nội" in text
    assert "không liên hệ Trục" not in page(officer, "canh-bao/")  # systems are the operators' affair
    assert operator.post(f"/console/canh-bao/{one.pk}/nhan/").status_code == 302
    assert "Tạ Quang Duy" in page(operator, "canh-bao/")
    assert operator.post(f"/console/canh-bao/{one.pk}/nhan/").status_code == 422
    assert operator.post(f"/console/canh-bao/{one.pk}/tam-dung/", {"hours": "24", "reason": ""}).status_code == 422
    operator.post(f"/console/canh-bao/{one.pk}/tam-dung/", {"hours": "24", "reason": "Đã hẹn"})
    assert "Đã hẹn" in page(operator, "canh-bao/")
    assert "nut-1" in page(operator, "van-hanh/")
    assert officer.get("/console/van-hanh/").status_code == 403
    assert operator.post("/console/van-hanh/bao-tri/", {"reason": ""}).status_code == 422
    operator.post("/console/van-hanh/bao-tri/", {"reason": "Thay đĩa", "until": "2099-01-01T06:00"})
    assert "Thay đĩa" in page(operator, "van-hanh/")
    assert maintenance.current() is not None
    operator.post("/console/van-hanh/phuc-vu/")
    assert maintenance.current() is None
    begun = Event.objects.get(name="hub.maintenance_begun")
    assert (begun.actor_kind, begun.actor_name) == ("person", "Tạ Quang Duy")
    assert OPERATOR.kind == "service"


@pytest.mark.law("R-19.5-1")
def test_what_a_member_writes_under_a_key_is_written_once(country: Country) -> None:
    member = country.native("G22")
    new = support.NewTicket("Gửi bị treo", "Từ 8 giờ.")
    first = member.open_ticket(new, key="khoa-thu-nhat")
    assert member.open_ticket(new, key="khoa-thu-nhat").ticket_id == first.ticket_id
    assert country.native("H41").open_ticket(new, key="khoa-thu-nhat").ticket_id != first.ticket_id
    with pytest.raises(IdempotencyKeyReused):
        member.open_ticket(support.NewTicket("Gửi bị treo", "Khác."), key="khoa-thu-nhat")
    with pytest.raises(IdempotencyKeyReused):
        member.open_ticket(support.NewTicket("Khác", "Từ 8 giờ."), key="khoa-thu-nhat")
    for _ in range(2):
        told = member.write_to_ticket(first.ticket_id, "Mã 12.", key="khoa-thu-hai")
    assert [one.text for one in told.entries] == ["Từ 8 giờ.", "Mã 12."]
    with pytest.raises(IdempotencyKeyReused):
        member.write_to_ticket(first.ticket_id, "Mã 13.", key="khoa-thu-hai")
    with pytest.raises(BadRequest):
        member.write_to_ticket(first.ticket_id, "Mã 13.", key="ngan")
    assert member.close_ticket(first.ticket_id).state == member.ticket(first.ticket_id).state == "closed"
    assert member.write_to_ticket(first.ticket_id, "Mã 12.", key="khoa-thu-hai").state == "closed"  # a late repeat
    assert Event.objects.filter(name="ticket.opened").count() == 2
