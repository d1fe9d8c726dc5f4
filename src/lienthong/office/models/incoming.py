"""Incoming documents: from arrival to the answer."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from lienthong.office.models.exchange import ReceivedPacket
from lienthong.office.models.outgoing import Origin
from lienthong.office.models.people import Organization, Person, Unit


class IncomingState(models.TextChoices):
    """Where an incoming document stands. The moves between them are in `workflow.py`."""

    ARRIVED = "arrived", _("Đã đến, chờ tiếp nhận")
    REFUSED = "refused", _("Đã trả lại")
    ACCEPTED = "accepted", _("Đã tiếp nhận, chờ chỉ đạo")
    ASSIGNED = "assigned", _("Đã chuyển xử lý")
    IN_PROCESS = "in_process", _("Đang xử lý")
    FINISHED = "finished", _("Hoàn thành")
    CANCELLED = "cancelled", _("Đã hủy theo thu hồi")
    SET_ASIDE = "set_aside", _("Bản khác của cùng văn bản, lưu kèm")


class LegalValue(models.TextChoices):
    """Article 4: equal to paper, or for information."""

    EQUIVALENT = "equivalent", _("Có giá trị pháp lý như bản giấy")
    INFORMATION = "information", _("Để biết, tham khảo")


class IncomingWay(models.TextChoices):
    """How a document came to the agency. Only what came by the hub is reported back to its sender (Article 1.1)."""

    HUB = "hub", _("Qua Trục liên thông")
    PAPER = "paper", _("Văn bản giấy")
    OTHER = "other", _("Thư điện tử, cách khác")


class IncomingDocument(models.Model):
    """A document that another agency sent (văn bản đến).

    After an obeyed recall the row is the tombstone: subject, content, files and signatures are gone; ids, digests,
    order, actors and times stay (requirements §7.5).
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="incoming")
    way = models.CharField(max_length=5, choices=IncomingWay.choices, default=IncomingWay.HUB)
    packet = models.OneToOneField(
        ReceivedPacket, null=True, blank=True, on_delete=models.PROTECT, related_name="incoming"
    )
    state = models.CharField(max_length=12, choices=IncomingState.choices, default=IncomingState.ARRIVED)
    sender_code = models.CharField(max_length=35)
    sender_name = models.CharField(max_length=200)
    addressed_to = models.CharField(max_length=35)
    identifier = models.CharField(max_length=200, db_index=True)
    number = models.CharField(max_length=11)
    notation = models.CharField(max_length=30)
    promulgated_on = models.DateField(null=True, blank=True)
    place = models.CharField(max_length=50, blank=True)
    type_name = models.CharField(max_length=100, blank=True)
    subject = models.CharField(max_length=500, blank=True)
    urgency = models.PositiveSmallIntegerField(default=0)
    signer_competence = models.CharField(max_length=100, blank=True)
    signer_position = models.CharField(max_length=100, blank=True)
    signer_name = models.CharField(max_length=100, blank=True)
    due_on = models.DateField(null=True, blank=True)
    business_type = models.PositiveSmallIntegerField(default=0)
    recipients = models.JSONField(default=list, help_text="[{code, name}] of the packet's To")
    appendixes = models.JSONField(default=list)
    other = models.JSONField(default=dict, help_text="the remaining items of Article 10.2, unknown ones kept")
    origin = models.CharField(max_length=10, choices=Origin.choices, blank=True, help_text="empty: not known")
    legal_value = models.CharField(max_length=12, choices=LegalValue.choices)
    checks = models.JSONField(
        default=list, help_text="[{name, result, vi, en}]: completeness, integrity, authenticity, duplicate"
    )
    signatures = models.JSONField(default=list, help_text="reports of the judge, one for each PDF")
    submitted_at = models.DateTimeField(help_text="the hub's time of acceptance; of what came without it, its arrival")
    arrived_at = models.DateTimeField()
    present_due_at = models.DateTimeField(
        null=True, blank=True, help_text="by the calendar of the day it came; a later calendar does not move it"
    )
    presented_at = models.DateTimeField(null=True, blank=True)
    presented_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="none: by itself"
    )
    escalated_at = models.DateTimeField(null=True, blank=True, help_text="when the leaders heard that it lay too long")
    arrival_number = models.PositiveIntegerField(null=True, blank=True)
    arrival_year = models.PositiveSmallIntegerField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    refused_at = models.DateTimeField(null=True, blank=True)
    refusal_reason = models.CharField(max_length=30, blank=True)
    refusal_text = models.TextField(blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    outcome = models.TextField(blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    set_aside_for = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="other_versions",
        help_text="the document of which this is another version: the one before an update, or one that was not taken",
    )  # fmt: skip

    @property
    def printed_number(self) -> str:
        """`number/notation`; what came without one says so."""
        return "/".join(filter(None, (self.number, self.notation))) or "không số"

    class Meta:
        indexes = [
            models.Index(fields=["organization", "state", "-urgency", "-arrived_at", "-id"], name="incoming_of_state"),
            models.Index(fields=["organization", "-urgency", "-arrived_at", "-id"], name="incoming_all"),
            models.Index(fields=["organization", "number", "notation"], name="incoming_by_number"),
            models.Index(
                fields=["organization", "present_due_at"],
                condition=models.Q(state__in=("arrived", "accepted"), presented_at=None),
                name="incoming_unpresented",
            ),
            models.Index(
                fields=["cancelled_at"], condition=models.Q(cancelled_at__isnull=False), name="incoming_cancelled"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "arrival_year", "arrival_number"], name="arrival_number_once"
            ),
            models.CheckConstraint(condition=models.Q(state__in=IncomingState.values), name="incoming_state_known"),
            models.CheckConstraint(
                condition=models.Q(way="hub") ^ models.Q(packet=None), name="incoming_packet_by_the_hub_alone"
            ),
        ]


class IncomingFile(models.Model):
    """A file of an incoming document: declared in the manifest, present in the packet, or both."""

    document = models.ForeignKey(IncomingDocument, on_delete=models.PROTECT, related_name="files")
    ordinal = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=500)
    media_type = models.CharField(max_length=100)
    declared = models.BooleanField()
    present = models.BooleanField()
    digest = models.CharField(max_length=64, db_index=True, blank=True)
    size = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["ordinal"]


class Instruction(models.Model):
    """What a leader or a unit head wrote on the document (bút phê, ý kiến chỉ đạo)."""

    document = models.ForeignKey(IncomingDocument, on_delete=models.PROTECT, related_name="instructions")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    instead_of = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="who was away"
    )
    at = models.DateTimeField()
    text = models.TextField(blank=True)
    on_assignment = models.ForeignKey(
        "office.Assignment", null=True, blank=True, on_delete=models.PROTECT, related_name="hand_ons",
        help_text="a unit head's: the task of the unit that was given to one of its people",
    )  # fmt: skip


class Assignment(models.Model):
    """Who works on the document: exactly one leads (D30-23-2).

    Attributes:
        due_at: until when the leader wants it of the unit; `person_due_at`: the unit's head of the person, not later.
        result: of a coordinating unit its opinion; of the lead what its people propose.
    """

    class Kind(models.TextChoices):
        LEAD = "lead", _("Chủ trì")
        COORDINATE = "coordinate", _("Phối hợp")
        INFORM = "inform", _("Để biết")

    instruction = models.ForeignKey(Instruction, on_delete=models.PROTECT, related_name="assignments")
    document = models.ForeignKey(IncomingDocument, on_delete=models.PROTECT, related_name="assignments")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="assignments")
    due_at = models.DateTimeField(null=True, blank=True)
    person_due_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    result = models.TextField(blank=True)
    proposed_at = models.DateTimeField(null=True, blank=True)
    proposed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    urged_at = models.DateTimeField(null=True, blank=True, help_text="when it was last urged (đôn đốc)")
    reminded = models.CharField(max_length=4, blank=True, help_text="soon, over: of what its people were reminded")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="taken back, replaced, or stopped by a recall")

    @property
    def ends_at(self) -> datetime | None:
        """Until when whoever has it must be done."""
        return self.person_due_at or self.due_at

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(ended_at=None, finished_at=None),
                name="assignment_open_due",
            )
        ]


class RecallOrder(models.Model):
    """A recall (business type 1) or a take-back (status 13) that came in, kept also before its document is here."""

    class State(models.TextChoices):
        PENDING = "pending", _("Chờ xử lý")
        AGREED = "agreed", _("Đã hủy bản điện tử")
        DECLINED = "declined", _("Không thu hồi")
        LAPSED = "lapsed", _("Văn bản không đến; đã báo bên gửi")

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="recalls")
    packet = models.OneToOneField(ReceivedPacket, on_delete=models.PROTECT, related_name="recall")
    document = models.ForeignKey(
        IncomingDocument, null=True, blank=True, on_delete=models.PROTECT, related_name="recalls"
    )
    sender_code = models.CharField(max_length=35)
    issuers = models.JSONField(default=list, help_text="every code under which what it recalls may have been sent")
    identifier = models.CharField(max_length=200, db_index=True)
    code = models.CharField(max_length=60, help_text="number/notation, to find the document by when the id is unknown")
    issued_on = models.DateField(null=True, blank=True)
    reason = models.TextField()
    ordered_by = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(blank=True)


class Amendment(models.Model):
    """An update (business type 2), a replacement (3) or a correction letter that came in: what it amends, and the
    clerk's answer (15, 16; of a letter, its acceptance).

    Attributes:
        document: the row that came with it; once an update is taken, that row keeps the version before.
        identifiers: the documents that it amends, as the sender names them; `targets`: those that are here.
    """

    class Kind(models.TextChoices):
        UPDATE = "update", _("Cập nhật")
        REPLACE = "replace", _("Thay thế")
        CORRECT = "correct", _("Đính chính")

    class State(models.TextChoices):
        PENDING = "pending", _("Chờ xử lý")
        AGREED = "agreed", _("Đã áp dụng")
        DECLINED = "declined", _("Không áp dụng")
        NOT_HERE = "not_here", _("Văn bản bị thay thế không có ở đây")

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    document = models.OneToOneField(IncomingDocument, on_delete=models.PROTECT, related_name="amendment")
    targets = models.ManyToManyField(IncomingDocument, related_name="amendments")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    identifiers = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    ordered_by = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["organization", "state"], name="amendment_by_state")]


class Reply(models.Model):
    """An outgoing document that answers an incoming one; issuing it finishes the work (defect C2 cannot happen)."""

    incoming = models.ForeignKey(IncomingDocument, on_delete=models.PROTECT, related_name="replies")
    outgoing = models.OneToOneField("office.OutgoingDocument", on_delete=models.PROTECT, related_name="reply_to")
    finishes = models.BooleanField(default=True)


class Notice(models.Model):
    """Something that a person must see without asking: the bell. Born in the transaction of what it tells of."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices")
    at = models.DateTimeField()
    text = models.CharField(max_length=600)
    text_en = models.CharField(max_length=600, blank=True)
    link = models.CharField(max_length=200)
    urgent = models.BooleanField(default=False, help_text="it rings aloud")
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "-at"], name="notice_by_person"),
            models.Index(fields=["person", "-id"], condition=models.Q(seen_at=None), name="notice_unread"),
        ]
