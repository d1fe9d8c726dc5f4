"""Changes of codes, through the doors: what a merger, a split, a closing do to what is under way."""

import threading
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from time import monotonic

import httpx
import pytest
from django.db import DatabaseError, connection, transaction

from lienthong.hub import agencies, codes
from lienthong.hub.codes import Kind, Plan, State, Units
from lienthong.hub.models import Agency, CodeChange, Delivery, Packet, Seal
from lienthong.hub.refusals import RegistryRefused
from lienthong.journal.models import Event
from lienthong.protocol import problems
from lienthong.standards.statuses import StatusCode
from lienthong.standards.times import VIETNAM
from tests.museum.packets import document_packet
from tests.service.hub.conftest import (
    SECRET,
    Country,
    make_document,
    make_recall,
    make_status,
    now,
    receive_all,
    submit,
)
from tests.service.hub.registry_scene import certificate

S = StatusCode
DECISION = "202/2025/QH15"


def today() -> date:
    return now().astimezone(VIETNAM).date()


def tomorrow() -> date:
    return today() + timedelta(days=1)


def file(kind: Kind, *changing: str, on: date | None = None, **more: object) -> CodeChange:
    """File a change; in force at once unless `on` says a later day."""
    change = codes.file(Plan(kind, changing, on or today(), DECISION, **more), at=now())  # type: ignore[arg-type]
    agencies.forget_copy()
    return change


def let_the_day_come(change: CodeChange) -> None:
    """The change's day has begun; nothing is restarted and no copy is forgotten but by its own age."""
    CodeChange.objects.filter(pk=change.pk).update(effective_at=now())
    agencies._read_at = 0.0


def merge(*changing: str, into: str, **more: object) -> CodeChange:
    return file(Kind.MERGE, *changing, into=(into,), **more)


@pytest.mark.law("R-16.1-1")
def test_a_change_comes_into_force_on_its_day_without_a_restart(country: Country) -> None:
    sender = country.native("G22")
    change = merge("H26", into="H41", on=tomorrow())
    assert change.state == State.PLANNED
    assert [one.routed_to for one in submit(sender, make_document(("H26",))).deliveries] == ["H26"]
    let_the_day_come(change)
    after = submit(sender, make_document(("H26",))).deliveries
    assert [(one.recipient, one.routed_to, one.routed_because) for one in after] == [("H26", "H41", "successor")]
    change.refresh_from_db()
    assert change.state == State.IN_FORCE
    assert Event.objects.get(name="code_change.in_force").data["decision"] == DECISION
    listed = {one.code: one for one in country.native("G12").directory()}
    assert (listed["H26"].successor, listed["H26"].ended_at is not None) == ("H41", True)


@pytest.mark.law("R-16.1-1")
def test_the_inbox_of_a_merged_agency_moves(country: Country) -> None:
    packets = [document_packet(make_document(("H26",))) for _ in range(3)]
    for packet in packets:
        submit(country.native("G22"), packet, sender="G22")
    old, new = country.native("H26"), country.native("H41")
    begun = old.inbox()[0]
    old.fetch(begun, BytesIO())
    merge("H26", into="H41")
    assert old.inbox() == []
    with pytest.raises(problems.UnknownDelivery):
        old.fetch(new.inbox()[1], BytesIO())
    old.acknowledge(begun)
    assert sorted([*receive_all(new), packets[0]]) == sorted(packets)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"done"}


@pytest.mark.law("R-16.1-1")
def test_statuses_and_recalls_find_their_way_across_a_merger(country: Country) -> None:
    """Whoever recalls, reports or is told: the successor stands where the merged agency stood."""
    mine, theirs = make_document(("H26",)), make_document(("G12",), sender="H26")
    submit(country.native("G22"), mine)
    submit(country.native("H26"), theirs)
    receive_all(country.native("H26"))
    receive_all(country.native("G12"))
    merge("H26", into="H41")
    successor, g22, g12 = country.native("H41"), country.native("G22"), country.native("G12")
    submit(successor, make_status(mine, S.ACCEPTED, "H41"))
    submit(successor, make_status(mine, S.ASSIGNED, "H26"))
    assert len(receive_all(g22)) == 2
    submit(g12, make_status(theirs, S.ACCEPTED, "G12"))
    assert [item.routed_to for item in successor.inbox()] == ["H41"]
    receive_all(successor)
    submit(g22, make_recall(mine, ("H26",)))
    assert [item.business_type for item in successor.inbox()] == [1]
    recall = make_recall(theirs, ("G12",), sender=make_document(sender="H41").sender)
    submit(successor, recall)
    assert [item.business_type for item in g12.inbox()] == [1]
    with pytest.raises(problems.NotTheSender):
        submit(g12, make_recall(theirs, ("G12",), sender=make_document(sender="G12").sender))


def test_a_recall_withdraws_what_still_waits_at_the_old_code(country: Country) -> None:
    document = make_document(("H26", "H41"))
    submit(country.native("G22"), document)
    merge("H26", into="H41")
    submit(country.native("G22"), make_recall(document, ("H26",)))
    assert [item.recipient for item in country.native("H41").inbox()] == ["H41"]
    assert Delivery.objects.get(recipient="H26", packet__business_type=0).state == "withdrawn"


def test_a_repeat_across_a_merger_delivers_nothing_twice(country: Country) -> None:
    packet = document_packet(make_document(("H26",)))
    first = submit(country.native("G22"), packet, sender="G22")
    merge("H26", into="H41")
    again = submit(country.native("G22"), packet, sender="G22")
    assert (again.packet_id, again.repeated) == (first.packet_id, True)
    assert len(country.native("H41").inbox()) == 1


def test_who_refused_before_a_merger_gets_it_anew_at_the_successor(country: Country) -> None:
    document = make_document(("H26",))
    packet = document_packet(document)
    submit(country.native("G22"), packet, sender="G22")
    receive_all(country.native("H26"))
    submit(country.native("H26"), make_status(document, S.REFUSED, "H26", "MISSING_FILE: thiếu phụ lục"))
    merge("H26", into="H41")
    submit(country.native("G22"), packet, sender="G22")
    assert [item.document_id for item in country.native("H41").inbox()] == [document.identifier]


@pytest.mark.law("R-16.1-1")
def test_of_two_systems_that_fetched_the_same_across_a_merger_one_has_taken_it(country: Country) -> None:
    submit(country.native("G22"), make_document(("H26",)))
    old, heir = country.native("H26"), country.native("H41")
    (item,) = old.inbox()
    old.fetch(item, BytesIO())
    merge("H26", into="H41")
    heir.fetch(item, BytesIO())
    done = heir.acknowledge(item)
    with pytest.raises(problems.WrongState, match="hệ thống khác"):
        old.acknowledge(item)
    assert heir.acknowledge(item).receipt == done.receipt


@pytest.mark.law("R-16.1-1")
def test_nothing_new_goes_out_under_a_code_that_has_ended(country: Country) -> None:
    merge("H26", into="H41")
    with pytest.raises(problems.ClosedSender) as refused:
        submit(country.native("H41"), make_document(("G12",), sender="H26", issued_on=today()))
    assert refused.value.data["successor"] == "H41"
    late = make_document(("G12",), sender="H26", issued_on=today() - timedelta(days=1))
    assert submit(country.native("H26"), late).packet_id  # signed before, sent after
    with pytest.raises(problems.NotYourAgency):
        submit(country.native("G22"), replace(late, identifier="x"))


def test_the_old_door_serves_the_successor_too(country: Country) -> None:
    submit(country.native("G22"), make_document(("H26",)))
    agencies.add_system("000.00.00.H41", name="H41", agencies=["H41"], vxp_secret=SECRET + "H41", at=now())
    merge("H26", into="H41")
    client = country.java("H41")
    waiting = client.received()
    assert [row["to"] for row in waiting] == ["000.00.00.H26"]
    assert "H26" not in {row["code"] for row in client.agencies_qd20()}


@pytest.mark.law("R-16.1-1")
def test_a_split_code_refuses_what_is_new_and_hands_on_what_was_begun(country: Country) -> None:
    document = make_document(("G12",), sender="H26")
    submit(country.native("H26"), document)
    receive_all(country.native("G12"))
    submit(country.native("G22"), make_document(("H26",)))
    file(Kind.SPLIT, "H26", into=("H41", "G12"))
    with pytest.raises(problems.ClosedRecipient) as refused:
        submit(country.native("G22"), make_document(("H26",)))
    assert refused.value.data["recipients"][0]["successor"] == "H41"
    submit(country.native("G12"), make_status(document, S.ACCEPTED, "G12"))
    assert sorted(item.kind for item in country.native("H41").inbox()) == ["document", "status"]


def test_a_part_that_leaves_lets_the_agency_go_on(country: Country) -> None:
    agencies.add_agency("H99", name="Tỉnh tách ra", at=now(), opens_on=today(), decision=DECISION)
    agencies.add_system("H41", name="H41", agencies=["H41", "H99"], at=now())
    file(Kind.SPLIT, "H26", into=("H26", "H99"))
    sent = submit(country.native("G22"), make_document(("H26", "H99"))).deliveries
    assert [one.routed_to for one in sent] == ["H26", "H99"]


def test_a_closed_agency_finishes_what_waits(country: Country) -> None:
    document = make_document(("H26",))
    submit(country.native("G22"), document)
    file(Kind.CLOSE, "H26")
    with pytest.raises(problems.ClosedRecipient):
        submit(country.native("G22"), make_document(("H26",)))
    assert len(receive_all(country.native("H26"))) == 1
    submit(country.native("H26"), make_status(document, S.FINISHED, "H26"))
    assert len(country.native("G22").inbox()) == 1


def test_units_move_with_a_merger_or_forward_with_it(country: Country) -> None:
    for province in ("H26", "G12"):
        for number in (1, 2):
            agencies.add_agency(f"{province}.{number}", name=f"Xã {number}", parent=province, at=now())
    agencies.add_system("H26", name="Hà Nội", agencies=["H26", "H26.1", "H26.2"], at=now())
    merge("H26", into="H41")
    merge("G12", into="H41", units=Units.FORWARD)
    assert set(Agency.objects.filter(parent="H41").values_list("code", flat=True)) == {"H26.1", "H26.2"}
    sent = submit(country.native("G22"), make_document(("H26.1", "G12.2"))).deliveries
    assert [(one.recipient, one.routed_to) for one in sent] == [("H26.1", "H26.1"), ("G12.2", "H41")]


def test_a_unit_that_follows_its_parent_takes_its_place(country: Country) -> None:
    agencies.add_agency("H26.1", name="Sở", parent="H26", at=now())
    agencies.add_agency("H26.2", name="Sở", parent="H26", at=now())
    Agency.objects.filter(code="H26").update(parent="G22")
    merge("H26", into="H26.1")
    assert dict(Agency.objects.filter(code__startswith="H26.").values_list("code", "parent")) == {
        "H26.1": "G22", "H26.2": "H26.1",
    }  # fmt: skip


def test_a_ladder_of_mergers_on_one_day(country: Country) -> None:
    agencies.add_agency("H26.1", name="Xã", parent="H26", at=now())
    changes = [merge("H26", into="G12", on=tomorrow()), merge("G12", into="H41", on=tomorrow() + timedelta(days=1))]
    CodeChange.objects.filter(pk__in=[change.pk for change in changes]).update(effective_at=now())
    agencies._read_at = 0.0
    assert submit(country.native("G22"), make_document(("H26",))).deliveries[0].routed_to == "H41"
    assert Agency.objects.get(code="H26.1").parent_id == "H41"


def test_a_name_changes_on_its_day(country: Country) -> None:
    change = file(Kind.RENAME, "H26", name="Ủy ban nhân dân Thủ đô Hà Nội", on=tomorrow())
    assert Agency.objects.get(code="H26").name == "Ủy ban nhân dân thành phố Hà Nội"
    let_the_day_come(change)
    assert {one.code: one.name for one in country.native("G22").directory()}["H26"].endswith("Thủ đô Hà Nội")


def test_a_new_agency_opens_on_its_day(country: Country) -> None:
    agencies.add_agency("H99", name="Xã mới", at=now(), opens_on=tomorrow(), decision=DECISION)
    agencies.add_system("H41", name="H41", agencies=["H41", "H99"], at=now())
    with pytest.raises(problems.ClosedRecipient):
        submit(country.native("G22"), make_document(("H99",)))
    let_the_day_come(CodeChange.objects.get(kind="open"))
    assert submit(country.native("G22"), make_document(("H99",))).deliveries[0].routed_to == "H99"


def test_the_seal_of_a_merged_agency_is_vouched_for_until_its_day(country: Country) -> None:
    agencies.register_seal("H26", certificate("Hà Nội"), at=now() - timedelta(days=400))
    change = merge("H26", into="H41")
    assert Seal.objects.get().valid_to == change.effective_at
    published = {one.code: one for one in country.native("G22").directory()}["H26"].seals
    assert published[0].valid_to == change.effective_at


def test_a_change_is_undone_before_its_day_and_not_after(country: Country) -> None:
    change = merge("H26", into="H41", on=tomorrow())
    codes.undo(change.pk, at=now())
    let_the_day_come(change)
    assert submit(country.native("G22"), make_document(("H26",))).deliveries[0].routed_to == "H26"
    done = merge("H26", into="H41")
    with pytest.raises(RegistryRefused, match="không còn chờ hiệu lực"):
        codes.undo(done.pk, at=now())


def test_a_preview_says_what_would_happen_and_does_nothing(country: Country) -> None:
    agencies.add_agency("H26.1", name="Xã", parent="H26", at=now())
    for _ in range(2):
        submit(country.native("G22"), make_document(("H26",)))
    seen = codes.preview(Plan(Kind.MERGE, ("H26",), tomorrow(), DECISION, ("H41",), units=Units.FORWARD))
    assert (seen.forwarding, seen.moved, seen.on_the_way) == (("H26", "H26.1"), (), 2)
    seen = codes.preview(Plan(Kind.MERGE, ("H26",), tomorrow(), DECISION, ("H41",)))
    assert (seen.forwarding, seen.moved, seen.unconnected) == (("H26",), ("H26.1",), ())
    assert not CodeChange.objects.exists()


def test_a_code_is_never_used_again(country: Country) -> None:
    merge("H26", into="H41")
    for code in ("H26", "000.00.00.H26"):
        with pytest.raises(RegistryRefused, match="không dùng lại"):
            agencies.add_agency(code, name="Cơ quan khác", at=now())
    with pytest.raises(DatabaseError), transaction.atomic():
        Agency.objects.filter(code="H26").delete()
    assert not Packet.objects.exists()


def _plans() -> list[tuple[str, Plan]]:
    day = today()
    return [
        ("unknown_code", Plan(Kind.MERGE, ("X99",), day, DECISION, ("H41",))),
        ("decision_missing", Plan(Kind.MERGE, ("H26",), day, " ", ("H41",))),
        ("nothing_changes", Plan(Kind.MERGE, ("H41",), day, DECISION, ("H41",))),
        ("nothing_changes", Plan(Kind.SPLIT, ("H26",), day, DECISION)),
        ("name_missing", Plan(Kind.RENAME, ("H26",), day, DECISION)),
        ("ended", Plan(Kind.MERGE, ("E01",), day, DECISION, ("H41",))),
        ("target_not_open", Plan(Kind.MERGE, ("H26",), day, DECISION, ("E01",))),
        ("ending_planned", Plan(Kind.CLOSE, ("P01",), day, DECISION)),
        ("target_awaited", Plan(Kind.CLOSE, ("P02",), day, DECISION)),
        ("target_not_open", Plan(Kind.MERGE, ("H26",), day + timedelta(days=9), DECISION, ("P01",))),
        ("parent_below", Plan(Kind.MOVE, ("U01",), day, DECISION, ("U02",))),
        ("units_open", Plan(Kind.CLOSE, ("U01",), day, DECISION)),
    ]


@pytest.mark.parametrize(("refusal", "plan"), _plans(), ids=[name for name, _ in _plans()])
def test_what_the_registry_refuses_is_named_and_changes_nothing(country: Country, refusal: str, plan: Plan) -> None:
    for code in ("E01", "P01", "P02", "U01"):
        agencies.add_agency(code, name=code, at=now())
    agencies.add_agency("U02", name="Đơn vị", parent="U01", at=now())
    merge("E01", into="H41")
    merge("P01", into="P02", on=tomorrow())
    before = CodeChange.objects.count()
    with pytest.raises(RegistryRefused) as refused:
        codes.file(plan, at=now())
    assert refused.value.refusal == refusal
    assert CodeChange.objects.count() == before


def test_an_agency_hangs_below_one_that_goes_on(country: Country) -> None:
    agencies.add_agency("H41.1", name="Sở", parent="H41", at=now())
    merge("H26", into="G12")
    for code, parent, refusal in (
        ("X01", "H26", "ended"),
        ("X01", "X99", "unknown_code"),
        ("H41", "H41.1", "parent_below"),
    ):
        with pytest.raises(RegistryRefused) as refused:
            agencies.add_agency(code, name=code, parent=parent, at=now())
        assert refused.value.refusal == refusal


def test_the_successor_sees_what_became_of_what_the_old_agency_sent(country: Country) -> None:
    sent = submit(country.native("H26"), make_document(("G12",), sender="H26"))
    place = f"{country.url}/api/v1/packets/{sent.packet_id}"
    assert httpx.get(place, headers=country.native("H41")._bearer()).status_code == 404
    merge("H26", into="H41")
    assert httpx.get(place, headers=country.native("H41")._bearer()).json()["packet_id"] == sent.packet_id
    assert httpx.get(place, headers=country.native("G22")._bearer()).status_code == 404


def test_a_change_that_cannot_come_into_force_yet_does_not_stop_the_exchange(country: Country) -> None:
    """Another process holds the book for longer than anybody waits; when it lets go, the change is in force."""
    change = merge("H26", into="H41", on=tomorrow())
    held, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            codes.one_at_a_time()
            held.set()
            let_go.wait(60)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(10)
    try:
        let_the_day_come(change)
        sender = country.native("G22")
        began = monotonic()
        assert submit(sender, make_document(("H26",))).deliveries[0].routed_to == "H26"
        assert monotonic() - began < 9
    finally:
        let_go.set()
        thread.join(20)
    agencies._read_at = 0.0
    assert submit(country.native("G22"), make_document(("H26",))).deliveries[0].routed_to == "H41"


def test_chains_of_mergers_hold(country: Country) -> None:
    document = make_document(("H26",))
    submit(country.native("G22"), document)
    merge("H26", into="G12")
    merge("G12", into="H41")
    assert len(receive_all(country.native("H41"))) == 1
    submit(country.native("H41"), make_status(document, S.ACCEPTED, "H41"))
    assert submit(country.native("G22"), make_document(("H26",))).deliveries[0].routed_to == "H41"


def test_what_is_planned_makes_no_ring_and_leaves_no_unit_below_a_closed_agency(country: Country) -> None:
    """Each change alone would do; together they would not."""
    for code in ("H41.1", "H41.2"):
        agencies.add_agency(code, name="Sở", parent="H41", at=now())
    agencies.add_agency("H41.1.1", name="Chi cục", parent="H41.1", at=now())
    day = today()
    codes.file(Plan(Kind.MOVE, ("H26",), day + timedelta(days=5), DECISION, ("G12",)), at=now())
    unit = codes.file(Plan(Kind.CLOSE, ("H41.1.1",), day + timedelta(days=5), DECISION), at=now())
    codes.file(Plan(Kind.CLOSE, ("H41.1",), day + timedelta(days=6), DECISION), at=now())
    for refusal, act in {
        "is above": lambda: codes.file(
            Plan(Kind.MOVE, ("G12",), day + timedelta(days=9), DECISION, ("H26",)), at=now()
        ),
        "above": lambda: codes.file(Plan(Kind.MOVE, ("G12",), day, DECISION, ("H26",)), at=now()),
        "is above H26": lambda: agencies.add_agency("G12", name="Bộ Tài chính", parent="H26", at=now()),
        "still has 1 units": lambda: codes.undo(unit.pk, at=now()),
        "is to end on": lambda: agencies.add_agency("H41.1.2", name="Chi cục", parent="H41.1", at=now()),
        "is to end": lambda: codes.file(Plan(Kind.MOVE, ("H41.2",), day, DECISION, ("H41.1",)), at=now()),
    }.items():
        with pytest.raises(RegistryRefused, match=refusal):
            act()
    agencies.add_agency("H41.1.1", name="Chi cục Văn thư", parent="H41.1", at=now())  # a slip may be mended still
    codes.file(Plan(Kind.MOVE, ("H26",), day + timedelta(days=7), DECISION), at=now())
    codes.file(Plan(Kind.MOVE, ("G12",), day + timedelta(days=9), DECISION, ("H26",)), at=now())
    codes.enforce(now() + timedelta(days=20))
    assert dict(Agency.objects.filter(code__in=["G12", "H26"]).values_list("code", "parent_id")) == {
        "G12": "H26", "H26": None,
    }  # fmt: skip
    assert not Agency.objects.filter(parent__ended_at__isnull=False, ended_at=None).exists()
