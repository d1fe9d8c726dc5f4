"""What a person keeps for themselves of the documents that they see: marks, and how they look at lists."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lienthong.office.models.incoming import IncomingDocument
from lienthong.office.models.outgoing import OutgoingDocument
from lienthong.office.models.people import Person, Unit


class MarkKind(models.TextChoices):
    """What a person's mark says: each is a colour and a word, never a colour alone."""

    STAR = "star", _("Quan trọng")
    TODAY = "today", _("Làm ngay")
    FOLLOW = "follow", _("Theo dõi")
    READ = "read", _("Đọc sau")


class PersonalMark(models.Model):
    """A mark that a person put on a document (đánh dấu cá nhân); nobody else's business, one on each document."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="marks")
    incoming = models.ForeignKey(
        IncomingDocument, null=True, blank=True, on_delete=models.CASCADE, related_name="marks"
    )
    outgoing = models.ForeignKey(
        OutgoingDocument, null=True, blank=True, on_delete=models.CASCADE, related_name="marks"
    )
    kind = models.CharField(max_length=6, choices=MarkKind.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "incoming"], condition=~models.Q(incoming=None), name="incoming_marked_once"
            ),
            models.UniqueConstraint(
                fields=["person", "outgoing"], condition=~models.Q(outgoing=None), name="outgoing_marked_once"
            ),
            models.CheckConstraint(
                condition=models.Q(incoming__isnull=True) ^ models.Q(outgoing__isnull=True), name="mark_is_on_one_thing"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=MarkKind.values), name="mark_kind_known"),
        ]


class ListHabit(models.Model):
    """How a person looks at one list: what it is narrowed to, and how many rows a page has; it stays so until they
    change it.

    Attributes:
        mark: "" every document, `ANY_MARK` what is marked, else the kind of the mark; dossiers have none.
        unit: only what is of this unit or of those below it.
    """

    ANY_MARK = "any"
    LISTS = [("in", "incoming"), ("out", "outgoing"), ("dos", "dossiers")]

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="list_habits")
    list = models.CharField(max_length=3, choices=LISTS)
    mark = models.CharField(max_length=6, blank=True)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    rows = models.PositiveSmallIntegerField(default=50)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "list"], name="list_habit_once")]
