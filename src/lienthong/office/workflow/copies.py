"""The moves of a copy (Decree 30/2020, Articles 15, 25).

    numbered ──► made
    numbered, made ──► voided: the number was given and its copy is not used

Whose turn it is: numbered, the clerk, who goes on with it or voids it; the others, nobody.
"""

from lienthong.office.models import Copy, CopyState
from lienthong.office.workflow.moves import move

S = CopyState

OUT_OF: dict[str, frozenset[str]] = {
    S.MADE: frozenset({S.NUMBERED}),
    S.VOIDED: frozenset({S.NUMBERED, S.MADE}),
}


def advance(copy: Copy, *, to: CopyState, **fields: object) -> None:
    """Move a copy, with what is known of it from now on. Raises `IllegalMove`."""
    move(copy, to=to, out_of=OUT_OF[to], **fields)
