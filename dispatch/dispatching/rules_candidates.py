"""What a choice looks at, and what it answers: frozen values. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from dispatch.dispatching.rules_sharing import OPEN, Party, SharingPolicy
from dispatch.dispatching.states_recommendation import (
    EXCLUDED_WORDS,
    MARK_WORDS,
    Excluded,
    Mark,
)
from dispatch.incidents.states_incidents import Priority
from dispatch.kernel.texts import Words
from dispatch.units.rules_capability import Missing, Part
from dispatch.units.states import Capability
from dispatch.units.states_duty import UnitStatus
from geo.points import GeoPoint
from geo.travel import Travel


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. requester: for whom units are lent. capabilities: letters."""

    incident_id: UUID
    priority: Priority
    capabilities: str
    requester: Party
    at: datetime
    sharing: SharingPolicy = OPEN
    sharing_version: int = 0


class Running(msgspec.Struct, frozen=True, gc=False):
    """The run that a unit is on: for which incident, how urgent, and how long until it arrives (None: not known)."""

    assignment_id: UUID
    incident_id: UUID
    priority: Priority
    arrives_s: float | None
    patient_on_board: bool = False


class Candidate(msgspec.Struct, frozen=True, gc=False):
    """One unit as it stood.

    point, basis, widen_s, stale: from where it is reckoned (`units.rules_availability.Reckoning`). hindrances: codes of
    why it is not free. clears_at: when it will be free, where that is known. missing: what it lacks of the wanted
    letters, as `A:crew:physician`. version: of its status.
    """

    id: UUID
    call_sign: str
    party: Party
    station_id: UUID
    status: UnitStatus
    since: datetime | None
    point: GeoPoint
    basis: str
    fix_at: datetime | None
    age_s: float | None
    widen_s: float
    stale: bool
    letters: str
    missing: tuple[str, ...] = ()
    hindrances: tuple[str, ...] = ()
    overdue: bool = False
    run: Running | None = None
    clears_at: datetime | None = None
    version: int = 0

    @property
    def free(self) -> bool:
        """May be sent as it is."""
        return not self.hindrances


def lack_text(missing: Missing) -> str:
    """What is missing as it is kept: `A:crew:physician`, with a count where it is not 1."""
    count = f":{missing.count}" if missing.count > 1 else ""
    return f"{missing.letter}:{missing.part}:{missing.what}{count}"


def read_lack(text: str) -> Missing:
    """The same, read back."""
    letter, part, what, *count = text.split(":")
    return Missing(Capability(letter), Part(part), what, int(count[0]) if count else 1)


class Reached(msgspec.Struct, frozen=True, gc=False):
    """A road answer, and whether it is kept for a person (`geo.travel.Ranked.pinned`)."""

    travel: Travel
    pinned: bool = False


class Offer(msgspec.Struct, frozen=True, gc=False):
    """A unit that can be sent, now or soon. Times in seconds from the moment asked.

    wait_s: until it clears. eta_s: wait, mobilisation and road together; None where no time could be had. low_s,
    high_s: its range. can_go: it can be sent now; with `diverted_from` it leaves that incident.
    """

    unit_id: UUID
    call_sign: str
    organisation: str
    eta_s: float | None
    low_s: float | None
    high_s: float | None
    wait_s: float
    mobilise_s: float
    road_s: float | None
    road_m: float | None
    source: str
    estimated: bool
    can_go: bool
    diverted_from: UUID | None
    missing: tuple[str, ...]
    marks: tuple[Mark, ...]

    @property
    def words(self) -> tuple[Words, ...]:
        """The marks in Chinese and English."""
        return tuple(MARK_WORDS[mark] for mark in self.marks)


class Stand(msgspec.Struct, frozen=True, gc=False):
    """How a unit stands to a question, whatever its way: why it is not offered, or what an offer of it says.

    reasons: why not, sharing apart; kept: why its organisation keeps it. before_s: wait and mobilisation together.
    """

    unit: Candidate
    reasons: tuple[Excluded, ...]
    kept: tuple[Excluded, ...]
    wait_s: float = 0.0
    mobilise_s: float = 0.0
    before_s: float = 0.0
    can_go: bool = False
    diverted_from: UUID | None = None
    marks: tuple[Mark, ...] = ()


class Exclusion(msgspec.Struct, frozen=True, gc=False):
    """A unit that is not offered, and why: all reasons, the first first. until: where an end is known."""

    unit_id: UUID
    call_sign: str
    organisation: str
    reasons: tuple[Excluded, ...]
    until: datetime | None = None

    @property
    def words(self) -> tuple[Words, ...]:
        """The reasons in Chinese and English."""
        return tuple(EXCLUDED_WORDS[reason] for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Alone:
    """What one organisation could have done with its own units: its first K, whatever it lends."""

    organisation: str
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that was looked at: every unit of every organisation, and on which roads it was computed."""

    wanted: Wanted
    units: tuple[Candidate, ...]
    policy: str
    network_version: str = ""
    overlay_version: int = 0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The answer. chosen: whom to send; None when nobody can go now. considered: all offers in their order."""

    chosen: UUID | None
    considered: tuple[Offer, ...]
    excluded_because: tuple[Exclusion, ...]
    alone: tuple[Alone, ...]
    inputs: Inputs

    def shown(self, k: int) -> tuple[Offer, ...]:
        """The first k of each organisation, in the overall order."""
        seen: dict[str, int] = {}
        first: list[Offer] = []
        for offer in self.considered:
            seen[offer.organisation] = seen.get(offer.organisation, 0) + 1
            if seen[offer.organisation] <= k:
                first.append(offer)
        return tuple(first)

    def rank(self, unit_id: UUID) -> int | None:
        """1 for the first; None for a unit that was not offered."""
        return next((place for place, offer in enumerate(self.considered, 1) if offer.unit_id == unit_id), None)
