"""What agencies of one installation exchange inside it is counted as what goes by the hub, and proven as what it is: by
the installation's own signatures, without a receipt of anybody else."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import BinaryIO
from uuid import uuid4

import pytest
from django.conf import settings as django_settings

from lienthong.evidence.proving import PublishedKey, Service
from lienthong.evidence.receipts import SigningKey, read_unverified
from lienthong.journal.models import Event
from lienthong.office import proofs
from lienthong.office.exchange import inbox, outbox
from lienthong.office.models import (
    IncomingDocument,
    OutboxPacket,
    OutgoingDocument,
    SignedStatement,
    Transmission,
)
from lienthong.office.outgoing import board
from lienthong.office.people import local_exchange
from lienthong.office.people.setup import SETUP
from lienthong.protocol.messages import Acknowledgement, Change, DeliveryPromise, InboxItem, Kind, Submission
from tests.service.office.conftest import PIN, Office, issued, now, press, refusal
from tests.service.office.local_exchange import (
    DECISION,
    WHY,
    arrived,
    carry,
    handled,
    inside,
    key,
    recipient,
    tracked,
)
from tests.service.office.test_incoming import MemoryHub
from tests.service.office.test_law_incoming import press as press_incoming

__all__ = ["inside", "key"]


@dataclass
class Ferry(MemoryHub):
    """A hub between agencies of one system: what is handed over lies in their inbox, and the feed tells of it."""

    feed: list[Change] = field(default_factory=list)

    def submit(
        self, open_packet: Callable[[], BinaryIO], *, digest: str, size: int, sender: str, recipients: Sequence[str],
        document_id: str, idempotency_key: str, kind: Kind = Kind.DOCUMENT,
    ) -> Submission:  # fmt: skip
        with open_packet() as packet:
            content = packet.read()
        items = [self.put(content, kind=kind, sender=sender, to=code) for code in recipients]
        packet_id = uuid4().hex
        for item in items:
            told = replace(item, packet_id=packet_id, document_id=document_id)
            self.waiting[item.delivery_id] = (told, content)
        promises = tuple(DeliveryPromise(one.delivery_id, one.recipient, one.recipient) for one in items)
        return Submission(packet_id, digest, now(), promises, "")

    def acknowledge(self, item: InboxItem) -> Acknowledgement:
        self.feed.append(Change(1, item.packet_id, item.delivery_id, item.recipient, "done", now(), ""))
        return super().acknowledge(item)

    def carry(self) -> None:
        """All that waits, as the worker's loops do it."""
        while outbox.send_one(self, at=now()) or self.waiting:
            for item in self.inbox():
                inbox.receive_or_refuse(self, item, at=now())
            while self.feed:
                board.apply_change(self.feed.pop(0), at=now())


def day(office: Office, other: Office, by: Callable[[], None]) -> None:
    """A day between two agencies: finished, returned and sent anew, recalled, updated."""
    sent = [issued(office, recipients=("H41",)) for _ in range(4)]
    by()

    def there(document: OutgoingDocument) -> IncomingDocument:
        found = IncomingDocument.objects.filter(organization=other.organization, identifier=document.identifier)
        return found.latest("pk")

    handled(other, there(sent[0]))
    said = {"reason": "MISSING_FILE", "text": "Thiếu phụ lục kèm theo"}
    assert press_incoming(other, "van.thu", there(sent[1]), "refuse", **said) == ""
    by()
    assert press(office, "van.thu", sent[1], "send_again", recipient=recipient(sent[1]), pin=PIN) == ""
    by()
    assert press_incoming(other, "van.thu", there(sent[1]), "accept") == ""
    assert press(office, "van.thu", sent[2], "recall", recipient=recipient(sent[2]), **WHY) == ""
    assert press_incoming(other, "van.thu", there(sent[3]), "accept") == ""
    changed = {"recipient": recipient(sent[3]), "due_on": "2027-03-01", **WHY}
    assert press(office, "van.thu", sent[3], "update", **changed) == ""
    by()
    assert press_incoming(other, "van.thu", there(sent[2]), "obey") == ""
    original = IncomingDocument.objects.get(identifier=sent[3].identifier, business_type=0)
    assert press_incoming(other, "van.thu", original, "agree") == ""
    by()


def figures(office: Office, other: Office) -> Counter[str]:
    """What the pages of both agencies count."""
    found: Counter[str] = Counter()
    tracking = office.client("van.thu").get("/theo-doi/").content.decode()
    for words, count in re.findall(r"([^<>]+?)(?:</span>)?\s*<b>(\d+)</b>", tracking.split("<tbody>")[1]):
        found[f"tracking {words.strip()}"] += int(count)
    for one in (office, other):
        code = one.organization.code
        for place in ("/so-van-ban/", "/so-van-ban/den/", "/so-van-ban/theo-doi/"):
            rows = re.findall(
                r'<tr data-number="\d+"(?: data-state="(\w+)")?', one.client("van.thu").get(place).content.decode()
            )
            found.update(f"{code} {place} {state}" for state in rows)
        report = one.client("lanh.dao").get("/co-quan/kiem-tra/").content.decode()
        for unit, row in re.findall(r'<tr data-unit="(\w+)">(.*?)</tr>', report, re.DOTALL):
            for column, number in enumerate(re.findall(r'<td class="r">(?:<b[^>]*>)?(\d+)', row)):
                found[f"{code} {unit} {column}"] += int(number)
    found.update(
        f"status {code}" for code in OutboxPacket.objects.exclude(status_code="").values_list("status_code", flat=True)
    )
    found.update(
        f"event {name}" for name in Event.objects.filter(name__startswith="incoming.").values_list("name", flat=True)
    )
    for one in Transmission.objects.select_related("packet"):
        found[f"sending {board.state_of(one).replace('moved', 'at_hub')}"] += 1
    return +found


@pytest.mark.law("R-6.3-1", "R-8.2-2", "R-19.4-1")
def test_states_registers_and_reports_are_those_of_a_day_by_the_hub(
    office: Office, key: SigningKey, nghe_an: Office
) -> None:
    hub = Ferry()
    day(office, nghe_an, hub.carry)
    by_hub = figures(office, nghe_an)
    local_exchange.switch_on(DECISION, actor=SETUP, at=now())
    day(office, nghe_an, carry)
    both = figures(office, nghe_an)
    assert {name: count - by_hub[name] for name, count in both.items()} == dict(by_hub)
    assert by_hub["status 06"] == by_hub["status 02"] == 1
    assert (by_hub["tracking Hoàn thành"], by_hub["tracking Đã thu hồi"], by_hub["tracking Đã đến"]) == (1, 1, 2)
    assert any(name.startswith("H41 /so-van-ban/den/") for name in by_hub)
    assert Counter(OutboxPacket.objects.values_list("carrier", flat=True))["local"] == OutboxPacket.objects.count() / 2


@dataclass
class Keys:
    """What a hub publishes of this installation's key."""

    key_: SigningKey
    publishes_keys: bool = True

    def key(self, kid: str) -> PublishedKey | None:
        long_ago = datetime(2026, 1, 1, tzinfo=UTC)
        acts = (Service("G22", long_ago), Service("H41", long_ago))
        published = PublishedKey(self.key_.id, "HT-G22", False, self.key_.public_jwk(), long_ago, agencies=acts)
        return published if kid == self.key_.id else None


@pytest.mark.law("SEC-8")
def test_what_the_installation_signs_for_either_side_is_kept_as_that_and_no_receipt_is_invented(
    office: Office, inside: Office, key: SigningKey
) -> None:
    document = issued(office, recipients=("H41",))
    received = arrived(document)
    while proofs.judge_waiting(Keys(key), at=now() + timedelta(seconds=1)):  # type: ignore[arg-type]
        pass
    kept = SignedStatement.objects.order_by("pk")
    assert {(one.kind, one.standing, one.signer) for one in kept} == {
        ("submission", "proven", "HT-G22"), ("handover", "proven", "HT-G22"),
    }  # fmt: skip
    assert {one.agency for one in kept if one.document_id == document.pk} == {"G22", "H41"}
    for one, place in ((office, f"/van-ban-di/{document.pk}/"), (inside, f"/van-ban-den/{received.pk}/")):
        page = one.client("van.thu").get(f"{place}bang-chung/").content.decode()
        assert "không có biên nhận của Trục" in page
        assert "không phải xác nhận của bên thứ ba" in page
        assert 'data-standing="proven"' in page
        assert "Báo vướng mắc cho Trục" not in one.client("van.thu").get(place).content.decode()
    ticket = office.client("van.thu").get(f"/co-quan/ho-tro/lap/?di={document.pk}")
    assert refusal(ticket) == "not_at_hub"


def test_behind_the_door_of_existing_software_nothing_is_signed_and_nothing_is_invented(
    office: Office, inside: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = replace(django_settings.LIENTHONG, hub_door="vxp", system_key="")
    monkeypatch.setattr(django_settings, "LIENTHONG", told, raising=False)
    document = issued(office, recipients=("H41",))
    assert arrived(document)
    assert tracked(office, document) == {"H41": "01"}
    assert not SignedStatement.objects.exists()


@pytest.mark.law("R-19.4-1")
def test_what_a_training_office_signs_inside_says_that_it_is_worth_nothing(
    office: Office, inside: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = issued(office, recipients=("H41",))
    told = replace(django_settings.LIENTHONG, training=True)
    monkeypatch.setattr(django_settings, "LIENTHONG", told, raising=False)
    carry()
    tokens = SignedStatement.objects.values_list("token", flat=True)
    assert [read_unverified(one).get("sandbox") for one in tokens] == [True] * len(tokens)
    assert tokens
    page = office.client("van.thu").get(f"/van-ban-di/{document.pk}/").content.decode()
    assert "không gửi tới Trục chính thức" in page
