"""ECMO missions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_missions import MissionState
from dispatch.ecmo.states_plans import PlanKind
from dispatch.ecmo.tables_offers import EcmoOffer
from dispatch.ecmo.tables_requests import EcmoRequest
from dispatch.hospitals.tables import Hospital
from dispatch.incidents.tables_incidents import Incident
from dispatch.kernel.constraints import filled, one_of
from dispatch.kernel.db import Base
from dispatch.roads.tables import Region


class EcmoMission(Base):
    """The journey of a bound request. is_primary: the team cannulates; else a circuit runs already.

    from_hospital_id: None where the patient is at a scene. incident_id: of the dispatch core, once a vehicle is asked
    for. A request has one mission that was not stood down. unit_id: that vehicle; patient_id: whom it carries.
    plan_marks: seconds from `planned_at`, usual and slow, by mark. fit_to_move: said by name that he may be moved
    without a circuit. drive_s, drive_slow_s: seconds of road that remained at `drive_at`; drive_told: the arrival
    that was told last; no_way_at: since when no open road leads to where it drives.
    """

    __tablename__ = "ecmo_missions"
    __table_args__ = (
        Index("uq_ecmo_missions_request_id", "request_id", unique=True, postgresql_where=text("state <> 'stood_down'")),
        Index("ix_ecmo_missions_region_began_at", "region", "began_at"),
        one_of("mode", Mode),
        one_of("state", MissionState),
        one_of("plan_kind", PlanKind),
        CheckConstraint("num_nulls(plan_kind, plan_marks, planned_at, planned_by) IN (0, 4)", name="plan"),
        CheckConstraint("num_nulls(drive_at, drive_s, drive_slow_s) IN (0, 3)", name="drive"),
        CheckConstraint("(fit_to_move_at IS NULL) = (fit_to_move_by IS NULL)", name="fit_to_move"),
        filled("began_by"),
        CheckConstraint("version >= 1", name="version"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(ForeignKey(Region.name))
    request_id: Mapped[UUID] = mapped_column(ForeignKey(EcmoRequest.id))
    offer_id: Mapped[UUID] = mapped_column(ForeignKey(EcmoOffer.id))
    centre_id: Mapped[UUID] = mapped_column(ForeignKey(Hospital.id))
    from_hospital_id: Mapped[UUID | None] = mapped_column(ForeignKey(Hospital.id))
    to_hospital_id: Mapped[UUID] = mapped_column(ForeignKey(Hospital.id))
    mode: Mapped[str] = mapped_column(Text)
    is_primary: Mapped[bool]
    incident_id: Mapped[UUID | None] = mapped_column(ForeignKey(Incident.id))
    state: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    began_at: Mapped[datetime]
    began_by: Mapped[str] = mapped_column(Text)
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"))
    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patients.id"))
    plan_kind: Mapped[str | None] = mapped_column(Text)
    plan_via: Mapped[UUID | None] = mapped_column(ForeignKey(Hospital.id))
    plan_aircraft: Mapped[str | None] = mapped_column(Text)
    plan_marks: Mapped[dict[str, list[float]] | None] = mapped_column(JSONB)
    planned_at: Mapped[datetime | None]
    planned_by: Mapped[str | None] = mapped_column(Text)
    drive_at: Mapped[datetime | None]
    drive_s: Mapped[float | None] = mapped_column(Double)
    drive_slow_s: Mapped[float | None] = mapped_column(Double)
    drive_told: Mapped[datetime | None]
    no_way_at: Mapped[datetime | None]
    fit_to_move_at: Mapped[datetime | None]
    fit_to_move_by: Mapped[str | None] = mapped_column(Text)
