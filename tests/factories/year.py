"""A year of a centre in a database: 360,000 calls, what came of them, and the journal of it all, in minutes.

Seven of ten calls open an incident with a place, a patient, a unit and six changes of its status; one asks again, one
is an inquiry, one stays silent. All are over. Whoever is on board of a unit has been there on every day before.
Recommendations have no body: each is read with its own only.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg

from dispatch.kernel.journal_chain import GENESIS, Line, line_hash, time_bytes
from dispatch.kernel.journal_json import payload_bytes

CALLS: Final = 360_000
LINES_A_CALL: Final = 6
_YEAR: Final = timedelta(days=365)
_LAST: Final = timedelta(hours=2)
_ZERO: Final = datetime(2000, 1, 1, tzinfo=UTC)
_TYPES: Final = (
    "call.ringing", "call.answered", "incident.opened", "assignment.made", "unit.status_changed", "incident.closed",
)  # fmt: skip
_ACTOR: Final = "person:0198c0de-0000-7000-8000-000000000001"

# Ids as this program makes them: they begin with their time.
_ID: Final = """
CREATE FUNCTION pg_temp.made(at timestamptz, kind text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(kind || n), 1, 3)
            || '8' || substr(md5(kind || n), 5, 15))::uuid $$
"""
_NUMBERED: Final = """
CREATE TEMP TABLE told AS
SELECT n, n % 10 < 7 AS opens, $1::timestamptz + n * ($2::interval / $3::int) AS t0,
       41.0 + ((n::bigint * 7919) % 10007) / 20014.0 AS lat, -8.7 + ((n::bigint * 104729) % 10009) / 20018.0 AS lon,
       (ARRAY['P1', 'P2', 'P2', 'P3', 'P3', 'P4'])[1 + n % 6] AS priority, 1 + n % $4::int AS unit
FROM generate_series(1, $3::int) AS n
"""
_UNITS: Final = "CREATE TEMP TABLE fleet AS SELECT row_number() OVER (ORDER BY id) AS unit, id, organisation FROM units"
_WORKED: Final = """
CREATE TEMP TABLE worked AS
SELECT told.*, fleet.id AS unit_id, fleet.organisation, pg_temp.made(t0, 'incident', n) AS incident_id,
       pg_temp.made(t0, 'assignment', n) AS assignment_id, pg_temp.made(t0, 'patient', n) AS patient_id
FROM told JOIN fleet USING (unit) WHERE opens
"""
_ROWS: Final = """
INSERT INTO incidents (id, region, number, state, version, t0, t0_source, source, opened_at, entered_at, without_call,
    taken_at, lat, lon, direction, place_version, complaint, priority, initial_priority, capabilities, dispatched_at,
    on_scene_at, closed_at, provisional)
SELECT incident_id, $R, 'Y-' || lpad(n::text, 6, '0'), 'closed', 5, t0, 'exchange', 'manual', t0, t0, false,
    t0 + interval '40 s', lat, lon, '', 1, 'K03', priority, priority, 'B', t0 + interval '90 s', t0 + interval '9 min',
    t0 + interval '70 min', false FROM worked;
INSERT INTO incident_places (id, incident_id, version, lat, lon, given_lat, given_lon, datum, direction, place_source,
    coarse, occurred_at, entered_at, source, actor)
SELECT pg_temp.made(t0, 'place', n), incident_id, 1, lat, lon, lat, lon, 'wgs84', '', 'map', false, t0, t0, 'manual', $A
FROM worked;
INSERT INTO priority_steps (id, incident_id, ordinal, priority, move, occurred_at, entered_at, source, actor)
SELECT pg_temp.made(t0, 'step', n), incident_id, 1, priority, 'initial', t0, t0, 'manual', $A FROM worked;
INSERT INTO calls (id, region, origin, exchange_ref, state, outcome, t0, t0_source, answered_at, answered_source,
    ended_at, oddities, language, incident_id, version, created_at)
SELECT pg_temp.made(t0, 'call', n), $R, 'exchange', 'year-' || n, 'ended',
    CASE WHEN opens THEN 'new_incident' WHEN n % 10 = 7 THEN 'asked_again' WHEN n % 10 = 8 THEN 'inquiry'
         ELSE 'silent' END,
    t0, 'exchange', t0 + interval '6 s', 'exchange', t0 + interval '110 s', 0, 'zh',
    CASE WHEN opens THEN pg_temp.made(t0, 'incident', n)
         WHEN n % 10 = 7 THEN (SELECT incident_id FROM worked WHERE worked.n = told.n - 1) END, 4, t0
FROM told;
INSERT INTO incident_calls (id, incident_id, call_id, kind, t0, t0_source, linked_at, linked_by)
SELECT pg_temp.made(t0, 'link', row_number() OVER ()), incident_id, id,
    CASE outcome WHEN 'new_incident' THEN 'first' ELSE 'asked_again' END, t0, 'exchange', t0, $A
FROM calls WHERE incident_id IS NOT NULL AND exchange_ref LIKE 'year-%';
INSERT INTO call_backs (id, region, call_id, reason, state, opened_at, due_at, attempts, closed_at)
SELECT pg_temp.made(t0, 'back', n), $R, pg_temp.made(t0, 'call', n), 'silent', 'given_up', t0, t0, 3,
    t0 + interval '1 h'
FROM told WHERE n % 10 = 9;
INSERT INTO personal_values (id, region, owner, owner_id, kind, version, value, digest, occurred_at, recorded_at,
    source,
    actor)
SELECT pg_temp.made(t0, 'phone', n), $R, 'call', pg_temp.made(t0, 'call', n), 'phone', 1, '1390000' || n % 9999,
    md5('phone' || n % 90000), t0, t0, 'exchange', $A FROM told
UNION ALL SELECT pg_temp.made(t0, 'address', n), $R, 'incident', incident_id, 'address', 1, '示例路' || n,
    md5('a' || n), t0, t0, 'manual', $A FROM worked;
INSERT INTO patients (id, incident_id, ordinal, state, version, sex, age_years, outcome, occurred_at, entered_at,
    source)
SELECT patient_id, incident_id, 1, 'settled', 2, 'female', n % 90, 'transported', t0, t0, 'manual' FROM worked;
INSERT INTO patient_care (id, patient_id, unit_id, care, reason, begins_at, ends_at, entered_at, source, actor)
SELECT pg_temp.made(t0, 'care', n), patient_id, unit_id, 'carries', 'first', t0 + interval '20 min',
    t0 + interval '40 min', t0, 'device', $A FROM worked;
INSERT INTO recommendations (id, region, incident_id, at, actor, priority, place_version, requester_organisation,
    requester_system, policy, chosen, network_version, overlay_version, schema, body)
SELECT pg_temp.made(t0, 'choice', n), $R, incident_id, t0 + interval '80 s', $A, priority, 1, organisation, 'civil',
    'by_time_1', unit_id, '1', 0, 2, '{}' FROM worked;
INSERT INTO assignments (id, region, incident_id, unit_id, organisation, state, version, assigned_at, entered_at,
    source,
    actor, before_run, recommendation_id, recommended_rank, planned_s, overridden, ended_at, end_reason, end_source)
SELECT assignment_id, $R, incident_id, unit_id, organisation, 'ended', 3, t0 + interval '90 s', t0 + interval '90 s',
    'dispatcher', $A, 'at_station', pg_temp.made(t0, 'choice', n), 1, 500, false, t0 + interval '60 min', 'completed',
    'crew' FROM worked;
INSERT INTO assignment_times (id, assignment_id, point, at, entered_at, source, actor)
SELECT pg_temp.made(t0, 'T4', n), assignment_id, 'T4', t0 + interval '100 s', t0 + interval '100 s', 'crew', $A
FROM worked;
INSERT INTO unit_status_entries (id, unit_id, from_status, status, effect, at, received_at, source, actor,
    run_id, reason)
SELECT pg_temp.made(at, status, n), unit_id, before, status, 'applied', at, at, 'crew', $A,
    CASE WHEN step < 6 THEN assignment_id END, ''
FROM worked, LATERAL (VALUES
    (1, 'at_station', 'assigned', t0 + interval '90 s'), (2, 'assigned', 'en_route', t0 + interval '3 min'),
    (3, 'en_route', 'on_scene', t0 + interval '9 min'), (4, 'on_scene', 'transporting', t0 + interval '20 min'),
    (5, 'transporting', 'at_hospital', t0 + interval '40 min'),
    (6, 'at_hospital', 'returning_available', t0 + interval '60 min')
) AS steps (step, before, status, at);
INSERT INTO crew_duties (id, unit_id, person_id, skill, seat, from_at, until_at, source, actor, recorded_at,
    ended_recorded_at)
SELECT pg_temp.made(day, 'duty', seat + 100 * (row_number() OVER ())), unit_id, person_id, skill, seat, day,
    day + interval '11 h', 'crew', $A, day, day + interval '11 h'
FROM (SELECT * FROM crew_duties WHERE until_at IS NULL AND voided_at IS NULL) AS present,
    LATERAL generate_series(from_at - interval '1 day' * $D, from_at - interval '1 day', interval '1 day') AS day;
"""


async def fill_journal(connection: asyncpg.Connection, now: datetime, lines: int = CALLS * LINES_A_CALL) -> None:
    """Copy a whole chain into an empty journal: what a year of calls would have told."""
    await connection.copy_records_to_table("journal", records=_lines(now, lines), columns=Line._fields)
    await connection.execute("ANALYZE journal")


def _lines(now: datetime, count: int) -> Iterator[tuple[object, ...]]:
    draw, before = random.Random(3), GENESIS
    step = _YEAR / count
    for seq in range(1, count + 1):
        at = now - _LAST - _YEAR + seq * step
        about = UUID(bytes=draw.randbytes(16)) if seq % 2 else UUID(int=draw.randrange(200))
        kind = _TYPES[seq % len(_TYPES)]
        payload = payload_bytes({"incident_id": str(about), "at": at.isoformat(), "version": seq % 7})
        line_id, context_id = draw.randbytes(16), draw.randbytes(16)
        line = Line(
            seq, line_id, kind.encode(), time_bytes(at), time_bytes(at), str(about).encode(), None, _ACTOR.encode(),
            context_id, None, payload, before,
        )  # fmt: skip
        before, prev = line_hash(line), before
        yield (
            seq, UUID(bytes=line_id), kind, at, at, str(about), None, _ACTOR, UUID(bytes=context_id), None,
            payload.decode(), prev, before,
        )  # fmt: skip


async def fill_year(
    connection: asyncpg.Connection, region: str, now: datetime, calls: int = CALLS, *, days: int = _YEAR.days
) -> None:
    """Write a year of calls that are over, and `days` of shifts, into a region with units; as the tables' owner."""
    units = await connection.fetchval("SELECT count(*) FROM units")
    async with connection.transaction():
        await connection.execute(_ID)
        await connection.execute(_UNITS)
        await connection.execute(_NUMBERED, now - _LAST - _YEAR, _YEAR, calls, units)
        await connection.execute(_WORKED)
        await connection.execute("CREATE INDEX ON worked (n)")
        await connection.execute("ANALYZE worked")
        for statement in _ROWS.split(";\n"):
            if statement.strip():
                await connection.execute(
                    statement.replace("$R", f"'{region}'").replace("$A", f"'{_ACTOR}'").replace("$D", str(days))
                )
    # As the server does by itself in the course of a year.
    await connection.execute("VACUUM ANALYZE")
