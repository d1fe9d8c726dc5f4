"""Where systems want to be told that something waits for them, what is still to be told, and how it went."""

import uuid

from django.db import models

from lienthong.hub.models.directory import System


class Webhook(models.Model):
    """An endpoint of a system. The row is what a worker claims: one message of it is on its way at a time.

    Attributes:
        events: what it wants to hear of.
        failures: attempts that failed since the last that did not; from some number on the breaker is open.
        next_at: when to attempt the oldest message; None while nothing waits.
        lease, leased_until: who attempts, and until when nobody else does.
        slow: its last answer took long; such endpoints never take all places of a worker.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="webhooks")
    url = models.CharField(max_length=400)
    events = models.JSONField()
    secret = models.BinaryField(help_text="encrypted, see `hub.secrets`")
    secret_before = models.BinaryField(blank=True, default=b"", help_text="the one before, while it still signs")
    secret_before_until = models.DateTimeField(null=True, blank=True)
    added_at = models.DateTimeField()
    enabled = models.BooleanField(default=True)
    disabled_for = models.CharField(max_length=200, blank=True, help_text="why it is not enabled")
    failures = models.PositiveIntegerField(default=0)
    slow = models.BooleanField(default=False)
    next_at = models.DateTimeField(null=True, blank=True)
    lease = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    last_success_at = models.DateTimeField(null=True, blank=True)
    last_failure_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "url"], name="webhook_once")]
        indexes = [
            models.Index(
                fields=["next_at"], condition=models.Q(enabled=True, next_at__isnull=False), name="webhook_due"
            )
        ]


class WebhookMessage(models.Model):
    """What is to be told; gone once it is. Until its first attempt it takes in what comes, then it stays as it is.

    Attributes:
        name: `webhook-id`: the same in every attempt.
        items: what it tells of, as far as they are listed; `count`: how many there are.
        at: of the first thing that it tells of.
    """

    name = models.CharField(max_length=40, unique=True)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="messages")
    event = models.CharField(max_length=40)
    items = models.JSONField()
    count = models.PositiveIntegerField()
    at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    first_attempt_at = models.DateTimeField(null=True, blank=True)


class WebhookAttempt(models.Model):
    """One attempt, for the system to look at: never what was answered, only whether."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="attempts")
    message = models.CharField(max_length=40)
    event = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    outcome = models.CharField(max_length=20, help_text="delivered, or what went wrong")
    status = models.PositiveSmallIntegerField(null=True, blank=True, help_text="of the answer, where there was one")
    milliseconds = models.PositiveIntegerField()
    given_up = models.BooleanField(default=False, help_text="the message is not attempted again")

    class Meta:
        indexes = [models.Index(fields=["webhook", "-id"], name="attempts_newest")]


class WebhookCursor(models.Model):
    """Up to which transaction of the database events have become messages: one row."""

    transaction = models.BigIntegerField()
