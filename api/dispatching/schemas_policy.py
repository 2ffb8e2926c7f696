"""What is said about sharing over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from dispatch.dispatching.states_recommendation import ShareLevel


class ShareRuleIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What one lends to another."""

    lender: Annotated[str, Meta(min_length=1, max_length=64, description="Code of an organisation, or civil, corps.")]
    borrower: Annotated[str, Meta(min_length=1, max_length=64, description="The same.")]
    level: Annotated[ShareLevel, Meta(description="all; p1_p2: for P1 and P2 only; none.")] = ShareLevel.ALL
    min_kept_per_station: Annotated[
        int, Meta(ge=0, le=100, description="Free units that each station of the lender keeps meanwhile.")
    ] = 0


class PolicyIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All rules at once; pairs without one lend everything."""

    rules: Annotated[list[ShareRuleIn], Meta(max_length=1_000)]
    version: Annotated[int, Meta(ge=0, description="The version that was looked at, 0 for none.")]


class ShareRuleOut(msgspec.Struct, frozen=True):
    """What one lends to another."""

    lender: str
    borrower: str
    level: ShareLevel
    min_kept_per_station: int


class FiguresOut(msgspec.Struct, frozen=True):
    """The figures of choosing and sending, as they are set; seconds. See `dispatching.toml`."""

    source: Annotated[str, Meta(description="Whose figures they are.")]
    k: int
    mobilise_station_s: float
    mobilise_road_s: float
    mobilise_running_s: float
    turnaround_s: float
    clears_within_s: float
    arriving_s: float
    undo_s: float
    acknowledge_s: float
    swap_gain_s: float


class PolicyOut(msgspec.Struct, frozen=True):
    """What organisations lend to each other, and the figures that count."""

    version: Annotated[int, Meta(description="0: nobody ever set a rule, all is lent.")]
    rules: list[ShareRuleOut]
    at: datetime | None
    actor: Annotated[str, Meta(description="Who set it: `person:ID`.")]
    figures: FiguresOut
