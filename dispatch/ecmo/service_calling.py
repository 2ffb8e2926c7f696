"""The incident of the dispatch core that carries a mission. Nothing here commits."""

from __future__ import annotations

from typing import Final

from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.ecmo.tables_requests import EcmoRequest
from dispatch.hospitals.queries import get_hospital
from dispatch.incidents.queries_incidents import get_incident
from dispatch.incidents.rules_places import PlaceGiven
from dispatch.incidents.service import Act
from dispatch.incidents.service_incidents import NewIncident, open_incident
from dispatch.incidents.states_incidents import ACTIVE, Priority
from dispatch.incidents.tables_incidents import Incident
from dispatch.kernel.errors import Refused

_TRANSFER: Final = "K35"


async def incident_of(act: Act, mission: EcmoMission) -> Incident:
    """The incident by which vehicles are sent for a mission: the one that it has, else of where the patient lies.

    Another vehicle comes to the incident of the one before. Who lies at a dispatcher's scene (E-CPR) has his incident
    already, and it goes on; who lies elsewhere gets one with the priority of a threatened life.
    Raises Refused (`ecmo_mission.no_hospital`): nobody knows where he is.
    """
    if mission.incident_id is not None:
        return await get_incident(act.session, act.region, mission.incident_id)
    if mission.from_hospital_id is not None:
        origin = await get_hospital(act.session, act.region, mission.from_hospital_id)
        return await _opened(act, origin.lat, origin.lon)
    request = await act.session.get_one(EcmoRequest, mission.request_id)
    if request.incident_id is not None:
        known = await get_incident(act.session, act.region, request.incident_id)
        if known.state in ACTIVE:
            return known
    if request.lat is not None and request.lon is not None:
        return await _opened(act, request.lat, request.lon)
    raise Refused("ecmo_mission.no_hospital", "The patient is at no hospital yet.")


async def _opened(act: Act, lat: float, lon: float) -> Incident:
    return await open_incident(act, NewIncident(Priority.P1, _TRANSFER, "", PlaceGiven(lat=lat, lon=lon)))
