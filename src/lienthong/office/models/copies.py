"""Copies of documents (bản sao): sao y, sao lục, trích sao, and who may sign them (Decree 30/2020, Articles 25–27)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lienthong.office.models.incoming import IncomingDocument
from lienthong.office.models.outgoing import OutgoingDocument
from lienthong.office.models.people import Organization, Person
from lienthong.office.models.registers import Sequence
from lienthong.standards.identifiers import DocumentNumber


class CopyKind(models.TextChoices):
    """The forms of copies, by their abbreviations (Article 25; Annex III, I)."""

    SAO_Y = "SY", _("Sao y")
    SAO_LUC = "SL", _("Sao lục")
    TRICH_SAO = "TrS", _("Trích sao")


class Medium(models.TextChoices):
    """What a document is copied from and to."""

    ELECTRONIC = "electronic", _("Điện tử")
    PAPER = "paper", _("Giấy")


class CopyState(models.TextChoices):
    """Where a copy stands. The moves between them are in `workflow/copies.py`."""

    NUMBERED = "numbered", _("Đã cấp số, chưa tạo xong")
    MADE = "made", _("Đã sao")
    VOIDED = "voided", _("Đã hủy số")


class CopySigner(models.Model):
    """A person whom the head lets sign copies (Article 27.1), with the decision that says so."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="copy_signers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="copy_authorities")
    competence = models.CharField(max_length=100, blank=True, help_text="as printed: TL. CHỦ TỊCH")
    position = models.CharField(max_length=100, help_text="as printed: CHÁNH VĂN PHÒNG")
    reference = models.CharField(max_length=200, help_text="number and date of the head's decision")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="copy_signer_dates_in_order",
            )
        ]


class Copy(models.Model):
    """A copy with its number, of one document. Rows are never removed; the bytes go when a recall takes the document.

    Attributes:
        pages: of an extract, those that were taken; else empty.
        of_copy: the electronic bản sao y from which a sao lục was made.
        source_digest: what was copied: the document's file, the scan of the paper, the bản sao y.
        digest: the copy itself: a sealed PDF, or one to be printed, signed and stamped.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="copies")
    outgoing = models.ForeignKey(
        OutgoingDocument, null=True, blank=True, on_delete=models.PROTECT, related_name="copies"
    )
    incoming = models.ForeignKey(
        IncomingDocument, null=True, blank=True, on_delete=models.PROTECT, related_name="copies"
    )
    kind = models.CharField(max_length=3, choices=CopyKind.choices)
    source = models.CharField(max_length=10, choices=Medium.choices)
    form = models.CharField(max_length=10, choices=Medium.choices)
    pages = models.JSONField(default=list)
    of_copy = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=CopyState.choices, default=CopyState.NUMBERED)
    sequence = models.ForeignKey(Sequence, on_delete=models.PROTECT, related_name="copies")
    number = models.PositiveIntegerField()
    notation = models.CharField(max_length=30)
    made_on = models.DateField(help_text="the date of the copy, as printed")
    signer = models.ForeignKey(CopySigner, on_delete=models.PROTECT, related_name="copies")
    recipients_text = models.TextField(help_text="Nơi nhận, a line each, as printed")
    source_digest = models.CharField(max_length=64, db_index=True)
    source_size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64, db_index=True, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.TextField(blank=True, help_text="why the number was voided, and who decided it")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["sequence", "number"], name="copy_number_once"),
            models.CheckConstraint(
                condition=models.Q(outgoing__isnull=True) ^ models.Q(incoming__isnull=True), name="copy_of_one_document"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="made") | ~models.Q(digest=""), name="a_made_copy_has_its_bytes"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="voided") | ~models.Q(void_reason=""), name="a_void_copy_says_why"
            ),
        ]

    @property
    def document(self) -> OutgoingDocument | IncomingDocument:
        """What it is a copy of."""
        found = self.outgoing or self.incoming
        assert found is not None  # noqa: S101 - the database holds it
        return found

    @property
    def printed_number(self) -> str:
        """`05/SY-UBND`."""
        return str(DocumentNumber(self.number, self.notation))
