"""`lienthong witness`: keep what a hub signs of its journal, and hold it to that."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

import typer

if TYPE_CHECKING:
    from lienthong.evidence.heads import Head
    from lienthong.evidence.receipts import KeyRing
    from lienthong.protocol.client.http import HubHttp

EXIT_UNSOUND = 1
EXIT_UNREACHABLE = 2
TIMEOUT = 30.0
LONGEST = 120.0
"""Seconds for all that is asked: a hub that lets a byte through now and then is none that answers."""
MOST_BYTES = 1 << 20
_MAKES_NO_SENSE = (KeyError, TypeError, ValueError, IndexError, AttributeError)


class Unsound(ValueError):
    """The hub does not hold to what it signed."""


def witness(
    hub: Annotated[str, typer.Argument(help="địa chỉ của Trục / address of the hub")],
    keep: Annotated[Path, typer.Option(help="tệp giữ các mã niêm phong đã thấy / file of the heads that were seen")],
) -> None:
    """Giữ mã niêm phong mới nhất của nhật ký Trục, kiểm tra nhật ký còn nguyên từ lần trước. / Keep the newest
    signed head of a hub's journal, and check that the journal still begins with all that the one of before covered.

    Mã thoát / exit code: 0 còn nguyên / unchanged; 1 không / it is not; 2 không hỏi được Trục / the hub is away.
    """
    from lienthong.evidence.receipts import InvalidStatement
    from lienthong.protocol.client.http import HubHttp
    from lienthong.protocol.problems import HubUnreachable

    http = HubHttp(hub, timeout=TIMEOUT)
    try:
        typer.echo(_in_time(lambda: _look(http, keep)))
    except (Unsound, InvalidStatement) as fault:
        typer.echo(f"KHÔNG CÒN NGUYÊN / NOT UNCHANGED: {fault}", err=True)
        raise typer.Exit(EXIT_UNSOUND) from None
    except HubUnreachable as fault:
        typer.echo(f"không hỏi được Trục / the hub cannot be asked: {fault}", err=True)
        raise typer.Exit(EXIT_UNREACHABLE) from None
    finally:
        http.close()


def _in_time(look: Callable[[], str]) -> str:
    """What a look finds. Raises what it raises; `HubUnreachable`: it has no end."""
    from lienthong.protocol.problems import HubUnreachable

    found: list[str | Exception] = []

    def work() -> None:
        try:
            found.append(look())
        except Exception as fault:
            found.append(fault)

    looker = Thread(target=work, daemon=True)
    looker.start()
    looker.join(LONGEST)
    if not found:
        raise HubUnreachable(f"{LONGEST:.0f} s")
    if isinstance(found[0], Exception):
        raise found[0]
    return found[0]


def _look(http: HubHttp, keep: Path) -> str:
    from lienthong.evidence.heads import read

    kept = keep.read_text().split() if keep.exists() else []
    keys, newest = _said(http)
    if not newest and kept:
        raise Unsound(
            f"Trục đã niêm phong {read(kept[-1], keys).size} mục, nay không có / heads were signed, now none is"
        )
    if not newest:
        return "Trục chưa niêm phong nhật ký / the hub has signed no head yet"
    signed = newest
    head = read(signed, keys)
    if kept:
        _require_continued(http, read(kept[-1], keys), head)
    if signed not in kept[-1:]:
        with keep.open("a") as file:
            file.write(f"{signed}\n")
    first = _first(kept, keys)
    since = f", còn nguyên từ / unchanged since {first.at:%Y-%m-%dT%H:%MZ} ({first.size})" if first else ""
    return f"{head.size} mục / events, {head.root}{since}"


def _said(http: HubHttp) -> tuple[KeyRing, str]:
    """The hub's keys, and its newest head as it signed it; empty where there is none. Raises `HubUnreachable`."""
    from lienthong.evidence.receipts import KeyRing
    from lienthong.protocol.problems import HubUnreachable

    try:
        heads = _asked(http, "journal/heads", limit=1)["heads"]
        return KeyRing(_asked(http, "keys")["keys"]), str(heads[0]["signed"]) if heads else ""
    except _MAKES_NO_SENSE as fault:
        raise HubUnreachable("không trả lời như một Trục / it does not answer as a hub does") from fault


def _first(kept: list[str], keys: KeyRing) -> Head | None:
    from lienthong.evidence.heads import read

    return read(kept[0], keys) if kept else None


def _require_continued(http: HubHttp, old: Head, new: Head) -> None:
    from lienthong.evidence.merkle import is_consistent

    if (old.issuer, old.sandbox) != (new.issuer, new.sandbox):
        raise Unsound("mã niêm phong của Trục khác / it is another hub's head")
    if old.size > new.size:
        raise Unsound(f"{old.size} mục đã niêm phong, nay chỉ còn {new.size} / events were signed, now there are fewer")
    told = _asked(http, "journal/consistency", old=old.size, new=new.size)
    try:
        proof = [bytes.fromhex(each) for each in told["proof"]]
    except _MAKES_NO_SENSE:
        raise Unsound("Trục không chứng minh / the hub gives no proof") from None
    if not is_consistent(old.size, bytes.fromhex(old.root), new.size, bytes.fromhex(new.root), proof):
        raise Unsound(f"mục trong {old.size} mục đầu đã đổi / among the first {old.size} events something was changed")


def _asked(http: HubHttp, place: str, **params: int) -> Any:
    """What the hub says. Raises `HubUnreachable`: nothing, more than can be, or what is no JSON."""
    from lienthong.protocol.problems import HubUnreachable

    body = bytearray()
    with http.stream("GET", f"api/v1/{place}?{urlencode(params)}", headers={}) as (status, _headers, pieces):
        if status != 200:
            raise HubUnreachable(f"HTTP {status}")
        for piece in pieces:
            body += piece
            if len(body) > MOST_BYTES:
                raise HubUnreachable(f"> {MOST_BYTES} B")
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as fault:
        raise HubUnreachable("JSON") from fault
