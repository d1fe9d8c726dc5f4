"""What an agency tells its own people (thông báo nội bộ): no document, and nothing of the exchange."""

from django.db import models

from lienthong.office.models.people import Organization, Person, Unit


class Announcement(models.Model):
    """Something that everybody of an agency, or of some of its units, is told.

    Attributes:
        units: whose people it is for, with those of the units below; none: the whole agency.
        until: the last day on which it stands among what is new.
        withdrawn_at: taken back; whom it was for sees it no more.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="announcements")
    title = models.CharField(max_length=200)
    text = models.TextField()
    units = models.ManyToManyField(Unit, related_name="+")
    until = models.DateField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["organization", "until"], condition=models.Q(withdrawn_at=None), name="announcement_current"
            )
        ]


class AnnouncementAddressee(models.Model):
    """Somebody for whom an announcement was when it was published, and when they first opened it."""

    announcement = models.ForeignKey(Announcement, on_delete=models.PROTECT, related_name="addressees")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="announcements")
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "-announcement"], condition=models.Q(read_at=None), name="announcement_new")
        ]
        constraints = [
            models.UniqueConstraint(fields=["person", "announcement"], name="announcement_once_each"),
        ]
