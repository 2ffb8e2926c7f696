"""Requests for ECMO on a real PostgreSQL: typed by two, one live for each patient, asked, joined, withdrawn."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from factories.ecmo import COUNTY, Ward, make_ward
from factories.receiving import lines

from dispatch.ecmo.queries_case import list_values, personal_of, words_of
from dispatch.ecmo.queries_requests import list_alike
from dispatch.ecmo.service_asking import (
    EMPTY_FOR,
    ask_centres,
    close_request,
    join_request,
    sweep_drafts,
    withdraw_request,
)
from dispatch.ecmo.service_case import Measured, record_values
from dispatch.ecmo.service_requests import Typed, save_request
from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_requests import Origin, Support, WithdrawalReason
from dispatch.ecmo.tables_requests import EcmoRequest
from dispatch.handover.service_erasing import Erasure, erase
from dispatch.incidents.states_patients import ErasureBasis, ErasureTarget, PersonalKind
from dispatch.kernel.db import Database
from dispatch.kernel.errors import Conflict, Invalid, NotFound, Refused
from dispatch.kernel.ids import new_id

pytestmark = pytest.mark.database


@pytest.fixture
async def ward(database: Database) -> Ward:
    return await make_ward(database)


async def save(ward: Ward, key: UUID, typed: Typed, by: str = "asker") -> EcmoRequest:
    return await ward.done(lambda act: save_request(act, key, Origin.HOSPITAL, COUNTY, typed), by)


async def test_what_two_type_at_once_is_merged_and_the_same_again_is_nothing_new(ward: Ward) -> None:
    key = new_id(ward.clock)
    parts = [
        Typed({"mode": Mode.VV}), Typed({"age_years": 46}), Typed({"support": [Support.VENTILATED, Support.PRONE]}),
        Typed({"hospital_id": ward.hospitals["county"]}), Typed(personal={PersonalKind.NAME: "示例刘某"}),
    ]  # fmt: skip
    await asyncio.gather(*(save(ward, key, one, by) for one, by in zip(parts, ["asker", "first"] * 3, strict=False)))
    row = await ward.request(key)
    assert (row.mode, row.age_years, row.support, row.state) == ("vv", 46, ["ventilated", "prone"], "draft")
    assert (row.version, row.number, row.organisation) == (5, None, COUNTY)
    again = await save(ward, key, Typed({"age_years": 46}, {PersonalKind.NAME: "示例刘某"}))
    assert again.version == 5
    taken_back = await save(ward, key, Typed({"age_years": None}))
    assert (taken_back.age_years, taken_back.version) == (None, 6)


async def test_what_cannot_be_is_refused_and_leaves_nothing(ward: Ward) -> None:
    key = new_id(ward.clock)
    with pytest.raises(NotFound):
        await save(ward, key, Typed({"hospital_id": new_id(ward.clock)}))
    with pytest.raises(Invalid):
        await save(ward, key, Typed({"lat": 41.0}))
    with pytest.raises(NotFound):
        await ward.request(key)
    await save(ward, key, Typed({"mode": Mode.VA}))
    with pytest.raises(Refused) as unready:
        await ward.ask(key, "centre")
    assert unready.value.code == "ecmo_request.unready"
    await save(ward, key, Typed({"lat": 41.0, "lon": 79.5}))
    for wrong in (["county"], [], ["centre", "centre"]):
        with pytest.raises(Invalid) as refused:
            await ward.ask(key, *wrong)
        assert refused.value.code == "ecmo_request.centre"
    asked = await ward.ask(key, "centre")
    assert (asked.state, asked.number) == ("asked", f"E-{ward.clock.now():%y%m%d}-01")


async def test_a_patient_has_one_live_request_also_when_two_ask_at_the_same_moment(ward: Ward) -> None:
    first, second = await ward.typed(), await ward.typed()
    identity = {PersonalKind.ID_NUMBER: "652901199001011234"}
    # A draft may be typed while another is live; asking is refused.
    await save(ward, first, Typed(personal=identity))
    await save(ward, second, Typed(personal=identity))
    told = await asyncio.gather(ward.ask(first, "centre"), ward.ask(second, "centre"), return_exceptions=True)
    refused = [one for one in told if isinstance(one, Conflict)]
    assert [one.code for one in refused] == ["ecmo_request.duplicate"]
    live, left = (first, second) if isinstance(told[1], Conflict) else (second, first)
    again = await asyncio.gather(ward.ask(left, "outside"), return_exceptions=True)
    assert isinstance(again[0], Conflict)
    row = await ward.request(live)
    assert again[0].current == {"id": str(live), "number": row.number, "state": "asked", "version": row.version}
    # Somebody else's identity, typed later into a live request, is a duplicate too.
    third = await ward.asked("outside")
    with pytest.raises(Conflict, match="asked for this patient"):
        await save(ward, third, Typed(personal=identity))


async def test_a_request_is_joined_and_its_values_are_shown_with_the_other(ward: Ward) -> None:
    kept, twin = await ward.asked(age_years=46), await ward.asked("outside", age_years=47)
    await ward.done(lambda act: record_values(act, twin, [Measured("ph", 7.19)]))
    async with ward.database.read() as session:
        row = await ward.request(kept)
        assert [one.id for one in await list_alike(session, row, 2)] == [twin]
    await ward.done(lambda act: join_request(act, twin, kept), "coordinator")
    gone = await ward.request(twin)
    assert (gone.state, gone.joined_into) == ("joined", kept)
    assert {name: one.state for name, one in (await ward.offers(twin)).items()} == {"outside": "released"}
    with pytest.raises(Conflict):
        await ward.done(lambda act: record_values(act, twin, [Measured("ph", 7.2)]))
    with pytest.raises(Invalid):
        await ward.done(lambda act: join_request(act, kept, kept))
    with pytest.raises(Conflict) as over:
        await ward.done(lambda act: join_request(act, kept, twin))
    assert over.value.code == "ecmo_request.not_live"


async def test_values_keep_their_history_and_a_mistake_is_taken_back(ward: Ward) -> None:
    key = await ward.asked()
    await ward.done(lambda act: record_values(act, key, [Measured("ph", 7.19), Measured("diagnosis", "aspiration")]))
    ward.later(60)
    await ward.done(lambda act: record_values(act, key, [Measured("ph", None)]), "first")
    async with ward.database.read() as session:
        rows = await list_values(session, [key])
    assert [(one.item, one.value) for one in rows] == [("diagnosis", "aspiration"), ("ph", 7.19), ("ph", None)] or [
        (one.item, one.value) for one in rows
    ] == [("ph", 7.19), ("diagnosis", "aspiration"), ("ph", None)]
    assert rows[2].actor == str(ward.actor("first"))
    for item, value, code in (("ph", 9, "ecmo.value"), ("ph", True, "ecmo.value"), ("mood", 1, "ecmo.item")):
        with pytest.raises(Invalid) as refused:
            await ward.done(lambda act: record_values(act, key, [Measured(item, value)]))  # noqa: B023 - done at once
        assert refused.value.code == code
    # What is written or measured never stands in the journal.
    told = await lines(ward, "ecmo.values")  # type: ignore[arg-type]  # it has a database
    assert [one["payload"]["items"] for one in told] == [["diagnosis", "ph"], ["ph"]]
    assert "7.19" not in str(told)


async def test_withdrawn_and_closed_requests_are_over(ward: Ward) -> None:
    key = await ward.asked("centre", "outside")
    await ward.done(lambda act: withdraw_request(act, key, WithdrawalReason.IMPROVED, "示例:氧合好转"))
    row = await ward.request(key)
    assert (row.state, row.withdrawal, row.ended_by) == ("withdrawn", "improved", str(ward.actor("asker")))
    assert {one.state for one in (await ward.offers(key)).values()} == {"released"}
    assert all(one.ended_at is not None for one in await ward.alerts(key))
    for work in (
        lambda act: withdraw_request(act, key, WithdrawalReason.DIED),
        lambda act: close_request(act, key),
        lambda act: save_request(act, key, Origin.HOSPITAL, COUNTY, Typed({"age_years": 3})),
        lambda act: ask_centres(act, key, [ward.hospitals["centre"]], at_once=False),
    ):
        with pytest.raises(Conflict):
            await ward.done(work)  # type: ignore[arg-type]


async def test_names_and_words_are_erased_by_law_and_the_rest_stays(ward: Ward) -> None:
    key = await ward.typed()
    await save(ward, key, Typed(personal={PersonalKind.NAME: "示例刘某", PersonalKind.NOTE: "示例:甲流"}))
    asked = Erasure(ErasureTarget.ECMO_REQUEST, ErasureBasis.REQUEST, "PIPL-2026-17", key)
    for values in (2, 0):
        assert (await ward.done(lambda act: erase(act, asked), "coordinator")).values == values
    async with ward.database.read() as session:
        assert await words_of(session, [key], PersonalKind.NOTE) == {}
        assert personal_of(key) is not None
    assert (await ward.request(key)).mode == "vv"


async def test_a_draft_in_which_nothing_was_typed_is_withdrawn_after_half_a_day(ward: Ward) -> None:
    empty, typed, named, young = (new_id(ward.clock) for _ in range(4))
    await save(ward, empty, Typed({"mode": Mode.VV, "hospital_id": ward.hospitals["county"]}))
    await save(ward, typed, Typed({"age_years": 46}))
    await save(ward, named, Typed(personal={PersonalKind.NAME: "示例刘某"}))
    ward.clock.advance(EMPTY_FOR + timedelta(minutes=1))
    await save(ward, young, Typed({"mode": Mode.VA}))
    assert await ward.done(sweep_drafts) == 1
    assert {(await ward.request(key)).state for key in (typed, named, young)} == {"draft"}
    row = await ward.request(empty)
    assert (row.state, row.withdrawal) == ("withdrawn", "mistake")
    assert await ward.done(sweep_drafts) == 0
