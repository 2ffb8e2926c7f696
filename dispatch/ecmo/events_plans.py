"""What happens around plans: weather told, aircraft asked for, airports kept open."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dispatch.ecmo.states_plans import FlightAnswer, Phenomenon
from dispatch.kernel.events import Event, event


@event("ecmo.weather_reported", subject="weather_id")
class WeatherReported(Event):
    """Somebody told the weather of an airport or of the roads."""

    weather_id: UUID
    region: str
    place: str
    phenomenon: Phenomenon
    visibility_m: float | None
    cloud_m: float | None
    wind_mps: float | None
    at: datetime


@event("ecmo.flight_answered", subject="answer_id")
class FlightAnswered(Event):
    """An aircraft was asked for, accepted or turned down."""

    answer_id: UUID
    region: str
    mission_id: UUID | None
    aircraft: str
    answer: FlightAnswer
    reason: str
    at: datetime
    until: datetime


@event("ecmo.airport_held", subject="hold_id")
class AirportHeld(Event):
    """An airport is kept open at night by arrangement, or is so no more."""

    hold_id: UUID
    region: str
    mission_id: UUID | None
    airport: str
    held: bool
    at: datetime
    until: datetime
