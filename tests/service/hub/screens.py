"""A hub in the middle of a busy Monday, for pictures of the console: invented figures, real rows, trouble of each kind."""

import math
from datetime import datetime, timedelta
from itertools import count
from uuid import uuid4

from django.db import transaction

from lienthong.hub import agencies, journaltree, participants
from lienthong.hub.models import Agency, Delivery, Packet, Quarantined, ReportedStatus, Seal, System, Tally
from lienthong.hub.tally import span_of
from lienthong.journal.record import Actor, Subject, record_all
from lienthong.journal.vocabulary import HubEvent
from lienthong.protocol.messages import Kind
from lienthong.standards.statuses import StatusCode, Urgency
from tests.service.hub.conftest import Country, make_document, make_recall, make_status, receive_all, submit

MORE = {
    "H36": "Ủy ban nhân dân tỉnh Lai Châu",
    "H14": "Ủy ban nhân dân tỉnh Cao Bằng",
    "G07": "Bộ Y tế",
    "G17": "Bộ Xây dựng",
    "H57": "Ủy ban nhân dân thành phố Huế",
}
BELOW = {
    "H41.21": "Ủy ban nhân dân xã Mỹ Lý",
    "H41.22": "Ủy ban nhân dân xã Keng Đu",
    "H36.07": "Sở Y tế tỉnh Lai Châu",
}
_numbers = count(2101)


def at_work(country: Country, now: datetime) -> dict[str, str]:
    """Fill the hub; gives the ids of the packets that pictures show: `way`, `recall`."""
    _directory(now)
    way = _real_documents(country)
    _waiting(now)
    _refused(now)
    _silence(now)
    _figures(now)
    journaltree.grow(now)
    return way


def _directory(now: datetime) -> None:
    for code, name in MORE.items():
        agencies.add_agency(code, name=name, aliases=[f"000.00.00.{code}"], at=now)
        agencies.add_system(code, name=f"Hệ thống văn bản {name}", agencies=[code], at=now)
    for code, name in BELOW.items():
        agencies.add_agency(code, name=name, parent=code.split(".")[0], at=now)
    agencies.add_system("H41.XA", name="Nền tảng xã, phường Nghệ An", agencies=["H41.21", "H41.22"], at=now)
    agencies.add_system("H36.SYT", name="Sở Y tế Lai Châu", agencies=["H36.07"], at=now)
    participants.declare(
        "G07", product="eOffice", version="5", owner="Bộ Y tế", number="01/2025/CBHQ", at=now,
        valid_from=now.date() - timedelta(days=300), valid_to=now.date() + timedelta(days=19),
    )  # fmt: skip
    for code, days in (("H14", 2), ("H57", 6)):
        Seal.objects.create(
            agency_id=code, certificate="", fingerprint=code * 8, valid_from=now, expires_at=now + timedelta(days=days, hours=3)
        )  # fmt: skip


def _real_documents(country: Country) -> dict[str, str]:
    """Documents on their real way: one with every kind of answer, and its recall."""
    way = make_document(("H41", "H26", "G12"), urgency=Urgency.VERY_URGENT)
    packet = submit(country.native("G22"), way).packet_id
    for code in ("H41", "H26"):
        receive_all(country.native(code))
    submit(country.native("H41"), make_status(way, StatusCode.ARRIVED))
    submit(country.native("H41"), make_status(way, StatusCode.ACCEPTED))
    submit(country.native("H41"), make_status(way, StatusCode.ASSIGNED))
    submit(country.native("H26"), make_status(way, StatusCode.ARRIVED, "H26"))
    submit(country.native("H26"), make_status(way, StatusCode.REFUSED, "H26", "MISSING_FILE: thiếu Phụ lục I"))
    recalled = make_document(("H41",), sender="G12")
    submit(country.native("G12"), recalled)
    receive_all(country.native("H41"))
    recall = submit(country.native("G12"), make_recall(recalled, ("H41",))).packet_id
    receive_all(country.native("H41"))
    submit(country.native("H41"), make_status(recalled, StatusCode.AGREED))
    Delivery.objects.filter(packet=packet, agency="G12").update(
        state="fail", failure="E_STORAGE: hệ thống nhận hết chỗ lưu"
    )  # fmt: skip
    return {"way": packet, "recall": recall}


def _waiting(now: datetime) -> None:
    stuck = (
        ("H41", "H41.21", 293, 0, "initial"), ("H41", "H41.22", 293, 1, "initial"), ("G07", "H36.07", 138, 0, "initial"),
        ("G12", "H36", 41, 0, "processing"), ("H41", "G17", 26, 2, "fail"), ("H57", "G17", 19, 0, "initial"),
        ("G22", "H14", 6, 3, "initial"), ("G22", "H57", 4, 0, "done"), ("G17", "H41", 3, 0, "done"),
    )  # fmt: skip
    names = {row.code: row.name for row in Agency.objects.all()}
    for sender, to, minutes, urgency, state in stuck:
        at, number = now - timedelta(minutes=minutes), f"{next(_numbers)}/{names[sender].split()[-1][:2].upper()}-VP"
        packet = Packet.objects.create(
            system_id=sender, door="native", kind=Kind.DOCUMENT.value, business_type=0, sender_id=sender,
            sender_written=sender, identifier=f"{sender},{at:%Y/%m/%d},{number}", number=number, issued_on=at.date(),
            kind_name="Công văn", urgency=urgency, digest=uuid4().hex * 2, size=281_600, submitted_at=at, receipt="",
        )  # fmt: skip
        done = {"done_at": at, "fetched_at": at, "statement": "x"} if state == "done" else {}
        delivery = Delivery.objects.create(
            packet=packet, recipient=to, agency_id=to, kind=packet.kind, urgency=urgency, submitted_at=at, state=state,
            failure="E_TIMEOUT: quá thời gian ghi" if state == "fail" else "", **done,
        )  # fmt: skip
        if state == "done":
            ReportedStatus.objects.create(delivery=delivery, code="03", at=now, packet=packet)


def _refused(now: datetime) -> None:
    with transaction.atomic():
        for problem, system in (("digest_mismatch", "H26"), ("closed_recipient", "G12"), ("state_secret", "H41")):
            event = HubEvent.PACKET_DESTROYED if problem == "state_secret" else HubEvent.PACKET_REFUSED
            facts: dict[str, object] = {"problem": problem, "digest": "0" * 64, "size": 1000}
            record_all([(event, Subject("system", system), facts)], actor=Actor("system", system), at=now)
    Quarantined.objects.create(
        system_id="H26", at=now, digest="0" * 64, size=1000, problem={"code": "digest_mismatch", "detail": "", "detail_en": ""}
    )  # fmt: skip


def _silence(now: datetime) -> None:
    System.objects.update(last_contact_at=now - timedelta(minutes=1))
    for code, hours in (("H41.XA", 52), ("H36.SYT", 2.3), ("H14", 0.7)):
        System.objects.filter(code=code).update(last_contact_at=now - timedelta(hours=hours))


def _figures(now: datetime) -> None:
    """Two Mondays by the minute: a morning, a noon, an afternoon."""
    rows: list[Tally] = []
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for begin, until, busy in (
        (midnight - timedelta(days=7), midnight - timedelta(days=6), 0.96),
        (midnight, now, 1.0),
    ):
        minute = 0
        while begin + timedelta(minutes=minute) < until:
            at, flow = begin + timedelta(minutes=minute), busy * _flow(minute)
            rows.append(Tally(at=at, name="packets", part=0, value=round(flow * 60)))
            rows.append(Tally(at=at, name="delivered", part=0, value=round(flow * 58)))
            rows.append(Tally(at=at, name="backlog", part=0, value=round(1 + 0.9 * _flow(minute - 12) * busy)))
            minute += 1
    for part, spread in ((0, (1.1, 6.4, 41)), (1, (0.9, 1.9, 8.2)), (2, (0.7, 1.3, 4.6)), (3, (0.6, 1.1, 3.8))):
        for seconds, share in zip(spread, (40, 52, 8), strict=True):
            rows.append(Tally(at=midnight, name="wait", part=part * 1000 + span_of(seconds), value=share))
    for name, part, value in (
        ("delivered", 1, 9870), ("delivered", 2, 1036), ("delivered", 3, 214), ("failed", 0, 58),
        ("on_time", 1, 985), ("late", 1, 15), ("on_time", 2, 931), ("late", 2, 69), ("on_time", 3, 952), ("late", 3, 48),
        ("on_time", 4, 991), ("late", 4, 9), ("on_time", 5, 86), ("late", 5, 14),
        ("refused:digest_mismatch", 0, 1), ("refused:closed_recipient", 0, 3), ("refused:state_secret", 0, 1),
    ):  # fmt: skip
        rows.append(Tally(at=midnight + timedelta(minutes=1), name=name, part=part, value=value))
    Tally.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["at", "name", "part"], update_fields=["value"]
    )


def _flow(minute: float) -> float:
    """Packets a second at a minute of the day."""
    morning = 12.4 * math.exp(-((minute - 545) ** 2) / (2 * 62**2)) + 9 * math.exp(-((minute - 650) ** 2) / (2 * 40**2))
    return 0.35 + morning + 11 * math.exp(-((minute - 890) ** 2) / (2 * 62**2)) + 0.4 * math.sin(minute / 9) ** 2
