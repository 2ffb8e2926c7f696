"""The demo's team and kit of ECMO missions, plainly invented: what is there, what has run out, who is on call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from api.cli.demo_people import HOSPITALS, PHYSICIANS
from dispatch.accounts.queries import find_by_login_name
from dispatch.accounts.rules_permissions import Grant
from dispatch.accounts.service_people import add_person
from dispatch.accounts.states import Role
from dispatch.ecmo.queries_missions import list_duties, list_kit
from dispatch.ecmo.service_kit import NewKit, add_kit, check_kit
from dispatch.ecmo.service_roster import enter_duty
from dispatch.ecmo.states_kit import EcmoKitKind, TeamRole
from dispatch.hospitals.queries import list_hospitals
from dispatch.incidents.service import Act
from dispatch.kernel.digests import Digester

CENTRE, OTHER = HOSPITALS[0], HOSPITALS[1]
_DUTY: Final = timedelta(days=7)
_LOOKED: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class _Kit:
    """So many pieces of a kind. size: as printed. expires: in so many days. ready: they can be used."""

    kind: EcmoKitKind
    code: str
    number: int
    size: str = ""
    expires: int | None = None
    ready: bool = True
    water_l: float | None = None
    capacity_wh: float | None = None
    at: str = CENTRE.code


_KIT: Final = (
    _Kit(EcmoKitKind.CONSOLE, "示例主机", 2, "离心泵主机"),
    _Kit(EcmoKitKind.CONSOLE, "示例主机-兵", 1, "离心泵主机", at=OTHER.code),
    _Kit(EcmoKitKind.CONSOLE, "示例主机-修", 1, "离心泵主机", ready=False),
    _Kit(EcmoKitKind.BACKUP_DRIVE, "示例手摇泵", 2),
    _Kit(EcmoKitKind.CIRCUIT, "示例管路", 4, "PMP 成人套包", 210),
    _Kit(EcmoKitKind.CIRCUIT, "示例管路-过期", 1, "PMP 成人套包", -12),
    _Kit(EcmoKitKind.CANNULA, "示例插管-引流", 2, "23 Fr", 300),
    _Kit(EcmoKitKind.CANNULA, "示例插管-回流", 2, "17 Fr", 300),
    _Kit(EcmoKitKind.BLOOD, "示例红细胞", 4, "O 型 2 U", 18),
    _Kit(EcmoKitKind.CYLINDER, "示例车载氧瓶", 3, "40 L · 15 MPa", water_l=40.0),
    _Kit(EcmoKitKind.CYLINDER, "示例氧气瓶", 4, "10 L · 15 MPa", water_l=10.0),
    _Kit(EcmoKitKind.CYLINDER, "示例氧气瓶-兵", 2, "10 L · 15 MPa", water_l=10.0, at=OTHER.code),
    _Kit(EcmoKitKind.BATTERY, "示例电源", 2, "逆变电源", capacity_wh=2400.0),
    _Kit(EcmoKitKind.VENTILATOR, "示例转运呼吸机", 2),
    _Kit(EcmoKitKind.MONITOR, "示例监护除颤仪", 2),
    _Kit(EcmoKitKind.PUMP, "示例微量泵", 6),
    _Kit(EcmoKitKind.HEATER, "示例变温水箱", 2),
    _Kit(EcmoKitKind.BLOOD_GAS, "示例血气仪", 1, "ACT 与血气"),
    _Kit(EcmoKitKind.ULTRASOUND, "示例超声", 1),
)
_TEAM: Final = (
    ("perfusionist_1", "示例体外循环师甲", (TeamRole.PERFUSIONIST,)),
    ("perfusionist_2", "示例体外循环师乙", (TeamRole.PERFUSIONIST,)),
    ("ecmo_nurse_1", "示例转运护士甲", (TeamRole.NURSE,)),
    ("ecmo_nurse_2", "示例转运护士乙", (TeamRole.NURSE, TeamRole.PERFUSIONIST)),
    ("ecmo_driver_1", "示例转运驾驶员甲", (TeamRole.DRIVER,)),
    ("ecmo_driver_2", "示例转运驾驶员乙", (TeamRole.DRIVER,)),
)
"""Without a password: nobody logs in as them. The physicians of the centre lead, and are second."""


async def load_team(act: Act, digester: Digester) -> None:
    """Add what is missing, and look at what nobody has looked at for half a day."""
    places = {one.organisation: one.id for one in await list_hospitals(act.session, act.region)}
    now = act.clock.now()
    await _stock(act, places, now)
    people = await _people(act, digester)
    held = {one.person_id for one in await list_duties(act.session, act.region, now + timedelta(days=1))}
    for person_id, roles in people:
        if person_id not in held:
            running = [one for one in await list_duties(act.session, act.region, now) if one.person_id == person_id]
            begins = max((one.until_at for one in running), default=now)
            await enter_duty(act, places[CENTRE.code], person_id, frozenset(roles), begins, begins + _DUTY)


async def _stock(act: Act, places: Mapping[str, UUID], now: datetime) -> None:
    known = {one.code for one in await list_kit(act.session, act.region)}
    for kit in _KIT:
        for number in range(1, kit.number + 1):
            if (code := f"{kit.code}{number}") not in known:
                expires = None if kit.expires is None else now + timedelta(days=kit.expires)
                new = NewKit(code, kit.kind, places[kit.at], kit.size, expires, kit.water_l, kit.capacity_wh)
                await add_kit(act, new)
    ready = {f"{kit.code}{number}": kit.ready for kit in _KIT for number in range(1, kit.number + 1)}
    for row in await list_kit(act.session, act.region):
        if row.code in ready and (row.checked_at is None or now - row.checked_at > _LOOKED):
            await check_kit(act, row.id, is_ready=ready[row.code])


async def _people(act: Act, digester: Digester) -> Sequence[tuple[UUID, Sequence[TeamRole]]]:
    found: list[tuple[UUID, Sequence[TeamRole]]] = []
    for owner, other in PHYSICIANS:
        known = await find_by_login_name(act.session, f"{Role.ECMO_PHYSICIAN}{other}.{owner.login}")
        if owner is CENTRE and known is not None:
            found.append((known.id, (TeamRole.LEAD, TeamRole.SECOND_PHYSICIAN)))
    code = CENTRE.code
    for name, shown, roles in _TEAM:
        login = f"{name}.{CENTRE.login}"
        known = await find_by_login_name(act.session, login)
        if known is None:
            grants = [Grant(Role.CREW, code)]
            made = await add_person(
                act.session, act.clock, act.context, digester, login_name=login, display_name=f"{shown}（{code}）",
                organisation=code, grants=grants, password_hash=None,
            )  # fmt: skip
            found.append((made.person.id, roles))
        else:
            found.append((known.id, roles))
    return found
