"""`lienthong demo`: the whole country on one machine, for a look or for a proof."""

from __future__ import annotations

import json as json_module
import signal
import tempfile
import threading
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from lienthong.runtime.settings import Door

if TYPE_CHECKING:
    from lienthong.runtime.demo.country import Country


def demo(
    data: Annotated[Path, typer.Option("--data", help="folder that keeps everything")] = Path(".demo"),
    once: Annotated[bool, typer.Option("--once", help="act the story, judge it, stop; nothing is kept")] = False,
    json: Annotated[bool, typer.Option("--json", help="with --once: the result as JSON")] = False,
    document: Annotated[
        Path | None,
        typer.Option("--document", exists=True, dir_okay=False, help="with --once: PDF, text or DOCX to send"),
    ] = None,
    door: Annotated[Door, typer.Option("--door", help="by which door of the hub the offices go")] = Door.NATIVE,
) -> None:
    """One hub and four offices on this machine. Ctrl-C stops them; started again they keep their data."""
    if once:
        raise typer.Exit(_act_once(json, document, door))
    _run(data, door)


def _run(data: Path, door: Door) -> None:
    from lienthong.runtime.demo.country import Country

    stop, began = threading.Event(), monotonic()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())

    def say(text: str) -> None:
        print(f"{monotonic() - began:5.1f} s  {text}", flush=True)

    with Country(data.absolute(), say=say, door=door) as country:
        country.await_all()
        _print_who_is_who(country)
        say(f"Sẵn sàng. Ctrl-C để dừng; dữ liệu giữ trong {data}.")
        stop.wait()
        say("Đang dừng…")


def _print_who_is_who(country: Country) -> None:
    """Addresses, and who signs in how: plain lines that can be copied whole, however narrow the window."""
    from lienthong.runtime.demo.cast import CONSOLE, HOUSES

    print(f"\nTrục liên thông   {country.address('hub')}/console/")
    for one in CONSOLE:
        print(f"  {one.login:22} {country.passwords[one.login]}  {'':12}  {one.duty}")
    for house in HOUSES:
        print(f"\n{house.name}   {country.address(house.code)}")
        for member in house.members:
            account = f"{member.login}.{house.code.lower()}"
            pin = country.pins.get(account, country.pins[house.code] if member.role == "clerk" else "")
            words = f"PIN {pin}" if pin else ""
            print(f"  {account:22} {country.passwords[account]}  {words:12}  {member.position}")
    print(flush=True)


def _act_once(as_json: bool, document: Path | None, door: Door) -> int:
    from lienthong.runtime.demo.country import Country
    from lienthong.runtime.demo.desk import Unexpected
    from lienthong.runtime.demo.story import Step, Story

    began = monotonic()

    def tell(at: float, text: str) -> None:
        if not as_json:
            print(f"{at:6.1f} s  {text}", flush=True)

    fault = ""
    upload, enclosure = _as_sent(document) if document else (None, None)
    with tempfile.TemporaryDirectory(prefix="lienthong-demo-") as folder:
        Path(folder).chmod(0o755)

        def telling(text: str) -> None:
            tell(monotonic() - began, text)

        with Country(Path(folder) / "country", say=telling, door=door) as country:

            def say(step: Step) -> None:
                tell(step.at, step.text)

            with Story(country, upload=upload, enclosure=enclosure, say=say, began=began) as story:
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


File = tuple[str, bytes]


def _as_sent(document: Path) -> tuple[File | None, File | None]:
    """The document that the story sends, or what it encloses: what cannot be laid out travels as it is (Decision 28,
    10.1)."""
    file = (document.name, document.read_bytes())
    if file[1].startswith(b"%PDF") or _is_text(file[1]):
        return file, None
    laid_out = _laid_out(document) if document.suffix.lower() in (".docx", ".doc", ".odt") else None
    if laid_out is None:
        typer.echo(f"{document.name} đi kèm công văn như một tệp / is enclosed as it is.", err=True)
        return None, file
    return laid_out, None


def _is_text(content: bytes) -> bool:
    try:
        return "\0" not in content.decode()
    except UnicodeDecodeError:
        return False


def _laid_out(document: Path) -> File | None:
    """A word processor's file as PDF, where LibreOffice is installed."""
    import shutil
    import subprocess

    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf",
             "--outdir", folder, str(document)],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        return f"{document.stem}.pdf", (Path(folder) / f"{document.stem}.pdf").read_bytes()
