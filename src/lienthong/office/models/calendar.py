"""Days on which an agency works otherwise than the public calendar says."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lienthong.office.models.people import Organization, Person


class DayKind(models.TextChoices):
    """What a decision makes of a day."""

    OFF = "off", _("nghỉ")
    WORK = "work", _("làm việc")


class CalendarOverride(models.Model):
    """A day that was decided to be off, or worked. Never erased: which days a deadline was counted by stays known.

    Attributes:
        since, until: versions of the agency's calendar in which it holds, the last one not included.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="calendar_overrides")
    day = models.DateField()
    kind = models.CharField(max_length=4, choices=DayKind.choices)
    reason = models.CharField(max_length=200)
    decision_ref = models.CharField(max_length=200, help_text="number and date of the decision")
    since = models.PositiveIntegerField()
    until = models.PositiveIntegerField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["day", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "day"], condition=models.Q(until=None), name="day_decided_once"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=DayKind.values), name="day_kind_known"),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gt=models.F("since")), name="day_decided_in_order"
            ),
        ]
