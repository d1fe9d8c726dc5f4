"""The feed of security events, for the credential of security monitoring (Article 16.2)."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from lienthong.hub import (
    security,
)
from lienthong.hub.http.described import LIMIT, LONGEST_WAIT, WAIT, described, query
from lienthong.hub.http.edge import (
    answer,
    monitored,
    seconds,
    whole,
)
from lienthong.hub.wakeup import Watch
from lienthong.protocol import support
from lienthong.protocol.problems import (
    BadRequest,
    Unauthenticated,
)


@described(
    query("after", "The cursor of the last event that you have; nothing for the beginning.", type="string"),
    LIMIT,
    WAIT,
    answers={200: support.SecurityEvents},
    problems=(BadRequest, Unauthenticated),
)
@monitored
def list_security_events(request: HttpRequest) -> HttpResponseBase:
    """What security monitoring wants to know of (Article 16.2), after a cursor."""
    after = request.GET.get("after", "")
    limit = whole(request, "limit", default=security.MOST, least=1, most=security.MOST)
    watch = Watch(seconds(request, "wait", LONGEST_WAIT))
    while True:
        page = security.feed(after, limit=limit)
        if page.events or not watch.again():
            return answer(page)
