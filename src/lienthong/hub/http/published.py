"""What the hub tells everybody, without a token: its clock, its keys, what it speaks, the published list of codes."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from lienthong.evidence.proving import PublishedKey
from lienthong.hub import (
    hubkeys,
    lookup,
    maintenance,
    memberkeys,
)
from lienthong.hub.http.described import described, header, query
from lienthong.hub.http.edge import (
    answer,
    kept,
    now,
)
from lienthong.protocol import messages
from lienthong.protocol.problems import (
    BadRequest,
    UnknownKey,
)
from lienthong.standards.versions import VERSIONS

KEY_SECONDS = 60
"""For how long a published key may be relied on: a revocation is known everywhere after this."""


@described(answers={200: messages.Clock})
def show_time(_request: HttpRequest) -> HttpResponseBase:
    """The hub's clock."""
    return answer(messages.Clock(now()))


@described(answers={200: messages.KeySet})
def show_keys(_request: HttpRequest) -> HttpResponseBase:
    """The keys with which the hub signs, and signed before (RFC 7517)."""
    return answer(messages.KeySet(tuple(hubkeys.published(now()))))


@described(
    header("If-None-Match", "The `ETag` that you have: 304 while nothing has changed."),
    answers={200: PublishedKey, 304: None},
    headers={"ETag": "Of what is said of the key.", "Cache-Control": "For how long it may be relied on."},
    problems=(UnknownKey,),
)
def show_key(request: HttpRequest, kid: str) -> HttpResponseBase:
    """A key with which a connected system, or the hub, signs statements or signed them: whose it is, and from when
    until when what it signed is proof.

    Nobody needs a token: who holds a statement has read the key's id in it. Keys are never listed.
    """
    found = memberkeys.find(kid, now())
    if found is None:
        raise UnknownKey()
    return kept(request, answer(found), seconds=KEY_SECONDS)


@described(answers={200: messages.Hub})
def show_hub(_request: HttpRequest) -> HttpResponseBase:
    """Who this hub is and what it speaks."""
    told = settings.LIENTHONG
    return answer(
        messages.Hub(
            id=told.hub_id,
            name=told.hub_name,
            api=("v1",),
            packet=("http://www.mic.gov.vn/TBT/QCVN_102_2016",),
            max_packet_bytes=told.max_packet_bytes,
            maintenance=maintenance.told(),
        )
    )


@described(answers={200: messages.Standards})
def show_standards(_request: HttpRequest) -> HttpResponseBase:
    """Versions of the packet format and of the rules for codes and identifiers."""
    return answer(messages.Standards(tuple(VERSIONS)))


@described(
    query("after", "The `cursor` of the page before, or of your copy; nothing for the beginning.", type="string"),
    header("If-None-Match", "The `ETag` that you have: 304 while nothing has changed."),
    answers={200: messages.PublishedCodes, 304: None},
    headers={"ETag": "Of the page.", "Cache-Control": "For how long it may be relied on."},
    problems=(BadRequest,),
)
def list_codes(request: HttpRequest) -> HttpResponseBase:
    """The published list of agencies and their codes (Article 16.1), and what changed in it since: for everybody."""
    page = lookup.changed_since(request.GET.get("after", ""))
    codes = tuple(
        messages.PublishedCode(one.code, one.name, one.aliases, one.parent, one.open, one.successor, one.ended_at)
        for one in page.agencies
    )
    return kept(request, answer(messages.PublishedCodes(codes, page.cursor, page.more)), seconds=KEY_SECONDS)
