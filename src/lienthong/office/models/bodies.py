"""Advisory bodies (tổ chức tư vấn): councils, boards and groups that issue documents under their agency's seal."""

from datetime import timedelta

from django.db import models

from lienthong.office.models.people import Organization, Person


class AdvisoryBody(models.Model):
    """A council, board or group of an agency that stands on documents as who issues them, under the agency's seal and
    with numbers of its own (Decree 30/2020, Annex I, II.3a). One whose last day is before its first was taken back."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="advisory_bodies")
    name = models.CharField(max_length=200)
    abbreviation = models.CharField(max_length=20, help_text="as in its notations: BCĐ389")
    decision = models.CharField(max_length=200, help_text="number and date of the decision that founded it")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from") - timedelta(days=1)),
                name="body_dates_in_order",
            )
        ]


class BodySigner(models.Model):
    """Who signs for an advisory body, in what capacity there, and with which office in the agency (Annex I, II.7c)."""

    body = models.ForeignKey(AdvisoryBody, on_delete=models.PROTECT, related_name="signers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="body_signatures")
    competence = models.CharField(max_length=100, blank=True, help_text="TM. HỘI ĐỒNG, KT. TRƯỞNG BAN; empty for most")
    title = models.CharField(max_length=100, help_text="in the body: TRƯỞNG BAN")
    office = models.CharField(max_length=100, blank=True, help_text="in the agency: BỘ TRƯỞNG BỘ NỘI VỤ")
    decision = models.CharField(max_length=200)
    valid_from = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["person__sort_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "person", "title"], condition=models.Q(ended_at=None), name="body_signer_once"
            )
        ]
