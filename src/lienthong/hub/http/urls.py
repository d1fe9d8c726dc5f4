"""Routes of the hub: the native API, the VXP door, and the console."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
