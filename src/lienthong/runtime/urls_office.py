"""Routes of an office."""

from django.urls import include, path

from lienthong.runtime import disclosure, web

urlpatterns = [
    path("healthz", web.healthz, name="healthz"),
    path("readyz", web.readyz, name="readyz"),
    path(disclosure.PLACE, disclosure.security_txt, name="security-txt"),
    path("metrics", web.exposition, name="metrics"),
    path("", include("lienthong.office.web.urls")),
]
