"""What systems and subtrees ask of the registry."""

from django.db import models

from lienthong.hub.models.directory import System


class ChangeRequest(models.Model):
    """A change of the directory that somebody asked for, what became of it, and who decided.

    Either a system asked, or an agency's officer. `wish` says what: `{"act": "register", "parent", "name", …}` or
    `{"act": "close"}`; with `on` and `decision` it is to be on that day by that decision, else at once.
    """

    system = models.ForeignKey(
        System, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="none: an officer asked"
    )
    asked_by = models.CharField(max_length=60, blank=True, help_text="account of the officer")
    asked_for = models.CharField(max_length=35, blank=True, help_text="the agency whose subtree the officer keeps")
    code = models.CharField(max_length=35, db_index=True, help_text="the agency's code, as it was written")
    wish = models.JSONField()
    state = models.CharField(
        max_length=8,
        default="filed",
        choices=[("filed", "chờ duyệt"), ("applied", "đã áp dụng"), ("refused", "từ chối")],
    )
    filed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            # The same wish twice is one request: clients repeat what they sent when they got no answer.
            models.UniqueConstraint(
                fields=["system", "asked_for", "code", "wish"],
                condition=models.Q(state="filed"),
                nulls_distinct=False,
                name="one_open_request_of_a_wish",
            ),
            models.CheckConstraint(
                condition=models.Q(system__isnull=False, asked_by="") | models.Q(system=None) & ~models.Q(asked_by=""),
                name="somebody_asked",
            ),
            models.CheckConstraint(
                condition=models.Q(state="filed", decided_at__isnull=True)
                | models.Q(state__in=["applied", "refused"], decided_at__isnull=False),
                name="a_decision_has_its_time",
            ),
        ]
        indexes = [models.Index(fields=["state", "filed_at"], name="requests_by_state")]
