"""Outgoing documents: from the first draft to the last recipient's answer."""

from django.db import models
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext_lazy as _

from lienthong.office.models.bodies import AdvisoryBody, BodySigner
from lienthong.office.models.people import Authorization, Organization, Person, Unit
from lienthong.standards.identifiers import DocumentNumber


class OutgoingState(models.TextChoices):
    """Where an outgoing document stands. The moves between them are in `workflow.py`."""

    DRAFT = "draft", _("Dự thảo")
    IN_REVIEW = "in_review", _("Đang trình duyệt")
    RETURNED = "returned", _("Trả lại, chờ trưởng đơn vị")
    APPROVED = "approved", _("Đã duyệt, chờ ký")
    SIGNED = "signed", _("Đã ký, chờ cấp số")
    NUMBERED = "numbered", _("Đã cấp số, chờ đóng dấu")
    SEALED = "sealed", _("Đã đóng dấu, chờ phát hành")
    ISSUED = "issued", _("Đã phát hành")
    VOIDED = "voided", _("Đã hủy số, không ban hành")
    RECALLING = "recalling", _("Đang thu hồi")
    RECALLED = "recalled", _("Đã thu hồi")
    PARTLY_RECALLED = "partly_recalled", _("Thu hồi một phần")


class Stage(models.TextChoices):
    """What a version is."""

    DRAFT = "draft", _("Dự thảo")
    APPROVED = "approved", _("Bản được duyệt")
    SIGNED = "signed", _("Bản đã ký")
    NUMBERED = "numbered", _("Bản đã cấp số")
    SEALED = "sealed", _("Bản phát hành")


class Origin(models.TextChoices):
    """Article 3.1: created digitally, or digitised from paper."""

    DIGITAL = "digital", _("Tạo lập điện tử")
    DIGITISED = "digitised", _("Số hóa từ bản giấy")


class OutgoingDocument(models.Model):
    """A document that this agency makes and sends (văn bản đi)."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="outgoing")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    drafter = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="drafts")
    signer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=OutgoingState.choices, default=OutgoingState.DRAFT)
    type_code = models.CharField(max_length=10, blank=True, help_text="abbreviation of Annex III; empty: công văn")
    type_name = models.CharField(max_length=100)
    subject = models.CharField(max_length=500)
    urgency = models.PositiveSmallIntegerField(default=0)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.DIGITAL)
    secrecy = models.CharField(
        max_length=20, blank=True, help_text="a state-secret mark stops the document (Article 1.2)"
    )
    competence = models.CharField(max_length=100, blank=True)
    position = models.CharField(max_length=100)
    signer_name = models.CharField(max_length=100)
    authorization = models.ForeignKey(
        Authorization, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="of a signer TUQ."
    )
    body_signer = models.ForeignKey(
        BodySigner,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="of what an advisory body issues",
    )
    signer_office = models.CharField(max_length=100, blank=True, help_text="of who signs for a body: in the agency")
    recipients_text = models.TextField(blank=True, help_text="Nơi nhận, a line each, as printed")
    content = models.JSONField(default=dict, help_text="what the template needs; empty for an uploaded file")
    due_on = models.DateField(null=True, blank=True)
    appendixes = models.JSONField(default=list, help_text="annexes that the text names, by title")
    number = models.PositiveIntegerField(null=True, blank=True)
    sub_number = models.CharField(max_length=3, blank=True)
    notation = models.CharField(max_length=30)
    promulgated_on = models.DateField(null=True, blank=True)
    identifier = models.CharField(max_length=200, blank=True, db_index=True)
    created_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True, blank=True)
    sealed_at = models.DateTimeField(null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    send_due = models.DateTimeField(null=True, blank=True, help_text="hard deadline of Article 6.2")
    send_calendar = models.PositiveIntegerField(
        null=True, blank=True, help_text="version of the agency's calendar that the deadline was counted by"
    )
    send_reminded = models.CharField(max_length=4, blank=True, help_text="of its deadline was told: soon, over")
    replaces = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    replace_reason = models.TextField(blank=True, help_text="why it replaces the other one, and who decided it")
    corrects = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by")
    correct_reason = models.TextField(blank=True, help_text="what was wrong with the other one's form, and who decided")
    urges = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="urged_by")

    @property
    def printed_number(self) -> str:
        """`number/notation`; before the number is given, a gap for it."""
        if self.number is None:
            return f"…/{self.notation}"
        return str(DocumentNumber(self.number, self.notation, self.sub_number))

    @property
    def body(self) -> AdvisoryBody | None:
        """The advisory body that issues it; None: the agency itself."""
        return self.body_signer.body if self.body_signer else None

    @property
    def issuer_name(self) -> str:
        """Who stands on it as issuing it."""
        return self.body.name if self.body else self.organization.name

    class Meta:
        indexes = [
            models.Index(fields=["organization", "state", "-urgency", "-id"], name="outgoing_of_state"),
            models.Index(fields=["organization", "-urgency", "-id"], name="outgoing_all"),
            models.Index(fields=["organization", "-issued_at"], name="outgoing_by_issue"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=OutgoingState.values), name="outgoing_state_known"),
            models.UniqueConstraint(
                "organization",
                ExtractYear("promulgated_on"),
                "number",
                "sub_number",
                "notation",
                condition=models.Q(number__isnull=False),
                name="number_and_notation_once_a_year",
            ),
        ]


class Version(models.Model):
    """The bytes of a document at one stage. Never changed, never removed: what is signed is what was approved."""

    document = models.ForeignKey(OutgoingDocument, on_delete=models.PROTECT, related_name="versions")
    ordinal = models.PositiveIntegerField()
    stage = models.CharField(max_length=10, choices=Stage.choices)
    digest = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    slots = models.JSONField(default=list)
    findings = models.JSONField(null=True, help_text="what the check of presentation found; null: it was not made")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["ordinal"]
        constraints = [models.UniqueConstraint(fields=["document", "ordinal"], name="version_once")]


class Review(models.Model):
    """A named act on one version: submitted, commented, content or presentation checked, approved, returned."""

    class Act(models.TextChoices):
        SUBMITTED = "submitted", _("Trình")
        CONTENT = "content", _("Kiểm tra nội dung")
        PRESENTATION = "presentation", _("Kiểm tra thể thức")
        APPROVED = "approved", _("Duyệt")
        RETURNED = "returned", _("Trả lại")
        HANDED_DOWN = "handed_down", _("Chuyển lại người soạn")
        COMMENTED = "commented", _("Ý kiến")

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="reviews")
    act = models.CharField(max_length=15, choices=Act.choices)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.TextField(blank=True)


class Enclosure(models.Model):
    """A file that travels with the document (Article 10.1: whole, never as a link)."""

    document = models.ForeignKey(OutgoingDocument, on_delete=models.PROTECT, related_name="enclosures")
    name = models.CharField(max_length=500)
    media_type = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    sealed_digest = models.CharField(max_length=64, db_index=True, blank=True, help_text="the sealed PDF, once sealed")
    sealed_size = models.PositiveBigIntegerField(null=True, blank=True)
    added_at = models.DateTimeField()
    format_fault = models.CharField(max_length=10, blank=True, help_text="of `standards.formats`, when it was added")

    class Meta:
        ordering = ["id"]


class Channel(models.TextChoices):
    """By which way a recipient gets a document; paper only for a reason: `PaperReason`."""

    ELECTRONIC = "electronic", _("Điện tử qua Trục")
    PAPER = "paper", _("Bản giấy")


class PaperReason(models.TextChoices):
    """Why a recipient gets paper (Article 7.1): it, or the sender, lacks one of these, and there is no other reason."""

    INFRASTRUCTURE = "infrastructure", _("chưa đáp ứng hạ tầng")
    TECHNOLOGY = "technology", _("chưa đáp ứng kỹ thuật, công nghệ")
    SECURITY = "security", _("chưa đáp ứng an toàn, an ninh thông tin")
    CONNECTION = "connection", _("chưa kết nối, liên thông")


class Recipient(models.Model):
    """An agency that the document is for, and the way it goes there (Articles 5.2, 7.1)."""

    document = models.ForeignKey(OutgoingDocument, on_delete=models.PROTECT, related_name="recipients")
    code = models.CharField(max_length=35)
    name = models.CharField(max_length=200)
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.ELECTRONIC)
    paper_reason = models.CharField(max_length=40, blank=True, help_text="which of the reasons of Article 7.1")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["document", "code"], name="recipient_once")]

    @property
    def why_paper(self) -> str:
        """The reason for paper, in words."""
        return str(PaperReason(self.paper_reason).label) if self.paper_reason in PaperReason else ""


class RecipientGroup(models.Model):
    """Agencies that often receive together, under a name: one person's, or the whole agency's when it has no owner."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="recipient_groups")
    owner = models.ForeignKey(Person, null=True, blank=True, on_delete=models.CASCADE, related_name="recipient_groups")
    name = models.CharField(max_length=100)
    codes = models.JSONField(default=list, help_text="of the agencies, in the order in which they are printed")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "owner", "name"], nulls_distinct=False, name="recipient_group_once"
            )
        ]


class Transmission(models.Model):
    """One sending of the document to one recipient, and what that recipient answered.

    The shown state is computed from the times, never stored: see `outgoing.board.state_of`.
    """

    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="transmissions", db_index=False)
    packet = models.ForeignKey("office.OutboxPacket", on_delete=models.PROTECT, related_name="transmissions")
    attempt = models.PositiveSmallIntegerField(default=1)
    delivery_id = models.CharField(max_length=64, blank=True)
    transport = models.CharField(max_length=12, default="waiting", help_text="waiting, then the hub's transport states")
    failure = models.CharField(max_length=400, blank=True, help_text="why the recipient could not take it")
    at_hub = models.DateTimeField(null=True, blank=True)
    handed_over = models.DateTimeField(null=True, blank=True)
    arrived = models.DateTimeField(null=True, blank=True, help_text="01")
    refused = models.DateTimeField(null=True, blank=True, help_text="02")
    refusal_reason = models.CharField(max_length=30, blank=True)
    refusal_text = models.TextField(blank=True)
    accepted = models.DateTimeField(null=True, blank=True, help_text="03")
    assigned = models.DateTimeField(null=True, blank=True, help_text="04")
    processing = models.DateTimeField(null=True, blank=True, help_text="05")
    finished = models.DateTimeField(null=True, blank=True, help_text="06")
    recall_asked = models.DateTimeField(null=True, blank=True)
    recall_reason = models.TextField(blank=True)
    recall_agreed = models.DateTimeField(null=True, blank=True, help_text="15, or withdrawn before it was fetched")
    recall_declined = models.DateTimeField(null=True, blank=True, help_text="16")
    recall_answer = models.TextField(blank=True)
    change_asked = models.DateTimeField(null=True, blank=True, help_text="an update, or what it replaces, was sent")
    change_agreed = models.DateTimeField(null=True, blank=True, help_text="15")
    change_declined = models.DateTimeField(null=True, blank=True, help_text="16")
    change_answer = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        # Every index counts: a document has a row for each of its recipients. The constraint's finds them by recipient.
        indexes = [models.Index(fields=["delivery_id"], name="transmission_by_delivery")]
        constraints = [models.UniqueConstraint(fields=["recipient", "attempt"], name="transmission_once")]


class EarlyChange(models.Model):
    """What the hub told of a delivery before this office had noted that delivery's name: kept until it is noted."""

    delivery_id = models.CharField(max_length=64, db_index=True)
    received_at = models.DateTimeField()
    change = models.JSONField()

    class Meta:
        ordering = ["id"]


class CorrectionTask(models.Model):
    """What a refusal, or a sending that could not be taken, leaves to do: send to the right agency, complete the
    files, mend the form (R-5.4-2)."""

    transmission = models.OneToOneField(Transmission, on_delete=models.PROTECT, related_name="task")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(
                fields=["organization", "opened_at"],
                condition=models.Q(closed_at__isnull=True),
                name="correction_task_open",
            ),
        ]
