"""Two people act on the same thing at the same moment: one of them is first, the other is told, and nobody meets an
error."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils import timezone

from lienthong.journal.models import Event
from lienthong.office.exchange import outbox
from lienthong.office.models import Extension, IncomingDocument, OutboxPacket, OutgoingDocument, Role, Unit
from lienthong.office.outgoing import board, signing
from lienthong.office.people import setup
from lienthong.standards import edxml
from lienthong.standards.statuses import StatusCode
from tests.service.office.at_once import Act, meanwhile, posting
from tests.service.office.conftest import PIN, Office, approve, issued, now
from tests.service.office.conftest import press as press_outgoing
from tests.service.office.dossiers import opened
from tests.service.office.test_copies import scan
from tests.service.office.test_drafting_follow import begun, given_to_one
from tests.service.office.test_drafting_tasks import PLACE
from tests.service.office.test_handling import assigned, came, task_of
from tests.service.office.test_incoming import MemoryHub, recalled
from tests.service.office.test_law_incoming import local, press

WHY = {"reason": "Ban hành nhầm thẩm quyền", "authority": "Phó Chủ nhiệm"}
HOLDS = "FOR UPDATE"
"""Where an act first holds what it is about."""
SECRET = "Nội dung phải hủy theo thu hồi"


def place(document: IncomingDocument | OutgoingDocument) -> str:
    kind = "van-ban-den" if isinstance(document, IncomingDocument) else "van-ban-di"
    return f"/{kind}/{document.pk}/"


def to_unit(office: Office, name: str) -> dict[str, str]:
    """The form of an instruction by which this unit leads."""
    due = local(now() + timedelta(days=5))
    return {"act": "instruct", "text": "Xử lý", "due": due, f"unit-{office.units[name].pk}": "lead"}


def given(office: Office, hub: MemoryHub) -> IncomingDocument:
    """A document on which the specialist works."""
    document = assigned(office, hub)
    work = {"assignment": task_of(document).pk, "person": office["chuyen.vien"].pk}
    assert press(office, "truong.dv", document, "hand", **work) == ""
    return document


# -- incoming ----------------------------------------------------------------------------------------------------------


@pytest.mark.law("D30-23-2")
def test_who_assigns_anew_and_who_hands_back_do_not_wait_for_each_other(office: Office, hub: MemoryHub) -> None:
    document = given(office, hub)
    back = {"assignment": task_of(document).pk, "reason": "Không thuộc nhiệm vụ của đơn vị"}
    leader = posting(office, "lanh.dao", place(document), **to_unit(office, "HC"))
    unit = posting(office, "truong.dv", place(document), act="hand_back", **back)
    assert meanwhile(leader, 'UPDATE "office_assignment"', unit) == ("", "illegal_move")
    document.refresh_from_db()
    assert (document.state, task_of(document).unit) == ("assigned", office.units["HC"])


@pytest.mark.law("D30-24-2")
@pytest.mark.parametrize("act", ["start", "finish"])
@pytest.mark.parametrize("moment", [HOLDS, 'UPDATE "office_incomingdocument"'])
def test_who_leads_no_more_neither_starts_nor_ends_the_work_of_who_does(
    office: Office, hub: MemoryHub, act: str, moment: str
) -> None:
    document = given(office, hub)
    form = {"act": act, "assignment": task_of(document).pk, "outcome": "Đã giải quyết xong"}
    former = posting(office, "chuyen.vien", place(document), **form)
    leader = posting(office, "lanh.dao", place(document), **to_unit(office, "HC"))
    found = meanwhile(former, moment, leader)
    document.refresh_from_db()
    if found == ("", "illegal_move"):  # the work was over before it was given to others
        assert (document.state, act) == ("finished", "finish")
    else:
        assert found in [("", ""), ("illegal_move", ""), ("forbidden", "")]
        assert (document.state, task_of(document).unit) == ("assigned", office.units["HC"])


@pytest.mark.law("R-9.2-1")
@pytest.mark.parametrize("act", ["hand", "urge", "grant"])
def test_nothing_that_is_said_while_a_recall_is_obeyed_outlives_it(office: Office, hub: MemoryHub, act: str) -> None:
    """Whoever passed the door before the recall came says it before the content goes, or not at all."""
    document = given(office, hub)
    task = task_of(document)
    longer = {"due": local(now() + timedelta(days=9)), "reason": SECRET}
    assert press(office, "chuyen.vien", document, "ask_more", assignment=task.pk, **longer) == ""
    login, form = {
        "hand": ("truong.dv", {"assignment": task.pk, "person": office["chuyen.vien"].pk, "text": SECRET}),
        "urge": ("lanh.dao", {"text": SECRET}),
        "grant": ("lanh.dao", {"extension": Extension.objects.get().pk}),
    }[act]
    says = posting(office, login, place(document), act=act, **form)
    obeys = posting(office, "van.thu", place(document), act="obey")

    def recall() -> str:
        recalled(hub)
        return obeys()

    moment = {"hand": 'INSERT INTO "office_instruction"', "urge": 'INSERT INTO "office_instruction"'}
    assert meanwhile(says, moment.get(act, 'UPDATE "office_assignment"'), recall) == ("", "")
    document.refresh_from_db()
    assert document.state == "cancelled"
    assert not document.instructions.exclude(text="").exists()
    assert not Extension.objects.exclude(reason="").exists()


def test_what_is_accepted_while_a_recall_comes_is_accepted_before_it_or_not_at_all(
    office: Office, hub: MemoryHub
) -> None:
    document = came(hub)

    def recall() -> str:
        recalled(hub)
        return ""

    accept = posting(office, "van.thu", place(document), act="accept")
    assert meanwhile(accept, HOLDS, recall) == ("frozen", "")
    document.refresh_from_db()
    assert (document.state, document.arrival_number) == ("arrived", None)


# -- outgoing ----------------------------------------------------------------------------------------------------------


@pytest.mark.law("R-9.2-1")
def test_of_two_recipients_who_answer_a_recall_at_once_the_later_ends_it(office: Office, hub: MemoryHub) -> None:
    document = issued(office, recipients=("H41", "H26"))
    while outbox.send_one(hub, at=now()):
        pass
    every = list(document.recipients.values_list("pk", flat=True))
    assert press_outgoing(office, "van.thu", document, "recall", recipient=every, **WHY) == ""

    def agrees(code: str) -> Act:
        about = edxml.Related("G22", "", document.identifier, None)
        report = edxml.StatusReport(edxml.Organ(code, code), about, StatusCode.AGREED, "Đã hủy", now(), None)

        def take() -> str:
            with transaction.atomic(), connection.cursor() as cursor:  # with what else the inbox keeps of the packet
                assert board.apply_status(report, OutgoingDocument.objects.get(), at=now())
                cursor.execute("SELECT 'the end'")
            return ""

        return take

    assert meanwhile(agrees("H41"), "the end", agrees("H26")) == ("", "")
    document.refresh_from_db()
    assert document.state == "recalled"


@pytest.mark.law("D30-17-1")
def test_a_file_that_two_clerks_send_at_once_has_one_seal(office: Office, hub: MemoryHub) -> None:
    document = issued(office, recipients=("H41",))
    while outbox.send_one(hub, at=now()):
        pass
    file = SimpleUploadedFile("bo-sung.pdf", scan())
    assert press_outgoing(office, "van.thu", document, "enclose", file=file) == ""
    form = {"act": "update", "recipient": document.recipients.get().pk, "pin": PIN, **WHY}
    other_day = (now() + timedelta(days=5)).date().isoformat()
    first, second = (posting(office, "van.thu", place(document), **form, due_on=day) for day in ("", other_day))
    assert meanwhile(first, "FOR UPDATE", second) == ("illegal_move", "")
    sent = OutboxPacket.objects.get(document=document, business_type=2)
    assert sent.document == document
    assert Event.objects.filter(name="outgoing.update_sent").count() == 1


@pytest.mark.law("D30-17-1")
@pytest.mark.parametrize("act", ["recall", "update"])
def test_what_two_clerks_ask_of_a_recipient_at_once_is_asked_once(office: Office, hub: MemoryHub, act: str) -> None:
    document = issued(office, recipients=("H41", "H26"))
    while outbox.send_one(hub, at=now()):
        pass
    one, other = (document.recipients.get(code=code).pk for code in ("H41", "H26"))
    asks = [posting(office, "van.thu", place(document), act=act, recipient=one, **WHY) for _ in range(2)]
    assert sorted(meanwhile(asks[0], "FOR UPDATE", asks[1])) == ["", "asked_just_now"]
    # Whom nobody asked yet is asked, and the other is left in peace.
    assert press_outgoing(office, "van.thu", document, act, recipient=[one, other], **WHY) == ""
    asked = OutboxPacket.objects.filter(document=document, business_type__in=[1, 2]).order_by("pk")
    assert [one.recipients for one in asked] == [["H41"], ["H26"]]
    # Who stays silent may be asked again.
    document.recipients.get(code="H41").transmissions.update(
        **{f"{'recall' if act == 'recall' else 'change'}_asked": now() - timedelta(minutes=11)}
    )
    assert asks[0]() == ""


@pytest.mark.law("D30-10-1")
def test_what_is_issued_while_its_giver_hands_it_over_is_done(office: Office) -> None:
    task = given_to_one(office)
    document = begun(office)
    signing.sign(approve(office, document), pin=PIN, actor=office["lanh.dao"], at=now())
    assert press_outgoing(office, "van.thu", document, "number_and_seal", pin=PIN) == ""
    other = setup.install_person(office.organization, login="pho.g22", name="Lê Phó", password="x", at=now())
    unit, since = office["lanh.dao"].posts.get().unit, timezone.localdate()
    setup.install_post(other, unit, Role.LEADER, position="Phó Chủ nhiệm", since=since)
    form = {"task": task.pk, "receiver": other.pk, "reason": "Chuyển công tác sang nơi khác"}
    giver = posting(office, "lanh.dao", f"{PLACE}ban-giao/", **form)
    clerk = posting(office, "van.thu", place(document), act="issue")
    assert meanwhile(giver, 'UPDATE "office_draftingtask"', clerk) == ("", "")
    task.refresh_from_db()
    assert (task.state, task.given_by) == ("done", other)


# -- dossiers ----------------------------------------------------------------------------------------------------------


@pytest.mark.law("D30-31-1")
@pytest.mark.parametrize("moment", [HOLDS, 'UPDATE "office_dossier"'])
def test_a_dossier_that_two_hand_over_at_once_goes_to_one(office: Office, moment: str) -> None:
    dossier = opened(office)
    form = {"before": office["chuyen.vien"].pk, "dossier": dossier.pk, "reason": "Chuyển công tác sang nơi khác"}
    keeper = posting(office, "chuyen.vien", "/ho-so/ban-giao/", receiver=office["the.thuc"].pk, **form)
    leader = posting(office, "lanh.dao", "/ho-so/ban-giao/", receiver=office["truong.dv"].pk, **form)
    found = meanwhile(keeper, moment, leader)
    dossier.refresh_from_db()
    assert (found, dossier.keeper) in [
        (("missing", ""), office["truong.dv"]), (("", "missing"), office["the.thuc"]),
    ]  # fmt: skip


@pytest.mark.law("D30-31-1")
def test_nothing_is_handed_over_to_an_account_that_is_closed_meanwhile(office: Office) -> None:
    dossier, taker = opened(office), office["the.thuc"]
    form = {"dossier": dossier.pk, "receiver": taker.pk, "reason": "Chuyển công tác sang nơi khác"}
    keeper = posting(office, "chuyen.vien", "/ho-so/ban-giao/", **form)
    closes = posting(office, "quan.tri", f"/can-bo/{taker.pk}/", act="close", reason="Nghỉ hưu từ tháng này")
    assert meanwhile(keeper, HOLDS, closes) == ("missing", "")
    dossier.refresh_from_db()
    assert dossier.keeper == office["chuyen.vien"]


def test_two_units_that_are_put_below_each_other_at_once_make_no_circle(office: Office) -> None:
    one, other = (office.units[short] for short in ("KSTT", "HC"))
    forms = [
        {"act": "add_unit", "abbreviation": unit.abbreviation, "unit_name": unit.name, "parent": above.pk}
        for unit, above in ((one, other), (other, one))
    ]
    moves = [posting(office, "quan.tri", "/can-bo/", **form) for form in forms]
    assert meanwhile(moves[0], '"abbreviation" =', moves[1]) == ("", "unit_below_itself")
    assert (Unit.objects.get(pk=one.pk).parent, Unit.objects.get(pk=other.pk).parent) == (other, None)
