"""What somebody is given to write (giao chủ trì soạn thảo; Decree 30/2020, Article 10.1)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lienthong.office.models.outgoing import OutgoingDocument
from lienthong.office.models.people import Organization, Person, Unit


class DraftingState(models.TextChoices):
    """Where a document that is to be written stands. The moves between them are in `workflow/drafting_tasks.py`."""

    TO_DO = "to_do", _("Đang thực hiện")
    DONE = "done", _("Đã phát hành")
    RETURNED = "returned", pgettext_lazy("drafting", "Đã trả lại")
    DROPPED = "dropped", pgettext_lazy("drafting", "Đã thôi")


class DraftingTask(models.Model):
    """A document that a unit or one of its people is to write.

    Attributes:
        person: who writes it; none while the head of the unit has named nobody.
        to_unit: whether it was given to the unit, whose head then says who writes it.
        document: what was begun from it.
        note: why it was given back or dropped, or is to be begun again.
        reminded: of its deadline was told: soon, over.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="drafting_tasks")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="drafting_tasks")
    to_unit = models.BooleanField()
    type_name = models.CharField(max_length=100)
    subject = models.CharField(max_length=500)
    guidance = models.TextField(blank=True)
    urgency = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=DraftingState.choices, default=DraftingState.TO_DO)
    document = models.OneToOneField(
        OutgoingDocument, null=True, blank=True, on_delete=models.PROTECT, related_name="drafting_task"
    )
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="drafting_given")
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)
    reminded = models.CharField(max_length=4, blank=True)
    urged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "-id"], name="drafting_of_person"),
            models.Index(fields=["unit", "-id"], name="drafting_of_unit"),
            models.Index(fields=["given_by", "-id"], name="drafting_by_giver"),
            models.Index(fields=["person"], condition=models.Q(state="to_do", document=None), name="drafting_waiting"),
            models.Index(fields=["organization", "due_at"], condition=models.Q(state="to_do"), name="drafting_due"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=DraftingState.values), name="drafting_state_known"),
            models.CheckConstraint(
                condition=models.Q(state="to_do", ended_at=None) | ~models.Q(state="to_do") & ~models.Q(ended_at=None),
                name="drafting_ended_has_moment",
            ),
        ]
