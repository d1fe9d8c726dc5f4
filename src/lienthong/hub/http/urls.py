"""Routes of the hub: the native API, the door of existing client software, and the console."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from lienthong.hub.http import native, problem_pages, sandbox, vxp

urlpatterns: list[URLPattern | URLResolver] = [
    *[path(f"api/v1/{place}", view, name=f"api:{place}") for place, view in native.ROUTES.items()],
    path("problems/", problem_pages.show_all, name="problems"),
    path("problems/<str:code>", problem_pages.show, name="problem"),
    path("thu-nghiem/", sandbox.register_page, name="sandbox"),
    path("console/", include("lienthong.hub.http.console.routes")),
    *[path(place, vxp.operation(act), name=f"vxp:{place}") for place, act in vxp.ROUTES.items()],
    path("", RedirectView.as_view(pattern_name="hub-console"), name="first"),
]
