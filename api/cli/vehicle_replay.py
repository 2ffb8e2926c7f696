"""`tarim vehicle replay`."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import click

from api.cli.progress import say
from api.cli.shared import by_hand, store, waiting
from api.cli.vehicle import gateway_url, link_options, linked, token_of
from api.parts import Parts
from api.vehicle.aecg import read_aecg
from api.vehicle.replay import Due, play, record_frames, timed_frames
from api.vehicle.tracks import read_csv, read_gpx
from api.vehicle.wfdb import read_record
from dispatch.accounts.service_devices import add_device, revoke_device
from dispatch.accounts.states import DeviceKind
from dispatch.units.queries import get_unit

_File = click.Path(path_type=Path)


@click.command()
@click.option("--ecg", type=_File, help="WFDB record, with or without .hea, or HL7 aECG (.xml); other curves too.")
@click.option("--csv", "table", type=_File, help="CSV with a column seconds and signals, or lat and lon.")
@click.option("--gpx", "track", type=_File, help="GPX track.")
@click.option("--picture", type=_File, multiple=True, help="JPEG or WebP, sent at the beginning; may be repeated.")
@click.option("--unit", "call_sign", help="The vehicle; on the service's own machine it needs no token.")
@click.option("--slot", type=click.IntRange(1, 9), default=1, show_default=True, help="The patient's place on board.")
@click.option(
    "--speed", type=click.FloatRange(min=0), default=1.0, show_default=True, help="Times as fast; 0: at once."
)
@link_options
@waiting
async def replay(  # noqa: PLR0913, PLR0917 - click gives each option by its name
    ecg: Path | None,
    table: Path | None,
    track: Path | None,
    picture: tuple[Path, ...],
    call_sign: str | None,
    slot: int,
    speed: float,
    url: str | None,
    token_file: Path | None,
    path: Path | None,
) -> None:
    r"""Play recordings as a vehicle sends them, and wait until the service keeps all of it.

    With --unit and no token a device is added for the time of the replay, and revoked after it.

    \b
    Example:
      tarim vehicle replay --unit 阿-07 --ecg s0010_re --gpx track.gpx
    """
    frames: list[Iterator[Due]] = []
    if ecg is not None:
        frames += record_frames(read_aecg(ecg) if ecg.suffix == ".xml" else read_record(ecg), slot)
    frames += [timed_frames(read_csv(table), slot)] if table is not None else []
    frames += [timed_frames(read_gpx(track), slot)] if track is not None else []
    if not frames and not picture:
        raise click.UsageError("Name what to play: --ecg, --csv, --gpx or --picture.")
    with tempfile.TemporaryDirectory() as folder:
        async with (
            _token(token_file, call_sign) as token,
            linked(gateway_url(url), token, path or Path(folder, "log")) as vehicle,
        ):
            for file in picture:
                await vehicle.record_picture(slot, file.read_bytes())
            count = await play(vehicle, frames, speed=speed)
            await vehicle.emptied()
            refused = sum(vehicle.refused.values())
    say(f"{count} frames and {len(picture)} pictures are sent; the service refused {refused} frames.")


@asynccontextmanager
async def _token(file: Path | None, call_sign: str | None) -> AsyncIterator[str]:
    given = token_of(file)
    if given is not None:
        yield given
        return
    if call_sign is None:
        raise click.UsageError("Name the vehicle with --unit, or give its token.")
    async with store() as parts, token_for(parts, call_sign, "replay") as token:
        yield token


@asynccontextmanager
async def token_for(parts: Parts, call_sign: str, note: str) -> AsyncIterator[str]:
    """The token of a device of that vehicle that is added for as long as the block lasts. Raises NotFound."""
    region = parts.settings.region
    async with parts.database.write() as session:
        unit = await get_unit(session, region, call_sign)
        device, token = await add_device(
            session, parts.clock, by_hand(parts), kind=DeviceKind.VEHICLE, organisation=unit.organisation,
            region=region, call_sign=call_sign, note=note,
        )  # fmt: skip
    try:
        yield token
    finally:
        async with parts.database.write() as session:
            await revoke_device(session, parts.clock, by_hand(parts), device.id)
