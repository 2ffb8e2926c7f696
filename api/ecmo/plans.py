"""Plans of legs compared, for any two hospitals; the weather and the operators' answers that flights are judged by."""

from __future__ import annotations

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api.acting import acting
from api.auth import DoorkeeperDep, requires
from api.bodies import Body, answer
from api.contract import contract
from api.deps import PartsDep
from api.dispatching.looking import LookingDep
from api.ecmo.schemas_plans import (
    PLANS_EXAMPLE,
    AircraftOut,
    AirportHoldIn,
    AirportHoldOut,
    AirportOut,
    FlightAnswerIn,
    PlansOut,
    SkyOut,
    WeatherIn,
    WeatherOut,
)
from api.ecmo.telling_plans import flight_answer_out, plans_out
from api.names import names_of_actors
from api.parts import Parts
from dispatch.accounts.rules_permissions import Principal
from dispatch.ecmo.queries_plans import as_weather, list_flight_answers, list_holds, list_weather, turned_down
from dispatch.ecmo.rules_air import AIRCRAFT, AIRPORTS
from dispatch.ecmo.service_plans import Asked, compare_plans
from dispatch.ecmo.service_weather import Reported, answer_flight, hold_airport, report_weather
from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_plans import Phenomenon
from dispatch.hospitals.queries import get_hospital, list_hospitals

router = APIRouter(tags=["ecmo"])
Reader = Annotated[Principal, requires("ecmo.read")]
Coordinator = Annotated[Principal, requires("ecmo.coordinate")]
_told, _answered, _held = Body(WeatherIn), Body(FlightAnswerIn), Body(AirportHoldIn)
Key = Annotated[UUID, Query(description="A hospital's `key`.")]


@router.get(
    "/ecmo/plans",
    summary="Compare plans of legs",
    description="By road, half way, brought to the centre, and by air, each with its moments, risks, people and the "
    "cover that it takes. A patient without a circuit is moved only once somebody said by name that he is fit for it: "
    "until `fit_to_move` such plans are shown and never recommended. A person decides.",
    **contract(PlansOut, example=PLANS_EXAMPLE, problems=[404]),
)
async def plans(
    looking: LookingDep,
    parts: PartsDep,
    _actor: Reader,
    centre: Key,
    origin: Key,
    bed: Annotated[UUID | None, Query(description="Where he is taken; without it to the centre.")] = None,
    mode: Annotated[Mode, Query(description="What the circuit is to support.")] = Mode.VV,
    on_circuit: Annotated[bool, Query(description="A circuit runs already.")] = False,
    fit_to_move: Annotated[bool, Query(description="Said by name: he may be moved without a circuit.")] = False,
    unit_id: Annotated[UUID | None, Query(description="The team's vehicle, where it is known already.")] = None,
) -> Response:
    """Compare plans."""
    served, fleet = await looking.ask()
    region = parts.settings.region
    async with parts.database.read() as session:
        weather = {place: as_weather(row) for place, row in (await list_weather(session, region)).items()}
        asked = Asked(
            centre=await get_hospital(session, region, centre),
            origin=await get_hospital(session, region, origin),
            bed=await get_hospital(session, region, bed or centre),
            mode=mode,
            on_circuit=on_circuit,
            fit_to_move=fit_to_move,
            hospitals=await list_hospitals(session, region),
            weather=weather,
            turned_down=turned_down(await list_flight_answers(session, region, fleet.at)),
            held_open=frozenset(await list_holds(session, region, fleet.at)),
            unit_id=unit_id,
        )
    return answer(plans_out(await asyncio.to_thread(compare_plans, served.engine, fleet, asked)))


@router.get(
    "/ecmo/sky",
    summary="What flights are judged by",
    description="Airports, aircraft, the newest weather of each place, and what operators answered: a turn-down is "
    "there for every desk to see, so that nobody asks another operator without knowing of it.",
    **contract(SkyOut),
)
async def sky(parts: PartsDep, _actor: Reader) -> Response:
    """Tell of the sky."""
    return answer(await _sky(parts))


@router.post(
    "/ecmo/weather/{place}",
    summary="Tell the weather of an airport or of the roads",
    description="Kept with who told it. After an hour it counts no more, and flights there are no longer go.",
    **contract(
        SkyOut, body=WeatherIn, status=201, problems=[404],
        body_examples={"dust": {"phenomenon": "dust", "visibility_m": 1500, "cloud_m": 2000, "wind_mps": 9}},
    ),
)  # fmt: skip
async def told(
    request: Request,
    door: DoorkeeperDep,
    actor: Coordinator,
    place: Annotated[str, Path(description="An airport's code, or `roads`.", max_length=16)],
) -> Response:
    """Tell weather."""
    asked = await _told.of(request)
    async with acting(door, actor) as act:
        found = Reported(place, asked.phenomenon, asked.visibility_m, asked.cloud_m, asked.wind_mps)
        await report_weather(act, found)
    return answer(await _sky(door.parts), status=201)


@router.post(
    "/ecmo/aircraft/{code}/answers",
    summary="Tell what an operator of an aircraft said",
    description="Asked, accepted, or turned down with a reason. It counts for twelve hours unless another follows.",
    **contract(
        SkyOut, body=FlightAnswerIn, status=201, problems=[404],
        body_examples={"turned down": {"answer": "turned_down", "reason": "weather"}},
    ),
)  # fmt: skip
async def answered(
    request: Request,
    door: DoorkeeperDep,
    actor: Coordinator,
    code: Annotated[str, Path(description="The aircraft.", max_length=64)],
) -> Response:
    """Tell an answer."""
    asked = await _answered.of(request)
    async with acting(door, actor) as act:
        await answer_flight(act, code, asked.answer, asked.reason, asked.mission_id)
    return answer(await _sky(door.parts), status=201)


@router.post(
    "/ecmo/airports/{code}/hold",
    summary="Tell that an airport is kept open at night, or no more",
    description="By name, once that is arranged with it; every desk sees it, and flights are judged by it. It counts "
    "for twelve hours.",
    **contract(SkyOut, body=AirportHoldIn, status=201, problems=[404], body_examples={"arranged": {"held": True}}),
)
async def kept_open(
    request: Request,
    door: DoorkeeperDep,
    actor: Coordinator,
    code: Annotated[str, Path(description="The airport.", max_length=16)],
) -> Response:
    """Tell an arrangement."""
    asked = await _held.of(request)
    async with acting(door, actor) as act:
        await hold_airport(act, code, held=asked.held, mission_id=asked.mission_id)
    return answer(await _sky(door.parts), status=201)


async def _sky(parts: Parts) -> SkyOut:
    now, region = parts.clock.now(), parts.settings.region
    async with parts.database.read() as session:
        weather = await list_weather(session, region)
        answers = await list_flight_answers(session, region, now)
        holds = await list_holds(session, region, now)
        names = await names_of_actors(session, [one.actor for one in holds.values()])
    held = {
        code: AirportHoldOut(one.mission_id, one.at, one.until, one.actor, names.get(one.actor))
        for code, one in holds.items()
    }
    return SkyOut(
        now,
        [
            AirportOut(
                one.code, one.name_zh, one.name_en, one.point.lat, one.point.lon, one.elevation_m, one.runway_m,
                one.night, held.get(one.code),
            )
            for one in AIRPORTS.values()
        ],
        [
            AircraftOut(
                one.code, "rotary" if one.type.rotary else "fixed", one.base.code, one.operator_zh, one.operator_en,
                one.type.range_km, one.type.runway_m, one.type.seats,
            )
            for one in AIRCRAFT.values()
        ],
        [
            WeatherOut(
                row.place, row.at, as_weather(row).old(now), Phenomenon(row.phenomenon), row.visibility_m, row.cloud_m,
                row.wind_mps,
            )
            for row in weather.values()
        ],
        [flight_answer_out(row) for row in answers],
    )  # fmt: skip
