"""A document circulates inside the agency that issued it: to units, and from their heads to their people. Between
agencies nothing of it moves."""

from __future__ import annotations

import pytest
from django.test import Client
from lxml import html

from lienthong.journal.models import Event
from lienthong.office.models import Circulation, Notice, OutboxPacket, OutgoingDocument, OutgoingState, Person, Unit
from lienthong.office.outgoing import drafting
from lienthong.office.people import setup
from tests.service.office.conftest import Office, drafted, issued, manuscript, now, sealed
from tests.service.office.furnished import yesterday


@pytest.fixture
def unit(office: Office) -> Unit:
    """A unit that has no part in the document, with a head and a specialist of its own."""
    other = next(one for one in office.units.values() if one != office["chuyen.vien"].posts.get().unit)
    for login, role in (("truong.khac", "unit_head"), ("vien.khac", "specialist"), ("vien.ba", "specialist")):
        person = setup.install_person(office.organization, login=login, name=f"Người {login}", password="x", at=now())
        setup.install_post(person, other, role, position="Chức vụ", since=yesterday())
        office.people[login] = person
    return other


def place(document: OutgoingDocument) -> str:
    return f"/van-ban-di/{document.pk}/"


def sees(client: Client, document: OutgoingDocument) -> bool:
    status = client.get(place(document)).status_code
    assert status in (200, 404)
    return status == 200


def heard(person: Person, document: OutgoingDocument) -> bool:
    return Notice.objects.filter(person=person, link=place(document)).exists()


@pytest.mark.law("R-3.2-1")
def test_a_unit_gets_it_with_the_issue_and_its_head_passes_it_on(office: Office, unit: Unit) -> None:
    document = sealed(office, units=(unit,))
    head, one, other = (office.client(name) for name in ("truong.khac", "vien.khac", "vien.ba"))
    assert not sees(head, document)  # not before it is issued
    assert office.client("van.thu").post(place(document), {"act": "issue"}).status_code == 302
    assert heard(office["truong.khac"], document)
    assert document.subject in head.get("/").content.decode()
    assert sees(head, document)
    assert document.subject not in head.get("/").content.decode()  # it is read now
    assert not sees(one, document)
    given = {"act": "pass_on", "person": [office["vien.khac"].pk]}
    assert head.post(place(document), given).status_code == 302
    assert heard(office["vien.khac"], document)
    assert sees(one, document)
    assert not sees(other, document)
    page = office.client("van.thu").get(place(document)).content.decode()
    assert page.count('data-opened="yes"') == 2
    assert [row.opened_by for row in Circulation.objects.order_by("pk")] == [office["truong.khac"], office["vien.khac"]]
    # It is no sending between agencies: the packets, their recipients and the board are what they were.
    assert OutboxPacket.objects.count() == 1
    assert {row.code for row in document.recipients.all()} == {"H41", "H26"}
    assert Event.objects.filter(name="outgoing.circulated").count() == 2


@pytest.mark.law("R-3.2-1")
@pytest.mark.refuses("R-3.2-1")
def test_a_document_for_the_agency_alone_is_issued_without_the_hub(office: Office, unit: Unit) -> None:
    document = sealed(office, recipients=(), units=(unit,))
    assert office.client("van.thu").post(place(document), {"act": "issue"}).status_code == 302
    document.refresh_from_db()
    assert document.state == OutgoingState.ISSUED
    assert not OutboxPacket.objects.exists()
    assert sees(office.client("truong.khac"), document)
    assert unit.name in office.client("van.thu").get("/so-van-ban/").content.decode()  # Annex IV: who it is for
    # Nothing counts it as exchange: it is not followed, and it is none of the year's that were sent.
    assert document.printed_number not in office.client("van.thu").get("/theo-doi/").content.decode()
    rows = html.fromstring(office.client("lanh.dao").get("/co-quan/quy-che/").content).xpath("//tr[@data-indicator]")
    shares = {row.get("data-indicator"): " ".join(row.text_content().split()) for row in rows}
    for indicator, share in (("electronic", "0 / 0"), ("with_paper", "0 / 0"), ("signed_by_both", "1 / 1")):
        assert share in shares[indicator], indicator
    for nobody in (sealed(office, recipients=()),):
        answer = office.client("van.thu").post(place(nobody), {"act": "issue"})
        assert 'data-problem="no_recipients"' in answer.content.decode()


def test_the_drafter_chooses_units_and_changes_the_choice(office: Office, unit: Unit) -> None:
    drafter = office.client("chuyen.vien")
    form = {
        "type": "Quyết định", "subject": "Về việc lưu hành", "signer": office["lanh.dao"].pk, "body": "Điều 1. Nội dung./.",
        "recipients": ["H41"], "recipients_text": "- Lưu: VT.", "units": [unit.pk],
    }  # fmt: skip
    answer = drafter.post("/van-ban-di/soan/", form)
    document = OutgoingDocument.objects.get()
    assert answer["Location"] == place(document)
    shown = drafter.get(f"{place(document)}soan/").content.decode()
    assert f'value="{unit.pk}" checked' in shown
    del form["units"]
    drafter.post(f"{place(document)}soan/", form)
    assert not Circulation.objects.exists()
    refused = drafter.post("/van-ban-di/soan/", {**form, "units": ["987654321"]})
    assert 'data-problem="missing"' in refused.content.decode()
    assert OutgoingDocument.objects.count() == 1


def test_the_clerk_circulates_an_issued_document_further_and_nobody_else_does(office: Office, unit: Unit) -> None:
    document = issued(office)
    asked = {"act": "circulate", "unit": [unit.pk]}
    for login in ("chuyen.vien", "truong.dv", "lanh.dao"):
        assert office.client(login).post(place(document), asked).status_code == 403
    clerk = office.client("van.thu")
    assert clerk.post(place(document), {"act": "circulate"}).status_code == 422
    assert clerk.post(place(document), {**asked, "unit": ["987654321"]}).status_code == 404
    assert clerk.post(place(document), asked).status_code == 302
    assert clerk.post(place(document), asked).status_code == 302  # once more changes nothing
    assert Circulation.objects.count() == Event.objects.filter(name="outgoing.circulated").count() == 1
    assert sees(office.client("truong.khac"), document)
    draft = drafted(office)
    assert clerk.post(place(draft), asked).status_code == 404  # no clerk sees a draft


def test_a_head_passes_on_to_the_own_people_alone(office: Office, unit: Unit) -> None:
    document = issued(office)
    pass_on = {"act": "pass_on", "person": [office["vien.khac"].pk]}
    assert office.client("truong.dv").post(place(document), pass_on).status_code == 403  # its unit got nothing
    office.client("van.thu").post(place(document), {"act": "circulate", "unit": [unit.pk]})
    head = office.client("truong.khac")
    strange = head.post(place(document), {**pass_on, "person": [office["chuyen.vien"].pk]})
    assert strange.status_code == 422
    assert head.post(place(document), {"act": "pass_on"}).status_code == 422
    assert not Circulation.objects.filter(person__isnull=False).exists()


def test_who_only_reads_sees_what_was_issued_and_nothing_of_how_it_came_about(office: Office, unit: Unit) -> None:
    document = issued(office, units=(unit,))
    head, page = office.client("truong.khac"), place(document)
    shown = head.get(page).content.decode()
    for mark in ("data-review", "data-event", "data-recipient", 'data-version="draft"', "thay-the="):
        assert mark not in shown, mark
    assert 'data-version="sealed"' in shown
    newest = document.versions.latest("ordinal").ordinal
    for ordinal in range(1, newest):
        assert head.get(f"{page}ban/{ordinal}/").status_code == 404
    assert b"".join(head.get(f"{page}ban/{newest}/").streaming_content).startswith(b"%PDF")  # type: ignore[arg-type]
    assert head.get(f"{page}bang-chung/").status_code == 404
    assert head.get(f"/van-ban-di/soan/?thay-the={document.pk}").status_code == 404


def test_what_circulates_here_alone_is_recalled_at_once_and_seen_no_more(office: Office, unit: Unit) -> None:
    document = sealed(office, recipients=(), units=(unit,))
    clerk, head = office.client("van.thu"), office.client("truong.khac")
    assert clerk.post(place(document), {"act": "issue"}).status_code == 302
    tracking = clerk.get("/theo-doi/").content.decode()
    assert document.printed_number not in tracking  # no sending between agencies
    why = {"act": "recall", "reason": "Ban hành nhầm văn bản", "authority": "Chánh Văn phòng"}
    assert clerk.post(place(document), why).status_code == 302
    document.refresh_from_db()
    assert document.state == OutgoingState.RECALLED
    assert heard(office["truong.khac"], document)
    assert not sees(head, document)
    assert "Lưu hành trong cơ quan, chưa đọc" not in head.get("/").content.decode()
    again = clerk.post(place(document), {"act": "circulate", "unit": [office["chuyen.vien"].posts.get().unit_id]})
    assert 'data-problem="illegal_move"' in again.content.decode()


def test_a_unit_that_nobody_heads_gets_nothing_and_that_is_said(office: Office) -> None:
    lonely = setup.install_unit(office.organization, "KT", "Phòng chưa có trưởng")
    clerk, document = office.client("van.thu"), issued(office)
    answer = clerk.post(place(document), {"act": "circulate", "unit": [lonely.pk]})
    assert answer.status_code == 422
    assert "Phòng chưa có trưởng (chưa có ai)" in answer.content.decode()
    assert not Circulation.objects.exists()


def test_a_head_above_reads_it_too_and_it_stays_unread_for_the_unit(office: Office, unit: Unit) -> None:
    above = office["truong.dv"].posts.get().unit
    Unit.objects.filter(pk=unit.pk).update(parent=above)
    document = issued(office, units=(unit,))
    assert sees(office.client("truong.dv"), document)
    assert Circulation.objects.get().opened_at is None
    assert document.subject in office.client("truong.khac").get("/van-ban-di/?muc=luu-hanh").content.decode()


def test_nobody_is_given_a_document_who_administers_or_left_the_unit(office: Office, unit: Unit) -> None:
    setup.install_post(office["quan.tri"], unit, "administrator", position="Quản trị", since=yesterday())
    document = issued(office, units=(unit,))
    head = office.client("truong.khac")
    refused = head.post(place(document), {"act": "pass_on", "person": [office["quan.tri"].pk]})
    assert refused.status_code == 422
    head.post(place(document), {"act": "pass_on", "person": [office["vien.khac"].pk]})
    assert sees(office.client("vien.khac"), document)
    office["vien.khac"].posts.update(valid_to=yesterday())
    assert not sees(office.client("vien.khac"), document)


def test_a_changed_text_keeps_no_unit_that_is_not_chosen_any_more(office: Office, unit: Unit) -> None:
    document = drafted(office, units=(unit,))
    drafting.change(document, manuscript(office), actor=office["chuyen.vien"], at=now())
    assert not document.circulations.exists()
