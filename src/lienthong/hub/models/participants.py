"""What is on record of those who take part, beside their codes and keys."""

from django.db import models

from lienthong.hub.models.directory import Agency, System


class Readiness(models.Model):
    """The check list of an organisation outside Article 2.1: it takes part once all three are found ready."""

    agency = models.OneToOneField(Agency, primary_key=True, on_delete=models.PROTECT, related_name="readiness")
    infrastructure = models.BooleanField()
    technology = models.BooleanField()
    security = models.BooleanField()
    note = models.CharField(max_length=400, blank=True)
    checked_at = models.DateTimeField()


class Declaration(models.Model):
    """A declaration of conformity (công bố hợp quy) of a system, and for how long it holds (Article 16.1)."""

    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="declarations")
    product = models.CharField(max_length=200)
    version = models.CharField(max_length=60)
    owner = models.CharField(max_length=200)
    number = models.CharField(max_length=100)
    valid_from = models.DateField()
    valid_to = models.DateField(help_text="last day")
    registered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "number"], name="declaration_once"),
            models.CheckConstraint(
                condition=models.Q(valid_to__gte=models.F("valid_from")), name="declaration_has_a_period"
            ),
        ]


class Standing(models.Model):
    """How a system takes part: as a pilot or for good, and on which security level it was approved (Article 13.1)."""

    system = models.OneToOneField(System, primary_key=True, on_delete=models.PROTECT, related_name="standing")
    pilot = models.BooleanField(default=False)
    security_level = models.PositiveSmallIntegerField(null=True, blank=True, help_text="cấp độ 1 to 5")
    level_decision = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(security_level__isnull=True)
                | models.Q(security_level__range=(1, 5)) & ~models.Q(level_decision=""),
                name="a_level_has_its_decision",
            ),
        ]
