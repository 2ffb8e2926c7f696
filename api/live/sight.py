"""What somebody may see of the feed. Pure.

Clients with the same sight are sent the same frames, so that each is encoded once for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from api.live.topics import PERMISSIONS, Topic
from dispatch.accounts.rules_permissions import TABLE, Principal, may
from dispatch.accounts.states import DeviceKind, Role

OWN_UNIT_ONLY: Final = frozenset({Role.CREW, DeviceKind.VEHICLE})
"""Who holds only these sees the unit on which he is, and what it has to do."""
_ROUND_THE_UNIT: Final = frozenset({Topic.INCIDENTS, Topic.ASSIGNMENTS})
_NO_CALLS: Final = frozenset(Topic) - {Topic.CALLS}


@dataclass(frozen=True, slots=True)
class Marks:
    """Whose a row or a fact is: the organisations and the units that have to do with it, or everyone's."""

    organisations: frozenset[str] = frozenset()
    units: frozenset[UUID] = frozenset()
    everyone: bool = False


NOBODY: Final = Marks()


@dataclass(frozen=True, slots=True)
class Sight:
    """What one may see.

    whole: topics seen in all organisations. within: topics seen where an organisation has to do with it. unit: the own
    one, of which `unit_topics` are seen; None for those who have none (now). patients: facts about patients too.
    """

    whole: frozenset[Topic] = frozenset()
    within: frozenset[tuple[Topic, str]] = frozenset()
    unit: UUID | None = None
    unit_topics: frozenset[Topic] = frozenset()
    patients: bool = False

    @property
    def topics(self) -> frozenset[Topic]:
        """What can be subscribed to."""
        return self.whole | self.unit_topics | {topic for topic, _ in self.within}

    @property
    def is_shared(self) -> bool:
        """Whether many are likely to have the same, so that frames are worth keeping."""
        return self.unit is None

    def sees(self, topic: Topic, marks: Marks) -> bool:
        """Tell whether a row or a fact may be shown."""
        if topic in self.whole or (marks.everyone and topic in self.topics):
            return True
        if self.unit is not None and topic in self.unit_topics and self.unit in marks.units:
            return True
        return any((topic, organisation) in self.within for organisation in marks.organisations)


def sight_of(actor: Principal, unit: UUID | None) -> Sight:
    """Return what an actor may see; `unit`: on which a person is, or whose device it is."""
    whole: set[Topic] = set()
    within: set[tuple[Topic, str]] = set()
    round_unit: set[Topic] = set()
    for grant in actor.grants:
        scope = TABLE[grant.role]
        if "live.read" not in scope.any:
            continue
        if grant.role in OWN_UNIT_ONLY:
            round_unit |= {Topic.UNITS} | {topic for topic in _ROUND_THE_UNIT if PERMISSIONS[topic] in scope.any}
            continue
        whole |= {topic for topic, permission in PERMISSIONS.items() if permission in scope.everywhere}
        # A call belongs to no organisation: it is everybody's or nobody's.
        within |= {(topic, grant.organisation) for topic in _NO_CALLS if PERMISSIONS[topic] in scope.own}
    return Sight(
        frozenset(whole),
        frozenset(pair for pair in within if pair[0] not in whole),
        unit if round_unit - whole else None,
        frozenset(round_unit - whole),
        may(actor, "patients.read"),
    )


def is_bound_to_a_unit(actor: Principal) -> bool:
    """Tell whether what the actor sees depends on which unit is his."""
    return any(grant.role in OWN_UNIT_ONLY for grant in actor.grants)
