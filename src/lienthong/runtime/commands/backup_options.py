"""The options of both services about backups that make themselves."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Annotated

import typer

from lienthong.runtime.settings import Settings

To = Annotated[
    Path | None,
    typer.Option(exists=True, file_okay=False, help="folder on another machine that a backup goes to each day"),
]
Recipients = Annotated[
    Path | None, typer.Option(exists=True, dir_okay=False, help="file of the public keys age1… that open the backups")
]
At = Annotated[str, typer.Option(help="hour of Vietnam at which a backup is made")]
Days = Annotated[int, typer.Option(min=1, help="days for which backups are kept")]
AT, DAYS = Settings.backup_at, Settings.backup_keep_days


def told(settings: Settings, to: Path | None, recipients: Path | None, at: str, days: int) -> Settings:
    """The settings with what was told about backups. Raises `typer.BadParameter`."""
    if to is None:
        return settings
    if recipients is None:
        raise typer.BadParameter("--backup-to needs --backup-recipients")
    try:
        hour = time.fromisoformat(at)
    except ValueError:
        raise typer.BadParameter("--backup-at is an hour like 01:30") from None
    return settings.at(
        backup_to=str(to.resolve()), backup_recipients=str(recipients.resolve()), backup_at=f"{hour:%H:%M}",
        backup_keep_days=days,
    )  # fmt: skip
