"""What keeps things from happening twice, the hub's own keys, and what it refused."""

from django.db import models

from lienthong.hub.models.directory import System
from lienthong.hub.models.exchange import Packet


class SubmissionKey(models.Model):
    """The key of a submission: system, kind, effective recipients, digest. A repeat finds its packet here."""

    key = models.CharField(max_length=64, primary_key=True)
    packet = models.ForeignKey(Packet, on_delete=models.PROTECT, related_name="+")


class IdempotencyKey(models.Model):
    """A key that a native client chose, and the digest that it stands for."""

    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="+", db_index=False)  # the constraint's
    key = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "key"], name="idempotency_key_once")]


class UsedAssertion(models.Model):
    """A client assertion that was used; kept until it would be refused as old anyway."""

    jti = models.CharField(max_length=100, primary_key=True)
    until = models.DateTimeField(db_index=True)


class HubKey(models.Model):
    """A key with which the hub signs; the newest that is not retired is in use, the others stay published."""

    kid = models.CharField(max_length=64, primary_key=True)
    jwk = models.BinaryField(help_text="private JWK, encrypted, see `hub.secrets`")
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)


class Quarantined(models.Model):
    """A refused packet of a known system, kept for its owner to look into; never one marked as a state secret.

    Attributes:
        at, problem: of the last refusal; `times`: how often it was refused.
        door, sender, recipients, statement: what the system had asked for, to be asked anew.
        packet, replayed_at: what it became when it was submitted anew.
        proposed_at, proposed_for: when and why the operators proposed that.
    """

    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_index=True)
    digest = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    problem = models.JSONField()
    times = models.PositiveIntegerField(default=1)
    door = models.CharField(max_length=6, default="native")
    sender = models.CharField(max_length=60, blank=True)
    recipients = models.JSONField(default=list)
    statement = models.TextField(blank=True)
    packet = models.ForeignKey(Packet, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    replayed_at = models.DateTimeField(null=True, blank=True)
    proposed_at = models.DateTimeField(null=True, blank=True)
    proposed_for = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "digest"], name="quarantined_once")]
