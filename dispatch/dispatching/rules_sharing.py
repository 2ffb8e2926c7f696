"""What organisations lend to each other, as data. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dispatch.dispatching.states_recommendation import Excluded, ShareLevel
from dispatch.incidents.states_incidents import Priority

_URGENT = (Priority.P1, Priority.P2)


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation and the system (civil, corps) that it belongs to."""

    organisation: str
    system: str


@dataclass(frozen=True, slots=True)
class ShareRule:
    """What one lends to another, and how many free units each of its stations keeps for itself meanwhile.

    lender, borrower: an organisation or a system.
    """

    lender: str = ""
    borrower: str = ""
    level: ShareLevel = ShareLevel.ALL
    min_kept_per_station: int = 0


@dataclass(frozen=True, slots=True)
class SharingPolicy:
    """A rule for each ordered pair (lender, borrower); `otherwise` for pairs that have none.

    The rule that names most organisations counts, the lender's name before the borrower's. An organisation always has
    its own units.
    """

    rules: tuple[ShareRule, ...] = ()
    otherwise: ShareRule = ShareRule()

    def rule(self, lender: Party, borrower: Party) -> ShareRule:
        """Return what counts between two."""
        if lender.organisation == borrower.organisation:
            return ShareRule()
        for one in (lender.organisation, lender.system):
            for other in (borrower.organisation, borrower.system):
                for found in self.rules:
                    if (found.lender, found.borrower) == (one, other):
                        return found
        return self.otherwise


OPEN: Final = SharingPolicy()
"""Everybody lends everything."""


def withheld(rule: ShareRule, priority: Priority) -> Excluded | None:
    """Why a rule keeps a unit from an incident of that priority; None where it does not."""
    if rule.level is ShareLevel.NONE:
        return Excluded.NOT_SHARED
    if rule.level is ShareLevel.URGENT and priority not in _URGENT:
        return Excluded.URGENT_ONLY
    return None
