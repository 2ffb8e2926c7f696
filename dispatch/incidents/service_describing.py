"""What an incident is told to be: its place, how many are concerned, and when both place and complaint were known."""

from __future__ import annotations

from dispatch.incidents.events_incidents import IncidentPlaced, IncidentTaken, PeopleTold
from dispatch.incidents.rules_places import PlaceGiven, checked_place
from dispatch.incidents.rules_times import Moment
from dispatch.incidents.service import Act
from dispatch.incidents.service_personal import keep_value
from dispatch.incidents.states_patients import PersonalKind
from dispatch.incidents.tables_incidents import Incident, IncidentPlace
from dispatch.incidents.tables_personal import Owner


async def place_incident(act: Act, incident: Incident, given: PlaceGiven, when: Moment) -> None:
    """Give a locked incident a place, or a better one. Raises Invalid (`place.*`, `text.*`)."""
    place = checked_place(given)
    words = None
    if place.words.strip():
        words = await keep_value(act, Owner.INCIDENT, incident.id, PersonalKind.ADDRESS, place.words, when)
    incident.place_version += 1
    # Words alone do not undo a point that is known.
    if place.lat is not None:
        incident.lat, incident.lon = place.lat, place.lon
    incident.direction = place.direction
    row = IncidentPlace(
        id=act.new_id(),
        incident_id=incident.id,
        version=incident.place_version,
        lat=place.lat,
        lon=place.lon,
        given_lat=place.given_lat,
        given_lon=place.given_lon,
        datum=place.datum,
        accuracy_m=place.accuracy_m,
        direction=place.direction,
        place_source=place.source,
        words_id=words.id if words else None,
        coarse=False,
        occurred_at=when.occurred_at,
        entered_at=when.entered_at,
        source=when.source,
        actor=act.actor,
    )
    act.session.add(row)
    act.tell(
        IncidentPlaced(
            incident_id=incident.id,
            place_id=row.id,
            place_version=row.version,
            has_point=place.lat is not None,
            place_source=place.source,
        ),
        when,
    )


def tell_people(act: Act, incident: Incident, people: int | None, when: Moment) -> None:
    """Keep how many are concerned, where somebody said; the same number again is no news."""
    if people is not None and people != incident.people:
        act.tell(PeopleTold(incident_id=incident.id, before=incident.people, people=people), when)
        incident.people = people


def take_incident(act: Act, incident: Incident, when: Moment) -> None:
    """Set T2 the first time that address, complaint and priority are all there."""
    if incident.taken_at is None and incident.place_version > 0 and incident.complaint:
        incident.taken_at = when.occurred_at
        act.tell(IncidentTaken(incident_id=incident.id, taken_at=when.occurred_at), when)
