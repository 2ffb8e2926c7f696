"""`tarim journal verify|show`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import msgspec

from api.cli.shared import json_option, print_json, store, waiting
from dispatch.audit import queries, service
from dispatch.kernel.anchors import FILE, AnchorFile
from dispatch.kernel.journal_table import JournalLine


@click.command()
@click.option(
    "--anchor",
    type=click.Path(path_type=Path, exists=True, dir_okay=False, readable=True),
    help="File of head hashes kept outside the database.  [default: the one in TARIM_HOME, where there is one]",
)
@json_option
@waiting
async def verify(anchor: Path | None, as_json: bool) -> None:
    r"""Check the whole journal: nothing changed, missing, out of order, cut off or rewritten. Exit code 1 if it is.

    \b
    Example:
      tarim journal verify --anchor /media/usb/journal.jsonl
    """
    async with store() as parts:
        own = parts.settings.home / FILE
        path = anchor or (own if own.is_file() else None)
        async with parts.database.read() as session:
            found = await service.verify(session, AnchorFile(path) if path is not None else None)
    if as_json:
        print_json({"whole": found.whole, "sentence": found.sentence, **msgspec.to_builtins(found)})
    else:
        click.echo(found.sentence)
        for finding in found.findings[1:]:
            click.echo(f"  {finding.sentence}")
        if found.more:
            click.echo(f"  and {found.more:,} more")
    if not found.whole:
        raise click.exceptions.Exit(1)


@click.command()
@click.option("--from", "first", type=click.IntRange(min=1), help="Start with this line.  [default: the newest lines]")
@click.option("--subject", metavar="ID", help="Only what happened to this unit, incident or person.")
@click.option(
    "--limit", type=click.IntRange(1, queries.MOST_LINES), default=50, show_default=True, help="So many lines at most."
)
@json_option
@waiting
async def show(first: int | None, subject: str | None, limit: int, as_json: bool) -> None:
    r"""Show lines of the journal.

    \b
    Example:
      tarim journal show --from 1200 --limit 20
    """
    async with store() as parts, parts.database.read() as session:
        if first is None:
            lines = await queries.list_newest(session, subject=subject, limit=limit)
        elif subject is None:
            lines = await queries.list_lines(session, after_seq=first - 1, limit=limit)
        else:
            lines = await queries.list_by_subject(session, subject, after_seq=first - 1, limit=limit)
    if as_json:
        print_json([_plain(line) for line in lines])
        return
    if not lines:
        click.echo("There are no such lines.")
    for line in lines:
        click.echo(_row(line))


def _plain(line: JournalLine) -> dict[str, Any]:
    return {
        "seq": line.seq,
        "id": line.id,
        "type": line.type,
        "occurred_at": line.occurred_at,
        "recorded_at": line.recorded_at,
        "subject": line.subject,
        "organisation": line.organisation,
        "actor": line.actor,
        "context_id": line.context_id,
        "parent_id": line.parent_id,
        "payload": line.payload,
        "prev_hash": line.prev_hash.hex(),
        "hash": line.hash.hex(),
    }


def _row(line: JournalLine) -> str:
    occurred = line.occurred_at.isoformat(timespec="seconds")
    late = f" (entered {line.recorded_at.isoformat(timespec='seconds')})" if line.occurred_at < line.recorded_at else ""
    payload = msgspec.json.encode(line.payload).decode()
    return f"{line.seq:>8}  {occurred}{late}  {line.type}  {line.subject}  {line.actor}  {payload}"
