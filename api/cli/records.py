"""`tarim records`: records from elsewhere into the record table, and out of it again."""

from __future__ import annotations

import asyncio
from importlib import resources
from pathlib import Path
from typing import Final
from uuid import UUID

import click

from api.cli.progress import say, shown
from api.cli.shared import by_hand, json_option, print_json, store, waiting
from api.parts import Parts
from dispatch.kernel.errors import Invalid, NotFound
from dispatch.kernel.events import Event
from dispatch.kernel.ids import new_id
from dispatch.kernel.journal import append
from dispatch.reports.importing import mappings
from dispatch.reports.importing.events import RecordsDropped, RecordsImported
from dispatch.reports.importing.rules_mapping import read_mapping
from dispatch.reports.importing.service_import import import_file, manifest_of
from dispatch.reports.importing.states import Count, Mapping, Outcome
from dispatch.reports.service_store import RecordStore
from dispatch.reports.states import IMPORTED

_SUFFIX: Final = ".toml"


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--mapping", "-m", "mapping_given", required=True, help="A mapping's file, or the name of one that ships."
)
@click.option("--region", "-r", help="The region; without it the one that is served.")
@click.option("--dry-run", is_flag=True, help="Read and check all, keep nothing.")
@click.option(
    "--quarantine", type=click.Path(path_type=Path), help="Where rows that cannot be taken go; FILE.quarantine.csv."
)
@json_option
@waiting
async def import_(
    file: Path, mapping_given: str, region: str | None, dry_run: bool, quarantine: Path | None, as_json: bool
) -> None:
    r"""Bring records of another service into the record table: CSV, XLSX or Parquet of any length.

    A mapping says what stands in which column, and in which time zone. Every row is taken, or put into the quarantine
    file with its reason, or told as repeated. The same file again changes nothing.

    \b
    Example:
      tarim records import calls.csv --mapping san-francisco-fire --dry-run
    """
    mapping = mapping_of(mapping_given)
    aside = quarantine or file.with_name(f"{file.name}.quarantine.csv")
    async with store() as parts:
        records = RecordStore(parts.settings.home, region or parts.settings.region)
        with shown(f"records of {file.name}") as progress:
            done = await asyncio.to_thread(
                import_file, records, file, mapping,
                now=parts.clock.now(), quarantine=aside, step=progress, dry_run=dry_run,
            )  # fmt: skip
        if not done.already and not dry_run:
            await _tell(parts, _imported(new_id(parts.clock), done, records, mapping))
    if as_json:
        print_json(done)
    else:
        _report(done, mapping, aside)


@click.command("list")
@click.option("--region", "-r", help="The region; without it the one that is served.")
@json_option
@waiting
async def list_(region: str | None, as_json: bool) -> None:
    r"""List what was imported, and the mappings that ship.

    \b
    Example:
      tarim records list
    """
    async with store() as parts:
        records = RecordStore(parts.settings.home, region or parts.settings.region)
    held = {name: manifest_of(records, name) for name in records.imports()}
    if as_json:
        print_json({"imports": held, "mappings": shipped()})
        return
    for name, manifest in held.items():
        told = f"{manifest.rows:,} rows of {len(manifest.files)} files, {manifest.title}" if manifest else ""
        click.echo(f"{name}: {told}")
    say(f"Mappings that ship: {', '.join(shipped())}.")


@click.command()
@click.argument("name")
@click.option("--region", "-r", help="The region; without it the one that is served.")
@waiting
async def drop(name: str, region: str | None) -> None:
    r"""Take an import out of the record table.

    \b
    Example:
      tarim records drop san-francisco-fire
    """
    async with store() as parts:
        records = RecordStore(parts.settings.home, region or parts.settings.region)
        if not records.drop_import(name):
            raise NotFound("records.unknown", f"Nothing was imported under the name {name}.", "tarim records list")
        await _tell(parts, RecordsDropped(import_id=new_id(parts.clock), region=records.region, mark=IMPORTED + name))
    click.echo(f"{name} is out of the record table.")


def mapping_of(given: str) -> Mapping:
    """Read a mapping that ships, by its name, or one's own file. Raises Invalid (`mapping.*`)."""
    if given in shipped():
        return read_mapping(resources.files(mappings).joinpath(given + _SUFFIX).read_text("utf-8"))
    try:
        return read_mapping(Path(given).read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(
            "mapping.unreadable",
            f"The mapping {given} cannot be read.",
            f"Those that ship are: {', '.join(shipped())}.",
        ) from error


def shipped() -> list[str]:
    """Names of the mappings that ship."""
    return sorted(
        one.name.removesuffix(_SUFFIX) for one in resources.files(mappings).iterdir() if one.name.endswith(_SUFFIX)
    )


def _imported(import_id: UUID, done: Outcome, records: RecordStore, mapping: Mapping) -> RecordsImported:
    return RecordsImported(
        import_id=import_id, region=records.region, mark=IMPORTED + done.name,
        file_digest=done.sha256, mapping_digest=mapping.digest,
        rows=done.rows, imported=done.imported, quarantined=done.quarantined, repeated=done.repeated,
    )  # fmt: skip


async def _tell(parts: Parts, told: Event) -> None:
    async with parts.database.write() as session:
        await append(session, parts.clock, by_hand(parts), [told])


def _report(done: Outcome, mapping: Mapping, aside: Path) -> None:
    if done.already:
        click.echo(f"{done.name}: this file is in already; its {done.unchanged:,} rows stay as they are.")
        return
    what = "would be taken" if done.dry_run else "taken"
    click.echo(
        f"{done.name}: {done.rows:,} rows read, {done.imported:,} {what} ({done.incidents:,} incidents), "
        f"{done.quarantined:,} in quarantine, {done.repeated:,} repeated."
    )
    click.echo(
        f"  new {done.added:,}, changed {done.changed:,}, as before {done.unchanged:,}; times are of {mapping.zone}"
    )
    _list("in quarantine", done.reasons)
    _list("odd, and kept as it is", done.quirks)
    for warning in done.warnings:
        say(f"Warning: {warning}")
    if done.quarantined:
        say(f"See {aside}.")


def _list(title: str, counts: tuple[Count, ...]) -> None:
    if counts:
        click.echo(f"  {title}:")
    for one in counts:
        share = f" ({one.count / one.of:.2%} of {one.of:,})" if one.of else ""
        click.echo(f"    {one.count:>10,}  {one.code}{share}  {one.about}")
