"""Notices that go out by e-mail as well: by which server, to whom, and what waits. The row is the queue."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lienthong.office.models.incoming import Notice
from lienthong.office.models.people import Person


class NoticeKind(models.TextChoices):
    """What a notice is about, as far as people choose between."""

    URGENT = "urgent", _("Khẩn, gửi ngay")
    INCOMING = "incoming", _("Văn bản đến")
    OUTGOING = "outgoing", _("Văn bản đi, theo dõi gửi")
    OTHER = "other", _("Việc khác: hồ sơ, chứng thư số, quyền, phiếu hỗ trợ")


class MailServer(models.Model):
    """By which server this installation sends mail: one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    address = models.CharField(max_length=200, help_text="smtp://, smtp+starttls:// or smtps://")
    sender = models.CharField(max_length=200)
    secret = models.BinaryField(blank=True, default=bytes)
    failures = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(null=True, blank=True, help_text="after a failure: when to try again")
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_mail_server")]


class NoticeWay(models.Model):
    """How somebody wants to be told beside the bell."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="notice_way")
    address = models.CharField(max_length=100)
    kinds = models.JSONField(default=list, help_text="of `NoticeKind`")
    refused_for = models.CharField(max_length=200, blank=True, help_text="why mail does not reach the address")
    changed_at = models.DateTimeField()


class NoticeMail(models.Model):
    """A notice that goes out by mail, written in the transaction of the notice. Those of one batch are one mail."""

    notice = models.OneToOneField(Notice, on_delete=models.CASCADE, related_name="mail")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    due_at = models.DateTimeField(null=True, blank=True, help_text="none: it is over")
    batch = models.UUIDField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="notice_mail_due"),
            models.Index(fields=["person"], condition=models.Q(due_at__isnull=False), name="notice_mail_of_person"),
        ]
