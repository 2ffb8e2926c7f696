"""Coverage over HTTP: who is reached in time, now and by hour of the day, as table and map; where to build."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query
from starlette.requests import HTTPConnection
from starlette.responses import Response

from api.auth import DoorkeeperDep
from api.bodies import answer
from api.contract import GEO_JSON, contract
from api.reports.asking import FromQuery, Period, Reader, UntilQuery, period_of
from api.reports.coverage_desk import CoverageDesk
from api.reports.coverage_schemas import (
    COVERAGE_EXAMPLE,
    HOURS_EXAMPLE,
    SITING_EXAMPLE,
    Basis,
    CoverageHoursOut,
    CoverageMapOut,
    CoverageOut,
    SitingOut,
)
from api.reports.coverage_told import Asked, coverage_told, hours_told, map_told, siting_told
from dispatch.kernel.errors import Invalid
from dispatch.units.states import Capability

router = APIRouter(prefix="/reports/coverage", tags=["reports"])
_CELLS: Final = "Closures are respected; a straight line never passes for a road."


async def _desk(connection: HTTPConnection) -> CoverageDesk:
    found: CoverageDesk = connection.app.state.coverage
    return found


CoverageDep = Annotated[CoverageDesk, Depends(_desk)]
BasisQuery = Annotated[
    Basis, Query(description="Searched from free units where they stand, or from stations with a crewed ambulance.")
]
HourQuery = Annotated[
    int | None,
    Query(ge=0, le=23, description="With `stations`: those usually crewed at this hour of the day, Beijing time."),
]


CapabilityQuery = Annotated[
    Capability | None,
    Query(description="Only ambulances built for it, where those who are on board meet it; not with `hour`."),
]

MinutesQuery = Annotated[float, Query(gt=0, le=120, description="Further stations: reached within so many minutes.")]
CountQuery = Annotated[int, Query(ge=1, le=20, description="How many further stations.")]


async def _period(door: DoorkeeperDep, begins: FromQuery = None, until: UntilQuery = None) -> Period | None:
    """The period of incidents; None: the last days up to now."""
    return None if begins is None and until is None else period_of(door, begins, until)


IncidentsDep = Annotated[Period | None, Depends(_period)]


def asked_of(basis: Basis, hour: int | None, capability: Capability | None) -> Asked:
    """Check what coverage is searched from. Raises Invalid (`report.coverage`)."""
    if hour is not None and basis == "units":
        raise Invalid("report.coverage", "Where units stand at an hour of the day is not known.", "Ask for stations.")
    if hour is not None and capability is not None:
        raise Invalid(
            "report.coverage", "What crews could do at an hour of the day is not known.", "Ask without capability."
        )
    return basis, hour, capability


@router.get(
    "",
    summary="Who is covered",
    description="Shares of people and of the period's incidents within each limit, and ambulances for people, of all, "
    "by county, organisation and ground. It says the moment, the fleet and the roads that it holds for; at most half a "
    f"minute old. Without `from` and `until` incidents of the last 30 days. {_CELLS}",
    **contract(CoverageOut, example=COVERAGE_EXAMPLE),
)
async def coverage(
    desk: CoverageDep,
    _actor: Reader,
    period: IncidentsDep,
    basis: BasisQuery = "units",
    hour: HourQuery = None,
    capability: CapabilityQuery = None,
) -> Response:
    """Tell coverage."""
    asked = asked_of(basis, hour, capability)
    return answer(await desk.told(("table", asked), period, lambda scene: coverage_told(scene, asked)))


@router.get(
    "/hours",
    summary="Who is covered at which hour of the day",
    description="From the stations that had a crew on board at that hour on at least half of the last days, with the "
    f"speeds of the hour; the incidents are those of the hour. {_CELLS}",
    **contract(CoverageHoursOut, example=HOURS_EXAMPLE),
)
async def hours(desk: CoverageDep, _actor: Reader, period: IncidentsDep) -> Response:
    """Tell coverage by hour of the day."""
    return answer(await desk.told("hours", period, hours_told))


@router.get(
    "/map",
    summary="Coverage as a map",
    description="GeoJSON: `area` is the ground reached within a time (the largest first, to be painted in that order), "
    "`cell` where people live and how soon they are reached (null: not at all), `source` what was searched from. "
    f"{_CELLS}",
    **contract(
        CoverageMapOut, media=(GEO_JSON,), told="A FeatureCollection; beside its features it says what they hold for."
    ),
)
async def drawn(
    desk: CoverageDep,
    _actor: Reader,
    basis: BasisQuery = "units",
    hour: HourQuery = None,
    capability: CapabilityQuery = None,
) -> Response:
    """Draw coverage."""
    asked = asked_of(basis, hour, capability)
    return Response(await desk.told(("map", asked), None, lambda scene: map_told(scene, asked)), media_type=GEO_JSON)


@router.get(
    "/siting",
    summary="Where a further station would help most",
    description="A preview: one after another, each time the place from which most people are reached in time who are "
    "not reached by the stations before it. Candidates are the region's own places (middles of cells of people where "
    f"it has few). All together may not be the best there is; cost, staff and ground are not looked at. {_CELLS}",
    **contract(SitingOut, example=SITING_EXAMPLE),
)
async def siting(
    desk: CoverageDep,
    _actor: Reader,
    minutes: MinutesQuery = 15,
    count: CountQuery = 5,
    capability: CapabilityQuery = None,
) -> Response:
    """Tell where further stations would help."""
    wanted = minutes, count, capability
    return answer(await desk.told(("siting", *wanted), None, lambda scene: siting_told(scene, *wanted)))
