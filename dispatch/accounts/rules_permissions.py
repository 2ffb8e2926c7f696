"""Who may do what, where: one table, one question. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Final
from uuid import UUID

from dispatch.accounts.states import DeviceKind, Role
from dispatch.kernel.actor import Actor, ActorKind, system


@dataclass(frozen=True, slots=True)
class Scope:
    """Permissions in the organisation where a role is held (`own`), and those in every organisation (`everywhere`).

    `assigned`: those for incidents that one's own vehicle has or had.
    """

    own: frozenset[str]
    everywhere: frozenset[str]
    assigned: frozenset[str] = frozenset()

    @property
    def any(self) -> frozenset[str]:
        """All of them, wherever."""
        return self.own | self.everywhere | self.assigned


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held in an organisation."""

    role: Role | DeviceKind
    organisation: str


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking, as proved by a session or a device's token, until `expires_at`.

    `credential` is the id of the session or device; `region` and `call_sign` are what a device is bound to.
    """

    kind: ActorKind
    id: UUID
    organisation: str
    grants: frozenset[Grant]
    credential: UUID
    expires_at: datetime | None
    region: str = ""
    call_sign: str = ""
    name: str = ""
    """Of a part of Tarim that asks (`ActorKind.SYSTEM`); people and devices go by their id."""

    @property
    def actor(self) -> Actor:
        """The same as the journal names it; its roles are those held in its own organisation."""
        if self.kind is ActorKind.SYSTEM:
            return system(self.name)
        roles = frozenset(str(grant.role) for grant in self.grants if grant.organisation == self.organisation)
        return Actor(self.kind, str(self.id), self.organisation, roles)


def _load() -> tuple[Mapping[str, str], Mapping[Role | DeviceKind, Scope]]:
    data = tomllib.loads(files("dispatch.accounts").joinpath("permissions.toml").read_text(encoding="utf-8"))
    names = data["permissions"]
    table: dict[Role | DeviceKind, Scope] = {role: _scope(data["roles"][role]) for role in Role}
    table |= {kind: _scope(data["devices"][kind]) for kind in DeviceKind}
    unknown = {name for scope in table.values() for name in scope.any} - set(names)
    extra = (set(data["roles"]) - set(Role)) | (set(data["devices"]) - set(DeviceKind))
    if unknown or extra:
        raise ValueError(f"permissions.toml names what is not there: {', '.join(sorted(unknown | extra))}")
    return names, table


def _scope(data: Mapping[str, list[str]]) -> Scope:
    return Scope(frozenset(data["own"]), frozenset(data["all"]), frozenset(data.get("assigned", ())))


PERMISSIONS, TABLE = _load()
PERMISSION_NAMES: Final = frozenset(PERMISSIONS)


def may(actor: Principal, permission: str, organisation: str | None = None) -> bool:
    """Tell whether the actor may do it in this organisation; None asks whether there is anything with which it may.

    Raises ValueError for a permission that is not in the table: that is a slip of the pen, never a refusal.
    """
    if permission not in PERMISSION_NAMES:
        raise ValueError(f"there is no permission {permission}")
    return any(
        permission in TABLE[grant.role].everywhere
        or (permission in TABLE[grant.role].own and organisation in (None, grant.organisation))
        or (permission in TABLE[grant.role].assigned and organisation is None)
        for grant in actor.grants
    )


def organisations_where(actor: Principal, permission: str) -> frozenset[str] | None:
    """The organisations in which the actor may do it; None: in all of them. Raises ValueError as `may`."""
    if permission not in PERMISSION_NAMES:
        raise ValueError(f"there is no permission {permission}")
    if any(permission in TABLE[grant.role].everywhere for grant in actor.grants):
        return None
    return frozenset(grant.organisation for grant in actor.grants if permission in TABLE[grant.role].own)


def may_where_assigned(actor: Principal, permission: str) -> bool:
    """Tell whether the actor may do it with incidents of its own vehicle. Raises ValueError as `may`."""
    if permission not in PERMISSION_NAMES:
        raise ValueError(f"there is no permission {permission}")
    return any(permission in TABLE[grant.role].assigned for grant in actor.grants)
