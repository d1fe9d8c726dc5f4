"""What is kept beside the signing keys: who holds the agency's device, what was warned of, what was asked for."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lienthong.office.models.people import Organization, Person, SigningKey


class Custody(models.Model):
    """A hand-over of the device that keeps the agency's secret key (Decree 30/2020, Article 32): on whose written
    permission, with which minutes. The database refuses to change or forget one.
    """

    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="custody")
    given_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="null: the agency itself"
    )
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    handed_at = models.DateTimeField()
    basis = models.CharField(max_length=200, help_text="number and date of the written permission")
    minutes = models.CharField(max_length=200, help_text="number and date of the minutes of the hand-over")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["key", "id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(given_by=models.F("taken_by")), name="custody_changes_hands")
        ]


class ExpiryWarning(models.Model):
    """A certificate's end was warned of, so many days before it: once."""

    key = models.ForeignKey(SigningKey, on_delete=models.CASCADE, related_name="warnings")
    days = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "days"], name="expiry_warned_once")]


class RequestKind(models.TextChoices):
    """What the provider of certificates is asked for (Decision 28, Article 18.2)."""

    NEW = "new", _("Cấp mới chứng thư số")
    RENEW = "renew", _("Cấp lại chứng thư số")
    REVOKE = "revoke", _("Thu hồi chứng thư số")


class RequestState(models.TextChoices):
    """Whose turn it is. filed → approved | refused; approved → sent; sent → received | refused."""

    FILED = "filed", _("Chờ lãnh đạo duyệt")
    APPROVED = "approved", _("Đã duyệt, chờ gửi")
    SENT = "sent", _("Đã gửi, chờ kết quả")
    RECEIVED = "received", _("Đã xong")
    REFUSED = "refused", _("Không được chấp thuận")


OPEN_REQUESTS = (RequestState.FILED, RequestState.APPROVED, RequestState.SENT)


class CertificateRequest(models.Model):
    """A request for a certificate, or for its revocation; for a person, or for the agency's seal."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="certificate_requests")
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="null: the agency's seal"
    )
    kind = models.CharField(max_length=10, choices=RequestKind.choices)
    key = models.ForeignKey(
        SigningKey, null=True, blank=True, on_delete=models.PROTECT, related_name="requests",
        help_text="what is to be renewed or revoked",
    )  # fmt: skip
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.FILED)
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sent_on = models.DateField(null=True, blank=True)
    reference = models.CharField(max_length=200, blank=True, help_text="number and date of the letter to the provider")
    ended_at = models.DateTimeField(null=True, blank=True)
    refused_for = models.TextField(blank=True)
    result = models.ForeignKey(SigningKey, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=RequestState.values), name="cert_request_state_known"),
            models.CheckConstraint(
                condition=models.Q(kind=RequestKind.NEW) ^ models.Q(key__isnull=False), name="request_names_its_key",
            ),
            models.UniqueConstraint(
                fields=["organization", "person", "key", "kind"], condition=models.Q(state__in=OPEN_REQUESTS),
                name="request_open_once", nulls_distinct=False,
            ),
        ]  # fmt: skip
