"""Who may do what: the table and its one question."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.accounts.rules_permissions import (
    PERMISSION_NAMES,
    TABLE,
    Grant,
    Principal,
    may,
    may_where_assigned,
    organisations_where,
)
from dispatch.accounts.states import DeviceKind, PersonState, Role, advance
from dispatch.kernel.actor import ActorKind
from dispatch.kernel.errors import Conflict

NOBODY = UUID(int=1)
ORGANISATIONS = ("a", "b", "c")
grants = st.frozensets(st.builds(Grant, st.sampled_from([*Role, *DeviceKind]), st.sampled_from(ORGANISATIONS)))
permissions = st.sampled_from(sorted(PERMISSION_NAMES))
organisations = st.sampled_from(ORGANISATIONS)


def principal(held: frozenset[Grant]) -> Principal:
    return Principal(ActorKind.PERSON, NOBODY, "a", held, NOBODY, None)


@given(grants, permissions, organisations)
def test_it_follows_from_one_grant_alone(held: frozenset[Grant], permission: str, organisation: str) -> None:
    alone = [may(principal(frozenset({grant})), permission, organisation) for grant in held]
    assert may(principal(held), permission, organisation) == any(alone)


@given(grants, grants, permissions, organisations)
def test_more_roles_never_take_away(
    held: frozenset[Grant], more: frozenset[Grant], permission: str, organisation: str
) -> None:
    if may(principal(held), permission, organisation):
        assert may(principal(held | more), permission, organisation)


@given(grants, permissions, organisations)
def test_the_questions_agree(held: frozenset[Grant], permission: str, organisation: str) -> None:
    actor = principal(held)
    where = organisations_where(actor, permission)
    assert may(actor, permission, organisation) == (where is None or organisation in where)
    assert may(actor, permission) == (where is None or bool(where) or may_where_assigned(actor, permission))


@given(grants, permissions)
def test_own_never_reaches_another_organisation(held: frozenset[Grant], permission: str) -> None:
    if not any(permission in TABLE[grant.role].everywhere for grant in held):
        assert not may(principal(held), permission, "somewhere else")


@given(permissions, organisations)
def test_without_roles_nothing_may_be_done(permission: str, organisation: str) -> None:
    assert not may(principal(frozenset()), permission, organisation)


def test_an_unknown_permission_is_a_slip_of_the_pen() -> None:
    actor = principal(frozenset({Grant(Role.ADMINISTRATOR, "a")}))
    with pytest.raises(ValueError, match=r"people\.mange"):
        may(actor, "people.mange")
    with pytest.raises(ValueError, match=r"people\.mange"):
        organisations_where(actor, "people.mange")
    with pytest.raises(ValueError, match=r"people\.mange"):
        may_where_assigned(actor, "people.mange")


def test_every_permission_is_held_by_somebody() -> None:
    assert frozenset().union(*(scope.any for scope in TABLE.values())) == PERMISSION_NAMES


def test_accounts_and_patients_are_kept_apart() -> None:
    administrator = TABLE[Role.ADMINISTRATOR].any
    assert not {name for name in administrator if name.startswith(("patients.", "calls.", "incidents.", "journal."))}
    managers = {role for role, scope in TABLE.items() if {"people.manage", "devices.manage"} & scope.any}
    assert managers == {Role.ADMINISTRATOR}
    assert {"people.manage", "devices.manage"} <= TABLE[Role.ADMINISTRATOR].own, "in one's own organisation only"


def test_a_crew_reaches_no_incident_by_its_organisation() -> None:
    for kind in (Role.CREW, DeviceKind.VEHICLE):
        actor = principal(frozenset({Grant(kind, "a")}))
        assert may(actor, "incidents.read")
        assert may_where_assigned(actor, "incidents.read")
        assert organisations_where(actor, "incidents.read") == frozenset()
        assert not may(actor, "incidents.read", "a")
    assert not may_where_assigned(principal(frozenset({Grant(Role.DISPATCHER, "a")})), "incidents.read")


def test_a_device_never_holds_what_a_person_holds_to_change_things() -> None:
    for kind in DeviceKind:
        writing = {name for name in TABLE[kind].any if name.endswith((".write", ".manage", ".take", ".own"))}
        assert writing == set()


@pytest.mark.parametrize(
    ("present", "to", "goes"),
    [
        ("active", "locked", True),
        ("locked", "active", True),
        ("active", "revoked", True),
        ("locked", "revoked", True),
        ("active", "active", False),
        ("revoked", "active", False),
        ("revoked", "locked", False),
        ("revoked", "revoked", False),
    ],
)
def test_the_life_of_an_account(present: str, to: str, goes: bool) -> None:
    if goes:
        assert advance(PersonState(present), PersonState(to)) == to
        return
    with pytest.raises(Conflict):
        advance(PersonState(present), PersonState(to))
