"""The moves of a document that somebody is given to write (Decree 30/2020, Article 10.1).

    to do ──► done: what was begun from it is issued
      ├─────► returned: whoever has it gives it back, before anything is begun, with a reason
      └─────► dropped: the giver ends it, with a reason

While it is to do: the head of the unit names who writes it, that person begins it once, or gives it back to the head.
"""

from lienthong.office.errors import IllegalMove
from lienthong.office.models import DraftingState, DraftingTask, OutgoingDocument
from lienthong.office.workflow.moves import move


def end(task: DraftingTask, *, to: DraftingState, **fields: object) -> None:
    """It is done, or dropped. Raises `IllegalMove`."""
    move(task, to=to, out_of=[DraftingState.TO_DO], **fields)


def change(task: DraftingTask, **fields: object) -> None:
    """Something changes of what nobody has begun: who has it, its end, or that it is begun. Raises `IllegalMove` for
    what was begun or ended meanwhile, or went to somebody else."""
    waiting = DraftingTask.objects.filter(pk=task.pk, state=DraftingState.TO_DO, document=None)
    with_whom = waiting.filter(person=task.person) if task.person else waiting.filter(person__isnull=True)
    if not with_whom.update(**fields):
        task.refresh_from_db()
        stands = task.document if task.document and task.state == DraftingState.TO_DO else task
        raise IllegalMove(state=stands.get_state_display())
    task.refresh_from_db()


def of_document(document: OutgoingDocument) -> DraftingTask | None:
    """The open task from which a document was begun."""
    open_tasks = DraftingTask.objects.filter(document=document, state=DraftingState.TO_DO)
    return open_tasks.select_related("given_by", "organization").first()
