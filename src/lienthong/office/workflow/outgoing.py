"""The moves of an outgoing document (Decree 30/2020, Articles 10–19; Decision 28, Articles 8–9).

    draft ──► in review ──► approved ──► signed ──► numbered ──► sealed ──► issued ──► recalling ──► recalled
      ▲           │            │                                               │            └──► partly recalled
      ├───────────┴────────────┤  changed, or returned by the unit's head                      └──► recalling again
      └────── returned ◄───────┘  by the checker or the signer: through the head of the drafting unit (10.3); from
                                  signed by the clerk, who finds a fault before a number is given

    numbered, sealed ──► voided: the number was given and is never used; nothing follows

Whatever comes back to the drafter is checked anew.

Whose turn it is: draft, the drafter; in review, head and checker, then the signer; returned, the head of the drafting
unit; approved, the signer; signed, numbered and sealed, the clerk; issued, the recipients; recalling, the recipients.
"""

from lienthong.office.models import OutgoingDocument, OutgoingState
from lienthong.office.workflow.moves import move

S = OutgoingState

OUT_OF: dict[str, frozenset[str]] = {
    S.DRAFT: frozenset({S.DRAFT, S.IN_REVIEW, S.APPROVED, S.RETURNED}),
    S.RETURNED: frozenset({S.IN_REVIEW, S.APPROVED, S.SIGNED}),
    S.IN_REVIEW: frozenset({S.DRAFT}),
    S.APPROVED: frozenset({S.IN_REVIEW}),
    S.SIGNED: frozenset({S.APPROVED}),
    S.NUMBERED: frozenset({S.SIGNED}),
    S.SEALED: frozenset({S.NUMBERED}),
    S.ISSUED: frozenset({S.SEALED}),
    S.VOIDED: frozenset({S.NUMBERED, S.SEALED}),
    S.RECALLING: frozenset({S.ISSUED, S.RECALLING, S.PARTLY_RECALLED}),
    S.RECALLED: frozenset({S.RECALLING}),
    S.PARTLY_RECALLED: frozenset({S.RECALLING}),
}


def advance(document: OutgoingDocument, *, to: OutgoingState, **fields: object) -> None:
    """Move an outgoing document, with what is known of it from now on. Raises `IllegalMove`."""
    move(document, to=to, out_of=OUT_OF[to], **fields)


def hold(document: OutgoingDocument) -> None:
    """Keep a document until the transaction ends: whoever else acts on it waits, or is seen here. Before anything that
    hangs on it is touched, or two would wait for each other."""
    OutgoingDocument.objects.select_for_update(of=("self",)).get(pk=document.pk)


def look_again(document: OutgoingDocument) -> None:
    """Read a document as it stands now, together with whose it is."""
    document.refresh_from_db(from_queryset=OutgoingDocument.objects.select_related("organization"))
