"""The use of stored copies (Decree 30/2020, Articles 6.3c and 19; Annex IV, IV)."""

from django.db import models

from lienthong.office.models.outgoing import OutgoingDocument
from lienthong.office.models.people import Organization, Person


class StoredCopyUse(models.Model):
    """Somebody had the stored copy of an issued document, by whose leave, and gave it back. Rows are never removed."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="stored_copy_uses")
    document = models.ForeignKey(OutgoingDocument, on_delete=models.PROTECT, related_name="stored_copy_uses")
    used_on = models.DateField()
    user_name = models.CharField(max_length=100, help_text="who used it; perhaps nobody with an account")
    allowed_by = models.CharField(max_length=200, help_text="who let them")
    file_code = models.CharField(max_length=50, blank=True, help_text="number and notation of the dossier")
    receipt = models.CharField(max_length=100, blank=True, help_text="how it was signed for")
    note = models.CharField(max_length=200, blank=True)
    returned_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["used_on", "id"]
        indexes = [models.Index(fields=["organization", "used_on", "id"], name="stored_copy_by_day")]
