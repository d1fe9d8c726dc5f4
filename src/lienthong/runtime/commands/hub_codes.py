"""`lienthong hub agency rename|move|merge|split|close|changes|undo`: what becomes of agencies and their codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from lienthong.runtime.settings import Service

if TYPE_CHECKING:
    from lienthong.hub.codes import Plan
    from lienthong.hub.models import CodeChange

T = TypeVar("T")
Data = Annotated[Path, typer.Option("--data", help="folder of the service")]
Codes = Annotated[list[str], typer.Argument(help="codes that change")]
Code = Annotated[str, typer.Argument(help="code that changes")]
On = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="effective date, as the decision says")]
Decision = Annotated[str, typer.Option(help="number and notation of the decision")]
OnlyPreview = Annotated[bool, typer.Option("--preview", help="say what would happen, and file nothing")]
Forward = Annotated[bool, typer.Option("--with-units", help="codes of the units below forward too")]
AsJson = Annotated[bool, typer.Option("--json", help="machine-readable output")]


def rename(code: Code, name: Annotated[str, typer.Option()], on: On, decision: Decision, data: Data,
           preview: OnlyPreview = False) -> None:  # fmt: skip
    """Give an agency another name from a date on."""
    _carry_out("rename", (code,), on, decision, data, preview, name=name)


def move(
    codes: Codes, on: On, decision: Decision, data: Data,
    to: Annotated[str, typer.Option(help="new agency above; none for the first level")] = "",
    preview: OnlyPreview = False,
) -> None:  # fmt: skip
    """Put agencies below another one from a date on; their own units stay below them."""
    _carry_out("move", tuple(codes), on, decision, data, preview, into=(to,) if to else ())


def merge(
    codes: Codes, into: Annotated[str, typer.Option(help="successor")], on: On, decision: Decision, data: Data,
    with_units: Forward = False, preview: OnlyPreview = False,
) -> None:  # fmt: skip
    """Merge agencies: their codes forward to the successor, which acts for them from then on."""
    _carry_out("merge", tuple(codes), on, decision, data, preview, into=(into,), forward=with_units)


def split(
    code: Code,
    into: Annotated[list[str], typer.Option(help="successors; the first takes over what is under way")],
    on: On, decision: Decision, data: Data, preview: OnlyPreview = False,
) -> None:  # fmt: skip
    """Split an agency: its code refuses and names the first successor, which takes over what was begun."""
    _carry_out("split", (code,), on, decision, data, preview, into=tuple(into))


def close(codes: Codes, on: On, decision: Decision, data: Data, preview: OnlyPreview = False) -> None:
    """Close agencies without a successor."""
    _carry_out("close", tuple(codes), on, decision, data, preview)


def changes(
    data: Data, code: Annotated[str, typer.Option(help="only changes of this code")] = "", as_json: AsJson = False
) -> None:
    """List the changes of codes, the newest filed last."""

    def act() -> list[dict[str, Any]]:
        from lienthong.hub.models import CodeChange

        rows = [_facts(change) for change in CodeChange.objects.order_by("id")]
        return [row for row in rows if not code or code in {*row["codes"], *row["into"]}]

    rows = in_hub(data, act)
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        into = f" → {', '.join(row['into'])}" if row["into"] else ""
        typer.echo(
            f"{row['id']:>4}  {row['on']}  {row['words']}: {', '.join(row['codes'])}{into} {row['name']}"
            f"  [{row['state_words']}]  {row['decision']}"
        )


def undo(number: Annotated[int, typer.Argument(help="number of the change")], data: Data) -> None:
    """Strike out a change before its date."""

    def act() -> CodeChange:
        from lienthong.hub import codes

        return codes.undo(number, at=datetime.now(UTC))

    typer.echo(f"{in_hub(data, act).pk}: đã hủy, mã giữ nguyên. / Undone, the codes stay as they are.")


def _carry_out(
    kind: str, codes: tuple[str, ...], on: datetime, decision: str, data: Path, preview: bool, *,
    into: tuple[str, ...] = (), name: str = "", forward: bool = False,
) -> None:  # fmt: skip
    """Say what a change does, and file it unless only that was asked."""

    def act() -> str:
        from lienthong.hub import codes as book

        units = book.Units.FORWARD if forward else book.Units.MOVE
        plan = book.Plan(book.Kind(kind), codes, on.date(), decision, into, name, units)
        said = _preview(plan)
        if preview:
            return said
        change = book.file(plan, at=datetime.now(UTC))
        return f"{said}\nThay đổi số {change.pk}: {book.State(change.state).label} ({change.effective_on:%d/%m/%Y})."

    typer.echo(in_hub(data, act))


def _preview(plan: Plan) -> str:
    from lienthong.hub import codes as book

    seen = book.preview(plan)
    lines = [f"{plan.kind.label}: {', '.join(plan.codes)} từ {plan.effective_on:%d/%m/%Y}"]
    if seen.forwarding:
        lines.append(f"{len(seen.forwarding)} mã chuyển tiếp đến {plan.into[0]}")
    if seen.moved:
        lines.append(f"{len(seen.moved)} đơn vị chuyển cơ quan cấp trên")
    if plan.ending:
        lines.append(f"{seen.on_the_way} gói tin đang trên đường")
    if seen.unconnected:
        lines.append(f"chưa kết nối Trục, văn bản phải gửi giấy: {', '.join(seen.unconnected)}")
    return "; ".join(lines)


def _facts(change: CodeChange) -> dict[str, Any]:
    return {
        "id": change.pk, "kind": change.kind, "words": change.get_kind_display(), "codes": change.codes,
        "into": change.into, "name": change.name, "units": change.units, "on": change.effective_on.isoformat(),
        "decision": change.decision, "state": change.state, "state_words": change.get_state_display(),
        "filed_at": change.filed_at.isoformat(), "filed_by": change.filed_by,
    }  # fmt: skip


def in_hub(data: Path, act: Callable[[], T]) -> T:
    """Do something with the hub's directory; what the registry refuses is said without a trace."""
    from lienthong.runtime.commands import service

    with service.ready_database(Service.HUB, data):
        from lienthong.hub.refusals import RegistryRefused, TableRefused
        from lienthong.protocol.problems import Problem

        try:
            return act()
        except Problem as problem:
            typer.echo(f"{problem.detail} {problem.next_vi}\n{problem.detail_en} {problem.next_en}", err=True)
            raise typer.Exit(2) from None
        except (RegistryRefused, TableRefused) as refused:
            typer.echo(f"{refused.vi}\n{refused.en}", err=True)
            raise typer.Exit(2) from None


def add_to(app: typer.Typer) -> None:
    """Give a group of commands those of this module."""
    for command in (rename, move, merge, split, close, changes, undo):
        app.command()(command)
