"""The command `lienthong`."""

import typer

app = typer.Typer(no_args_is_help=True)


@app.callback()
def lienthong() -> None:
    """Liên Thông: official documents between agencies."""


def main() -> None:
    """Entry point of the command `lienthong`."""
    app()
