"""What is done to regions: made, given a network, closed and opened in places, furnished with places and zones.

Every change locks the region's row first and raises its version in the same transaction, so that no two changes share
a version, and a process that sees a version sees its change. Nothing here commits. Files are read in a thread: a large
one would hold up everybody else for seconds.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.actor import Context
from dispatch.kernel.cells import Bbox
from dispatch.kernel.clock import Clock
from dispatch.kernel.errors import Conflict, Invalid
from dispatch.kernel.findings import MAX_LISTED, Findings, ImportReport
from dispatch.kernel.ids import new_id
from dispatch.kernel.journal import append
from dispatch.kernel.rows import Table
from dispatch.kernel.texts import text_fault
from dispatch.roads.events import (
    ClosureAdded,
    ClosureLifted,
    NetworkAdopted,
    PlacesImported,
    RegionCreated,
    ZonesImported,
)
from dispatch.roads.queries import find_region, get_closure, list_edge_closures, lock_region
from dispatch.roads.rules import MAX_AUTHOR, ClosureDraft, checked
from dispatch.roads.rules_columns import place_records, zone_records
from dispatch.roads.service_import import Records, import_records
from dispatch.roads.states import ClosureKind
from dispatch.roads.tables import ClosureRow, OwnPlaceRow, Region, ZoneRow
from geo.datum import Datum
from geo.errors import GeoError

_REGION_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Adopted:
    """A network taken into use.

    `stale_closures` named edges of the old one: they are no longer in force, and whoever adopts the network must be
    told to draw them anew.
    """

    region: Region
    stale_closures: tuple[ClosureRow, ...]


async def create_region(
    session: AsyncSession,
    clock: Clock,
    context: Context,
    *,
    name: str,
    name_zh: str,
    name_en: str,
    schematic: bool = False,
) -> Region:
    """Make a region without a network.

    Raises:
        Invalid: `region.name`. Conflict: `region.exists`.
    """
    if not _REGION_NAME.fullmatch(name):
        raise Invalid(
            "region.name",
            f"{name!r} cannot name a region.",
            "Use small letters, digits, - and _, at most 63, such as aksu-2.",
        )
    for text in (name_zh, name_en):
        fault = text_fault(text, 200)
        if fault:
            raise Invalid("region.name", f"The region's name cannot be kept: {fault[1]}.")
    taken = Conflict("region.exists", f"There is a region {name} already.", "Choose another name.")
    if await find_region(session, name) is not None:
        raise taken
    region = Region(
        name=name,
        name_zh=name_zh.strip() or name_en.strip() or name,
        name_en=name_en.strip() or name,
        schematic=schematic,
        network_file=None,
        network_sha256=None,
        network_adopted_at=None,
        network_version=0,
        overlay_version=0,
        data_version=0,
        created_at=clock.now(),
    )
    try:
        async with session.begin_nested():
            session.add(region)
    except IntegrityError as error:
        # Somebody else was quicker by a moment.
        raise taken from error
    await append(session, clock, context, [RegionCreated(region=name, schematic=schematic)])
    return region


async def adopt_network(
    session: AsyncSession, clock: Clock, context: Context, region: str, *, file: str, sha256: str
) -> Adopted:
    """Take a saved network into use. `file` is its path below the networks' folder, `sha256` in lower-case hex.

    Closures on edges of another network go out of force, but stay in the record, marked `stale_network`. The very
    same file (by its sum) has the same edges: then they stay in force.

    Raises:
        NotFound: `region.not_found`. Invalid: `region.network`.
    """
    if not file or text_fault(file, 1_000) or not _SHA256.fullmatch(sha256):
        raise Invalid("region.network", "A network needs its file and the SHA-256 of that file.")
    locked = await lock_region(session, region)
    same = locked.network_sha256 == sha256
    stale = () if same else tuple(await list_edge_closures(session, region))
    locked.network_version += 1
    locked.network_file, locked.network_sha256 = file, sha256
    locked.network_adopted_at = clock.now()
    for row in stale:
        row.stale_network = True
    if stale:
        locked.overlay_version += 1
    elif same:
        for row in await list_edge_closures(session, region):
            row.network_version = locked.network_version
    told = NetworkAdopted(
        region=region,
        network_version=locked.network_version,
        network_sha256=sha256,
        stale_closures=tuple(row.id for row in stale),
    )
    await append(session, clock, context, [told])
    return Adopted(locked, stale)


async def add_closure(
    session: AsyncSession, clock: Clock, context: Context, region: str, draft: ClosureDraft
) -> ClosureRow:
    """Close roads, or slow them down.

    Raises:
        NotFound: `region.not_found`. Invalid: `closure.*`, see `rules.checked`.
        Conflict: `closure.stale_network`, the edges were picked on another network than the present one.
    """
    locked = await lock_region(session, region)
    now = clock.now()
    closure = checked(draft, now)
    if closure.network_version is not None and closure.network_version != locked.network_version:
        raise Conflict(
            "closure.stale_network",
            f"These edges are of network {closure.network_version}; now network {locked.network_version} is in use.",
            "Pick them again on the present network, or close by OSM way or area.",
        )
    row = ClosureRow(
        id=new_id(clock),
        region=region,
        kind=str(closure.kind),
        ways=None if closure.ways is None else list(closure.ways),
        edges=None if closure.edges is None else list(closure.edges),
        network_version=closure.network_version,
        stale_network=False,
        polygon=closure.polygon,
        centre_lat=closure.centre.lat if closure.centre else None,
        centre_lon=closure.centre.lon if closure.centre else None,
        radius_m=closure.radius_m,
        speed_factor=closure.speed_factor,
        active_from=closure.active_from,
        active_until=closure.active_until,
        reason=closure.reason,
        author=closure.author,
        created_at=now,
        lifted_at=None,
        lifted_by=None,
    )
    session.add(row)
    locked.overlay_version += 1
    await session.flush()
    await append(session, clock, context, [_closure_added(row, locked.overlay_version)])
    return row


async def lift_closure(
    session: AsyncSession, clock: Clock, context: Context, region: str, closure_id: UUID, by: str
) -> ClosureRow:
    """Take a closure out of force; its record stays, with the time and who lifted it.

    Raises:
        NotFound: `region.not_found`, `closure.not_found`. Conflict: `closure.already_lifted`. Invalid: `closure.text`.
    """
    who = by.strip()
    fault = text_fault(who, MAX_AUTHOR)
    if not who or fault:
        raise Invalid("closure.text", f"Say who lifts the closure{f': {fault[1]}' if fault else ''}.")
    locked = await lock_region(session, region)
    row = await get_closure(session, region, closure_id)
    if row.lifted_at is not None:
        raise Conflict("closure.already_lifted", f"{row.lifted_by} has lifted this closure already.")
    row.lifted_at, row.lifted_by = clock.now(), who
    locked.overlay_version += 1
    told = ClosureLifted(closure_id=row.id, region=region, overlay_version=locked.overlay_version)
    await append(session, clock, context, [told])
    return row


def _closure_added(row: ClosureRow, overlay_version: int) -> ClosureAdded:
    return ClosureAdded(
        closure_id=row.id,
        region=row.region,
        overlay_version=overlay_version,
        kind=ClosureKind(row.kind),
        ways=len(row.ways or ()),
        edges=len(row.edges or ()),
        network_version=row.network_version,
        radius_m=row.radius_m,
        speed_factor=row.speed_factor,
        active_from=row.active_from,
        active_until=row.active_until,
    )


async def import_places(
    session: AsyncSession,
    clock: Clock,
    context: Context,
    region: str,
    table: Table,
    *,
    bbox: Bbox | None = None,
    dry_run: bool = False,
    replace: bool = False,
    max_listed: int = MAX_LISTED,
) -> ImportReport:
    """Bring the region's own places to what `places.csv` says; all or nothing.

    A row with a known id changes that place in the columns that the file has; `replace` removes places that it leaves
    out. `bbox` is the region's, for warnings. Errors are in the report. Raises NotFound (`region.not_found`).
    """
    findings = Findings(max_listed)
    records = await asyncio.to_thread(place_records, table, findings, bbox)
    wanted = Records("places", OwnPlaceRow, "code", len(table.rows), records, PlacesImported)
    return await import_records(session, clock, context, region, wanted, findings, dry_run=dry_run, replace=replace)


async def import_zones(  # noqa: PLR0913 - each by its name
    session: AsyncSession,
    clock: Clock,
    context: Context,
    region: str,
    document: str | bytes,
    *,
    bbox: Bbox | None = None,
    datum: Datum = Datum.WGS84,
    dry_run: bool = False,
    replace: bool = False,
    max_listed: int = MAX_LISTED,
) -> ImportReport:
    """Bring the region's zones to what a GeoJSON document says; as `import_places`, with features for rows.

    Raises:
        NotFound: `region.not_found`. Invalid: `zones.invalid`, the document as a whole is no FeatureCollection.
    """
    findings = Findings(max_listed)
    try:
        records = await asyncio.to_thread(zone_records, document, findings, bbox, datum)
    except GeoError as error:
        raise Invalid(error.code, error.message, error.hint) from error
    wanted = Records("zones", ZoneRow, "code", len(records) + findings.error_count, records, ZonesImported)
    return await import_records(session, clock, context, region, wanted, findings, dry_run=dry_run, replace=replace)
