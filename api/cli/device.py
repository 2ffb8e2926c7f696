"""`tarim device add|revoke|list`."""

from __future__ import annotations

import io
import sys
from uuid import UUID

import click
import msgspec
import segno

from api.accounts.schemas import device_out
from api.cli.progress import say
from api.cli.shared import by_hand, json_option, print_json, store, waiting
from dispatch.accounts.queries import list_devices
from dispatch.accounts.service_devices import add_device, revoke_device
from dispatch.accounts.states import DeviceKind
from dispatch.units.queries import get_unit


def on_terminal() -> bool:
    """Tell whether a person looks at the output."""
    return sys.stdout.isatty()


region_option = click.option("--region", "-r", help="The region; without it TARIM_REGION.")


@click.command()
@click.argument("call_sign", required=False)
@region_option
@click.option("--exchange", "organisation", metavar="ORGANISATION", help="A telephone exchange of this organisation.")
@click.option("--note", default="", help="What and where it is, without personal data.")
@click.option("--no-qr", is_flag=True, help="Print no QR code.")
@json_option
@waiting
async def add(
    call_sign: str | None, region: str | None, organisation: str | None, note: str, no_qr: bool, as_json: bool
) -> None:
    r"""Give the device of one vehicle its token. It is shown once, as text and as QR code, and never again.

    \b
    Example:
      tarim device add 阿-07 --note 驾驶室平板
    """
    if (call_sign is None) == (organisation is None):
        raise click.UsageError("Name either a vehicle's call sign or --exchange ORGANISATION.")
    async with store() as parts:
        place = region or parts.settings.region
        async with parts.database.write() as session:
            owner = organisation or (await get_unit(session, place, call_sign or "")).organisation
            device, token = await add_device(
                session,
                parts.clock,
                by_hand(parts),
                kind=DeviceKind.VEHICLE if call_sign else DeviceKind.EXCHANGE,
                organisation=owner,
                region=place,
                call_sign=call_sign or "",
                note=note,
            )
    if as_json:
        print_json({"device": msgspec.to_builtins(device_out(device)), "token": token})
        return
    say(f"Device {device.id}. Its token is shown this once:")
    click.echo(token)
    if not no_qr and on_terminal():
        drawn = io.StringIO()
        segno.make(token, micro=False, error="m").terminal(drawn, compact=True)
        click.echo(drawn.getvalue())


@click.command()
@click.argument("device_id", type=click.UUID)
@waiting
async def revoke(device_id: UUID) -> None:
    r"""Take a device's token back. Its WebSockets are closed within 5 seconds.

    \b
    Example:
      tarim device revoke 0198c0de-0000-7000-8000-000000000001
    """
    async with store() as parts, parts.database.write() as session:
        await revoke_device(session, parts.clock, by_hand(parts), device_id)
    click.echo("Revoked.")


@click.command("list")
@region_option
@click.option("--all", "everything", is_flag=True, help="Revoked ones too.")
@json_option
@waiting
async def list_(region: str | None, everything: bool, as_json: bool) -> None:
    r"""List devices and when each was last heard of.

    \b
    Example:
      tarim device list --all
    """
    async with store() as parts, parts.database.read() as session:
        rows = await list_devices(session, region or parts.settings.region, revoked=everything)
    told = [device_out(row) for row in rows]
    if as_json:
        print_json(told)
        return
    for item in told:
        seen = f"last used {item.last_seen_at:%Y-%m-%d %H:%M}Z" if item.last_seen_at else "never used"
        state = "revoked" if item.revoked_at else seen
        click.echo(
            f"{item.id}  {item.kind:<8} {item.call_sign or item.organisation:<16} {state:<28} {item.note}".rstrip()
        )
