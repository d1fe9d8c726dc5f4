"""The Django application `journal`."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "lienthong.journal"
    label = "journal"
