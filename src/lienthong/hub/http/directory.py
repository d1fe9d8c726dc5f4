"""The directory, for connected systems: whole, as one types, and what changed in it."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from lienthong.hub import (
    agencies,
    lookup,
)
from lienthong.hub.agencies import Member
from lienthong.hub.http.described import LIMIT, described, query
from lienthong.hub.http.edge import (
    answer,
    authenticated,
    now,
    whole,
)
from lienthong.protocol import messages
from lienthong.protocol.problems import (
    BadRequest,
)

LONGEST_QUESTION = 200


@described(answers={200: messages.Agencies})
@authenticated
def list_agencies(_request: HttpRequest, _member: Member) -> HttpResponseBase:
    """The directory, with the seal certificates that it vouches for."""
    return answer(messages.Agencies(tuple(agencies.published(now()))))


@described(
    query("q", "What is typed.", type="string", minLength=1, maxLength=LONGEST_QUESTION),
    LIMIT,
    answers={200: messages.Agencies},
    problems=(BadRequest,),
)
@authenticated
def search_agencies(request: HttpRequest, _member: Member) -> HttpResponseBase:
    """Agencies as one types: by the beginnings of words, with diacritics or without."""
    text = request.GET.get("q", "")
    if not 0 < len(text) <= LONGEST_QUESTION or "\0" in text:
        raise BadRequest(reason=f"cần q, tối đa {LONGEST_QUESTION} ký tự")
    limit = whole(request, "limit", default=20, least=1, most=lookup.MOST_FOUND)
    return answer(messages.Agencies(tuple(agencies.views(lookup.search(text, limit=limit), now()))))


@described(
    query("after", "The `cursor` of the page before; nothing for the beginning.", type="string"),
    LIMIT,
    answers={200: messages.AgencyPage},
    problems=(BadRequest,),
)
@authenticated
def list_agency_changes(request: HttpRequest, _member: Member) -> HttpResponseBase:
    """The directory's changes since a cursor; from the beginning without one."""
    limit = whole(request, "limit", default=lookup.MOST_CHANGED, least=1, most=lookup.MOST_CHANGED)
    page = lookup.changed_since(request.GET.get("after", ""), limit=limit)
    return answer(messages.AgencyPage(tuple(agencies.views(page.agencies, now())), page.cursor, page.more))
