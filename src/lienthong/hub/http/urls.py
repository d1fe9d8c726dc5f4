"""Routes of the hub: the native API, the door of existing client software, and the console."""

from django.urls import URLPattern, path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from lienthong.hub.http import console, native, problem_pages, vxp

urlpatterns: list[URLPattern] = [
    *[path(f"api/v1/{place}", view, name=f"api:{place}") for place, view in native.ROUTES.items()],
    path("problems/", problem_pages.show_all, name="problems"),
    path("problems/<str:code>", problem_pages.show, name="problem"),
    path("console/", console.deliveries, name="hub-console"),
    path("console/dang-nhap/", console.sign_in, name="hub-signin"),
    path("console/dang-xuat/", console.sign_out, name="hub-signout"),
    path("console/ngon-ngu/", require_POST(set_language), name="hub-language"),
    *[path(place, vxp.operation(act), name=f"vxp:{place}") for place, act in vxp.ROUTES.items()],
]
