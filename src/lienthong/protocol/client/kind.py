"""A training office speaks to a test hub alone, an office of real documents to a real one (requirement R-19.4-1).

A test hub says in every answer that it is one. Before anything is sent to a hub it is asked what it is, by a request
that carries nothing; and every answer is looked at, so that another hub behind the same address is found out.
"""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic

from lienthong.protocol.messages import Header
from lienthong.protocol.problem import WrongKindOfHub

ASKED_EVERY = 60.0
"""Seconds for which a hub is believed to be what it said it is."""
_WORDS = {
    True: ("là Trục thử nghiệm", "is a test hub"),
    False: ("không nói là Trục thử nghiệm", "does not say that it is a test hub"),
}
_OWN = {True: ("ở chế độ đào tạo", "is in training mode"), False: ("dùng cho văn bản thật", "is for real documents")}


class OwnKind:
    """What a client knows of the hub behind its address: whether it is of the client's own kind.

    Args:
        training: True for a client in training, which speaks to test hubs alone; False for one of real documents.
        hub: name of the hub's machine, for who reads of a wrong one.
    """

    def __init__(self, *, training: bool, hub: str) -> None:
        self._training = training
        self._hub = hub
        self._believed_until = 0.0
        self.headers = {Header.SANDBOX: "true"} if training else {}
        """What the client says of itself in every request."""

    @property
    def is_known(self) -> bool:
        """Whether the hub said so a short while ago."""
        return monotonic() < self._believed_until

    def believe(self) -> None:
        """It has just said so."""
        self._believed_until = monotonic() + ASKED_EVERY

    def look_at(self, status: int, headers: Mapping[str, str]) -> None:
        """Look at an answer. Raises `WrongKindOfHub`."""
        if status >= 500:  # of a proxy, perhaps: it says nothing of the hub
            return
        found = headers.get(Header.SANDBOX) == "true"
        if found is not self._training:
            self._believed_until = 0.0
            (is_vi, is_en), (own_vi, own_en) = _WORDS[found], _OWN[self._training]
            raise WrongKindOfHub(hub=self._hub, is_vi=is_vi, is_en=is_en, own_vi=own_vi, own_en=own_en)
