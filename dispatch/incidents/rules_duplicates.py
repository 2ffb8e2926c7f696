"""Whether a new call may tell of an incident that is known already. Only a hint: a person links. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from dispatch.incidents.states_incidents import UNKNOWN_CARD
from geo.points import GeoPoint


class HintReason(StrEnum):
    """Why an incident is proposed."""

    SAME_NUMBER = "same_number"
    SAME_PLACE = "same_place"
    NEAR = "near"
    SAME_KIND = "same_kind"
    LIKE_KIND = "like_kind"
    KIND_UNKNOWN = "kind_unknown"
    RECENT = "recent"


@dataclass(frozen=True, slots=True)
class Limits:
    """How far and how long ago an incident may be; both linear to 0 at the limit. Proposed values, a setting later."""

    near_m: float = 500.0
    road_near_m: float = 2_000.0
    """On the open road callers misjudge more; for road crashes."""
    same_place_m: float = 50.0
    recent_s: float = 3_600.0
    least_score: float = 0.35
    most: int = 5


@dataclass(frozen=True, slots=True)
class Telling:
    """What a new call tells. `number_digest` compares numbers without showing them."""

    at: datetime
    point: GeoPoint | None = None
    accuracy_m: float = 0.0
    complaint: str = ""
    number_digest: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """An open incident."""

    incident_id: UUID
    number: str
    last_call_at: datetime
    point: GeoPoint | None
    complaint: str
    number_digests: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Hint:
    """A candidate: score 0 to 1, why, metres away (None without places) and seconds since its last call."""

    incident_id: UUID
    number: str
    score: float
    reasons: tuple[HintReason, ...]
    distance_m: float | None
    age_s: int


ROAD_CRASH: Final = "K10"
_LIKE: Final = (
    frozenset({"K01", "K02", "K03", "K04", "K22", "K23"}),
    frozenset({"K09", "K10", "K11", "K12", "K13", "K34"}),
    frozenset({"K14", "K15", "K18", "K34"}),
    frozenset({"K24", "K25", "K26"}),
    frozenset({"K17", "K30"}),
    frozenset({"K02", "K05", "K06", "K19"}),
)
"""Cards that two callers may well choose for one event."""
_PLACE, _TIME, _KIND = 0.55, 0.2, 0.25


def hints(telling: Telling, known: Iterable[Known], limits: Limits = Limits()) -> tuple[Hint, ...]:
    """Candidates, the likeliest first; equal ones in the order of their numbers."""
    found = [hint for incident in known if (hint := _hint(telling, incident, limits)) is not None]
    found.sort(key=lambda hint: (-hint.score, hint.number))
    return tuple(found[: limits.most])


def _hint(telling: Telling, incident: Known, limits: Limits) -> Hint | None:
    age_s = abs((telling.at - incident.last_call_at).total_seconds())
    same_number = bool(telling.number_digest) and telling.number_digest in incident.number_digests
    if age_s > limits.recent_s and not same_number:
        return None
    reasons: list[HintReason] = [HintReason.SAME_NUMBER] if same_number else []
    distance_m, place = _place(telling, incident, limits, reasons)
    if not same_number and place == 0.0:
        return None
    kind = _kind(telling.complaint, incident.complaint, reasons)
    freshness = max(0.0, 1.0 - age_s / limits.recent_s)
    if freshness >= 0.5:
        reasons.append(HintReason.RECENT)
    score = _PLACE * place + _TIME * freshness + _KIND * kind
    if same_number:
        # Who calls again is nearly always calling about the same thing.
        score = 0.7 + 0.3 * score
    if score < limits.least_score:
        return None
    return Hint(incident.incident_id, incident.number, round(score, 3), tuple(reasons), distance_m, round(age_s))


def _place(telling: Telling, incident: Known, limits: Limits, reasons: list[HintReason]) -> tuple[float | None, float]:
    if telling.point is None or incident.point is None:
        return None, 0.0
    distance_m = telling.point.distance_m(incident.point)
    crash = ROAD_CRASH in (telling.complaint, incident.complaint)
    # A position known to 300 m may be 300 m nearer, but never counts for more than the limit itself.
    reach_m = (limits.road_near_m if crash else limits.near_m) + min(telling.accuracy_m, limits.near_m)
    share = max(0.0, 1.0 - distance_m / reach_m)
    if distance_m <= limits.same_place_m:
        reasons.append(HintReason.SAME_PLACE)
    elif share > 0.0:
        reasons.append(HintReason.NEAR)
    return distance_m, share


def _kind(first: str, second: str, reasons: list[HintReason]) -> float:
    if not first or not second or UNKNOWN_CARD in (first, second):
        reasons.append(HintReason.KIND_UNKNOWN)
        return 0.5
    if first == second:
        reasons.append(HintReason.SAME_KIND)
        return 1.0
    if any(first in group and second in group for group in _LIKE):
        reasons.append(HintReason.LIKE_KIND)
        return 0.6
    return 0.0


def reach_m(limits: Limits) -> float:
    """No incident further away than this is proposed for its place; what a query has to look at."""
    return limits.road_near_m + limits.near_m
