"""What becomes of agencies and their codes: each change is a fact with its date and its decision."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models


class CodeChange(models.Model):
    """A change of codes. Planned until its date, then in force; before the date it can be undone (R-16.1-1)."""

    class Kind(models.TextChoices):
        """What happens to the codes."""

        OPEN = "open", "thành lập"
        RENAME = "rename", "đổi tên"
        MOVE = "move", "chuyển cơ quan cấp trên"
        MERGE = "merge", "sáp nhập"
        SPLIT = "split", "chia, tách"
        CLOSE = "close", "giải thể"

    class State(models.TextChoices):
        """Where the change stands."""

        PLANNED = "planned", "chờ hiệu lực"
        IN_FORCE = "in_force", "đã có hiệu lực"
        UNDONE = "undone", "đã hủy trước ngày hiệu lực"

    class Units(models.TextChoices):
        """What becomes of the units below a code that ends."""

        MOVE = "move", "đơn vị trực thuộc giữ mã, chuyển sang cơ quan kế thừa"
        FORWARD = "forward", "mã của đơn vị trực thuộc cũng chuyển tiếp đến cơ quan kế thừa"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PLANNED)
    codes = models.JSONField(help_text="the codes that change")
    into = models.JSONField(
        default=list, help_text="successors, the one that receives first; for a move the new parent"
    )
    name = models.CharField(max_length=200, blank=True, help_text="the new name")
    units = models.CharField(max_length=8, choices=Units.choices, default=Units.MOVE)
    effective_on = models.DateField(help_text="as the decision says")
    effective_at = models.DateTimeField(help_text="the beginning of that day in Vietnam")
    decision = models.CharField(max_length=200, help_text="number and notation of the decision")
    filed_at = models.DateTimeField()
    filed_by = models.CharField(max_length=60)
    settled_at = models.DateTimeField(null=True, blank=True, help_text="when it came into force, or was undone")

    class Meta:
        indexes = [
            models.Index(fields=["effective_at", "id"], condition=models.Q(state="planned"), name="codechange_planned"),
            GinIndex(fields=["codes"], opclasses=["jsonb_path_ops"], name="codechange_codes"),
            GinIndex(fields=["into"], opclasses=["jsonb_path_ops"], name="codechange_into"),
        ]
