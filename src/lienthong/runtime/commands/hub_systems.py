"""`lienthong hub system …`, `… request …`, `… key …`: what the operators decide.

A running hub takes everything up within two seconds, the key with which it signs within ten.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lienthong.runtime.settings import Service
from lienthong.standards.times import VIETNAM

if TYPE_CHECKING:
    from lienthong.hub.models import System

OVERLAP_DAYS = 7

Data = Annotated[Path, typer.Option("--data", help="thư mục của dịch vụ / folder of the service")]
Code = Annotated[str, typer.Argument(help="mã hệ thống / code of the system")]
Json = Annotated[bool, typer.Option("--json", help="in JSON / print JSON")]
Reason = Annotated[str, typer.Option(help="lý do, được ghi nhật ký / the reason, kept in the journal")]
OverlapDays = Annotated[
    float,
    typer.Option(min=0, help="khóa cũ còn dùng được bao nhiêu ngày; 0: hết ngay / days that the old one still opens"),
]
Since = Annotated[
    str,
    typer.Option(help="liệt kê việc đã làm từ lúc này, ISO 8601, mặc định giờ VN / list what was done since"),
]
StolenSince = Annotated[
    str,
    typer.Option(
        "--since",
        help="nghi lộ từ lúc này, mặc định từ bây giờ; chữ ký từ đó không còn là bằng chứng / in other hands since",
    ),
]

request_app = typer.Typer(no_args_is_help=True, help="Yêu cầu thay đổi danh mục. / Changes that systems ask for.")
key_app = typer.Typer(no_args_is_help=True, help="Khóa ký của Trục. / The hub's own signing key.")


def add_to(system_app: typer.Typer, hub_app: typer.Typer) -> None:
    """Add these commands to `lienthong hub system`, and beside it `request` and `key`."""
    commands: dict[str, Any] = {
        "list": list_systems, "show": show, "door": door, "network": network, "limit": limit, "approval": approval,
        "suspend": suspend, "resume": resume, "rotate-secret": rotate_secret, "rotate-key": rotate_key,
    }  # fmt: skip
    for name, command in commands.items():
        system_app.command(name)(command)
    # One id of a key in 64 begins with a dash: it is none of the command's options.
    system_app.command("revoke-key", context_settings={"ignore_unknown_options": True})(revoke_key)
    hub_app.add_typer(request_app, name="request")
    hub_app.add_typer(key_app, name="key")


# -- looking ---------------------------------------------------------------------------------------------------------


def list_systems(data: Data, as_json: Json = False) -> None:
    """Các hệ thống, cổng đang mở, lần liên hệ cuối. / All systems, their open doors and last contact."""
    with on_hub(data):
        from lienthong.hub.models import System

        rows = [_facts(system) for system in System.objects.order_by("code")]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        state = f"TẠM NGỪNG: {row['suspended']}" if row["suspended"] else " ".join(row["doors"]) or "không cổng nào mở"
        typer.echo(f"{row['code']}  {row['name']}  [{state}]  liên hệ cuối: {row['last_contact'] or 'chưa có'}")


def show(code: Code, data: Data, as_json: Json = False) -> None:
    """Một hệ thống với khóa, dải mạng, giới hạn. / One system: agencies, keys, networks, limits; never a secret."""
    with on_hub(data):
        from lienthong.hub.models import System

        system = System.objects.filter(code=code).first()
        if system is None:
            raise ValueError(f"không có hệ thống {code} / no system {code}")
        facts = _facts(system)
    if as_json:
        typer.echo(json.dumps(facts, ensure_ascii=False))
        return
    for name, value in facts.items():
        shown = ", ".join(map(str, value)) if isinstance(value, list) else value
        typer.echo(f"{name}: {'–' if shown in ('', None) else shown}")


def _facts(system: System) -> dict[str, Any]:
    keys = [
        f"{key.kid} {_life(key.retired_at)}{' THU HỒI: ' + key.revoked_for if key.revoked_for else ''}"
        for key in system.keys.order_by("added_at")
    ]
    return {
        "code": system.code,
        "name": system.name,
        "agencies": sorted(system.agencies.values_list("code", flat=True)),
        "doors": [door for door in ("native", "vxp") if getattr(system, door)],
        "suspended": f"{system.suspended_for} ({time_text(system.suspended_at)})" if system.suspended_at else "",
        "last_contact": f"{time_text(system.last_contact_at)} {system.last_contact_door}"
        if system.last_contact_at
        else "",
        "clock_skew_s": None if system.clock_skew_ms is None else system.clock_skew_ms / 1000,
        "networks": system.networks,
        "requests_per_minute": system.requests_per_minute,
        "largest_packet": system.largest_packet,
        "certificate": "required" if system.certificate_required else "optional",
        "certificates": [
            f"{one.fingerprint} {_life(one.valid_to)}{' THU HỒI: ' + one.revoked_for if one.revoked_at else ''}"
            for one in system.certificates.order_by("added_at")
        ],
        "approval": "automatic" if system.auto_approves else "registry",
        "secret": "set" if system.vxp_secret else "",
        "former_secret_until": time_text(system.vxp_secret_before_until),
        "keys": keys,
    }


def _life(retired_at: datetime | None) -> str:
    return f"đến {time_text(retired_at)}" if retired_at else "đang dùng"


def time_text(moment: datetime | None) -> str:
    """A moment as people of Vietnam read it, to the second."""
    return moment.astimezone(VIETNAM).isoformat(timespec="seconds") if moment else ""


# -- deciding --------------------------------------------------------------------------------------------------------


def door(
    code: Code,
    data: Data,
    native: Annotated[bool | None, typer.Option(help="API của Trục / the native API")] = None,
    vxp: Annotated[bool | None, typer.Option(help="cổng phần mềm hiện có / existing client software")] = None,
) -> None:
    """Mở, đóng từng cổng. / Open or close the doors of a system."""
    with on_hub(data) as systems:
        system = systems.set_doors(code, native=native, vxp=vxp, at=datetime.now(UTC))
        typer.echo(f"{code}: native {'mở' if system.native else 'đóng'}, vxp {'mở' if system.vxp else 'đóng'}")


def network(
    code: Code,
    data: Data,
    ranges: Annotated[
        list[str] | None, typer.Argument(help="CIDR, ví dụ 10.1.0.0/16; bỏ trống: mọi nơi / none: anywhere")
    ] = None,
) -> None:
    """Dải mạng mà hệ thống được gọi từ đó. / Say from which networks a system calls; replaces what was said before."""
    with on_hub(data) as systems:
        system = systems.set_networks(code, ranges or (), at=datetime.now(UTC))
        typer.echo(f"{code}: {', '.join(system.networks) or 'mọi nơi / anywhere'}")


def limit(
    code: Code,
    data: Data,
    per_minute: Annotated[
        int | None, typer.Option(help="lượt gọi mỗi phút, mỗi tiến trình / calls a minute, each process")
    ] = None,
    largest_packet: Annotated[int | None, typer.Option(help="byte của một gói tin / bytes of one packet")] = None,
) -> None:
    """Giới hạn lượt gọi và dung lượng; bỏ trống: không giới hạn riêng. / Limit calls and sizes; left out: no limit."""
    with on_hub(data) as systems:
        systems.set_limits(code, per_minute=per_minute, largest_packet=largest_packet, at=datetime.now(UTC))
        typer.echo(f"{code}: {per_minute or '–'} lượt/phút, {largest_packet or '–'} byte")


def approval(
    code: Code,
    data: Data,
    automatic: Annotated[
        bool, typer.Option("--automatic/--registry", help="ai duyệt đơn vị trực thuộc / who approves")
    ],
) -> None:
    """Ai duyệt đăng ký đơn vị trực thuộc. / Whether what it registers in its own subtree holds at once."""
    with on_hub(data) as systems:
        systems.set_approval(code, automatic=automatic, at=datetime.now(UTC))
        typer.echo(f"{code}: {'tự động / automatic' if automatic else 'cơ quan quản lý danh mục duyệt / registry'}")


def suspend(code: Code, data: Data, reason: Reason) -> None:
    """Tạm ngừng hệ thống; văn bản gửi tới vẫn chờ. / Suspend a system; what is sent to it waits."""
    with on_hub(data) as systems:
        systems.suspend(code, reason=reason, at=datetime.now(UTC))
        typer.echo(f"{code}: tạm ngừng / suspended")


def resume(code: Code, data: Data) -> None:
    """Cho hệ thống hoạt động lại. / End a suspension."""
    with on_hub(data) as systems:
        systems.resume(code, at=datetime.now(UTC))
        typer.echo(f"{code}: hoạt động lại / resumed")


# -- secrets and keys ------------------------------------------------------------------------------------------------


def rotate_secret(code: Code, data: Data, overlap_days: OverlapDays = OVERLAP_DAYS, since: Since = "") -> None:
    """Đổi khóa dùng chung; khóa mới chỉ hiện một lần. / Change the shared secret; the new one is shown this once.

    When the old one is in other hands: `--overlap-days 0 --since` the moment from which it may have been.
    """
    from_when = _moment(since)
    with on_hub(data) as systems:
        at = datetime.now(UTC)
        typer.echo(systems.change_secret(code, old_until=at + timedelta(days=overlap_days), at=at))
        if from_when:
            _say_deeds(systems, code, from_when)


def rotate_key(
    code: Code,
    data: Data,
    key: Annotated[str, typer.Option(help="khóa công khai mới, JWK hoặc tệp / the new public key, a JWK or its file")],
    overlap_days: OverlapDays = OVERLAP_DAYS,
) -> None:
    """Thêm khóa mới, khóa cũ còn dùng một thời gian. / Add a key; the others serve for some days more."""
    with on_hub(data) as systems:
        at = datetime.now(UTC)
        jwk = json.loads(Path(key).read_text() if Path(key).is_file() else key)
        kid = systems.change_key(code, jwk, old_until=at + timedelta(days=overlap_days), at=at)
        typer.echo(f"{code}: {kid}")


def revoke_key(
    code: Code,
    kid: Annotated[str, typer.Argument(help="mã khóa, xem `show` / id of the key, see `show`")],
    data: Data,
    reason: Reason,
    since: StolenSince = "",
) -> None:
    """Thu hồi khóa bị lộ ngay lập tức. / Revoke a key at once, and list what was done since it was in other hands."""
    from_when = _moment(since)
    with on_hub(data) as systems:
        revoked = systems.revoke_key(code, kid, reason=reason, since=from_when, at=datetime.now(UTC))
        typer.echo(f"{code}: {kid} đã thu hồi / revoked")
        typer.echo(
            f"Chữ ký từ {time_text(revoked.compromised_from)} không còn là bằng chứng / is no proof from then on"
        )
        _say_deeds(systems, code, from_when or revoked.added_at, kid)


def _say_deeds(systems: Any, code: str, since: datetime, kid: str = "") -> None:
    typer.echo(f"Việc hệ thống đã làm từ {time_text(since)} / what it did since:")
    number = 0
    for number, deed in enumerate(systems.done_since(code, since, kid=kid), 1):  # noqa: B007 - counts
        typer.echo(f"{time_text(deed.at)}  {deed.event}  {deed.subject}  {deed.key or 'không ký / unsigned'}")
    typer.echo(f"{number} việc / deeds")


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        typer.echo(f"--since phải có dạng 2026-11-23T08:00 / is a time like 2026-11-23T08:00: {text}", err=True)
        raise typer.Exit(2) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)


@key_app.command("rotate")
def rotate_hub_key(data: Data) -> None:
    """Ký bằng khóa mới; khóa cũ vẫn được công bố. / Sign with a new key; the old one stays published."""
    with on_hub(data):
        from lienthong.hub import hubkeys

        typer.echo(hubkeys.rotate(datetime.now(UTC)))


# -- what systems ask for --------------------------------------------------------------------------------------------

Number = Annotated[int, typer.Argument(help="số của yêu cầu, xem `list` / number of the request, see `list`")]
By = Annotated[str, typer.Option(help="người quyết định / who decides")]


@request_app.command("list")
def list_requests(
    data: Data,
    every: Annotated[bool, typer.Option("--all", help="cả yêu cầu đã quyết định / decided ones too")] = False,
) -> None:
    """Các yêu cầu đang chờ. / What waits for a decision."""
    with on_hub(data):
        from lienthong.hub.models import ChangeRequest

        query = ChangeRequest.objects.order_by("filed_at", "id")
        for asked in query if every else query.filter(state="filed"):
            wish = json.dumps(asked.wish, ensure_ascii=False)
            asker = asked.system_id or asked.asked_by
            typer.echo(f"{asked.pk}  {time_text(asked.filed_at)}  {asker}  {asked.code}  {wish}  {asked.state}")


@request_app.command("approve")
def approve_request(number: Number, data: Data, by: By) -> None:
    """Duyệt và áp dụng. / Approve and apply."""
    with on_hub(data):
        from lienthong.hub import requests

        asked = requests.approve(number, by=_officer(by), at=datetime.now(UTC))
        typer.echo(f"{asked.pk}: {asked.code} đã áp dụng / applied")


@request_app.command("refuse")
def refuse_request(number: Number, data: Data, by: By, reason: Reason) -> None:
    """Từ chối, có lý do. / Refuse with a reason."""
    with on_hub(data):
        from lienthong.hub import requests

        asked = requests.refuse(number, by=_officer(by), reason=reason, at=datetime.now(UTC))
        typer.echo(f"{asked.pk}: {asked.code} từ chối / refused")


def _officer(name: str) -> Any:
    from lienthong.journal.record import Actor

    return Actor("person", name, name)


@contextmanager
def on_hub(data: Path) -> Iterator[Any]:
    """The hub's database and its acts on systems; says what is wrong with an entry, without a trace."""
    from lienthong.runtime.commands import service

    with service.ready_database(Service.HUB, data):
        from lienthong.hub import systems

        try:
            yield systems
        except (ValueError, OSError) as fault:
            typer.echo(str(fault), err=True)
            raise typer.Exit(2) from None
