"""How a state moves: one guarded UPDATE on the old state, whose loser learns that it lost."""

from collections.abc import Iterable

from django.db import models, transaction

from lienthong.office.errors import IllegalMove


def move(row: models.Model, *, to: str, out_of: Iterable[str], **fields: object) -> None:
    """Move `row` to the state `to` if it stands in one of `out_of`, and set `fields` with it.

    The caller's transaction holds the move together with its journal event. Two who try at once: one wins, the other
    gets the error, whatever each had read before.

    Raises:
        IllegalMove: the row stands elsewhere by now.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a state moves only inside a transaction")
    rows = type(row)._default_manager.filter(pk=row.pk, state__in=list(out_of))
    if not rows.update(state=to, **fields):
        row.refresh_from_db(fields=["state"])
        raise IllegalMove(state=row.get_state_display())  # type: ignore[attr-defined]
    for name, value in {"state": to, **fields}.items():
        setattr(row, name, value)
