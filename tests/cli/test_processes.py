from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import httpx
import pytest
from factories.command import ROOT, command, environment
from factories.patience import PATIENCE_S

pytestmark = [pytest.mark.database, pytest.mark.slow]


@pytest.fixture(scope="module")
def demo_home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="tarim-demo-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


class Started:
    """A `tarim` process that serves, its address read from what it prints."""

    running: ClassVar[list[Started]] = []

    def __init__(self, home: Path, *arguments: str, **settings: str) -> None:
        self.home, self.client = home, httpx.Client(timeout=PATIENCE_S)
        self.log = (home / "stderr.txt").open("w+")
        self.process = subprocess.Popen(
            command(*arguments),
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
            cwd=ROOT,
            env=environment(home) | settings,
            start_new_session=True,
        )
        self.running.append(self)
        assert self.process.stdout is not None
        self.told = ""
        for line in self.process.stdout:
            self.told += line
            if "http://" in line:
                self.address = next(word for word in line.split() if word.startswith("http://"))
                return
        self.log.seek(0)
        raise AssertionError(self.log.read())

    def get(self, path: str) -> httpx.Response:
        """Ask as the demo's dispatcher, who logs in at the first question."""
        if not self.client.cookies:
            passwords = json.loads((self.home / "demo-logins.json").read_text("utf-8"))
            login = {"name": "dispatcher.aksu", "password": passwords["dispatcher.aksu"]}
            answered = self.client.post(f"{self.address}/api/session", json=login)
            if answered.status_code != 200:
                return answered
        return self.client.get(self.address + path)

    def stop(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        code = self.process.wait(PATIENCE_S)
        self.client.close()
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.log.close()
        return code


@pytest.fixture(autouse=True)
def nothing_runs_on() -> Iterator[None]:
    """What a test that failed left running is ended before the next begins in the same home."""
    yield
    while Started.running:
        left = Started.running.pop()
        if left.process.poll() is None:
            left.stop()


def of_home(home: Path) -> list[str]:
    """Command lines of living processes that name the home."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            if str(home) in line and int(folder.name) != os.getpid():
                found.append(line)
    return found


QUESTION = "/api/nearest?lat=41.17&lon=80.26&k=5"


def test_demo_answers_stops_and_leaves_nothing(demo_home: Path) -> None:
    started = Started(demo_home, "demo", "--no-simulation", "--port", "0")
    answer = started.get(QUESTION)
    assert answer.status_code == 200
    assert len(answer.json()["results"]) >= 5
    assert answer.json()["roads"]["schematic"] is True
    assert all(item["call_sign"] and item["organisation"] for item in answer.json()["results"])
    assert started.stop() == 0
    assert (demo_home / "stderr.txt").read_text("utf-8").endswith("Stopped.\n")
    assert of_home(demo_home) == []


def test_the_demo_prints_logins_that_hold_and_keeps_them_to_itself(demo_home: Path) -> None:
    started = Started(demo_home, "demo", "--no-simulation", "--port", "0")
    file = demo_home / "demo-logins.json"
    assert file.stat().st_mode & 0o777 == 0o600
    passwords = json.loads(file.read_text("utf-8"))
    assert len(passwords) == 2 * 6 + 3 + 3, "six roles of two organisations, doctors of three hospitals, ECMO's three"
    assert httpx.get(started.address + QUESTION, timeout=PATIENCE_S).status_code == 401
    for name, password in passwords.items():
        answered = httpx.post(
            f"{started.address}/api/session", json={"name": name, "password": password}, timeout=PATIENCE_S
        )
        assert answered.status_code == 200, name
        assert answered.json()["display_name"].startswith("示例")
    with httpx.Client(base_url=started.address, timeout=PATIENCE_S) as wushi:
        name = "emergency_doctor.wushi-h1"
        wushi.post("/api/session", json={"name": name, "password": passwords[name]})
        (typed,) = wushi.get("/api/ecmo/requests").json()["requests"]
        assert (typed["state"], typed["mode"], typed["indication"]) == ("draft", "vv", "viral_pneumonia")
        near, far = wushi.get("/api/ecmo/centres").json()["centres"]
        assert ([one["place"] for one in near["on_call"]], len(far["on_call"])) == ([1, 2], 1)
        asked = {"hospital_ids": [near["hospital"]["id"], far["hospital"]["id"]]}
        case = wushi.post(f"/api/ecmo/requests/{typed['id']}/ask", json=asked).json()
        assert (case["request"]["state"], case["assessment"]["advice"]) == ("asked", "consider")
    assert started.stop() == 0
    told = command("journal", "verify")
    done = subprocess.run(
        told, capture_output=True, text=True, env=environment(demo_home), cwd=ROOT, timeout=PATIENCE_S, check=False
    )
    assert (done.returncode, done.stdout[:20]) == (0, "The journal is whole")


def test_the_demo_answers_the_machine_itself_without_a_login(demo_home: Path) -> None:
    started = Started(demo_home, "demo", "--no-simulation", "--port", "0", TARIM_LOGINS="0")
    try:
        assert len(httpx.get(started.address + QUESTION, timeout=PATIENCE_S).json()["results"]) == 5
        for path in ("people", "calls", "incidents"):
            assert httpx.get(f"{started.address}/api/{path}", timeout=PATIENCE_S).status_code == 401
    finally:
        assert started.stop() == 0


def test_a_taken_port_gives_the_next_one_and_says_so(demo_home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        started = Started(demo_home, "demo", "--no-simulation", "--port", str(port))
        assert started.address != f"http://127.0.0.1:{port}"
        started.log.seek(0)
        assert f"Port {port} is taken" in started.log.read()
        assert started.stop(signal.SIGTERM) == 0
    assert of_home(demo_home) == []


def test_a_command_attaches_to_the_running_service_which_sees_its_closure(demo_home: Path) -> None:
    started = Started(demo_home, "demo", "--no-simulation", "--port", "0")
    before = started.get(QUESTION).json()
    made = subprocess.run(
        command("roads", "close", "--region", "aksu", "--at", "41.17,80.26", "--radius", "150", "--reason", "洪水"),
        capture_output=True,
        text=True,
        env=environment(demo_home),
        cwd=ROOT,
        timeout=PATIENCE_S,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    after = started.get(QUESTION).json()
    assert after["roads"]["overlay_version"] == before["roads"]["overlay_version"] + 1
    assert after["results"] != before["results"]
    assert started.stop() == 0


def test_the_database_killed_comes_back_by_itself(demo_home: Path) -> None:
    started = Started(demo_home, "demo", "--no-simulation", "--port", "0")
    assert started.get(QUESTION).status_code == 200
    killed = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            line = (folder / "cmdline").read_bytes()
            if str(demo_home).encode() in line and b"bin/postgres" in line:
                os.kill(int(folder.name), signal.SIGKILL)
                killed += 1
    assert killed
    codes = []
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        answer = started.get(QUESTION)
        codes.append(answer.status_code)
        if answer.status_code == 503:
            assert answer.headers["retry-after"]
            assert answer.json()["code"].startswith("database.")
        elif answer.status_code == 200:
            break
        time.sleep(0.1)
    assert set(codes) <= {200, 503}
    assert codes[-1] == 200
    assert started.stop() == 0


def test_the_service_killed_is_survived_by_the_next_start(demo_home: Path) -> None:
    started = Started(demo_home, "demo", "--no-simulation", "--port", "0")
    started.process.kill()
    started.process.wait(PATIENCE_S)
    assert started.process.stdout is not None
    started.process.stdout.close()
    started.log.close()
    again = Started(demo_home, "demo", "--no-simulation", "--port", "0")
    assert again.get(QUESTION).status_code == 200
    assert again.stop() == 0
    assert of_home(demo_home) == []


def test_several_workers_serve_and_stop_and_ask_for_logins_behind_a_proxy(demo_home: Path) -> None:
    if not (demo_home / "demo-logins.json").exists():  # no test before this one has filled the home
        assert Started(demo_home, "demo", "--no-simulation", "--port", "0").stop() == 0
    started = Started(demo_home, "serve", "--port", "0", "--workers", "2", "--behind-proxy", "10.0.0.5")
    end = time.monotonic() + PATIENCE_S
    code = 0
    while code != 200 and time.monotonic() < end:
        with contextlib.suppress(httpx.TransportError):
            code = started.get(QUESTION).status_code
    assert code == 200
    assert httpx.get(started.address + QUESTION, timeout=PATIENCE_S).status_code == 401
    assert started.stop(signal.SIGTERM) == 0
    assert of_home(demo_home) == []
