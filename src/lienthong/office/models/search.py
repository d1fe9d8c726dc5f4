"""What documents are found by: a row for each, whatever its direction; and what a person keeps of their searches."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from lienthong.office.models.incoming import IncomingDocument
from lienthong.office.models.outgoing import OutgoingDocument
from lienthong.office.models.people import Organization, Person


class Findable(models.Model):
    """A document as it is found: its facts and the text of its files, both without diacritics.

    The database itself makes the row and keeps its facts in the transaction that changes the document (migration 0017);
    when files change, or their content is destroyed, the text goes in that same transaction, and the worker reads anew.

    Attributes:
        at: when it arrived, or was issued; of what is not issued, when it was begun.
        dated: the day that it bears, else the day of `at`; `due`: its deadline, `NO_DEADLINE` where it has none.
        facts, text: see `office.search.questions`.
        content: the text of the files as it is shown in extracts, cut where it is very long.
        unread: [{name, digest, why}] of the files whose text could not be taken, or not of every page.
        pictured: [[digest, page]] of the pages, from 0, whose text is still to be recognised from a picture.
        recognised: what a machine read on such pages; it errs, and is told apart from `content`.
        wanted: how often the text was wanted anew; `read`: which of these is there. `tries` counts what failed.
    """

    KINDS = [("in", "incoming"), ("out", "outgoing")]

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=3, choices=KINDS)
    incoming = models.OneToOneField(IncomingDocument, null=True, on_delete=models.CASCADE, related_name="findable")
    outgoing = models.OneToOneField(OutgoingDocument, null=True, on_delete=models.CASCADE, related_name="findable")
    at = models.DateTimeField()
    dated = models.DateField()
    due = models.DateField()
    facts = SearchVectorField()
    text = SearchVectorField(null=True)
    content = models.TextField(blank=True)
    unread = models.JSONField(default=list)
    pictured = models.JSONField(default=list)
    recognised = models.TextField(blank=True)
    wanted = models.PositiveIntegerField(default=1)
    read = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            *(
                GinIndex(fields=[words], name=f"findable_{kind}_by_{words}", condition=models.Q(kind=kind))
                for kind in ("in", "out")  # each direction is asked for itself, and reads nothing of the other
                for words in ("facts", "text")
            ),
            models.Index(fields=["organization", "kind", "-at", "-id"], name="findable_newest"),
            models.Index(fields=["organization", "kind", "-dated", "-id"], name="findable_by_day"),
            models.Index(fields=["organization", "kind", "due", "id"], name="findable_by_deadline"),
            models.Index(fields=["id"], name="findable_to_read", condition=models.Q(wanted__gt=models.F("read"))),
            models.Index(fields=["id"], name="findable_to_recognise", condition=~models.Q(pictured=[])),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="in", incoming__isnull=False, outgoing__isnull=True)
                | models.Q(kind="out", incoming__isnull=True, outgoing__isnull=False),
                name="findable_is_one_document",
            )
        ]


@SearchVectorField.register_lookup
class Holds(models.Lookup):
    """Whether a vector holds a question in the database's own notation: nothing of it is read as language."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        """`vector @@ question`."""
        left, values = self.process_lhs(compiler, connection)
        return f"{left} @@ %s::tsquery", (*values, self.rhs)


@models.BigAutoField.register_lookup
class Among(models.Lookup):
    """Whether a key is one of many, which go to the database as one value."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        """`key = ANY(keys)`."""
        left, values = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s::bigint[])", (*values, self.rhs)


class SavedSearch(models.Model):
    """A search that a person keeps under a name; nobody else's business."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="searches")
    name = models.CharField(max_length=60)
    asked = models.TextField(help_text="the search as its address says it")

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="saved_search_once")]


class ChosenColumns(models.Model):
    """Which columns a person wants to see of what was found, in their order."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="found_columns")
    columns = models.JSONField(default=list)
