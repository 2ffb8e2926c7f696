"""`tarim serve`: the service on a region of one's own."""

from __future__ import annotations

import socket

import click

from api import event_loop
from api.cli.here import known_to_be_here
from api.cli.progress import say
from api.cli.serving import serve_shown
from api.logs import configure_logs
from api.parts import Parts, open_parts
from api.server import address_of, listening, serve_workers, stopping_quietly
from dispatch.kernel.errors import Unavailable
from dispatch.roads.queries import get_region
from dispatch.settings import Settings, load_settings


@click.command()
@click.option("--region", "-r", help="The region to serve; without it TARIM_REGION.")
@click.option("--host", help="Address to listen on; other than this machine's own only with TLS or a proxy.")
@click.option("--port", type=click.IntRange(0, 65_535), help="Port; without it TARIM_PORT or 8000.")
@click.option("--behind-proxy", "proxy", metavar="ADDRESS", help="A proxy at this address does TLS in front of it.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that answer.")
def serve(region: str | None, host: str | None, port: int | None, proxy: str | None, workers: int) -> None:
    r"""Serve a region of your own until Ctrl-C.

    \b
    Example:
      tarim serve --region porto --port 8080 --workers 2
    """
    said = {"region": region, "host": host, "port": port, "behind_proxy": proxy}
    settings = load_settings(**{name: value for name, value in said.items() if value is not None})
    configure_logs()
    with stopping_quietly(), listening(settings) as listener:
        if workers == 1:
            event_loop.run(_alone(settings, listener))
        else:
            event_loop.run(_with_workers(settings, listener, workers))


async def _alone(settings: Settings, listener: socket.socket) -> None:
    async with open_parts(settings, say=say) as parts:
        await _must_have_roads(settings, parts)
        await serve_shown(parts, settings, listener, lambda: click.echo(_told(settings, listener)))


async def _with_workers(settings: Settings, listener: socket.socket, workers: int) -> None:
    # This process holds the embedded server for all of them and migrates it before they come.
    async with open_parts(settings, say=say) as parts:
        await _must_have_roads(settings, parts)
        click.echo(_told(settings, listener))
        with known_to_be_here(settings.home, listener):
            serve_workers(settings, listener, workers)


def _told(settings: Settings, listener: socket.socket) -> str:
    return f"Tarim serves {settings.region} on {address_of(listener, tls=settings.tls_cert is not None)}"


async def _must_have_roads(settings: Settings, parts: Parts) -> None:
    """Refuse to serve what cannot answer. Raises NotFound (`region.not_found`), Unavailable (`region.no_roads`)."""
    async with parts.database.read() as session:
        row = await get_region(session, settings.region)
    if row.network_file is None:
        raise Unavailable(
            "region.no_roads",
            f"The region {settings.region} has no roads yet.",
            f"tarim roads import FILE --region {settings.region}",
        )
