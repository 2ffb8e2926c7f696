"""Network files on the disk: written whole, taken up by the database last, the old ones cleared away.

`TARIM_HOME/networks/<region>/<version>-<start of sha256>.tarimnet`. Whatever happens in between (a full disk,
`kill -9`), the database names either the old file or the new one, and that file is whole.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from api.parts import Parts
from dispatch.kernel.actor import Context
from dispatch.kernel.errors import Conflict, Invalid
from dispatch.kernel.postgres import locks
from dispatch.roads.queries import find_region, lock_region
from dispatch.roads.service import Adopted, adopt_network, create_region
from geo.network.model import RoadNetwork
from geo.network.storage import save

REGION_NAME = r"[a-z0-9][a-z0-9_-]{0,39}"
"""As TARIM_REGION takes it."""
SUFFIX = ".tarimnet"
_LOCK = ".import.lock"
_KEPT = 2
"""Network files kept of a region: the served one and the one before, which a process may be about to open."""


def folder_of(home: Path, region: str) -> Path:
    """Where a region's networks lie."""
    return home / "networks" / region


def path_of(home: Path, file: str) -> Path:
    """The network file that the database names."""
    return home / "networks" / file


@contextmanager
def importing(home: Path, region: str) -> Iterator[Path]:
    """Hold the region's folder for one import; give the folder. The lock goes with the process.

    Raises Conflict (`roads.import_running`).
    """
    folder = folder_of(home, region)
    folder.mkdir(parents=True, exist_ok=True)
    lock = locks.take(folder / _LOCK, exclusive=True)
    if lock is None:
        raise Conflict("roads.import_running", f"Roads of {region} are being imported already.", "Wait for it to end.")
    try:
        _clear(folder, [path for path in folder.iterdir() if ".part" in path.suffixes or path.name.endswith(".new")])
        yield folder
    finally:
        (folder / _LOCK).unlink(missing_ok=True)  # ours to remove: `locks` looks whether a lock's file is still there
        os.close(lock)


@dataclass(frozen=True)
class NewRegion:
    """What a region is called if it has to be made."""

    name_zh: str
    name_en: str
    schematic: bool = False


async def adopt(
    parts: Parts,
    context: Context,
    region: str,
    network: RoadNetwork,
    *,
    new: NewRegion | None = None,
    must_be_new: bool = False,
) -> tuple[Adopted, bool]:
    """Write a network and make it the region's; with `new` the region is made in the same transaction if need be.

    Returns what was adopted and whether the region was made. Call inside `importing`.
    Raises NotFound or Conflict (no such region; there is one), OSError (disk full). Then nothing has changed.
    """
    folder = folder_of(parts.settings.home, region)
    draft = folder / f"{secrets.token_hex(8)}.new"
    name, kept = "", False
    try:
        sha256 = await asyncio.to_thread(save, network, draft)
        async with parts.database.write() as session:
            made = False
            if new is not None and (must_be_new or await find_region(session, region) is None):
                await create_region(
                    session,
                    parts.clock,
                    context,
                    name=region,
                    name_zh=new.name_zh,
                    name_en=new.name_en,
                    schematic=new.schematic,
                )
                made = True
            row = await lock_region(session, region)
            name = f"{row.network_version + 1}-{sha256[:8]}{SUFFIX}"
            await asyncio.to_thread(_rename, draft, folder / name)
            adopted = await adopt_network(session, parts.clock, context, region, file=f"{region}/{name}", sha256=sha256)
        kept = True
    finally:
        draft.unlink(missing_ok=True)
        if name and not kept:
            (folder / name).unlink(missing_ok=True)
    await asyncio.to_thread(_clear_old, folder, name)
    return adopted, made


def checked_name(region: str) -> str:
    """Return a region's name, refused before any long work if it cannot be one. Raises Invalid (`region.name`)."""
    if not re.fullmatch(REGION_NAME, region):
        raise Invalid(
            "region.name",
            f"{region!r} cannot name a region.",
            "Use small letters, digits, - and _, at most 40, such as aksu-2.",
        )
    return region


def saved_sha256(path: Path) -> str:
    """Return the checksum that a network file carries in its head (see `geo.network.storage`); it is not computed."""
    with path.open("rb") as file:
        return file.read(48)[16:].hex()


def _rename(draft: Path, path: Path) -> None:
    draft.replace(path)
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _clear_old(folder: Path, name: str) -> None:
    others = [path for path in folder.glob(f"*{SUFFIX}") if path.name != name]
    others.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    _clear(folder, others[_KEPT - 1 :])


def _clear(folder: Path, files: list[Path]) -> None:
    for path in files:
        # What cannot be cleared away only takes room.
        with contextlib.suppress(OSError):
            (folder / path.name).unlink()
