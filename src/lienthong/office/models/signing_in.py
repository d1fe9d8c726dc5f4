"""How people prove who they are: second factors, former passwords, providers of identity, and the agency's rules."""

from django.db import models

from lienthong.office.models.people import Organization, Person


class SignInRules(models.Model):
    """From whom an agency asks a second factor (SEC-4); without a row: from its administrators."""

    organization = models.OneToOneField(Organization, on_delete=models.PROTECT, related_name="sign_in_rules")
    administrators = models.BooleanField(default=True)
    outside = models.BooleanField(default=False, help_text="who comes from another address than the agency's own")
    everyone = models.BooleanField(default=False)
    inside = models.TextField(blank=True, help_text="the agency's own networks, CIDR, one a line")


class SecondFactor(models.Model):
    """How a person shows a second factor: by codes of a device that shares a secret with this system (RFC 6238), which
    counts from the moment that a code of it was typed back; by keys (`Passkey`); or by either.

    Attributes:
        secret: encrypted with the installation's key; empty where no device was begun.
        last_step: of the code that was used last, none is used twice; 0: no code of the device came back yet.
    """

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="second_factor")
    secret = models.BinaryField(help_text="encrypted with the installation's key; empty: there are keys alone")
    begun_at = models.DateTimeField()  # anew when a key is removed: who showed it before, shows it again
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_step = models.BigIntegerField(default=0, help_text="of the code that was used last: none is used twice")

    @property
    def by_codes(self) -> bool:
        """Whether codes of a device count."""
        return bool(self.secret) and self.last_step > 0

    @property
    def awaits_code(self) -> bool:
        """Whether a device was begun, and waits for the first code of it."""
        return bool(self.secret) and self.last_step == 0


class RecoveryCode(models.Model):
    """A code for one use, for who has lost the device; kept as a digest."""

    factor = models.ForeignKey(SecondFactor, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["factor", "digest"], name="recovery_code_once")]


class Passkey(models.Model):
    """A security key, or a passkey of a phone or computer (W3C Web Authentication): only its public half is here."""

    factor = models.ForeignKey(SecondFactor, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=60)
    credential = models.BinaryField(unique=True, help_text="its identifier")
    data = models.BinaryField(help_text="attested credential data: identifier and public key")
    counter = models.BigIntegerField(default=0, help_text="of its last use: one that does not grow was copied")
    added_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]


class FormerPassword(models.Model):
    """The hash of a password that a person had: none of the last ten is chosen again (SEC-3)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="former_passwords")
    hash = models.CharField(max_length=128)
    kept_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]


class AccountReview(models.Model):
    """Somebody looked through the list of accounts and roles, and stands for it (SEC-5)."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="account_reviews")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    accounts = models.PositiveIntegerField(help_text="open ones that were looked through")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["organization", "-at"], name="account_review_newest")]


class IdentityProtocol(models.TextChoices):
    """What a provider of identity speaks."""

    OPENID = "openid", "OpenID Connect"
    SAML = "saml", "SAML 2.0"


class IdentityProvider(models.Model):
    """A service by which people of an agency sign in (OpenID Connect, SAML 2.0): an identity of its counts here once it
    is linked to an account, and gives no right by itself.

    Attributes:
        client_id, secret: by which the office shows itself to a provider of OpenID Connect; empty with SAML.
        sign_in_at, certificates, valid_until: out of the metadata of a provider of SAML; empty with OpenID Connect.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="identity_providers")
    protocol = models.CharField(max_length=10, choices=IdentityProtocol.choices, default=IdentityProtocol.OPENID)
    slug = models.CharField(max_length=30, unique=True, help_text="in addresses")
    name = models.CharField(max_length=100)
    issuer = models.CharField(max_length=300, help_text="with SAML: its entityID")
    client_id = models.CharField(max_length=200, blank=True)
    secret = models.BinaryField(blank=True, help_text="encrypted with the installation's key")
    sign_in_at = models.CharField(max_length=300, blank=True, help_text="where a request is sent by a redirection")
    valid_until = models.DateTimeField(null=True, blank=True, help_text="until when its metadata says that it holds")
    certificates = models.TextField(blank=True, help_text="PEM, of the keys that it signs assertions with")
    staff_claim = models.CharField(
        max_length=200, blank=True, help_text="the claim or attribute that holds the staff code, if any"
    )
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    @property
    def by_saml(self) -> bool:
        """Whether it speaks SAML."""
        return self.protocol == IdentityProtocol.SAML


class TakenAssertion(models.Model):
    """An assertion of SAML that was taken: never again while it holds. Its word waits here, for the moment in which the
    browser that brought it shows that it began the sign-in.

    Attributes:
        digest: SHA-256 of the provider's identifier of it; `request`: of the request that it answers.
        ticket: SHA-256 of what the browser comes on with; `used_at`: when it did.
        claims: who signed in, as the provider says it.
        until: when the assertion holds no more; nothing of it is kept longer.
    """

    provider = models.ForeignKey(IdentityProvider, on_delete=models.CASCADE, related_name="taken_assertions")
    digest = models.CharField(max_length=64)
    request = models.CharField(max_length=64)
    ticket = models.CharField(max_length=64)
    claims = models.JSONField()
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "digest"], name="assertion_taken_once"),
            models.UniqueConstraint(fields=["ticket"], name="assertion_ticket_once"),
        ]
        indexes = [models.Index(fields=["until"], name="assertion_until")]


class FederatedIdentity(models.Model):
    """An identity at a provider, by its unchanging subject, that is a person's."""

    provider = models.ForeignKey(IdentityProvider, on_delete=models.PROTECT, related_name="identities")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identities")
    subject = models.CharField(max_length=255)
    linked_at = models.DateTimeField()
    linked_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="None: by the staff code"
    )
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "subject"], name="identity_is_one_persons"),
            models.UniqueConstraint(fields=["provider", "person"], name="person_has_one_identity"),
        ]
