"""What goes to the hub and what came from it. The row is the queue."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from lienthong.office.models.people import Organization


class Carrier(models.TextChoices):
    """Who carries a packet to its recipient."""

    HUB = "hub", _("qua Trục")
    LOCAL = "local", _("nội bộ hệ thống")


class LocalExchange(models.Model):
    """That agencies of this installation exchange their documents inside it, and by which decision: the law has the hub
    for this (Decision 28/2018, Article 3.3). One row for each decision; the one without an end is in force."""

    reference = models.CharField(max_length=200, help_text="number and date of the decision")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["until"], condition=models.Q(until=None), nulls_distinct=False, name="one_local_exchange"
            ),
            models.CheckConstraint(condition=models.Q(reference__gt=""), name="local_exchange_is_decided"),
        ]


class OutboxPacket(models.Model):
    """A packet that waits for the hub, or went there. Written in the transaction of the act that it tells of."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Chờ gửi")
        SENT = "sent", _("Trục đã nhận")
        FAILED = "failed", _("Trục từ chối")
        WITHDRAWN = "withdrawn", _("Rút lại trước khi gửi")

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="outbox")
    kind = models.CharField(max_length=10, choices=[("document", _("Văn bản")), ("status", _("Trạng thái"))])
    carrier = models.CharField(max_length=5, choices=Carrier.choices, default=Carrier.HUB)
    business_type = models.PositiveSmallIntegerField(null=True, blank=True)
    status_code = models.CharField(max_length=2, blank=True)
    document = models.ForeignKey(
        "office.OutgoingDocument", null=True, blank=True, on_delete=models.PROTECT, related_name="packets"
    )
    incoming = models.ForeignKey(
        "office.IncomingDocument", null=True, blank=True, on_delete=models.PROTECT, related_name="answers"
    )
    digest = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    recipients = models.JSONField()
    identifier = models.CharField(max_length=200)
    urgency = models.PositiveSmallIntegerField(default=0)
    idempotency_key = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    problem = models.JSONField(null=True, blank=True)
    packet_id = models.CharField(max_length=64, blank=True, db_index=True)
    receipt = models.TextField(
        blank=True, help_text="what the hub signed; of a local packet, what this system signed for its sender"
    )
    routes = models.JSONField(default=dict, help_text="id of each delivery → the agency that receives, as the hub told")
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["carrier", "-urgency", "created_at"], condition=models.Q(state="waiting"), name="outbox_waiting"
            )
        ]


class LocalDelivery(models.Model):
    """A packet on its way from one agency of this installation to another. Born with the note that it was sent; its
    states are those of a delivery at the hub, and `exchange.local` alone moves it."""

    delivery_id = models.CharField(max_length=64, unique=True)
    packet = models.ForeignKey(OutboxPacket, on_delete=models.PROTECT, related_name="local_deliveries")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+", help_text="who receives")
    recipient = models.CharField(max_length=35, help_text="as the packet writes it")
    urgency = models.PositiveSmallIntegerField(default=0)
    submitted_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="initial", help_text="`standards.statuses.TransportState`")
    failure = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["packet", "organization"], name="local_delivery_once")]
        indexes = [
            models.Index(
                fields=["-urgency", "id"],
                condition=models.Q(state__in=["initial", "processing", "fail"]),
                name="local_delivery_waiting",
            )
        ]


class ReceivedPacket(models.Model):
    """A packet taken from the hub, or from another agency of this installation; stored with what it says and the status
    01 in one transaction, then acknowledged."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="received")
    delivery_id = models.CharField(max_length=64, unique=True)
    packet_id = models.CharField(max_length=64)
    kind = models.CharField(max_length=10)
    carrier = models.CharField(max_length=5, choices=Carrier.choices, default=Carrier.HUB)
    sender = models.CharField(max_length=35)
    digest = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    submitted_at = models.DateTimeField()
    received_at = models.DateTimeField()
    hub_receipt = models.TextField(blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledgement = models.TextField(blank=True)
    content_removed_at = models.DateTimeField(null=True, blank=True)


class HubLink(models.Model):
    """The connection of an agency to the hub: how far its feed was read, and how it fares (R-12.2-1)."""

    organization = models.OneToOneField(Organization, on_delete=models.CASCADE, related_name="link")
    change_cursor = models.BigIntegerField(default=0)
    last_contact = models.DateTimeField(null=True, blank=True)
    skew_ms = models.IntegerField(null=True, blank=True)
    problem = models.TextField(blank=True)
    problem_since = models.DateTimeField(null=True, blank=True)
    directory_at = models.DateTimeField(null=True, blank=True)
    notice_cursor = models.CharField(max_length=40, blank=True)


class HubNotice(models.Model):
    """What the hub's operators tell every agency, as last read."""

    number = models.BigIntegerField(primary_key=True, help_text="as the hub numbers it")
    kind = models.CharField(max_length=12)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    text = models.CharField(max_length=4000)
    text_en = models.CharField(max_length=4000, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)


class DirectoryAgency(models.Model):
    """The hub's directory as last read."""

    code = models.CharField(max_length=35, primary_key=True)
    name = models.CharField(max_length=200)
    search_key = models.CharField(max_length=600, db_index=True)
    words = models.CharField(max_length=900, blank=True, help_text="name and codes as they are searched, plain")
    aliases = models.JSONField(default=list)
    parent = models.CharField(max_length=35, blank=True)
    connected = models.BooleanField()
    open = models.BooleanField()
    successor = models.CharField(max_length=35, blank=True)
    gateway = models.CharField(max_length=35, blank=True)
    seals = models.JSONField(default=list)

    class Meta:
        indexes = [
            GinIndex(fields=["words"], opclasses=["gin_trgm_ops"], name="directory_words"),
            GinIndex(fields=["aliases"], name="directory_aliases"),
        ]
