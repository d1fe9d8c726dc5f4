"""What is exchanged: packets, a delivery for each recipient, and what the recipients report."""

import uuid
from typing import Any

from django.db import models

from lienthong.hub.models.directory import Agency, System
from lienthong.journal.models import PlaceInFeeds
from lienthong.protocol.messages import Kind
from lienthong.standards.statuses import TransportState

UNCHECKED: dict[str, Any] = {
    "on_delete": models.PROTECT,
    "related_name": "+",
    "db_index": False,
    "db_constraint": False,
}
"""For what names a system or an agency and is born ten thousand at a time.

The database would look up, and lock, the row of the agency for each delivery: a third of the cost of writing one, and
all that is sent to a busy agency would meet at its row. Agencies and systems are never erased, and what names them
comes from the directory. An index that begins with the column stands where lists need one.
"""


class Packet(models.Model):
    """An accepted packet: metadata only. Its bytes are the blob of this digest, passed on as they came."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    system = models.ForeignKey(System, **UNCHECKED)
    door = models.CharField(max_length=6, choices=[("native", "native"), ("vxp", "vxp")])
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in Kind])
    business_type = models.PositiveSmallIntegerField(null=True, blank=True)
    status_code = models.CharField(max_length=2, blank=True)
    sender = models.ForeignKey(Agency, **UNCHECKED)
    sender_written = models.CharField(max_length=35)
    identifier = models.CharField(max_length=200, help_text="of the document, for a status: of the one it is about")
    number = models.CharField(max_length=60)
    issued_on = models.DateField(null=True, blank=True)
    kind_name = models.CharField(max_length=100, blank=True)
    urgency = models.PositiveSmallIntegerField(default=0)
    about = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="amended_by")
    digest = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    submitted_at = models.DateTimeField(db_index=True)
    statement = models.TextField(blank=True, help_text="the sender's signed request; empty where it cannot sign")
    receipt = models.TextField(help_text="the hub's signed acceptance")
    content_removed_at = models.DateTimeField(null=True, blank=True)
    content_removed_for = models.CharField(
        max_length=10, blank=True, choices=[("retention", "hết thời hạn lưu"), ("secret", "có dấu chỉ độ mật")]
    )
    keep_until = models.DateTimeField(
        null=True, blank=True, help_text="when it is next asked whether the content may go; kept without it"
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["keep_until"], condition=models.Q(content_removed_at__isnull=True), name="content_due"
            ),
            models.Index(
                fields=["content_removed_at"],
                condition=models.Q(content_removed_for="secret"),
                name="content_destroyed",
            ),
            models.Index(fields=["digest"], name="packet_by_digest"),
            models.Index(fields=["identifier", "sender"], name="packet_by_identifier"),
            models.Index(fields=["sender", "number", "issued_on"], name="packet_by_number"),
            models.Index(fields=["sender", "submitted_at", "id"], name="packet_by_sender"),
            models.Index(fields=["system", "submitted_at", "id"], name="packet_by_system"),
            models.Index(
                fields=["number"],
                condition=models.Q(kind="document"),
                opclasses=["varchar_pattern_ops"],
                name="packet_by_its_number",
            ),
        ]


OPEN = models.Q(state__in=["initial", "processing", "fail"])
"""What waits for its recipient. Indexes under this condition stay as small as what waits, however much is done."""


class Delivery(models.Model):
    """A packet for one recipient agency. The row is the queue: the inbox lists what is not acknowledged."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    packet = models.ForeignKey(Packet, on_delete=models.PROTECT, related_name="deliveries")
    recipient = models.CharField(max_length=35, help_text="as the sender wrote it")
    agency = models.ForeignKey(Agency, help_text="who receives", **UNCHECKED)
    kind = models.CharField(max_length=8)
    urgency = models.PositiveSmallIntegerField()
    submitted_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, default=TransportState.INITIAL.value, choices=[(s.value, s.words.vi) for s in TransportState]
    )
    fetched_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    statement = models.TextField(blank=True, help_text="the recipient's signed hand-over, or the hub's attestation")
    receipt = models.TextField(blank=True, help_text="the hub's signed hand-over for the recipient")
    failure = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["agency", "kind", "state", "-urgency", "submitted_at"], condition=OPEN, name="inbox"),
            models.Index(fields=["agency", "kind", "id"], condition=OPEN, name="inbox_round"),
            models.Index(fields=["submitted_at", "id"], condition=models.Q(kind="document"), name="delivery_by_time"),
            models.Index(
                fields=["submitted_at", "id"],
                condition=models.Q(kind="document", state__in=["initial", "processing", "fail"]),
                name="delivery_open",
            ),
            models.Index(fields=["agency", "submitted_at", "id"], name="delivery_by_agency"),
            models.Index(fields=["agency", "submitted_at"], condition=models.Q(state="fail"), name="delivery_failed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in TransportState]), name="transport_state_known"
            ),
            models.CheckConstraint(condition=~models.Q(state="done") | ~models.Q(statement=""), name="done_is_proven"),
        ]


class ReportedStatus(models.Model):
    """A status that a recipient reported of a document, with the hub's time of it. A repeat changes nothing."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="reported")
    code = models.CharField(max_length=2)
    at = models.DateTimeField()
    packet = models.ForeignKey(Packet, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500, blank=True, help_text="the recipient's words with 02, 15 and 16")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "code", "packet"], name="status_once")]
        indexes = [models.Index(fields=["at"], condition=models.Q(code="02"), name="status_refused")]


class Change(models.Model):
    """An entry of the feed in which a sending system follows its packets.

    Read only below the horizon of `transaction` (see `journal.record.horizon`), so that a late commit is not skipped.
    """

    system = models.ForeignKey(System, **UNCHECKED)
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="changes")
    state = models.CharField(max_length=10)
    at = models.DateTimeField()
    statement = models.TextField(blank=True)
    reason = models.CharField(max_length=400, blank=True)
    transaction = models.BigIntegerField(db_default=PlaceInFeeds())

    class Meta:
        indexes = [models.Index(fields=["system", "transaction", "id"], name="feed")]
