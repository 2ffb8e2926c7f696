"""Questions to the tables of weather and of what operators answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.ecmo.rules_air import Weather
from dispatch.ecmo.states_plans import FlightAnswer, Phenomenon
from dispatch.ecmo.tables_plans import EcmoAirportHold, EcmoFlightAnswer, EcmoWeather


async def list_weather(session: AsyncSession, region: str) -> dict[str, EcmoWeather]:
    """The newest report of each place, however old."""
    found = await session.scalars(
        select(EcmoWeather)
        .where(EcmoWeather.region == region)
        .order_by(EcmoWeather.place, EcmoWeather.at.desc(), EcmoWeather.id.desc())
        .ext(distinct_on(EcmoWeather.place))
    )
    return {row.place: row for row in found}


def as_weather(row: EcmoWeather) -> Weather:
    """A report as rules read it."""
    return Weather(row.at, row.visibility_m, row.cloud_m, row.wind_mps, Phenomenon(row.phenomenon))


async def list_flight_answers(session: AsyncSession, region: str, now: datetime) -> Sequence[EcmoFlightAnswer]:
    """The newest answer for each aircraft that still counts."""
    found = await session.scalars(
        select(EcmoFlightAnswer)
        .where(EcmoFlightAnswer.region == region, EcmoFlightAnswer.until > now)
        .order_by(EcmoFlightAnswer.aircraft, EcmoFlightAnswer.at.desc(), EcmoFlightAnswer.id.desc())
        .ext(distinct_on(EcmoFlightAnswer.aircraft))
    )
    return found.all()


def turned_down(rows: Sequence[EcmoFlightAnswer]) -> frozenset[str]:
    """Aircraft whose operators said no."""
    return frozenset(row.aircraft for row in rows if row.answer == FlightAnswer.TURNED_DOWN)


async def list_holds(session: AsyncSession, region: str, now: datetime) -> dict[str, EcmoAirportHold]:
    """Airports that are kept open at night by arrangement, with the newest that was said of each."""
    found = await session.scalars(
        select(EcmoAirportHold)
        .where(EcmoAirportHold.region == region, EcmoAirportHold.until > now)
        .order_by(EcmoAirportHold.airport, EcmoAirportHold.at.desc(), EcmoAirportHold.id.desc())
        .ext(distinct_on(EcmoAirportHold.airport))
    )
    return {row.airport: row for row in found if row.held}
