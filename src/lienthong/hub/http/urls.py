"""Routes of the hub: the native API and the door of existing client software."""

from django.urls import URLPattern, path

from lienthong.hub.http import native, vxp

urlpatterns: list[URLPattern] = [
    *[path(f"api/v1/{place}", view, name=f"api:{place}") for place, view in native.ROUTES.items()],
    *[path(place, vxp.operation(act), name=f"vxp:{place}") for place, act in vxp.ROUTES.items()],
]
