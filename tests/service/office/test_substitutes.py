"""Substitutes while somebody is away: what they see and do, in whose name, what they never do, and that it ends by itself."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from lxml import html

from lienthong.journal.models import Event
from lienthong.office.incoming import acts
from lienthong.office.models import (
    Assignment,
    IncomingDocument,
    IncomingState,
    Instruction,
    Notice,
    RightChange,
    Substitution,
)
from lienthong.runtime.demo.cast import H41
from lienthong.testing.pki import TestAuthority
from tests.service.office.conftest import Office, install, now, refusal
from tests.service.office.furnished import _received
from tests.service.office.test_people import problem

PAGE = "/nguoi-thay-the/"
AWAY, FOR = "chuyen.vien", "the.thuc"
"""Who is away, and who stands in: a checker of another unit, who sees none of it otherwise."""


def wish(
    substitute: str = FOR, *, acts: tuple[str, ...] = ("processing",), days: tuple[int, int] = (0, 3), **more: str
) -> dict[str, object]:
    first, last = (timezone.localdate() + timedelta(days=one) for one in days)
    return {
        "act": "name", "substitute": f"{substitute}.g22", "acts": list(acts), "valid_from": first.isoformat(),
        "valid_to": last.isoformat(), **more,
    }  # fmt: skip


def named(office: Office, by: str, form: dict[str, object]) -> str:
    """The code of the refusal of naming a substitute; "" when it was done."""
    answer = office.client(by).post(PAGE, form)
    return "" if answer.status_code == 302 else refusal(answer)  # type: ignore[arg-type]


@pytest.fixture
def assigned(office: Office) -> IncomingDocument:
    """Handed to the specialist, who leads."""
    document = _received(office, "H41", "21")
    lead = acts.Task(Assignment.Kind.LEAD, office[AWAY].posts.get().unit)
    acts.accept(document, actor=office["van.thu"], at=now())
    acts.instruct(document, text="Xử lý", tasks=[lead], actor=office["lanh.dao"], at=now())
    return document


def hand(office: Office, document: IncomingDocument) -> Assignment:
    assignment = document.assignments.get()
    acts.hand_to_person(assignment, person=office[AWAY], due_at=None, text="", actor=office["truong.dv"], at=now())
    return assignment


@pytest.mark.law("SEC-6")
def test_a_substitute_sees_the_queue_and_works_in_their_own_name_in_anothers_place(
    office: Office, assigned: IncomingDocument
) -> None:
    assignment = hand(office, assigned)
    page, client = f"/van-ban-den/{assigned.pk}/", office.client(FOR)
    assert client.get(page).status_code == 404
    assert named(office, AWAY, wish(reason="Nghỉ phép")) == ""
    home = html.fromstring(client.get("/").content)
    assert office[AWAY].full_name in home.xpath("//*[@data-stands-in]")[0].text_content()
    assert home.xpath("//*[@data-away]")[0].text_content() == f"thay {office[AWAY].full_name}"
    listed = html.fromstring(client.get("/van-ban-den/").content)
    assert listed.xpath(f"//tr[@data-document='{assigned.identifier}']//*[@data-away]")
    assert client.get(page).status_code == 200
    assert client.post(page, {"act": "start", "assignment": assignment.pk}).status_code == 302
    assignment.refresh_from_db()
    assert assignment.person == office[AWAY]  # it stays the absent person's
    assert client.post(page, {"act": "finish", "outcome": "Đã trả lời bằng điện thoại"}).status_code == 302
    for name in ("incoming.started", "incoming.finished"):
        event = Event.objects.get(name=name)
        assert (event.actor, event.data["instead_of"]) == (office[FOR].user.get_username(), office[AWAY].full_name)
    told = html.fromstring(office.client("lanh.dao").get(page).content)
    finished = told.xpath("//li[@data-event='incoming.finished']")[0].text_content()
    assert office[FOR].full_name in finished
    assert f"thay {office[AWAY].full_name}" in " ".join(finished.split())
    assigned.refresh_from_db()
    assert assigned.state == IncomingState.FINISHED


@pytest.mark.law("SEC-6")
def test_what_is_given_to_who_is_away_rings_for_the_substitute_as_well(
    office: Office, assigned: IncomingDocument
) -> None:
    page = f"/van-ban-den/{assigned.pk}/"
    assert named(office, AWAY, wish()) == ""
    form = {"act": "hand", "assignment": assigned.assignments.get().pk, "person": office[AWAY].pk}
    assert office.client("truong.dv").post(page, form).status_code == 302
    rung = Notice.objects.filter(link=page)
    assert rung.filter(person=office[FOR]).count() == rung.filter(person=office[AWAY]).count() == 1
    assert office.client(FOR).get(page).status_code == 200  # nobody is told of what they do not see


@pytest.mark.law("SEC-6")
def test_the_absent_person_goes_on_and_acts_as_themselves(office: Office, assigned: IncomingDocument) -> None:
    assignment = hand(office, assigned)
    assert named(office, AWAY, wish()) == ""
    form = {"act": "start", "assignment": assignment.pk}
    assert office.client(AWAY).post(f"/van-ban-den/{assigned.pk}/", form).status_code == 302
    assert "instead_of" not in Event.objects.get(name="incoming.started").data


@pytest.mark.law("SEC-6")
def test_tasks_of_a_unit_are_handed_out_in_the_heads_place(office: Office, assigned: IncomingDocument) -> None:
    assignment, page = assigned.assignments.get(), f"/van-ban-den/{assigned.pk}/"
    hand_on = {"act": "hand", "assignment": assignment.pk, "person": office[AWAY].pk, "text": "Làm trước thứ Sáu"}
    assert named(office, "truong.dv", wish(acts=("processing",))) == ""
    assert office.client(FOR).get(page).status_code == 404  # who only works in the head's place hands nothing out
    Substitution.objects.all().delete()
    assert named(office, "truong.dv", wish(acts=("assigning",))) == ""
    client = office.client(FOR)
    assert "Giao người xử lý" in client.get(page).content.decode()
    assert client.post(page, hand_on).status_code == 302
    event = Event.objects.get(name="incoming.handed_on")
    assert event.data["instead_of"] == office["truong.dv"].full_name
    written = Instruction.objects.latest("pk")
    assert (written.person, written.instead_of) == (office[FOR], office["truong.dv"])
    assert f"thay {office['truong.dv'].full_name}" in client.get(page).content.decode()


@pytest.mark.law("SEC-6")
def test_it_ends_by_itself_is_not_handed_on_and_gives_nothing_that_needs_a_competence(
    office: Office, assigned: IncomingDocument
) -> None:
    assignment, page = hand(office, assigned), f"/van-ban-den/{assigned.pk}/"
    assert named(office, AWAY, wish(days=(1, 3))) == ""
    assert office.client(FOR).get(page).status_code == 404  # not yet
    today = timezone.localdate()
    row = Substitution.objects.filter(substitute=office[FOR])
    row.update(valid_from=today - timedelta(days=5), valid_to=today - timedelta(days=1))
    assert office.client(FOR).get(page).status_code == 404  # no more
    row.update(valid_to=today)
    assert office.client(FOR).get(page).status_code == 200
    assert named(office, FOR, wish("van.thu")) == ""
    assert not begins(office, "van.thu", assigned, assignment)  # who stands in for the substitute gets nothing of it
    for act in ("accept", "instruct", "refuse", "obey", "decline"):
        form = {"act": act, "text": "x" * 20, "reason": "x" * 20}
        assert problem(office.client(FOR), page, form) in ("forbidden", "not_found", "missing", "404")
    assert begins(office, FOR, assigned, assignment)


def begins(office: Office, login: str, document: IncomingDocument, assignment: Assignment) -> bool:
    """Whether somebody may begin to work on it."""
    form = {"act": "start", "assignment": assignment.pk}
    return office.client(login).post(f"/van-ban-den/{document.pk}/", form).status_code == 302


@pytest.mark.law("SEC-6", "SEC-5")
def test_who_may_be_named_and_by_whom(office: Office, authority: TestAuthority, tmp_path: Path) -> None:
    assert named(office, AWAY, wish(AWAY)) == "unfit_substitute"  # nobody for themselves
    assert named(office, AWAY, wish("quan.tri")) == "unfit_substitute"
    assert named(office, AWAY, wish("kiem.tra")) == "unfit_substitute"
    assert named(office, AWAY, wish("khong.co")) == "unfit_substitute"
    assert named(office, AWAY, wish(acts=("assigning",))) == "nothing_to_substitute"  # heads no unit
    assert named(office, AWAY, wish(acts=())) == "missing"
    assert named(office, AWAY, wish(acts=("sign",))) == "missing"
    assert named(office, "quan.tri", wish()) == "nothing_to_substitute"  # who administers
    assert named(office, "kiem.tra", wish()) == "nothing_to_substitute"  # and who watches over others
    for days in ((-1, 3), (3, 1), (0, 184)):
        assert named(office, AWAY, wish(days=days)) == "bad_time"
    for login in ("lanh.dao", "kiem.tra", "truong.dv", "van.thu"):
        assert named(office, login, wish(absent=f"{AWAY}.g22")) == "forbidden"
    office["van.thu"].user.is_active = False
    office["van.thu"].user.save()
    assert named(office, AWAY, wish("van.thu")) == "unfit_substitute"
    other = install(H41, authority, tmp_path)
    assert named(office, AWAY, {**wish(), "substitute": "van.thu.h41"}) == "unfit_substitute"
    assert named(office, "quan.tri", wish(absent="chuyen.vien.h41")) == "unfit_substitute"
    assert not Substitution.objects.exists()
    assert named(office, "quan.tri", wish(absent=f"{AWAY}.g22")) == ""
    assert named(office, AWAY, wish(days=(2, 9))) == "substitute_named"
    row = Substitution.objects.get()
    end = {"act": "end", "substitution": row.pk}
    assert named(other, "quan.tri", end) == "no_such_substitution"
    assert named(office, "truong.dv", end) == "no_such_substitution"
    assert named(office, FOR, end) == "forbidden"  # the substitute sees it, and does not end it
    assert named(office, "lanh.dao", end) == "forbidden"
    assert named(office, AWAY, end) == ""
    assert named(office, AWAY, end) == "no_such_substitution"
    assert [event.name for event in Event.objects.filter(subject_kind="substitution").order_by("pk")] == [
        "substitute.named", "substitute.ended",
    ]  # fmt: skip


@pytest.mark.law("AVI-3c")
def test_it_alerts_as_a_change_of_rights_and_the_substitute_is_told(office: Office) -> None:
    assert named(office, AWAY, wish()) == ""
    change = RightChange.objects.get(kind="substitute_named")
    assert (change.person, change.made_by) == (office[FOR], office[AWAY])
    assert office[AWAY].full_name in change.reason
    assert Notice.objects.filter(person=office[FOR], link=PAGE).count() == 1
    assert "thay người vắng mặt" in office.client("lanh.dao").get("/can-bo/thay-doi/").content.decode()
    form = {"act": "confirm", "change": change.pk}
    assert office.client("kiem.tra").post("/can-bo/thay-doi/", form).status_code == 302
    mine = html.fromstring(office.client(FOR).get(PAGE).content)
    assert mine.xpath("//@data-substitution") == ["now"]
    assert html.fromstring(office.client("truong.dv").get(PAGE).content).xpath("//@data-substitution") == []
    assert html.fromstring(office.client("lanh.dao").get(PAGE).content).xpath("//@data-substitution") == ["now"]
