"""The demo's scene of ECMO: who is on call, a centre outside the region, team and kit, a request typed in 乌什."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from api.cli.demo_ecmo_team import load_team
from api.cli.demo_people import FAR_CENTRE, WUSHI
from api.parts import Parts
from dispatch.accounts.queries import list_people
from dispatch.accounts.rules_permissions import Grant
from dispatch.accounts.states import Role
from dispatch.ecmo.queries_alerting import list_on_call
from dispatch.ecmo.queries_requests import list_requests
from dispatch.ecmo.service_case import Measured, record_values
from dispatch.ecmo.service_on_call import LONGEST, Roster, enter_on_call
from dispatch.ecmo.service_requests import Typed, save_request
from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_requests import Indication, Origin, Support, Ward
from dispatch.hospitals.queries import list_ecmo_centres, list_hospitals
from dispatch.hospitals.service import import_hospitals
from dispatch.incidents.service import Act
from dispatch.incidents.states_patients import PersonalKind, Sex
from dispatch.kernel.actor import Context, system
from dispatch.kernel.db import Session
from dispatch.kernel.digests import Digester
from dispatch.kernel.rows import table_of

FAR: Final = {
    "id": "h-urumqi-ecmo",
    "name_zh": "乌鲁木齐示例医院",
    "name_en": "Urumqi example hospital",
    "organisation": FAR_CENTRE.code,
    "system": "地方",
    "lat": "43.82",
    "lon": "87.60",
    "capabilities": "ecmo;icu",
    "outside": "yes",
}
"""Invented: no hospital of that name is known. Fixed wing by default, some 650 km away."""
_MEASURED: Final[dict[str, object]] = {
    "ventilator_mode": "pc", "fio2": 100, "peep": 14, "plateau": 31, "tidal": 380, "rate": 28, "optimised": True,
    "neuromuscular_blockade": True, "quadrants": 4, "ph": 7.19, "paco2": 78, "pao2": 62, "hco3": 29, "lactate": 2.6,
    "hr": 118, "systolic": 98, "diastolic": 52, "spo2": 84, "rr": 28, "noradrenaline": 0.18, "lvef": 55,
    "platelets": 84, "inr": 1.6, "creatinine": 112, "eyes": 4, "verbal": 5, "motor": 6, "immunocompromised": False,
    "cns_dysfunction": False, "cardiac_arrest": False, "nitric_oxide": False, "bicarbonate": False,
}  # fmt: skip
_SINCE: Final = {"ventilated_since": 31.0, "pf_below_80_since": 7.5, "acidosis_since": 4.1, "prone_since": 16.0}
"""Hours ago."""


async def load_ecmo(parts: Parts) -> None:
    """Add what is missing of the scene. People and hospitals are there already."""
    context, region = Context.begin(parts.clock, system("demo")), parts.settings.region
    digester = Digester.of_home(parts.settings.home)
    async with parts.database.write() as session:
        if FAR["id"] not in {one.code for one in await list_ecmo_centres(session, region)}:
            await import_hospitals(session, parts.clock, context, region, table_of([FAR]))
    async with parts.database.write() as session:
        act = Act(session, parts.clock, context, digester, region)
        async with act.together():
            await _call_out(act, parts.clock.now())
            await load_team(act, digester)
            await _type(act, session)


async def _call_out(act: Act, now: datetime) -> None:
    for centre in await list_ecmo_centres(act.session, act.region):
        if await list_on_call(act.session, [centre.id], now + timedelta(days=1)):
            continue
        grant = Grant(Role.ECMO_PHYSICIAN, centre.organisation)
        people = [one for one in await list_people(act.session, {centre.organisation}) if grant in one.grants]
        for place, one in enumerate(people, start=1):
            await enter_on_call(act, centre.id, Roster(one.person.id, place, now, now + LONGEST))


async def _type(act: Act, session: Session) -> None:
    """A draft of the county hospital, once: what the drawing of the request shows."""
    if await list_requests(session, act.region, None, since=act.clock.now() - timedelta(days=400)):
        return
    county = next(one for one in await list_hospitals(session, act.region) if one.organisation == WUSHI.code)
    now, request_id = act.clock.now(), act.new_id()
    fields = {
        "mode": Mode.VV, "hospital_id": county.id, "sex": Sex.MALE, "age_years": 46, "pregnant": False,
        "weight_kg": 73.0, "height_cm": 172.0, "ward": Ward.ICU, "indication": Indication.VIRAL_PNEUMONIA,
        "support": [Support.VENTILATED, Support.PRONE, Support.VASOPRESSORS],
    }  # fmt: skip
    words = {
        PersonalKind.NAME: "示例刘某",
        PersonalKind.CONTACT: "示例帕医师",
        PersonalKind.PHONE: "13800000000",
        PersonalKind.NOTE: "示例:甲流病毒性肺炎,重度 ARDS,俯卧 16 小时无改善",
    }
    await save_request(act, request_id, Origin.HOSPITAL, WUSHI.code, Typed(fields, words))
    at = now - timedelta(minutes=25)
    values = [Measured(item, value, at) for item, value in _MEASURED.items()]
    values += [Measured(item, (now - timedelta(hours=hours)).isoformat(), now) for item, hours in _SINCE.items()]
    await record_values(act, request_id, values)
