"""The Django application `office`."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "lienthong.office"
    label = "office"
