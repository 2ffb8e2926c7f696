"""`tarim cards export|check|import`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from api.cli.shared import by_hand, json_option, print_json, read_bytes, region_option, store, waiting
from dispatch.cards.queries import get_set_text, present_set
from dispatch.cards.rules_reading import MAX_CHARACTERS, Reading, builtin_text, read_cards
from dispatch.cards.service_sets import import_cards
from dispatch.kernel.errors import Invalid
from dispatch.roads.queries import get_region

_MOST_BYTES: Final = 4 * MAX_CHARACTERS
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--region", "-r", help="The region whose cards are wanted.  [default: the built-in ones]")
def export(file: Path, region: str | None) -> None:
    r"""Write the complaint cards to FILE (TOML), to be read or edited; - prints them.

    \b
    Example:
      tarim cards export cards.toml --region aksu
    """
    text = builtin_text() if region is None else _own_text(region)
    if str(file) == "-":
        click.echo(text, nl=False)
    else:
        file.write_text(text, "utf-8")
        click.echo(f"Wrote {file}.")


@waiting
async def _own_text(region: str) -> str:
    async with store() as parts, parts.database.read() as session:
        await get_region(session, region)
        present = await present_set(session, region)
        return await get_set_text(session, region, present.version) if present.digest else builtin_text()


@click.command()
@click.argument("file", type=_FILE)
@json_option
def check(file: Path, as_json: bool) -> None:
    r"""Say what is wrong with a file of complaint cards, by card and field. Exit code 1 if anything is.

    \b
    Example:
      tarim cards check cards.toml
    """
    _, reading = _read(file)
    if as_json:
        faults = [{"place": fault.place, "message": fault.message} for fault in reading.faults]
        print_json({"ok": not faults, "faults": faults})
    elif reading.cards is not None:
        click.echo(_told(reading))
    else:
        _list_faults(file, reading)
    if reading.cards is None:
        raise click.exceptions.Exit(1)


@click.command("import")
@click.argument("file", type=_FILE, required=False)
@click.option("--builtin", is_flag=True, help="Go back to the built-in cards.")
@region_option
@waiting
async def import_(file: Path | None, builtin: bool, region: str) -> None:
    r"""Make a file of complaint cards the region's, all or nothing; earlier ones are kept. It counts at once.

    \b
    Example:
      tarim cards import cards.toml --region aksu
      tarim cards import --builtin --region aksu
    """
    if builtin == (file is not None):
        raise click.UsageError("Give a FILE, or --builtin.")
    text = ""
    if file is not None:
        text, reading = _read(file)
        if reading.cards is None:
            _list_faults(file, reading)
            raise click.exceptions.Exit(1)
    async with store() as parts, parts.database.write() as session:
        await get_region(session, region)
        present = await import_cards(session, parts.clock, by_hand(parts), region, text)
    which = "the built-in cards" if builtin else f"the cards of {file}"
    click.echo(f"{region} has {which} (its version {present.version}).")


def _read(file: Path) -> tuple[str, Reading]:
    try:
        text = read_bytes(file, _MOST_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid("file.unreadable", f"The file {file} is not UTF-8: {error.reason}.") from None
    return text, read_cards(text)


def _told(reading: Reading) -> str:
    if reading.cards is None:
        return ""
    cards = reading.cards
    return (
        f"Good: version {cards.version}, {len(cards.cards)} cards, {len(cards.questions)} questions, "
        f"{len(cards.instructions)} instructions; {cards.sign_off}."
    )


def _list_faults(file: Path, reading: Reading) -> None:
    click.echo(f"{file}: {len(reading.faults)} faults; nothing was changed.", err=True)
    for fault in reading.faults:
        click.echo(f"  {fault}", err=True)
