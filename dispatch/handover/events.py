"""What the journal keeps of handovers: who, when, how much, and a digest of the content."""

from __future__ import annotations

from uuid import UUID

from dispatch.incidents.states_patients import ErasureBasis
from dispatch.kernel.events import Event, event


@event("handover.made", subject="handover_id")
class HandoverMade(Event):
    """The one who leaves signed a sheet. digest: keyed, of the whole content with its notes."""

    handover_id: UUID
    leaving_id: UUID
    incidents: int
    units_out: int
    closures: int
    call_backs: int
    digest: str


@event("handover.signed", subject="handover_id")
class HandoverSigned(Event):
    """The one who comes signed the same content. own_seat: logged in there; otherwise by password at the other's."""

    handover_id: UUID
    leaving_id: UUID
    coming_id: UUID
    own_seat: bool
    digest: str


@event("handover.erased", subject="handover_id")
class HandoverErased(Event):
    """Words were erased from a sheet by law: the shift's notes, or reasons of closures."""

    handover_id: UUID
    basis: ErasureBasis
    of_the_shift: bool
    reasons: int
