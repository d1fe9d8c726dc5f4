"""The regulation by which an agency works, and what it plans (Decision 28/2018/QĐ-TTg, Articles 19.1a, 19.2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lienthong.office.models.people import Organization, Person


class Regulation(models.Model):
    """Quy chế tiếp nhận, xử lý, phát hành và quản lý văn bản. Never erased: the next one takes its place on its day."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="regulations")
    reference = models.CharField(max_length=200, help_text="number and date, as of 12/QĐ-VPCP ngày 02/11/2026")
    title = models.CharField(max_length=300)
    valid_from = models.DateField()
    clauses = models.JSONField(default=dict, help_text="setting → the clause that decides it")
    digest = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-valid_from", "-id"]


class Indicator(models.TextChoices):
    """What the plan for digital signatures and for less paper counts, of the documents that were issued in a year."""

    ELECTRONIC = "electronic", _("Chỉ gửi điện tử")
    WITH_PAPER = "with_paper", _("Có gửi bản giấy")
    SIGNED_BY_BOTH = "signed_by_both", _("Có đủ chữ ký số của người có thẩm quyền và của cơ quan")


class PlanTarget(models.Model):
    """What share of a year's documents is planned; the last one that was written down holds."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="plan_targets")
    year = models.PositiveSmallIntegerField()
    indicator = models.CharField(max_length=14, choices=Indicator.choices)
    percent = models.PositiveSmallIntegerField()
    reference = models.CharField(max_length=200, help_text="number and date of the plan")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["organization", "year", "indicator", "-id"], name="plan_target_newest")]
        constraints = [
            models.CheckConstraint(condition=models.Q(percent__lte=100), name="plan_target_is_a_share"),
            models.CheckConstraint(condition=models.Q(indicator__in=Indicator.values), name="plan_indicator_known"),
        ]


class StandingText(models.Model):
    """What an agency writes in every document of a type: grounds, end, «Nơi nhận». Never erased: the next one takes its
    place on its day."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="standing_texts")
    type_name = models.CharField(max_length=60)
    basis = models.CharField(max_length=4000, blank=True, help_text="one a line")
    closing = models.CharField(max_length=1000, blank=True)
    recipients = models.CharField(max_length=1000, blank=True, help_text="lines of Nơi nhận")
    valid_from = models.DateField()
    ended_on = models.DateField(null=True, blank=True, help_text="not used from this day on")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["organization", "type_name", "-valid_from", "-id"], name="standing_newest")]
