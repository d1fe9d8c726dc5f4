"""Signing from afar: services that keep people's keys, whose key is where, and what was asked of them; and what is
asked of the agency's token at the clerk's machine."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lienthong.office.models.copies import Copy
from lienthong.office.models.incoming import IncomingDocument
from lienthong.office.models.outgoing import Enclosure, OutgoingDocument, Version
from lienthong.office.models.people import Organization, Person, SigningKey


class RemoteService(models.Model):
    """A service that keeps keys and signs with them when their owner agrees (CSC API v2)."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="remote_services")
    slug = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=100)
    address = models.CharField(max_length=300, help_text="up to and with /csc/v2")
    client_id = models.CharField(max_length=200)
    secret = models.BinaryField(help_text="encrypted with the installation's key")
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]


class RemoteCredential(models.Model):
    """Where a person's key lies at a service, and how its owner agrees to a signature."""

    key = models.OneToOneField(SigningKey, on_delete=models.CASCADE, related_name="credential")
    service = models.ForeignKey(RemoteService, on_delete=models.PROTECT, related_name="credentials")
    credential = models.CharField(max_length=300, help_text="its name at the service")
    chain = models.JSONField(default=list, help_text="the issuers' certificates, base64 of DER, nearest first")
    algorithm = models.CharField(max_length=60, help_text="OID by which the service signs")
    asks = models.JSONField(
        default=list, help_text="what the owner types here: id, label; empty: they agree at the service, on their phone"
    )
    by_browser = models.BooleanField(
        default=False, help_text="they agree on a page of the service, where the browser goes and comes back (OAuth 2)"
    )
    most = models.PositiveSmallIntegerField(default=1, help_text="signatures that one consent may allow")


class RemoteState(models.TextChoices):
    """How far a request to a service has come."""

    ASKED = "asked", _("Đang gửi yêu cầu")
    WAITING = "waiting", _("Đang chờ ký từ xa")
    ALLOWED = "allowed", _("Đã đồng ý, đang ký")
    SIGNED = "signed", _("Đã có chữ ký, đang ghi")
    DONE = "done", _("Đã xong")
    CANCELLED = "cancelled", _("Đã hủy")
    LAPSED = "lapsed", _("Quá hạn")
    FAILED = "failed", _("Không ký được")


OPEN_REMOTE = (RemoteState.ASKED, RemoteState.WAITING, RemoteState.ALLOWED, RemoteState.SIGNED)


class RemoteRequest(models.Model):
    """One consent that is asked of a person, for one document or several. It is durable before the service hears of it.

    Nothing that the person types is kept. `handle` and `consent` are the service's own words, encrypted, and gone when
    the request has ended; a consent is bound to the digests that it was given for.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="remote_requests")
    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="remote_requests")
    state = models.CharField(max_length=10, choices=RemoteState.choices, default=RemoteState.ASKED)
    handle = models.BinaryField(null=True, blank=True, help_text="by which the service is asked whether they agreed")
    consent = models.BinaryField(null=True, blank=True, help_text="signature activation data")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    claimed_until = models.DateTimeField(help_text="until when whoever took it in hand has it alone")
    why = models.CharField(
        max_length=300, blank=True, help_text="why it ended without signatures, or what it waits for"
    )
    why_en = models.CharField(max_length=300, blank=True)
    sends = models.BooleanField(default=False, help_text="the documents are sent as soon as they are sealed")

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["claimed_until"], condition=models.Q(state__in=OPEN_REMOTE), name="remote_open"),
            models.Index(fields=["person", "-id"], name="remote_of_person"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=RemoteState.values), name="remote_state_known"),
            models.CheckConstraint(
                condition=models.Q(state__in=OPEN_REMOTE) | models.Q(handle=None, consent=None),
                name="remote_secrets_end_with_it",
            ),
        ]


class AwaitedSignature(models.Model):
    """A file of a request, in which everything stands but the signature, and what is signed for it."""

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("Đang chờ ký từ xa")
        SIGNED = "signed", _("Đã ký")
        DROPPED = "dropped", _("Chưa ký")

    prepared = models.CharField(max_length=64, help_text="digest of the prepared file")
    start = models.PositiveBigIntegerField(help_text="where the kept place begins in it, and `end` where it ends")
    end = models.PositiveBigIntegerField()
    attributes = models.BinaryField(help_text="signed attributes, DER: their SHA-256 is what the service signs")
    signature = models.BinaryField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    why = models.CharField(max_length=300, blank=True)
    why_en = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True


class RemoteSigning(AwaitedSignature):
    """A document that its signer signs."""

    request = models.ForeignKey(RemoteRequest, on_delete=models.PROTECT, related_name="signings")
    document = models.ForeignKey(OutgoingDocument, on_delete=models.PROTECT, related_name="remote_signings")
    approved = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+", help_text="what is signed")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["document"], condition=models.Q(state="open"), name="remote_signing_open_once"
            ),
        ]


class Sealing(AwaitedSignature):
    """A file that the clerk seals with the agency's token at their own machine: a document, an enclosure of it, or a
    copy. `why` says of a sealed document why it could not be sent."""

    request = models.ForeignKey(RemoteRequest, on_delete=models.PROTECT, related_name="sealings")
    document = models.ForeignKey(
        OutgoingDocument, null=True, blank=True, on_delete=models.PROTECT, related_name="sealings"
    )
    enclosure = models.ForeignKey(
        Enclosure, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="None: the document"
    )
    copy = models.ForeignKey(Copy, null=True, blank=True, on_delete=models.PROTECT, related_name="sealings")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(document__isnull=True) ^ models.Q(copy__isnull=True), name="sealing_is_of_one"
            ),
            models.CheckConstraint(
                condition=models.Q(enclosure__isnull=True) | models.Q(document__isnull=False),
                name="sealed_enclosure_has_its_document",
            ),
            models.UniqueConstraint(
                fields=["document", "enclosure", "copy"], condition=models.Q(state="open"), name="sealing_open_once",
                nulls_distinct=False,
            ),
        ]  # fmt: skip

    @property
    def subject(self) -> OutgoingDocument | IncomingDocument:
        """The document that it is, belongs to, or is a copy of."""
        if self.copy is not None:
            return self.copy.document
        assert self.document is not None  # noqa: S101 - the database holds it
        return self.document
