"""The moves of a dossier, and of what is handed to the archive (Decree 30/2020, Articles 29–30).

    open ──► closed ──► submitted ──► archived
      ▲         │ ▲          │
      └─────────┘ └──────────┘  reopened with a reason; returned by the archive with a reason

Whose turn it is: open and closed, the keeper; submitted, the archive; archived, nobody.
"""

from lienthong.office.models import Dossier, DossierState, Submission, SubmissionState
from lienthong.office.workflow.moves import move

S = DossierState

OUT_OF: dict[str, frozenset[str]] = {
    S.CLOSED: frozenset({S.OPEN, S.SUBMITTED}),
    S.OPEN: frozenset({S.CLOSED}),
    S.SUBMITTED: frozenset({S.CLOSED}),
    S.ARCHIVED: frozenset({S.SUBMITTED}),
}
ANSWERS: dict[str, frozenset[str]] = {
    SubmissionState.TAKEN: frozenset({SubmissionState.SENT}),
    SubmissionState.RETURNED: frozenset({SubmissionState.SENT}),
}


def advance(dossier: Dossier, *, to: DossierState, **fields: object) -> None:
    """Move a dossier, with what is known of it from now on. Raises `IllegalMove`."""
    move(dossier, to=to, out_of=OUT_OF[to], **fields)


def answer(submission: Submission, *, to: SubmissionState, **fields: object) -> None:
    """The archive's answer to a submission, given once. Raises `IllegalMove`."""
    move(submission, to=to, out_of=ANSWERS[to], **fields)
