"""`lienthong bench`: the figures that this project promises, measured on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from lienthong.runtime.settings import Door

app = typer.Typer(no_args_is_help=True, help="Đo tốc độ. / Figures, measured here.")
AsJson = Annotated[bool, typer.Option("--json", help="machine-readable output")]


@app.command()
def exchange(
    json: AsJson = False,
    documents: Annotated[int, typer.Option(help="how many documents are sent")] = 1500,
    senders: Annotated[int, typer.Option(help="how many send at once")] = 4,
    kilobytes: Annotated[int, typer.Option(help="size of the file in each packet")] = 200,
) -> None:
    """Packets with signed submissions from a client through the hub to a client, every receipt verified.

    Void unless all arrived, and unless the database writes before it answers.
    """
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
def offices(
    json: AsJson = False,
    megabytes: Annotated[int, typer.Option(help="size of the enclosure")] = 500,
    door: Annotated[Door, typer.Option(help="by which door of the hub the offices go")] = Door.NATIVE,
) -> None:
    """A large enclosure from the page of one office to that of another; the memory of each process."""
    from lienthong.runtime.commands import bench_offices

    raise typer.Exit(bench_offices.run(megabytes=megabytes, door=door, as_json=json))


@app.command()
def agencies(json: AsJson = False, number: Annotated[int, typer.Option(help="how many agencies")] = 123_000) -> None:
    """The directory of the whole country: import, search, and the copy that each process keeps."""
    from lienthong.runtime.commands import bench_agencies

    raise typer.Exit(bench_agencies.run(agencies=number, as_json=json))


@app.command()
def intake(
    json: AsJson = False,
    packets: Annotated[int, typer.Option(help="how many packets are sent")] = 3000,
    connections: Annotated[int, typer.Option(help="how many connections send at once")] = 16,
    kilobytes: Annotated[int, typer.Option(help="size of the file in each; a packet is a third larger")] = 208,
) -> None:
    """Packets of 280 KB taken in durably from many connections; void unless all of them are there afterwards."""
    from lienthong.runtime.commands import bench_intake

    raise typer.Exit(bench_intake.run(packets=packets, connections=connections, kilobytes=kilobytes, as_json=json))


@app.command()
def fanout(
    json: AsJson = False, recipients: Annotated[int, typer.Option(help="how many agencies receive it")] = 10_000
) -> None:
    """One packet to ten thousand recipients: taken in, listed before what is less urgent, fetched and acknowledged."""
    from lienthong.runtime.commands import bench_fanout

    raise typer.Exit(bench_fanout.run(recipients=recipients, as_json=json))


@app.command()
def lists(
    json: AsJson = False, deliveries: Annotated[int, typer.Option(help="rows in the table")] = 10_000_000
) -> None:
    """How long lists take at both doors and in the console with ten million deliveries. Takes ten minutes or more."""
    from lienthong.runtime.commands import bench_lists

    raise typer.Exit(bench_lists.run(deliveries=deliveries, as_json=json))


@app.command()
def memory(
    json: AsJson = False, packets: Annotated[int, typer.Option(help="how many packets are sent")] = 100_000
) -> None:
    """The hub's memory after a tenth of the packets and after all of them. Takes ten minutes or more."""
    from lienthong.runtime.commands import bench_memory

    raise typer.Exit(bench_memory.run(packets=packets, as_json=json))


@app.command()
def search(
    json: AsJson = False, documents: Annotated[int, typer.Option(help="how many the office holds")] = 100_000
) -> None:
    """How long searches and the lists of an office take with very many documents."""
    from lienthong.runtime.commands import bench_search

    raise typer.Exit(bench_search.run(documents=documents, as_json=json))


@app.command()
def sending(
    json: AsJson = False,
    documents: Annotated[int, typer.Option(help="how many are numbered, sealed and sent")] = 500,
    recipients: Annotated[int, typer.Option(help="to how many agencies each")] = 20,
) -> None:
    """Documents sealed and sent from one office through its pages, and how long other screens take meanwhile."""
    from lienthong.runtime.commands import bench_sending

    raise typer.Exit(bench_sending.run(documents=documents, recipients=recipients, as_json=json))
