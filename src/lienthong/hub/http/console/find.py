"""The search of the top bar: one field for whatever somebody has in hand; it leads to the page that knows."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from lienthong.hub.agencies import directory
from lienthong.hub.http.console.asked import typed
from lienthong.hub.operators import Officer


def find(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    """Lead to the agency of a code in any spelling, to the system of a code, else to the documents, which know
    identifiers, numbers and the ids of packets and deliveries."""
    wanted = typed(request.GET.get("q", ""))
    agency = directory().find(wanted) or directory().find(wanted.upper())
    if agency is not None and officer.sees(agency.code):
        return redirect("hub-agency", code=agency.code)
    if officer.scope is None and wanted in directory().systems:
        return redirect("hub-system", code=wanted)
    return redirect(f"{reverse('hub-packets')}?{urlencode({'q': wanted})}")
