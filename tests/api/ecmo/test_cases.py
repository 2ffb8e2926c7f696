"""A request for ECMO over HTTP: typed, asked, assessed by both sides, bound; ways by road; files."""

from __future__ import annotations

import hashlib
import struct
from base64 import b64encode
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import httpx
import pytest
from factories.fleet import CONTEXT
from factories.people import CIVIL, CORPS, make_person
from factories.service import REGION, Service
from PIL import Image

from dispatch.accounts.states import Role
from dispatch.hospitals.service import import_hospitals
from dispatch.kernel.clock import ManualClock
from dispatch.kernel.tabular import read_table

pytestmark = pytest.mark.database


class Case:
    """One request, the doctor of a county hospital who asks, and the physician of a centre."""

    def __init__(self, service: Service, asker: httpx.AsyncClient, physician: httpx.AsyncClient) -> None:
        self.service, self.asker, self.physician = service, asker, physician
        self.id, self.hospitals = str(uuid4()), dict[str, str]()

    @property
    def clock(self) -> ManualClock:
        assert isinstance(self.service.parts.clock, ManualClock)
        return self.service.parts.clock

    def ahead(self, minutes: float) -> str:
        return (self.clock.now() + timedelta(minutes=minutes)).isoformat()

    async def save(self, client: httpx.AsyncClient | None = None, **typed: object) -> dict[str, Any]:
        answered = await (client or self.asker).put(f"/api/ecmo/requests/{self.id}", json=typed)
        assert answered.status_code == 200, answered.text
        found: dict[str, Any] = answered.json()
        return found

    async def do(self, client: httpx.AsyncClient, what: str, *, status: int = 200, **body: object) -> dict[str, Any]:
        answered = await client.post(f"/api/ecmo/requests/{self.id}/{what}", json=body)
        assert answered.status_code == status, answered.text
        found: dict[str, Any] = answered.json() if answered.content else {}
        return found

    async def seen(self, client: httpx.AsyncClient, **query: str) -> dict[str, Any]:
        answered = await client.get(f"/api/ecmo/requests/{self.id}", params=query)
        assert answered.status_code == 200, answered.text
        found: dict[str, Any] = answered.json()
        return found


@pytest.fixture
async def case(service: Service) -> Case:
    places = {letter: service.at(letter) for letter in "AL"}
    text = "id,name_zh,organisation,system,lat,lon,capabilities,outside\n" + "\n".join(
        f"{code},示例{code},{owner},{system},{lat},{lon},{capabilities},{outside}"
        for code, owner, system, lat, lon, capabilities, outside in (
            ("county", CORPS, "兵团", *places["L"].values(), "icu", "no"),
            ("centre", CIVIL, "地方", *places["A"].values(), "ecmo", "no"),
            ("outside", "区外", "地方", 43.8, 87.6, "ecmo", "yes"),
        )
    )
    parts = service.parts
    async with parts.database.write() as session:
        report = await import_hospitals(session, parts.clock, CONTEXT, REGION, read_table(text.encode()))
        assert report.ok, report.errors
        await make_person(session, parts.clock, "county", Role.EMERGENCY_DOCTOR, organisation=CORPS)
    made = Case(service, await service.logged_in("county"), await service.logged_in("ecmo_physician"))
    centres = (await made.physician.get("/api/ecmo/centres")).json()["centres"]
    made.hospitals = {one["hospital"]["name_zh"].removeprefix("示例"): one["hospital"]["id"] for one in centres}
    assert [one["hospital"]["is_outside"] for one in centres] == [False, True]
    me = centres[0]["physicians"][0]["person_id"]
    entry = {"person_id": me, "place": 1, "from_at": made.ahead(-60), "until_at": made.ahead(600)}
    entered = await made.physician.post(f"/api/ecmo/centres/{made.hospitals['centre']}/on-call", json=entry)
    assert entered.status_code == 201, entered.text
    listed = (await made.asker.get("/api/hospitals")).json()["hospitals"]
    assert "示例outside" not in {one["name_zh"] for one in listed}
    made.hospitals["county"] = next(one["key"] for one in listed if one["name_zh"] == "示例county")
    return made


async def test_it_is_typed_asked_assessed_by_both_sides_and_bound(case: Case) -> None:
    county, centre = case.hospitals["county"], case.hospitals["centre"]
    await case.save(mode="vv", hospital_id=county, ward="icu", name="示例刘某成", id_number="652901198001011234")
    at = case.ahead(-25)
    typed = await case.save(
        age_years=46, sex="male", weight_kg=73, support=["ventilated", "prone"], indication="viral_pneumonia",
        contact="示例帕某", contact_phone="13800000000",
        values=[
            {"item": name, "value": value, "at": at}
            for name, value in {
                "pao2": 62, "fio2": 100, "ph": 7.19, "paco2": 78, "peep": 14, "optimised": True, "quadrants": 4,
                "pf_below_80_since": case.ahead(-460), "ventilated_since": case.ahead(-31 * 60), "plateau": 31,
                "tidal": 380, "neuromuscular_blockade": True,
            }.items()
        ],
    )  # fmt: skip
    told = typed["assessment"]
    standing = {one["id"]: one["standing"] for one in told["criteria"]}
    assert (standing["vv_pf_80"], standing["vv_pf_50"], standing["vv_cesar"]) == ("met", "not_met", "met")
    assert (told["advice"], told["direct"], told["pf_ratio"]) == ("consider", False, {"low": 62.0, "high": 62.0})
    scores = {one["name"]: one for one in told["scores"]}
    assert scores["save"]["not_scored"] == "other_mode"
    assert scores["murray"]["low"] == scores["murray"]["high"] == 3.5
    assert scores["resp"]["low"] < scores["resp"]["high"]
    assert all(one["needs_sign_off"] and one["source"] and one["version"] for one in told["rules"])
    # Nobody else sees a draft.
    assert (await case.physician.get(f"/api/ecmo/requests/{case.id}")).status_code == 403
    asked = await case.do(case.asker, "ask", hospital_ids=[centre, case.hospitals["outside"]])
    assert [one["state"] for one in asked["offers"]] == ["asked", "waiting"]
    (row,) = (await case.physician.get("/api/ecmo/requests")).json()["requests"]
    assert (row["rings_me"], row["number"][:2], "name" in row) == (True, "E-", False)
    seen = await case.do(case.physician, "seen", hospital_id=centre)
    assert (seen["patient"]["name"], seen["patient"]["id_number"], seen["contact"]) == ("示**", "652****34", "示例帕某")
    assert seen["may"] == {"side": "centre", "change": False, "assess": [centre], "bind": False}
    assert (await case.seen(case.physician, whole="true"))["patient"]["name"] == "示例刘某成"
    # Both sides talk; who has read it is told by name.
    question = str(uuid4())
    await case.do(case.physician, "messages", status=201, id=question, kind="question", words="示例:请补 PIP")
    await case.do(case.asker, "messages/reads", status=204, ids=[question])
    await case.do(case.asker, "values", values=[{"item": "pip", "value": 40}])
    (message,) = (await case.seen(case.physician))["messages"]
    assert (message["side"], message["kind"], message["words"]) == ("centre", "question", "示例:请补 PIP")
    assert [one["name"] for one in message["reads"]] == ["示例 county"]
    decision = {"hospital_id": centre, "version": seen["offers"][0]["version"], "decision": "conditional"}
    refused = await case.asker.post(f"/api/ecmo/requests/{case.id}/decisions", json=decision)
    assert refused.status_code == 403
    decision |= {"cannulation_at": case.ahead(90), "conditions": ["示例:头颅 CT 无出血"]}
    made = await case.do(case.physician, "decisions", status=201, **decision)
    (late,) = [await case.physician.post(f"/api/ecmo/requests/{case.id}/decisions", json=decision)]
    assert (late.status_code, late.json()["code"]) == (409, "ecmo_offer.outdated")
    offer = made["offers"][0]
    binding = {"offer_id": offer["id"], "version": offer["version"]}
    open_still = await case.asker.post(f"/api/ecmo/requests/{case.id}/bind", json=binding)
    assert open_still.json()["code"] == "ecmo_offer.conditions"
    condition = offer["decisions"][0]["conditions"][0]["id"]
    ticked = await case.asker.post(f"/api/ecmo/conditions/{condition}", json={"ticked": True})
    assert ticked.json()["offers"][0]["decisions"][0]["conditions"][0]["ticked_by_name"] == "示例 county"
    assert (await case.physician.post(f"/api/ecmo/requests/{case.id}/bind", json=binding)).status_code == 403
    binding["version"] = ticked.json()["offers"][0]["version"]
    bound = await case.do(case.asker, "bind", status=201, **binding)
    assert (bound["request"]["state"], bound["request"]["mission_id"] is not None) == ("bound", True)
    assert [one["state"] for one in bound["offers"]] == ["bound", "released"]
    over = await case.asker.post(f"/api/ecmo/requests/{case.id}/withdraw", json={"reason": "improved"})
    assert over.status_code == 409


async def test_an_arrest_is_reckoned_both_ways_and_not_for_whom_the_limit_was_not_made(case: Case) -> None:
    dispatcher = case.service.client
    here = case.service.at("L")
    arrest = [{"item": "arrest_at", "value": case.ahead(-12)}, {"item": "cpr_at", "value": case.ahead(-10)}]
    told = await case.save(
        dispatcher, origin="incident", mode="ecpr", ward="scene", age_years=44, values=arrest, **here
    )
    ways = (await dispatcher.get(f"/api/ecmo/requests/{case.id}/ways")).json()
    inside, outside = ways["centres"]
    legs = {one["name"]: one for one in inside["to_patient"]["legs"]}
    assert (legs["elapsed"]["low"], legs["elapsed"]["basis"]) == (12.0, "measured")
    assert (legs["team_road"]["basis"], legs["team_ready"]["basis"]) == ("road", "figure")
    assert inside["to_patient"]["standing"] in ("possible", "unlikely")
    assert inside["to_cannulator"]["standing"] == "unknown"  # nobody knows when a vehicle will be at the scene
    assert {outside[way]["standing"] for way in ("to_cannulator", "to_patient")} == {"unknown"}
    standing = {one["id"]: one["standing"] for one in told["assessment"]["criteria"]}
    assert (standing["ecpr_no_flow"], standing["ecpr_witnessed"]) == ("met", "unknown")
    cold = await case.save(dispatcher, values=[{"item": "hypothermia", "value": True}])
    assert cold["assessment"]["low_flow_applies"] is False
    ways = (await dispatcher.get(f"/api/ecmo/requests/{case.id}/ways")).json()
    assert (ways["applies"], ways["centres"][0]["to_patient"]["standing"]) == (False, "not_applied")
    child = await dispatcher.post("/api/ecmo/assessment", json={"mode": "va", "age_years": 12})
    assert (child.json()["direct"], child.json()["advice"], child.json()["criteria"]) == (True, "discuss", [])
    wrong = await dispatcher.post("/api/ecmo/assessment", json={"mode": "va", "values": [{"item": "ph", "value": 70}]})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "ecmo.value")


async def test_a_photo_and_a_clip_are_kept_without_what_was_written_beside_them(case: Case) -> None:
    await case.save(mode="va", hospital_id=case.hospitals["county"])
    picture = BytesIO()
    Image.new("RGB", (640, 480), "white").save(picture, "JPEG", exif=b"Exif\x00\x00secret")
    told = b"where the heart was seen"
    inner = struct.pack(">I4s", 8 + len(told), b"udta") + told
    clip = struct.pack(">I4s4s", 12, b"ftyp", b"isom") + struct.pack(">I4s", 8 + len(inner), b"moov") + inner
    for kind, data, media in (("blood_gas", picture.getvalue(), "image/jpeg"), ("echo", clip, "video/mp4")):
        key = uuid4()
        path = f"/api/ecmo/requests/{case.id}/files/{key}"
        announced = {"kind": kind, "total": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        assert (await case.asker.put(path, json=announced)).json()["received"] == 0
        piece = {"start": 0, "data": b64encode(data).decode()}
        sent = await case.asker.post(f"{path}/pieces", json=piece)
        assert (sent.status_code, sent.json()["whole"]) == (200, True), sent.text
        kept = await case.asker.get(path)
        assert kept.headers["content-type"] == media
        assert told not in kept.content
        assert b"secret" not in kept.content
        assert len(kept.content) == len(data) or kind == "blood_gas"
        assert (await case.asker.get(f"{path}/small")).status_code == (200 if kind == "blood_gas" else 404)
        assert (await case.physician.get(path)).status_code == 403
    assert {one["kind"] for one in (await case.seen(case.asker))["files"]} == {"blood_gas", "echo"}
