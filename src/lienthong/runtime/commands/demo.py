"""`lienthong demo`: the whole country on one machine, for a look or for a proof."""

from __future__ import annotations

import json as json_module
import signal
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from lienthong.runtime.settings import Door

if TYPE_CHECKING:
    from lienthong.runtime.demo.country import Country
    from lienthong.runtime.demo.given import Given
    from lienthong.runtime.demo.story import Step


def demo(
    data: Annotated[Path, typer.Option("--data", help="folder that keeps everything")] = Path(".demo"),
    once: Annotated[bool, typer.Option("--once", help="act the story, judge it, stop; nothing is kept")] = False,
    json: Annotated[bool, typer.Option("--json", help="with --once: the result as JSON")] = False,
    document: Annotated[
        Path | None,
        typer.Option("--document", help="with --once: PDF, text or DOCX to send; anything else is enclosed"),
    ] = None,
    patience: Annotated[
        float, typer.Option("--patience", min=0.1, help="seconds that LibreOffice may take for a DOCX")
    ] = 60,
    door: Annotated[Door, typer.Option("--door", help="by which door of the hub the offices go")] = Door.NATIVE,
) -> None:
    """One hub and four offices on this machine. Ctrl-C stops them; started again they keep their data.

    With --once: exit code 0 when all held, 1 when not, 2 when the document is of no use.
    """
    from lienthong.runtime.embedded import EmbeddedDatabaseError
    from lienthong.runtime.prepare import NotPrepared
    from lienthong.runtime.supervisor import NotReady

    if once:
        raise typer.Exit(_act_once(json, document, door, patience))
    if json or document:
        raise typer.BadParameter("--json và --document đi cùng --once. / --json and --document need --once.")
    try:
        _run(data, door)
    except (NotPrepared, NotReady, EmbeddedDatabaseError) as reason:
        typer.echo(f"Không khởi động được / It did not start: {reason}", err=True)
        raise typer.Exit(1) from None


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
    print("\nBản dùng thử không yêu cầu xác thực hai bước; nơi khác mặc định yêu cầu với quản trị.", flush=True)
    print(flush=True)


def _act_once(as_json: bool, document: Path | None, door: Door, patience: float) -> int:
    """Act the story, and say how it went; whatever went wrong has a name, and nothing is a traceback."""
    from lienthong.runtime.demo.given import Given, Unusable, look_at

    told = Telling(as_json)
    try:
        given = look_at(document, patience=patience) if document else Given()
        if given.enclosure:
            typer.echo(f"{given.enclosure[0]} đi kèm công văn như một tệp / is enclosed as it is.", err=True)
        _act(given, door, told)
    except Unusable as reason:
        return told.end(Fault(reason.code, reason.vi, reason.en), code=2)
    except KeyboardInterrupt:
        return told.end(Fault("interrupted", "Bị ngắt giữa chừng.", "It was interrupted."), code=130)
    # Here ends the command: who reads its answer, a person or a program, gets a sentence and never a traceback.
    except Exception as reason:
        return told.end(_fault_of(reason))
    return told.end(None)


def _act(given: Given, door: Door, told: Telling) -> None:
    from lienthong.runtime.demo.country import Country
    from lienthong.runtime.demo.story import Story

    with tempfile.TemporaryDirectory(prefix="lienthong-demo-") as folder:
        Path(folder).chmod(0o755)
        with (
            Country(Path(folder) / "country", say=told.say, door=door) as country,
            Story(country, upload=given.upload, enclosure=given.enclosure, say=told.step, began=told.began) as story,
        ):
            story.act()


@dataclass(frozen=True)
class Fault:
    """Why the story was not acted to its end: a code, and a sentence in both languages."""

    code: str
    vi: str
    en: str


@dataclass
class Telling:
    """What is told while the story is acted, and at its end: lines for people, or one JSON object."""

    as_json: bool
    began: float = field(default_factory=monotonic)
    steps: list[Step] = field(default_factory=list)

    def say(self, text: str) -> None:
        """What is going on."""
        self._line(monotonic() - self.began, text)

    def step(self, step: Step) -> None:
        """What held."""
        self.steps.append(step)
        self._line(step.at, step.text)

    def _line(self, at: float, text: str) -> None:
        if not self.as_json:
            print(f"{at:6.1f} s  {text}", flush=True)

    def end(self, fault: Fault | None, *, code: int = 1) -> int:
        """How it ended; gives the exit code, `code` when there is a fault."""
        seconds = monotonic() - self.began
        if self.as_json:
            told = fault or Fault("", "", "")
            steps = [{"at": round(step.at, 2), "step": step.text} for step in self.steps]
            answer = {"ok": not fault, "code": told.code, "fault": told.vi, "fault_en": told.en}
            print(json_module.dumps(answer | {"seconds": round(seconds, 1), "steps": steps}, ensure_ascii=False))
        elif fault:
            print(f"KHÔNG ĐẠT: {fault.vi} / {fault.en} ({fault.code})")
        else:
            print(f"ĐẠT: {len(self.steps)} điều đúng như mong đợi, {seconds:.1f} giây.")
        return code if fault else 0


def _fault_of(reason: Exception) -> Fault:
    """What went wrong while the country started, or while the story was acted."""
    import httpx
    import psycopg

    from lienthong.runtime.demo.desk import Unexpected
    from lienthong.runtime.embedded import EmbeddedDatabaseError
    from lienthong.runtime.prepare import NotPrepared
    from lienthong.runtime.supervisor import NotReady

    said = " ".join(str(reason).split())[:2000]
    if isinstance(reason, Unexpected):
        return Fault("unexpected", f"Không như mong đợi: {said}", f"Not as expected: {said}")
    kinds: tuple[tuple[tuple[type[Exception], ...], str, str, str], ...] = (
        (
            (EmbeddedDatabaseError, psycopg.Error),
            "database",
            "Cơ sở dữ liệu không chạy được",
            "The database does not run",
        ),
        ((NotReady, NotPrepared), "not_ready", "Một dịch vụ không khởi động được", "A service did not start"),
        ((httpx.HTTPError,), "no_answer", "Một dịch vụ không trả lời", "A service does not answer"),
        ((OSError,), "machine", "Máy không cho phép hoặc không đủ chỗ", "The machine does not allow it, or is full"),
    )
    for types, code, vi, en in kinds:
        if isinstance(reason, types):
            return Fault(code, f"{vi}: {said}", f"{en}: {said}")
    named = f"{type(reason).__name__}: {said}"
    return Fault(
        "internal", f"Lỗi chưa lường trước, đề nghị báo cho dự án: {named}", f"Not foreseen, please report it: {named}"
    )
