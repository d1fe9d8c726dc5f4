"""What a packet says of other documents, and what its sender asks of each recipient by it."""

from django.db import models

from lienthong.hub.models.directory import Agency
from lienthong.hub.models.exchange import Delivery, Packet
from lienthong.standards.statuses import RelationKind, RequestKind, RequestState


class Relation(models.Model):
    """A packet speaks of another document: as it names it, and the packet of that name once the hub has it.

    Attributes:
        organ: the agency that issued the other document; as written where the directory does not know it.
        concerns: codes as written of the recipients that a replacement concerns; none for all.
        target: the other document; None while the hub has none of this name by this agency.
    """

    packet = models.ForeignKey(Packet, on_delete=models.PROTECT, related_name="relations")
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.words.vi) for kind in RelationKind])
    organ = models.CharField(max_length=35)
    identifier = models.CharField(max_length=200, blank=True)
    number = models.CharField(max_length=60, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    concerns = models.JSONField(default=list, blank=True)
    target = models.ForeignKey(Packet, null=True, blank=True, on_delete=models.PROTECT, related_name="related_by")

    class Meta:
        indexes = [
            models.Index(
                fields=["identifier"], condition=models.Q(target__isnull=True) & ~models.Q(identifier=""),
                name="relation_awaits",
            ),
            models.Index(
                fields=["number", "issued_on"], condition=models.Q(target__isnull=True, identifier=""),
                name="relation_awaits_number",
            ),
        ]  # fmt: skip


class Request(models.Model):
    """What a delivery asks of its recipient: a recall, an update, a replacement or a take-back, until it is answered.

    The moves stand in `standards.statuses.REQUEST_MOVES`, and as a trigger in the database.
    """

    delivery = models.OneToOneField(Delivery, primary_key=True, on_delete=models.PROTECT, related_name="request")
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.words.vi) for kind in RequestKind])
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", help_text="who is asked")
    asked_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, default=RequestState.OPEN.value, choices=[(s.value, s.words.vi) for s in RequestState]
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    answer = models.ForeignKey(Packet, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500, blank=True, help_text="the recipient's words with its answer")

    class Meta:
        indexes = [
            models.Index(fields=["asked_at"], condition=models.Q(state=RequestState.OPEN.value), name="request_open"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in RequestState]), name="request_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state=RequestState.OPEN.value, settled_at__isnull=True)
                | ~models.Q(state=RequestState.OPEN.value) & models.Q(settled_at__isnull=False),
                name="a_settled_request_has_its_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[RequestState.AGREED.value, RequestState.DECLINED.value])
                | models.Q(answer__isnull=False),
                name="an_answer_is_a_packet",
            ),
        ]


class LegalHold(models.Model):
    """An operator's order to keep a packet's content, whatever the days of keeping say."""

    packet = models.ForeignKey(Packet, on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=400)
    placed_at = models.DateTimeField()
    placed_by = models.CharField(max_length=100)
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["packet"], condition=models.Q(released_at__isnull=True), name="one_hold_at_a_time"
            ),
        ]
