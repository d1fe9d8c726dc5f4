"""Who takes part: systems, the agencies that they serve, codes, keys and seals."""

from django.db import models

from lienthong.journal.models import PlaceInFeeds
from lienthong.standards.agencies import Category


class System(models.Model):
    """A connected system (hệ thống quản lý văn bản) of one or several agencies."""

    code = models.CharField(max_length=35, primary_key=True)
    name = models.CharField(max_length=200)
    native = models.BooleanField(default=True, help_text="may use the native API")
    vxp = models.BooleanField(default=False, help_text="may use the door of existing client software")
    vxp_secret = models.BinaryField(blank=True, default=b"", help_text="encrypted, see `hub.secrets`")
    vxp_secret_before = models.BinaryField(blank=True, default=b"", help_text="the one before, while it still opens")
    vxp_secret_before_until = models.DateTimeField(null=True, blank=True)
    old_codes = models.BooleanField(default=True, help_text="lists at the VXP door use the 13-character spelling")
    added_at = models.DateTimeField()
    auto_approves = models.BooleanField(default=False, help_text="what it registers in its own subtree holds at once")
    networks = models.JSONField(default=list, blank=True, help_text="CIDR ranges that it calls from; none for anywhere")
    requests_per_minute = models.PositiveIntegerField(null=True, blank=True)
    largest_packet = models.PositiveBigIntegerField(null=True, blank=True, help_text="bytes")
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspended_for = models.CharField(max_length=200, blank=True, help_text="the reason, as the system is told")
    last_contact_at = models.DateTimeField(null=True, blank=True, help_text="to the minute")
    last_contact_door = models.CharField(max_length=6, blank=True)
    certificate_required = models.BooleanField(default=False, help_text="lets nobody in without a registered one")
    clock_skew_ms = models.IntegerField(
        null=True, blank=True, help_text="how far its clock is ahead of the hub's, as last measured"
    )
    clock_measured_at = models.DateTimeField(null=True, blank=True, help_text="to the minute")


class SystemKey(models.Model):
    """A public key with which a system signs; a retired one still proves what it signed before."""

    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="keys")
    kid = models.CharField(max_length=64, unique=True)
    jwk = models.JSONField()
    added_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True, help_text="signs and opens until then")
    revoked_for = models.CharField(max_length=200, blank=True, help_text="why it was revoked; empty for a plain change")
    compromised_from = models.DateTimeField(
        null=True, blank=True, help_text="of a revoked key: what it signed from then on proves nothing"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(revoked_for="") | models.Q(compromised_from__isnull=False),
                name="revoked_from_some_moment",
            )
        ]


class SystemCertificate(models.Model):
    """A TLS client certificate that a system shows (Article 13.2); several serve while one follows another."""

    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="certificates")
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the DER")
    certificate = models.TextField(help_text="X.509, DER in base64")
    owner = models.TextField(help_text="its subject, RFC 4514")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(help_text="its own end, or the earlier one that the operators set")
    added_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_for = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "fingerprint"], name="certificate_once")]


class Agency(models.Model):
    """An agency with its code (Decision 20/2020). Codes are never reused (R-16.1-1)."""

    code = models.CharField(max_length=35, primary_key=True)
    name = models.CharField(max_length=200)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    system = models.ForeignKey(
        System, null=True, blank=True, on_delete=models.PROTECT, related_name="agencies",
        help_text="serves the agency now; without one, documents go on paper (Article 7.1)",
    )  # fmt: skip
    open = models.BooleanField(default=True)
    successor = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="an open agency with a successor forwards; a closed one refuses and names it",
    )  # fmt: skip
    gateway = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    single_gateway = models.BooleanField(
        default=False, help_text="receives for everyone below it; they are not addressed (Article 21.2)"
    )
    category = models.CharField(
        max_length=12, choices=[(each.value, each.words) for each in Category], default=Category.UNIT.value
    )
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text="merged, split or closed: since when")
    search_key = models.TextField(
        default="", help_text="name and spellings without diacritics, a space before each word"
    )
    changed = models.BigIntegerField(
        db_default=PlaceInFeeds(), help_text="transaction of the last change; kept by a trigger"
    )

    class Meta:
        indexes = [models.Index(fields=["changed", "code"], name="agency_changed")]


class Service(models.Model):
    """When a system acted for an agency: whose hand-over proves what. A trigger on `Agency` keeps these rows."""

    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="services")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="services")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency"], condition=models.Q(until__isnull=True), name="one_system_acts_for_an_agency"
            )
        ]


class FormerName(models.Model):
    """A name that an agency had, until when, and by which decision it ended; a correction has none."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="former_names")
    name = models.CharField(max_length=200)
    until = models.DateTimeField()
    decision = models.CharField(max_length=200, blank=True)


class Alias(models.Model):
    """Another spelling of an agency's code, mostly the 13 characters of QCVN 102:2016."""

    spelling = models.CharField(max_length=35, primary_key=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="aliases")


class Seal(models.Model):
    """A certificate of an agency's seal, and when the directory vouches for it (Article 18)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="seals")
    certificate = models.TextField(help_text="X.509, DER in base64")
    fingerprint = models.CharField(max_length=64, unique=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True, help_text="end of the certificate itself")

    class Meta:
        indexes = [
            models.Index(fields=["expires_at"], condition=models.Q(valid_to__isnull=True), name="seal_expires"),
        ]
