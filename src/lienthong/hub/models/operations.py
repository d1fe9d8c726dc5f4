"""What the hub's operators need to run it."""

from django.db import models

from lienthong.journal.models import PlaceInFeeds


class Maintenance(models.Model):
    """That the hub takes nothing new at the moment; the one row there is. No row: it is in service."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    since = models.DateTimeField()
    reason = models.CharField(max_length=200, help_text="as members are told")
    until = models.DateTimeField(null=True, blank=True, help_text="what members are told; it ends by an act alone")
    reads = models.BooleanField(default=False, help_text="fetching and acknowledging stop as well")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_maintenance")]


class Refusal(models.Model):
    """How often a door refused for one reason within a minute: strangers may try for ever, and fill no disk."""

    minute = models.DateTimeField()
    problem = models.CharField(max_length=40, help_text="code of `protocol.problems`")
    fault = models.CharField(max_length=40, help_text="of a packet that breaks the format: its first fault")
    system = models.CharField(max_length=35, help_text="who called, or claimed to; empty for nobody whom we know")
    network = models.CharField(max_length=43, help_text="/24 or /48 of the address; empty where they are too many")
    kind = models.CharField(max_length=24, help_text="of the security feed, see `hub.security`; empty for none")
    count = models.PositiveBigIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    transaction = models.BigIntegerField(
        db_default=PlaceInFeeds(), help_text="of the last count: the row comes again in the feed"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["minute", "problem", "fault", "system", "network"], name="refusals_of_a_minute"
            )
        ]
        indexes = [
            models.Index(fields=["transaction", "id"], condition=~models.Q(kind=""), name="security_feed"),
        ]


class Monitor(models.Model):
    """A reader of the security feed and of nothing else: the monitoring (SIEM) of Article 16.2."""

    name = models.CharField(max_length=60, primary_key=True)
    token_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256; the token itself is kept nowhere")
    added_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_read_at = models.DateTimeField(null=True, blank=True, help_text="to the minute")


class Measured(models.Model):
    """Figures that the worker measures now and then, so that nobody who looks at them pays for measuring.

    Whoever moves `due_at` has the turn: of several workers one measures.
    """

    name = models.CharField(max_length=20, primary_key=True)
    due_at = models.DateTimeField()
    at = models.DateTimeField(null=True, blank=True, help_text="when the samples were taken")
    samples = models.JSONField(default=list, help_text="[name, labels, value], as Prometheus is told")


class Worker(models.Model):
    """A worker that was here: one for each node of the service."""

    node = models.CharField(max_length=120, primary_key=True)
    started_at = models.DateTimeField()
    round_at = models.DateTimeField(help_text="when it last finished a round")
    round_ms = models.PositiveIntegerField(default=0)
    failed_rounds = models.PositiveIntegerField(default=0, help_text="since it was started")


class DiskSample(models.Model):
    """How full the disk was, once an hour: out of it comes when it will be full."""

    hour = models.DateTimeField(primary_key=True)
    free = models.PositiveBigIntegerField(help_text="bytes")
    size = models.PositiveBigIntegerField(help_text="bytes")


class IntakeHour(models.Model):
    """How many packets a system sent in an hour: what is usual, so that a spike is seen."""

    hour = models.DateTimeField()
    system = models.CharField(max_length=35)
    packets = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hour", "system"], name="intake_of_an_hour")]
