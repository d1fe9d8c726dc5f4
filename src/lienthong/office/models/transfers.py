"""Dossiers that left the agency's archive for a historical one (nộp vào lưu trữ lịch sử)."""

from django.db import models

from lienthong.office.models.dossiers import Dossier
from lienthong.office.models.people import Organization, Person


class HistoricalTransfer(models.Model):
    """Dossiers that are kept for ever, handed together to a historical archive, with the minutes that say so.

    Attributes:
        archive: which historical archive took them.
        reference: number and date of the minutes of the hand-over.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="historical_transfers")
    archive = models.CharField(max_length=200)
    reference = models.CharField(max_length=200)
    handed_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    dossiers = models.ManyToManyField(Dossier, related_name="historical_transfers")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["organization", "-id"], name="historical_transfer_newest")]
