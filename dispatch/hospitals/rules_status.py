"""What a hospital may say of its services, and what follows from what all have said. Pure.

Source of the rules on diversion: none that binds; proposed after the practice of English and American emergency
departments, where all diverting at once ends as none diverting. Needs sign-off by a medical director.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from dispatch.hospitals.states import HospitalCapability
from dispatch.hospitals.states_status import DIRECTION, BedKind, BedMove, LimitKind, LimitReason, ServiceState
from dispatch.kernel.errors import Conflict, Invalid
from dispatch.kernel.figures import laid_over, read_toml, shipped, unusable

MOST_BEDS: Final = 20_000


@dataclass(frozen=True, slots=True)
class LimitFigures:
    """See `hospitals.toml`; seconds, but for `repeated_times`."""

    diversion_s: float
    diversion_most_s: float
    closed_most_s: float
    repeated_times: int
    repeated_within_s: float


_OF: Final = "hospitals' limits"
_SHIPPED: Final = shipped("dispatch.hospitals", "hospitals.toml")


def read_limits(text: str = "") -> LimitFigures:
    """Return the figures that ship with the program, those of a TOML text in their place.

    Raises Invalid (`figures.invalid`): as `laid_over`; a diversion that lasts longer by itself than it may.
    """
    own = laid_over(read_toml(text, _OF), _SHIPPED, _OF)["limits"]
    if own["repeated_times"] < 1 or own["repeated_times"] != int(own["repeated_times"]):
        raise unusable(_OF, "limits.repeated_times is a whole number from 1")
    if not 0 < own["diversion_s"] <= own["diversion_most_s"]:
        raise unusable(_OF, "limits.diversion_s is more than 0 and at most limits.diversion_most_s")
    return LimitFigures(**(own | {"repeated_times": int(own["repeated_times"])}))


FIGURES: Final = read_limits()


def in_force(info: Mapping[Any, Any]) -> LimitFigures:
    """Return the figures that a session works by: those set for the whole service, else the proposed ones."""
    found: LimitFigures = info.get(LimitFigures, FIGURES)
    return found


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit as it was said. It holds from `begins_at` until `until_at`, or until it was ended."""

    id: UUID
    hospital_id: UUID
    service: HospitalCapability
    kind: LimitKind
    reason: LimitReason
    begins_at: datetime
    until_at: datetime
    ended_at: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Whether it is in force."""
        return self.begins_at <= at < (self.until_at if self.ended_at is None else min(self.until_at, self.ended_at))


@dataclass(frozen=True, slots=True)
class ServiceNow:
    """A service of a hospital now. limit: what its hospital said; overruled: every other one diverts as well."""

    service: HospitalCapability
    state: ServiceState
    limit: Limit | None = None
    overruled: bool = False


@dataclass(frozen=True, slots=True)
class Services:
    """What a hospital offers at all."""

    hospital_id: UUID
    capabilities: frozenset[HospitalCapability]


@dataclass(frozen=True, slots=True)
class Repeated:
    """A service that was diverted again and again."""

    hospital_id: UUID
    service: HospitalCapability
    times: int


@dataclass(frozen=True, slots=True)
class Beds:
    """Beds of one kind: how many there are, and how many are free. 0 ≤ free ≤ total."""

    total: int
    free: int


def checked_span(
    kind: LimitKind, until: datetime | None, now: datetime, figures: LimitFigures = FIGURES
) -> tuple[datetime, datetime]:
    """Return from when until when a limit holds that is said now. A closed service needs an end told.

    Raises Invalid: `limit.until`, it lies in the past or is not told; `limit.too_long`.
    """
    diverted = kind is LimitKind.DIVERTED
    if until is None:
        if not diverted:
            raise Invalid("limit.until", "A closed service needs the time at which it is looked at again.")
        return now, now + timedelta(seconds=figures.diversion_s)
    if until <= now:
        raise Invalid("limit.until", "The end lies in the past.")
    most_s = figures.diversion_most_s if diverted else figures.closed_most_s
    if until > now + timedelta(seconds=most_s):
        word = "A diversion" if diverted else "A closed service"
        raise Invalid("limit.too_long", f"{word} ends after {most_s / 3600:g} h at the latest.", "Say it anew then.")
    return now, until


def check_limit(service: HospitalCapability, offered: Collection[HospitalCapability], held: Iterable[Limit]) -> None:
    """Refuse a limit on what is not offered, or beside another that holds.

    Raises Invalid (`limit.service`) or Conflict (`limit.holds`).
    """
    if service not in offered:
        raise Invalid("limit.service", f"This hospital does not offer {service}.", "See its capabilities.")
    if any(one.service is service for one in held):
        raise Conflict("limit.holds", f"A limit on {service} holds already.", "End it first.")


def services_now(
    hospitals: Sequence[Services], limits: Iterable[Limit], now: datetime
) -> dict[UUID, tuple[ServiceNow, ...]]:
    """Return the state of every service of every hospital, each hospital's by name.

    Where all that offer a service, but for those closed, divert it, none does: a patient must go somewhere.
    """
    said: dict[tuple[UUID, HospitalCapability], Limit] = {
        (limit.hospital_id, limit.service): limit for limit in limits if limit.holds(now)
    }
    takers: defaultdict[HospitalCapability, bool] = defaultdict(bool)
    for one in hospitals:
        for service in one.capabilities:
            takers[service] |= (one.hospital_id, service) not in said
    return {
        one.hospital_id: tuple(
            _now(service, said.get((one.hospital_id, service)), some_open=takers[service])
            for service in sorted(one.capabilities)
        )
        for one in hospitals
    }


def _now(service: HospitalCapability, limit: Limit | None, *, some_open: bool) -> ServiceNow:
    if limit is None:
        return ServiceNow(service, ServiceState.OPEN)
    if limit.kind is LimitKind.CLOSED:
        return ServiceNow(service, ServiceState.CLOSED, limit)
    if not some_open:
        return ServiceNow(service, ServiceState.OPEN, limit, overruled=True)
    return ServiceNow(service, ServiceState.DIVERTED, limit)


def repeated(limits: Iterable[Limit], now: datetime, figures: LimitFigures = FIGURES) -> list[Repeated]:
    """Name services diverted so often within the span that it should be spoken of, the most often first."""
    since = now - timedelta(seconds=figures.repeated_within_s)
    counted = Counter(
        (limit.hospital_id, limit.service)
        for limit in limits
        if limit.kind is LimitKind.DIVERTED and since <= limit.begins_at <= now
    )
    return [Repeated(*which, times) for which, times in counted.most_common() if times >= figures.repeated_times]


def moved(beds: Beds | None, move: BedMove, number: int, *, total: int | None, kind: BedKind) -> Beds:
    """Return the beds after a move of `number`, or after a count: `number` free of `total`.

    Raises Invalid: `beds.number`, `beds.total`. Conflict: `beds.unknown`, nobody has counted yet; `beds.none`, fewer
    are free than are taken; `beds.all_free`, more would be free than there are.
    """
    if move is BedMove.COUNTED:
        most = beds.total if total is None and beds is not None else total
        if most is None or not 0 <= most <= MOST_BEDS:
            raise Invalid("beds.total", f"A count tells how many {kind} beds there are, at most {MOST_BEDS}.")
        if not 0 <= number <= most:
            raise Invalid("beds.number", f"Of {most} {kind} beds {number} cannot be free.")
        return Beds(most, number)
    if total is not None:
        raise Invalid("beds.total", "Only a count tells how many beds there are.")
    if not 1 <= number <= MOST_BEDS:
        raise Invalid("beds.number", "At least one bed moves.")
    if beds is None:
        raise Conflict("beds.unknown", f"Nobody has counted the {kind} beds yet.", "Count them first.")
    free = beds.free + DIRECTION[move] * number
    if free < 0:
        raise Conflict("beds.none", f"Only {beds.free} {kind} beds are free.", "Count them anew if that is wrong.")
    if free > beds.total:
        raise Conflict("beds.all_free", f"There are {beds.total} {kind} beds.", "Count them anew if that is wrong.")
    return Beds(beds.total, free)


def service_of(
    state: Mapping[UUID, Sequence[ServiceNow]], hospital: UUID, service: HospitalCapability
) -> ServiceNow | None:
    """The state of one service; None where the hospital does not offer it."""
    return next((one for one in state.get(hospital, ()) if one.service is service), None)
