"""What a test hub keeps of itself; a real one keeps only that it is real."""

from django.db import models

from lienthong.hub.models.directory import System


class HubMode(models.Model):
    """Whether this database is a real hub's or a test hub's: one row, written once, kept by a trigger."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sandbox = models.BooleanField()
    settled_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_mode")]


class SandboxSystem(models.Model):
    """A system that somebody registered at the test hub by himself.

    Its number is part of its codes. It is forgotten some time after its last call.
    """

    system = models.OneToOneField(System, null=True, on_delete=models.PROTECT, related_name="sandbox_system")
    registered_at = models.DateTimeField(db_index=True)
    address = models.GenericIPAddressField(null=True, blank=True, help_text="who registered it; for the limit an hour")
    forgotten_at = models.DateTimeField(null=True, blank=True)
