"""Chuyển thẳng: what the regulation gives to a unit goes there from the clerk at once; everything else waits for a leader
(Decree 30/2020, Article 23.1)."""

import re
from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lienthong.journal.models import Event
from lienthong.office.models import DirectRule, Notice
from lienthong.office.people.calendar import calendar_of
from lienthong.standards.statuses import Urgency
from lienthong.standards.times import VIETNAM
from tests.service.office.conftest import Office, now, refusal
from tests.service.office.test_handling import CALM, came, local, rung, task_of
from tests.service.office.test_incoming import MemoryHub, recalled
from tests.service.office.test_law_incoming import opened, press, reported

PLACE = "/co-quan/chuyen-thang/"
CLAUSE = "Điều 7.2 Quy chế 12/QĐ-VPCP"


def record(office: Office, login: str = "quan.tri", unit: str = "KSTT", **said: object) -> str:
    """Record a rule by the page; the code of the refusal, or ""."""
    form = {"act": "record", "unit": office.units[unit].pk, "clause": CLAUSE, **said}
    answer = office.client(login).post(PLACE, form)
    return "" if answer.status_code == 302 else refusal(answer)


def workdays(office: Office, days: int) -> date:
    return calendar_of(office.organization).after(timezone.localdate(), days)


@pytest.mark.law("D30-23-1", "R-9.2-1")
def test_what_the_regulation_gives_to_a_unit_goes_there_from_the_clerk_and_the_leaders_hear(
    office: Office, hub: MemoryHub
) -> None:
    assert record(office, sender="Ủy ban nhân dân tỉnh Nghệ", type_name=CALM.kind_name, days="5") == ""
    document = came(hub, due_on=None)
    assert press(office, "van.thu", document, "accept") == ""
    page = " ".join(opened(office, "van.thu", document).split())
    assert f"Chuyển thẳng đến {office.units['KSTT'].name}" in page
    assert CLAUSE in page
    assert press(office, "van.thu", document, "direct") == ""
    task = task_of(document)
    assert (document.state, task.unit, task.person) == ("assigned", office.units["KSTT"], None)
    assert task.due_at == datetime.combine(workdays(office, 5), time(17), VIETNAM)
    assert CLAUSE in task.instruction.text
    assert document.presented_at is not None
    assert reported() == ["01", "03", "04"]
    assert rung(office, "truong.dv", "Được giao")
    assert rung(office, "lanh.dao", "Đã chuyển thẳng")
    event = Event.objects.get(name="incoming.handed_straight")
    assert (event.data["clause"], event.data["unit"]) == (CLAUSE, "KSTT")
    # From here on it is work as any other; the sender hears how it ends.
    assert press(office, "truong.dv", document, "hand", assignment=task.pk, person=office["chuyen.vien"].pk) == ""
    assert press(office, "chuyen.vien", document, "start", assignment=task.pk) == ""
    assert press(office, "chuyen.vien", document, "finish", outcome="Xong") == ""
    assert reported()[-2:] == ["05", "06"]


@pytest.mark.law("D30-23-1", "R-6.2-5")
def test_what_is_urgent_goes_straight_although_the_leaders_have_it_already(office: Office, hub: MemoryHub) -> None:
    assert record(office, keyword="kiem soat thu tuc") == record(office, unit="TH", type_name="Giấy mời") == ""
    document = came(hub, urgency=Urgency.EXPRESS, subject="Về việc Kiểm soát thủ tục hành chính")
    assert press(office, "van.thu", document, "accept") == ""
    assert document.presented_at is not None
    assert press(office, "van.thu", document, "direct") == ""
    assert document.state == "assigned"
    assert task_of(document).due_at is None


@pytest.mark.law("D30-23-1")
def test_without_a_rule_or_once_a_leader_has_spoken_the_clerk_gives_it_to_nobody(
    office: Office, hub: MemoryHub
) -> None:
    document = came(hub)
    assert press(office, "van.thu", document, "accept") == ""
    assert "data-direct" not in opened(office, "van.thu", document)
    assert press(office, "van.thu", document, "direct") == "no_direct_rule"
    assert record(office, type_name=CALM.kind_name) == ""
    assert "data-direct" in opened(office, "van.thu", document)
    assert press(office, "lanh.dao", document, "direct") == "forbidden"
    units = {f"unit-{office.units['KSTT'].pk}": "lead"}
    assert press(office, "lanh.dao", document, "instruct", text="Giao KSTT", **units) == ""
    assert press(office, "van.thu", document, "direct") == "no_direct_rule"
    # What the unit hands back is the leader's again, not the rule's.
    assert (
        press(office, "truong.dv", document, "hand_back", assignment=task_of(document).pk, reason="Không thuộc đơn vị")
        == ""
    )
    assert document.state == "accepted"
    assert "data-direct" not in opened(office, "van.thu", document)
    assert press(office, "van.thu", document, "direct") == "no_direct_rule"
    assert not Event.objects.filter(name="incoming.handed_straight").exists()


@pytest.mark.law("D30-23-1", "D30-23-2")
def test_what_went_straight_and_is_handed_back_or_late_is_the_leaders(office: Office, hub: MemoryHub) -> None:
    assert record(office, sender="000.00.00.H41", days="3") == ""
    back, late = came(hub), came(hub, identifier="H41,2026/11/25,77/UBND", number="77")
    for document in (back, late):
        assert press(office, "van.thu", document, "accept") == press(office, "van.thu", document, "direct") == ""
    Notice.objects.all().delete()
    assert press(office, "truong.dv", back, "hand_back", assignment=task_of(back).pk, reason="Không thuộc đơn vị") == ""
    assert rung(office, "lanh.dao", "chuyển lại")
    more = {"assignment": task_of(late).pk, "due": local(now() + timedelta(days=20)), "reason": "Cần thêm số liệu"}
    assert press(office, "truong.dv", late, "ask_more", **more) == ""
    assert rung(office, "lanh.dao", "Đề nghị gia hạn")
    extension = task_of(late).extensions.get()
    assert press(office, "lanh.dao", late, "grant", extension=extension.pk) == ""


@pytest.mark.law("D30-23-1")
def test_many_are_passed_on_in_one_act_each_to_where_it_belongs(office: Office, hub: MemoryHub) -> None:
    assert record(office, type_name="Báo cáo") == ""
    straight, usual, spoken, new = (
        came(hub, number=str(number), identifier=f"x{number}", kind_name=kind)
        for number, kind in ((31, "Báo cáo"), (32, "Công văn"), (33, "Báo cáo"), (34, "Báo cáo"))
    )
    for document in (straight, usual, spoken):
        assert press(office, "van.thu", document, "accept") == ""
    assert press(office, "lanh.dao", spoken, "instruct", text="", **{f"unit-{office.units['TH'].pk}": "lead"}) == ""
    page = office.client("van.thu").get("/van-ban-den/?muc=cho-chi-dao").content.decode()
    assert page.count('name="document"') == 2
    assert page.count("data-direct") == 1
    assert 'name="document"' not in office.client("lanh.dao").get("/van-ban-den/?muc=cho-chi-dao").content.decode()
    form = {"act": "pass_on", "document": [straight.pk, usual.pk, spoken.pk, new.pk]}
    assert office.client("lanh.dao").post("/van-ban-den/", form).status_code == 403
    told = office.client("van.thu").post("/van-ban-den/?muc=cho-chi-dao", form, follow=True).content.decode()
    assert re.findall(r'data-outcome="(\w+)"', told) == ["done", "done", "illegal_move", "illegal_move"]
    for document in (straight, usual, spoken, new):
        document.refresh_from_db()
    assert [one.state for one in (straight, usual, spoken, new)] == ["assigned", "accepted", "assigned", "arrived"]
    assert task_of(straight).unit == office.units["KSTT"]
    assert task_of(spoken).unit == office.units["TH"]
    assert usual.presented_at is not None
    assert 'name="document"' not in office.client("van.thu").get("/van-ban-den/?muc=cho-chi-dao").content.decode()


def test_a_list_asks_for_the_rules_once(office: Office, hub: MemoryHub) -> None:
    assert record(office, type_name=CALM.kind_name) == ""
    assert press(office, "van.thu", came(hub), "accept") == ""
    office.client("van.thu").get("/van-ban-den/?muc=cho-chi-dao")
    with CaptureQueriesContext(connection) as one:
        office.client("van.thu").get("/van-ban-den/?muc=cho-chi-dao")
    for number in range(41, 44):
        assert press(office, "van.thu", came(hub, number=str(number), identifier=f"x{number}"), "accept") == ""
    with CaptureQueriesContext(connection) as four:
        page = office.client("van.thu").get("/van-ban-den/?muc=cho-chi-dao").content.decode()
    assert page.count("data-direct") == 4
    assert len(one) == len(four)


def test_the_day_that_the_sender_asked_for_is_not_passed(office: Office, hub: MemoryHub) -> None:
    wanted = workdays(office, 2)
    assert record(office, type_name=CALM.kind_name, days="9") == ""
    document = came(hub, due_on=wanted)
    assert press(office, "van.thu", document, "accept") == press(office, "van.thu", document, "direct") == ""
    assert task_of(document).due_at == datetime.combine(wanted, time(17), VIETNAM)


@pytest.mark.parametrize(
    "wrong",
    [{"clause": " "}, {"keyword": ""}, {"unit": "0"}, {"days": "0"}, {"days": "9999"}, {"days": "x"}],
    ids=str,
)
def test_a_rule_that_says_too_little_is_refused_by_name(office: Office, wrong: dict[str, object]) -> None:
    said: dict[str, object] = {"keyword": "báo cáo", **wrong}
    form = {"act": "record", "unit": office.units["KSTT"].pk, "clause": CLAUSE, **said}
    assert refusal(office.client("quan.tri").post(PLACE, form)) == "missing"
    assert not DirectRule.objects.exists()


def test_a_rule_ends_and_stays_to_be_read(office: Office, hub: MemoryHub) -> None:
    assert record(office, type_name=CALM.kind_name) == ""
    rule = DirectRule.objects.get()
    end = {"act": "end", "rule": rule.pk}
    assert refusal(office.client("van.thu").post(PLACE, end)) == "forbidden"
    assert office.client("lanh.dao").post(PLACE, end).status_code == 302
    assert refusal(office.client("lanh.dao").post(PLACE, end)) == "illegal_move"
    assert CLAUSE in office.client("kiem.tra").get(PLACE).content.decode()
    assert record(office, keyword="rà soát") == ""
    shown = re.findall(r'data-rule="(\d+)"', office.client("kiem.tra").get(PLACE).content.decode())
    assert shown == [str(DirectRule.objects.get(ended_at=None).pk), str(rule.pk)]  # what holds stands first
    document = came(hub)
    assert press(office, "van.thu", document, "accept") == ""
    assert press(office, "van.thu", document, "direct") == "no_direct_rule"


def test_a_recall_stops_it(office: Office, hub: MemoryHub) -> None:
    assert record(office, type_name=CALM.kind_name) == ""
    document = came(hub)
    assert press(office, "van.thu", document, "accept") == ""
    recalled(hub)
    assert press(office, "van.thu", document, "direct") == "frozen"
    assert document.state == "accepted"
