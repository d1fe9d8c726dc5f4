"""What operators and members say to each other: notices, incidents, tickets. Never content of documents."""

from uuid import uuid4

from django.db import models

from lienthong.hub.models.directory import Agency, System
from lienthong.journal.models import PlaceInFeeds
from lienthong.protocol.support import LONGEST_SUBJECT, LONGEST_TEXT


class Notice(models.Model):
    """What every agency is to know: a window of maintenance, a change of rules."""

    class Kind(models.TextChoices):
        """What it is about."""

        MAINTENANCE = "maintenance", "bảo trì"
        RULES = "rules", "thay đổi quy định, chuẩn"
        OTHER = "other", "khác"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    text = models.CharField(max_length=4000)
    text_en = models.CharField(max_length=4000, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True, help_text="after this it is shown no more")
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=60)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    transaction = models.BigIntegerField(db_default=PlaceInFeeds(), help_text="of the last change")

    class Meta:
        indexes = [models.Index(fields=["transaction", "id"], name="notice_feed")]


class Incident(models.Model):
    """A disturbance of the exchange, as members are told of it (R-15.2-1)."""

    class State(models.TextChoices):
        """How far it is understood and mended."""

        INVESTIGATING = "investigating", "đang xác minh"
        IDENTIFIED = "identified", "đã rõ nguyên nhân"
        MONITORING = "monitoring", "đã khắc phục, đang theo dõi"
        RESOLVED = "resolved", "đã kết thúc"

    class Impact(models.TextChoices):
        """What does not work."""

        MINOR = "minor", "chậm, ảnh hưởng nhỏ"
        MAJOR = "major", "một phần không dùng được"
        CRITICAL = "critical", "không trao đổi được văn bản"

    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    impact = models.CharField(max_length=8, choices=Impact.choices)
    state = models.CharField(max_length=13, choices=State.choices, default=State.INVESTIGATING)
    started_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="resolved", resolved_at__isnull=False)
                | ~models.Q(state="resolved") & models.Q(resolved_at__isnull=True),
                name="incident_resolved_has_its_time",
            )
        ]
        indexes = [models.Index(fields=["-started_at"], name="incidents_newest")]


class IncidentUpdate(models.Model):
    """What was told of an incident at a moment."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="updates")
    state = models.CharField(max_length=13, choices=Incident.State.choices)
    text = models.CharField(max_length=2000)
    text_en = models.CharField(max_length=2000, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)


class Ticket(models.Model):
    """A difficulty that a member reports (R-19.5-1). Whose turn: the operators' while open or in progress, the
    member's while waiting or solved.

        open ──► in_progress ◄──► waiting          every answer of the member brings it back to in_progress
          │          │  ▲            │
          ▼          ▼  │            ▼
        closed ◄── solved ◄──────────┘
    """

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open", "mới"
        IN_PROGRESS = "in_progress", "đang xử lý"
        WAITING = "waiting", "chờ cơ quan bổ sung"
        SOLVED = "solved", "đã giải quyết"
        CLOSED = "closed", "đã đóng"

    id = models.UUIDField(primary_key=True, default=uuid4)
    number = models.BigIntegerField(unique=True, help_text="for people")
    system = models.ForeignKey(System, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=LONGEST_SUBJECT)
    packet = models.UUIDField(null=True, blank=True, help_text="of its own that it is about")
    delivery = models.UUIDField(null=True, blank=True, help_text="to its own that it is about")
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True, help_text="first answer of the operators")
    solved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    moved_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["system", "-opened_at"], name="tickets_of_system"),
            models.Index(fields=["state", "moved_at"], name="tickets_by_state"),
            models.Index(fields=["-opened_at"], name="tickets_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(system__isnull=False) | models.Q(agency__isnull=False), name="ticket_of_somebody"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="closed") | models.Q(closed_at__isnull=False),
                name="ticket_closed_has_its_time",
            ),
        ]


class TicketEntry(models.Model):
    """What one side wrote, and the state after it."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="entries")
    by_operator = models.BooleanField()
    author = models.CharField(max_length=100)
    text = models.CharField(max_length=LONGEST_TEXT, blank=True)
    state = models.CharField(max_length=12, choices=Ticket.State.choices)
    at = models.DateTimeField()
    key = models.CharField(max_length=100, blank=True, default="", help_text="the member's own, of a repeat")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "key"], condition=~models.Q(key=""), name="ticket_entry_once")
        ]
