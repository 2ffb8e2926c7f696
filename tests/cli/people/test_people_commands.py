"""`tarim people` and `tarim device`, on a real database."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from factories.fleet import CONTEXT, STATION, UNIT, make_region, table
from factories.people import CIVIL, clock

from api.cli import device, people
from dispatch.kernel.db import Database, make_engine
from dispatch.kernel.errors import Conflict, Invalid, NotFound
from dispatch.units import service as units

pytestmark = pytest.mark.database
PASSWORD = "koshka sleeps under blue poplars"  # noqa: S105 - a test's own


@pytest.fixture(autouse=True)
def _store(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TARIM_DATABASE_URL", database_url.replace("+asyncpg", ""))
    monkeypatch.setenv("TARIM_HOME", str(tmp_path))
    monkeypatch.setenv("TARIM_REGION", "aksu")


def run(command: click.Command, *arguments: str, given: str | bytes | None = None) -> Result:
    result = CliRunner().invoke(command, list(arguments), input=given)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def organisation() -> None:
    run(people.organisation, CIVIL, "--name-zh", "示例地区", "--system", "地方")


def test_organisations_are_added_and_listed() -> None:
    assert "示例师" in run(people.organisation, "xpcc-1", "--name-zh", "示例师", "--system", "兵团").output
    told = json.loads(run(people.organisation, "--json").output)
    assert told == [{"code": "xpcc-1", "name_zh": "示例师", "name_en": "", "system": "corps"}]
    with pytest.raises(Conflict):
        run(people.organisation, "xpcc-1", "--name-zh", "示例师", "--system", "兵团")
    assert run(people.organisation, "xpcc-2").exit_code == 2


@pytest.mark.usefixtures("organisation")
def test_a_person_is_added_with_a_password_from_standard_input() -> None:
    options = (
        "wang.fang",
        "-o",
        CIVIL,
        "--role",
        "dispatcher",
        "--role",
        f"supervisor@{CIVIL}",
        "--display-name",
        "示例",
    )
    added = run(people.add, *options, given=f"{PASSWORD}\n")
    assert added.exit_code == 0
    assert PASSWORD not in added.output
    (told,) = json.loads(run(people.list_, "--json").output)
    assert (told["login_name"], told["display_name"], told["has_password"]) == ("wang.fang", "示例", True)
    assert {role["role"] for role in told["roles"]} == {"dispatcher", "supervisor"}
    assert "0 sessions" in run(people.password, "Wang.Fang", given="another four good words\r\n").output
    assert run(people.revoke, "wang.fang", "--yes").output == "Revoked.\n"
    assert "revoked" in run(people.list_).output


@pytest.mark.usefixtures("organisation")
@pytest.mark.parametrize(
    ("given", "code"),
    [("", "password.none"), ("password2026\n", "password.common"), ("short\n", "password.too_short"),
     (b"\xff\xfe koshka koshka\n", "password.text"), ("x" * 5_000, "password.too_long")],
)  # fmt: skip
def test_passwords_that_are_not_taken(given: str | bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        run(people.add, "wang.fang", "-o", CIVIL, given=given)
    assert refused.value.code == code
    assert json.loads(run(people.list_, "--json").output) == []


@pytest.mark.usefixtures("organisation")
def test_no_command_takes_a_password_as_an_argument() -> None:
    for command in (people.add, people.password):
        names = {name for parameter in command.params for name in parameter.opts}
        assert not {"--password", "-p", "password"} & names
    assert run(people.add, "li", "-o", CIVIL, "--no-password").exit_code == 0
    assert "no password" in run(people.list_).output
    assert run(people.add, "li2", "-o", CIVIL, "--role", "king", given=PASSWORD).exit_code == 2
    with pytest.raises(NotFound):
        run(people.password, "nobody", given=PASSWORD)
    with pytest.raises(NotFound):
        run(people.add, "li3", "-o", "nowhere", given=PASSWORD)


def fleet(database_url: str) -> None:
    async def make() -> None:
        async with Database(make_engine(database_url)) as database, database.write() as session:
            await make_region(session)
            await units.import_stations(session, clock(), CONTEXT, "aksu", table(STATION))
            await units.import_units(session, clock(), CONTEXT, "aksu", table(UNIT | {"organisation": CIVIL}))

    asyncio.run(make())


@pytest.mark.usefixtures("organisation")
def test_a_devices_token_is_shown_once(database_url: str) -> None:
    fleet(database_url)
    added = run(device.add, "示例-01", "--note", "平板")
    (token,) = [line for line in added.output.splitlines() if line.startswith("tarim-device-")]
    listed = run(device.list_)
    assert "示例-01" in listed.output
    assert "never used" in listed.output
    assert token not in listed.output
    (told,) = json.loads(run(device.list_, "--json").output)
    assert run(device.revoke, told["id"]).output == "Revoked.\n"
    assert json.loads(run(device.list_, "--json").output) == []
    assert "revoked" in run(device.list_, "--all").output
    with pytest.raises(NotFound):
        run(device.add, "示例-99")
    with pytest.raises(Conflict):
        run(device.revoke, told["id"])
    assert run(device.add).exit_code == 2
    exchange = json.loads(run(device.add, "--exchange", CIVIL, "--json").output)
    assert exchange["device"]["kind"] == "exchange"


@pytest.mark.usefixtures("organisation")
def test_a_terminal_is_shown_the_token_as_a_qr_code_too(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fleet(database_url)
    monkeypatch.setattr(device, "on_terminal", lambda: True)
    output = run(device.add, "示例-01").output
    assert "▀" in output
    assert "▄" in output
    assert "▀" not in run(device.add, "示例-01", "--no-qr").output
