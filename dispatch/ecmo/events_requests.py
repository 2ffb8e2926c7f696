"""What the journal keeps of requests for ECMO: who did what when, never what was written or measured.

concerned: the organisations of all sides that were asked by then, which see the line told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_case import AttachmentKind, CaseSide, MessageKind
from dispatch.ecmo.states_offers import Decision, DeclineReason
from dispatch.ecmo.states_requests import Origin, RequestState, WithdrawalReason
from dispatch.incidents.states_patients import ErasureBasis
from dispatch.kernel.events import Event, event


@dataclass(frozen=True, slots=True, kw_only=True)
class OfRequest(Event):
    """What every line of a request tells."""

    request_id: UUID
    region: str
    concerned: tuple[str, ...]


@event("ecmo.request_begun", subject="request_id")
class RequestBegun(OfRequest):
    """Somebody begins to type a request."""

    origin: Origin
    incident_id: UUID | None
    patient_id: UUID | None


@event("ecmo.request_changed", subject="request_id")
class RequestChanged(OfRequest):
    """What was asked became clearer, after it was asked. fields: the names of what changed."""

    fields: tuple[str, ...]


@event("ecmo.values_recorded", subject="request_id")
class ValuesRecorded(OfRequest):
    """Values were entered. items: of which, as `items.toml` names them."""

    items: tuple[str, ...]


@event("ecmo.request_asked", subject="request_id")
class RequestAsked(OfRequest):
    """Centres are to answer."""

    mode: Mode
    hospital_ids: tuple[UUID, ...]
    at_once: bool


@event("ecmo.centre_asked", subject="request_id")
class CentreAsked(OfRequest):
    """The turn of a centre has come."""

    offer_id: UUID
    hospital_id: UUID


@event("ecmo.physician_called", subject="request_id")
class PhysicianCalled(OfRequest):
    """A physician on call is alerted. place: in the order of calling."""

    offer_id: UUID
    hospital_id: UUID
    person_id: UUID
    place: int


@event("ecmo.call_escalated", subject="request_id")
class CallEscalated(OfRequest):
    """Nobody who was called has opened the case in time. exhausted: nobody is left to be called, or was on call."""

    offer_id: UUID
    hospital_id: UUID
    exhausted: bool


@event("ecmo.case_seen", subject="request_id")
class CaseSeen(OfRequest):
    """Somebody of a centre that is asked has the case open."""

    offer_id: UUID
    hospital_id: UUID


@event("ecmo.viewed", subject="request_id")
class CaseViewed(OfRequest):
    """Somebody looked at a case. whole: with the patient's name."""

    whole: bool


@event("ecmo.decided", subject="request_id")
class CentreDecided(OfRequest):
    """A physician of a centre decided, or decided otherwise than before."""

    offer_id: UUID
    hospital_id: UUID
    decision_id: UUID
    decision: Decision
    reason: DeclineReason | None
    cannulation_at: datetime | None
    conditions: int


@event("ecmo.unanswered", subject="request_id")
class CentreUnanswered(OfRequest):
    """A centre has not answered in time."""

    offer_id: UUID
    hospital_id: UUID


@event("ecmo.request_came_to", subject="request_id")
class RequestCameTo(OfRequest):
    """What all answers together come to."""

    state: RequestState


@event("ecmo.condition_ticked", subject="request_id")
class ConditionTicked(OfRequest):
    """A condition of an acceptance is met, or is not any more. left: how many are not."""

    offer_id: UUID
    condition_id: UUID
    ticked: bool
    left: int


@event("ecmo.bound", subject="request_id")
class OfferBound(OfRequest):
    """An acceptance was chosen."""

    offer_id: UUID
    hospital_id: UUID
    mission_id: UUID


@event("ecmo.request_reopened", subject="request_id")
class RequestReopened(OfRequest):
    """The mission was stood down: nobody comes any more."""

    mission_id: UUID


@event("ecmo.request_closed", subject="request_id")
class RequestClosed(OfRequest):
    """It is over: the mission has ended, or advice was followed."""


@event("ecmo.request_withdrawn", subject="request_id")
class RequestWithdrawn(OfRequest):
    """Nothing is asked any more."""

    reason: WithdrawalReason


@event("ecmo.request_joined", subject="request_id")
class RequestJoined(OfRequest):
    """The same patient as another request, which goes on for both."""

    into_id: UUID


@event("ecmo.message_sent", subject="request_id")
class CaseMessageSent(OfRequest):
    """Somebody wrote something."""

    message_id: UUID
    kind: MessageKind
    side: CaseSide


@event("ecmo.messages_read", subject="request_id")
class CaseMessagesRead(OfRequest):
    """Somebody saw messages of others."""

    message_ids: tuple[UUID, ...]


@event("ecmo.file_added", subject="request_id")
class FileAdded(OfRequest):
    """A picture or a clip is here whole."""

    file_id: UUID
    kind: AttachmentKind
    digest: str


@event("ecmo.files_erased", subject="request_id")
class FilesErased(OfRequest):
    """The files of a request were erased by law."""

    count: int
    basis: ErasureBasis


@event("ecmo.on_call_entered", subject="on_call_id")
class OnCallEntered(Event):
    """A physician is on call for a centre, or not any more."""

    on_call_id: UUID
    region: str
    concerned: tuple[str, ...]
    hospital_id: UUID
    person_id: UUID
    place: int
    from_at: datetime
    until_at: datetime
    withdrawn: bool
