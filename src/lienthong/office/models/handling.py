"""What goes beside the handling of an incoming document: more time asked for, numbers that are not used, prints, and
who holds the paper."""

from django.db import models

from lienthong.office.models.incoming import Assignment, IncomingDocument
from lienthong.office.models.people import Organization, Person, Unit


class Extension(models.Model):
    """More time that whoever works asks for; the leader who gave the task grants it or does not (requirements §5.2)."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="extensions")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="the deadline that is asked for")
    reason = models.TextField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    granted = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"], condition=models.Q(decided_at=None), name="extension_open_once"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_at=None) ^ models.Q(granted__isnull=False), name="extension_decided_whole"
            ),
        ]


class VoidedArrival(models.Model):
    """An arrival number whose acceptance was undone: it stays in the register with its reason, and is not given again
    (Decree 30/2020, Article 22.2)."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="voided_arrivals")
    document = models.ForeignKey(IncomingDocument, on_delete=models.PROTECT, related_name="voided_numbers")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    voided_at = models.DateTimeField()
    voided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()

    class Meta:
        ordering = ["year", "number"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "year", "number"], name="voided_arrival_once"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="voided_arrival_says_why"),
        ]


class Print(models.Model):
    """A print of an incoming document for a unit that works on paper (Decision 28/2018, Article 21.2)."""

    document = models.ForeignKey(IncomingDocument, on_delete=models.PROTECT, related_name="prints")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    copies = models.PositiveSmallIntegerField()
    as_signed = models.BooleanField(help_text="whether it says that the signatures hold; else for information")
    case_code = models.CharField(max_length=50, blank=True, help_text="Số và ký hiệu HS, on the stamp")
    printed_at = models.DateTimeField()
    printed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]


class PaperHolding(models.Model):
    """The paper of an incoming document is handed to a unit, which signs for it (Decree 30/2020, Article 23.3)."""

    document = models.ForeignKey(IncomingDocument, on_delete=models.PROTECT, related_name="holdings")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    handed_at = models.DateTimeField()
    handed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["document"], condition=models.Q(received_at=None), name="paper_under_way_once"
            )
        ]


class DirectRule(models.Model):
    """Who works on which documents without being named each time: the agency's regulation says it, so the clerk hands
    them over at once (Decree 30/2020, Article 23.1). Never erased; the last one recorded of those that fit holds.

    Attributes:
        sender: with what the sender's name begins, or its code; `type_name`, `keyword`: of the document. What is empty
            fits everything, and one of them is not.
        days: working days from the day it is handed over; none: no deadline.
        clause: of the regulation, as it is cited.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="direct_rules")
    sender = models.CharField(max_length=200, blank=True)
    type_name = models.CharField(max_length=100, blank=True)
    keyword = models.CharField(max_length=100, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField(null=True, blank=True)
    clause = models.CharField(max_length=100)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(sender="", type_name="", keyword=""), name="direct_rule_says_of_what"
            ),
            models.CheckConstraint(condition=~models.Q(clause=""), name="direct_rule_cites_its_clause"),
        ]
