"""The moves of a dossier, and of what is handed to the archive (Decree 30/2020, Articles 29–30).

    open ──► closed ──► submitted ──► archived ──► historic
      ▲         │ ▲          │
      └─────────┘ └──────────┘  reopened with a reason; returned by the archive with a reason

Whose turn it is: open and closed, the keeper; submitted, the archive; archived, nobody; historic, nobody: another
archive has it.

A task of a dossier: to do ──► done, or dropped with a reason. Its person's turn, until it ends.
"""

from lienthong.office.errors import IllegalMove
from lienthong.office.models import Dossier, DossierState, DossierTask, Submission, SubmissionState, TaskState
from lienthong.office.workflow.moves import move

S = DossierState

OUT_OF: dict[str, frozenset[str]] = {
    S.CLOSED: frozenset({S.OPEN, S.SUBMITTED}),
    S.OPEN: frozenset({S.CLOSED}),
    S.SUBMITTED: frozenset({S.CLOSED}),
    S.ARCHIVED: frozenset({S.SUBMITTED}),
    S.HISTORIC: frozenset({S.ARCHIVED}),
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


def end_task(task: DossierTask, *, to: TaskState, **fields: object) -> None:
    """A task is done, or dropped. Raises `IllegalMove`."""
    move(task, to=to, out_of=[TaskState.TO_DO], **fields)


def keep_task(task: DossierTask, **fields: object) -> None:
    """Say something of a task that is still to be done. Raises `IllegalMove` for one that ended meanwhile."""
    if not DossierTask.objects.filter(pk=task.pk, state=TaskState.TO_DO).update(**fields):
        task.refresh_from_db(fields=["state"])
        raise IllegalMove(state=task.get_state_display())
