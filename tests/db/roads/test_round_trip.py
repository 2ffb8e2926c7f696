"""Any draft is refused, or reaches geo through the database as it was meant."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest
import shapely
from factories.closures import BOXES, DRAFTS, in_utc, points
from factories.fleet import CONTEXT, START, clock, make_region
from factories.patience import times
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch.kernel.db import Database, make_engine
from dispatch.kernel.errors import Invalid, NotFound
from dispatch.roads.queries import get_region, load_overlay
from dispatch.roads.rules import ClosureDraft, checked
from dispatch.roads.service import add_closure, adopt_network, lift_closure
from geo.overlay import Closure

pytestmark = pytest.mark.database

CLOCK = clock()
NOTHING = {"ways": (), "edges": (), "polygon": None, "centre": None, "radius_m": None, "network_version": None}
TARGETS = st.one_of(
    st.fixed_dictionaries({"ways": st.lists(st.integers(1, 2**63 - 1), min_size=1, max_size=5).map(tuple)}),
    st.fixed_dictionaries(
        {
            "edges": st.lists(st.integers(0, 2**31 - 1), min_size=1, max_size=5).map(tuple),
            "network_version": st.just(1),
        }
    ),
    st.fixed_dictionaries({"polygon": BOXES}),
    st.fixed_dictionaries({"centre": points(), "radius_m": st.floats(0, 100_000, exclude_min=True)}),
)
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=20)
AHEAD = st.datetimes(datetime(2027, 1, 1), datetime(2090, 1, 1), timezones=st.timezones())  # noqa: DTZ001 - bounds


async def kept(url: str, draft: ClosureDraft) -> Closure:
    async with Database(make_engine(url, pool_size=1)) as database:
        async with database.write() as session:
            try:
                await get_region(session, "aksu")
            except NotFound:
                await make_region(session)
                await adopt_network(session, CLOCK, CONTEXT, "aksu", file="1", sha256="a" * 64)
        async with database.write() as session:
            row = await add_closure(session, CLOCK, CONTEXT, "aksu", draft)
        async with database.write() as session:
            (closure,) = (await load_overlay(session, "aksu")).closures
            await lift_closure(session, CLOCK, CONTEXT, "aksu", row.id, "test")
        return closure


@pytest.mark.soak
@settings(max_examples=times(20, 1_000), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(draft=DRAFTS, target=TARGETS, until=st.none() | AHEAD, factor=st.just(0.0) | st.floats(0.01, 0.99), words=WORDS)
def test_any_draft_is_refused_or_reaches_geo_as_it_was_meant(
    database_url: str,
    draft: ClosureDraft,
    target: dict[str, object],
    until: datetime | None,
    factor: float,
    words: str,
) -> None:
    likely = replace(
        draft, reason=words, author=words, active_from=None, active_until=until, speed_factor=factor, **NOTHING | target
    )
    for one in (draft, likely):
        try:
            expected = checked(one, START)
        except Invalid:
            with pytest.raises(Invalid):
                asyncio.run(kept(database_url, one))
            continue
        if one.edges and one.network_version != 1:
            continue
        closure = asyncio.run(kept(database_url, one))
        assert (closure.ways, closure.edges) == (expected.ways or (), expected.edges or ())
        assert (closure.centre, closure.radius_m) == (one.centre, one.radius_m or 0.0)
        assert (closure.reason, closure.author) == (one.reason.strip(), one.author.strip())
        assert closure.speed_factor == one.speed_factor
        assert (closure.active_from, closure.active_until) == (
            in_utc(one.active_from or START),
            in_utc(one.active_until),
        )
        assert (closure.polygon is None) == (one.polygon is None)
        if closure.polygon is not None:
            assert shapely.to_wkb(closure.polygon) == expected.polygon
