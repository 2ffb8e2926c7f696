"""Who may see what of the live feed."""

from __future__ import annotations

from uuid import UUID

import pytest

from api.live.sight import Marks, Sight, is_bound_to_a_unit, sight_of
from api.live.topics import Topic
from dispatch.accounts.rules_permissions import Grant, Principal
from dispatch.accounts.states import DeviceKind, Role
from dispatch.kernel.actor import ActorKind

CIVIL, CORPS = "civil", "corps"
UNIT, OTHER = UUID(int=1), UUID(int=2)
MINE, THEIRS = Marks(frozenset({CIVIL}), frozenset({UNIT})), Marks(frozenset({CORPS}), frozenset({OTHER}))
C, INC, U, A, E = Topic.CALLS, Topic.INCIDENTS, Topic.UNITS, Topic.ASSIGNMENTS, Topic.ECMO


def actor(*roles: Role | DeviceKind, organisation: str = CIVIL) -> Principal:
    grants = frozenset(Grant(role, organisation) for role in roles)
    return Principal(ActorKind.PERSON, UUID(int=9), organisation, grants, UUID(int=8), None)


def seen(sight: Sight, marks: Marks) -> set[Topic]:
    return {topic for topic in Topic if sight.sees(topic, marks)}


@pytest.mark.parametrize(
    ("role", "mine", "theirs"),
    [
        (Role.DISPATCHER, {C, INC, U, A, E}, {C, INC, U, A, E}),
        (Role.SUPERVISOR, {C, INC, U, A, E}, {C, INC, U, A, E}),
        (Role.ECMO_COORDINATOR, {INC, U, A, E}, {INC, U, A, E}),
        (Role.ECMO_PHYSICIAN, {U, E}, {U}),
        (Role.EMERGENCY_DOCTOR, {INC, U, A, E}, {U, A}),
        (Role.CREW, {INC, U, A}, set()),
        (DeviceKind.VEHICLE, {INC, U, A}, set()),
        (Role.ADMINISTRATOR, set(), set()),
        (DeviceKind.EXCHANGE, set(), set()),
    ],
)
def test_each_role_sees_its_part(role: Role | DeviceKind, mine: set[Topic], theirs: set[Topic]) -> None:
    sight = sight_of(actor(role), UNIT)
    assert seen(sight, MINE) == mine
    assert seen(sight, THEIRS) == theirs
    assert sight.topics == mine


def test_who_has_no_unit_now_sees_none() -> None:
    sight = sight_of(actor(Role.CREW), None)
    assert seen(sight, MINE) == set()
    assert sight.topics == {INC, U, A}


def test_of_two_roles_the_wider_counts() -> None:
    sight = sight_of(actor(Role.CREW, Role.DISPATCHER), UNIT)
    assert seen(sight, THEIRS) == {C, INC, U, A, E}
    assert sight.unit_topics == frozenset()


def test_a_vehicle_is_told_nothing_of_patients() -> None:
    assert not sight_of(actor(DeviceKind.VEHICLE), UNIT).patients
    assert sight_of(actor(Role.CREW), UNIT).patients


def test_only_crews_and_vehicles_are_bound_to_a_unit() -> None:
    bound = {role for role in (*Role, *DeviceKind) if is_bound_to_a_unit(actor(role))}
    assert bound == {Role.CREW, DeviceKind.VEHICLE}


def test_dispatchers_of_both_organisations_share_their_frames() -> None:
    one, other = actor(Role.DISPATCHER), actor(Role.DISPATCHER, organisation=CORPS)
    assert sight_of(one, None) == sight_of(other, None)
    assert sight_of(actor(Role.CREW), UNIT) != sight_of(actor(Role.CREW), OTHER)


def test_what_concerns_everyone_is_seen_by_all_who_follow_the_topic() -> None:
    closed = Marks(everyone=True)
    assert sight_of(actor(DeviceKind.VEHICLE), UNIT).sees(U, closed)
    assert not sight_of(actor(DeviceKind.VEHICLE), UNIT).sees(C, closed)
    assert not sight_of(actor(Role.ADMINISTRATOR), None).sees(U, closed)
