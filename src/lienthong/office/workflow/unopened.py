"""The moves of an envelope that is handed on unopened (Decree 30/2020, Article 21.1b).

    handed ──► taken ──► brought back ──► registered
      └──► voided: the line was a mistake, and nobody has signed for it

The receiver signs for it, and brings back what concerns the common work; the clerk hands it on, voids and registers.
"""

from lienthong.office.models import EnvelopeState, UnopenedEnvelope
from lienthong.office.workflow.moves import move

S = EnvelopeState
BEFORE = {S.TAKEN: S.HANDED, S.VOIDED: S.HANDED, S.BROUGHT: S.TAKEN, S.REGISTERED: S.BROUGHT}
"""State → the one that it is reached from."""


def go(envelope: UnopenedEnvelope, to: EnvelopeState, **fields: object) -> None:
    """The envelope moves on. Raises `IllegalMove`: it is not the moment, or somebody was faster."""
    move(envelope, to=to, out_of=[BEFORE[to]], **fields)
