"""Dossiers (hồ sơ): what belongs to one piece of work, kept together (Decree 30/2020, Articles 29–31; Annex VI)."""

from django.db import models
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext_lazy as _

from lienthong.office.models.dossier_lists import ListEntry, retention_words
from lienthong.office.models.incoming import IncomingDocument
from lienthong.office.models.outgoing import OutgoingDocument
from lienthong.office.models.people import Organization, Person, Unit


class DossierState(models.TextChoices):
    """Where a dossier stands. The moves between them are in `workflow/dossiers.py`."""

    OPEN = "open", _("Đang mở")
    CLOSED = "closed", _("Đã kết thúc")
    SUBMITTED = "submitted", _("Đã nộp, chờ Lưu trữ nhận")
    ARCHIVED = "archived", _("Lưu trữ cơ quan giữ")
    HISTORIC = "historic", _("Lưu trữ lịch sử giữ")


WITH_AN_ARCHIVE = (DossierState.ARCHIVED, DossierState.HISTORIC)
"""What an archive has taken over: its keeper has it no more."""


class DossierKind(models.TextChoices):
    """What sets the time of submission (Article 30.2)."""

    WORK = "work", _("Hồ sơ công việc")
    CONSTRUCTION = "construction", _("Hồ sơ xây dựng cơ bản")


class Dossier(models.Model):
    """A dossier: its code, what it is about, how long it is kept, and who keeps it.

    Attributes:
        year, code: with the agency's code they are the file code of Annex VI, Part II, III.1.
        entry: the line of the year's list from which it was opened; none: it was not in the list (Article 29.2c).
        parent: the dossier of a larger work of which this one is a part (hồ sơ con); set when it is opened, for good.
        ended_on: when the work ended; of a construction, when its account was settled.
        submit_by: until when it goes to the archive; none: it never does (kept less than five years), or it is open.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="dossiers")
    entry = models.OneToOneField(ListEntry, null=True, blank=True, on_delete=models.PROTECT, related_name="dossier")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    year = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=20)
    title = models.CharField(max_length=500)
    retention_years = models.PositiveSmallIntegerField(null=True, blank=True, help_text="none: for ever")
    kind = models.CharField(max_length=12, choices=DossierKind.choices, default=DossierKind.WORK)
    state = models.CharField(max_length=9, choices=DossierState.choices, default=DossierState.OPEN)
    keeper = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="dossiers")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="dossiers")
    language = models.CharField(max_length=50, default="Tiếng Việt")
    note = models.CharField(max_length=500, blank=True)
    started_on = models.DateField()
    due_on = models.DateField(null=True, blank=True, help_text="until when the work is to be done")
    progress = models.PositiveSmallIntegerField(default=0, help_text="percent of the work that is done")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ended_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    submit_by = models.DateField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True, help_text="when its keeper was told that it is due")
    kept_until = models.DateField(null=True, blank=True, help_text="kept back by consent (Article 31.3d)")
    kept_consent = models.CharField(max_length=200, blank=True, help_text="number and date of the consent")
    archived_at = models.DateTimeField(null=True, blank=True)
    last_ordinal = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["keeper", "state", "-id"], name="dossier_by_keeper"),
            models.Index(fields=["unit", "state", "-id"], name="dossier_by_unit"),
            models.Index(fields=["organization", "state", "-id"], name="dossier_by_state"),
            models.Index(
                fields=["organization", "submit_by"], condition=models.Q(state="closed"), name="dossier_to_submit"
            ),
            models.Index(
                "organization",
                ExtractYear("ended_on") + models.F("retention_years"),
                "id",
                name="dossier_outlived",
                condition=models.Q(retention_years__isnull=False, state__in=["closed", "archived"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["organization", "year", "code"], name="dossier_code_once_a_year"),
            models.CheckConstraint(condition=models.Q(state__in=DossierState.values), name="dossier_state_known"),
            models.CheckConstraint(condition=models.Q(progress__lte=100), name="dossier_progress_in_percent"),
            models.CheckConstraint(
                condition=models.Q(state="open") | ~models.Q(ended_on=None), name="dossier_closed_has_ended"
            ),
        ]

    @property
    def retention(self) -> str:
        """How long it is kept, in words."""
        return retention_words(self.retention_years)


class DossierMember(models.Model):
    """Somebody who works on a dossier beside its keeper (phối hợp), and sees it."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="dossiers_shared")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "dossier"], condition=models.Q(ended_at=None), name="dossier_member_once"
            )
        ]


class DossierNote(models.Model):
    """What somebody who works on a dossier wrote on it (ý kiến). Never changed."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="notes")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()

    class Meta:
        ordering = ["id"]


class Material(models.Model):
    """A file that came about with the work and is no document of the agency: a photograph, a recording, a table.

    Attributes:
        converted_from: the file of which this is a copy in a format that lasts; it has no place of its own.
    """

    title = models.CharField(max_length=500)
    author = models.CharField(max_length=200, blank=True)
    dated_on = models.DateField()
    name = models.CharField(max_length=500)
    media_type = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    converted_from = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="converted"
    )


class DossierItem(models.Model):
    """A document's or material's place in a dossier. One document may have places in many dossiers, and is there once
    all the same (Annex VI, III.4e).

    Attributes:
        ordinal: given in order, never twice.
        shared: whoever put it in lets those who work on the dossier read it.
    """

    class Removal(models.TextChoices):
        """Why something leaves a dossier (Article 29.4b)."""

        DUPLICATE = "duplicate", _("bản trùng")
        DRAFT = "draft", _("bản nháp")
        MISPLACED = "misplaced", _("xếp nhầm hồ sơ")

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="items")
    ordinal = models.PositiveIntegerField()
    incoming = models.ForeignKey(
        IncomingDocument, null=True, blank=True, on_delete=models.PROTECT, related_name="dossier_items"
    )
    outgoing = models.ForeignKey(
        OutgoingDocument, null=True, blank=True, on_delete=models.PROTECT, related_name="dossier_items"
    )
    material = models.ForeignKey(
        Material, null=True, blank=True, on_delete=models.PROTECT, related_name="dossier_items"
    )
    pages = models.PositiveIntegerField(null=True, blank=True, help_text="none: not known")
    shared = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    removed_for = models.CharField(max_length=9, choices=Removal.choices, blank=True)

    class Meta:
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "ordinal"], name="dossier_ordinal_once"),
            models.UniqueConstraint(
                fields=["incoming", "dossier"],
                condition=models.Q(removed_at=None) & ~models.Q(incoming=None),
                name="incoming_in_dossier_once",
            ),
            models.UniqueConstraint(
                fields=["outgoing", "dossier"],
                condition=models.Q(removed_at=None) & ~models.Q(outgoing=None),
                name="outgoing_in_dossier_once",
            ),
            models.CheckConstraint(
                condition=models.Q(incoming__isnull=False, outgoing=None, material=None)
                | models.Q(incoming=None, outgoing__isnull=False, material=None)
                | models.Q(incoming=None, outgoing=None, material__isnull=False),
                name="dossier_item_is_one_thing",
            ),
        ]


class DossierHold(models.Model):
    """An order that nothing of a dossier is moved, removed or changed (Annex VI, IV.1g), until it is lifted."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="holds")
    reference = models.CharField(max_length=200, help_text="number and date of the order")
    reason = models.TextField()
    placed_at = models.DateTimeField()
    placed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    lifted_for = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["dossier"], condition=models.Q(lifted_at=None), name="dossier_held_once")
        ]


class SubmissionState(models.TextChoices):
    """Where a submission to the archive stands."""

    SENT = "handed_in", _("Chờ Lưu trữ kiểm tra")
    TAKEN = "taken_over", _("Lưu trữ đã nhận")
    RETURNED = "sent_back", _("Lưu trữ trả lại")


class Submission(models.Model):
    """Dossiers that are handed to the agency's archive together, with their list and minutes (Article 30.3).

    Attributes:
        left_out: what an order held when the others were handed in, or answered.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="submissions")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=SubmissionState.choices, default=SubmissionState.SENT)
    title = models.CharField(max_length=200, help_text="what the dossiers are of (tên khối tài liệu)")
    condition = models.CharField(max_length=200, blank=True, help_text="tình trạng tài liệu")
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(blank=True)
    dossiers = models.ManyToManyField(Dossier, related_name="submissions")
    left_out = models.ManyToManyField(Dossier, related_name="+")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["organization", "state", "-id"], name="submission_by_state")]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=SubmissionState.values), name="submission_state_known"),
            models.CheckConstraint(
                condition=models.Q(answered_by=None) | ~models.Q(answered_by=models.F("given_by")),
                name="submission_taken_by_another",
            ),
        ]
