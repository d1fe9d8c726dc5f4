"""Documents that circulate inside the agency that issued them."""

from django.db import models

from lienthong.office.models.outgoing import OutgoingDocument
from lienthong.office.models.people import Person, Unit


class Circulation(models.Model):
    """A unit, or a person in it, whom a document of their own agency is for (lưu hành nội bộ).

    No sending between agencies (Decision 28, Article 3.2): nothing of it goes to the hub, or into the figures of the
    exchange.
    """

    document = models.ForeignKey(OutgoingDocument, on_delete=models.PROTECT, related_name="circulations")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="none: the unit's heads"
    )
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True, help_text="none before the document is issued")
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["unit", "person"],
                condition=models.Q(opened_at=None, sent_at__isnull=False),
                name="circulation_unread",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "unit", "person"], nulls_distinct=False, name="circulation_once"
            )
        ]
