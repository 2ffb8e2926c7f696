"""What waits, and by what rules units are lent."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.acting import acting
from api.auth import DoorkeeperDep, requires
from api.bodies import Body, answer
from api.contract import contract
from api.deps import PartsDep
from api.dispatching.access import Reader, must_see_all
from api.dispatching.examples import POLICY, QUEUE, RULE
from api.dispatching.schemas import QueueOut, WaitingOut
from api.dispatching.schemas_policy import FiguresOut, PolicyIn, PolicyOut, ShareRuleOut
from api.figures import figures_of
from dispatch.accounts.rules_permissions import Principal, organisations_where
from dispatch.dispatching.queries import list_waiting
from dispatch.dispatching.queries_sharing import Sharing, get_sharing
from dispatch.dispatching.rules_policy import Figures
from dispatch.dispatching.rules_sharing import ShareRule
from dispatch.dispatching.service_sharing import set_sharing

router = APIRouter(tags=["queue and policy"])

_policy = Body(PolicyIn)


@router.get(
    "/queue",
    summary="Incidents that wait for a unit",
    description="Open ones that no unit has: by priority, then those that lost their unit, then by age (T0).",
    **contract(QueueOut, problems=[404], example=QUEUE),
)
async def queue(parts: PartsDep, actor: Reader) -> Response:
    """List the queue."""
    must_see_all(actor)
    now = parts.clock.now()
    async with parts.database.read() as session:
        waiting = await list_waiting(session, parts.settings.region)
    told = [
        WaitingOut(
            one.incident_id, one.number, one.priority, one.t0,
            max((now - (one.returned_at or one.t0)).total_seconds(), 0.0), one.returned_at, one.capabilities,
            one.requester.organisation if one.requester is not None else "",
        )
        for one in waiting
    ]  # fmt: skip
    return answer(QueueOut(told, now))


@router.get(
    "/policy",
    summary="What organisations lend to each other",
    description="The rules that count now for recommendations, orders and offers, and the figures of choosing. Pairs "
    "without a rule lend everything.",
    **contract(PolicyOut, problems=[404], example=POLICY),
)
async def policy(parts: PartsDep, _actor: Reader) -> Response:
    """Show the policy."""
    async with parts.database.read() as session:
        found = await get_sharing(session, parts.settings.region)
    return answer(_policy_out(found, figures_of(parts.settings)))


@router.put(
    "/policy",
    summary="Set what organisations lend to each other",
    description="All rules at once; the former ones stay as an earlier version. What an organisation lends is its own "
    "to decide. It counts for every recommendation, order and offer from then on.",
    **contract(
        PolicyOut,
        body=PolicyIn,
        example=POLICY,
        problems=[404, 409],
        body_examples={"urgent only, one kept": {"rules": [RULE], "version": 0}},
    ),
)
async def set_policy(
    request: Request, door: DoorkeeperDep, actor: Annotated[Principal, requires("policy.write")]
) -> Response:
    """Set the policy."""
    asked = await _policy.of(request)
    rules = [ShareRule(one.lender, one.borrower, one.level, one.min_kept_per_station) for one in asked.rules]
    async with acting(door, actor) as act:
        lenders = organisations_where(actor, "policy.write")
        made = await set_sharing(act, rules, expected_version=asked.version, lenders=lenders)
        return answer(_policy_out(made, figures_of(door.parts.settings)))


def _policy_out(sharing: Sharing, figures: Figures) -> PolicyOut:
    ranking, assignment = figures.ranking, figures.assignment
    return PolicyOut(
        version=sharing.version,
        rules=[
            ShareRuleOut(one.lender, one.borrower, one.level, one.min_kept_per_station) for one in sharing.policy.rules
        ],
        at=sharing.at,
        actor=sharing.actor,
        figures=FiguresOut(
            source=figures.source,
            k=ranking.k,
            mobilise_station_s=ranking.mobilise_station_s,
            mobilise_road_s=ranking.mobilise_road_s,
            mobilise_running_s=ranking.mobilise_running_s,
            turnaround_s=ranking.turnaround_s,
            clears_within_s=ranking.clears_within_s,
            arriving_s=ranking.arriving_s,
            undo_s=assignment.undo_s,
            acknowledge_s=assignment.acknowledge_s,
            swap_gain_s=assignment.swap_gain_s,
        ),
    )
