"""Whether an aircraft can fly a plan: go, no go with reasons, or not known. Pure.

Data: `aircraft.toml`, awaiting sign-off. What is not known is never go: weather that nobody reported, or that was
reported too long ago, makes a flight unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from dispatch.ecmo.rules_figures import FIGURES, Mountain, Times, times
from dispatch.ecmo.rules_sun import is_night
from dispatch.ecmo.states_plans import NoFlight, Phenomenon, Sky
from dispatch.kernel.figures import shipped
from geo.points import GeoPoint

_DATA: Final = shipped("dispatch.ecmo", "aircraft.toml")
_STORMS: Final = frozenset({Phenomenon.SANDSTORM, Phenomenon.THUNDERSTORM, Phenomenon.ICE})
_STEPS: Final = 20


@dataclass(frozen=True, slots=True)
class Airport:
    """Where aircraft land. night: open at night by itself."""

    code: str
    name_zh: str
    name_en: str
    point: GeoPoint
    elevation_m: float
    runway_m: float
    night: bool


@dataclass(frozen=True, slots=True)
class AircraftType:
    """Figures of a type: km, km/h, metres, m/s; durations in minutes."""

    code: str
    rotary: bool
    cruise_kmh: float
    range_km: float
    runway_m: float
    ceiling_m: float
    ready: Times
    loading: Times
    turnaround_min: float
    extra_min: float
    visibility_m: tuple[float, float]
    """By day, at night."""
    cloud_m: tuple[float, float]
    wind_mps: float
    night: bool
    duty_min: float
    seats: int

    def flight(self, metres: float) -> Times:
        """Seconds from engines running to on the ground; the slow one against a head wind of a tenth of the speed."""
        usual = self.extra_min * 60 + metres / (self.cruise_kmh / 3.6)
        return Times(usual, self.extra_min * 60 + metres / (self.cruise_kmh * 0.9 / 3.6))


@dataclass(frozen=True, slots=True)
class Aircraft:
    """An aircraft of an operator, and where it stands."""

    code: str
    type: AircraftType
    base: Airport
    operator_zh: str
    operator_en: str


@dataclass(frozen=True, slots=True)
class Weather:
    """What was reported of a place. Metres and m/s with gusts; None: not told. cloud_m: base of clouds that cover."""

    at: datetime
    visibility_m: float | None
    cloud_m: float | None
    wind_mps: float | None
    phenomenon: Phenomenon

    def old(self, now: datetime) -> bool:
        """Whether it counts no more."""
        return (now - self.at).total_seconds() > FIGURES.weather_old_s


@dataclass(frozen=True, slots=True)
class Hop:
    """One flight of a plan. people: on board beside the crew, the patient among them."""

    start: Airport
    goal: Airport
    begins: datetime
    ends: datetime
    people: int


@dataclass(frozen=True, slots=True)
class Objection:
    """What speaks against a flight. place: an airport's code or empty; has, needs: in the unit of what is compared."""

    why: NoFlight
    place: str
    has: float | None = None
    needs: float | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether it can fly, and everything that speaks against it."""

    sky: Sky
    objections: tuple[Objection, ...]

    @property
    def reasons(self) -> frozenset[tuple[NoFlight, str]]:
        """What speaks against it, and where, without how much."""
        return frozenset((one.why, one.place) for one in self.objections)


def judge_flight(
    aircraft: Aircraft,
    hops: Sequence[Hop],
    weather: Mapping[str, Weather],
    now: datetime,
    *,
    turned_down: bool = False,
    held_open: frozenset[str] = frozenset(),
) -> Judgement:
    """Judge the flights of a plan by what is known now. held_open: airports that are kept open for it at night."""
    found: list[Objection] = [Objection(NoFlight.TURNED_DOWN, "")] if turned_down else []
    for hop in hops:
        found.extend(_of_hop(aircraft.type, hop))
        for airport, at in ((hop.start, hop.begins), (hop.goal, hop.ends)):
            found.extend(_of_landing(aircraft.type, airport, at, weather, now, held_open))
    duty_min = (hops[-1].ends - now).total_seconds() / 60 if hops else 0.0
    if duty_min > aircraft.type.duty_min:
        found.append(Objection(NoFlight.DUTY, "", round(duty_min), aircraft.type.duty_min))
    objections = _strictest(found)
    unknown = [one for one in objections if one.why is NoFlight.WEATHER_UNKNOWN]
    sky = Sky.GO if not objections else Sky.UNKNOWN if len(unknown) == len(objections) else Sky.NO_GO
    return Judgement(sky, objections)


def _strictest(found: Iterable[Objection]) -> tuple[Objection, ...]:
    """Of what several flights are short of at one place the most only: who has that has the rest, too."""
    kept: dict[tuple[NoFlight, str], Objection] = {}
    for one in found:
        known = kept.setdefault((one.why, one.place), one)
        if _short(one) > _short(known):
            kept[one.why, one.place] = one
    return tuple(kept.values())


def _short(one: Objection) -> float:
    return 0.0 if one.has is None or one.needs is None else abs(one.needs - one.has)


def crossed(start: GeoPoint, goal: GeoPoint, mountains: Sequence[Mountain]) -> Iterator[Mountain]:
    """Mountains under a straight flight."""
    for one in mountains:
        steps = (step / _STEPS for step in range(_STEPS + 1))
        if any(
            one.holds(start.lat + (goal.lat - start.lat) * part, start.lon + (goal.lon - start.lon) * part)
            for part in steps
        ):
            yield one


def _of_hop(kind: AircraftType, hop: Hop) -> Iterator[Objection]:
    km = hop.start.point.distance_m(hop.goal.point) / 1000
    if km > kind.range_km:
        yield Objection(NoFlight.RANGE, hop.goal.code, round(km), kind.range_km)
    top_m = max((one.top_m for one in crossed(hop.start.point, hop.goal.point, FIGURES.mountains)), default=0.0)
    if top_m > kind.ceiling_m:
        yield Objection(NoFlight.ALTITUDE, hop.goal.code, kind.ceiling_m, top_m)
    if hop.people > kind.seats:
        yield Objection(NoFlight.SEATS, "", kind.seats, hop.people)


def _of_landing(
    kind: AircraftType,
    airport: Airport,
    at: datetime,
    weather: Mapping[str, Weather],
    now: datetime,
    held_open: frozenset[str],
) -> Iterator[Objection]:
    if airport.runway_m < kind.runway_m:
        yield Objection(NoFlight.RUNWAY, airport.code, airport.runway_m, kind.runway_m)
    if airport.elevation_m > kind.ceiling_m:
        yield Objection(NoFlight.ALTITUDE, airport.code, kind.ceiling_m, airport.elevation_m)
    night = is_night(airport.point, at)
    if night and not kind.night:
        yield Objection(NoFlight.NIGHT_TYPE, airport.code)
    if night and not airport.night and airport.code not in held_open:
        yield Objection(NoFlight.NIGHT_AIRPORT, airport.code)
    told = weather.get(airport.code)
    if told is None or told.old(now):
        yield Objection(NoFlight.WEATHER_UNKNOWN, airport.code)
        return
    yield from _of_weather(kind, airport, told, night=night)


def _of_weather(kind: AircraftType, airport: Airport, told: Weather, *, night: bool) -> Iterator[Objection]:
    if told.phenomenon in _STORMS:
        yield Objection(NoFlight.STORM, airport.code)
    least = (
        (NoFlight.VISIBILITY, told.visibility_m, kind.visibility_m[night]),
        (NoFlight.CLOUD, told.cloud_m, kind.cloud_m[night]),
    )
    for why, has, needs in least:
        if has is None:
            yield Objection(NoFlight.WEATHER_UNKNOWN, airport.code)
        elif has < needs:
            yield Objection(why, airport.code, has, needs)
    if told.wind_mps is None:
        yield Objection(NoFlight.WEATHER_UNKNOWN, airport.code)
    elif told.wind_mps > kind.wind_mps:
        yield Objection(NoFlight.WIND, airport.code, told.wind_mps, kind.wind_mps)


def _airport(row: Mapping[str, Any]) -> Airport:
    return Airport(
        row["code"], row["name_zh"], row["name_en"], GeoPoint(*row["point"]), float(row["elevation_m"]),
        float(row["runway_m"]), bool(row["night"]),
    )  # fmt: skip


def _type(row: Mapping[str, Any]) -> AircraftType:
    return AircraftType(
        code=row["code"], rotary=row["wing"] == "rotary", cruise_kmh=row["cruise_kmh"], range_km=row["range_km"],
        runway_m=row["runway_m"], ceiling_m=row["ceiling_m"], ready=times(row["ready"]), loading=times(row["loading"]),
        turnaround_min=row["turnaround_min"], extra_min=row["extra_min"],
        visibility_m=(row["visibility_day_m"], row["visibility_night_m"]),
        cloud_m=(row["cloud_day_m"], row["cloud_night_m"]), wind_mps=row["wind_mps"], night=row["night"],
        duty_min=row["duty_min"], seats=row["seats"],
    )  # fmt: skip


AIRPORTS: Final = {row["code"]: _airport(row) for row in _DATA["airports"]}
TYPES: Final = {row["code"]: _type(row) for row in _DATA["types"]}
AIRCRAFT: Final = {
    row["code"]: Aircraft(
        row["code"], TYPES[row["type"]], AIRPORTS[row["base"]], row["operator_zh"], row["operator_en"]
    )
    for row in _DATA["aircraft"]
}
