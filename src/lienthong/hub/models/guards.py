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

    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="+")
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
    """A refused packet of a known system, kept for its owner to look into; never one marked as a state secret."""

    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_index=True)
    digest = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    problem = models.JSONField()
