"""What is said about recommendations over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from api.fleet.board import WordsOut
from dispatch.dispatching.states_recommendation import Excluded, Mark
from dispatch.incidents.states_incidents import Priority
from dispatch.units.rules_capability import Part
from dispatch.units.states import Capability
from dispatch.units.states_duty import UnitStatus

MOST_SHOWN = 50


class RecommendIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How many are to be shown."""

    k: (
        Annotated[
            int, Meta(ge=1, le=MOST_SHOWN, description="The first so many of each organisation; null: as is set.")
        ]
        | None
    ) = None


class MarkOut(msgspec.Struct, frozen=True):
    """What a person must know of an offer."""

    mark: Mark
    words: WordsOut


class LackOut(msgspec.Struct, frozen=True):
    """One thing that is missing for what the incident needs."""

    letter: Capability
    part: Part
    what: Annotated[str, Meta(description="The kit's code, or the skills of which one would do, joined by `|`.")]
    count: int
    words: WordsOut


class OfferOut(msgspec.Struct, frozen=True):
    """A unit that can be sent, now or soon. Seconds count from `at` of the recommendation."""

    rank: Annotated[int, Meta(description="Among all offers, 1 is the first; of `alone`, among its own.")]
    unit_id: UUID
    call_sign: str
    organisation: str
    status: UnitStatus
    status_version: Annotated[int, Meta(description="Give it back with the order.")]
    eta_s: Annotated[float | None, Meta(description="Waiting, mobilisation and road; null where no time is known.")]
    low_s: Annotated[float | None, Meta(description="At best.")]
    high_s: Annotated[float | None, Meta(description="At worst; wider the older its position is.")]
    arrives_at: Annotated[datetime | None, Meta(description="The clock time of `eta_s`.")]
    wait_s: Annotated[float, Meta(description="Until it clears.")]
    mobilise_s: float
    road_s: float | None
    road_m: Annotated[float | None, Meta(description="Metres of road.")]
    source: Annotated[str, Meta(description="road, estimate or unreachable.")]
    can_go: Annotated[bool, Meta(description="It can be sent now.")]
    diverted_from: Annotated[UUID | None, Meta(description="The incident that it would leave: send it with `divert`.")]
    letters: Annotated[str, Meta(description="What it can do now.")]
    missing: list[LackOut]
    marks: list[MarkOut]
    lat: Annotated[float, Meta(description="From where it is reckoned, degrees north.")]
    lon: Annotated[float, Meta(description="Degrees east.")]
    fix_at: datetime | None
    age_s: Annotated[float | None, Meta(description="Of its position, seconds.")]


class ReasonOut(msgspec.Struct, frozen=True):
    """Why a unit is not offered."""

    reason: Excluded
    words: WordsOut


class NotOfferedOut(msgspec.Struct, frozen=True):
    """A unit that is not offered: all reasons, the first first."""

    unit_id: UUID
    call_sign: str
    organisation: str
    reasons: list[ReasonOut]
    until: Annotated[datetime | None, Meta(description="Where an end is known.")]


class AloneOut(msgspec.Struct, frozen=True):
    """What one organisation could have done with its own units, whatever it lends."""

    organisation: str
    offers: list[OfferOut]


class RecommendationInputsOut(msgspec.Struct, frozen=True):
    """What was looked at, with its versions."""

    priority: Priority
    capabilities: Annotated[str, Meta(description="Letters that the incident needs.")]
    place_version: int
    requester: Annotated[str, Meta(description="The organisation for which units are lent; empty: nobody's.")]
    units: int
    policy: str
    sharing_version: int
    network_version: str
    overlay_version: Annotated[int, Meta(description="Of the closures.")]
    warnings: list[str]


class RecommendationOut(msgspec.Struct, frozen=True):
    """Units ranked for an incident, as stored under `id` for ever."""

    id: UUID
    incident_id: UUID
    at: datetime
    chosen: Annotated[UUID | None, Meta(description="The unit to send; null when nobody can go now.")]
    offers: Annotated[list[OfferOut], Meta(description="The first k of each organisation, in the overall order.")]
    offered: Annotated[int, Meta(description="How many offers there are in all.")]
    not_offered: list[NotOfferedOut]
    alone: list[AloneOut]
    inputs: RecommendationInputsOut
