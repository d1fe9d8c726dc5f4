"""Niêm phong: what the hub signed of its journal, and that the journal is unchanged since any day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from lienthong.evidence import heads as signed_heads
from lienthong.evidence.merkle import is_consistent
from lienthong.evidence.proving import key_id
from lienthong.evidence.receipts import InvalidStatement, KeyRing
from lienthong.hub import hubkeys, journaltree
from lienthong.hub.http.console.access import show
from lienthong.hub.http.console.asked import as_number, day, typed
from lienthong.hub.http.console.journal import tabs
from lienthong.hub.models import TreeHead
from lienthong.hub.operators import Officer

PAGE = 50


def page(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    """The heads, newest first, each checked against the hub's keys; and the proof since the day that is asked for."""
    below = request.GET.get("tu", "")
    found = journaltree.heads(below=as_number(below, digits=18), most=PAGE + 1)
    keys = KeyRing(hubkeys.published(datetime.now(UTC)))
    newest, since = journaltree.latest(), typed(request.GET.get("since", ""))
    context = {
        "newest": newest and _line(newest, None, keys),
        "rows": [_line(head, older, keys) for head, older in zip(found[:PAGE], [*found[1:], None], strict=False)],
        "since": since, "unchanged": _unchanged(newest, since), "tabs": tabs("heads", {}),
        "next": f"?tu={found[PAGE - 1].size}" if len(found) > PAGE else "", "address": settings.LIENTHONG.address,
        "beyond": bool(below),
    }  # fmt: skip
    return show(request, officer, "heads.html", context, live=True)


def _line(head: TreeHead, older: TreeHead | None, keys: KeyRing) -> dict[str, Any]:
    try:
        said = signed_heads.read(head.signed, keys)
        holds = (said.size, said.root) == (head.size, head.root)
    except InvalidStatement:
        holds = False
    return {"head": head, "more": head.size - older.size if older else None, "kid": key_id(head.signed), "holds": holds}


def _unchanged(newest: TreeHead | None, since: str) -> dict[str, Any] | None:
    """Whether the journal still begins with all that was in it at the end of a day; None where nothing is asked for."""
    wanted = day(since)
    if wanted is None or newest is None:
        return None
    old = journaltree.of_day(wanted + timedelta(days=1))
    if old is None:
        return {"old": None}
    try:
        proof = journaltree.consistency(old.size, newest.size)
    except journaltree.HashesMissing:
        proof = []
    continued = is_consistent(old.size, bytes.fromhex(old.root), newest.size, bytes.fromhex(newest.root), proof)
    holds = continued and journaltree.fits(old) and journaltree.fits(newest)
    return {"old": old, "new": newest.size, "holds": holds, "hashes": len(proof)}
