"""`lienthong hub agency readiness|figures`, `lienthong hub system declare|level|pilot|standing`: who takes part how."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from lienthong.runtime.commands.hub_codes import AsJson, Code, Data, in_hub

if TYPE_CHECKING:
    from lienthong.hub.figures import Figures

System = Annotated[str, typer.Argument(help="code of the system")]
DAY = ["%Y-%m-%d"]
EPOCH = datetime(2018, 9, 6)  # noqa: DTZ001 - Decision 28 is in force since; the day counts, in Vietnam


def readiness(
    code: Code, data: Data,
    infrastructure: Annotated[bool, typer.Option(help="its infrastructure was found ready")] = False,
    technology: Annotated[bool, typer.Option(help="its technology was found ready")] = False,
    security: Annotated[bool, typer.Option(help="its information security was found ready")] = False,
    note: Annotated[str, typer.Option(help="what the check rests on")] = "",
) -> None:  # fmt: skip
    """Note the result of the check of an organisation outside Article 2.1 (Article 2.2)."""

    def act() -> None:
        from lienthong.hub import participants

        participants.note_readiness(
            code, infrastructure=infrastructure, technology=technology, security=security, note=note,
            at=datetime.now(UTC),
        )  # fmt: skip

    in_hub(data, act)
    typer.echo(f"{code}: {'đủ' if infrastructure and technology and security else 'chưa đủ'} điều kiện tham gia")


def figures(
    code: Code, data: Data,
    since: Annotated[datetime, typer.Option(formats=DAY, help="first day")] = EPOCH,
    until: Annotated[datetime | None, typer.Option(formats=DAY, help="last day; today unless told")] = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Documents sent and received by an agency and all merged into it; pilots apart."""

    def act() -> Figures:
        from lienthong.hub.agencies import directory
        from lienthong.hub.figures import of_agency
        from lienthong.standards.times import VIETNAM

        last = (until or datetime.now(VIETNAM)).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=VIETNAM)
        return of_agency(code, directory(), since=since.replace(tzinfo=VIETNAM), until=last + timedelta(days=1))

    found = in_hub(data, act)
    if as_json:
        typer.echo(json.dumps(asdict(found)))
        return
    typer.echo(f"{', '.join(found.agencies)}: gửi {found.sent}, nhận {found.received}")
    typer.echo(f"thí điểm: gửi {found.pilot_sent}, nhận {found.pilot_received}")


def declare(
    code: System, data: Data,
    product: Annotated[str, typer.Option()], version: Annotated[str, typer.Option()],
    owner: Annotated[str, typer.Option()], number: Annotated[str, typer.Option(help="of the declaration")],
    valid_from: Annotated[datetime, typer.Option(formats=DAY)],
    valid_to: Annotated[datetime, typer.Option(formats=DAY, help="last day")],
) -> None:  # fmt: skip
    """Register a system's declaration of conformity (Article 16.1)."""

    def act() -> None:
        from lienthong.hub import participants

        participants.declare(
            code, product=product, version=version, owner=owner, number=number, valid_from=valid_from.date(),
            valid_to=valid_to.date(), at=datetime.now(UTC),
        )  # fmt: skip

    in_hub(data, act)
    typer.echo(f"{code}: {number}, {valid_from:%d/%m/%Y}–{valid_to:%d/%m/%Y}")


def level(
    code: System, data: Data, level: Annotated[int, typer.Option(help="1 to 5")],
    decision: Annotated[str, typer.Option(help="that approved it")],
) -> None:  # fmt: skip
    """Keep a system's approved security level (Article 13.1)."""

    def act() -> None:
        from lienthong.hub import participants

        participants.set_level(code, level=level, decision=decision, at=datetime.now(UTC))

    in_hub(data, act)
    typer.echo(f"{code}: cấp độ {level} ({decision})")


def pilot(
    code: System, data: Data, off: Annotated[bool, typer.Option("--off", help="takes part for good")] = False
) -> None:
    """Let a system take part as a pilot: its exchange is counted apart (Article 21.1)."""

    def act() -> None:
        from lienthong.hub import participants

        participants.set_pilot(code, not off, at=datetime.now(UTC))

    in_hub(data, act)
    typer.echo(f"{code}: {'chính thức' if off else 'thí điểm'}")


def standing(data: Data, as_json: AsJson = False) -> None:
    """List the systems: pilot, security level, and what is missing."""

    def act() -> list[dict[str, object]]:
        from lienthong.hub import participants

        return participants.overview(datetime.now(UTC))

    rows = in_hub(data, act)
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        state = "thí điểm" if row["pilot"] else "chính thức"
        typer.echo(f"{row['code']:36}{state:12}cấp độ {row['security_level'] or '–'}  {'; '.join(row['missing'])}")  # type: ignore[arg-type]


def add_to(agencies: typer.Typer, systems: typer.Typer) -> None:
    """Give the two groups of commands those of this module."""
    ours: tuple[tuple[typer.Typer, Callable[..., None]], ...] = (
        (agencies, readiness), (agencies, figures), (systems, declare), (systems, level), (systems, pilot),
        (systems, standing),
    )  # fmt: skip
    for group, command in ours:
        group.command()(command)
