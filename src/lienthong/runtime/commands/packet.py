"""`lienthong packet`: look into packets, check them, take them apart, make them."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer

from lienthong.standards import edxml
from lienthong.standards.statuses import StatusCode
from lienthong.standards.times import VIETNAM

app = typer.Typer(no_args_is_help=True, help="Gói tin edXML: xem, kiểm tra, tách tệp, tạo. / edXML packets.")

PacketFile = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="packet (.edxml)")]
AsJson = Annotated[bool, typer.Option("--json", help="machine-readable output")]


@app.command()
def show(file: PacketFile, as_json: AsJson = False) -> None:
    """Show what a packet says and which files it carries."""
    packet, problems = _read(file, as_json)
    if as_json:
        _print_json({**_plain(asdict(packet)), "problems": [problem.as_dict() for problem in problems]})
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(show_header=False, box=None, pad_edge=False)
    for label, value in _facts(packet):
        table.add_row(f"[dim]{label}[/dim]", value)
    Console(highlight=False).print(table)
    _print_problems(problems)


@app.command()
def validate(file: PacketFile, as_json: AsJson = False) -> None:
    """Check a packet against every rule; exit code 1 when it would be refused."""
    with file.open("rb") as source:
        problems = edxml.validate(source)
    if as_json:
        _print_json([problem.as_dict() for problem in problems])
    else:
        _print_problems(problems)
        if not problems:
            typer.echo("Gói tin hợp lệ. / The packet is valid.")
    if any(problem.severity is edxml.Severity.ERROR for problem in problems):
        raise typer.Exit(1)


@app.command()
def extract(
    file: PacketFile, to: Annotated[Path, typer.Option("--to", file_okay=False, help="folder for the files")]
) -> None:
    """Take the files out of a packet; they are unwrapped, and named safely inside the folder."""
    with ExitStack() as stack, file.open("rb") as source:
        contents: list[Any] = []

        def sink(_number: int) -> Any:
            contents.append(stack.enter_context(tempfile.TemporaryFile()))
            return contents[-1]

        try:
            packet = edxml.read(source, sink=sink)
            to.mkdir(parents=True, exist_ok=True)
            for content, attachment in zip(contents, packet.attachments, strict=True):
                target = _free(to / edxml.safe_name(attachment.name))
                with target.open("xb") as out:
                    edxml.unpack(content, attachment.name, out)
                typer.echo(str(target))
        except edxml.PacketRefused as refusal:
            _print_problems(refusal.problems)
            raise typer.Exit(1) from refusal


@app.command()
def copy(file: PacketFile, out: Annotated[Path, typer.Option("--out", dir_okay=False, help="packet to write")]) -> None:
    """Read a packet and write it again, as whoever hands it on would; exit code 1 when a byte has changed."""
    if out.exists() and out.samefile(file):
        raise typer.BadParameter("tệp ra trùng tệp vào / the copy would replace the packet")
    with tempfile.TemporaryDirectory() as folder:
        try:
            packet, contents = _read_apart(file, Path(folder))
            with out.open("wb") as target:
                edxml.write_packet(packet, contents, target)
        except edxml.PacketRefused as refusal:
            _print_problems(refusal.problems)
            raise typer.Exit(1) from refusal
        except edxml.WithoutForm as reason:
            out.unlink()
            typer.echo("Không giữ được cách ghi gói tin. / How the packet was written could not be kept.", err=True)
            raise typer.Exit(1) from reason
    with out.open("rb") as written:
        digest = hashlib.file_digest(written, "sha256").hexdigest()
    typer.echo(digest)
    if digest != packet.digest:
        typer.echo(f"Khác gói tin đã đọc. / Not the bytes that were read: {packet.digest}", err=True)
        raise typer.Exit(1)
    typer.echo("Giống từng byte. / The same bytes.")


def _read_apart(file: Path, folder: Path) -> tuple[edxml.Packet, list[Callable[[], BinaryIO]]]:
    """A packet with its form, and what opens the contents of its files. Raises `PacketRefused`."""
    with ExitStack() as stack, file.open("rb") as source:
        paths: dict[int, Path] = {}

        def sink(number: int) -> BinaryIO:
            paths[number] = folder / str(number)
            return stack.enter_context(paths[number].open("w+b"))

        packet = edxml.read(source, sink=sink, keeps_form=True)
    return packet, [partial(_open, paths[number]) for number in sorted(paths)]


def _open(path: Path) -> BinaryIO:
    return path.open("rb")


@app.command()
def build(
    out: Annotated[Path, typer.Option("--out", help="packet to write")],
    sender: Annotated[str, typer.Option("--from", help="code of the issuing agency")],
    to: Annotated[list[str], typer.Option("--to", help="code of a recipient; repeat for more")],
    number: Annotated[str, typer.Option(help="number/notation, like 28/QĐ-VPCP")],
    subject: Annotated[str, typer.Option(help="trích yếu")],
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="files, the document first")],
    issued: Annotated[str, typer.Option(help="date of issue, yyyy-mm-dd; today when left out")] = "",
    kind: Annotated[str, typer.Option(help="type of the document")] = "Công văn",
    place: Annotated[str, typer.Option(help="place of issue")] = "Hà Nội",
    signer: Annotated[str, typer.Option(help="name of the signer")] = "",
) -> None:
    """Make a packet of a document and its files."""
    from lienthong.standards.doctypes import by_name
    from lienthong.standards.identifiers import DocumentIdentifier, DocumentNumber, InvalidNumber

    try:
        parsed = DocumentNumber.parse(number)
    except InvalidNumber as reason:
        raise typer.BadParameter(str(reason)) from reason
    day = date.fromisoformat(issued) if issued else datetime.now(VIETNAM).date()
    known = by_name(kind)
    document = edxml.Document(
        sender=edxml.Organ(sender, sender),
        recipients=tuple(edxml.Organ(code, code) for code in to),
        identifier=str(DocumentIdentifier.compose(sender, day, parsed)),
        number=parsed.printed_number,
        notation=parsed.notation,
        subject=subject,
        issued_on=day,
        place=place,
        kind=known.group if known else 2,
        kind_detail=known.detail if known else None,
        kind_name=kind,
        signer=edxml.Signer(signer),
        traces=(edxml.Trace(sender, datetime.now(VIETNAM)),),
    )
    with out.open("wb") as target:
        edxml.write_document(document, [edxml.FileToSend.of(path) for path in files], target)
    _, problems = _read(out, as_json=False)
    _print_problems(problems)
    typer.echo(str(out))


@app.command()
def status(
    about: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="the packet of the document it is about")],
    out: Annotated[Path, typer.Option("--out", help="status packet to write")],
    sender: Annotated[str, typer.Option("--from", help="code of the agency that reports")],
    code: Annotated[StatusCode, typer.Option(help="01 đã đến, 02 từ chối, 03 tiếp nhận, … 15, 16")],
    text: Annotated[str, typer.Option(help="words, such as the reason of a refusal")] = "",
) -> None:
    """Make a status packet: what became of a document that was received."""
    packet, _ = _read(about, as_json=False)
    document = packet.message
    if isinstance(document, edxml.StatusReport):
        raise typer.BadParameter("gói tin là trạng thái, không phải văn bản / the packet is a status, no document")
    related = edxml.Related(document.sender.code, document.printed_number, document.identifier, document.issued_on)
    report = edxml.StatusReport(
        edxml.Organ(sender, sender), related, code, text or code.words.vi, datetime.now(VIETNAM)
    )
    with out.open("wb") as target:
        edxml.write_status(report, target)
    typer.echo(str(out))


def _read(file: Path, as_json: bool) -> tuple[edxml.Packet, tuple[edxml.PacketProblem, ...]]:
    with file.open("rb") as source:
        try:
            return edxml.read_with_problems(source)
        except edxml.PacketRefused as refusal:
            if as_json:
                _print_json({"problems": [problem.as_dict() for problem in refusal.problems]})
            else:
                _print_problems(refusal.problems)
            raise typer.Exit(1) from refusal


def _facts(packet: edxml.Packet) -> list[tuple[str, str]]:
    message = packet.message
    if isinstance(message, edxml.StatusReport):
        facts = [
            ("Trạng thái", f"{message.code} {message.code.words.vi}"),
            ("Từ", f"{message.sender.code} {message.sender.name}"),
            ("Về văn bản", f"{message.about.number}, {message.about.identifier}"),
            ("Gửi tới", message.about.organ),
            ("Diễn giải", message.description),
            ("Lúc", f"{message.at:%H:%M:%S %d/%m/%Y}" if message.at else ""),
        ]
    else:
        facts = [
            ("Số, ký hiệu", message.printed_number),
            ("Trích yếu", message.subject),
            ("Loại", message.kind_name),
            ("Nghiệp vụ", message.business.type.words.vi),
            ("Nơi gửi", f"{message.sender.code} {message.sender.name}"),
            ("Nơi nhận", "\n".join(f"{one.code} {one.name}" for one in message.recipients)),
            ("Ngày ban hành", f"{message.issued_on:%d/%m/%Y}" if message.issued_on else ""),
            ("Người ký", f"{message.signer.position} {message.signer.name}".strip()),
            ("Độ khẩn", message.urgency.words.vi),
            ("Mã định danh", message.identifier),
            ("Tệp", "\n".join(f"{one.name} ({one.size:,} byte)".replace(",", ".") for one in packet.attachments)),
        ]
    return [*((label, value) for label, value in facts if value), ("SHA-256", packet.digest)]


def _print_problems(problems: tuple[edxml.PacketProblem, ...]) -> None:
    for problem in problems:
        mark = "✗" if problem.severity is edxml.Severity.ERROR else "!"
        typer.echo(f"{mark} {problem.path or 'packet'}: {problem.vi} / {problem.en} [{problem.rule}]", err=True)


def _free(path: Path) -> Path:
    """A path that no file has: two attachments may have one name."""
    number = 1
    while path.exists():
        path = path.with_name(f"{path.stem}-{number}{path.suffix}")
        number += 1
    return path


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if key not in ("start", "form")}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date | datetime) else value


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
