"""`tarim db upgrade|backup|restore|sql`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import click

from api.cli.progress import say
from api.cli.shared import waiting
from dispatch.kernel import migrate
from dispatch.kernel.anchors import FILE, set_aside
from dispatch.kernel.clock import SystemClock
from dispatch.kernel.db import async_url
from dispatch.kernel.postgres import archive
from dispatch.kernel.postgres.embedded import EmbeddedPostgres
from dispatch.kernel.postgres.tools import run_psql
from dispatch.settings import load_settings


@asynccontextmanager
async def _address() -> AsyncIterator[str]:
    """The database's address, the embedded server opened for it, its schema left as it is."""
    settings = load_settings()
    if settings.database_url is not None:
        yield async_url(settings.database_url)
        return
    embedded = EmbeddedPostgres(settings.home, progress=say)
    await asyncio.to_thread(embedded.open)
    try:
        yield embedded.url()
    finally:
        await asyncio.to_thread(embedded.close)


@click.command()
@waiting
async def upgrade() -> None:
    r"""Bring the database's schema up to date. Make a backup first.

    \b
    Example:
      tarim db upgrade
    """
    async with _address() as url:
        applied = await migrate.upgrade(url, say)
    click.echo(f"Applied {len(applied)} changes." if applied else "The schema is up to date.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--overwrite", is_flag=True, help="Replace FILE if it is there.")
@waiting
async def backup(file: Path, overwrite: bool) -> None:
    r"""Write the whole database to a file.

    Keep with it, from TARIM_HOME: keys/digest.key (without it no digest in the journal can be checked any more),
    anchors/ (they show later whether the journal was cut), and networks/, the roads.

    \b
    Example:
      tarim db backup tarim-2026-11-22.dump
    """
    async with _address() as url:
        await archive.backup(url, file, overwrite=overwrite, progress=say)
    click.echo(f"Wrote {file}.")
    say(f"Keep with it keys/digest.key, anchors and networks of {load_settings().home}: they are not in it.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Cut off others who use the database.")
@waiting
async def restore(file: Path, force: bool) -> None:
    r"""Put a backup in the place of the present database: whole or not at all.

    \b
    Example:
      tarim db restore tarim-2026-11-22.dump
    """
    async with _address() as url:
        await archive.restore(url, file, force=force, progress=say)
        await migrate.upgrade(url, say)
    click.echo(f"Restored {file}.")
    aside = set_aside(load_settings().home / FILE, SystemClock().now())
    if aside is not None:
        say(f"The journal is the backup's now; the anchors of the one before are kept in {aside}.")


@click.command()
@click.argument("statement", required=False)
@waiting
async def sql(statement: str | None) -> None:
    r"""Open PostgreSQL's own psql on the database as its owner, or run one statement there.

    The owner can change what the service cannot: `tarim journal verify` finds it.

    \b
    Example:
      tarim db sql "SELECT count(*) FROM journal"
    """
    async with _address() as url:
        code = await run_psql(url, statement)
    if code != 0:
        raise click.exceptions.Exit(1)
