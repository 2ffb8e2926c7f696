"""A mission begins with the offer that is bound. Nothing here commits."""

from __future__ import annotations

from dispatch.ecmo.events_missions import MissionBegun
from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_missions import MissionState
from dispatch.ecmo.states_requests import Support
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.ecmo.tables_offers import EcmoOffer
from dispatch.ecmo.tables_requests import EcmoRequest
from dispatch.incidents.service import Act


async def begin(act: Act, request: EcmoRequest, offer: EcmoOffer, concerned: tuple[str, ...]) -> EcmoMission:
    """Begin the mission of an offer that is bound in the same transaction; the request is locked.

    concerned: the organisations of both sides.
    """
    async with act.together():
        row = EcmoMission(
            id=act.new_id(), region=act.region, request_id=request.id, offer_id=offer.id, centre_id=offer.hospital_id,
            from_hospital_id=request.hospital_id, to_hospital_id=offer.hospital_id, mode=request.mode,
            is_primary=Support.ECMO not in request.support, incident_id=None, state=MissionState.PREPARING, version=1,
            began_at=act.clock.now(), began_by=act.actor,
        )  # fmt: skip
        act.session.add(row)
        await act.session.flush()
        act.tell(
            MissionBegun(
                mission_id=row.id, request_id=request.id, region=act.region, concerned=concerned,
                centre_id=row.centre_id, mode=Mode(row.mode), is_primary=row.is_primary,
            )
        )  # fmt: skip
        return row
