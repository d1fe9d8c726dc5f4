"""The way of a dossier to the agency's archive (Decree 30/2020, Articles 30–31; Annex V, III and V; Annex VI, III.5)."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pypdf
import pytest

from lienthong.journal.models import Event
from lienthong.office.dossiers import archive
from lienthong.office.dossiers.limits import WARNED_BEFORE, months_after, submit_by
from lienthong.office.models import Dossier, Notice
from lienthong.office.people import setup
from lienthong.standards.workdays import WorkCalendar
from tests.service.office.conftest import Office, now
from tests.service.office.dossiers import TODAY, act, closed, said, submitted, taken
from tests.service.office.furnished import yesterday

WHY = "Thiếu biên bản họp, đề nghị bổ sung"
PUBLIC = WorkCalendar()
PLACE = "/ho-so/nop-luu/"


def text_of(pdf: bytes) -> str:
    pages = pypdf.PdfReader(BytesIO(pdf)).pages
    return " ".join(" ".join(one.extract_text() for one in pages).split())


def second_clerk(office: Office) -> None:
    person = setup.install_person(office.organization, login="luu.tru", name="Ngô Lưu Trữ", password="x", at=now())
    setup.install_post(person, office.units["HC"], "clerk", position="Lưu trữ viên", since=yesterday())
    office.people["luu.tru"] = person


def test_the_times_are_those_of_the_law() -> None:
    assert submit_by("work", 20, date(2025, 3, 3), calendar=PUBLIC) == date(2026, 3, 3)
    assert submit_by("work", None, date(2025, 3, 3), calendar=PUBLIC) == date(2026, 3, 3)
    assert submit_by("work", 4, date(2025, 3, 3), calendar=PUBLIC) is None
    assert submit_by("construction", 5, date(2025, 11, 30), calendar=PUBLIC) == date(
        2026, 3, 2
    )  # 28 February is a Saturday
    assert submit_by("work", 5, date(2025, 1, 1), calendar=PUBLIC) == date(
        2026, 1, 5
    )  # New Year, the day off for it, a weekend
    assert months_after(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert months_after(date(2025, 11, 30), 3) == date(2026, 2, 28)


@pytest.mark.law("D30-30-1")
@pytest.mark.refuses("D30-30-1")
def test_only_what_is_kept_five_years_goes_to_the_archive_within_a_year_of_its_end(office: Office) -> None:
    ended = TODAY() - timedelta(days=100)
    kept, short = closed(office, ended_on=ended), closed(office, ended_on=ended, retention="4", code="06.KSTT")
    building = closed(office, ended_on=ended, code="07.KSTT", kind="construction")
    assert kept.submit_by == submit_by("work", 10, ended, calendar=PUBLIC)
    assert building.submit_by == submit_by("construction", 10, ended, calendar=PUBLIC)
    assert short.submit_by is None
    shown = office.client("chuyen.vien").get(PLACE).content.decode()
    assert 'data-waiting="05.KSTT"' in shown
    assert 'data-waiting="06.KSTT"' not in shown
    assert shown.index('data-waiting="07.KSTT"') < shown.index('data-waiting="05.KSTT"')  # what is due first
    assert "quá hạn" in shown
    form = {"act": "submit", "dossier": [short.pk], "title": "Hồ sơ"}
    assert said(office.client("chuyen.vien").post(PLACE, form)) == "missing"  # it is not among what waits
    assert said(office.client("chuyen.vien").post(PLACE, {**form, "dossier": [kept.pk], "title": " "})) == "missing"
    assert said(office.client("the.thuc").post(PLACE, {**form, "dossier": [kept.pk]})) == "missing"


@pytest.mark.law("AVI-5b")
def test_thirty_days_before_it_is_due_its_keeper_and_the_units_head_are_told_once(office: Office) -> None:
    soon = closed(office, ended_on=months_after(TODAY(), -12) + timedelta(days=20))
    late = closed(office, ended_on=months_after(TODAY(), -12) + timedelta(days=60), code="06.KSTT")
    assert soon.submit_by is not None
    assert soon.submit_by <= TODAY() + WARNED_BEFORE
    assert archive.warn(office.organization, at=now()) == 1
    assert archive.warn(office.organization, at=now()) == 0
    for login in ("chuyen.vien", "truong.dv"):
        assert Notice.objects.filter(person=office[login], link=f"/ho-so/{soon.pk}/").count() == 1
        today = office.client(login).get("/").content.decode()
        assert 'data-list="dossier"' in today
        assert soon.code in today
        assert late.code not in today
    assert 'data-list="dossier"' not in office.client("the.thuc").get("/").content.decode()
    assert Event.objects.get(name="dossier.due").data["due"] == soon.submit_by.isoformat()


@pytest.mark.law("D30-30-2", "AVI-5c", "AVI-OUT")
def test_the_archive_checks_against_the_list_and_takes_over(office: Office) -> None:
    first = closed(office, ended_on=TODAY())
    second = closed(office, ended_on=TODAY(), code="06.KSTT", title="Báo cáo năm")
    made = submitted(office, first, second)
    for one in (first, second):
        one.refresh_from_db()
        assert one.state == "submitted"
    assert 'data-list="submission"' in office.client("van.thu").get("/").content.decode()
    place = f"{PLACE}{made.pk}/"
    shown = office.client("van.thu").get(place).content.decode()
    assert 'data-dossier="05.KSTT"' in shown
    assert "2 hồ sơ, 2 tệp tin" in " ".join(shown.split())
    for login in ("chuyen.vien", "truong.dv", "lanh.dao"):
        assert said(office.client(login).post(place, {"act": "take_over"})) == "forbidden"
    assert office.client("the.thuc").get(place).status_code == 404
    assert said(office.client("van.thu").post(place, {"act": "nothing"})) == "missing"
    assert said(office.client("van.thu").post(place, {"act": "take_over"})) == ""
    assert said(office.client("van.thu").post(place, {"act": "take_over"})) == "illegal_move"
    for one in (first, second):
        one.refresh_from_db()
        assert one.state == "archived"
        assert one.archived_at is not None
        assert act(office, "chuyen.vien", one, "say", text="Muộn") == "dossier_shut"
        assert act(office, "lanh.dao", one, "reopen", reason=WHY) == "illegal_move"
    assert Notice.objects.filter(person=office["chuyen.vien"], text__contains="Lưu trữ đã nhận").exists()
    # Its papers, in the layouts of Annex V: the list of seven columns, and the minutes in two copies.
    listed = text_of(taken(office.client("chuyen.vien").get(f"{place}muc-luc/pdf/")))
    for words in (
        "MỤC LỤC HỒ SƠ, TÀI LIỆU NỘP LƯU", "Mục lục này gồm: 2 hồ sơ (đơn vị bảo quản).",
        "Viết bằng chữ: Hai hồ sơ (đơn vị bảo quản).", "(7)", "05.KSTT", "Báo cáo năm", "10 năm", "Người lập",
    ):  # fmt: skip
        assert words in listed, words
    assert taken(office.client("van.thu").get(f"{place}muc-luc/xlsx/")).startswith(b"PK")
    minutes = taken(office.client("van.thu").get(f"{place}bien-ban/pdf/"))
    assert len(pypdf.PdfReader(BytesIO(minutes)).pages) % 2 == 0
    told = text_of(minutes)
    for words in (
        "Giao nhận hồ sơ, tài liệu", "BÊN NHẬN: (Lưu trữ cơ quan)", f"Ông (bà): {office['chuyen.vien'].full_name}",
        f"Ông (bà): {office['van.thu'].full_name}", "Tổng số hồ sơ: 2", "Tổng số tệp tin trong hồ sơ: 2",
        "Tình trạng tài liệu giao nộp: Tốt", "lập thành hai bản",
    ):  # fmt: skip
        assert told.count(words) == 2, words
    for paper in ("muc-luc/doc", "bien-ban/xlsx", "khac/pdf"):
        assert office.client("van.thu").get(f"{place}{paper}/").status_code == 404


@pytest.mark.law("D30-30-2")
def test_the_archive_gives_back_with_a_reason_and_the_keeper_hands_in_again(office: Office) -> None:
    dossier = closed(office, ended_on=TODAY())
    made = submitted(office, dossier)
    place = f"{PLACE}{made.pk}/"
    assert said(office.client("van.thu").post(place, {"act": "send_back", "reason": "ngắn"})) == "reason_needed"
    assert said(office.client("van.thu").post(place, {"act": "send_back", "reason": WHY})) == ""
    dossier.refresh_from_db()
    assert dossier.state == "closed"
    assert WHY in office.client("chuyen.vien").get(place).content.decode()
    assert said(office.client("van.thu").post(place, {"act": "take_over"})) == "illegal_move"
    assert act(office, "lanh.dao", dossier, "reopen", reason=WHY) == ""
    again = {"title": dossier.title, "code": dossier.code, "retention": "10", "ended_on": TODAY().isoformat()}
    assert act(office, "chuyen.vien", dossier, "close", **again) == ""
    assert submitted(office, dossier).pk != made.pk


@pytest.mark.law("D30-30-2")
def test_who_hands_in_does_not_take_over(office: Office) -> None:
    second_clerk(office)
    dossier = closed(office, ended_on=TODAY())
    Dossier.objects.filter(pk=dossier.pk).update(keeper=office["van.thu"])
    made = submitted(office, dossier, login="van.thu")
    place = f"{PLACE}{made.pk}/"
    assert 'data-list="submission"' not in office.client("van.thu").get("/").content.decode()
    for form in ({"act": "take_over"}, {"act": "send_back", "reason": WHY}):
        assert said(office.client("van.thu").post(place, form)) == "own_submission"
    assert said(office.client("luu.tru").post(place, {"act": "take_over"})) == ""


@pytest.mark.law("D30-30-1")
@pytest.mark.refuses("D30-30-1")
def test_it_is_kept_back_two_years_at_most_by_written_consent_and_listed(office: Office) -> None:
    dossier = closed(office, ended_on=TODAY() - timedelta(days=300))
    assert dossier.submit_by is not None
    last = months_after(dossier.submit_by, 24)
    form = {"until": last.isoformat(), "consent": "45/VPCP-HC ngày 02/11/2026"}
    for login in ("chuyen.vien", "truong.dv", "van.thu"):
        assert act(office, login, dossier, "keep_back", **form) == "forbidden"
    for changes, code in (
        ({"consent": " "}, "missing"), ({"until": ""}, "missing"),
        ({"until": (last + timedelta(days=1)).isoformat()}, "kept_too_long"),
        ({"until": dossier.submit_by.isoformat()}, "kept_too_long"),
    ):  # fmt: skip
        assert act(office, "lanh.dao", dossier, "keep_back", **{**form, **changes}) == code, changes
    assert act(office, "lanh.dao", dossier, "keep_back", **form) == ""
    assert Notice.objects.filter(person=office["van.thu"], link=f"/ho-so/{dossier.pk}/").exists()
    assert 'data-kept="05.KSTT"' in office.client("van.thu").get(PLACE).content.decode()
    assert 'data-kept="05.KSTT"' not in office.client("chuyen.vien").get(PLACE).content.decode()
    listed = text_of(taken(office.client("van.thu").get(f"{PLACE}giu-lai/pdf/")))
    assert "DANH MỤC HỒ SƠ, TÀI LIỆU GIỮ LẠI" in listed
    assert "02/11/2026" in listed
    assert 'data-list="dossier"' not in office.client("chuyen.vien").get("/").content.decode()  # not due before its day
    short = closed(office, ended_on=TODAY(), retention="4", code="06.KSTT")
    assert act(office, "lanh.dao", short, "keep_back", **form) == "not_submittable"
