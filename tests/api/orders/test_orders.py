"""A doctor orders, the crew reads it back and does it or says why not: once, by name, with true times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest
from factories.on_duty import OnDuty
from factories.people import CORPS, make_person

from dispatch.accounts.states import Role

pytestmark = pytest.mark.database
WORDS = "患者张三丰对青霉素过敏"


def iso(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


@dataclass
class Ordering:
    """A patient of 阿-01 for whom the region's hospital is chosen, its crew, and that hospital's doctor."""

    duty: OnDuty
    incident: str
    patient: str
    nurse: httpx.AsyncClient
    doctor: httpx.AsyncClient

    async def give(self, **body: object) -> dict[str, Any]:
        told = {"id": str(uuid4()), "treatment": "aspirin", "amount": 300, "route": "po", **body}
        made = await self.duty.post(f"patients/{self.patient}/orders", self.doctor, **told)
        assert made.status_code == 201, made.text
        found: dict[str, Any] = made.json()
        return found

    async def tell(
        self, order: str, what: str, client: httpx.AsyncClient | None = None, **body: object
    ) -> httpx.Response:
        return await self.duty.post(f"orders/{order}/{what}", client or self.nurse, **body)

    async def orders(self, client: httpx.AsyncClient, **params: str) -> list[dict[str, Any]]:
        got = await client.get(f"/api/incidents/{self.incident}/orders", params=params)
        assert got.status_code == 200, got.text
        found: list[dict[str, Any]] = got.json()["orders"]
        return found

    async def charted(self) -> list[tuple[str, str, float | None, str]]:
        got = (await self.nurse.get(f"/api/patients/{self.patient}/chart")).json()["entries"]
        return [(one["id"], one["treatment"], one["amount"], one["at"]) for one in got]


@pytest.fixture
async def ordering(duty: OnDuty) -> Ordering:
    nurse = await duty.service.logged_in("crew-0-nurse")
    incident = str(await duty.incident())
    await duty.post(f"incidents/{incident}/assignments", unit_id=str(duty.units["阿-01"]))
    patient = (await duty.post(f"incidents/{incident}/patients", nurse, sex="male", age_years=60)).json()["id"]
    ranking = (await duty.post(f"patients/{patient}/destinations/ranking", nurse)).json()
    hospital = ranking["ranked"][0]["hospital_id"]
    await duty.post(f"patients/{patient}/destinations", nurse, ranking_id=ranking["id"], hospital_id=hospital)
    return Ordering(duty, incident, patient, nurse, await duty.service.logged_in("emergency_doctor"))


async def test_an_order_is_read_back_and_done_without_a_link_and_stands_in_the_chart_once(ordering: Ordering) -> None:
    duty, key = ordering.duty, str(uuid4())
    first = await ordering.give(id=key, words=WORDS)
    assert await ordering.give(id=key, words=WORDS) == first
    other = await duty.post(
        f"patients/{ordering.patient}/orders", ordering.doctor, id=key, treatment="aspirin", amount=100, route="po"
    )
    assert (other.status_code, other.json()["code"]) == (409, "order.other")
    assert (first["state"], first["given_by_name"], first["words"]) == ("sent", "示例 emergency_doctor", WORDS)
    duty.later(5)
    seen = (await ordering.tell(key, "seen")).json()
    duty.later(10)
    back = (await ordering.tell(key, "confirmation")).json()
    assert [seen["state"], back["state"], back["confirmed_by_name"]] == ["seen", "confirmed", "示例 crew-0-nurse"]
    done_at = duty.clock.now()
    duty.later(900)
    body = {"amount": 200, "unit_id": str(duty.units["阿-01"]), "at": iso(done_at), "sent_at": iso(duty.clock.now())}
    done = (await ordering.tell(key, "done", **body)).json()
    assert (done["state"], done["given_amount"], done["ended_at"], done["ended_entered_at"]) == (
        "done", 200.0, iso(done_at), iso(duty.clock.now())
    )  # fmt: skip
    assert (await ordering.tell(key, "done", **body)).json() == done
    assert await ordering.charted() == [(key, "aspirin", 200.0, iso(done_at))]
    for what, more in (("not-done", {"reason": "already"}), ("cancellation", {})):
        client = ordering.doctor if what == "cancellation" else ordering.nurse
        refused = await ordering.tell(key, what, client, **more)
        assert (refused.status_code, refused.json()["code"]) == (409, "order.over")
    assert await ordering.orders(ordering.doctor, patient_id=ordering.patient) == [done]
    lines = [line for name in ("given", "seen", "confirmed", "done") for line in await duty.lines(f"order.{name}")]
    assert len(lines) == 4
    assert WORDS not in str(lines)
    assert "300" not in str([line.get("amount") for line in lines])
    assert (lines[0]["treatment"], lines[0]["route"], lines[3]["as_ordered"]) == ("aspirin", "po", False)


async def test_what_is_not_done_says_why_and_what_was_done_against_a_cancellation_was_done(ordering: Ordering) -> None:
    duty = ordering.duty
    no = await ordering.give(treatment="intubation", amount=None, route=None)
    refused = (await ordering.tell(no["id"], "not-done", reason="refused", words=WORDS)).json()
    assert (refused["state"], refused["reason"], refused["reason_words"]) == ("not_done", "refused", WORDS)
    assert (await ordering.tell(no["id"], "not-done", reason="refused", words=WORDS)).json() == refused
    unknown = await ordering.tell(no["id"], "not-done", reason="tired")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "order.reason")
    late = await ordering.give()
    duty.later(20)
    done_at = duty.clock.now()
    duty.later(20)
    gone = (await ordering.tell(late["id"], "cancellation", ordering.doctor)).json()
    assert (gone["state"], gone["cancelled_by_name"]) == ("cancelled", "示例 emergency_doctor")
    back = await ordering.tell(late["id"], "confirmation")
    assert (back.status_code, back.json()["code"]) == (409, "order.over")
    assert (await ordering.tell(late["id"], "not-done", reason="changed")).json()["state"] == "cancelled"
    duty.later(60)
    done = (await ordering.tell(late["id"], "done", at=iso(done_at), sent_at=iso(duty.clock.now()))).json()
    assert (done["state"], done["ended_at"], done["cancelled_at"]) == ("done", iso(done_at), gone["cancelled_at"])
    assert [one[:3] for one in await ordering.charted()] == [(late["id"], "aspirin", 300.0)]
    (line,) = await duty.lines("order.done")
    assert line["cancelled"]
    supervisor = await duty.service.logged_in("supervisor")
    body = {"target": "patient", "id": ordering.patient, "basis": "request", "reference": "PIPL-2026-17"}
    assert (await duty.post("erasures", supervisor, **body)).json()["values"] == 1
    kept = next(one for one in await ordering.orders(ordering.nurse) if one["id"] == no["id"])
    assert (kept["reason_words"], kept["erased"], kept["reason"]) == (None, True, "refused")


async def test_only_the_hospital_to_which_a_patient_is_brought_orders_and_only_its_crew_carries_out(
    ordering: Ordering,
) -> None:
    duty, service = ordering.duty, ordering.duty.service
    given = await ordering.give()
    async with service.parts.database.write() as session:
        await make_person(session, duty.clock, "other-doctor", Role.EMERGENCY_DOCTOR, organisation=CORPS)
    stranger, neighbour = await service.logged_in("other-doctor"), await service.logged_in("crew-2-nurse")
    body = {"id": str(uuid4()), "treatment": "oxygen", "amount": 6}
    for refused in (
        await duty.post(f"patients/{ordering.patient}/orders", stranger, **body),
        await duty.post(f"patients/{ordering.patient}/orders", ordering.nurse, **body),
        await duty.post(f"patients/{ordering.patient}/orders", duty.client, **body),
        await ordering.tell(given["id"], "cancellation", stranger),
        await ordering.tell(given["id"], "done", neighbour),
        await ordering.tell(given["id"], "done", ordering.doctor),
        await stranger.get(f"/api/incidents/{ordering.incident}/orders", params={"patient_id": ordering.patient}),
    ):
        assert (refused.status_code, refused.json()["code"]) == (403, "permission.refused")
    assert (await duty.lines("patient.withheld")) != []
    assert [one["id"] for one in await ordering.orders(duty.client)] == [given["id"]]
    missing = await ordering.tell(str(uuid4()), "seen")
    assert (missing.status_code, missing.json()["code"]) == (404, "order.not_found")
    wrong = await duty.post(f"patients/{ordering.patient}/orders", ordering.doctor, **body | {"route": "iv"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "order.route")


async def test_what_no_list_has_is_ordered_in_words_and_stands_in_the_chart_with_them(ordering: Ordering) -> None:
    path = f"patients/{ordering.patient}/orders"
    for wrong in ({"words": None}, {"words": " "}, {"words": WORDS, "amount": 1}, {"words": WORDS, "route": "iv"}):
        body = {"id": str(uuid4()), "treatment": "other", **wrong}
        refused = await ordering.duty.post(path, ordering.doctor, **body)
        assert (refused.status_code, refused.json()["code"]) in {(422, "order.words"), (422, "text.empty")}, wrong
    key = str(uuid4())
    await ordering.give(id=key, treatment="other", amount=None, route=None, words=WORDS)
    assert (await ordering.tell(key, "done", amount=2)).status_code == 422
    done = (await ordering.tell(key, "done")).json()
    assert (done["state"], done["treatment"], done["words"]) == ("done", "other", WORDS)
    ((entry, treatment, amount, _),) = await ordering.charted()
    assert (entry, treatment, amount) == (key, "other", None)
    chart = f"/api/patients/{ordering.patient}/chart"
    (told,) = (await ordering.nurse.get(chart)).json()["entries"]
    assert told["words"] == WORDS
    refused = await ordering.duty.post(
        f"patients/{ordering.patient}/chart", ordering.nurse, id=str(uuid4()), treatment="other"
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "chart.treatment")
    supervisor = await ordering.duty.service.logged_in("supervisor")
    body = {"target": "patient", "id": ordering.patient, "basis": "request", "reference": "PIPL-2026-18"}
    assert (await ordering.duty.post("erasures", supervisor, **body)).json()["values"] == 1
    assert (await ordering.nurse.get(chart)).json()["entries"][0]["words"] is None
    done_lines, (charted,) = await ordering.duty.lines("order.done"), await ordering.duty.lines("patient.charted")
    assert (charted["treatment"], WORDS in str([done_lines, charted])) == ("other", False)
    given = (await ordering.duty.lines("order.given"))[-1]
    assert (given["treatment"], WORDS in str(given)) == ("other", False)
