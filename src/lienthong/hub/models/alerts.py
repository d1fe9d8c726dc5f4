"""What asks for an operator's attention, and how he is told."""

from django.db import models


class RuleValue(models.Model):
    """A threshold that the operators have set in place of the rule's own."""

    rule = models.CharField(max_length=30, primary_key=True)
    value = models.FloatField()
    set_at = models.DateTimeField()


class Alert(models.Model):
    """A condition that holds, or held, of one subject; whose turn: an operator's, until it ends by itself.

    open ──► acknowledged ──┐      somebody looks after it
      │  ▲        │         │
      ▼  │        ▼         ▼
    muted ◄───────┘ ───► resolved  the condition has ended; it ends by itself from every state
    """

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open", "chưa ai xử lý"
        ACKNOWLEDGED = "acknowledged", "đang xử lý"
        MUTED = "muted", "tạm không nhắc"
        RESOLVED = "resolved", "đã hết"

    rule = models.CharField(max_length=30)
    severity = models.CharField(max_length=8)
    subject_kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=120)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    facts = models.JSONField(default=dict, help_text="what was found, for people; never content")
    opened_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.CharField(max_length=60, blank=True)
    muted_until = models.DateTimeField(null=True, blank=True)
    muted_for = models.CharField(max_length=200, blank=True, help_text="why")
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "subject_kind", "subject"], condition=~models.Q(state="resolved"), name="one_live_alert"
            ),
            models.CheckConstraint(
                condition=models.Q(state="resolved", resolved_at__isnull=False)
                | ~models.Q(state="resolved") & models.Q(resolved_at__isnull=True),
                name="alert_resolved_has_its_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="muted") | models.Q(muted_until__isnull=False) & ~models.Q(muted_for=""),
                name="alert_muted_has_reason_and_end",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="acknowledged") | ~models.Q(acknowledged_by=""),
                name="alert_acknowledged_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["-opened_at", "-id"], name="alerts_newest")]


class AlertChannel(models.Model):
    """A way by which operators are told outside the console: `mail` or `webhook`."""

    kind = models.CharField(max_length=8, primary_key=True)
    address = models.CharField(max_length=400, help_text="smtp://… without a password, or the endpoint's address")
    sender = models.CharField(max_length=200, blank=True)
    recipients = models.JSONField(default=list)
    secret = models.BinaryField(blank=True, default=b"", help_text="encrypted, see `hub.secrets`")
    least = models.CharField(max_length=8, default="warning", help_text="severity from which it tells")
    due_at = models.DateTimeField(help_text="not before; whoever moves it has the turn")
    failures = models.PositiveIntegerField(default=0, help_text="in a row")
    last_error = models.CharField(max_length=200, blank=True)
    last_sent_at = models.DateTimeField(null=True, blank=True)


class AlertNews(models.Model):
    """That an alert moved, to be told by a channel. Told in batches: a batch is fixed before it is sent, so that one
    that is sent again is the same message."""

    channel = models.ForeignKey(AlertChannel, on_delete=models.CASCADE, related_name="news")
    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="+")
    move = models.CharField(max_length=12)
    at = models.DateTimeField()
    batch = models.UUIDField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["channel", "id"], condition=models.Q(sent_at__isnull=True), name="news_to_tell"),
            models.Index(fields=["batch"], name="news_of_batch"),
        ]
