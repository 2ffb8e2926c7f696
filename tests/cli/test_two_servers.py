"""Two dispatchers choose one unit at the same instant, each through a server process of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Barrier

import httpx
import pytest
from factories.command import ROOT, command, environment
from factories.on_duty import on_duty
from factories.patience import PATIENCE_S
from factories.people import PASSWORD
from factories.service import REGION

from dispatch.kernel.clock import SystemClock

pytestmark = [pytest.mark.database, pytest.mark.slow]


@contextmanager
def serving(home: Path, database_url: str) -> Iterator[subprocess.Popen[str]]:
    """A `tarim serve` of its own; it is stopped at the end."""
    settings = {"TARIM_DATABASE_URL": database_url, "TARIM_REGION": REGION}
    process = subprocess.Popen(
        command("serve", "--port", "0"),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        env=environment(home) | settings,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE_S)


def address(process: subprocess.Popen[str]) -> str:
    """Where it serves, as it prints it."""
    assert process.stdout is not None
    told = next(line for line in process.stdout if "http://" in line)
    return next(word for word in told.split() if word.startswith("http://"))


async def test_one_gets_the_unit_and_the_other_is_told_who_has_it(database_url: str, tmp_path: Path) -> None:
    async with on_duty(database_url, tmp_path, clock=SystemClock()) as duty:
        incidents = [await duty.incident() for _ in range(2)]
        units = dict(duty.units)
    with ExitStack() as stack:
        processes = [stack.enter_context(serving(tmp_path, database_url)) for _ in range(2)]
        clients = [
            stack.enter_context(httpx.Client(base_url=address(process), timeout=PATIENCE_S)) for process in processes
        ]
        for client, name in zip(clients, ("dispatcher", "supervisor"), strict=True):
            answered = client.post("/api/session", json={"name": name, "password": PASSWORD})
            assert answered.status_code == 200, answered.text
        together = Barrier(2)
        pool = stack.enter_context(ThreadPoolExecutor(2))

        def send(number: int, unit: str) -> httpx.Response:
            together.wait(PATIENCE_S)
            return clients[number].post(f"/api/incidents/{incidents[number]}/assignments", json={"unit_id": unit})

        for call_sign, unit in units.items():
            told = list(pool.map(send, (0, 1), (str(unit), str(unit))))
            assert sorted(one.status_code for one in told) == [201, 409], [one.text for one in told]
            won, lost = sorted(told, key=lambda one: one.status_code)
            current = lost.json()["current"]
            assert (lost.json()["code"], current["id"]) == ("assignment.unit_taken", won.json()["id"])
            assert (current["call_sign"], current["incident_id"]) == (call_sign, won.json()["incident_id"])
            assert current["actor_name"] in {"示例 dispatcher", "示例 supervisor"}
        boards = [client.get("/api/assignments").json()["assignments"] for client in clients]
        assert [row["id"] for row in boards[0]] == [row["id"] for row in boards[1]]
        assert len(boards[0]) == len(units)
