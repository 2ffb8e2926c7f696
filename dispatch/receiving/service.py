"""Hospitals ranked for a patient, one chosen, and what it answers. Nothing here commits."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from dispatch.dispatching.queries import find_active
from dispatch.dispatching.service_times import project_clearing
from dispatch.hospitals.queries import get_hospital, list_hospitals
from dispatch.hospitals.queries_status import as_limits, as_services, list_beds, list_limits_held
from dispatch.hospitals.rules_status import Beds, ServiceNow, services_now
from dispatch.hospitals.states_status import BedKind
from dispatch.hospitals.tables import Hospital
from dispatch.incidents.queries_incidents import get_incident
from dispatch.incidents.queries_patients import get_patient
from dispatch.incidents.service import Act
from dispatch.incidents.service_patients import lock_patient
from dispatch.incidents.states_patients import PatientState
from dispatch.incidents.tables_patients import Patient
from dispatch.kernel.errors import Conflict, Refused
from dispatch.receiving.events import DestinationAnswered, DestinationChosen, DestinationsRanked
from dispatch.receiving.queries import (
    accepted_by,
    find_choice,
    get_ranking,
    list_answers,
    read_ranking,
    write_ranking,
)
from dispatch.receiving.rules import Option, check_answer, check_choice, in_force, rank
from dispatch.receiving.service_prealerts import tell_hospitals
from dispatch.receiving.states import Answer, ChoiceReason, Pathway, Unheld
from dispatch.receiving.tables import DestinationAnswer, DestinationChoice, DestinationRanking
from dispatch.telemetry.detection.service_watches import set_watch
from dispatch.telemetry.detection.states import Goal
from dispatch.units.queries_duty import lock_unit
from geo.points import GeoPoint, haversine_m
from geo.ranking import Limits
from geo.speeds import EMERGENCY, Profile
from geo.travel import Question, TravelTimes


@dataclass(frozen=True, slots=True)
class Roads:
    """The roads as they are asked now, for vehicles of one size. limits: of an estimate where no road leads."""

    travel: TravelTimes
    network_version: str
    overlay_version: int
    limits: Limits
    profile: Profile = EMERGENCY


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom hospitals are ranked, and who brings the patient.

    pathway: None takes that of the complaint; point: where the patient is, None is the scene.
    """

    pathway: Pathway | None = None
    unheld: Unheld | None = None
    unit_id: UUID | None = None
    point: GeoPoint | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """A hospital of a ranking, and why where it is not the first."""

    ranking_id: UUID
    hospital_id: UUID
    reason: ChoiceReason | None = None


async def rank_destinations(act: Act, roads: Roads, patient_id: UUID, asked: Asked) -> DestinationRanking:
    """Rank all hospitals of the region for a patient, by road time from where the patient is, and keep the answer.

    Raises:
        NotFound: `patient.not_found`. Refused: `destination.no_place`, nobody knows where the patient is.
        Conflict: `patient.merged`.
    """
    async with act.together():
        # Nothing is locked while the roads are asked.
        patient = _still_open(await get_patient(act.session, act.region, patient_id))
        incident = await get_incident(act.session, act.region, patient.incident_id)
        point = asked.point
        if point is None:
            if incident.lat is None or incident.lon is None:
                raise Refused("destination.no_place", "This incident has no place yet.", "Put it on the map.")
            point = GeoPoint(lat=incident.lat, lon=incident.lon)
        hospitals = await list_hospitals(act.session, act.region)
        services = await _services(act, hospitals)
        beds = await _beds(act)
        now = act.clock.now()
        question = Question(roads.profile, at=now, closures_at=now)
        options = await asyncio.to_thread(_options, roads, point, hospitals, services, beds, question)
        policy = in_force(act.session.info)
        ranking = rank(options, asked.pathway or policy.pathway_of(incident.complaint), asked.unheld, policy)
        row = DestinationRanking(
            id=act.new_id(), patient_id=patient.id, unit_id=asked.unit_id, at=now, actor=act.actor,
            pathway=ranking.pathway, unheld=ranking.unheld, network_version=roads.network_version,
            overlay_version=roads.overlay_version, body=write_ranking(ranking),
        )  # fmt: skip
        act.session.add(row)
        await act.session.flush()
        act.tell(
            DestinationsRanked(
                patient_id=patient.id, incident_id=incident.id, ranking_id=row.id, pathway=ranking.pathway,
                unheld=ranking.unheld, first_id=ranking.first, hospitals=len(options),
                network_version=roads.network_version, overlay_version=roads.overlay_version,
            )
        )  # fmt: skip
        return row


async def choose_destination(act: Act, patient_id: UUID, chosen: Chosen) -> DestinationChoice:
    """Choose a hospital of a ranking. The vehicle that brings the patient takes it as its destination.

    The hospital is told of it, and so is one that was chosen before.

    Raises:
        NotFound: `patient.not_found`, `ranking.not_found`. Conflict: `patient.merged`, `patient.settled`.
        Invalid: `destination.hospital`, `destination.reason`.
    """
    async with act.together():
        kept = await get_ranking(act.session, patient_id, chosen.ranking_id)
        if kept.unit_id is not None:
            # Units before incidents, as everywhere, so that no two wait for each other.
            await lock_unit(act.session, kept.unit_id)
        patient = await _open_patient(act, patient_id)
        place = check_choice(read_ranking(kept), chosen.hospital_id, has_reason=chosen.reason is not None)
        now = act.clock.now()
        earlier = await find_choice(act.session, patient_id)
        if earlier is not None:
            earlier.superseded_at = now
            await act.session.flush()
        row = DestinationChoice(
            id=act.new_id(), patient_id=patient_id, unit_id=kept.unit_id, ranking_id=kept.id,
            hospital_id=chosen.hospital_id, place=place, reason=None if place == 1 else chosen.reason, at=now,
            actor=act.actor, superseded_at=None,
        )  # fmt: skip
        act.session.add(row)
        await act.session.flush()
        if kept.unit_id is not None:
            await _send_there(act, kept.unit_id, patient, chosen.hospital_id)
        act.tell(
            DestinationChosen(
                patient_id=patient_id, incident_id=patient.incident_id, destination_id=row.id,
                hospital_id=row.hospital_id, unit_id=row.unit_id, place=place,
                reason=None if place == 1 else chosen.reason,
            )
        )  # fmt: skip
        await tell_hospitals(act, patient)
        return row


async def answer_destination(
    act: Act, patient_id: UUID, hospital_id: UUID, answer: Answer, other_id: UUID | None = None
) -> DestinationAnswer:
    """Say for a hospital whether it takes a patient. The crew or the dispatcher decides what follows.

    Raises:
        NotFound: `patient.not_found`, `hospital.not_found`. Conflict: `patient.merged`, `patient.settled`,
        `answer.not_accepted`. Invalid: `answer.other`.
    """
    async with act.together():
        patient = await _open_patient(act, patient_id)
        for key in filter(None, (hospital_id, other_id)):
            await get_hospital(act.session, act.region, key)
        check_answer(answer, hospital_id, other_id, accepted_by(await list_answers(act.session, patient_id)))
        row = DestinationAnswer(
            id=act.new_id(), patient_id=patient_id, hospital_id=hospital_id, answer=answer, other_id=other_id,
            at=act.clock.now(), actor=act.actor,
        )  # fmt: skip
        act.session.add(row)
        await act.session.flush()
        act.tell(
            DestinationAnswered(
                patient_id=patient_id, incident_id=patient.incident_id, hospital_id=hospital_id, answer=answer,
                other_id=other_id,
            )
        )  # fmt: skip
        return row


async def _open_patient(act: Act, patient_id: UUID) -> Patient:
    patient, _ = await lock_patient(act, patient_id)
    return _still_open(patient)


def _still_open(patient: Patient) -> Patient:
    if patient.state == PatientState.MERGED:
        raise Conflict("patient.merged", "This record is merged into another.", "Use that one.")
    if patient.state == PatientState.SETTLED:
        raise Conflict("patient.settled", "What came of this patient is settled.")
    return patient


async def _send_there(act: Act, unit_id: UUID, patient: Patient, hospital_id: UUID) -> None:
    """Give the vehicle's run its destination, where it is still on the run of this patient's incident."""
    run = await find_active(act.session, unit_id)
    if run is None or run.incident_id != patient.incident_id:
        return
    there = await get_hospital(act.session, act.region, hospital_id)
    point = GeoPoint(lat=there.lat, lon=there.lon)
    await project_clearing(act, run.id, run.clear_at, point=point, destination_id=hospital_id)
    await set_watch(act, unit_id, run.id, run.incident_id, Goal.HOSPITAL, point)


async def _services(act: Act, hospitals: Sequence[Hospital]) -> Mapping[UUID, tuple[ServiceNow, ...]]:
    now = act.clock.now()
    return services_now(as_services(hospitals), as_limits(await list_limits_held(act.session, act.region, now)), now)


async def _beds(act: Act) -> Mapping[UUID, Mapping[BedKind, Beds]]:
    found: defaultdict[UUID, dict[BedKind, Beds]] = defaultdict(dict)
    for row in await list_beds(act.session, act.region):
        found[row.hospital_id][BedKind(row.kind)] = Beds(row.total, row.free)
    return found


def _options(
    roads: Roads,
    point: GeoPoint,
    hospitals: Sequence[Hospital],
    services: Mapping[UUID, tuple[ServiceNow, ...]],
    beds: Mapping[UUID, Mapping[BedKind, Beds]],
    question: Question,
) -> list[Option]:
    """Hospitals with their road times from a place; where no road leads, an estimate that says so."""
    there = [GeoPoint(lat=one.lat, lon=one.lon) for one in hospitals]
    if not there:
        return []
    found = roads.travel.matrix([point], there, question)
    options = []
    for row, one in enumerate(hospitals):
        time_ms = int(found.time_ms[0, row])
        estimate = time_ms < 0 or not np.isfinite(found.distance_m[0, row])
        straight_m = haversine_m(point.lat, point.lon, one.lat, one.lon)
        guess_s, _ = roads.limits.guess(straight_m)
        options.append(
            Option(
                one.id, {service.service: service for service in services[one.id]}, beds.get(one.id, {}),
                guess_s if estimate else time_ms / 1000.0, estimate,
            )
        )  # fmt: skip
    return options
