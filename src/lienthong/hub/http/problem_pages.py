"""A page for each refusal, where the `type` of an answer leads (RFC 9457, section 3.1.1): for whoever reads a log."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from lienthong.hub.http import catalogue, native
from lienthong.protocol.messages import ProblemKind


def show_all(request: HttpRequest) -> HttpResponseBase:
    """The catalogue."""
    return render(
        request, "hub/problems/all.html", {"kinds": catalogue.kinds(native.DESCRIBED, settings.LIENTHONG.address)}
    )


def show(request: HttpRequest, code: str) -> HttpResponseBase:
    """One refusal; 404 with the catalogue for one that there is not."""
    kinds = _kinds()
    found = next((kind for kind in kinds if kind.code == code), None)
    if found is None:
        return render(request, "hub/problems/all.html", {"kinds": kinds, "missing": True}, status=404)
    return render(request, "hub/problems/one.html", {"kind": found})


def _kinds() -> list[ProblemKind]:
    return catalogue.kinds(native.DESCRIBED, settings.LIENTHONG.address)
