"""`refkit serve`: a catalogue behind a Crossref-compatible HTTP API."""

from __future__ import annotations

import signal
import threading

import click

from refkit.api import catalogues


@click.command()
@click.argument("catalogue", metavar="CATALOGUE")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8099,
    show_default=True,
    help="The port; 0 for any free one.",
)
@click.option("--public", is_flag=True, help="Allow a HOST that other machines can reach.")
@click.option("--fault", "faults", metavar="SPEC", multiple=True, help="Inject faults, for tests.")
def command(catalogue: str, host: str, port: int, public: bool, faults: tuple[str, ...]) -> None:
    """Serve CATALOGUE, built or not, as Crossref's REST API does, until interrupted.

    Any Crossref client works against it, refkit with --crossref-url, habanero with base_url.

    \b
    Examples:
      refkit serve catalogue --port 8099
      refkit enrich refs.bib --crossref-url http://127.0.0.1:8099
    """
    stop = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stop.set())
    with catalogues.serve(catalogue, host=host, port=port, faults=faults, public=public) as server:
        click.echo(f"serving {catalogue} at {server.url} (Ctrl-C stops)")
        stop.wait()
    click.echo("stopped", err=True)
