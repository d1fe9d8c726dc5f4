"""Tables of agencies that somebody gave at the console, and what becomes of each."""

from django.db import models


class TableImport(models.Model):
    """A table that is checked, and then taken in, by the worker: whoever gave it may close the window.

    The state says whose turn it is: the worker's (`to_check`, `to_take`), or the person's (`checked`). `until` is the
    end of a worker's lease: one that died is followed by another. The bytes are the blob of the digest.
    """

    class State(models.TextChoices):
        """Where the table stands."""

        TO_CHECK = "to_check", "đang kiểm tra"
        CHECKED = "checked", "đã kiểm tra, chờ xác nhận"
        TO_TAKE = "to_take", "đang nhập"
        TAKEN = "taken", "đã nhập"
        FAILED = "failed", "không đọc được"
        DROPPED = "dropped", "đã bỏ"

    file_name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.TO_CHECK)
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=60)
    given_by_name = models.CharField(max_length=200, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    lines = models.PositiveIntegerField(default=0, help_text="read so far")
    added = models.PositiveIntegerField(default=0)
    corrected = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list, help_text="number, code and reason of each line that is not taken")
    fault = models.JSONField(default=dict, help_text="why it could not be read, in both languages")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(state__in=["to_check", "to_take"]), name="tables_to_work_on"
            ),
        ]
