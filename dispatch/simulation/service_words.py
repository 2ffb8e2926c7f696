"""What simulated people say, in the form in which services take it. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from dispatch.incidents.rules_patients import OutcomeGiven
from dispatch.incidents.rules_places import PlaceGiven
from dispatch.incidents.rules_times import Told
from dispatch.incidents.service_exchange import ExchangeReport
from dispatch.incidents.service_incidents import NewIncident
from dispatch.incidents.states import Source
from dispatch.incidents.states_calls import Signal
from dispatch.incidents.states_incidents import PlaceSource
from dispatch.incidents.states_patients import PatientOutcome
from dispatch.simulation.rules_actions import FixTold, MovePlace, SettlePatient, Signals
from dispatch.simulation.rules_calls import Caller
from dispatch.simulation.rules_figures import Figures
from dispatch.simulation.rules_people import HANDED_TO
from dispatch.simulation.states import CallKind
from dispatch.units.rules_position import Fix

_WISHES: Final = {
    CallKind.SECOND: "又有人报告同一事件：",
    CallKind.ASKS_AGAIN: "催车，车还没有到：",
    CallKind.CALLS_OFF: "不需要车了：",
    CallKind.INQUIRY: "咨询就医",
    CallKind.MISDIAL: "打错了",
    CallKind.NUISANCE: "骚扰",
    CallKind.SILENT: "无声",
    CallKind.CUT_OFF: "话未说完即中断：",
    CallKind.ELSEWHERE: "需要报警",
}
_WITH_PLACE: Final = frozenset(
    (CallKind.EMERGENCY, CallKind.SECOND, CallKind.ASKS_AGAIN, CallKind.CALLS_OFF, CallKind.CUT_OFF)
)


def said(figures: Figures, caller: Caller) -> str:
    """Return in one line what a caller says."""
    wish = _WISHES.get(caller.kind, "")
    if caller.kind not in _WITH_PLACE:
        return wish
    return f"{wish}{caller.where.words}，{figures.complaints[caller.complaint].zh}"


def exchange_report(run: str, action: Signals, at: datetime) -> ExchangeReport:
    """Return what the exchange reports."""
    caller = action.caller
    ref = f"{run}-{caller.key}"
    if action.signal is not Signal.RINGING:
        return ExchangeReport(f"{ref}-{action.signal}", ref, action.signal, at)
    position = None
    if caller.position is not None:
        position = PlaceGiven(
            caller.position.lat, caller.position.lon, accuracy_m=caller.accuracy_m, source=PlaceSource.EXCHANGE
        )
    return ExchangeReport(
        f"{ref}-{action.signal}", ref, action.signal, at, phone=caller.phone, language=caller.language,
        recording=f"demo/{ref}.opus", position=position,
    )  # fmt: skip


def incident_of(figures: Figures, caller: Caller, call_id: UUID) -> NewIncident:
    """Return the incident that a dispatcher opens for a caller."""
    point = caller.where.point
    place = PlaceGiven(point.lat, point.lon, words=caller.where.words, source=PlaceSource.MAP)
    note = f"示例：{figures.complaints[caller.complaint].zh}"
    return NewIncident(caller.priority, caller.complaint, caller.needs, place, note, call_id)


def moved_place(action: MovePlace) -> PlaceGiven:
    """Return where the patients of an incident are now."""
    return PlaceGiven(
        round(action.point.lat, 6), round(action.point.lon, 6), words=action.words, source=PlaceSource.MAP
    )


def outcome_of(action: SettlePatient) -> OutcomeGiven:
    """Return what came of a patient; one who was to be taken away and has no hospital was treated and left."""
    patient = action.patient
    outcome = patient.outcome
    if outcome is PatientOutcome.TRANSPORTED and action.hospital_id is None:
        outcome = PatientOutcome.TREATED_LEFT
    return OutcomeGiven(
        outcome, destination_id=action.hospital_id, proof=patient.proof, witness=patient.witness,
        handed_to=HANDED_TO if outcome is PatientOutcome.HANDED_ON else "",
    )  # fmt: skip


def told_at(at: datetime | None) -> Told | None:
    """When a device's late report says that something was; None: now."""
    return None if at is None else Told(at, Source.DEVICE)


def fix_of_unit(unit_id: UUID, told: FixTold, sent_at: datetime) -> Fix:
    """Return a position as receivers tell it."""
    return Fix(
        unit_id, told.at, told.point.lat, told.point.lon, speed_mps=told.speed_mps, heading_deg=told.heading_deg,
        accuracy_m=8.0, sent_at=sent_at,
    )  # fmt: skip
