"""The mergers of 1 July 2025: 63 provinces into 34, 3,000 communes, packets on their way across midnight.

The midnight of the test is a moment a few seconds away. Senders and recipients work through it without a pause and are
told nothing; afterwards every document has reached exactly one system, once.
"""

from __future__ import annotations

import hashlib
import io
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from time import monotonic, sleep

import pytest
from django.db import transaction

from lienthong.evidence.receipts import SigningKey
from lienthong.hub import agencies, codes
from lienthong.hub.codes import Kind, Plan, State
from lienthong.hub.models import Agency, CodeChange, Delivery, Packet
from lienthong.journal.models import Event
from lienthong.protocol.client.native import NativeConnection
from lienthong.protocol.problems import HubUnreachable, Problem
from lienthong.standards.agencies import MERGERS_ON, Category, level_one, mergers_2025
from lienthong.standards.statuses import StatusCode
from tests.museum.packets import document_packet
from tests.service.hub.conftest import Country, make_document, make_status, now, receive_all, submit

COMMUNES = 3000
DECISION = "202/2025/QH15"
EVE = datetime(2025, 6, 20, 9, 0, tzinfo=UTC)
SENDERS = 3
RECEIVING = ("Tuyên Quang", "Hà Giang", "Phú Thọ", "Vĩnh Phúc", "Hòa Bình", "Hà Nội")
"""Provinces whose systems take part in the test's exchange: three that grow or stay, three that end."""


@dataclass
class Provinces:
    """Names of provinces and their codes; the communes below each; which communes end."""

    code: dict[str, str]
    communes: dict[str, list[str]] = field(default_factory=dict)
    ending_communes: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def provinces(country: Country) -> Provinces:
    """The directory on the evening of 30 June 2025."""
    names = sorted(name for merger in mergers_2025() for name in merger.merged_from)
    listed = [row for row in level_one() if row.category is Category.COMMITTEE]
    by_name = {name: next(row for row in listed if row.name.endswith(f" {name}")) for name in names}
    known = Provinces({name: row.code for name, row in by_name.items()})
    for name, row in by_name.items():
        agencies.add_agency(row.code, name=row.name, aliases=[row.old_code], category=row.category, at=now())
        known.communes[name] = []
    rows = []
    for number in range(COMMUNES):
        name = names[number % len(names)]
        code = f"{known.code[name]}.{number:04d}"
        known.communes[name].append(code)
        rows.append(Agency(code=code, name=f"Xã số {number}", parent_id=known.code[name], added_at=now()))
    Agency.objects.bulk_create(rows)
    for name in names:
        served = [known.code[name], *known.communes[name]]
        key = country.keys.setdefault(known.code[name], SigningKey.generate())
        agencies.add_system(known.code[name], name=name, agencies=served, key=key.public_jwk(), at=now())
    return known


def file_everything(known: Provinces) -> None:
    """What the decisions of 2025 say, filed on the eve: provinces, and of each province's communes one in three."""
    for name, communes in known.communes.items():
        for heir, *ending in (communes[index : index + 3] for index in range(0, len(communes) - 2, 9)):
            known.ending_communes |= dict.fromkeys(ending, heir)
            codes.file(Plan(Kind.MERGE, (heir, *ending), MERGERS_ON, DECISION, (heir,)), at=EVE)
        assert known.code[name]
    for merger in mergers_2025():
        changing = tuple(known.code[name] for name in merger.merged_from)
        heir = known.code[merger.keeps_code_of]
        if len(changing) > 1:
            codes.file(Plan(Kind.MERGE, changing, MERGERS_ON, DECISION, (heir,)), at=EVE)
        wanted = f"Ủy ban nhân dân tỉnh, thành phố {merger.name}"
        codes.file(Plan(Kind.RENAME, (heir,), MERGERS_ON, DECISION, name=wanted), at=EVE)


class Sender(threading.Thread):
    """Sends documents to provinces and communes; repeats what it had no answer for, as every client does."""

    def __init__(self, connection: NativeConnection, targets: list[str], seed: int, stop: threading.Event) -> None:
        super().__init__()
        self.sent: dict[str, tuple[str, ...]] = {}
        self.faults: list[BaseException] = []
        self._connection, self._targets, self._random, self._stop_asked = connection, targets, Random(seed), stop  # noqa: S311 - chance, no secret

    def run(self) -> None:
        while not self._stop_asked.is_set():
            to = tuple(self._random.sample(self._targets, 2))
            packet = document_packet(make_document(to))
            key = hashlib.sha256(packet).hexdigest()
            try:
                for _ in range(self._random.choice((1, 1, 2))):  # now and then the answer is lost on the way
                    answer = submit(self._connection, packet, sender="G22", key=key)
                self.sent[answer.packet_id] = to
            except (Problem, HubUnreachable) as fault:
                self.faults.append(fault)
                return


class Receiver(threading.Thread):
    """A province's system: takes what is in its inbox, again and again; keeps what it stored and acknowledged."""

    def __init__(self, connection: NativeConnection, stop: threading.Event) -> None:
        super().__init__()
        self.finished: list[str] = []
        self._connection, self._stop_asked = connection, stop

    def run(self) -> None:
        while not self._stop_asked.is_set():
            for item in self._connection.inbox(limit=20):
                try:
                    self._connection.fetch(item, io.BytesIO())
                    self._connection.acknowledge(item)
                except Problem:
                    continue  # its agency was merged away between the list and the answer: the successor takes it
                self.finished.append(item.delivery_id)
            sleep(0.05)


@pytest.mark.law("R-16.1-1", "R-3.3-1")
def test_packets_cross_the_midnight_of_the_mergers(country: Country, provinces: Provinces) -> None:
    with transaction.atomic():
        file_everything(provinces)
        CodeChange.objects.update(effective_at=now() + timedelta(hours=1))
    targets = [code for name in RECEIVING for code in (provinces.code[name], *provinces.communes[name])]
    held_back = make_document((provinces.code["Hòa Bình"],))
    submit(country.native("G22"), held_back)
    assert len(receive_all(country.native(provinces.code["Hòa Bình"]))) == 1
    assert not CodeChange.objects.exclude(state=State.PLANNED).exists()
    stop_sending, stop_receiving = threading.Event(), threading.Event()
    senders = [Sender(country.native("G22"), targets, seed, stop_sending) for seed in range(SENDERS)]
    receivers = [Receiver(country.native(provinces.code[name]), stop_receiving) for name in RECEIVING]
    midnight = now() + timedelta(seconds=5)
    CodeChange.objects.update(effective_at=midnight)
    for thread in (*senders, *receivers):
        thread.start()
    while now() < midnight + timedelta(seconds=5):
        sleep(0.1)
    stop_sending.set()
    end = monotonic() + 20
    while Delivery.objects.filter(kind="document").exclude(state="done").exists() and monotonic() < end:
        sleep(0.2)
    stop_receiving.set()
    for thread in (*senders, *receivers):
        thread.join(20)

    # 1. The registry: everything in force, 34 provinces left, all units below one of them.
    assert not CodeChange.objects.exclude(state=State.IN_FORCE).exists()
    going_on = Agency.objects.filter(code__startswith="H", parent=None, ended_at=None, system__isnull=False)
    assert going_on.count() == 34
    assert not Agency.objects.filter(ended_at=None, parent__ended_at__isnull=False).exists()
    assert Agency.objects.filter(code__contains=".", ended_at__isnull=False).count() == len(provinces.ending_communes)
    assert Event.objects.filter(name="code_change.in_force").count() == CodeChange.objects.count()

    # 2. Nothing refused, nothing lost, nothing twice.
    assert [fault for sender in senders for fault in sender.faults] == []
    sent = {packet: to for sender in senders for packet, to in sender.sent.items()}
    crossed = Packet.objects.filter(pk__in=sent, submitted_at__lt=midnight).count()
    assert 0 < crossed < len(sent)
    found: dict[str, list[str]] = {}
    for packet, recipient in Delivery.objects.filter(packet__in=sent).values_list("packet", "recipient"):
        found.setdefault(str(packet), []).append(recipient)
    heirs = agencies.directory()
    for packet, to in sent.items():
        assert _holders(found[packet], heirs) == _holders(to, heirs)
        assert len(found[packet]) <= len(to)
    assert not Delivery.objects.filter(kind="document").exclude(state="done").exists()
    finished = Counter(delivery for receiver in receivers for delivery in receiver.finished)
    assert set(finished.values()) == {1}
    assert len(finished) == Delivery.objects.filter(packet__in=sent).count()

    # 3. The merged province's code forwards, its successor reports on what the old one had taken.
    heir = provinces.code["Phú Thọ"]
    after = submit(country.native("G22"), make_document((provinces.code["Hòa Bình"],)))
    assert [one.routed_to for one in after.deliveries] == [heir]
    submit(country.native(heir), make_status(held_back, StatusCode.FINISHED, heir))
    assert len(receive_all(country.native("G22"))) == 1
    assert heirs.lineage(heir) == {provinces.code[name] for name in ("Phú Thọ", "Vĩnh Phúc", "Hòa Bình")}


def _holders(recipients: list[str] | tuple[str, ...], copy: agencies.Directory) -> set[str]:
    """The agencies that hold a document in the end: each recipient's last successor."""
    ends = set()
    for code in recipients:
        while successor := copy.agencies[code].successor:
            code = successor
        ends.add(code)
    return ends


def test_the_tables_of_the_standard_fit_together() -> None:
    mergers, table = mergers_2025(), level_one()
    before = [name for merger in mergers for name in merger.merged_from]
    assert (len(before), len(set(before)), len(mergers)) == (63, 63, 34)
    assert all(merger.keeps_code_of in merger.merged_from for merger in mergers)
    kept = {merger.keeps_code_of for merger in mergers}
    ended = {row.name for row in table if row.category is Category.COMMITTEE and row.valid_to}
    assert len(ended) == 29
    assert not any(name.endswith(f" {one}") for name in ended for one in kept)
    assert len({row.code for row in table}) == len(table)
