"""`tarim tls self-signed`."""

from __future__ import annotations

from pathlib import Path

import click

from api.cli.certificates import MOST_DAYS, fingerprint, self_signed, write_pair
from api.cli.progress import say
from dispatch.kernel.clock import SystemClock
from dispatch.settings import load_settings


@click.command("self-signed")
@click.argument("names", nargs=-1, required=True)
@click.option(
    "--days", type=click.IntRange(1, MOST_DAYS), default=MOST_DAYS, show_default=True, help="How long it holds."
)
@click.option(
    "--output", "-o", type=click.Path(path_type=Path, file_okay=False), help="Folder; without it TARIM_HOME/tls."
)
@click.option("--overwrite", is_flag=True, help="Replace what is there.")
def self_signed_(names: tuple[str, ...], days: int, output: Path | None, overwrite: bool) -> None:
    r"""Make a certificate and its key for the host NAMES and addresses by which this service is reached.

    \b
    Example:
      tarim tls self-signed dispatch.lan 192.168.10.5
    """
    certificate, key = self_signed(names, SystemClock().now(), days)
    folder = output or load_settings().home / "tls"
    cert_path, key_path = write_pair(folder.absolute(), certificate, key, overwrite=overwrite)
    click.echo(f"TARIM_TLS_CERT={cert_path}")
    click.echo(f"TARIM_TLS_KEY={key_path}")
    say(f"Every screen must be told to trust it, once. SHA-256 fingerprint: {fingerprint(certificate)}")
