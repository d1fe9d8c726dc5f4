"""«Lịch làm việc»: what is decided about a day takes precedence, deadlines keep what they were counted by, open ones
move with it."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from lxml import html

from lienthong.journal.models import Event
from lienthong.office.models import CalendarOverride, Notice, Organization
from lienthong.office.outgoing import deadlines, issuing
from lienthong.office.people import calendar
from lienthong.standards.times import VIETNAM
from lienthong.standards.workdays import WorkCalendar
from tests.service.office.conftest import Office, issued, now, refusal, sealed, signed
from tests.unit.standards.test_workdays import VECTORS

PLACE = "/co-quan/lich-lam-viec/"
DECISION = "9441/TB-BNV ngày 16/10/2025"


def decide(client: Client, about: date, kind: str = "off", **changes: str) -> str:
    """Record a day as the page does; the code of the refusal."""
    said = {
        "act": "decide",
        "day": about.isoformat(),
        "kind": kind,
        "reason": "Hoán đổi ngày làm việc",
        "decision_ref": DECISION,
    }
    answer = client.post(PLACE, said | changes)
    return "" if answer.status_code == 302 else refusal(answer)


def off_days(client: Client, year: int) -> dict[date, bool]:
    """Each day of a year as the page shows it: whether it is off."""
    page = html.fromstring(client.get(f"{PLACE}?nam={year}").content)
    cells = page.xpath("//td[@data-day]")
    return {date.fromisoformat(one.get("data-day")): one.get("class") in ("off", "rest") for one in cells}


@pytest.mark.law("CAL-4")
def test_the_year_shows_the_next_working_day_of_every_worked_example(office: Office) -> None:
    client = office.client("van.thu")
    days: dict[date, bool] = {}
    for year in sorted({day.year for pair in VECTORS for day in pair}):
        shown = off_days(client, year)
        assert len(shown) in (365, 366)
        days |= shown
    for signed_on, morning in VECTORS:
        following = signed_on + timedelta(days=1)
        while days[following]:
            following += timedelta(days=1)
        assert following == morning, signed_on


@pytest.mark.law("CAL-1")
def test_a_decision_of_the_administrator_takes_precedence_and_can_be_withdrawn(office: Office) -> None:
    client, other = office.client("quan.tri"), office.client("van.thu")
    monday = timezone.localdate() + timedelta(days=7 - timezone.localdate().weekday() + 14)
    saturday = monday + timedelta(days=5)
    while not WorkCalendar().is_workday(monday) or WorkCalendar().is_workday(saturday):
        monday, saturday = monday + timedelta(days=7), saturday + timedelta(days=7)
    assert decide(client, monday) == ""
    assert decide(client, saturday, "work") == ""
    assert off_days(other, monday.year)[monday]
    assert not off_days(other, saturday.year)[saturday]
    page = client.get(f"{PLACE}?nam={monday.year}").content.decode()
    assert DECISION in page
    assert decide(client, monday, "work") == "day_decided"
    row = CalendarOverride.objects.get(day=monday)
    assert client.post(PLACE, {"act": "withdraw", "row": row.pk, "reason": "Ghi nhầm ngày"}).status_code == 302
    assert not off_days(other, monday.year)[monday]
    assert "Ghi nhầm ngày" in client.get(f"{PLACE}?nam={monday.year}").content.decode(), "nothing is erased"
    assert refusal(client.post(PLACE, {"act": "withdraw", "row": row.pk, "reason": "Ghi nhầm ngày"})) == "not_found"
    assert decide(client, monday) == ""
    told = Event.objects.filter(subject_kind="calendar").order_by("id")
    assert [event.name for event in told] == [
        "calendar.day_decided", "calendar.day_decided", "calendar.day_withdrawn", "calendar.day_decided",
    ]  # fmt: skip
    assert [event.data["version"] for event in told] == [1, 2, 3, 4]


def test_what_is_no_decision_is_refused_by_name(office: Office) -> None:
    client, today = office.client("quan.tri"), timezone.localdate()
    sunday = today + timedelta(days=6 - today.weekday())
    assert decide(client, sunday) == "day_is_so"
    assert decide(client, today + timedelta(days=2000)) == "bad_day"
    assert decide(client, sunday, "work", decision_ref=" ") == "missing"
    assert decide(client, sunday, "work", reason=" ") == "missing"
    assert decide(client, sunday, "holiday") == "missing"
    assert decide(client, sunday, "work", day="") == "missing"
    assert decide(office.client("lanh.dao"), sunday, "work") == "forbidden"
    assert CalendarOverride.objects.count() == 0
    assert Organization.objects.get(code="G22").calendar_version == 0


@pytest.mark.law("CAL-2", "CAL-3")
def test_open_deadlines_move_with_the_calendar_and_those_of_what_was_sent_stay(office: Office) -> None:
    sent, waiting, urgent = issued(office), sealed(office), signed(office, urgency=1)
    before, sent_due, urgent_due = waiting.send_due, sent.send_due, urgent.send_due
    assert before is not None
    assert waiting.send_calendar == 0
    following = before.astimezone(VIETNAM).date()
    client = office.client("quan.tri")
    assert decide(client, following) == ""
    for document in (sent, waiting, urgent):
        document.refresh_from_db()
    expected = WorkCalendar().next_workday(following)
    assert waiting.send_due == datetime.combine(expected, before.astimezone(VIETNAM).time(), VIETNAM)
    assert (waiting.send_calendar, sent.send_calendar, sent.send_due) == (1, 0, sent_due)
    assert urgent.send_due == urgent_due
    event = Event.objects.get(name="outgoing.deadline_counted_anew")
    assert (event.subject, event.data["version"]) == (str(waiting.pk), 1)
    notice = Notice.objects.get(person=office["van.thu"], text__startswith="Hạn gửi đổi")
    assert notice.link == f"/van-ban-di/{waiting.pk}/"
    kept = calendar.calendar_of(office.organization, 0), calendar.calendar_of(office.organization, 1)
    assert [one.is_workday(following) for one in kept] == [True, False]

    later = signed(office)
    assert (later.send_due, later.send_calendar) == (waiting.send_due, 1)
    issuing.issue(waiting, actor=office["van.thu"], at=now(), incomplete="Phụ lục gửi sau")
    row = CalendarOverride.objects.get()
    client.post(PLACE, {"act": "withdraw", "row": row.pk, "reason": "Quyết định bị bãi bỏ"})
    for document in (waiting, later):
        document.refresh_from_db()
    assert (waiting.send_calendar, waiting.send_due) != (2, before), "it was sent"
    assert (later.send_calendar, later.send_due) == (2, before)


def test_what_was_signed_while_the_calendar_changed_is_counted_anew_by_the_worker(office: Office) -> None:
    document = sealed(office)
    assert document.send_due is not None
    decide(office.client("quan.tri"), document.send_due.astimezone(VIETNAM).date())
    type(document).objects.filter(pk=document.pk).update(send_due=document.send_due, send_calendar=0)
    assert deadlines.settle(office.organization, at=now()) == 1
    assert deadlines.settle(office.organization, at=now()) == 0
