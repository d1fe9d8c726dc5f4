"""The table of the console's routes: where, what, and who may. A test walks all of it with everybody."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from lienthong.hub.http.console import (
    find,
    heads,
    journal,
    operations_routes,
    overview,
    packets,
    registry_routes,
    signin,
)
from lienthong.hub.http.console.access import EVERYONE, STAFF, Route, guarded
from lienthong.hub.http.console.frame import Nav
from lienthong.hub.operators import Role

ROUTES = (
    Route("console", "", overview.page, EVERYONE, nav=Nav(_("Tổng quan"), "chart")),
    Route("overview-live", "tong-quan/", overview.live, EVERYONE, asks_by_itself=True),
    *operations_routes.ROUTES,
    *registry_routes.ROUTES,
    Route("packets", "van-ban/", packets.listing, EVERYONE, nav=Nav(pgettext_lazy("nav", "Văn bản"), "letter")),
    Route("packet", "van-ban/<uuid:packet>/", packets.way, EVERYONE),
    Route("journal", "nhat-ky/", journal.page, STAFF, nav=Nav(pgettext_lazy("nav", "Nhật ký"), "history")),
    Route("journal-export", "nhat-ky/xuat/", journal.export, frozenset({Role.AUDITOR}), method="POST"),
    Route("journal-heads", "nhat-ky/niem-phong/", heads.page, STAFF),
    Route("find", "tim/", find.find, EVERYONE),
    Route("password", "mat-khau/", signin.password, EVERYONE),
    Route("password-set", "mat-khau/doi/", signin.set_password, EVERYONE, method="POST"),
    Route("signout", "dang-xuat/", signin.sign_out, EVERYONE, method="POST"),
)

urlpatterns: list[URLPattern] = [
    *[path(route.place, guarded(route), name=f"hub-{route.name}") for route in ROUTES],
    # Before anyone has signed in:
    path("dang-nhap/", signin.sign_in, name="hub-signin"),
    path("ngon-ngu/", require_POST(set_language), name="hub-language"),
]
