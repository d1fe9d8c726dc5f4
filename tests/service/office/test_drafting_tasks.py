"""Giao soạn thảo: who gives what to whom, who sees it, how it is begun, given back and ended, and when it is done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from lienthong.journal.models import Event
from lienthong.office.models import DraftingTask, Notice, OutgoingDocument
from tests.service.office.conftest import Office, refusal
from tests.service.office.test_law_outgoing import draft_form
from tests.service.office.test_letters import finished

PLACE = "/van-ban-di/giao-soan/"
WHY = "Không đúng lĩnh vực của tôi"


def give(office: Office, login: str, to: str, **changes: object) -> str:
    """The code of the refusal, or "" when it was given."""
    form = {
        "act": "give", "to": to, "type": "Quyết định", "subject": "Về việc ban hành Quy chế làm việc",
        "guidance": "Theo Nghị định 30", "urgency": "1", "within": due(3), **changes,
    }  # fmt: skip
    answer = office.client(login).post(PLACE, form)
    return "" if answer.status_code == 302 else refusal(answer)


def due(days: int) -> str:
    return (timezone.localtime() + timedelta(days=days)).strftime("%Y-%m-%dT17:00")


def unit_of(office: Office, login: str) -> int:
    return int(office[login].posts.get().unit_id)


def act(office: Office, login: str, act: str, **fields: object) -> str:
    place = f"{PLACE}{DraftingTask.objects.get().pk}/"
    answer = office.client(login).post(place, {"act": act, **fields})
    return "" if answer.status_code == 302 else refusal(answer)


def opened(office: Office, login: str, place: str = "") -> str:
    return office.client(login).get(place or f"{PLACE}{DraftingTask.objects.get().pk}/").content.decode()


def told(office: Office, login: str) -> list[str]:
    return list(Notice.objects.filter(person=office[login], link__startswith=PLACE).values_list("text", flat=True))


@pytest.mark.law("D30-10-1")
def test_a_leader_gives_a_unit_a_document_to_write_and_follows_it_until_it_is_issued(office: Office) -> None:
    unit = unit_of(office, "chuyen.vien")
    assert give(office, "lanh.dao", f"{unit}:don-vi") == ""
    task = DraftingTask.objects.get()
    assert len(told(office, "truong.dv")) == 1
    assert 'data-list="drafting"' in opened(office, "truong.dv", "/")
    assert 'data-list="drafting"' not in opened(office, "chuyen.vien", "/")
    assert office.client("chuyen.vien").get(f"{PLACE}{task.pk}/").status_code == 404
    assert "Chưa giao người" in opened(office, "lanh.dao")
    assert act(office, "truong.dv", "pass_on", person=office["van.thu"].pk) == "missing"  # of another unit
    assert act(office, "truong.dv", "pass_on", person=office["chuyen.vien"].pk) == ""
    assert len(told(office, "chuyen.vien")) == 1
    for place in ("/", "/van-ban-di/", "/van-ban-di/?muc=du-thao"):
        assert 'data-list="drafting"' in opened(office, "chuyen.vien", place), place
    drafter = office.client("chuyen.vien")
    form = drafter.get(f"/van-ban-di/soan/?giao-soan={task.pk}").content.decode()
    for begun in (
        'value="Về việc ban hành Quy chế làm việc"',
        '<option value="Quyết định" selected',
        "Theo Nghị định 30",
    ):
        assert begun in form, begun
    assert '<option value="1" selected' in form
    written = draft_form(office, drafting_task=task.pk, type="Quyết định")
    assert drafter.post("/van-ban-di/soan/", written).status_code == 302
    document = OutgoingDocument.objects.get()
    assert refusal(drafter.post("/van-ban-di/soan/", written)) == "illegal_move"  # it is begun once
    assert OutgoingDocument.objects.count() == 1
    assert 'data-list="drafting"' not in opened(office, "chuyen.vien", "/")
    page = opened(office, "lanh.dao")
    assert "Dự thảo" in page
    assert "data-begun" not in page  # a leader sees how far it is, and reads it once it is presented
    assert act(office, "chuyen.vien", "give_back", reason=WHY) == "illegal_move"
    finished(office, document)
    assert f"Đã phát hành {document.printed_number}" in told(office, "lanh.dao")[0]
    task.refresh_from_db()
    assert task.state == "done"
    assert f'data-begun="{document.pk}"' in opened(office, "lanh.dao")
    names = Event.objects.filter(subject_kind="drafting_task").order_by("id").values_list("name", flat=True)
    assert [name.split(".")[1] for name in names] == ["given", "passed_on", "begun", "done"]


@pytest.mark.law("D30-10-1")
def test_who_gives_to_whom(office: Office) -> None:
    unit, clerks = unit_of(office, "chuyen.vien"), unit_of(office, "van.thu")
    assert unit != clerks
    one, clerk = office["chuyen.vien"].pk, office["van.thu"].pk
    for login in ("chuyen.vien", "van.thu", "quan.tri", "kiem.tra", "the.thuc"):
        assert give(office, login, f"{unit}:{one}") == "forbidden", login
    assert give(office, "truong.dv", f"{clerks}:{clerk}") == "forbidden"
    assert give(office, "truong.dv", f"{unit}:don-vi") == "missing"
    assert give(office, "lanh.dao", f"{unit}:{clerk}") == "missing"
    assert give(office, "lanh.dao", f"{unit}:{one}", subject=" ") == "missing"
    assert give(office, "lanh.dao", f"{unit}:{one}", urgency="9") == "missing"
    assert give(office, "lanh.dao", f"{unit}:{one}", due=due(-2)) == "drafting_due_over"
    assert not DraftingTask.objects.exists()
    assert give(office, "truong.dv", f"{unit}:{one}") == ""
    assert len(told(office, "chuyen.vien")) == 1
    task = DraftingTask.objects.get()
    for login in ("van.thu", "lanh.dao", "kiem.tra", "the.thuc", "quan.tri"):
        assert office.client(login).get(f"{PLACE}{task.pk}/").status_code == 404, login
        assert f'data-drafting-task="{task.pk}"' not in opened(office, login, PLACE), login
    assert refusal(office.client("truong.dv").get(f"/van-ban-di/soan/?giao-soan={task.pk}")) == "forbidden"
    assert refusal(office.client("van.thu").get(f"/van-ban-di/soan/?giao-soan={task.pk}")) == "not_found"


@pytest.mark.law("D30-10-1")
def test_whoever_has_it_gives_it_back_with_a_reason(office: Office) -> None:
    unit = unit_of(office, "chuyen.vien")
    assert give(office, "lanh.dao", f"{unit}:don-vi") == ""
    assert act(office, "truong.dv", "pass_on", person=office["chuyen.vien"].pk) == ""
    assert act(office, "truong.dv", "give_back", reason=WHY) == "forbidden"  # the specialist has it
    assert act(office, "chuyen.vien", "give_back", reason="") == "reason_needed"
    assert act(office, "chuyen.vien", "give_back", reason=WHY) == ""
    assert len(told(office, "truong.dv")) == 2
    assert told(office, "lanh.dao") == []
    assert WHY in opened(office, "truong.dv")
    assert act(office, "truong.dv", "give_back", reason="Việc của đơn vị khác") == ""
    assert len(told(office, "lanh.dao")) == 1
    assert DraftingTask.objects.get().state == "returned"
    assert act(office, "truong.dv", "pass_on", person=office["chuyen.vien"].pk) == "illegal_move"


@pytest.mark.law("D30-10-1")
def test_the_giver_ends_it_with_a_reason_and_what_was_begun_stays(office: Office) -> None:
    unit, one = unit_of(office, "chuyen.vien"), office["chuyen.vien"].pk
    assert give(office, "lanh.dao", f"{unit}:{one}") == ""
    written = draft_form(office, drafting_task=DraftingTask.objects.get().pk)
    assert office.client("chuyen.vien").post("/van-ban-di/soan/", written).status_code == 302
    assert act(office, "truong.dv", "drop", reason=WHY) == "forbidden"
    assert act(office, "lanh.dao", "drop", reason="") == "reason_needed"
    assert act(office, "lanh.dao", "drop", reason=WHY) == ""
    assert len(told(office, "chuyen.vien")) == 2
    document = OutgoingDocument.objects.get()
    finished(office, document)
    assert DraftingTask.objects.get().state == "dropped"
    assert act(office, "lanh.dao", "drop", reason=WHY) == "illegal_move"
