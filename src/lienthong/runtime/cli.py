"""The command `lienthong`."""

import typer

from lienthong.runtime.commands import backup, bench, demo, document, hub, office, packet, token
from lienthong.runtime.commands.conformance import conformance
from lienthong.runtime.commands.verify import verify
from lienthong.runtime.commands.witness import witness

app = typer.Typer(no_args_is_help=True, pretty_exceptions_show_locals=False)  # among them are PINs and passwords
app.add_typer(packet.app, name="packet")
app.add_typer(document.app, name="document")
app.add_typer(hub.app, name="hub")
app.add_typer(office.app, name="office")
app.add_typer(token.app, name="token")
app.add_typer(backup.app, name="backup")
app.add_typer(bench.app, name="bench")
app.command()(demo.demo)
app.command()(conformance)
app.command()(verify)
app.command()(witness)


@app.callback()
def lienthong() -> None:
    """Liên Thông: official documents between agencies."""


def main() -> None:
    """Entry point of the command `lienthong`."""
    app()
