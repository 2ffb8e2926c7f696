"""A mission's report on paper. Without patient data it holds no name and no identity number, and ages of ten years."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from api.ecmo.schemas_after import AfterOut
from api.ecmo.schemas_case import HospitalNameOut
from api.printing.render import Head, Language, legal_time, render
from dispatch.ecmo.queries_missions import get_mission
from dispatch.ecmo.tables_requests import EcmoRequest
from dispatch.hospitals.queries import get_hospital
from dispatch.hospitals.tables import Hospital
from dispatch.incidents.queries_personal import find_value
from dispatch.incidents.rules_times import LEGAL_TIME
from dispatch.incidents.states_patients import ExportReason, PersonalKind
from dispatch.kernel.db import Session

YEARS: Final = 10


class EcmoSheet(msgspec.Struct, frozen=True):
    """All that `ecmo.typ` prints; times as texts, codes for the template to say in words."""

    head: Head
    purpose: str
    facts: dict[str, str | None]
    kpis: list[tuple[str, str, str, str, str, str]]
    course: list[tuple[str, str, str, str, str, str]]
    team: list[tuple[str, str, str, str]]
    kit: list[tuple[str, str, str, str]]
    outcomes: list[tuple[str, str, str, str, bool]]
    rules_version: str
    rules_source: str
    awaits: bool


async def mission_sheet(
    session: Session, row: EcmoRequest, told: AfterOut, by: str, reason: ExportReason | None, language: Language
) -> bytes:
    """Print a mission. reason: why patient data are in it; None: they are not. Raises Unavailable (`printing.*`)."""
    facts = await _facts(session, row, told, language, whole=reason is not None)
    sheet = EcmoSheet(
        head=Head(facts["centre"] or "", row.number or "", legal_time(told.at), by),
        purpose="none" if reason is None else reason.value,
        facts=facts,
        kpis=[
            (
                getattr(one, language), _clock(one.begins_at), _clock(one.ends_at), _number(one.minutes),
                _number(one.target_min), "" if one.met is None else "met" if one.met else "not_met",
            )
            for one in told.kpis
        ],
        course=[
            (_clock(one.at), one.what, one.code, one.detail, one.name or "", _named(one.hospital, language) or "")
            for one in told.course
        ],
        team=[(one.role, one.name or "", _clock(one.from_at), _clock(one.until_at)) for one in told.team],
        kit=[(one.kind, one.code, one.size, _number(one.oxygen_l)) for one in told.kit],
        outcomes=[(one.moment, one.outcome, _clock(one.at), one.name or "", one.counts) for one in told.outcomes],
        rules_version=told.rules_version, rules_source=told.rules_source, awaits=told.needs_sign_off,
    )  # fmt: skip
    return await render("ecmo", sheet, language, told.at)


def decade(age: int | None) -> str | None:
    """An age without who it is of: "40–49"."""
    return None if age is None else f"{age // YEARS * YEARS}–{age // YEARS * YEARS + YEARS - 1}"


async def _facts(
    session: Session, row: EcmoRequest, told: AfterOut, language: Language, *, whole: bool
) -> dict[str, str | None]:
    mission = None if told.mission_id is None else await get_mission(session, row.region, told.mission_id)
    ends = (row.hospital_id, *((None, None) if mission is None else (mission.centre_id, mission.to_hospital_id)))
    there = [None if one is None else await get_hospital(session, row.region, one) for one in ends]
    names = [_named(one, language) for one in there]
    personal: dict[PersonalKind, str | None] = {}
    for kind in (PersonalKind.NAME, PersonalKind.ID_NUMBER) if whole else ():
        known = await find_value(session, row.id, kind)
        personal[kind] = "" if known is None else known.value or ""
    return {
        "name": personal.get(PersonalKind.NAME),
        "id_number": personal.get(PersonalKind.ID_NUMBER),
        "sex": row.sex,
        "age": (None if row.age_years is None else str(row.age_years)) if whole else decade(row.age_years),
        "weight": None if row.weight_kg is None else f"{row.weight_kg:g} kg",
        "mode": row.mode,
        "indication": row.indication,
        "state": None if mission is None else mission.state,
        "from": names[0] or row.organisation,
        "centre": names[1],
        "to": names[2],
        "vehicle": told.vehicle,
    }


def _named(one: Hospital | HospitalNameOut | None, language: Language) -> str | None:
    """The name in the language; where nobody gave one, the Chinese."""
    return None if one is None else getattr(one, f"name_{language}") or one.name_zh


def _clock(at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone(LEGAL_TIME):%m-%d %H:%M}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.0f}"
