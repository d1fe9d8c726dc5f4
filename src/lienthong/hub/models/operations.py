"""What the hub's operators need to run it."""

from django.db import models


class Maintenance(models.Model):
    """That the hub takes nothing new at the moment; the one row there is. No row: it is in service."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    since = models.DateTimeField()
    reason = models.CharField(max_length=200, help_text="as members are told")
    until = models.DateTimeField(null=True, blank=True, help_text="what members are told; it ends by an act alone")
    reads = models.BooleanField(default=False, help_text="fetching and acknowledging stop as well")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_maintenance")]
