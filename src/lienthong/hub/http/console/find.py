"""The search of the top bar: one field for whatever somebody has in hand; it leads to the page that knows."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from lienthong.hub.http.console.signin import typed
from lienthong.hub.operators import Officer


def find(request: HttpRequest, _officer: Officer) -> HttpResponseBase:
    """Lead to what was asked for."""
    wanted = typed(request.GET.get("q", ""))
    return redirect(f"{reverse('hub-packets')}?{urlencode({'q': wanted})}")
