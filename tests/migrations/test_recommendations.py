"""Fleets were put apart from recommendations: older ones stay as they are, and the way back loses nothing."""

from __future__ import annotations

import asyncpg
import pytest
from factories.migrating import run

pytestmark = pytest.mark.database
OLD = """
INSERT INTO recommendations (id, region, incident_id, at, actor, priority, place_version, requester_organisation,
    requester_system, policy, network_version, overlay_version, schema, body)
VALUES (gen_random_uuid(), 'a', gen_random_uuid(), now(), 'system:x', 'P1', 1, '', '', 'by_time_1', '1', 0, 2,
    '{"units": {"id": [1]}, "chosen": null}')
"""
NEW = """
WITH seen AS (
    INSERT INTO recommendation_fleets VALUES (gen_random_uuid(), 'a', now(), '{"id": [2]}') RETURNING id
)
INSERT INTO recommendations SELECT gen_random_uuid(), old.region, old.incident_id, old.at, old.actor, old.priority,
    old.place_version, '', '', old.policy, NULL, '1', 0, 3, '{"chosen": null}', seen.id
FROM recommendations AS old, seen
"""


async def test_fleets_come_back_into_their_recommendations(empty_database_url: str) -> None:
    await run(empty_database_url, "20261127_0620")
    connection = await asyncpg.connect(empty_database_url.replace("+asyncpg", ""))
    try:
        await connection.execute("SET session_replication_role = replica")  # without the rows that they refer to
        await connection.execute(OLD)
        await run(empty_database_url, "20261127_0630")
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute("UPDATE recommendations SET schema = 3")
        await connection.execute(NEW)
        await run(empty_database_url, "-1")
        rows = await connection.fetch("SELECT schema, body->'units'->'id'->>0 AS unit FROM recommendations ORDER BY 2")
        assert [tuple(row) for row in rows] == [(2, "1"), (2, "2")]
    finally:
        await connection.close()
