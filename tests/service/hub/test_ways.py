"""The ways of a document: recall, update, replacement, take-back; who may, what becomes of it, and who hears what."""

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import httpx
import pytest

from lienthong.hub import agencies, answers, codes, intake
from lienthong.hub.agencies import directory
from lienthong.hub.models import Agency, CodeChange, Delivery, Request, System
from lienthong.journal.record import Actor
from lienthong.protocol import problems
from lienthong.protocol.client.native import NativeConnection
from lienthong.standards.edxml import Business, Document, Organ, Related, Replacement
from lienthong.standards.statuses import BusinessType, StatusCode
from lienthong.standards.times import VIETNAM
from tests.museum.packets import document_packet, status_packet
from tests.service.hub.conftest import (
    Country,
    forget_copies,
    make_document,
    make_recall,
    make_status,
    now,
    receive_all,
    submit,
)

S = StatusCode


def view(country: Country, packet_id: str, system: str = "G22") -> dict[str, Any]:
    """A packet as a system sees it."""
    connection = country.native(system)
    answer = httpx.get(f"{country.url}/api/v1/packets/{packet_id}", headers=connection._bearer())
    body: dict[str, Any] = answer.json()
    return body if answer.status_code == 200 else {"code": body["code"]}


def at_recipient(country: Country, packet_id: str, recipient: str) -> dict[str, Any]:
    """The newest delivery of a packet to one recipient."""
    found: list[dict[str, Any]] = [
        one for one in view(country, packet_id)["deliveries"] if one["recipient"] == recipient
    ]
    return found[-1]


def asked(country: Country, packet_id: str, recipient: str) -> list[tuple[str, str]]:
    """What was asked of a recipient about a document, and what became of it; the latest first."""
    return [(one["kind"], one["state"]) for one in at_recipient(country, packet_id, recipient)["requests"]]


def business(kind: BusinessType, document: Document, **facts: Any) -> Business:
    return Business(kind, "Sai nội dung", document.identifier, **facts)


def waits(connection: NativeConnection) -> list[int | None]:
    return [item.business_type for item in connection.inbox()]


# -- recall ------------------------------------------------------------------------------------------------------------


@pytest.mark.law("R-8.2-3", "R-9.2-3")
@pytest.mark.refuses("R-9.2-3")
def test_the_sender_sees_each_answer_and_each_silence_with_its_time(country: Country) -> None:
    sender, document = country.native("G22"), make_document(("H41", "H26", "G12"))
    sent = submit(sender, document).packet_id
    for code in ("H41", "H26"):
        receive_all(country.native(code))
    submit(sender, make_recall(document, ("H41", "H26", "G12")))
    silent = at_recipient(country, sent, "H41")
    assert (silent["waits_for"], silent["turn"]) == ("answer", "recipient")
    assert silent["requests"][0]["silent_since"] == silent["requests"][0]["asked_at"] == silent["since"]
    receive_all(country.native("H26"))
    submit(country.native("H26"), make_status(document, S.DECLINED, "H26", "Đã thi hành xong ngày 20/11"))
    declined = at_recipient(country, sent, "H26")["requests"][0]
    assert (declined["state"], declined["reason"]) == ("declined", "Đã thi hành xong ngày 20/11")
    assert declined["settled_at"] > declined["asked_at"]
    assert declined["silent_since"] is None
    assert asked(country, sent, "G12") == [("recall", "withdrawn")]
    submit(country.native("H41"), make_status(document, S.AGREED, "H41"))
    agreed = at_recipient(country, sent, "H41")
    assert (agreed["requests"][0]["state"], agreed["waits_for"], agreed["turn"]) == ("agreed", "", "nobody")
    assert view(country, sent)["force"] == "recalled"


@pytest.mark.law("R-8.2-3")
def test_a_recall_to_a_chosen_subset_leaves_the_others_alone(country: Country) -> None:
    sender, document = country.native("G22"), make_document(("H41", "H26", "G12"))
    sent = submit(sender, document).packet_id
    receive_all(country.native("H41"))
    submit(sender, make_recall(document, ("H41", "G12")))
    assert waits(country.native("H41")) == [1]
    assert waits(country.native("G12")) == []
    assert waits(country.native("H26")) == [0]
    assert asked(country, sent, "H26") == []
    assert view(country, sent)["force"] == "partly_recalled"


@pytest.mark.law("R-9.2-3")
def test_a_recall_that_is_repeated_is_answered_once(country: Country) -> None:
    sender, document = country.native("G22"), make_document()
    sent = submit(sender, document).packet_id
    receive_all(country.native("H41"))
    for reason in ("lần một", "lần hai"):
        submit(
            sender, make_recall(document, ("H41",), business=Business(BusinessType.RECALL, reason, document.identifier))
        )
    assert asked(country, sent, "H41") == [("recall", "open"), ("recall", "superseded")]
    submit(country.native("H41"), make_status(document, S.DECLINED, "H41", "Đang thi hành, đề nghị giữ"))
    assert asked(country, sent, "H41") == [("recall", "declined"), ("recall", "superseded")]
    submit(country.native("H41"), make_status(document, S.AGREED, "H41"))
    assert asked(country, sent, "H41") == [("recall", "agreed"), ("recall", "superseded")]
    submit(country.native("H41"), make_status(document, S.DECLINED, "H41", "muộn"))
    assert asked(country, sent, "H41") == [("recall", "agreed"), ("recall", "superseded")]


@pytest.mark.law("R-9.2-2", "R-8.2-3")
def test_a_recall_that_overtakes_its_document_is_applied_when_it_comes(country: Country) -> None:
    sender, document = country.native("G22"), make_document(("H41", "H26", "G12"))
    submit(sender, make_recall(document, ("H41", "H26")))
    receive_all(country.native("H41"))  # this one has read the recall before there was anything to recall
    sent = submit(sender, document).packet_id
    assert [waits(country.native(code)) for code in ("H41", "H26", "G12")] == [[], [], [0]]
    assert asked(country, sent, "H41") == asked(country, sent, "H26") == [("recall", "withdrawn")]
    stranger = make_document(("H41",), sender="H26", identifier=document.identifier)
    submit(country.native("H26"), stranger)
    assert waits(country.native("H41")) == [0]


@pytest.mark.law("R-9.2-3")
def test_a_recall_whose_document_never_comes_can_be_answered(country: Country) -> None:
    recall = make_recall(document := make_document(), ("H41",))
    submission = submit(country.native("G22"), recall)
    receive_all(country.native("H41"))
    with pytest.raises(problems.UnknownDocument):
        submit(country.native("H41"), make_status(document, S.ACCEPTED))
    submit(country.native("H41"), make_status(document, S.AGREED, "H41", "Văn bản không đến"))
    assert asked(country, submission.packet_id, "H41") == [("recall", "agreed")]


@pytest.mark.law("R-8.2-3", "R-5.4-2")
def test_who_refused_a_document_hears_of_its_recall(country: Country) -> None:
    sender, document = country.native("G22"), make_document()
    sent = submit(sender, document).packet_id
    receive_all(country.native("H41"))
    submit(country.native("H41"), make_status(document, S.REFUSED, "H41", "MISSING_FILE: thiếu Phụ lục I"))
    returned = at_recipient(country, sent, "H41")
    assert (returned["waits_for"], returned["turn"]) == ("correction", "sender")
    assert returned["reason"] == "MISSING_FILE: thiếu Phụ lục I"
    submit(sender, make_recall(document, ("H41",)))
    assert waits(country.native("H41")) == [1]
    submit(country.native("H41"), make_status(document, S.AGREED, "H41"))
    assert at_recipient(country, sent, "H41")["turn"] == "nobody"


@pytest.mark.law("R-8.2-3")
def test_what_could_not_be_taken_is_not_tried_again_after_a_recall(country: Country) -> None:
    document = make_document()
    submit(country.native("G22"), document)
    recipient = country.native("H41")
    item = recipient.inbox()[0]
    recipient.fetch(item, io.BytesIO())
    recipient.refuse(item, code="cannot_be_filed", detail="lỗi phần mềm")
    submit(country.native("G22"), make_recall(document, ("H41",)))
    assert [one.business_type for one in recipient.inbox(failed=True)] == [1]
    with pytest.raises(problems.ContentGone):
        recipient.fetch(item, io.BytesIO())


def merge(code: str, into: str) -> None:
    plan = codes.Plan(CodeChange.Kind.MERGE, (code,), now().astimezone(VIETNAM).date(), "1/NQ-UBTVQH15", (into,))
    codes.file(plan, by=Actor("person", "registry"), at=now())
    forget_copies()


@pytest.mark.law("R-8.2-3", "R-16.1-1")
def test_the_successor_answers_the_recall_of_what_the_merged_agency_received(country: Country) -> None:
    document = make_document(("H26",))
    sent = submit(country.native("G22"), document).packet_id
    receive_all(country.native("H26"))
    merge("H26", into="H41")
    submit(country.native("G22"), make_recall(document, ("H26",)))
    receive_all(country.native("H41"))
    assert asked(country, sent, "H26") == [("recall", "open")]
    submit(country.native("H41"), make_status(document, S.AGREED, "H41"))
    assert asked(country, sent, "H26") == [("recall", "agreed")]


def test_a_recall_to_many_costs_few_questions(country: Country, django_assert_max_num_queries: Any) -> None:
    units = [f"H41.{number}" for number in range(40)]
    for code in units:
        agencies.add_agency(code, name=code, at=now())
    agencies.add_system("H41", name="Nghệ An", agencies=units, at=now())
    agencies.forget_copy()
    document = make_document(tuple(units))
    submit(country.native("G22"), document)
    receive_all(country.native("H41"))
    agencies.add_system("000.00.00.G22", name="VPCP", agencies=["G22"], at=now())
    agencies.forget_copy()
    member = directory().systems["000.00.00.G22"]
    recall = document_packet(make_recall(document, tuple(units)))
    with django_assert_max_num_queries(40):
        intake.accept(intake.Request(member, "vxp", ""), [recall], at=now())
    assert Request.objects.filter(state="open").count() == 40


# -- take-back (13) ------------------------------------------------------------------------------------------------------


def test_a_take_back_of_what_was_not_fetched_bothers_nobody(country: Country) -> None:
    document = make_document(("H41", "H26"))
    sent = submit(country.native("G22"), document).packet_id
    receive_all(country.native("H26"))
    for code in ("H41", "H26"):
        submit(country.native("G22"), make_status(document, S.TAKE_BACK, code, "Gửi nhầm nơi nhận"))
    assert country.native("H41").inbox() == []
    assert len(country.native("H26").inbox()) == 1
    assert asked(country, sent, "H41") == [("take_back", "withdrawn")]
    submit(country.native("H26"), make_status(document, S.AGREED, "H26"))
    assert asked(country, sent, "H26") == [("take_back", "agreed")]
    assert view(country, sent)["force"] == "in_force"  # one copy went astray; the document stands


# -- update and replacement ----------------------------------------------------------------------------------------------


@pytest.mark.law("R-8.2-3", "D30-18-2")
def test_an_update_reaches_old_and_new_receivers_and_leaves_out_the_removed(country: Country) -> None:
    sender, document = country.native("G22"), make_document(("H41", "H26"))
    sent = submit(sender, document).packet_id
    receive_all(country.native("H41"))
    facts = business(
        BusinessType.UPDATE, document, document_changed=True, recipients_changed=True,
        recipients=(("G12", "1"), ("H26", "0")),
    )  # fmt: skip
    update = replace(document, recipients=(Organ("H41"), Organ("G12")), subject="Trích yếu đã sửa", business=facts)
    submit(sender, update)
    assert waits(country.native("H41")) == waits(country.native("G12")) == [2]
    assert waits(country.native("H26")) == []
    assert at_recipient(country, sent, "H26")["state"] == "withdrawn"
    assert asked(country, sent, "H41") == [("update", "open")]
    receive_all(country.native("G12"))
    submit(country.native("G12"), make_status(document, S.ACCEPTED, "G12"))
    submit(country.native("H41"), make_status(document, S.AGREED, "H41"))
    assert asked(country, sent, "H41") == [("update", "agreed")]
    assert not Request.objects.filter(agency_id="G12").exists()  # to him it is a new document
    with pytest.raises(problems.NotTheSender):
        submit(country.native("H26"), replace(update, sender=Organ("H26")))
    with pytest.raises(problems.UnknownDocument):
        submit(sender, replace(other := make_document(), business=business(BusinessType.UPDATE, other)))


@pytest.mark.law("D30-18-2", "R-8.2-3")
def test_a_replacement_of_several_documents_asks_whom_each_concerns(country: Country) -> None:
    sender = country.native("G22")
    first, second = make_document(("H41", "H26")), make_document(("H41", "G12"))
    ids = [submit(sender, one).packet_id for one in (first, second)]
    for code in ("H41", "H26", "G12"):
        receive_all(country.native(code))
    replaced = (Replacement(first.identifier, ("H41", "000.00.00.H26")), Replacement(second.identifier, ("H41",)))
    new = make_document(
        ("H41", "H26", "G12"), business=Business(BusinessType.REPLACE, "Sai căn cứ", replacements=replaced)
    )
    submission = submit(sender, new)
    assert [asked(country, ids[0], code) for code in ("H41", "H26")] == [[("replace", "open")]] * 2
    assert [asked(country, ids[1], code) for code in ("H41", "G12")] == [[("replace", "open")], []]
    submit(country.native("H41"), make_status(new, S.ACCEPTED, "H41"))
    submit(country.native("H41"), make_status(new, S.AGREED, "H41"))  # it names the document that came …
    submit(country.native("H26"), make_status(first, S.DECLINED, "H26", "Đã thi hành xong"))  # … or the one replaced
    assert asked(country, ids[0], "H41") == asked(country, ids[1], "H41") == [("replace", "agreed")]
    assert asked(country, ids[0], "H26") == [("replace", "declined")]
    assert [view(country, one)["force"] for one in ids] == ["replaced", "partly_replaced"]
    assert view(country, ids[1], "G12")["force"] == "in_force"
    told = {(one["kind"], one["identifier"]) for one in view(country, submission.packet_id)["relations"]}
    assert told == {("replaces", first.identifier), ("replaces", second.identifier)}
    assert ("replaced_by", new.identifier) in relations_of(country, ids[0], "H26")
    with pytest.raises(problems.NotTheSender):
        submit(country.native("H26"), replace(make_document(("H41",), sender="H26"), business=new.business))


def test_the_answer_goes_to_the_latest_open_request(country: Country) -> None:
    sender, document = country.native("G22"), make_document()
    sent = submit(sender, document).packet_id
    receive_all(country.native("H41"))
    submit(sender, replace(document, business=business(BusinessType.UPDATE, document)))
    receive_all(country.native("H41"))
    submit(sender, make_recall(document, ("H41",)))
    submit(country.native("H41"), make_status(document, S.DECLINED, "H41", "Đang thi hành văn bản"))
    assert asked(country, sent, "H41") == [("recall", "declined"), ("update", "open")]
    submit(country.native("H41"), make_status(document, S.AGREED, "H41"))
    assert asked(country, sent, "H41") == [("recall", "declined"), ("update", "agreed")]


def test_through_the_other_door_it_is_the_same(old_country: Country) -> None:
    client, recipient = old_country.java("G22"), old_country.java("H41")
    document = make_document(("H41", "H26"), sender="G22")
    sent = client.send_edoc(document_packet(document), sender="000.00.00.G22")["DocId"]
    recipient.update_status(recipient.received()[0]["docId"], "done")
    client.send_edoc(document_packet(make_recall(document, ("H41", "H26"))), sender="000.00.00.G22")
    assert old_country.native("H26").inbox() == []
    item = recipient.received()[0]
    assert recipient.get_edoc(item["docId"]) is not None
    recipient.update_status(item["docId"], "done")
    rows = {one["toCode"]: one["receiveStatusDesc"] for one in client.sent(doc_id=sent)}
    assert "Thu hồi: Chờ trả lời (" in rows["000.00.00.H41"]
    recipient.send_edoc(
        status_packet(make_status(document, S.DECLINED, "H41", "Đang thi hành")), sender="000.00.00.H41", kind="status"
    )
    rows = {one["toCode"]: one["receiveStatusDesc"] for one in client.sent(doc_id=sent)}
    assert "Thu hồi: Không đồng ý (16) (" in rows["000.00.00.H41"]
    assert rows["000.00.00.H26"].startswith("Đã rút trước khi giao")


# -- relations -------------------------------------------------------------------------------------------------------------


def relations_of(country: Country, packet_id: str, system: str) -> list[tuple[str, str]]:
    return [(one["kind"], one["identifier"]) for one in view(country, packet_id, system)["relations"]]


def test_an_answer_is_known_whichever_comes_first(country: Country) -> None:
    asks = make_document(("H41",))
    about = Related("G22", asks.printed_number, asks.identifier, asks.issued_on)
    reply = make_document(("G22",), sender="H41", answers=(about,))
    answer = submit(country.native("H41"), reply).packet_id
    assert view(country, answer, "H41")["relations"][0]["packet_id"] is None
    sent = submit(country.native("G22"), asks).packet_id
    assert view(country, answer, "H41")["relations"][0]["packet_id"] == sent
    assert relations_of(country, sent, "G22") == [("answered_by", reply.identifier)]
    numbered = make_document(("G22",), sender="H41", answers=(replace(about, identifier=""),))
    submit(country.native("H41"), numbered)
    assert ("answered_by", numbered.identifier) in relations_of(country, sent, "G22")
    corrects = make_document(("H41",), answers=(about,), subject="Đính chính Quyết định", kind_name="Công văn")
    submit(country.native("G22"), corrects)
    assert ("corrected_by", corrects.identifier) in relations_of(country, sent, "H41")


@pytest.mark.law("SEC-6")
def test_no_system_learns_of_anothers_documents_by_a_relation(country: Country) -> None:
    asks = make_document(("H41",))
    sent = submit(country.native("G22"), asks).packet_id
    about = Related("G22", asks.printed_number, asks.identifier, asks.issued_on)
    gossip = make_document(("G12",), sender="H26", answers=(about,))
    told = submit(country.native("H26"), gossip).packet_id
    assert relations_of(country, sent, "G22") == []
    assert relations_of(country, sent, "H41") == []
    assert view(country, told, "H26")["relations"][0]["packet_id"] is None
    assert view(country, sent, "H26") == {"code": "unknown_packet"}
    assert [one["recipient"] for one in view(country, sent, "H41")["deliveries"]] == ["H41"]


# -- who waits for whom ----------------------------------------------------------------------------------------------------


def standing(*codes: str) -> Sequence[tuple[str, str]]:
    rows = list(Delivery.objects.select_related("packet").order_by("submitted_at", "id"))
    found = answers.of_deliveries(rows, directory())
    return [(found[one.pk].awaited.value, found[one.pk].turn.value) for one in rows if one.agency_id in codes]


def test_a_packet_to_many_is_shown_in_pages(country: Country) -> None:
    sent = submit(country.native("G22"), make_document(("H41", "H26", "G12"))).packet_id
    whole = view(country, sent)
    assert (len(whole["deliveries"]), whole["more"]) == (3, False)
    seen: list[str] = []
    page = view(country, f"{sent}?limit=2")
    while True:
        assert len(page["deliveries"]) <= 2
        seen += [one["delivery_id"] for one in page["deliveries"]]
        if not page["more"]:
            break
        page = view(country, f"{sent}?limit=2&after={seen[-1]}")
    assert seen == [one["delivery_id"] for one in whole["deliveries"]]
    assert view(country, f"{sent}?after={seen[-1]}")["deliveries"] == []
    foreign = view(country, sent, "H26")["deliveries"][0]["delivery_id"]
    assert view(country, f"{sent}?after={foreign}", "H41") == {"code": "bad_request"}
    assert view(country, f"{sent}?after=x") == {"code": "bad_request"}


@pytest.mark.law("R-8.2-2")
def test_every_step_names_whose_turn_it_is(country: Country) -> None:
    document = make_document()
    submit(country.native("G22"), document)
    recipient = country.native("H41")
    item = recipient.inbox()[0]
    assert standing("H41") == [("fetch", "recipient_system")]
    recipient.fetch(item, io.BytesIO())
    assert standing("H41") == [("acknowledgement", "recipient_system")]
    recipient.refuse(item, code="x", detail="đầy đĩa")
    assert standing("H41") == [("another_try", "recipient_system")]
    recipient.acknowledge(item)
    assert standing("H41") == [("acceptance", "recipient")]
    for code, expected in ((S.ARRIVED, "acceptance"), (S.ACCEPTED, "completion"), (S.FINISHED, "")):
        submit(recipient, make_status(document, code))
        assert standing("H41")[0][0] == expected


def test_what_waits_for_a_closed_a_suspended_or_an_unconnected_recipient_has_its_way_out(country: Country) -> None:
    document = make_document(("H41", "H26", "G12"))
    sent = submit(country.native("G22"), document).packet_id
    Agency.objects.filter(code="H41").update(system=None)
    System.objects.filter(code="H26").update(suspended_at=now(), suspended_for="rà soát")
    Agency.objects.filter(code="G12").update(open=False, ended_at=now())
    forget_copies()
    assert standing("H41", "H26") == [("connection", "operators")] * 2
    assert standing("G12") == [("fetch", "recipient_system")]  # closed to new documents; it takes what was sent before
    assert len(receive_all(country.native("G12"))) == 1
    submit(country.native("G22"), make_recall(document, ("H41", "H26")))
    assert standing("H41")[0] == standing("H26")[0] == ("", "nobody")
    assert at_recipient(country, sent, "H41")["state"] == "withdrawn"


def test_an_answer_that_asks_something_of_others_changes_nothing_for_the_document_it_answers(country: Country) -> None:
    document = make_document(("H41", "H26"))
    sent = submit(country.native("G22"), document).packet_id
    for code in ("H41", "H26"):
        receive_all(country.native(code))
    own = make_document(("H41",), sender="H26")
    submit(country.native("H26"), own)
    receive_all(country.native("H41"))
    answered = Related("G22", document.printed_number, document.identifier, document.issued_on)
    submit(country.native("H26"), make_recall(own, ("H41",), answers=(answered,)))
    stands = at_recipient(country, sent, "H41")
    assert (stands["waits_for"], stands["requests"]) == ("acceptance", [])
