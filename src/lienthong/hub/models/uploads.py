"""Packets on their way in, piece by piece."""

from uuid import uuid4

from django.db import models

from lienthong.hub.models.directory import System


class Upload(models.Model):
    """A packet that a system sends in pieces; its bytes lie in a file of this name, whose size is the offset.

    Attributes:
        key: chosen by the system: the same key is the same upload, also after a restart of its software.
        length: bytes of the whole.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=100)
    length = models.PositiveBigIntegerField()
    until = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "key"], name="upload_once")]
