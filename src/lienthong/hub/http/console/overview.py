"""The console's first page."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from lienthong.hub.operators import Officer


def page(_request: HttpRequest, _officer: Officer) -> HttpResponseBase:
    """Lead to the documents."""
    return redirect("hub-packets")
