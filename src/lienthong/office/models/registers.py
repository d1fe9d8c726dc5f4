"""Registers: numbers are given once, in order, and every number is accounted for."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lienthong.office.models.bodies import AdvisoryBody
from lienthong.office.models.outgoing import OutgoingDocument
from lienthong.office.models.people import Organization, Person


class NumberingDecision(models.Model):
    """What the head of an agency decided about its numbers (Decree 30/2020, Article 15.1c), from a year on. A decision
    stands whole: the newest one of the latest year holds, and what it does not name has a sequence of its own. One that
    was made when numbers of its year were given already changes them within that year, and says why."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="numbering_decisions")
    from_year = models.PositiveSmallIntegerField()
    reference = models.CharField(max_length=200, help_text="number and date of the decision")
    reason = models.TextField(blank=True, help_text="why it changes a year that has numbers already")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-from_year", "-id"]


class NumberGroup(models.Model):
    """Types of documents that are numbered together, in one sequence."""

    decision = models.ForeignKey(NumberingDecision, on_delete=models.PROTECT, related_name="groups")
    title = models.CharField(max_length=100)
    types = models.JSONField(help_text="keys of the types: abbreviations of Annex III, CV for letters")

    class Meta:
        ordering = ["id"]


class Sequence(models.Model):
    """A running number from 1 January to 31 December (Decree 30/2020, Articles 15, 22).

    `key` is the kind of number: `arrival` for incoming documents, else the sequence that the head decided, or that of
    an advisory body.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="sequences")
    key = models.CharField(max_length=40)
    group = models.ForeignKey(NumberGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="sequences")
    body = models.ForeignKey(
        AdvisoryBody, null=True, blank=True, on_delete=models.PROTECT, related_name="sequences", help_text="whose it is"
    )
    year = models.PositiveSmallIntegerField()
    after = models.PositiveIntegerField(default=0, help_text="up to here its types were numbered in others, this year")
    last = models.PositiveIntegerField(default=0)
    last_on = models.DateField(
        null=True, blank=True, help_text="day of the last number: none after it is of an earlier one"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "key", "year"], name="sequence_once")]


class RegisterNumber(models.Model):
    """One number of an outgoing sequence and what became of it. Rows are never removed."""

    class State(models.TextChoices):
        TAKEN = "taken", _("Đã cấp")
        USED = "used", _("Đã phát hành")
        VOID = "void", _("Đã hủy")

    sequence = models.ForeignKey(Sequence, on_delete=models.PROTECT, related_name="numbers")
    number = models.PositiveIntegerField()
    sub = models.CharField(max_length=1, blank=True, help_text="letter of a sub-number (số phụ): the a of 12a")
    document = models.ForeignKey(OutgoingDocument, on_delete=models.PROTECT, related_name="numbers")
    state = models.CharField(max_length=6, choices=State.choices, default=State.TAKEN)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    void_reason = models.TextField(blank=True)
    void_authority = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sequence", "number", "sub"], name="number_once"),
            models.CheckConstraint(
                condition=~models.Q(state="void") | (~models.Q(void_reason="") & ~models.Q(void_authority="")),
                name="void_says_why_and_by_whom",
            ),
        ]
