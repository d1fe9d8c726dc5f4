"""Who works where: agencies of this installation, their units, people and posts."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a post lets its holder do (requirements §5.1; Decree 30/2020, Articles 10–13, 21–24, 32)."""

    CLERK = "clerk", _("Văn thư")
    LEADER = "leader", _("Lãnh đạo")
    UNIT_HEAD = "unit_head", _("Trưởng đơn vị")
    SPECIALIST = "specialist", _("Chuyên viên")
    CHECKER = "checker", _("Kiểm tra thể thức")
    ADMINISTRATOR = "administrator", _("Quản trị")
    AUDITOR = "auditor", _("Kiểm tra, giám sát")


class PresentationPolicy(models.TextChoices):
    """What a fault of presentation does to the act that confirms the presentation (R-6.4-1)."""

    WARN = "warn", _("chỉ nhắc")
    BLOCK = "block", _("chặn, trừ khi nêu lý do")


class OfficeMode(models.Model):
    """Whether this database is a training office's or one of real documents: one row, written once, kept by a
    trigger."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    training = models.BooleanField()
    settled_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_office_mode")]


class Organization(models.Model):
    """An agency with a code of its own: the sender or the recipient that the law knows (Article 3.4)."""

    code = models.CharField(max_length=35, unique=True)
    alias = models.CharField(max_length=35, blank=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=100)
    superior_name = models.CharField(max_length=200, blank=True)
    abbreviation = models.CharField(max_length=20)
    place = models.CharField(max_length=50)
    address = models.CharField(max_length=250, blank=True)
    email = models.CharField(max_length=100, blank=True)
    telephone = models.CharField(max_length=20, blank=True)
    morning_ends = models.TimeField(default="11:30")
    presentation_policy = models.CharField(
        max_length=5, choices=PresentationPolicy.choices, default=PresentationPolicy.WARN
    )
    urgent_minutes = models.PositiveSmallIntegerField(
        default=30, help_text="how soon an urgent document that came in must be presented"
    )
    undo_minutes = models.PositiveSmallIntegerField(
        default=15, help_text="how long an acceptance can be undone, and its notice is held back"
    )
    due_soon_days = models.PositiveSmallIntegerField(default=2, help_text="working days before a deadline")
    monitor = models.ForeignKey(
        "office.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="whom the head named to follow and urge the work on incoming documents",
    )  # fmt: skip

    calendar_version = models.PositiveIntegerField(default=0, help_text="counts the changes of its working calendar")

    class Meta:
        ordering = ["code"]


class Unit(models.Model):
    """A part of an agency. A document circulates inside an agency between units; that is no exchange (Article 3.2)."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="units")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    name = models.CharField(max_length=200)
    abbreviation = models.CharField(max_length=20)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organization", "abbreviation"], name="unit_abbreviation_once")]


class Person(models.Model):
    """A person who works at an agency and signs in with an account of their own (SEC-5)."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="person")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="people")
    full_name = models.CharField(max_length=100)
    sort_key = models.CharField(max_length=300, db_index=True)
    password_due = models.BooleanField(default=False, help_text="the password is for one use: another is chosen first")
    password_set_at = models.DateTimeField(null=True, blank=True)
    password_short = models.BooleanField(default=False, help_text="it holds only beside a second factor (SEC-3)")
    staff_code = models.CharField(max_length=30, blank=True, help_text="of the agency's own list of staff")
    opened_at = models.DateTimeField(null=True, blank=True, help_text="the account was opened again")
    idle_warned_at = models.DateTimeField(null=True, blank=True)
    locked_at = models.DateTimeField(
        null=True, blank=True, help_text="a session of theirs was locked: what a provider vouches for has to be newer"
    )
    silent = models.BooleanField(default=False, help_text="urgent notices are seen and not heard")

    class Meta:
        ordering = ["sort_key"]
        indexes = [models.Index(fields=["organization", "sort_key", "id"], name="person_in_order")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "staff_code"], condition=~models.Q(staff_code=""), name="staff_code_once"
            )
        ]


class Post(models.Model):
    """A role of a person in a unit for a time. One person may hold several. One that ends the day before it begins was
    taken back before anybody held it."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="posts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=20, choices=Role.choices)
    position = models.CharField(max_length=100)
    competence = models.CharField(max_length=100, blank=True, help_text="e.g. KT. BỘ TRƯỞNG, CHỦ NHIỆM")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "unit", "role", "valid_from"],
                name="post_once",
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from") - timedelta(days=1)),
                name="post_dates_in_order",
            ),
        ]


class RightKind(models.TextChoices):
    """What was changed of somebody's rights."""

    ACCOUNT_ADDED = "account_added", _("mở tài khoản")
    POST_GIVEN = "post_given", _("giao vai trò")
    POST_ENDED = "post_ended", _("thôi vai trò")
    PASSWORD_RESET = "password_reset", _("cấp lại mật khẩu")
    ACCOUNT_CLOSED = "account_closed", _("khóa tài khoản")
    ACCOUNT_REOPENED = "account_reopened", _("mở lại tài khoản")
    BODY_SIGNER_NAMED = "body_signer_named", _("ký văn bản của tổ chức tư vấn")
    BODY_SIGNER_ENDED = "body_signer_ended", _("thôi ký văn bản của tổ chức tư vấn")
    SECOND_FACTOR_RESET = "second_factor_reset", _("gỡ xác thực hai bước")
    IDENTITY_LINKED = "identity_linked", _("gắn tài khoản đăng nhập ngoài")
    IDENTITY_UNLINKED = "identity_unlinked", _("gỡ tài khoản đăng nhập ngoài")
    SUBSTITUTE_NAMED = "substitute_named", _("thay người vắng mặt")
    SUBSTITUTE_ENDED = "substitute_ended", _("thôi thay người vắng mặt")
    PEOPLE_IMPORTED = "people_imported", _("nhập danh sách cán bộ")


class PeopleImport(models.Model):
    """A table of units and people that was taken in, as a whole (AVI-3c: confirmed as a whole as well)."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="imports")
    name = models.CharField(max_length=100, help_text="of the file")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file, hexadecimal")
    at = models.DateTimeField()
    by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="None: a command"
    )
    content = models.BinaryField(null=True, blank=True, help_text="until it is confirmed")
    confirmed_at = models.DateTimeField(null=True, blank=True, help_text="none: it was only previewed")
    units = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    posts = models.PositiveIntegerField(default=0)
    people = models.ManyToManyField(Person, related_name="+", help_text="whose rights it changed")

    class Meta:
        ordering = ["-id"]


class RightChange(models.Model):
    """A change of what somebody may do here: an alert until a competent person confirms it (Decree 30/2020, Annex VI;
    AVI-3c). It is in force from the beginning; what is wrong is undone by another change."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="right_changes")
    person = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="right_changes", help_text="None: those of an import"
    )
    run = models.OneToOneField(PeopleImport, null=True, blank=True, on_delete=models.PROTECT, related_name="change")
    kind = models.CharField(max_length=20, choices=RightKind.choices)
    post = models.ForeignKey(Post, null=True, blank=True, on_delete=models.PROTECT, related_name="changes")
    last_day = models.DateField(null=True, blank=True, help_text="of a role that ends")
    reason = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="None: a command"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-made_at", "-id"]
        indexes = [
            models.Index(fields=["organization", "-made_at"], name="right_change_newest"),
            models.Index(fields=["organization"], condition=models.Q(confirmed_at=None), name="right_change_open"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(confirmed_by=None)
                | (~models.Q(confirmed_by=models.F("made_by")) & ~models.Q(confirmed_by=models.F("person"))),
                name="right_change_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(person__isnull=True) ^ models.Q(run__isnull=True), name="right_change_is_of_somebody"
            ),
        ]


class Authorization(models.Model):
    """A written authority to sign for somebody (giấy ủy quyền; TUQ.): limited in time and content, and never handed on
    (Decree 30/2020, Article 13.3)."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="authorizations")
    granted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="authorizations_granted")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="authorizations")
    on_behalf = models.CharField(max_length=90, help_text="whose authority it is, as printed after TUQ.: CHỦ TỊCH")
    position = models.CharField(max_length=100, help_text="of the authorised person, as printed")
    types = models.JSONField(help_text="names of the types of documents that may be signed")
    scope = models.TextField(help_text="in what matters, as the paper says")
    reference = models.CharField(max_length=200, help_text="number and date of the paper")
    valid_from = models.DateField()
    valid_to = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    revoked_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-valid_to", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__gte=models.F("valid_from")), name="authorization_dates_in_order"
            ),
            models.CheckConstraint(
                condition=~models.Q(granted_by=models.F("person")), name="authorization_is_to_another"
            ),
        ]

    @property
    def printed(self) -> str:
        """The form of authority as it stands above the position."""
        return f"TUQ. {self.on_behalf}"


class KeyKind(models.TextChoices):
    """Where a private key lies."""

    NONE = "none", _("chưa gắn khóa")
    PKCS12 = "pkcs12", _("tệp PKCS#12")
    PKCS11 = "pkcs11", _("thiết bị PKCS#11")
    REMOTE = "remote", _("ký số từ xa")
    OWN_TOKEN = "own_token", _("thiết bị ở máy người ký")


class SigningKey(models.Model):
    """A certificate, the key that belongs to it, and the image shown for its signature: a person signs with it, or the
    clerk seals with it. A certificate may be registered before its key is there.

    The private key stays in its PKCS#12 file or token; the PIN is asked at every act and never stored (Article 32 of
    Decree 30/2020). `fingerprint`, `valid_from` and `valid_to` are the certificate's own, kept for finding it.
    """

    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.CASCADE, related_name="keys")
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.CASCADE, related_name="seals"
    )
    kind = models.CharField(max_length=10, choices=KeyKind.choices)
    location = models.CharField(max_length=500, blank=True)
    certificate = models.BinaryField()
    fingerprint = models.CharField(max_length=64, help_text="SHA-256, hexadecimal")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(db_index=True)
    image = models.BinaryField(null=True, blank=True)
    registered_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True, help_text="another one took its place")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_for = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=True) ^ models.Q(organization__isnull=True), name="key_has_one_owner"
            ),
            models.UniqueConstraint(
                fields=["person", "organization", "fingerprint"], condition=models.Q(retired_at=None),
                name="own_certificate_once", nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(kind=KeyKind.NONE) ^ ~models.Q(location=""), name="key_lies_somewhere",
            ),
        ]  # fmt: skip

    @property
    def owner_name(self) -> str:
        """Whose it is."""
        return self.person.full_name if self.person else self.organization.name  # type: ignore[union-attr]
