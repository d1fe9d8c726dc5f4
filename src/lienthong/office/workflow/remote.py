"""The moves of a request to sign from afar.

    asked ──► waiting ──► allowed ──► signed ──► done
      └───────────────────────┘

Every open one may be cancelled by who asked, lapse when its time is over, or fail. Whose turn it is: asked, the
service; waiting, the owner of the key, at the service; allowed and signed, the clock.
"""

from lienthong.office.models import OPEN_REMOTE, RemoteRequest, RemoteState
from lienthong.office.workflow.moves import move

S = RemoteState
OUT_OF: dict[str, frozenset[str]] = {
    S.WAITING: frozenset({S.ASKED}),
    S.ALLOWED: frozenset({S.ASKED, S.WAITING}),
    S.SIGNED: frozenset({S.ALLOWED}),
    S.DONE: frozenset({S.SIGNED}),
    S.CANCELLED: frozenset(OPEN_REMOTE),
    S.LAPSED: frozenset(OPEN_REMOTE),
    S.FAILED: frozenset(OPEN_REMOTE),
}


def advance(request: RemoteRequest, *, to: RemoteState, **fields: object) -> None:
    """Move a request, with what is known of it from now on. Raises `IllegalMove`."""
    move(request, to=to, out_of=OUT_OF[to], **fields)
