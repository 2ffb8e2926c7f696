"""Weather, operators' answers and airports kept open, told by hand, kept with who told them. Nothing here commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from dispatch.ecmo.events_plans import AirportHeld, FlightAnswered, WeatherReported
from dispatch.ecmo.queries_plans import list_holds
from dispatch.ecmo.rules_air import AIRCRAFT, AIRPORTS
from dispatch.ecmo.states_plans import ROADS, FlightAnswer, Phenomenon, TurnDown
from dispatch.ecmo.tables_plans import EcmoAirportHold, EcmoFlightAnswer, EcmoWeather
from dispatch.incidents.rules_times import Told
from dispatch.incidents.service import Act
from dispatch.kernel.errors import Invalid, NotFound

COUNTS_H: Final = 12
"""So many hours an answer or an arrangement counts unless another follows."""


@dataclass(frozen=True, slots=True)
class Reported:
    """Weather told: metres and m/s with gusts, None: not told."""

    place: str
    phenomenon: Phenomenon
    visibility_m: float | None = None
    cloud_m: float | None = None
    wind_mps: float | None = None


async def report_weather(act: Act, told: Reported, when: Told | None = None) -> EcmoWeather:
    """Keep a report. Raises NotFound (`weather.place`), Invalid (`time.*`)."""
    if told.place != ROADS and told.place not in AIRPORTS:
        raise NotFound("weather.place", "There is no such airport here.")
    async with act.together():
        moment = act.moment(when)
        row = EcmoWeather(
            id=act.new_id(), region=act.region, place=told.place, at=moment.occurred_at, phenomenon=told.phenomenon,
            visibility_m=told.visibility_m, cloud_m=told.cloud_m, wind_mps=told.wind_mps,
            entered_at=moment.entered_at, actor=act.actor,
        )  # fmt: skip
        act.session.add(row)
        await act.session.flush()
        act.tell(
            WeatherReported(
                weather_id=row.id, region=act.region, place=row.place, phenomenon=told.phenomenon,
                visibility_m=row.visibility_m, cloud_m=row.cloud_m, wind_mps=row.wind_mps, at=row.at,
            )
        )  # fmt: skip
        return row


async def answer_flight(
    act: Act, aircraft: str, answer: FlightAnswer, reason: TurnDown | None = None, mission_id: UUID | None = None
) -> EcmoFlightAnswer:
    """Keep what an operator said, for every desk to see.

    Raises NotFound (`aircraft.not_found`), Invalid (`aircraft.reason`): a turn-down says why, and nothing else does.
    """
    if aircraft not in AIRCRAFT:
        raise NotFound("aircraft.not_found", "There is no such aircraft.")
    if (answer is FlightAnswer.TURNED_DOWN) is not (reason is not None):
        raise Invalid("aircraft.reason", "A turn-down says why, and nothing else does.")
    async with act.together():
        now = act.clock.now()
        row = EcmoFlightAnswer(
            id=act.new_id(), region=act.region, mission_id=mission_id, aircraft=aircraft, answer=answer,
            reason=reason or "", at=now, until=now + timedelta(hours=COUNTS_H), actor=act.actor,
        )  # fmt: skip
        act.session.add(row)
        await act.session.flush()
        act.tell(
            FlightAnswered(
                answer_id=row.id, region=act.region, mission_id=mission_id, aircraft=aircraft, answer=answer,
                reason=row.reason, at=now, until=row.until,
            )
        )  # fmt: skip
        return row


async def hold_airport(act: Act, airport: str, *, held: bool, mission_id: UUID | None = None) -> None:
    """Keep by name that an airport is kept open at night, or no more, for every desk; said twice it is kept once.

    Raises NotFound (`airport.not_found`), Invalid (`airport.night`): it is open at night by itself.
    """
    known = AIRPORTS.get(airport)
    if known is None:
        raise NotFound("airport.not_found", "There is no such airport here.")
    if known.night:
        raise Invalid("airport.night", "This airport is open at night by itself.")
    async with act.together():
        now = act.clock.now()
        if (airport in await list_holds(act.session, act.region, now)) is held:
            return
        row = EcmoAirportHold(
            id=act.new_id(), region=act.region, mission_id=mission_id, airport=airport, held=held, at=now,
            until=now + timedelta(hours=COUNTS_H), actor=act.actor,
        )  # fmt: skip
        act.session.add(row)
        await act.session.flush()
        act.tell(
            AirportHeld(
                hold_id=row.id, region=act.region, mission_id=mission_id, airport=airport, held=held, at=now,
                until=row.until,
            )
        )  # fmt: skip
