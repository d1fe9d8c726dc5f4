"""Giao soạn thảo, followed: reminders and urging, whose turn it is when people are away or gone, what is to be begun
again, and that nothing is left with who leaves."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from lienthong.journal.models import Event
from lienthong.office.models import DraftingTask, NoticeMail, NoticeWay, OutgoingDocument, Person, Role
from lienthong.office.outgoing import drafting_urging, issuing, review, signing
from lienthong.office.people import setup
from tests.service.office.conftest import PIN, Office, approve, now
from tests.service.office.test_dossier_end import said
from tests.service.office.test_drafting_tasks import PLACE, WHY, act, due, give, opened, told, unit_of
from tests.service.office.test_law_outgoing import draft_form
from tests.service.office.test_substitutes import named, wish

WAITS = 'data-list="drafting"'


def given_to_one(office: Office, **changes: object) -> DraftingTask:
    """By a leader to the specialist."""
    assert give(office, "lanh.dao", f"{unit_of(office, 'chuyen.vien')}:{office['chuyen.vien'].pk}", **changes) == ""
    return DraftingTask.objects.get()


def given_to_unit(office: Office, **changes: object) -> DraftingTask:
    assert give(office, "lanh.dao", f"{unit_of(office, 'chuyen.vien')}:don-vi", **changes) == ""
    return DraftingTask.objects.get()


def begun(office: Office, login: str = "chuyen.vien", **changes: object) -> OutgoingDocument:
    written = draft_form(office, drafting_task=DraftingTask.objects.get().pk, **changes)
    assert office.client(login).post("/van-ban-di/soan/", written).status_code == 302
    return OutgoingDocument.objects.latest("pk")


def second_specialist(office: Office) -> Person:
    person = setup.install_person(office.organization, login="moi.g22", name="Đỗ Văn Mới", password="x", at=now())
    unit = office["chuyen.vien"].posts.get().unit
    setup.install_post(person, unit, Role.SPECIALIST, position="Chuyên viên", since=timezone.localdate())
    office.people["moi"] = person
    return person


def close(office: Office, login: str) -> str:
    form = {"act": "close", "reason": "Chuyển công tác sang nơi khác"}
    answer = office.client("quan.tri").post(f"/can-bo/{office[login].pk}/", form)
    return "" if answer.status_code == 302 else said(answer)


# -- deadlines -------------------------------------------------------------------------------------------------------


@pytest.mark.law("D30-10-1")
def test_whoever_has_it_is_reminded_and_its_giver_hears_when_it_is_late_once_each(office: Office) -> None:
    task = given_to_one(office)
    NoticeWay.objects.create(person=office["chuyen.vien"], address="cv@vpcp.gov.vn", kinds=["urgent"], changed_at=now())
    assert task.due_at is not None
    for at, near, late in (
        (task.due_at - timedelta(days=9), 0, 0), (task.due_at - timedelta(hours=3), 1, 0),
        (task.due_at - timedelta(hours=2), 1, 0), (task.due_at + timedelta(minutes=1), 1, 1),
        (task.due_at + timedelta(hours=9), 1, 1),
    ):  # fmt: skip
        drafting_urging.remind(office.organization, at=at)
        seen = office.client("chuyen.vien").get("/thong-bao/").content.decode()
        assert (seen.count("Sắp đến hạn soạn thảo"), seen.count("Quá hạn soạn thảo")) == (near, late)
    assert [text.split(" (")[0] for text in told(office, "lanh.dao")] == ["Quá hạn soạn thảo"]
    assert NoticeMail.objects.filter(person=office["chuyen.vien"]).count() >= 1  # urgent ones go by mail as well


def test_the_head_is_reminded_of_what_nobody_of_the_unit_has_and_of_what_came_back_to_the_unit(office: Office) -> None:
    task = given_to_unit(office)
    assert task.due_at is not None
    drafting_urging.remind(office.organization, at=task.due_at - timedelta(hours=3))
    assert sum("Sắp đến hạn" in text for text in told(office, "truong.dv")) == 1
    assert act(office, "truong.dv", "pass_on", person=office["chuyen.vien"].pk) == ""
    document = begun(office)
    review.submit(document, actor=office["chuyen.vien"], at=now())
    drafting_urging.remind(office.organization, at=task.due_at + timedelta(minutes=1))
    for login in ("truong.dv", "chuyen.vien", "lanh.dao"):  # it is handed in: its writer owes nothing
        assert not any("Quá hạn" in text for text in told(office, login)), login
    review.give_back(document, note="Sửa căn cứ ban hành", actor=office["the.thuc"], at=now())
    drafting_urging.remind(office.organization, at=task.due_at + timedelta(minutes=2))
    assert sum("Quá hạn" in text for text in told(office, "truong.dv")) == 1
    assert not any("Quá hạn" in text for text in told(office, "chuyen.vien"))


def late(office: Office) -> None:
    DraftingTask.objects.update(due_at=now() - timedelta(days=1))


@pytest.mark.law("D30-10-1")
def test_its_giver_finds_what_is_late_and_urges(office: Office) -> None:
    task = given_to_one(office)
    row = f'data-drafting-task="{task.pk}"'
    assert row not in opened(office, "lanh.dao", f"{PLACE}?muc=qua-han")
    late(office)
    assert row in opened(office, "lanh.dao", f"{PLACE}?muc=qua-han")
    assert row not in opened(office, "lanh.dao", f"{PLACE}?muc=da-xong")
    assert act(office, "truong.dv", "urge") == "forbidden"
    assert act(office, "chuyen.vien", "urge") == "forbidden"
    assert act(office, "lanh.dao", "urge") == ""
    assert sum("Đôn đốc soạn thảo" in text for text in told(office, "chuyen.vien")) == 1
    assert "data-urged" in opened(office, "chuyen.vien")
    assert act(office, "lanh.dao", "urge") == "urged_just_now"  # nobody's mail is filled by pressing again
    assert sum("Đôn đốc soạn thảo" in text for text in told(office, "chuyen.vien")) == 1
    DraftingTask.objects.update(urged_at=now() - timedelta(minutes=11))
    document = begun(office)
    assert act(office, "lanh.dao", "urge") == ""
    review.submit(document, actor=office["chuyen.vien"], at=now())
    assert act(office, "lanh.dao", "urge") == "nothing_to_write"
    assert row not in opened(office, "lanh.dao", f"{PLACE}?muc=qua-han")
    assert "người kiểm tra, người ký" in opened(office, "lanh.dao")


def test_a_deadline_that_no_calendar_knows_is_refused_and_breaks_no_list(office: Office) -> None:
    to = f"{unit_of(office, 'chuyen.vien')}:{office['chuyen.vien'].pk}"
    for typed in ("9999-12-31T23:59-14:00", "0001-01-01T00:00", "9999-12-31T23:59", "2026-02-30T00:00", "mai"):
        assert give(office, "lanh.dao", to, due=typed) == "missing", typed
    assert office.client("lanh.dao").get(PLACE).status_code == 200


def test_a_button_that_is_pressed_twice_gives_once(office: Office) -> None:
    to = f"{unit_of(office, 'chuyen.vien')}:{office['chuyen.vien'].pk}"
    found = list[str]()

    def press() -> None:
        found.append(give(office, "lanh.dao", to))
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(found) == ["", "drafting_given_already"]
    assert give(office, "lanh.dao", to, subject="Về việc khác") == ""


# -- who has it --------------------------------------------------------------------------------------------------------


@pytest.mark.law("D30-10-1")
def test_the_giver_gives_anew_what_came_back_or_nobody_has_begun(office: Office) -> None:
    given_to_one(office)
    other, unit = second_specialist(office), unit_of(office, "chuyen.vien")
    clerks = unit_of(office, "van.thu")
    assert act(office, "chuyen.vien", "give_anew", to=f"{unit}:{other.pk}") == "forbidden"
    assert act(office, "lanh.dao", "give_anew", to=f"{clerks}:{other.pk}") == "missing"
    assert act(office, "lanh.dao", "give_anew", to=f"{unit}:{other.pk}", due=due(-1)) == "drafting_due_over"
    assert act(office, "lanh.dao", "give_anew", to=f"{unit}:{other.pk}") == ""
    assert any("Đã giao người khác" in text for text in told(office, "chuyen.vien"))
    assert office.client("chuyen.vien").get(f"{PLACE}{DraftingTask.objects.get().pk}/").status_code == 404
    assert WAITS in opened(office, "moi", "/")
    assert act(office, "moi", "give_back", reason=WHY) == ""
    assert WAITS in opened(office, "lanh.dao", "/")  # it is the giver's turn
    assert office["lanh.dao"].full_name in opened(office, "lanh.dao").split("data-turn>", 1)[1][:100]
    assert act(office, "lanh.dao", "give_anew", to=f"{unit}:don-vi", due=due(5)) == ""
    task = DraftingTask.objects.get()
    assert (task.state, task.to_unit, task.person, task.note) == ("to_do", True, None, "")
    assert WAITS not in opened(office, "lanh.dao", "/")
    assert WAITS in opened(office, "truong.dv", "/")


def test_what_came_back_can_be_ended(office: Office) -> None:
    given_to_one(office)
    assert act(office, "chuyen.vien", "give_back", reason=WHY) == ""
    assert act(office, "lanh.dao", "drop", reason="Không cần ban hành nữa") == ""
    assert WAITS not in opened(office, "lanh.dao", "/")
    assert act(office, "lanh.dao", "give_anew", to=f"{unit_of(office, 'chuyen.vien')}:don-vi") == "illegal_move"


def test_who_passes_it_on_takes_it_from_who_had_it_who_hears(office: Office) -> None:
    given_to_unit(office)
    other = second_specialist(office)
    assert act(office, "truong.dv", "pass_on", person=office["chuyen.vien"].pk) == ""
    assert act(office, "truong.dv", "pass_on", person=other.pk) == ""
    assert any("Đã giao người khác" in text for text in told(office, "chuyen.vien"))
    assert WAITS not in opened(office, "chuyen.vien", "/")


def test_two_heads_at_once_name_one(office: Office) -> None:
    given_to_unit(office)
    other, found = second_specialist(office), list[str]()
    people = [office["chuyen.vien"].pk, other.pk]

    def name(pk: int) -> None:
        found.append(act(office, "truong.dv", "pass_on", person=pk))
        connection.close()

    threads = [threading.Thread(target=name, args=(pk,)) for pk in people]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert set(found) <= {"", "illegal_move"}
    assert "" in found
    events = Event.objects.filter(name="drafting_task.passed_on").count()
    assert events == found.count("")
    assert DraftingTask.objects.get().person_id in people


@pytest.mark.law("D30-10-1")
def test_whose_post_ended_leaves_it_to_the_head_or_to_the_giver(office: Office) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    given_to_unit(office)
    assert act(office, "truong.dv", "pass_on", person=office["chuyen.vien"].pk) == ""
    office["chuyen.vien"].posts.update(valid_to=yesterday)
    assert WAITS in opened(office, "truong.dv", "/")
    assert WAITS not in opened(office, "lanh.dao", "/")
    office["truong.dv"].posts.update(valid_to=yesterday)
    assert WAITS in opened(office, "lanh.dao", "/")  # the unit has nobody any more
    assert office["lanh.dao"].full_name in opened(office, "lanh.dao").split("data-turn>", 1)[1][:100]


# -- away --------------------------------------------------------------------------------------------------------------


@pytest.mark.law("SEC-6")
def test_a_substitute_of_the_specialist_sees_and_begins_it_in_their_place(office: Office) -> None:
    task = given_to_one(office)
    assert office.client("van.thu").get(f"{PLACE}{task.pk}/").status_code == 404
    assert named(office, "chuyen.vien", wish("van.thu")) == ""
    home = opened(office, "van.thu", "/")
    assert WAITS in home
    assert f"thay {office['chuyen.vien'].full_name}" in " ".join(home.split())
    document = begun(office, "van.thu", unit=unit_of(office, "van.thu"))
    assert document.drafter == office["van.thu"]
    event = Event.objects.get(name="drafting_task.begun")
    assert (event.actor, event.data["instead_of"]) == ("van.thu.g22", office["chuyen.vien"].full_name)
    task.refresh_from_db()
    assert task.person == office["chuyen.vien"]


@pytest.mark.law("SEC-6")
def test_a_substitute_of_the_head_hands_it_out_and_hears_of_it(office: Office) -> None:
    assert named(office, "truong.dv", wish("the.thuc", acts=("assigning",))) == ""
    task = given_to_unit(office)
    assert len(told(office, "the.thuc")) == len(told(office, "truong.dv")) == 1
    assert WAITS in opened(office, "the.thuc", "/")
    assert act(office, "the.thuc", "pass_on", person=office["chuyen.vien"].pk) == ""
    event = Event.objects.get(name="drafting_task.passed_on")
    assert event.data["instead_of"] == office["truong.dv"].full_name
    assert office.client("the.thuc").get("/").status_code == 200
    assert act(office, "the.thuc", "give_back", reason=WHY) == "forbidden"  # the specialist has it
    assert named(office, "chuyen.vien", wish("the.thuc")) == ""
    assert "giao-soan=" not in opened(office, "the.thuc", f"{PLACE}{task.pk}/")  # a checker writes no documents
    assert act(office, "the.thuc", "give_back", reason=WHY) == ""  # in the specialist's place, to the head
    assert DraftingTask.objects.get().state == "to_do"


# -- again -------------------------------------------------------------------------------------------------------------


@pytest.mark.law("D30-15-1", "D30-10-1")
def test_a_void_number_lets_it_be_begun_again(office: Office) -> None:
    given_to_one(office)
    document = begun(office)
    approve(office, document)
    signing.sign(document, pin=PIN, actor=office["lanh.dao"], at=now())
    signing.number_and_seal(document, pin=PIN, actor=office["van.thu"], at=now())
    form = {"act": "void", "reason": "Ban hành nhầm, không dùng nữa", "authority": "Chánh Văn phòng"}
    assert office.client("van.thu").post(f"/van-ban-di/{document.pk}/", form).status_code == 302
    for login in ("chuyen.vien", "lanh.dao"):
        assert any("Đã hủy số" in text for text in told(office, login)), login
    assert WAITS in opened(office, "chuyen.vien", "/")
    assert "Đã hủy số" in opened(office, "lanh.dao")
    again = begun(office)
    assert again.pk != document.pk
    approve(office, again)
    signing.sign(again, pin=PIN, actor=office["lanh.dao"], at=now())
    signing.number_and_seal(again, pin=PIN, actor=office["van.thu"], at=now())
    issuing.issue(again, actor=office["van.thu"], at=now())
    assert DraftingTask.objects.get().state == "done"


# -- leaving -----------------------------------------------------------------------------------------------------------


def hand_over(office: Office, login: str, before: str, receiver: Person, **changes: object) -> str:
    form = {
        "act": "hand_over", "before": office[before].pk, "task": [one.pk for one in DraftingTask.objects.all()],
        "receiver": receiver.pk, "reason": "Chuyển công tác sang nơi khác", **changes,
    }  # fmt: skip
    answer = office.client(login).post(f"{PLACE}ban-giao/", form)
    return "" if answer.status_code == 302 else said(answer)


@pytest.mark.law("D30-31-1")
def test_who_leaves_hands_over_what_is_to_be_written_with_its_draft(office: Office) -> None:
    given_to_one(office)
    document, other = begun(office), second_specialist(office)
    assert close(office, "chuyen.vien") == "drafting_to_hand_over"
    assert "data-writes" in opened(office, "quan.tri", f"/can-bo/{office['chuyen.vien'].pk}/")
    assert hand_over(office, "van.thu", "chuyen.vien", other) == "not_found"
    assert hand_over(office, "quan.tri", "chuyen.vien", other) == "not_found"
    assert hand_over(office, "truong.dv", "chuyen.vien", other, reason="") == "reason_needed"
    assert hand_over(office, "truong.dv", "chuyen.vien", other, reason="x" * 501) == "text_too_long"
    assert hand_over(office, "truong.dv", "chuyen.vien", office["van.thu"]) == "missing"  # writes in another unit
    assert hand_over(office, "truong.dv", "chuyen.vien", other, task=[]) == "missing"
    chosen = f'<option value="{office["chuyen.vien"].pk}"'
    assert (
        chosen in opened(office, "truong.dv", f"{PLACE}ban-giao/").split('name="nguoi"', 1)[1].split("</select>", 1)[0]
    )
    assert 'name="nguoi"' not in opened(office, "van.thu", f"{PLACE}ban-giao/")
    assert hand_over(office, "truong.dv", "chuyen.vien", other) == ""
    document.refresh_from_db()
    assert (document.drafter, DraftingTask.objects.get().person) == (other, other)
    assert office.client("moi").get(f"/van-ban-di/{document.pk}/soan/").status_code == 200
    assert Event.objects.filter(name="outgoing.drafter_changed", subject__contains=str(document.pk)).exists()
    assert close(office, "chuyen.vien") == ""


@pytest.mark.law("D30-31-1")
def test_who_leaves_hands_over_what_others_write_for_them(office: Office) -> None:
    unit, one = unit_of(office, "chuyen.vien"), office["chuyen.vien"].pk
    assert give(office, "truong.dv", f"{unit}:{one}") == ""
    assert close(office, "truong.dv") == "drafting_to_hand_over"
    assert "data-drafting-task" in opened(office, "truong.dv", f"{PLACE}ban-giao/")
    assert hand_over(office, "truong.dv", "truong.dv", office["chuyen.vien"]) == "missing"  # gives nobody anything
    gone = setup.install_person(office.organization, login="cu.g22", name="Lê Văn Cũ", password="x", at=now())
    setup.install_post(
        gone, office["lanh.dao"].posts.get().unit, Role.LEADER, position="Phó", since=timezone.localdate()
    )
    office.people["cu"] = gone
    assert close(office, "cu") == ""
    assert hand_over(office, "truong.dv", "truong.dv", gone) == "missing"  # the post runs on, the account is closed
    assert hand_over(office, "truong.dv", "truong.dv", office["lanh.dao"]) == ""
    assert DraftingTask.objects.get().given_by == office["lanh.dao"]
    assert act(office, "lanh.dao", "drop", reason="Không cần ban hành nữa") == ""
    assert "Không còn việc soạn thảo nào" in opened(office, "truong.dv", f"{PLACE}ban-giao/")
    assert close(office, "truong.dv") == ""


@pytest.mark.law("D30-31-1")
def test_a_head_hands_over_nothing_that_a_leader_gave_in_the_leaders_place(office: Office) -> None:
    given_to_unit(office)
    assert hand_over(office, "truong.dv", "lanh.dao", office["truong.dv"]) == "not_found"
    assert DraftingTask.objects.get().given_by == office["lanh.dao"]
