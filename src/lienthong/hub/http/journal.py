"""The proof of the journal, for everybody: `/api/v1/journal/…`. Roots and hashes alone: they tell of no event."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from lienthong.hub import journaltree
from lienthong.hub.http.described import LIMIT, described, query
from lienthong.hub.http.edge import answer, route, whole
from lienthong.protocol import messages_journal
from lienthong.protocol.problems import BadRequest

MOST_HEADS = 200


@described(
    query("before", "`size` of the last head of the page before; nothing for the newest.", type="integer", minimum=0),
    LIMIT,
    answers={200: messages_journal.TreeHeads},
    problems=(BadRequest,),
)
def list_heads(request: HttpRequest) -> HttpResponseBase:
    """What the hub signed of its journal: how many events there are, and the root over them, the newest first.

    Keep one: by it you can prove for ever that no event of before was changed, removed or put in between.
    """
    below = whole(request, "before", default=0) if "before" in request.GET else None
    limit = whole(request, "limit", default=20, least=1, most=MOST_HEADS)
    found = journaltree.heads(below=below, most=limit)
    return answer(
        messages_journal.TreeHeads(
            tuple(messages_journal.TreeHead(one.size, one.root, one.at, one.signed) for one in found)
        )
    )


@described(
    query("old", "Size of the head that you kept.", type="integer", minimum=1),
    query("new", "Size of a newer head; the newest where it is left out.", type="integer", minimum=1),
    answers={200: messages_journal.Consistency},
    problems=(BadRequest,),
)
def show_consistency(request: HttpRequest) -> HttpResponseBase:
    """The proof that the journal of a head begins with all of an older one, unchanged (RFC 9162, 2.1.4)."""
    head = journaltree.latest()
    size = head.size if head else 0
    old = whole(request, "old", default=0, least=1)
    new = whole(request, "new", default=size, least=1) if size else 0
    if not old <= new <= size:
        raise BadRequest(reason=f"old và new là số mục của mã niêm phong, old không quá new, new không quá {size}")
    proof = tuple(each.hex() for each in journaltree.consistency(old, new))
    return answer(messages_journal.Consistency(old, new, proof))


DESCRIBED = {
    "journal/heads": route(get=list_heads),
    "journal/consistency": route(get=show_consistency),
}
