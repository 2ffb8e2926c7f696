"""`tarim vehicle run`, and what the commands of a vehicle share: where to send, by which token, from which store."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

import click
import msgspec

from api.cli.here import served_port
from api.cli.progress import say
from api.cli.shared import waiting
from api.vehicle.client import Refusal, Vehicle
from api.vehicle.store import Store
from dispatch.clinical.rules_signals import SIGNALS
from dispatch.kernel.errors import Invalid, Refused
from dispatch.settings import load_settings
from dispatch.telemetry.rules_payloads import Payload, PositionFix, Value, Values
from dispatch.telemetry.states import Kind, Stream

TOKEN: Final = "TARIM_VEHICLE_TOKEN"  # noqa: S105 - the name of a variable

P = ParamSpec("P")
T = TypeVar("T")


def link_options(command: Callable[P, T]) -> Callable[P, T]:
    """Add where to send, and where to keep what is not sent yet."""
    for option in (
        click.option("--url", help="The gateway, wss://HOST/api/ingest; without it this machine's."),
        click.option("--token-file", type=click.Path(path_type=Path), help=f"File with the token; else {TOKEN}."),
        click.option("--store", "path", type=click.Path(path_type=Path), help="File to keep what is not sent yet."),
    ):
        command = option(command)
    return command


def gateway_url(given: str | None) -> str:
    """Return the address to send to. Raises Invalid (`vehicle.url`)."""
    if given is None:
        settings = load_settings()
        return f"ws{'s' if settings.tls_cert else ''}://127.0.0.1:{served_port(settings)}/api/ingest"
    if not given.startswith(("ws://", "wss://")):
        raise Invalid("vehicle.url", "The gateway's address begins with wss://, or with ws:// on one machine.")
    return given


def token_of(file: Path | None) -> str | None:
    """Return the token of a file or of the environment; None where neither has one. Raises OSError."""
    text = file.read_text("utf-8") if file is not None else os.environ.get(TOKEN, "")
    return text.strip() or None


@asynccontextmanager
async def linked(url: str, token: str, path: Path) -> AsyncIterator[Vehicle]:
    """A vehicle that keeps its link while the block lasts. Raises Refused (`vehicle.refused`)."""
    with Store(path) as store:
        vehicle = Vehicle(store, url, token)
        try:
            async with vehicle.linked():
                yield vehicle
        except Refusal as refusal:
            raise Refused(
                "vehicle.refused", f"The service does not take this vehicle: {refusal}.", "See: tarim device list."
            ) from None


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    stream: str
    values: dict[str, float] = {}
    lat: float | None = None
    lon: float | None = None
    speed_mps: float | None = None
    heading_deg: float | None = None
    accuracy_m: float | None = None


_decoder: Final = msgspec.json.Decoder(_Line)


def read_line(line: str, now_us: int) -> tuple[Stream, Payload]:
    """Read what a device says on a line. Raises ValueError for what is none."""
    try:
        told = _decoder.decode(line)
    except msgspec.DecodeError as error:
        raise ValueError(str(error)) from None
    stream = Stream.named(told.stream)
    if stream.kind is Kind.POSITION:
        if told.lat is None or told.lon is None:
            raise ValueError("a position has lat and lon")
        return stream, PositionFix(now_us, told.lat, told.lon, told.speed_mps, told.heading_deg, told.accuracy_m)
    unknown = sorted(name for name in told.values if name not in SIGNALS.by_name)
    if stream.kind not in (Kind.VITALS, Kind.ECMO) or unknown or not told.values:
        raise ValueError(
            f"{told.stream} takes values by the names of signals.toml; unknown: {', '.join(unknown) or '-'}"
        )
    return stream, Values(tuple(Value(SIGNALS.by_name[name].number, value) for name, value in told.values.items()))


@click.command()
@link_options
@waiting
async def run(url: str | None, token_file: Path | None, path: Path | None) -> None:
    r"""Send what devices measure. Each line of standard input is one measurement of now, as JSON; ends with the input.

    \b
    Lines:
      {"stream": "vitals.1", "values": {"heart_rate": 96, "spo2": 93}}
      {"stream": "position.0", "lat": 41.171, "lon": 80.262, "speed_mps": 14.5}
    \b
    Example:
      tarim vehicle run --url wss://centre.example/api/ingest --token-file token --store board.log < lines
    """
    token = token_of(token_file)
    if token is None or path is None:
        raise click.UsageError(f"Give the vehicle's token (--token-file or {TOKEN}) and --store FILE.")
    async with linked(gateway_url(url), token, path) as vehicle:
        lines: Any = sys.stdin
        while line := await asyncio.to_thread(lines.readline):
            if not line.strip():
                continue
            try:
                stream, payload = read_line(line, vehicle.now_us())
                await vehicle.record(stream, payload)
            except (ValueError, KeyError) as error:
                say(f"This line is not sent: {error}.")
        say("The input has ended; waiting until all is sent.")
        await vehicle.emptied()
