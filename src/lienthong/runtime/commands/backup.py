"""`lienthong backup`: make, prove and bring back backups of an office or of the hub. Making works while it runs."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lienthong.runtime.settings import Service, Settings

if TYPE_CHECKING:
    from lienthong.runtime.backup.drill import Drill

app = typer.Typer(no_args_is_help=True, help="Sao lưu, khôi phục. / Backups: made, proven, brought back.")
Which = Annotated[Service, typer.Argument(help="office, hub")]
Data = Annotated[Path, typer.Option("--data", help="folder of the service")]
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="a backup, ….tar.age")]
Key = Annotated[Path, typer.Option("--identity", help="file of the private key AGE-SECRET-KEY-1…")]
Signer = Annotated[str, typer.Option(help="id of the key that must have signed it, as `create` says it")]
AnySigner = Annotated[bool, typer.Option("--any-signer", help="whichever key signed it: anybody may have made it")]
Target = Annotated[Path, typer.Option("--to", help="folder that is there, on another machine by a mount")]


@app.command("key")
def make_key(
    file: Annotated[Path, typer.Argument(help="the private key goes here, readable by its owner alone")],
) -> None:
    """Make the pair of keys of backups, on the machine that keeps it: the service gets the public half, printed here,
    and cannot read its own backups. Who loses the private key has no backup."""
    from lienthong.storage.age import Identity

    identity = Identity.generate()
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(f"# public key: {identity.recipient}\n{identity.text}\n")
    except FileExistsError:
        typer.echo(f"{file} đã có, không ghi đè. / exists already and is not overwritten.", err=True)
        raise typer.Exit(2) from None
    typer.echo(identity.recipient)


@app.command()
def create(
    service: Which,
    data: Data,
    to: Target,
    recipients: Annotated[Path, typer.Option(help="file of public keys age1…, one on each line")],
    trust: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="(office) trusted certificates, which go along")
    ] = None,
    keep_days: Annotated[int, typer.Option(min=1, help="days for which backups are kept")] = Settings.backup_keep_days,
) -> None:
    """Make a backup now: database and files of one moment, sealed for the recipients; those whose time is over go.

    Mã thoát: 0 xong; 1 xong, nhưng có tệp hỏng trong kho; 2 không có bản sao lưu nào được ghi.
    """
    from lienthong.runtime.commands import service as services

    with _named(), services.ready_database(service, data):
        from lienthong.runtime.backup import keeping
        from lienthong.runtime.backup.making import Order

        now = datetime.now(UTC)
        order = Order(service, data, os.environ["LIENTHONG_DATABASE_URL"], to, recipients, trust)
        made = keeping.make_and_note(order, at=now)
        removed = keeping.remove_old(service, to, days=keep_days, at=now)
    typer.echo(f"{to / made.name}.tar.age")
    typer.echo(f"{made.size} byte, {made.blobs} tệp / files, {made.seconds:.1f} s, signer {made.signed_by}")
    for name in removed:
        typer.echo(f"Đã xóa bản hết hạn / removed, its time was over: {name}")
    if made.same_disk:
        typer.echo("Đích nằm cùng ổ đĩa với dữ liệu. / The target is on the disk of the data.", err=True)
    for digest in made.damaged:
        typer.echo(f"Tệp hỏng trong kho / damaged in the store: {digest}", err=True)
    if made.damaged:
        raise typer.Exit(1)


@app.command()
def verify(
    file: File,
    identity: Key,
    trust: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, help="trusted certificates; else those that the backup brings"),
    ] = None,
    signer: Signer = "",
    any_signer: AnySigner = False,
    work: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="where there is room to restore it")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON.")] = False,
) -> None:
    """Restore a backup into a room that is thrown away, and check it: every row, every file, every signature. The
    report is put beside the file, where the service takes it in; a backup without one counts as failed.

    Mã thoát: 0 khôi phục được và đúng; 1 khôi phục được nhưng có sai lệch; 2 không mở hoặc không khôi phục được.
    """
    from lienthong.runtime.backup import drill, restoring

    with _named(as_json):
        _require_signer(signer, any_signer)
        found = drill.drill(file, restoring.read_identity(identity), signer=signer, trust=trust, work=work)
    try:
        drill.write_report(found, file)
    except OSError as reason:
        typer.echo(f"Không ghi được báo cáo / the report could not be written: {reason.strerror}", err=True)
    if as_json:
        typer.echo(json.dumps(found.told(), ensure_ascii=False, indent=2))
    else:
        _show(found)
    raise typer.Exit(0 if found.good else 1)


@app.command()
def restore(
    file: File,
    identity: Key,
    data: Annotated[Path, typer.Option("--data", help="folder of the service; not there yet, or empty")],
    signer: Signer = "",
    any_signer: AnySigner = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="put what is in the folder beside it; nothing is removed")
    ] = False,
) -> None:
    """Bring a service back as it was in the moment of the backup. Into the database that `DATABASE_URL` names, which
    is to be empty, or into one of its own below the folder."""
    from lienthong.runtime.backup import restoring

    with _named():
        _require_signer(signer, any_signer)
        url = os.environ.get("DATABASE_URL", "")
        key = restoring.read_identity(identity)
        found = restoring.restore(file, key, data, url=url, signer=signer, replace=replace)
    told = found.manifest
    typer.echo(f"{found.service}: {data}, như lúc / as of {told['made_at']}, signer {found.signed_by}")
    for agency, key, year, last in told["numbers"]:
        typer.echo(f"  {agency} · {key} · {year}: số cuối / last number {last}")
    typer.echo(
        "Những gì có sau thời điểm đó không còn: đối chiếu số văn bản đi, văn bản đến với sổ giấy và với Trục trước "
        "khi làm tiếp (docs/howto/backup.md).\nWhat came after that moment is gone: before going on, compare numbers "
        "that were given and the documents that came with the printed registers and the hub (docs/howto/backup.md)."
    )


@app.command("list")
def show_all(service: Which, data: Data, to: Target) -> None:
    """Take in the reports of drills that lie in the target, and say how each backup stands."""
    from lienthong.runtime.commands import service as services

    with _named(), services.ready_database(service, data):
        from lienthong.journal import backups
        from lienthong.runtime.backup import keeping

        keeping.take_in_reports(service, to, at=datetime.now(UTC))
        for one in backups.known():
            opens = ", ".join(one.recipients)
            typer.echo(f"{one.name}  {one.made_at:%Y-%m-%dT%H:%M:%SZ}  {one.size}  {one.standing.value}  {opens}")


def _require_signer(signer: str, any_signer: bool) -> None:
    """A backup's database is SQL, which is run: it is believed of the machine that made it, not of whoever could write
    into the folder. Raises `SignerNotNamed`."""
    from lienthong.runtime.backup.problems import SignerNotNamed

    if not signer and not any_signer:
        raise SignerNotNamed()


@contextmanager
def _named(as_json: bool = False) -> Iterator[None]:
    """A refusal with its words, and exit code 2."""
    from lienthong.runtime.backup.problems import BackupProblem

    try:
        yield
    except BackupProblem as problem:
        if as_json:
            typer.echo(json.dumps({"good": False, "problem": problem.code, "words": problem.words}, ensure_ascii=False))
        else:
            typer.echo(f"{problem.code}\n{problem.words}", err=True)
        raise typer.Exit(2) from problem


def _show(found: Drill) -> None:
    word = "ĐẠT / GOOD" if found.good else "KHÔNG ĐẠT / FAILED"
    typer.echo(f"{word}: {found.name}, {found.made_at}, {found.seconds} s, signer {found.signed_by}")
    for one in found.checks:
        open_words = f", {one.open} chưa kết luận / open" if one.open else ""
        typer.echo(f"  {one.vi} / {one.en}: {one.looked_at}{open_words}, {one.faulty} sai / faulty")
        for fault in one.faults:
            typer.echo(f"    {fault['what']}: {fault['vi']} / {fault['en']}")
