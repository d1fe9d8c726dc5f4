"""The Django application `hub`."""

from django.apps import AppConfig


class HubConfig(AppConfig):
    name = "lienthong.hub"
    label = "hub"
