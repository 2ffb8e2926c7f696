"""Views of the figures that people keep: one's own, and those that others share."""

from __future__ import annotations

import pytest
from factories.desk import Desk, refused
from factories.people import CORPS, make_person

from dispatch.accounts.states import Role

pytestmark = pytest.mark.database
VIEW = {"name": "农村反应", "query": "?period=days30&ground=rural", "shared": False}


async def test_views_are_one_s_own_unless_they_are_shared(desk: Desk) -> None:
    async with desk.database.write() as session:
        await make_person(session, desk.clock, "corps-supervisor", Role.SUPERVISOR, organisation=CORPS)
    first, other = await desk.as_("supervisor"), await desk.as_("corps-supervisor")
    kept = await first.post("/api/reports/views", json=VIEW)
    assert kept.status_code == 201, kept.text
    refused(await first.post("/api/reports/views", json=VIEW), 409, "report.view_name")
    assert (await other.get("/api/reports/views")).json()["views"] == []
    shared = (await first.post("/api/reports/views", json={**VIEW, "name": "共享", "shared": True})).json()
    assert [one["name"] for one in (await first.get("/api/reports/views")).json()["views"]] == ["共享", "农村反应"]
    (seen,) = (await other.get("/api/reports/views")).json()["views"]
    assert (seen["query"], seen["own"], seen["by"]) == (VIEW["query"], False, shared["by"])
    refused(await other.delete(f"/api/reports/views/{shared['id']}"), 404, "report.view")
    assert (await first.delete(f"/api/reports/views/{shared['id']}")).status_code == 204
    assert (await other.get("/api/reports/views")).json()["views"] == []


async def test_what_is_no_view_is_refused(desk: Desk) -> None:
    client = await desk.as_("supervisor")
    for wrong in ({"name": " "}, {"name": "x" * 81}, {"query": "https://elsewhere"}, {"query": "?" + "x" * 2_000}):
        assert (await client.post("/api/reports/views", json={**VIEW, **wrong})).status_code == 422
    refused(await (await desk.as_("dispatcher")).get("/api/reports/views"), 403, "permission.refused")
