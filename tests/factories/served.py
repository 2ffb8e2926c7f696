"""The service on a drawn region under a real server in a thread of its own, with something of everything in it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import asyncpg
import httpx
from factories.fleet import CONTEXT
from factories.live import serving
from factories.on_duty import Filled, manned, on_duty
from factories.patience import PATIENCE_S
from factories.people import CIVIL, CORPS, PASSWORD
from factories.service import REGION, drawing

from dispatch.accounts.service_devices import add_device
from dispatch.accounts.states import DeviceKind
from dispatch.kernel.clock import SystemClock

KINDS = {
    "assignment_id": "assignments",
    "call_back_id": "call_backs",
    "call_id": "calls",
    "closure_id": "closures",
    "destination_id": "hospitals",
    "duty_id": "crew_duties",
    "entry_id": "unit_status_entries",
    "incident_id": "incidents",
    "into": "patients",
    "note_id": "notes",
    "patient_id": "patients",
    "recommendation_id": "recommendations",
    "run_id": "unit_runs",
    "time_id": "assignment_times",
    "to_unit_id": "units",
    "unit_id": "units",
}
"""The table of each id that a path or a body names."""


@dataclass
class Served:
    """A server, those who may ask it, and what is there."""

    address: str
    database_url: str
    filled: Filled
    client: httpx.Client
    cookies: dict[str, str] = field(default_factory=dict)
    """What logs each role in, until it is logged out."""

    def headers(self, who: str) -> dict[str, str]:
        """What somebody sends along: a role's name, a kind of device, or "nobody"."""
        if who in self.filled.tokens:
            return {"authorization": f"Bearer {self.filled.tokens[who]}"}
        if who == "nobody":
            return {}
        if who not in self.cookies:
            login = {"name": who, "password": PASSWORD}
            answered = self.client.post("/api/session", json=login)
            self.cookies[who] = f"tarim={answered.raise_for_status().cookies['tarim']}"
            self.client.cookies.clear()
        return {"cookie": self.cookies[who]}

    def there(self) -> dict[str, list[object]]:
        """By the names that paths, questions and bodies have for it: a few ids of all that is there, places, times."""

        async def ids() -> dict[str, list[object]]:
            connection = await asyncpg.connect(self.database_url.replace("+asyncpg", ""))
            try:
                return {
                    name: [str(row["id"]) for row in await connection.fetch(f"SELECT id FROM {table} LIMIT 4")]  # noqa: S608
                    for name, table in KINDS.items()
                }
            finally:
                await connection.close()

        points = list(drawing().points.values())
        now = SystemClock().now()
        moments: list[object] = [(now + timedelta(minutes=by)).isoformat() for by in (-90, -3, 0, 45)]
        lat: list[object] = [point.lat for point in points]
        lon: list[object] = [point.lon for point in points]
        return asyncio.run(ids()) | {
            **dict.fromkeys(("lat", "from_lat", "to_lat", "near_lat"), lat),
            **dict.fromkeys(("lon", "from_lon", "to_lon", "near_lon"), lon),
            **dict.fromkeys(("at", "from", "until", "from_at", "until_at", "clear_at", "sent_at"), moments),
            "version": [1, 2, 3],
            "status_version": [1, 2, 3],
            # Not those who ask: they would lock themselves out.
            "person_id": [str(person) for crew in self.filled.crews.values() for person in crew],
            "card_id": ["K03", "K09"],
            "complaint": ["K03", "K09", ""],
            "organisation": [CIVIL, CORPS],
            "region": [REGION],
        }


@contextmanager
def served(database_url: str, home: Path, filled: Filled) -> Iterator[Served]:
    """Serve what `busy` has filled, until the block ends."""
    ready: Future[str] = Future()
    done = threading.Event()

    async def serve() -> None:
        async with (
            on_duty(database_url, home, clock=SystemClock(), filled=filled) as duty,
            serving(duty.service.app, duty.service.parts.settings, lifespan="off") as address,
        ):
            ready.set_result(f"http://{address}")
            await asyncio.to_thread(done.wait)

    def run() -> None:
        try:
            asyncio.run(serve())
        except BaseException as error:
            if ready.done():
                raise
            ready.set_exception(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        address = ready.result(PATIENCE_S)
        with httpx.Client(base_url=address, timeout=PATIENCE_S) as client:
            yield Served(address, database_url, filled, client)
    finally:
        done.set()
        thread.join(PATIENCE_S)


async def busy(url: str, home: Path) -> Filled:
    """Fill a database with a fleet on duty, and a call, an incident, a patient and all that follows from them."""
    clock = SystemClock()
    filled = await manned(url, home, clock=clock)
    async with on_duty(url, home, clock=clock, filled=filled) as duty:

        async def post(path: str, **body: object) -> str:
            answered = await duty.post(path, **body)
            assert answered.status_code in (200, 201), (path, answered.text)
            return str(answered.json().get("id", ""))

        unit, other = (str(filled.units[name]) for name in ("阿-01", "师-07"))
        incident = await post("incidents", priority="P2", complaint="K03", capabilities="B", place=duty.service.at("F"))
        call = await post("calls", phone="13800001234")
        await post(f"calls/{call}/link", incident_id=incident, kind="asked_again")
        silent = await post("calls", phone="13800004321")
        await post(f"calls/{silent}/outcome", outcome="silent")
        patient = await post(f"incidents/{incident}/patients")
        await post(f"incidents/{incident}/notes", text="示例")
        await post(f"incidents/{incident}/recommendation")
        sent = await post(f"incidents/{incident}/assignments", unit_id=unit)
        await post(f"assignments/{sent}/times", point="T4")
        await post(f"patients/{patient}/care", unit_id=unit)
        begin = clock.now() + timedelta(hours=1)
        span = {"from_at": begin.isoformat(), "until_at": (begin + timedelta(hours=2)).isoformat()}
        await post(f"fleet/{other}/runs", kind="standby", place="示例", **span)
        async with duty.service.parts.database.write() as session:
            _, filled.tokens["exchange"] = await add_device(
                session, clock, CONTEXT, kind=DeviceKind.EXCHANGE, organisation=CIVIL, region=REGION
            )
        filled.tokens["vehicle"] = filled.tokens["阿-01"]
        await post("closures", reason="示例", centre=duty.service.at("K"), radius_m=20.0)
    return filled
