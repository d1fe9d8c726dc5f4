"""A training office speaks to a test hub alone, an office of real documents to a real one (requirement R-19.4-1).

A test hub says in every answer that it is one. Before anything is sent to a hub it is asked what it is, by a request
that carries nothing; and every answer is looked at, so that another hub behind the same address is found out.
"""

from __future__ import annotations

from time import monotonic

import httpx

from lienthong.protocol.messages import Header
from lienthong.protocol.problem import HubUnreachable, WrongKindOfHub

ASKED_EVERY = 60.0
"""Seconds for which a hub is believed to be what it said it is."""
_ASKING = "lienthong-asking"
_WORDS = {
    True: ("là Trục thử nghiệm", "is a test hub"),
    False: ("không nói là Trục thử nghiệm", "does not say that it is a test hub"),
}
_OWN = {True: ("ở chế độ đào tạo", "is in training mode"), False: ("dùng cho văn bản thật", "is for real documents")}


def keep_to_own_kind(http: httpx.Client, *, training: bool, harmless: str) -> None:
    """Let a client speak to hubs of one kind alone; a training client says what it is in every request.

    Args:
        harmless: path of a request that says nothing.

    The client then raises `WrongKindOfHub` before anything leaves it, and `HubUnreachable` where the hub has a fault
    when it is asked what it is.
    """
    believed_until = [0.0]
    if training:
        http.headers[Header.SANDBOX] = "true"

    def ask_first(request: httpx.Request) -> None:
        if request.extensions.get(_ASKING) or monotonic() < believed_until[0]:
            return
        answer = http.send(http.build_request("GET", harmless, extensions={_ASKING: True}))
        if answer.status_code >= 500:
            raise HubUnreachable(f"HTTP {answer.status_code}")
        believed_until[0] = monotonic() + ASKED_EVERY

    def look_at(answer: httpx.Response) -> None:
        if answer.status_code >= 500:  # of a proxy, perhaps: it says nothing of the hub
            return
        found = answer.headers.get(Header.SANDBOX) == "true"
        if found is not training:
            believed_until[0] = 0.0
            (is_vi, is_en), (own_vi, own_en) = _WORDS[found], _OWN[training]
            raise WrongKindOfHub(
                hub=answer.url.host, is_vi=is_vi, is_en=is_en, own_vi=own_vi, own_en=own_en
            )  # fmt: skip

    http.event_hooks = {"request": [ask_first], "response": [look_at]}
