"""The year's list of dossiers (Danh mục hồ sơ; Decree 30/2020, Article 28 and Annex V, I–II)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lienthong.office.models.people import Organization, Person, Unit


class DossierList(models.Model):
    """What dossiers an agency will have in a year. The head approves it, and from then on nothing of it changes."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Đang soạn")
        ISSUED = "issued", _("Đã ban hành")

    class Numbering(models.TextChoices):
        """Annex V, I.2: in one row through the whole list, or anew within each main heading."""

        WHOLE = "whole", _("liên tục toàn Danh mục")
        HEADING = "heading", _("liên tục trong từng đề mục lớn")

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="dossier_lists")
    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=6, choices=State.choices, default=State.DRAFT)
    numbering = models.CharField(max_length=7, choices=Numbering.choices, default=Numbering.HEADING)
    decision_number = models.CharField(max_length=100, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    decided_by = models.CharField(max_length=200, blank=True, help_text="whose decision it is, as printed")
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(null=True, blank=True)
    issued_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "year"], name="dossier_list_once_a_year"),
            models.CheckConstraint(
                condition=~models.Q(state="issued") | (~models.Q(decision_number="") & ~models.Q(decided_on=None)),
                name="dossier_list_issued_by_decision",
            ),
        ]


class ListHeading(models.Model):
    """A heading: a main one (I, II, …) has an abbreviation; those below it (1, 2, …) have none."""

    list = models.ForeignKey(DossierList, on_delete=models.CASCADE, related_name="headings")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="children")
    title = models.CharField(max_length=200)
    abbreviation = models.CharField(max_length=15, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["list", "abbreviation"], condition=~models.Q(abbreviation=""), name="heading_abbreviation_once"
            ),
            models.CheckConstraint(
                condition=models.Q(parent=None) ^ models.Q(abbreviation=""), name="main_heading_has_abbreviation"
            ),
        ]


class ListEntry(models.Model):
    """A dossier of the list, before anybody opens it."""

    heading = models.ForeignKey(ListHeading, on_delete=models.CASCADE, related_name="entries")
    number = models.PositiveSmallIntegerField(default=0, help_text="given anew whenever the draft changes")
    title = models.CharField(max_length=500)
    retention_years = models.PositiveSmallIntegerField(null=True, blank=True, help_text="none: for ever")
    keeper = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(keeper=None) ^ models.Q(unit=None), name="entry_is_kept_by_one"),
            models.CheckConstraint(
                condition=models.Q(retention_years=None) | models.Q(retention_years__gt=0), name="entry_retention"
            ),
        ]

    @property
    def code(self) -> str:
        """Number and notation of the dossier (Annex V, I.2): 01.TCCB."""
        main = self.heading.parent or self.heading
        return f"{self.number:02d}.{main.abbreviation}"

    @property
    def retention(self) -> str:
        """How long it is kept, in words."""
        return retention_words(self.retention_years)

    @property
    def kept_by(self) -> str:
        """Who makes the dossier: a person or a unit."""
        return self.keeper.full_name if self.keeper else self.unit.name  # type: ignore[union-attr]


def retention_words(years: int | None) -> str:
    """A time of keeping as the law writes it: “Vĩnh viễn”, “20 năm”."""
    return "Vĩnh viễn" if years is None else f"{years} năm"
