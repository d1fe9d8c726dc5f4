"""Thông báo nội bộ: who publishes to whom, until when it stands, who has read it; and that it stays inside."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from lienthong.journal.models import Event
from lienthong.office.models import Announcement, Notice
from lienthong.runtime.demo.cast import H41
from lienthong.testing.pki import TestAuthority
from tests.service.office.conftest import Office, install, refusal

PLACE = "/thong-bao/noi-bo/"
NEW = 'data-list="announcement"'


def publish(office: Office, login: str, **changes: object) -> str:
    """The code of the refusal, or "" when it was published."""
    form = {"act": "publish", "title": "Họp giao ban", "text": "Họp lúc 14 giờ.", "until": day(), **changes}
    answer = office.client(login).post(PLACE, form)
    return "" if answer.status_code == 302 else refusal(answer)


def day(days: int = 0) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def page(office: Office, login: str, place: str = "/") -> str:
    return office.client(login).get(place).content.decode()


def test_what_is_older_is_one_click_away_and_a_last_page_that_is_full_leads_no_further(office: Office) -> None:
    leader = office["lanh.dao"]
    facts = {"organization": leader.organization, "published_by": leader, "published_at": timezone.now()}
    made = [
        Announcement(title=f"Số {number}", text="Họp.", until=timezone.localdate(), **facts) for number in range(51)
    ]
    oldest, *rest = Announcement.objects.bulk_create(made)
    first = page(office, "lanh.dao", PLACE)
    assert re.findall(r"duoi=(\d+)", first) == [str(rest[0].pk)]
    assert re.findall(r'data-announcement="(\d+)"', first) == [str(one.pk) for one in reversed(rest)]
    last = page(office, "lanh.dao", f"{PLACE}?duoi={rest[0].pk}")
    assert re.findall(r'data-announcement="(\d+)"', last) == [str(oldest.pk)]
    oldest.delete()
    assert "duoi=" not in page(office, "lanh.dao", PLACE)


@pytest.mark.parametrize("login", ["lanh.dao", "van.thu", "quan.tri"])
def test_the_whole_agency_is_told_by_leaders_clerks_and_administrators(office: Office, login: str) -> None:
    assert publish(office, login) == ""
    made = Announcement.objects.get()
    told = set(made.addressees.values_list("person", flat=True))
    assert told == {one.pk for one in office.people.values()}
    assert NEW not in page(office, login)  # who published it knows it
    assert NEW in page(office, "chuyen.vien")
    assert Notice.objects.filter(link=f"{PLACE}{made.pk}/").count() == len(told) - 1
    assert Event.objects.filter(name="announcement.published", subject=str(made.pk)).count() == 1


def test_a_head_tells_the_unit_and_nobody_else(office: Office) -> None:
    unit, other = office["truong.dv"].posts.get().unit_id, office["van.thu"].posts.get().unit_id
    assert unit != other
    for login in ("chuyen.vien", "kiem.tra", "the.thuc"):
        assert publish(office, login) == "forbidden", login
        assert publish(office, login, units=[unit]) == "forbidden", login
    for units in ([], [other], [unit, other]):
        assert publish(office, "truong.dv", units=units) == "forbidden", units
    assert publish(office, "truong.dv", units=[unit]) == ""
    made = Announcement.objects.get()
    assert office.client("chuyen.vien").get(f"{PLACE}{made.pk}/").status_code == 200
    assert office.client("van.thu").get(f"{PLACE}{made.pk}/").status_code == 404
    assert NEW not in page(office, "van.thu")
    assert NEW not in page(office, "lanh.dao")  # a leader may read it, and is not told of it
    assert made.title in page(office, "lanh.dao", PLACE)


def test_what_is_published_says_something_and_until_when(office: Office) -> None:
    for changes, code in (
        ({"title": " "}, "missing"),
        ({"text": " "}, "missing"),
        ({"title": "a" * 201}, "text_too_long"),
        ({"text": "a" * 10_001}, "text_too_long"),
        ({"until": ""}, "announcement_time"),
        ({"until": day(-1)}, "announcement_time"),
        ({"until": day(400)}, "announcement_time"),
        ({"act": "other"}, "missing"),
    ):
        assert publish(office, "van.thu", **changes) == code, changes
    assert not Announcement.objects.exists()
    # As long as the field takes it, whole: a form sends two characters for the end of a line.
    assert 'maxlength="10000"' in page(office, "van.thu", PLACE)
    lines = "dòng\r\n" * 1_999 + "x" * 5
    assert publish(office, "van.thu", text=lines) == ""
    assert Announcement.objects.get().text == lines.replace("\r\n", "\n")


def test_who_opens_it_has_read_it_and_who_published_it_sees_who(office: Office) -> None:
    assert publish(office, "van.thu") == ""
    made = Announcement.objects.get()
    place = f"{PLACE}{made.pk}/"
    mine = Notice.objects.filter(person=office["chuyen.vien"], link=place)
    assert mine.get().seen_at is None
    assert "Họp lúc 14 giờ." in page(office, "chuyen.vien", place)
    assert mine.get().seen_at is not None
    assert NEW not in page(office, "chuyen.vien")
    assert "data-read" not in page(office, "chuyen.vien", place)
    for login in ("van.thu", "lanh.dao"):
        marks = re.search(r'data-read="(\d+)" data-all="(\d+)"', page(office, login, place))
        assert marks is not None, login
    assert marks is not None
    assert (int(marks[1]), int(marks[2])) == (3, len(office.people))  # the clerk, the specialist, and now the leader
    # After its last day it is no news any more, and can be read still.
    Announcement.objects.update(until=timezone.localdate() - timedelta(days=1))
    assert NEW not in page(office, "truong.dv")
    assert made.title in page(office, "truong.dv", PLACE)


def test_what_is_withdrawn_is_gone_for_whom_it_was(office: Office) -> None:
    assert publish(office, "van.thu") == ""
    made = Announcement.objects.get()
    place = f"{PLACE}{made.pk}/"
    assert refusal(office.client("chuyen.vien").post(place, {"act": "withdraw"})) == "forbidden"
    assert office.client("lanh.dao").post(place, {"act": "withdraw"}).status_code == 302
    for login in ("chuyen.vien", "van.thu", "lanh.dao"):
        assert office.client(login).get(place).status_code == 404
        assert made.title not in page(office, login, PLACE)
    assert NEW not in page(office, "chuyen.vien")
    assert not Notice.objects.filter(link=place).exists()
    assert Event.objects.filter(name="announcement.withdrawn").count() == 1


@pytest.mark.law("SEC-6")
def test_another_agency_hears_nothing_of_it(office: Office, authority: TestAuthority, tmp_path) -> None:  # type: ignore[no-untyped-def]

    other = install(H41, authority, tmp_path)
    assert publish(office, "van.thu") == ""
    made = Announcement.objects.get()
    for login in other.people:
        assert other.client(login).get(f"{PLACE}{made.pk}/").status_code == 404
        assert made.title not in page(other, login, PLACE)
