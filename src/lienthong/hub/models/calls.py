"""The last calls of each system, for it to look at."""

from django.db import models


class Call(models.Model):
    """A call at one of the doors: what was asked and how it ended; never a body, never a secret.

    The table is not written ahead to disk (unlogged): it is a convenience, and is empty after a crash of the database.
    """

    system = models.CharField(max_length=35)
    at = models.DateTimeField()
    door = models.CharField(max_length=6)
    operation = models.CharField(max_length=80)
    status = models.PositiveSmallIntegerField()
    problem = models.CharField(max_length=40, blank=True)
    milliseconds = models.PositiveIntegerField()
    received = models.PositiveBigIntegerField()
    sent = models.PositiveBigIntegerField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    key_hash = models.CharField(max_length=64, blank=True)
    packet = models.CharField(max_length=36, blank=True)
    delivery = models.CharField(max_length=36, blank=True)

    class Meta:
        indexes = [models.Index(fields=["system", "-id"], name="calls_newest")]
