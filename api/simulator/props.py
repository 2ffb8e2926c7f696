"""What a simulated day needs beside the service: logins, devices' tokens, crews, hospitals and places, in one file.

The demo makes it, and keeps it for its owner alone (0600): the accounts in it are invented people of this installation.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from dispatch.kernel.errors import Invalid, NotFound, Unavailable
from dispatch.simulation.rules_places import Locality
from dispatch.simulation.rules_setting import Hospital, Vehicle
from dispatch.units.service_crew import Joining

FILE: Final = "demo-simulation.json"
"""Below TARIM_HOME."""


class Account(msgspec.Struct, frozen=True):
    """A person who is played."""

    name: str
    password: str


class Desk(msgspec.Struct, frozen=True):
    """The people of an organisation who are played: a dispatcher, and a doctor who records patients for its crews."""

    organisation: str
    dispatcher: Account
    doctor: Account


class Token(msgspec.Struct, frozen=True):
    """A device and its token."""

    id: UUID
    token: str


class Unit(msgspec.Struct, frozen=True):
    """A vehicle, its two teams, and its device; none for a vehicle that is heard by radio only."""

    id: UUID
    organisation: str
    vehicle: Vehicle
    teams: tuple[tuple[Joining, ...], ...]
    device: Token | None


class Props(msgspec.Struct, frozen=True):
    """All of it."""

    region: str
    desks: tuple[Desk, ...]
    exchange: Token
    units: tuple[Unit, ...]
    hospitals: tuple[Hospital, ...]
    localities: tuple[Locality, ...]


def read_props(home: Path) -> Props:
    """Read the file. Raises NotFound (`simulation.no_props`), Invalid (`simulation.props`)."""
    path = home / FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Props)
    except FileNotFoundError:
        raise NotFound(
            "simulation.no_props", f"There is no {path}: nothing is known of who plays.", "Start tarim demo once."
        ) from None
    except msgspec.DecodeError:
        raise Invalid(
            "simulation.props", f"The file {path} is damaged.", "Remove it: tarim demo makes another."
        ) from None


def write_props(home: Path, props: Props) -> None:
    """Write the file whole, or not at all. Raises Unavailable (`simulation.props`)."""
    path = home / FILE
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(fd, "wb") as file:
            file.write(msgspec.json.encode(props))
            file.flush()
            os.fsync(fd)
        draft.replace(path)
    except OSError as error:
        raise Unavailable("simulation.props", f"The file {path} cannot be written: {error.strerror}.") from error
