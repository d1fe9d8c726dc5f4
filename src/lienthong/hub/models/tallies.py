"""Figures that are kept so that nobody counts ten million rows to draw a page."""

from django.db import models


class Tally(models.Model):
    """How often something happened in one minute, counted from the journal (see `hub.tally`); made anew at will."""

    pk = models.CompositePrimaryKey("at", "name", "part")
    at = models.DateTimeField(help_text="the minute's beginning")
    name = models.CharField(max_length=60)
    part = models.PositiveSmallIntegerField(default=0, help_text="urgency, clause or span of waiting, as the name says")
    value = models.PositiveBigIntegerField()
