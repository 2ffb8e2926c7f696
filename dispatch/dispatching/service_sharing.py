"""Setting what organisations lend to each other. Nothing here commits."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec
from sqlalchemy.dialects.postgresql import insert

from dispatch.dispatching.events import SharingChanged
from dispatch.dispatching.queries_sharing import Sharing, get_sharing, list_parties
from dispatch.dispatching.rules_sharing import ShareRule, SharingPolicy, check_rules, lenders_changed
from dispatch.dispatching.tables import SharingRow
from dispatch.incidents.rules_editing import Outdated
from dispatch.incidents.service import Act
from dispatch.kernel.errors import Refused


async def set_sharing(
    act: Act, rules: Sequence[ShareRule], *, expected_version: int, lenders: Collection[str] | None = None
) -> Sharing:
    """Set all rules of the region at once; the former ones stay as an earlier version. The same rules change nothing.

    lenders: the organisations whose lending the actor may change; None: everybody's.

    Raises:
        Outdated: `policy.outdated`, another was quicker. Refused: `policy.not_yours`.
        Invalid: `policy.party`, nobody has that name; `policy.pair`, a pair twice, or an organisation with itself.
    """
    async with act.together():
        present = await get_sharing(act.session, act.region)
        check_rules(rules, await list_parties(act.session, act.region))
        changed = lenders_changed(present.policy.rules, rules)
        if lenders is not None and (others := changed.difference(lenders)):
            raise Refused(
                "policy.not_yours",
                f"What {min(others)} lends is its own to decide.",
                "Change the rules of your own organisation only.",
            )
        if expected_version != present.version:
            raise Outdated("policy", sharing_state(present))
        if not changed:
            return present
        made = Sharing(present.version + 1, SharingPolicy(tuple(rules)), act.clock.now(), act.actor)
        kept = await act.session.scalar(
            insert(SharingRow)
            .values(
                region=act.region, version=made.version, at=made.at, actor=made.actor,
                rules=msgspec.to_builtins(made.policy.rules),
            )
            .on_conflict_do_nothing()
            .returning(SharingRow.version)
        )  # fmt: skip
        if kept is None:
            raise Outdated("policy", sharing_state(await get_sharing(act.session, act.region)))
        act.tell(
            SharingChanged(
                region=act.region, version=made.version, lenders=tuple(sorted(changed)),
                rules=tuple((one.lender, one.borrower, one.level, one.min_kept_per_station) for one in rules),
            )
        )  # fmt: skip
        return made


def sharing_state(sharing: Sharing) -> dict[str, object]:
    """What counts now, as plain JSON."""
    return {"version": sharing.version, "rules": msgspec.to_builtins(sharing.policy.rules)}
