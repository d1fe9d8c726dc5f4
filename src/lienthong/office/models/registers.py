"""Registers: numbers are given once, in order, and every number is accounted for."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lienthong.office.models.outgoing import OutgoingDocument
from lienthong.office.models.people import Organization, Person


class Sequence(models.Model):
    """A running number from 1 January to 31 December (Decree 30/2020, Articles 15, 22).

    `key` is the kind of number: `arrival` for incoming documents, else the sequence that the head decided.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="sequences")
    key = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

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
    document = models.ForeignKey(OutgoingDocument, on_delete=models.PROTECT, related_name="numbers")
    state = models.CharField(max_length=6, choices=State.choices, default=State.TAKEN)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    void_reason = models.TextField(blank=True)
    void_authority = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sequence", "number"], name="number_once"),
            models.CheckConstraint(
                condition=~models.Q(state="void") | (~models.Q(void_reason="") & ~models.Q(void_authority="")),
                name="void_says_why_and_by_whom",
            ),
        ]
