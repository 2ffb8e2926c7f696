"""Making what a simulated day needs: accounts, devices and manned vehicles, in the demo's own database."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from typing import Final

from api.cli.demo_people import ORGANISATIONS, DemoOrganisation
from api.parts import Parts
from api.simulator.props import Account, Desk, Props, Token, Unit, read_props, write_props
from dispatch.accounts.queries import find_by_login_name, list_devices
from dispatch.accounts.rules_permissions import Grant
from dispatch.accounts.service_devices import add_device
from dispatch.accounts.service_hashing import PasswordHasher
from dispatch.accounts.service_people import add_person, set_password
from dispatch.accounts.states import DeviceKind, Role
from dispatch.incidents.service import Act
from dispatch.kernel.actor import Context, system
from dispatch.kernel.digests import Digester
from dispatch.kernel.errors import TarimError
from dispatch.roads.queries import list_own_places
from dispatch.simulation.rules_figures import INVENTED
from dispatch.simulation.rules_places import localities_of
from dispatch.simulation.service_cast import Member
from dispatch.simulation.service_casting import load_hospitals
from dispatch.simulation.service_manning import list_members, man_fleet
from geo.demo.naming import document

_ROLES: Final = ((Role.DISPATCHER, "模拟调度"), (Role.EMERGENCY_DOCTOR, "模拟急诊医生"))
_NOTE: Final = "simulated day (示例)"


async def prepare(
    parts: Parts,
    organisations: Sequence[DemoOrganisation] = ORGANISATIONS,
    hasher: PasswordHasher | None = None,
) -> Props:
    """Add what is missing, and return all of it. What is there already is left as it is.

    organisations: whose dispatchers are played; they must be there. Raises Unavailable (`simulation.props`), and as the
    services that it uses.
    """
    home, region = parts.settings.home, parts.settings.region
    known = _known(parts)
    digester = await asyncio.to_thread(Digester.of_home, home)
    desks = await _desks(parts, digester, known, organisations, hasher)
    async with parts.database.write() as session:
        act = Act(session, parts.clock, Context.begin(parts.clock, system("demo")), digester, region)
        await man_fleet(act, INVENTED)
        members, _ = await list_members(session, region, parts.clock.now(), INVENTED)
        live = {row.id for row in await list_devices(session, region)}
        kept = {} if known is None else {one.vehicle.call_sign: one.device for one in known.units}
        devices = {name: device for name, device in kept.items() if device is not None and device.id in live}
        exchange = known.exchange if known is not None and known.exchange.id in live else None
        for member in members:
            if member.vehicle.device and member.vehicle.call_sign not in devices:
                devices[member.vehicle.call_sign] = await _device(act, member)
        if exchange is None:
            exchange = await _exchange(act, organisations[0].code)
        places = localities_of(document("towns.toml"), await list_own_places(session, region), INVENTED.places)
        hospitals = await load_hospitals(session, region)
        props = Props(region, desks, exchange, _units(members, devices), hospitals, places)
        # Before the commit: a token that nobody knows opens nothing, and is made anew; one that is lost is of no use.
        if props != known:
            await asyncio.to_thread(write_props, home, props)
    return props


def _known(parts: Parts) -> Props | None:
    try:
        return read_props(parts.settings.home)
    except TarimError:
        return None  # absent or damaged: it is made anew


def _units(members: Sequence[Member], devices: Mapping[str, Token]) -> tuple[Unit, ...]:
    return tuple(
        Unit(one.id, one.organisation, one.vehicle, one.teams, devices.get(one.vehicle.call_sign)) for one in members
    )


async def _device(act: Act, member: Member) -> Token:
    device, token = await add_device(
        act.session, act.clock, act.context, kind=DeviceKind.VEHICLE, organisation=member.organisation,
        region=act.region, call_sign=member.vehicle.call_sign, note=_NOTE,
    )  # fmt: skip
    return Token(device.id, token)


async def _exchange(act: Act, organisation: str) -> Token:
    device, token = await add_device(
        act.session, act.clock, act.context, kind=DeviceKind.EXCHANGE, organisation=organisation,
        region=act.region, note=_NOTE,
    )  # fmt: skip
    return Token(device.id, token)


async def _desks(
    parts: Parts,
    digester: Digester,
    known: Props | None,
    organisations: Sequence[DemoOrganisation],
    given: PasswordHasher | None,
) -> tuple[Desk, ...]:
    """The played people of each organisation; who is missing, or whose password is lost, gets a new one."""
    kept = {} if known is None else {one.name: one for desk in known.desks for one in (desk.dispatcher, desk.doctor)}
    desks: list[Desk] = []
    hasher = given
    try:
        for owner in organisations:
            accounts: dict[Role, Account] = {}
            for role, title in _ROLES:
                name = f"simulated.{role}.{owner.login}".replace("_", "-")
                async with parts.database.read() as session:
                    person = await find_by_login_name(session, name)
                account = kept.get(name)
                if person is None or account is None:
                    hasher = hasher or PasswordHasher()
                    account = Account(name, secrets.token_urlsafe(18))
                    hashed = await hasher.hash(account.password)
                    await _account(parts, digester, owner.code, role, title, account, hashed)
                accounts[role] = account
            desks.append(Desk(owner.code, accounts[Role.DISPATCHER], accounts[Role.EMERGENCY_DOCTOR]))
    finally:
        if hasher is not None and hasher is not given:
            hasher.close()
    return tuple(desks)


async def _account(
    parts: Parts, digester: Digester, organisation: str, role: Role, title: str, account: Account, hashed: str
) -> None:
    context = Context.begin(parts.clock, system("demo"))
    async with parts.database.write() as session:
        person = await find_by_login_name(session, account.name)
        if person is not None:
            await set_password(session, parts.clock, context, person.id, hashed)
            return
        await add_person(
            session, parts.clock, context, digester, login_name=account.name,
            display_name=f"示例{title}（{organisation}）", organisation=organisation,
            grants=[Grant(role, organisation)], password_hash=hashed,
        )  # fmt: skip
