"""What is said about incidents over HTTP. Names, numbers and, once it is over, the address come masked."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from api.acting import AnyVersion, LateIn, Version
from api.calls.board import CallRow
from api.dispatching.board import AssignmentRow
from api.erasures.schemas import ErasedOut
from api.incidents.board import IncidentRow
from api.patients.schemas import PatientRow
from api.roads.schemas import Latitude, Longitude
from dispatch.incidents.rules_duplicates import HintReason
from dispatch.incidents.rules_places import MAX_DIRECTION, PlaceGiven
from dispatch.incidents.rules_texts import LIMITS
from dispatch.incidents.states import Source
from dispatch.incidents.states_incidents import MOST_PEOPLE, CancelReason, LinkKind, PlaceSource, Priority, PriorityMove
from dispatch.incidents.states_patients import PersonalKind
from geo.datum import Datum

Card = Annotated[str, Meta(max_length=3, description="Complaint card K01 to K36; empty: not known.", examples=["K03"])]
Letters = Annotated[
    str,
    Meta(
        max_length=8,
        description="What is needed: B basic, A advanced, E ECMO alert, N neonatal, O obstetric, G negative pressure, "
        "R rescue, P police.",
        examples=["BA"],
    ),
]
People = Annotated[
    int, Meta(ge=0, le=MOST_PEOPLE, description="How many people are concerned, as callers tell it.", examples=[3])
]
Author = Annotated[str, Meta(description="`person:ID`, `device:ID` or `system:NAME`.")]
AuthorName = Annotated[str | None, Meta(description="What they are called now; null once it is erased.")]
Text = Annotated[str, Meta(min_length=1, max_length=LIMITS[PersonalKind.NOTE])]


class PlaceGivenIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where it is, as somebody says it: coordinates, words, or both."""

    lat: Latitude | None = None
    lon: Longitude | None = None
    datum: Annotated[Datum, Meta(description="What they are given in; maps and phones of China give gcj02.")] = (
        Datum.WGS84
    )
    words: Annotated[str, Meta(max_length=LIMITS[PersonalKind.ADDRESS])] = ""
    direction: Annotated[
        str, Meta(max_length=MAX_DIRECTION, description="Carriageway of a divided road.", examples=["往库车"])
    ] = ""
    accuracy_m: Annotated[float, Meta(ge=0, le=1_000_000, description="Metres; null: not known.")] | None = None
    source: PlaceSource = PlaceSource.TYPED

    def given(self) -> PlaceGiven:
        """The same as the domain takes it."""
        return PlaceGiven(self.lat, self.lon, self.datum, self.words, self.direction, self.accuracy_m, self.source)


class IncidentIn(LateIn, frozen=True, kw_only=True):
    """An incident as it is taken. All but the priority can follow."""

    priority: Priority
    complaint: Card = ""
    capabilities: Letters = ""
    place: PlaceGivenIn | None = None
    note: Annotated[str, Meta(max_length=LIMITS[PersonalKind.NOTE])] = ""
    people: People | None = None
    call_id: Annotated[UUID | None, Meta(description="The call that told of it; null: none did.")] = None


class IncidentChangesIn(LateIn, frozen=True, kw_only=True):
    """What to correct; what is null or left out stays."""

    version: Version
    place: PlaceGivenIn | None = None
    complaint: Card | None = None
    capabilities: Letters | None = None
    people: People | None = None


class PriorityIn(LateIn, frozen=True, kw_only=True):
    """How urgent it is after all. Lowering needs a reason."""

    priority: Priority
    reason: Annotated[str, Meta(max_length=LIMITS[PersonalKind.REASON])] = ""
    version: AnyVersion = None


class NoteIn(LateIn, frozen=True, kw_only=True):
    """A note."""

    text: Text


class NoteChangeIn(LateIn, frozen=True, kw_only=True):
    """A note's text as it should be."""

    text: Text
    version: Version


class CloseIn(LateIn, frozen=True, kw_only=True):
    """Closing; every patient must have an outcome."""

    version: AnyVersion = None


class CancelIn(LateIn, frozen=True, kw_only=True):
    """Cancelling, with every unit that is on its way."""

    reason: CancelReason
    duplicate_of: Annotated[UUID | None, Meta(description="The other incident; for a duplicate, and only then.")] = None
    version: AnyVersion = None


class TellingIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a new call tells so far."""

    lat: Latitude | None = None
    lon: Longitude | None = None
    datum: Datum = Datum.WGS84
    accuracy_m: Annotated[float, Meta(ge=0, le=1_000_000, description="Metres.")] = 0.0
    complaint: Card = ""
    phone: Annotated[str, Meta(max_length=LIMITS[PersonalKind.PHONE])] = ""


class HintOut(msgspec.Struct, frozen=True):
    """An incident that a call may be about. Only a hint: a person links."""

    incident_id: UUID
    number: str
    score: Annotated[float, Meta(description="0 to 1.")]
    reasons: list[HintReason]
    distance_m: Annotated[float | None, Meta(description="Straight line, metres; null without two places.")]
    age_s: Annotated[int, Meta(description="Since its last call, seconds.")]


class HintsOut(msgspec.Struct, frozen=True):
    """The likeliest first."""

    hints: list[HintOut]


class IncidentsOut(msgspec.Struct, frozen=True):
    """Incidents in the order of T0."""

    incidents: list[IncidentRow]
    more: Annotated[bool, Meta(description="There are older ones that were left out; ask for a shorter span.")]


class PlaceVersionOut(msgspec.Struct, frozen=True):
    """One version of where it is. `given_*` is what was given, in `datum`; `lat`, `lon` are WGS-84."""

    version: int
    lat: float | None
    lon: float | None
    given_lat: float | None
    given_lon: float | None
    datum: Datum
    accuracy_m: float | None
    direction: str
    words: str
    place_source: PlaceSource
    coarse: Annotated[bool, Meta(description="Erased but for its surroundings, about a kilometre.")]
    at: datetime
    entered_at: datetime
    source: Source
    author: Author
    author_name: AuthorName


class IncidentCallOut(msgspec.Struct, frozen=True):
    """A call of the incident. Number and name are masked unless they were asked for in whole."""

    call: CallRow
    caller: str
    kind: LinkKind
    linked_at: datetime


class NoteOut(msgspec.Struct, frozen=True):
    """A note in its newest version."""

    id: UUID
    incident_id: UUID
    version: int
    text: Annotated[str | None, Meta(description="Null: erased.")]
    at: Annotated[datetime, Meta(description="When it was true.")]
    entered_at: datetime
    source: Source
    author: Author
    author_name: AuthorName


class PriorityStepOut(msgspec.Struct, frozen=True):
    """One line of the history of its priority."""

    priority: Priority
    move: PriorityMove
    reason: Annotated[str | None, Meta(description="Null: none was given, or it is erased.")]
    at: datetime
    entered_at: datetime
    source: Source
    author: Author
    author_name: AuthorName


class IncidentOut(msgspec.Struct, frozen=True):
    """An incident with all that belongs to it."""

    incident: IncidentRow
    whole: Annotated[bool, Meta(description="Whether names, numbers and address are told in whole.")]
    without_call: bool
    opened_at: datetime
    entered_at: datetime
    source: Source
    duplicate_of: UUID | None
    places: Annotated[list[PlaceVersionOut], Meta(description="The first first; the last is where it is.")]
    calls: list[IncidentCallOut]
    notes: list[NoteOut]
    priorities: list[PriorityStepOut]
    patients: list[PatientRow]
    assignments: list[AssignmentRow]
    erasures: Annotated[list[ErasedOut], Meta(description="What was erased by law of it, the first first.")]


class RecordLineOut(msgspec.Struct, frozen=True):
    """One line of the journal. `payload` holds ids, codes, numbers and times, never a personal value."""

    seq: int
    type: Annotated[str, Meta(examples=["incident.opened"])]
    at: Annotated[datetime, Meta(description="When it happened.")]
    recorded_at: datetime
    late_source: Annotated[str | None, Meta(description="A late entry: from voice, paper or another source.")]
    subject: str
    organisation: str | None
    actor: Author
    actor_name: AuthorName
    payload: dict[str, Any]
    corrects: Annotated[int | None, Meta(description="The line that this one corrects; it stays beside it.")]
    corrected_by: Annotated[int | None, Meta(description="The line that counts instead.")]
    hash: Annotated[str, Meta(description="The line's hash in the chain, hexadecimal.")]


class RecordOut(msgspec.Struct, frozen=True):
    """The record of an incident, in the order of the journal."""

    incident_id: UUID
    number: str
    lines: list[RecordLineOut]
