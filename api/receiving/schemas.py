"""What goes over the wire of destinations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from dispatch.hospitals.states_status import BedKind
from dispatch.receiving.queries import read_ranking
from dispatch.receiving.rules import Destination
from dispatch.receiving.states import Answer, ChoiceReason, Pathway, Remark, Unheld
from dispatch.receiving.tables import DestinationAnswer, DestinationChoice, DestinationRanking


class RankIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """For whom hospitals are ranked."""

    pathway: Annotated[Pathway | None, Meta(description="Null: that of the incident's complaint.")] = None
    unheld: Annotated[
        Unheld | None, Meta(description="What cannot be held on the way: then the nearest open one is first.")
    ] = None
    unit_id: Annotated[UUID | None, Meta(description="The vehicle that brings the patient; null: not known.")] = None


class ChooseIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A hospital of a ranking."""

    ranking_id: UUID
    hospital_id: Annotated[UUID, Meta(description="A hospital's `key`.")]
    reason: Annotated[ChoiceReason | None, Meta(description="Where it is not the first.")] = None


class AnswerIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a hospital says to a patient that is brought."""

    hospital_id: UUID
    answer: Answer
    other_id: Annotated[
        UUID | None, Meta(description="The hospital named: it must have accepted before a refusal stands.")
    ] = None


class RankedHospitalOut(msgspec.Struct, frozen=True):
    """A hospital's place in a ranking."""

    hospital_id: UUID
    eta_s: Annotated[float | None, Meta(description="Seconds of road from where the patient is; null: none leads.")]
    counted_s: Annotated[
        float | None,
        Meta(description="What it was ranked by: road time, and what speaks against it in seconds; null: at the end."),
    ]
    free_beds: Annotated[int | None, Meta(description="Of the kind looked at; null: nobody has counted.")]
    remarks: list[Remark]


class RankingOut(msgspec.Struct, frozen=True):
    """All hospitals, the best first."""

    id: UUID
    at: datetime
    pathway: Pathway
    unheld: Unheld | None
    unit_id: UUID | None
    bed: Annotated[BedKind, Meta(description="The kind of beds looked at.")]
    network_version: str
    overlay_version: int
    ranked: list[RankedHospitalOut]


class DestinationChoiceOut(msgspec.Struct, frozen=True):
    """A hospital that was chosen."""

    id: UUID
    hospital_id: UUID
    ranking_id: UUID
    unit_id: UUID | None
    place: Annotated[int, Meta(description="In the ranking, from 1.")]
    reason: ChoiceReason | None
    at: datetime
    actor: Annotated[str, Meta(description="`person:ID`, `device:ID`.")]
    superseded_at: Annotated[datetime | None, Meta(description="When another took its place; null: it holds.")]


class HospitalAnswerOut(msgspec.Struct, frozen=True):
    """What a hospital said."""

    id: UUID
    hospital_id: UUID
    answer: Answer
    other_id: UUID | None
    at: datetime
    actor: str


class DestinationsOut(msgspec.Struct, frozen=True):
    """What was chosen for a patient and what hospitals said, the oldest first."""

    choices: list[DestinationChoiceOut]
    answers: list[HospitalAnswerOut]


RANKING_EXAMPLE: Final[dict[str, Any]] = {
    "id": "0198c0de-0000-7000-8000-000000000301",
    "at": "2026-11-27T03:10:00Z",
    "pathway": "chest",
    "unheld": None,
    "unit_id": None,
    "bed": "resuscitation",
    "network_version": "1",
    "overlay_version": 3,
    "ranked": [
        {
            "hospital_id": "0198c0de-0000-7000-8000-000000000101",
            "eta_s": 1460.2,
            "counted_s": 1460.2,
            "free_beds": 2,
            "remarks": ["centre", "better", "bypass"],
        },
        {
            "hospital_id": "0198c0de-0000-7000-8000-000000000102",
            "eta_s": 412.0,
            "counted_s": 3112.0,
            "free_beds": None,
            "remarks": ["no_centre", "bed_unknown", "nearest"],
        },
    ],
}


def ranking_out(row: DestinationRanking) -> RankingOut:
    """Tell a ranking as it was shown."""
    ranking = read_ranking(row)
    return RankingOut(
        row.id, row.at, ranking.pathway, ranking.unheld, row.unit_id, ranking.bed, row.network_version,
        row.overlay_version, [_destination(one) for one in ranking.ranked],
    )  # fmt: skip


def _destination(one: Destination) -> RankedHospitalOut:
    return RankedHospitalOut(one.hospital_id, one.eta_s, one.counted_s, one.free_beds, list(one.remarks))


def destinations_out(choices: Sequence[DestinationChoice], answers: Sequence[DestinationAnswer]) -> DestinationsOut:
    """Tell what was chosen and answered."""
    return DestinationsOut(
        [
            DestinationChoiceOut(
                one.id, one.hospital_id, one.ranking_id, one.unit_id, one.place,
                None if one.reason is None else ChoiceReason(one.reason), one.at, one.actor, one.superseded_at,
            )
            for one in choices
        ],
        [
            HospitalAnswerOut(one.id, one.hospital_id, Answer(one.answer), one.other_id, one.at, one.actor)
            for one in answers
        ],
    )  # fmt: skip
