"""The demo's two organisations, four hospitals, and plainly invented people: one per role and organisation.

Their passwords are made at the first start, by chance, and kept in a file of this installation's own (0600), so that
the logins printed at a later start are the same ones. Nobody else's demo has them.
"""

from __future__ import annotations

import asyncio
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from api.parts import Parts
from dispatch.accounts.queries import find_by_login_name, find_organisation
from dispatch.accounts.rules_permissions import Grant
from dispatch.accounts.service_hashing import PasswordHasher
from dispatch.accounts.service_people import add_organisation, add_person, set_password
from dispatch.accounts.states import Role
from dispatch.kernel.actor import Context, system
from dispatch.kernel.digests import Digester
from dispatch.kernel.errors import Invalid, Unavailable
from dispatch.kernel.organisations import System

FILE: Final = "demo-logins.json"
"""Below TARIM_HOME."""


@dataclass(frozen=True, slots=True)
class DemoOrganisation:
    """One of the two; its code is the one by which the demo's stations name it."""

    code: str
    name_en: str
    system: System
    login: str


@dataclass(frozen=True, slots=True)
class Login:
    """A demo login, as it is printed."""

    role: Role
    organisation: str
    display_name: str
    name: str
    password: str


ORGANISATIONS: Final = (
    DemoOrganisation("阿克苏地区120", "Aksu prefecture 120 (example)", System.CIVIL, "aksu"),
    DemoOrganisation("兵团第一师", "First Division of the Corps (example)", System.CORPS, "xpcc1"),
)
WUSHI: Final = DemoOrganisation("乌什县人民医院", "Wushi County People's Hospital (example)", System.CIVIL, "wushi-h1")
FAR_CENTRE: Final = DemoOrganisation("乌鲁木齐示例医院", "Urumqi example hospital", System.CIVIL, "urumqi-h1")
"""Outside the region; asked for ECMO only."""
HOSPITALS: Final = (
    DemoOrganisation(
        "阿克苏地区第一人民医院", "Aksu Prefecture First People's Hospital (example)", System.CIVIL, "aksu-h1"
    ),
    DemoOrganisation("兵团第一师医院", "XPCC First Division Hospital (example)", System.CORPS, "xpcc1-h1"),
    WUSHI,
)
"""Each with an emergency room of its own, whose doctor sees who is brought there."""
PHYSICIANS: Final = ((HOSPITALS[0], ""), (HOSPITALS[0], "_2"), (FAR_CENTRE, ""))
"""Of ECMO centres, with what tells the second of a centre from the first."""
ROLE_NAMES: Final = {
    Role.DISPATCHER: "调度员",
    Role.CREW: "车组",
    Role.EMERGENCY_DOCTOR: "急诊医生",
    Role.ECMO_COORDINATOR: "ECMO协调员",
    Role.ECMO_PHYSICIAN: "ECMO值班医师",
    Role.SUPERVISOR: "值班长",
    Role.ADMINISTRATOR: "管理员",
}


async def load_people(parts: Parts) -> list[Login]:
    """Add what is missing of the demo's organisations and people; return their logins.

    Raises Unavailable when the file of passwords cannot be written, Invalid (`demo.logins`) when it is damaged.
    """
    path = parts.settings.home / FILE
    kept = _read(path)
    logins = [
        Login(
            role,
            owner.code,
            f"示例{ROLE_NAMES[role]}{other.removeprefix('_')}（{owner.code}）",
            f"{role}{other}.{owner.login}",
            kept.get(f"{role}{other}.{owner.login}") or secrets.token_urlsafe(12),
        )
        for owner, role, other in (
            *((owner, role, "") for owner in ORGANISATIONS for role in Role if role is not Role.ECMO_PHYSICIAN),
            *((owner, Role.EMERGENCY_DOCTOR, "") for owner in HOSPITALS),
            *((owner, Role.ECMO_PHYSICIAN, other) for owner, other in PHYSICIANS),
        )
    ]
    if any(login.name not in kept for login in logins):
        # Before the accounts: a password without an account opens nothing, an account without its password is lost.
        _write(path, {login.name: login.password for login in logins})
    await _add(parts, logins, renewed={login.name for login in logins if login.name not in kept})
    return logins


async def _add(parts: Parts, logins: list[Login], *, renewed: set[str]) -> None:
    context = Context.begin(parts.clock, system("demo"))
    async with parts.database.read() as session:
        known = {login.name: await find_by_login_name(session, login.name) for login in logins}
    wanted = [login for login in logins if known[login.name] is None or login.name in renewed]
    if not wanted:
        return
    hasher = PasswordHasher()
    try:
        hashes = [await hasher.hash(login.password) for login in wanted]
    finally:
        hasher.close()
    digester = await asyncio.to_thread(Digester.of_home, parts.settings.home)
    async with parts.database.write() as session:
        for owner in (*ORGANISATIONS, *HOSPITALS, FAR_CENTRE):
            if await find_organisation(session, owner.code) is None:
                await add_organisation(
                    session,
                    parts.clock,
                    context,
                    code=owner.code,
                    name_zh=f"{owner.code}（示例）",
                    name_en=owner.name_en,
                    system=owner.system,
                )
        for login, hashed in zip(wanted, hashes, strict=True):
            person = known[login.name]
            if person is not None:
                await set_password(session, parts.clock, context, person.id, hashed)
                continue
            await add_person(
                session,
                parts.clock,
                context,
                digester,
                login_name=login.name,
                display_name=login.display_name,
                organisation=login.organisation,
                grants=[Grant(login.role, login.organisation)],
                password_hash=hashed,
            )


def table(logins: list[Login]) -> str:
    """The logins as lines to print: role, organisation, name, password."""
    return "\n".join(f"  {one.role:<17} {one.name:<24} {one.password}  {one.organisation}" for one in logins)


def _read(path: Path) -> dict[str, str]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    except FileNotFoundError:
        return {}
    except msgspec.DecodeError:
        raise Invalid(
            "demo.logins", f"The file {path} is damaged.", "Remove it: new passwords are made at the next start."
        ) from None


def _write(path: Path, passwords: dict[str, str]) -> None:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(fd, "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(passwords), indent=2))
            file.flush()
            os.fsync(fd)
        draft.replace(path)
    except OSError as error:
        raise Unavailable("demo.logins", f"The logins cannot be kept in {path}: {error.strerror}.") from error
