"""Difficulties that an agency reports to the hub's operators (Decision 28/2018/QĐ-TTg, Article 19.5). The row is the
queue."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lienthong.office.models.people import Organization, Person
from lienthong.protocol.support import LONGEST_SUBJECT, LONGEST_TEXT


class TicketState(models.TextChoices):
    """Where a ticket stands: what this office knows before the hub has it, then what the hub says."""

    QUEUED = "queued", _("chờ gửi Trục")
    OPEN = "open", _("Trục đã nhận")
    IN_PROGRESS = "in_progress", _("Trục đang xử lý")
    WAITING = "waiting", _("chờ cơ quan bổ sung")
    SOLVED = "solved", _("đã giải quyết")
    CLOSED = "closed", _("đã đóng")
    REJECTED = "rejected", _("Trục không nhận")


class Ticket(models.Model):
    """A difficulty that was reported. It never holds content of a document."""

    State = TicketState

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="tickets")
    subject = models.CharField(max_length=LONGEST_SUBJECT)
    outgoing = models.ForeignKey(
        "office.OutgoingDocument", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    incoming = models.ForeignKey(
        "office.IncomingDocument", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    packet_id = models.CharField(max_length=64, blank=True, help_text="of ours that it is about")
    delivery_id = models.CharField(max_length=64, blank=True, help_text="to us that it is about")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=TicketState.choices, default=TicketState.QUEUED)
    hub_ticket = models.CharField(max_length=64, blank=True, help_text="its id at the hub")
    number = models.BigIntegerField(null=True, blank=True, help_text="at the hub, for people")
    answered_at = models.DateTimeField(null=True, blank=True, help_text="first answer of the operators")
    solved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(help_text="when the hub was last asked how it stands")

    class Meta:
        indexes = [
            models.Index(fields=["organization", "-id"], name="support_newest"),
            models.Index(
                fields=["asked_at"], name="support_to_ask",
                condition=~models.Q(hub_ticket="") & ~models.Q(state="closed"),
            ),
        ]  # fmt: skip


class TicketEntry(models.Model):
    """What one side wrote. Ours waits until the hub has it: `sent_at`; `refused_for`: the hub would not take it."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="entries")
    by_operator = models.BooleanField(default=False)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    author = models.CharField(max_length=100, blank=True, help_text="the operator")
    text = models.CharField(max_length=LONGEST_TEXT, blank=True)
    closes = models.BooleanField(default=False, help_text="it says that nothing more is needed")
    at = models.DateTimeField()
    key = models.CharField(max_length=64, blank=True, help_text="under which the hub knows a repeat")
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    refused_for = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~models.Q(key=""), name="support_entry_once"),
        ]
        indexes = [
            models.Index(
                fields=["next_at"], condition=models.Q(next_at__isnull=False), name="support_waiting"
            )
        ]  # fmt: skip
