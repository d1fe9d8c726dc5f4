"""`lienthong demo`: the whole country on one machine, for a look or for a proof."""

from __future__ import annotations

import json as json_module
import signal
import tempfile
import threading
from pathlib import Path
from time import monotonic
from typing import Annotated

import typer


def demo(
    data: Annotated[Path, typer.Option("--data", help="folder that keeps everything")] = Path(".demo"),
    once: Annotated[bool, typer.Option("--once", help="act the story, judge it, stop; nothing is kept")] = False,
    json: Annotated[bool, typer.Option("--json", help="with --once: the result as JSON")] = False,
    document: Annotated[
        Path | None, typer.Option("--document", exists=True, dir_okay=False, help="with --once: PDF or text to send")
    ] = None,
) -> None:
    """One hub and four offices on this machine. Ctrl-C stops them; started again they keep their data."""
    if once:
        raise typer.Exit(_act_once(json, document))
    _run(data)


def _run(data: Path) -> None:
    from rich.console import Console
    from rich.table import Table

    from lienthong.runtime.demo.cast import HOUSES
    from lienthong.runtime.demo.country import OPERATOR, Country

    console, stop, began = Console(), threading.Event(), monotonic()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with Country(
        data.absolute(), say=lambda text: console.print(f"[dim]{monotonic() - began:5.1f} s[/dim] {text}")
    ) as country:
        country.await_all()
        table = Table("Cơ quan", "Địa chỉ", "Tên đăng nhập", "Mật khẩu", "PIN ký", "Vai trò")
        table.add_row(
            "Trục liên thông",
            f"{country.address('hub')}/console/",
            OPERATOR,
            country.passwords[OPERATOR],
            "",
            "Vận hành",
        )
        for house in HOUSES:
            table.add_section()
            for member in house.members:
                account = f"{member.login}.{house.code.lower()}"
                pin = country.pins.get(account, country.pins[house.code] if member.role == "clerk" else "")
                table.add_row(
                    house.short_name,
                    country.address(house.code),
                    account,
                    country.passwords[account],
                    pin,
                    member.position,
                )
        console.print(table)
        console.print(
            f"Sẵn sàng sau {monotonic() - began:.1f} giây. Ctrl-C để dừng; chạy lại vẫn giữ dữ liệu trong {data}."
        )
        stop.wait()
        console.print("Đang dừng…")


def _act_once(as_json: bool, document: Path | None) -> int:
    from lienthong.runtime.demo.country import Country
    from lienthong.runtime.demo.desk import Unexpected
    from lienthong.runtime.demo.story import Step, Story

    began = monotonic()

    def tell(at: float, text: str) -> None:
        if not as_json:
            print(f"{at:6.1f} s  {text}", flush=True)

    fault = ""
    upload = _readable(document) if document else None
    with tempfile.TemporaryDirectory(prefix="lienthong-demo-") as folder:
        Path(folder).chmod(0o755)
        with Country(Path(folder) / "country", say=lambda text: tell(monotonic() - began, text)) as country:

            def say(step: Step) -> None:
                tell(step.at, step.text)

            with Story(country, upload=upload, say=say, began=began) as story:
                try:
                    story.act()
                except Unexpected as reason:
                    fault = str(reason)
    seconds = monotonic() - began
    if as_json:
        steps = [{"at": round(step.at, 2), "step": step.text} for step in story.steps]
        print(
            json_module.dumps(
                {"ok": not fault, "fault": fault, "seconds": round(seconds, 1), "steps": steps}, ensure_ascii=False
            )
        )
    elif fault:
        print(f"KHÔNG ĐẠT: {fault}")
    else:
        print(f"ĐẠT: {len(story.steps)} điều đúng như mong đợi, {seconds:.1f} giây.")
    return 1 if fault else 0


def _readable(document: Path) -> tuple[str, bytes]:
    """A document that the story can send; DOCX through LibreOffice where it is installed."""
    import shutil
    import subprocess

    if document.suffix.lower() != ".docx":
        return document.name, document.read_bytes()
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        typer.echo("DOCX needs LibreOffice (apt-get install libreoffice-writer); give a PDF or text instead.", err=True)
        raise typer.Exit(2)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [office, "--headless", "--convert-to", "pdf", "--outdir", folder, str(document)],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        return f"{document.stem}.pdf", (Path(folder) / f"{document.stem}.pdf").read_bytes()
