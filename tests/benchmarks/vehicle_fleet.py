"""The vehicles of the gateway's benchmark: units with devices, each with a patient attached: all is looked at."""

from __future__ import annotations

from typing import Final

import asyncpg

from api.cli.demo import load_demo
from api.cli.demo_people import ORGANISATIONS, load_people
from api.parts import Parts
from dispatch.accounts.rules_sessions import DEVICE_PREFIX, new_token, token_hash
from dispatch.incidents.rules_places import PlaceGiven
from dispatch.incidents.service import Act
from dispatch.incidents.service_incidents import NewIncident, open_incident
from dispatch.incidents.states_incidents import Priority
from dispatch.kernel.actor import Context, system
from dispatch.kernel.digests import Digester
from dispatch.kernel.ids import new_id

SIGNS: Final = "测-"
"""How the call signs of these vehicles begin."""
_UNITS: Final = """
INSERT INTO units (id, region, call_sign, type, special, organisation, system, station_id, capabilities, plate)
SELECT given.id, s.region, given.call_sign, 'basic', '', s.organisation, s.system, s.id, 'B', ''
FROM unnest($1::uuid[], $2::text[]) AS given (id, call_sign),
     (SELECT * FROM stations WHERE region = $3 ORDER BY code LIMIT 1) AS s
"""
_DEVICES: Final = """
INSERT INTO devices (id, kind, token_hash, organisation, region, call_sign, note, created_at, created_by)
SELECT given.id, 'vehicle', given.hashed, $4, $5, given.call_sign, '', now(), 'system:bench'
FROM unnest($1::uuid[], $2::bytea[], $3::text[]) AS given (id, hashed, call_sign)
"""
_PATIENTS: Final = """
INSERT INTO patients (id, incident_id, ordinal, state, version, sex, age_years, occurred_at, entered_at, source)
SELECT given.id, $2, 100 + given.place, 'open', 1, 'male', 60, now(), now(), 'auto'
FROM unnest($1::uuid[]) WITH ORDINALITY AS given (id, place)
"""
_ATTACHMENTS: Final = """
INSERT INTO telemetry_attachments (id, unit_id, slot, at, patient_id, entered_at, actor)
SELECT gen_random_uuid(), given.unit_id, 1, now() - interval '1 hour', given.patient_id, now(), 'system:bench'
FROM unnest($1::uuid[], $2::uuid[]) AS given (unit_id, patient_id)
"""


async def fill(parts: Parts, count: int) -> list[str]:
    """Make the built-in region, its people and so many vehicles; return their devices' tokens by call sign."""
    await load_demo(parts)
    await load_people(parts)  # with their organisations
    return await add(parts, count, ORGANISATIONS[0].code)


async def add(parts: Parts, count: int, organisation: str) -> list[str]:
    """Make so many vehicles at the served region's first station; return their devices' tokens by call sign."""
    async with parts.database.write() as session:
        digester = Digester.of_home(parts.settings.home)
        act = Act(session, parts.clock, Context.begin(parts.clock, system("bench")), digester, parts.settings.region)
        place = PlaceGiven(lat=41.17, lon=80.26)
        incident = (await open_incident(act, NewIncident(Priority.P1, "K03", "BA", place))).id
    tokens = [new_token(DEVICE_PREFIX) for _ in range(count)]
    signs = [f"{SIGNS}{number:04}" for number in range(count)]
    units, devices, patients = ([new_id(parts.clock) for _ in signs] for _ in range(3))
    connection = await asyncpg.connect(parts.url.replace("+asyncpg", ""))
    try:
        await connection.execute(_UNITS, units, signs, parts.settings.region)
        hashes = [token_hash(token, DEVICE_PREFIX) for token in tokens]
        await connection.execute(_DEVICES, devices, hashes, signs, organisation, parts.settings.region)
        await connection.execute(_PATIENTS, patients, incident)
        await connection.execute(_ATTACHMENTS, units, patients)
    finally:
        await connection.close()
    return tokens
