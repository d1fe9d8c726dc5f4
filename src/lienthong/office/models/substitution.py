"""Who stands in for whom while they are away."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lienthong.office.models.people import Organization, Person


class Substituted(models.TextChoices):
    """What a substitute may do. Signing, approving, numbering and sealing are not among it: they need a competence or a
    custody of one's own (Decree 30/2020, Articles 13, 32)."""

    ASSIGNING = "assigning", _("phân công việc của đơn vị")
    PROCESSING = "processing", _("xử lý văn bản đến, việc soạn thảo được giao")


class Substitution(models.Model):
    """A person stands in for one who is away, for a time; it ends by itself and is never handed on."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="substitutions")
    absent = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="substituted_by")
    substitute = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="stands_in_for")
    acts = models.JSONField(help_text="names out of `Substituted`")
    valid_from = models.DateField()
    valid_to = models.DateField()
    reason = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="before its time")
    ended_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-valid_to", "-id"]
        indexes = [
            models.Index(
                fields=["substitute", "valid_to"], condition=models.Q(ended_at=None), name="substitution_standing"
            ),
            models.Index(fields=["absent", "valid_to"], condition=models.Q(ended_at=None), name="substitution_absent"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__gte=models.F("valid_from")), name="substitution_dates_in_order"
            ),
            models.CheckConstraint(condition=~models.Q(absent=models.F("substitute")), name="substitute_is_another"),
        ]
