"""`lienthong bench`: the figures that this project promises, measured on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Đo tốc độ. / Figures, measured here.")
AsJson = Annotated[bool, typer.Option("--json", help="machine-readable output")]


@app.command()
def exchange(
    json: AsJson = False,
    documents: Annotated[int, typer.Option(help="how many documents are sent")] = 1500,
    senders: Annotated[int, typer.Option(help="how many send at once")] = 4,
    kilobytes: Annotated[int, typer.Option(help="size of the signed file in each")] = 200,
) -> None:
    """Documents from a client through the hub to a client, every receipt verified; void unless all arrived."""
    from lienthong.runtime.commands import bench_exchange

    raise typer.Exit(bench_exchange.run(documents=documents, senders=senders, kilobytes=kilobytes, as_json=json))


@app.command()
def signatures(json: AsJson = False) -> None:
    """How long signing and judging take, keys loaded."""
    from lienthong.runtime.commands import bench_signatures

    bench_signatures.run(json)


@app.command()
def streaming(
    json: AsJson = False, megabytes: Annotated[int, typer.Option(help="size of the enclosure")] = 500
) -> None:
    """A large enclosure through sender, hub and recipient, by both doors; the memory of each process."""
    from lienthong.runtime.commands import bench_streaming

    raise typer.Exit(bench_streaming.run(megabytes=megabytes, as_json=json))


@app.command()
def agencies(json: AsJson = False, number: Annotated[int, typer.Option(help="how many agencies")] = 123_000) -> None:
    """The directory of the whole country: import, search, and the copy that each process keeps."""
    from lienthong.runtime.commands import bench_agencies

    raise typer.Exit(bench_agencies.run(agencies=number, as_json=json))
