"""The work that a dossier is about (hồ sơ công việc): what is to be done, by whom, until when (Decree 30/2020, 29)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lienthong.office.models.dossiers import Dossier
from lienthong.office.models.people import Person


class TaskState(models.TextChoices):
    """Where a task stands. The moves between them are in `workflow/dossiers.py`."""

    TO_DO = "to_do", _("Đang thực hiện")
    DONE = "done", _("Đã xong")
    DROPPED = "dropped", pgettext_lazy("task", "Đã hủy")


class DossierTask(models.Model):
    """Something that one person does for the work of a dossier.

    Attributes:
        note: what its person said last of how it goes, or why it was dropped.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="tasks")
    text = models.CharField(max_length=500)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="dossier_tasks")
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=7, choices=TaskState.choices, default=TaskState.TO_DO)
    progress = models.PositiveSmallIntegerField(default=0, help_text="percent of it that is done")
    note = models.CharField(max_length=500, blank=True)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    reminded = models.CharField(max_length=4, blank=True, help_text="soon: due soon; over: not done in time")

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["person", "due_on", "id"], condition=models.Q(state="to_do"), name="task_of_person"),
            models.Index(fields=["dossier", "state"], name="task_of_dossier"),
            models.Index(
                fields=["due_on"], condition=models.Q(state="to_do") & ~models.Q(reminded="over"), name="task_to_remind"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=TaskState.values), name="task_state_known"),
            models.CheckConstraint(condition=models.Q(progress__lte=100), name="task_progress_in_percent"),
            models.CheckConstraint(
                condition=models.Q(state="to_do", ended_at=None) | ~models.Q(state="to_do") & ~models.Q(ended_at=None),
                name="task_ended_has_moment",
            ),
        ]
