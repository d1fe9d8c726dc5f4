"""Hồ sơ công việc: tasks with a person, a deadline and a progress, dossiers within a larger one, documents drafted for
the work, and how it goes by unit (Decree 30/2020, Article 29; Annex VI, III.4)."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.utils import timezone

from lienthong.journal.models import AccessLog, Event
from lienthong.office.dossiers import tasks
from lienthong.office.models import Dossier, DossierTask, Notice, OutgoingDocument, Role
from lienthong.office.people import setup
from tests.service.office.conftest import Office, now, refusal
from tests.service.office.dossiers import act, facts, opened, page, said, taken, with_material

TODAY = timezone.localdate


def gave(office: Office, dossier: Dossier, login: str = "chuyen.vien", **form: object) -> DossierTask:
    """A task in this dossier for the head of the unit."""
    told = {"text": "Tổng hợp số liệu", "doer": office["truong.dv"].pk, **form}
    assert act(office, login, dossier, "task", **told) == ""
    return dossier.tasks.latest("pk")


def home(office: Office, login: str) -> str:
    return office.client(login).get("/").content.decode()


def draft_form(office: Office, **changes: object) -> dict[str, object]:
    unit = office["chuyen.vien"].posts.earliest("pk").unit_id
    return {
        "unit": unit, "type": "Công văn", "subject": "V/v rà soát", "body": "Đề nghị rà soát./.", "urgency": "0",
        "signer": office["lanh.dao"].pk, "recipients": "H26", "recipients_text": "- Như trên;\n- Lưu: VT.",
        "addressees": "Ủy ban nhân dân thành phố Hà Nội", "origin": "digital", "act": "save", **changes,
    }  # fmt: skip


def test_a_task_has_who_does_it_and_until_when_and_says_how_far_it_is(office: Office) -> None:
    last = TODAY() + timedelta(days=20)
    dossier = opened(office, due_on=last.isoformat())
    doer = office["van.thu"]
    assert office.client("van.thu").get(f"/ho-so/{dossier.pk}/").status_code == 404
    for form, code in (
        ({"text": " ", "doer": doer.pk}, "missing"),
        ({"text": "Việc", "doer": ""}, "missing"),
        ({"text": "Việc", "doer": office["quan.tri"].pk}, "missing"),
        ({"text": "a" * 501, "doer": doer.pk}, "text_too_long"),
        ({"text": "Việc", "doer": doer.pk, "due_on": (last + timedelta(days=1)).isoformat()}, "task_outlasts_work"),
        (
            {"text": "Việc", "doer": doer.pk, "due_on": (TODAY() - timedelta(days=400)).isoformat()},
            "task_outlasts_work",
        ),
    ):
        assert act(office, "chuyen.vien", dossier, "task", **form) == code, form
    client, place = office.client("chuyen.vien"), f"/ho-so/{dossier.pk}/"
    early = (TODAY() - timedelta(days=400)).isoformat()
    form = {"act": "task", "text": "Việc", "doer": doer.pk, "due_on": early}
    begun = f"{dossier.started_on:%d/%m/%Y}"
    assert f"từ {begun} đến {last:%d/%m/%Y}" in client.post(place, form).content.decode()
    endless = opened(office, code="05b.KSTT")
    assert f"từ {begun} trở đi" in client.post(f"/ho-so/{endless.pk}/", form).content.decode()
    task = gave(office, dossier, doer=doer.pk, due_on=last.isoformat())
    # Who has it sees the dossier, the bell tells them, and it waits on their first page.
    assert dossier.members.get().person == doer
    assert Notice.objects.filter(person=doer, link=f"/ho-so/{dossier.pk}/", text__contains="Tổng hợp số liệu").exists()
    assert 'data-list="dossier-task" data-count="1"' in home(office, "van.thu")
    assert 'data-list="dossier-task"' not in home(office, "chuyen.vien")
    assert act(office, "van.thu", dossier, "task_report", task=task.pk, progress="101") == "missing"
    long = act(office, "van.thu", dossier, "task_report", task=task.pk, progress="40", note="a" * 501)
    assert long == "text_too_long"
    assert act(office, "chuyen.vien", dossier, "task_drop", task=task.pk, reason="a" * 501) == "text_too_long"
    assert act(office, "van.thu", dossier, "task_report", task=task.pk, progress="40", note="Chờ 3 tỉnh") == ""
    assert "Chờ 3 tỉnh" in page(office, "chuyen.vien", dossier)
    assert act(office, "van.thu", dossier, "task_drop", task=task.pk, reason="Không cần nữa đâu") == "forbidden"
    assert act(office, "van.thu", dossier, "task_report", task=task.pk, progress="100") == ""
    task.refresh_from_db()
    assert (task.state, task.progress) == ("done", 100)
    assert Notice.objects.filter(person=office["chuyen.vien"], text__startswith="Xong nhiệm vụ").exists()
    assert 'data-list="dossier-task"' not in home(office, "van.thu")
    # What ended stays so.
    assert act(office, "van.thu", dossier, "task_report", task=task.pk, progress="10") == "illegal_move"
    assert act(office, "chuyen.vien", dossier, "task_drop", task=task.pk, reason="Không cần nữa đâu") == "illegal_move"
    names = Event.objects.filter(subject_kind="dossier", name__startswith="dossier.task").values_list("name", flat=True)
    assert list(names.order_by("id")) == ["dossier.task_given", "dossier.task_reported", "dossier.task_reported"]


def test_a_task_of_another_dossier_is_not_found_and_one_may_not_report_anothers(office: Office) -> None:
    one, other = opened(office), opened(office, code="06.KSTT")
    task = gave(office, one)
    assert act(office, "chuyen.vien", one, "member", person=office["van.thu"].pk) == ""
    assert act(office, "van.thu", one, "task_report", task=task.pk, progress="10") == "forbidden"
    answer = office.client("chuyen.vien").post(
        f"/ho-so/{other.pk}/", {"act": "task_report", "task": task.pk, "progress": "10"}
    )  # fmt: skip
    assert refusal(answer) == "not_found"
    assert "Hồ sơ không có nhiệm vụ này." in answer.content.decode()
    task.refresh_from_db()
    assert task.progress == 0


def test_many_tasks_are_shown_by_pages(office: Office) -> None:
    dossier = opened(office)
    first = gave(office, dossier)
    DossierTask.objects.bulk_create(
        DossierTask(dossier=dossier, text=f"Việc {n}", person=first.person, given_at=now(), given_by=first.given_by)
        for n in range(29)
    )
    place, client = f"/ho-so/{dossier.pk}/", office.client("chuyen.vien")
    shown = [client.get(f"{place}?nhiem-vu={number}").content.decode() for number in (1, 2)]
    assert [text.count("<tr data-task=") for text in shown] == [25, 5]
    assert [text.count('<dialog id="task-') for text in shown] == [25, 5]
    assert "?nhiem-vu=2#nhiem-vu" in shown[0]
    assert re.search(r"Nhiệm vụ\s*<b>30</b>", shown[1])  # all that is to be done, not of this page alone


def test_who_has_a_task_is_reminded_once_before_and_once_after_its_day(office: Office) -> None:
    dossier = opened(office)
    late = gave(office, dossier, due_on=(TODAY() - timedelta(days=1)).isoformat())
    soon = gave(office, dossier, text="Soát lại", due_on=TODAY().isoformat())
    far = gave(office, dossier, text="Báo cáo", due_on=(TODAY() + timedelta(days=30)).isoformat())
    done = gave(office, dossier, text="Xong rồi", due_on=(TODAY() - timedelta(days=2)).isoformat())
    assert act(office, "truong.dv", dossier, "task_report", task=done.pk, progress="100") == ""
    Notice.objects.all().delete()
    assert tasks.remind(office.organization, at=now()) == 2
    assert tasks.remind(office.organization, at=now()) == 0
    told = set(Notice.objects.values_list("person", "text"))
    heard = {(person, text.partition(":")[0].partition(" ")[0]) for person, text in told}
    doer, keeper = office["truong.dv"].pk, office["chuyen.vien"].pk
    assert heard == {(doer, "Quá"), (keeper, "Quá"), (doer, "Sắp")}
    assert not any(far.text in text or done.text in text for _, text in told)
    shown = page(office, "truong.dv", dossier)
    assert f'data-task="{late.pk}"' in shown
    assert "Quá hạn" in shown
    # The next day what was soon due is late.
    assert tasks.remind(office.organization, at=now() + timedelta(days=1)) == 1
    soon.refresh_from_db()
    assert soon.reminded == "over"


def test_who_sees_no_dossiers_any_more_hears_of_no_task(office: Office) -> None:
    dossier = opened(office)
    gave(office, dossier, due_on=TODAY().isoformat())
    doer = office["truong.dv"]
    setup.install_post(doer, doer.posts.get().unit, Role.ADMINISTRATOR, position="Quản trị", since=TODAY())
    Notice.objects.all().delete()
    assert tasks.remind(office.organization, at=now()) == 1
    assert not Notice.objects.filter(person=doer).exists()
    assert "Tổng hợp số liệu" not in home(office, "truong.dv")


def test_nobody_has_a_task_in_a_dossier_that_they_do_not_see(office: Office) -> None:
    dossier = opened(office)
    task, own = gave(office, dossier), gave(office, dossier, doer=office["chuyen.vien"].pk)
    member = dossier.members.get(person=office["truong.dv"])
    assert act(office, "chuyen.vien", dossier, "end_member", member=member.pk) == "member_has_tasks"
    assert act(office, "chuyen.vien", dossier, "task_drop", task=task.pk, reason="Giao cho người khác") == ""
    assert act(office, "chuyen.vien", dossier, "end_member", member=member.pk) == ""
    # A new keeper takes over what the one before had to do.
    form = {"before": office["chuyen.vien"].pk, "dossier": [dossier.pk], "receiver": office["van.thu"].pk}
    why = {"reason": "Chuyển công tác từ tháng sau"}
    assert said(office.client("chuyen.vien").post("/ho-so/ban-giao/", {**form, **why})) == ""
    own.refresh_from_db()
    task.refresh_from_db()
    assert own.person == office["van.thu"]
    assert task.person == office["truong.dv"]  # what ended stays as it was
    assert 'data-list="dossier-task" data-count="1"' in home(office, "van.thu")


@pytest.mark.law("D30-29-2")
def test_a_dossier_is_not_closed_before_its_tasks_and_its_parts(office: Office) -> None:
    dossier = opened(office)
    with_material(office, dossier)
    task = gave(office, dossier)
    part = opened(office, code="05a.KSTT", part_of=dossier.pk)
    ending = {"title": dossier.title, "code": dossier.code, "retention": "10", "ended_on": TODAY().isoformat()}
    assert act(office, "chuyen.vien", dossier, "close", **ending) == "tasks_open"
    assert act(office, "chuyen.vien", dossier, "task_drop", task=task.pk, reason="Cục khác đã làm") == ""
    assert act(office, "chuyen.vien", dossier, "close", **ending) == "parts_open"
    with_material(office, part)
    assert act(office, "chuyen.vien", part, "close", **{**ending, "code": part.code}) == ""
    assert act(office, "chuyen.vien", dossier, "close", **ending) == ""
    again = {"reason": "Còn văn bản phải bổ sung"}
    assert act(office, "lanh.dao", part, "reopen", **again) == "illegal_move", "the whole is closed"
    assert act(office, "chuyen.vien", dossier, "task", text="Việc", doer=office["truong.dv"].pk) == "dossier_shut"
    form = facts(code="05b.KSTT", part_of=dossier.pk)
    assert said(office.client("chuyen.vien").post("/ho-so/mo/", form)) == "dossier_shut"


def test_the_keeper_of_the_whole_sees_its_parts_and_others_see_only_their_own(office: Office) -> None:
    whole = opened(office, "van.thu", code="10.VP")
    assert act(office, "van.thu", whole, "member", person=office["chuyen.vien"].pk) == ""
    part = opened(office, part_of=whole.pk)
    assert part.parent == whole
    dialog = office.client("chuyen.vien").get(f"/ho-so/mo/?thuoc={whole.pk}").content.decode().partition("<dialog")[2]
    assert "Mở hồ sơ con" in dialog
    assert "Hồ sơ ngoài Danh mục" not in dialog
    assert f'data-part="{part.code}"' in page(office, "van.thu", whole)
    assert "data-larger" in page(office, "van.thu", part)
    assert act(office, "van.thu", whole, "member", person=office["the.thuc"].pk) == ""
    assert f'data-part="{part.code}"' not in page(office, "the.thuc", whole)
    assert office.client("the.thuc").get(f"/ho-so/{part.pk}/").status_code == 404
    # Whoever does not see the whole opens no part of it.
    form = facts(code="11.VP", part_of=whole.pk)
    assert said(office.client("truong.dv").post("/ho-so/mo/", form)) == "not_found"
    assert office.client("chuyen.vien").get(f"/ho-so/mo/?thuoc={whole.pk}").status_code == 200


def test_what_is_drafted_for_the_work_lies_in_its_dossier(office: Office) -> None:
    dossier, client = opened(office), office.client("chuyen.vien")
    assert f"?ho-so={dossier.pk}" in page(office, "chuyen.vien", dossier)
    assert (
        f'name="dossier" value="{dossier.pk}"' in client.get(f"/van-ban-di/soan/?ho-so={dossier.pk}").content.decode()
    )
    answer = client.post("/van-ban-di/soan/", draft_form(office, dossier=dossier.pk))
    assert answer.status_code == 302, answer.content.decode()
    made = OutgoingDocument.objects.get()
    assert dossier.items.get().outgoing == made
    assert not dossier.items.get().shared
    assert f"/van-ban-di/{made.pk}/" in page(office, "chuyen.vien", dossier)
    # Where the dossier takes nothing, no draft is left behind.
    hold = {"reference": "1/QĐ ngày 02/11/2026", "reason": "Theo yêu cầu thanh tra"}
    assert act(office, "lanh.dao", dossier, "hold", **hold) == ""
    assert said(client.post("/van-ban-di/soan/", draft_form(office, dossier=dossier.pk))) == "held"
    assert OutgoingDocument.objects.count() == 1
    assert client.get("/van-ban-di/soan/?ho-so=987654").status_code == 404


@pytest.mark.law("AVI-6a")
def test_how_the_work_goes_is_counted_by_unit_for_who_may_see_it(office: Office) -> None:
    late, going = opened(office, due_on="2026-02-01"), opened(office, code="06.KSTT")
    gave(office, late, due_on="2026-02-01")
    gave(office, going)
    assert act(office, "chuyen.vien", going, "progress", progress="50") == ""
    elsewhere = opened(office, "van.thu", code="10.VP")
    unit, other = late.unit.abbreviation, elsewhere.unit.abbreviation

    def figures(login: str) -> dict[str, list[str]]:
        text = office.client(login).get("/ho-so/tien-do/").content.decode()
        rows = re.findall(r'data-unit="(\w+)">(.*?)</tr>', text, re.S)
        return {name: re.findall(r'<td class="r">(?:<b class="stop">)?([^<]+)', row) for name, row in rows}

    assert figures("lanh.dao") == {
        unit: ["2", "1", "0", "25%", "2", "1", "0"], other: ["1", "0", "0", "0%", "0", "0", "0"],
    }  # fmt: skip
    assert set(figures("truong.dv")) == {unit}
    assert set(figures("van.thu")) == {other}
    assert figures("quan.tri") == {}
    before = AccessLog.objects.filter(subject_kind="dossier").count()
    book = taken(office.client("lanh.dao").get("/ho-so/tien-do/xlsx/"))
    assert AccessLog.objects.filter(subject_kind="report", subject="progress").count() == 1
    assert AccessLog.objects.filter(subject_kind="dossier").count() == before  # it is no dossier
    sheet = ZipFile(BytesIO(book)).read("xl/worksheets/sheet1.xml").decode()
    assert late.unit.name in sheet
    assert (
        late.unit.name
        not in ZipFile(BytesIO(taken(office.client("van.thu").get("/ho-so/tien-do/xlsx/"))))
        .read("xl/worksheets/sheet1.xml")
        .decode()
    )
    assert taken(office.client("lanh.dao").get("/ho-so/tien-do/pdf/")).startswith(b"%PDF")
    # Soon is what the agency says it is.
    going.due_on = timezone.localdate() + timedelta(days=7)
    going.save(update_fields=["due_on"])
    office.organization.due_soon_days = 1
    office.organization.save(update_fields=["due_soon_days"])
    assert figures("truong.dv")[unit][2] == "0"
    office.organization.due_soon_days = 10
    office.organization.save(update_fields=["due_soon_days"])
    assert figures("truong.dv")[unit][2] == "1"
    # A unit of the report leads to its dossiers.
    listed = office.client("lanh.dao").get(f"/ho-so/?muc=dang-mo&don-vi={late.unit_id}").content.decode()
    assert 'data-dossier="05.KSTT"' in listed
    assert 'data-dossier="10.VP"' not in listed
