"""`lienthong witness`: keep what a hub signs of its journal, and hold it to that."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from lienthong.evidence.heads import Head
    from lienthong.evidence.receipts import KeyRing
    from lienthong.protocol.client.http import HubHttp

EXIT_UNSOUND = 1
EXIT_UNREACHABLE = 2
TIMEOUT = 30.0


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
        typer.echo(_look(http, keep))
    except (Unsound, InvalidStatement) as fault:
        typer.echo(f"KHÔNG CÒN NGUYÊN / NOT UNCHANGED: {fault}", err=True)
        raise typer.Exit(EXIT_UNSOUND) from None
    except HubUnreachable as fault:
        typer.echo(f"không hỏi được Trục / the hub cannot be asked: {fault}", err=True)
        raise typer.Exit(EXIT_UNREACHABLE) from None
    finally:
        http.close()


def _look(http: HubHttp, keep: Path) -> str:
    from lienthong.evidence.heads import read
    from lienthong.evidence.receipts import KeyRing

    keys = KeyRing(_asked(http, "keys")["keys"])
    newest = _asked(http, "journal/heads", limit=1)["heads"]
    if not newest:
        return "Trục chưa niêm phong nhật ký / the hub has signed no head yet"
    signed = newest[0]["signed"]
    head = read(signed, keys)
    kept = keep.read_text().split() if keep.exists() else []
    if kept:
        _require_continued(http, read(kept[-1], keys), head)
    if signed not in kept[-1:]:
        with keep.open("a") as file:
            file.write(f"{signed}\n")
    first = _first(kept, keys)
    since = f", còn nguyên từ / unchanged since {first.at:%Y-%m-%dT%H:%MZ} ({first.size})" if first else ""
    return f"{head.size} mục / events, {head.root}{since}"


def _first(kept: list[str], keys: KeyRing) -> Head | None:
    from lienthong.evidence.heads import read

    return read(kept[0], keys) if kept else None


def _require_continued(http: HubHttp, old: Head, new: Head) -> None:
    from lienthong.evidence.merkle import is_consistent

    if old.size > new.size:
        raise Unsound(f"{old.size} mục đã niêm phong, nay chỉ còn {new.size} / events were signed, now there are fewer")
    proof = [bytes.fromhex(each) for each in _asked(http, "journal/consistency", old=old.size, new=new.size)["proof"]]
    if not is_consistent(old.size, bytes.fromhex(old.root), new.size, bytes.fromhex(new.root), proof):
        raise Unsound(f"mục trong {old.size} mục đầu đã đổi / among the first {old.size} events something was changed")


def _asked(http: HubHttp, place: str, **params: int) -> Any:
    from lienthong.protocol.problems import HubUnreachable

    answer = http.ask("GET", f"api/v1/{place}", params=params)
    if answer.status != 200:
        raise HubUnreachable(f"HTTP {answer.status}")
    return json.loads(answer.body)
