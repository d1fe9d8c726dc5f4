"""`lienthong hub notice …`, `… incident …`, `… ticket …`: what operators say to agencies."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from lienthong.runtime.commands.hub_operations import Data, Json, moment, ready, shown

Number = Annotated[int, typer.Argument(help="số / number")]
By = Annotated[str, typer.Option(help="người thực hiện / who does it")]
Title = Annotated[str, typer.Option(help="tiêu đề / title, in Vietnamese")]
Text = Annotated[str, typer.Option(help="nội dung / text, in Vietnamese")]
TitleEn = Annotated[str, typer.Option(help="tiêu đề tiếng Anh / title in English")]
TextEn = Annotated[str, typer.Option(help="nội dung tiếng Anh / text in English")]

notice_app = typer.Typer(no_args_is_help=True, help="Thông báo tới các cơ quan. / Notices to all agencies.")
incident_app = typer.Typer(no_args_is_help=True, help="Sự cố. / Incidents, as members are told of them.")
ticket_app = typer.Typer(no_args_is_help=True, help="Phiếu hỗ trợ. / Tickets of members.")


def add_to(hub_app: typer.Typer) -> None:
    """Add these commands to `lienthong hub`."""
    hub_app.add_typer(notice_app, name="notice")
    hub_app.add_typer(incident_app, name="incident")
    hub_app.add_typer(ticket_app, name="ticket")


@notice_app.command("publish")
def publish_notice(
    data: Data,
    title: Title,
    text: Text,
    by: By,
    kind: Annotated[str, typer.Option(help="maintenance, rules, other")] = "other",
    title_en: TitleEn = "",
    text_en: TextEn = "",
    starts: Annotated[str, typer.Option(help="bắt đầu, ISO 8601 / begins")] = "",
    ends: Annotated[str, typer.Option(help="kết thúc, sau đó không hiển thị / ends, then it is shown no more")] = "",
) -> None:
    """Thông báo tới mọi cơ quan. / Tell every agency."""
    with ready(data):
        from lienthong.hub import notices
        from lienthong.hub.models import Notice
        from lienthong.journal.record import Actor

        made = notices.publish(
            kind=Notice.Kind(kind), title=title, text=text, title_en=title_en, text_en=text_en,
            starts_at=moment(starts), ends_at=moment(ends), actor=Actor("person", by[:60], by), at=datetime.now(UTC),
        )  # fmt: skip
        typer.echo(f"{made.pk}: {made.title}")


@notice_app.command("withdraw")
def withdraw_notice(number: Number, data: Data, by: By) -> None:
    """Rút một thông báo. / Show a notice no more."""
    with ready(data):
        from lienthong.hub import notices
        from lienthong.journal.record import Actor

        notices.withdraw(number, actor=Actor("person", by[:60], by), at=datetime.now(UTC))
        typer.echo(f"{number}: đã rút / withdrawn")


@notice_app.command("list")
def list_notices(data: Data) -> None:
    """Thông báo đang hiển thị. / What is shown now."""
    with ready(data):
        from lienthong.hub import notices

        for one in notices.current(datetime.now(UTC)):
            typer.echo(f"{one.pk}  {one.kind}  {one.title}  đến / until {shown(one.ends_at)}")


@incident_app.command("open")
def open_incident(
    data: Data,
    title: Title,
    text: Text,
    by: By,
    impact: Annotated[str, typer.Option(help="minor, major, critical")] = "minor",
    title_en: TitleEn = "",
    text_en: TextEn = "",
) -> None:
    """Báo một sự cố cho các cơ quan. / Tell members of a disturbance."""
    with ready(data):
        from lienthong.hub import notices
        from lienthong.hub.models import Incident
        from lienthong.journal.record import Actor

        made = notices.open_incident(
            title=title, text=text, title_en=title_en, text_en=text_en, impact=Incident.Impact(impact),
            actor=Actor("person", by[:60], by), at=datetime.now(UTC),
        )  # fmt: skip
        typer.echo(f"{made.pk}: {made.title}")


@incident_app.command("update")
def update_incident(
    number: Number,
    data: Data,
    text: Text,
    by: By,
    state: Annotated[str, typer.Option(help="investigating, identified, monitoring, resolved")],
    text_en: TextEn = "",
) -> None:
    """Cập nhật; resolved là kết thúc. / Tell how it stands; resolved ends it."""
    with ready(data):
        from lienthong.hub import notices
        from lienthong.hub.models import Incident
        from lienthong.journal.record import Actor

        notices.update_incident(
            number, state=Incident.State(state), text=text, text_en=text_en, actor=Actor("person", by[:60], by),
            at=datetime.now(UTC),
        )  # fmt: skip
        typer.echo(f"{number}: {state}")


@ticket_app.command("list")
def list_tickets(data: Data, as_json: Json = False) -> None:
    """Phiếu chưa đóng. / Tickets that are not closed."""
    with ready(data):
        from lienthong.hub.models import Ticket

        for one in Ticket.objects.exclude(state=Ticket.State.CLOSED).order_by("number"):
            facts = {
                "number": one.number, "state": one.state, "system": one.system_id, "agency": one.agency_id,
                "subject": one.subject, "opened_at": shown(one.opened_at), "answered_at": shown(one.answered_at),
            }  # fmt: skip
            line = f"{one.number}  {one.get_state_display()}  {one.agency_id or one.system_id}  {one.subject}"
            typer.echo(json.dumps(facts, ensure_ascii=False) if as_json else line)


@ticket_app.command("answer")
def answer_ticket(
    number: Number,
    data: Data,
    by: By,
    text: Annotated[str, typer.Option(help="câu trả lời / the answer")] = "",
    state: Annotated[str, typer.Option(help="in_progress, waiting, solved, closed")] = "in_progress",
) -> None:
    """Trả lời, đổi trạng thái. / Answer a ticket, and say where it stands then."""
    with ready(data):
        from lienthong.hub import tickets
        from lienthong.hub.models import Ticket
        from lienthong.journal.record import Actor

        found = Ticket.objects.filter(number=number).first()
        if found is None:
            raise ValueError(f"không có phiếu số {number} / no such ticket")
        tickets.answer(
            found, text=text, to=Ticket.State(state), actor=Actor("person", by[:60], by), at=datetime.now(UTC)
        )  # fmt: skip
        typer.echo(f"{number}: {found.get_state_display()}")


@ticket_app.command("figures")
def ticket_figures(data: Data, days: Annotated[int, typer.Option(help="số ngày / days")] = 90) -> None:
    """Số phiếu, thời gian trả lời và giải quyết. / How tickets fared: median times of answer and solution."""
    with ready(data):
        from lienthong.hub import tickets

        now = datetime.now(UTC)
        told = tickets.figures(now - timedelta(days=days), now)
        typer.echo(f"phiếu / tickets: {told.opened}; chưa trả lời / unanswered: {told.unanswered}; chưa giải quyết / "
                   f"unsolved: {told.unsolved}; trả lời / answer: {told.response or '–'}; giải quyết / solution: "
                   f"{told.solution or '–'}")  # fmt: skip
