"""The moves of a document that somebody is given to write (Decree 30/2020, Article 10.1).

    to do ──► done: what was begun from it is issued
      ├─────► dropped: the giver ends it, with a reason
      └─────► returned: whoever has it gives it back, before anything is begun, with a reason
                 ├─► to do: the giver gives it to somebody else
                 └─► dropped

While it is to do: the head of the unit names who writes it, that person begins it, or gives it back to the head; the
giver gives it to somebody else before it is begun. When the number of what was begun is void, it is to be begun again.
"""

from collections.abc import Iterable

from lienthong.office.errors import IllegalMove
from lienthong.office.models import DraftingState, DraftingTask, OutgoingDocument
from lienthong.office.workflow.moves import move

S = DraftingState

OUT_OF: dict[str, frozenset[str]] = {
    S.TO_DO: frozenset({S.TO_DO, S.RETURNED}),
    S.DONE: frozenset({S.TO_DO}),
    S.RETURNED: frozenset({S.TO_DO}),
    S.DROPPED: frozenset({S.TO_DO, S.RETURNED}),
}


def end(task: DraftingTask, *, to: DraftingState, **fields: object) -> None:
    """It is done, or dropped. Raises `IllegalMove`."""
    move(task, to=to, out_of=OUT_OF[to], **fields)


def change(task: DraftingTask, **fields: object) -> None:
    """Something changes of what nobody has begun: who has it, its end, or that it is begun. Raises `IllegalMove` for
    what was begun or ended meanwhile, or went to somebody else."""
    _guarded(task, [S.TO_DO], **fields)


def give_anew(task: DraftingTask, **fields: object) -> None:
    """Others have it from now on. Raises `IllegalMove` for what was begun or dropped, or went to somebody else."""
    _guarded(task, OUT_OF[S.TO_DO], state=S.TO_DO, ended_at=None, note="", reminded="", urged_at=None, **fields)


def reopen(task: DraftingTask, **fields: object) -> None:
    """Nothing comes of the document that was begun from it: another is to be begun."""
    move(task, to=S.TO_DO, out_of=[S.TO_DO], document=None, reminded="", urged_at=None, **fields)


def _guarded(task: DraftingTask, out_of: Iterable[str], **fields: object) -> None:
    waiting = DraftingTask.objects.filter(pk=task.pk, state__in=list(out_of), document=None, unit=task.unit_id)
    with_whom = waiting.filter(person=task.person) if task.person else waiting.filter(person__isnull=True)
    if not with_whom.update(**fields):
        task.refresh_from_db()
        stands = task.document if task.document and task.state == S.TO_DO else task
        raise IllegalMove(state=stands.get_state_display())
    task.refresh_from_db()


def of_document(document: OutgoingDocument) -> DraftingTask | None:
    """The open task from which a document was begun, held: who drops it meanwhile waits. It is read by itself: together
    with people, one that was handed over while we waited would not be found."""
    return DraftingTask.objects.select_for_update().filter(document=document, state=S.TO_DO).first()
