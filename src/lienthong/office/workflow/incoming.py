"""The moves of an incoming document (Decree 30/2020, Articles 21–24; Decision 28, Articles 5.4, 9).

    arrived ──► accepted ──► assigned ──► in process ──► finished
       │ ▲          │  ▲          │            │
       │ └──────────┘  └──────────┴────────────┘  the lead hands it back: it is not for them (Decree 30, 23.2)
       │   undone within minutes, before it is presented
       └► refused
    any of them ──► cancelled, when a recall is obeyed
    any but cancelled ──► set aside: another version of the same document is worked on

Whose turn it is: arrived, the clerk; accepted, the clerk until it is presented, then the leader; assigned, the unit; in
process, the person; the others, nobody.
"""

from lienthong.office.errors import IllegalMove
from lienthong.office.models import IncomingDocument, IncomingState
from lienthong.office.workflow.moves import move

S = IncomingState

OUT_OF: dict[str, frozenset[str]] = {
    S.ARRIVED: frozenset({S.ACCEPTED}),
    S.ACCEPTED: frozenset({S.ARRIVED, S.ASSIGNED, S.IN_PROCESS}),
    S.REFUSED: frozenset({S.ARRIVED}),
    # A later instruction of the leader may assign anew while the work goes on.
    S.ASSIGNED: frozenset({S.ACCEPTED, S.ASSIGNED, S.IN_PROCESS}),
    S.IN_PROCESS: frozenset({S.ASSIGNED}),
    # What needs no work is finished from acceptance on; never without acceptance (R-9.2-1).
    S.FINISHED: frozenset({S.ACCEPTED, S.ASSIGNED, S.IN_PROCESS}),
    # What was returned, or is kept as another version, holds the content all the same: a recall reaches it.
    S.CANCELLED: frozenset({S.ARRIVED, S.REFUSED, S.ACCEPTED, S.ASSIGNED, S.IN_PROCESS, S.FINISHED, S.SET_ASIDE}),
    S.SET_ASIDE: frozenset({S.ARRIVED, S.REFUSED, S.ACCEPTED, S.ASSIGNED, S.IN_PROCESS, S.FINISHED}),
}


def advance(document: IncomingDocument, *, to: IncomingState, **fields: object) -> None:
    """Move an incoming document, with what is known of it from now on. Raises `IllegalMove`."""
    move(document, to=to, out_of=OUT_OF[to], **fields)


def hold(*documents: IncomingDocument) -> None:
    """Keep documents until the transaction ends: whoever else acts on them waits, or is seen here. Before anything that
    hangs on them is touched, or two would wait for each other."""
    held = IncomingDocument.objects.select_for_update(of=("self",)).filter(pk__in=[one.pk for one in documents])
    list(held.order_by("pk"))


def accept(document: IncomingDocument, **fields: object) -> None:
    """Accept what arrived, and nothing else: the lead's way back to "accepted" is another one. Raises `IllegalMove`."""
    move(document, to=S.ACCEPTED, out_of={S.ARRIVED}, **fields)


def hand_straight(document: IncomingDocument) -> None:
    """From acceptance to the unit that the regulation names, and from nowhere else. Raises `IllegalMove`."""
    move(document, to=S.ASSIGNED, out_of={S.ACCEPTED})


def hand_back(document: IncomingDocument) -> None:
    """The lead hands an assigned document back to the leader. Raises `IllegalMove`."""
    move(document, to=S.ACCEPTED, out_of=OUT_OF[S.ACCEPTED] - {S.ARRIVED})


def begin(document: IncomingDocument) -> bool:
    """Start the work on an assigned document; False when it was begun before. Raises `IllegalMove` from elsewhere."""
    try:
        advance(document, to=IncomingState.IN_PROCESS)
    except IllegalMove:
        if document.state == IncomingState.IN_PROCESS:
            return False
        raise
    return True
