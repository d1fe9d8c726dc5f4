"""What others signed about documents of this office, and the keys by which that is judged."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lienthong.office.models.exchange import ReceivedPacket
from lienthong.office.models.people import Organization


class Standing(models.TextChoices):
    """What a signed statement is worth. Born as waiting; `office.proofs` alone moves it."""

    WAITING = "waiting", _("chờ kiểm tra chữ ký")
    PROVEN = "proven", _("hợp lệ")
    ATTESTED = "attested", _("Trục chứng nhận thay")
    UNKNOWN_KEY = "unknown_key", _("khóa ký lạ")
    INVALID = "invalid", _("không phải bằng chứng")


class SignedStatement(models.Model):
    """A statement (`evidence.receipts`) as it came, for good, whether it proves anything or not: one that does not is
    evidence of the fault."""

    class Kind(models.TextChoices):
        SUBMISSION = "submission", _("Bên gửi ký gửi")
        ACCEPTANCE = "acceptance", _("Trục xác nhận đã nhận gói tin")
        HANDOVER = "handover", _("Bên nhận ký đã nhận")
        FAILURE = "failure", _("Trục xác nhận bên nhận không lấy được")

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="statements")
    document = models.ForeignKey(
        "office.OutgoingDocument", null=True, blank=True, on_delete=models.PROTECT, related_name="statements"
    )
    received = models.ForeignKey(
        ReceivedPacket, null=True, blank=True, on_delete=models.PROTECT, related_name="statements"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    status_code = models.CharField(max_length=2, blank=True, help_text="of a status that the packet carries")
    agency = models.CharField(max_length=35, help_text="whose act it tells of, code of the directory")
    token = models.TextField(help_text="compact JWS, as it came")
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the token")
    claim = models.JSONField(help_text="what it is to prove, see `office.proofs`")
    kept_at = models.DateTimeField()
    standing = models.CharField(max_length=11, choices=Standing.choices, default=Standing.WAITING)
    fault = models.CharField(max_length=20, blank=True, help_text="why it is no proof (`evidence.proving.Fault`)")
    kid = models.CharField(max_length=43, blank=True, db_index=True)
    signer = models.CharField(max_length=60, blank=True)
    said_at = models.DateTimeField(null=True, blank=True)
    attested_for = models.CharField(max_length=60, blank=True)
    judged_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True, help_text="when it is judged (again); none when settled")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="statement_to_be_judged")]
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint", "kind", "document", "received"], nulls_distinct=False, name="statement_once"
            ),
            models.CheckConstraint(
                condition=Q(standing__in=["invalid", "unknown_key"], fault__gt="")
                | Q(standing__in=["waiting", "proven", "attested"], fault=""),
                name="no_proof_has_its_fault",
            ),
        ]


class MemberKey(models.Model):
    """A key that a statement named, as the hub published it when last asked: with it a proof stands without the hub."""

    kid = models.CharField(max_length=43, primary_key=True)
    facts = models.JSONField(help_text="`evidence.proving.PublishedKey`")
    asked_at = models.DateTimeField(db_index=True)
