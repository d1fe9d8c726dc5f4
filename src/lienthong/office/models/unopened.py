"""Envelopes that the clerk hands on unopened: to a person by name, or to a mass organisation in the agency (Decree
30/2020, Article 21.1b)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lienthong.office.models.incoming import IncomingDocument
from lienthong.office.models.people import Organization, Person


class EnvelopeState(models.TextChoices):
    """Where an unopened envelope stands. The moves between them are in `workflow/unopened.py`."""

    HANDED = "handed", _("Chờ ký nhận")
    TAKEN = "taken", _("Đã ký nhận")
    BROUGHT = "brought", _("Chuyển lại, chờ đăng ký")
    REGISTERED = "registered", _("Đã đăng ký")
    VOIDED = "voided", _("Ghi nhầm")


class EnvelopeSecrecy(models.TextChoices):
    """The mark of secrecy that stands on the envelope; what is within is none of this system's business."""

    NONE = "", _("Không có dấu mật")
    SECRET = "c", _("Mật (C)")
    TOP_SECRET = "b", _("Tối mật (B)")
    UTMOST = "a", _("Tuyệt mật (A)")


class UnopenedEnvelope(models.Model):
    """An envelope as it is seen from outside, and how it went. What is within nobody told.

    Attributes:
        written: what stands on the envelope beside sender and number ("Chỉ người có tên mới được bóc bì").
        number: number and notation on the cover.
        body: the mass organisation that it is addressed to (Công đoàn), for which `person` takes it; else empty.
        document: what was registered once the receiver had brought it back; `apart`: its place in the book of
            secrets, where the envelope bore a mark.
        note: what the receiver said in bringing it back, or why the clerk voided the line.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="unopened_envelopes")
    sender = models.CharField(max_length=200)
    written = models.CharField(max_length=300, blank=True)
    number = models.CharField(max_length=100, blank=True)
    urgency = models.PositiveSmallIntegerField(default=0)
    secrecy = models.CharField(max_length=1, blank=True, choices=EnvelopeSecrecy.choices)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="unopened_envelopes")
    body = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=10, choices=EnvelopeState.choices, default=EnvelopeState.HANDED)
    handed_at = models.DateTimeField()
    handed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)
    brought_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    document = models.OneToOneField(
        IncomingDocument, null=True, blank=True, on_delete=models.PROTECT, related_name="came_in"
    )
    apart = models.CharField(max_length=100, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["handed_at", "id"]
        indexes = [
            models.Index(fields=["organization", "handed_at", "id"], name="unopened_by_day"),
            models.Index(fields=["person", "handed_at", "id"], name="unopened_of_person"),
            models.Index(fields=["person"], condition=models.Q(state="handed"), name="unopened_to_take"),
            models.Index(fields=["organization"], condition=models.Q(state="brought"), name="unopened_to_register"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=EnvelopeState.values), name="unopened_state_known"),
            models.CheckConstraint(condition=models.Q(secrecy__in=EnvelopeSecrecy.values), name="unopened_mark_known"),
            models.CheckConstraint(
                condition=~models.Q(state="registered")
                | models.Q(document__isnull=False, secrecy="", apart="")
                | models.Q(document__isnull=True) & ~models.Q(secrecy="") & ~models.Q(apart=""),
                name="unopened_registered_in_one_book",
            ),
        ]
