"""What organisations lend to each other, as data. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from dispatch.dispatching.states_recommendation import Excluded, ShareLevel
from dispatch.incidents.states_incidents import Priority
from dispatch.kernel.errors import Invalid

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


def check_rules(rules: Sequence[ShareRule], parties: Collection[str]) -> None:
    """Refuse rules that mean nothing. parties: the names of organisations and systems.

    Raises Invalid: `policy.party`, `policy.pair`.
    """
    seen: set[tuple[str, str]] = set()
    for rule in rules:
        for name in (rule.lender, rule.borrower):
            if name not in parties:
                raise Invalid("policy.party", f"There is no organisation {name!r}.", "Name it by its code.")
        pair = (rule.lender, rule.borrower)
        if pair in seen or rule.lender == rule.borrower:
            raise Invalid("policy.pair", f"{rule.lender} to {rule.borrower}: one rule for each two that differ.")
        seen.add(pair)


def lenders_changed(before: Sequence[ShareRule], after: Sequence[ShareRule]) -> frozenset[str]:
    """Whose lending is another by the second rules than by the first."""
    return frozenset(rule.lender for rule in set(before) ^ set(after))


OPEN: Final = SharingPolicy()
"""Everybody lends everything."""


def withheld(rule: ShareRule, priority: Priority) -> Excluded | None:
    """Why a rule keeps a unit from an incident of that priority; None where it does not."""
    if rule.level is ShareLevel.NONE:
        return Excluded.NOT_SHARED
    if rule.level is ShareLevel.URGENT and priority not in _URGENT:
        return Excluded.URGENT_ONLY
    return None
