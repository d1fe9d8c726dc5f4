"""`lienthong token`: the helper at a signer's own machine, by which a page gets signatures of the token there."""

from __future__ import annotations

import getpass
import threading
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from lienthong.standards.signatures.agreed import HELPER_PORT

app = typer.Typer(no_args_is_help=True, help="Thiết bị ký số ở máy người ký. / The token at a signer's own machine.")


@app.callback()
def token() -> None:
    """Thiết bị ký số ở máy người ký. / The token at a signer's own machine."""


@app.command()
def serve(
    office: Annotated[str, typer.Option(help="địa chỉ hệ thống văn bản / address of the office, as https://vb.gov.vn")],
    module: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="thư viện PKCS#11 của thiết bị / library")],
    token: Annotated[str, typer.Option(help="tên thiết bị / name of the token")],
    label: Annotated[str, typer.Option(help="nhãn của khóa và chứng thư số / label of key and certificate")],
    port: Annotated[int, typer.Option(min=1024, max=65_535, help="cổng ở máy này / port here")] = HELPER_PORT,
    keep: Annotated[Path | None, typer.Option(help="tệp ghép nối / file of the pairings; else the user's own")] = None,
    forget: Annotated[bool, typer.Option("--forget", help="bỏ mọi ghép nối cũ / end all earlier pairings")] = False,
) -> None:
    """Ký ở máy này bằng thiết bị, cho trang của một hệ thống văn bản. PIN hỏi tại cửa sổ này; dừng bằng Ctrl+C.

    / Sign at this machine for the pages of one office. The PIN is asked in this window; stop by Ctrl+C.
    """
    from lienthong.runtime.token.desk import Desk, Token
    from lienthong.runtime.token.http import LOOPBACK, door
    from lienthong.runtime.token.pairing import Pairing

    origin = origin_of(office)
    kept = keep or Path(typer.get_app_dir("lienthong")) / "token.json"
    pairing = Pairing(kept, origin, lambda code: typer.echo(f"Mã ghép nối trình duyệt mới / pairing code: {code}"))
    desk = Desk(Token(module, token, label), ask_pin=getpass.getpass, say=typer.echo)
    try:
        server = door(port, origin, pairing, desk)
    except OSError as taken:
        typer.echo(f"Cổng {port} đang bị dùng; nêu cổng khác bằng --port. / The port is taken.", err=True)
        raise typer.Exit(2) from taken
    if forget:
        pairing.forget()
    typer.echo(f"Chương trình ký cho {origin}, ở http://{LOOPBACK}:{port}. / Signing for this office.")
    pairing.offer()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        desk.work()
    except (KeyboardInterrupt, EOFError):
        typer.echo("\nĐã dừng. / Stopped.")
    finally:
        server.server_close()


def origin_of(address: str) -> str:
    """The origin of an office, as browsers name it. Raises `typer.BadParameter`."""
    parts = urlsplit(address.strip())
    local = parts.hostname in ("127.0.0.1", "localhost")
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        raise typer.BadParameter("địa chỉ https của hệ thống văn bản / an https address of the office")
    if not parts.hostname or parts.username is not None or parts.path.strip("/") or parts.query or parts.fragment:
        raise typer.BadParameter("chỉ nêu giao thức, tên máy và cổng / scheme, host and port alone")
    usual = {"https": 443, "http": 80}[parts.scheme]
    port = f":{parts.port}" if parts.port not in (None, usual) else ""
    return f"{parts.scheme}://{parts.hostname}{port}"
