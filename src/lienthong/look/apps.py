"""The Django application `look`: no rows, only what pages are drawn with."""

from django.apps import AppConfig


class LookConfig(AppConfig):
    name = "lienthong.look"
    label = "lienthong_look"
