"""Who works at the console."""

from django.conf import settings
from django.db import models

from lienthong.hub.models.directory import Agency


class Operator(models.Model):
    """A person of the console. Who leaves is closed, never deleted: the journal names them."""

    class Role(models.TextChoices):
        """What a person is there for; one role each."""

        OPERATOR = "operator", "Trực vận hành"
        REGISTRY = "registry", "Cán bộ danh mục"
        AUDITOR = "auditor", "Kiểm tra"
        AGENCY = "agency", "Cán bộ cơ quan"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="operator")
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=8, choices=Role.choices)
    agency = models.ForeignKey(
        Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="the top of the subtree that an agency officer sees",
    )  # fmt: skip
    password_due = models.BooleanField(default=True, help_text="must choose a password of their own first")
    added_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role="agency", agency__isnull=False)
                | models.Q(role__in=["operator", "registry", "auditor"], agency__isnull=True),
                name="an_agency_officer_has_an_agency",
            ),
        ]
