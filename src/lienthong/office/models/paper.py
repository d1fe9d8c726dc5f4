"""Paper beside, or instead of, the electronic document (Decision 28/2018, Articles 5.3, 7.1, 7.2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lienthong.office.models.outgoing import Recipient
from lienthong.office.models.people import Organization, Person


class PaperClause(models.TextChoices):
    """By which clause paper goes to a recipient; there is no other."""

    UNCONNECTED = "7.1", _("một bên chưa đáp ứng điều kiện gửi điện tử (Điều 7.1)")
    GOVERNMENT = "7.2a", _("gửi Chính phủ, Thủ tướng Chính phủ (Điều 7.2a)")
    LISTED = "7.2b", _("theo Danh mục của cơ quan (Điều 7.2b)")


class PaperRule(models.Model):
    """An entry of what goes on paper with the electronic document: point a, the Government and the Prime Minister, or
    point b, the list of the head of the agency (Danh mục).

    What is recorded is never changed: an entry ends, and another begins. A condition that is empty holds of everything.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="paper_rules")
    clause = models.CharField(
        max_length=4,
        choices=[(one.value, one.label) for one in (PaperClause.GOVERNMENT, PaperClause.LISTED)],
        default=PaperClause.LISTED,
    )
    types = models.JSONField(default=list, help_text="names of the types of documents")
    keyword = models.CharField(max_length=100, blank=True, help_text="a matter: words of the summary")
    recipients = models.JSONField(default=list, help_text="codes of the agencies, contact points for point a")
    addressees = models.JSONField(default=list, help_text="how a line of Kính gửi or Nơi nhận begins")
    decision = models.CharField(max_length=100, help_text="number of the decision, or name of the regulation")
    decided_on = models.DateField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["clause", "-valid_from", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="paper_rule_dates_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(clause=PaperClause.LISTED) | ~models.Q(recipients=[]),
                name="paper_rule_a_names_recipients",
            ),
        ]


class PaperWay(models.TextChoices):
    """How paper travels."""

    POST = "post", _("Bưu điện")
    HAND = "hand", _("Giao trực tiếp")


class PaperTask(models.Model):
    """Paper that a recipient is owed, and how it went there. The dispatch stays open until it went (R-7.2-1)."""

    recipient = models.OneToOneField(Recipient, on_delete=models.PROTECT, related_name="paper_task")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    clause = models.CharField(max_length=4, choices=PaperClause.choices)
    rule = models.ForeignKey(
        PaperRule, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks", help_text="what governed it"
    )
    opened_at = models.DateTimeField()
    way = models.CharField(max_length=4, choices=PaperWay.choices, blank=True)
    sent_on = models.DateField(null=True, blank=True)
    copies = models.PositiveSmallIntegerField(null=True, blank=True)
    envelopes = models.PositiveSmallIntegerField(null=True, blank=True)
    receipt = models.CharField(max_length=100, blank=True, help_text="who signed for it, or the post's mark")
    dropped = models.TextField(blank=True, help_text="why no paper goes any more, and who decided it")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["organization", "id"], condition=models.Q(closed_at__isnull=True), name="paper_task_open"
            ),
            models.Index(fields=["organization", "sent_on", "id"], name="paper_task_by_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(clause=PaperClause.UNCONNECTED, rule__isnull=True)
                | (~models.Q(clause=PaperClause.UNCONNECTED) & models.Q(rule__isnull=False)),
                name="paper_task_has_its_ground",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True)
                | models.Q(sent_on__isnull=False, copies__gte=1, envelopes__gte=1, dropped="")
                | (~models.Q(dropped="") & models.Q(sent_on__isnull=True)),
                name="paper_task_sent_in_full_or_dropped",
            ),
        ]
