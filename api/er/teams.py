"""Teams of a hospital's centres: activated for a patient, together, ended; their clocks stopped, by name and time."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from msgspec import Meta
from starlette.responses import Response

from api.acting import LateIn, acting, told_of
from api.auth import DoorkeeperDep
from api.bodies import Body, answer
from api.contract import contract
from api.er.receiving import Receiver, must_bring, must_receive, receiving_out
from api.er.schemas_receiving import RECEIVING_EXAMPLE, ReceivingOut
from api.errors import FieldError, ProblemError
from dispatch.incidents.rules_times import Told
from dispatch.incidents.service import Act
from dispatch.receiving.queries_teams import get_team
from dispatch.receiving.service_teams import activate_team, arrive_team, end_team, resume_clock, stop_clock
from dispatch.receiving.states_emergency import Centre, Ending

router = APIRouter()
PatientId = Annotated[UUID, Path(description="The patient's id.")]
TeamId = Annotated[UUID, Path(description="The activation's `id`.")]


class ActivateIn(LateIn, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A team is called."""

    centre: Centre


class TeamStep(StrEnum):
    """What is told of a team."""

    ARRIVED = "arrived"
    STOOD_DOWN = "stood_down"
    CANCELLED = "cancelled"
    STOPPED = "stopped"
    """The event that stops `clock`."""
    RESUMED = "resumed"
    """That was a mistake: `clock` goes on."""


class TeamStepIn(LateIn, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One step."""

    step: TeamStep
    clock: Annotated[str | None, Meta(description="For `stopped` and `resumed`: the clock's name.")] = None


_activate, _step = Body(ActivateIn), Body(TeamStepIn)


@router.post(
    "/patients/{patient_id}/teams",
    summary="Activate a centre's team for a patient",
    description="For the asker's hospital, to which the patient is brought. Where it is active already "
    "nothing changes: who was first counts.",
    **contract(
        ReceivingOut, body=ActivateIn, status=201, example=RECEIVING_EXAMPLE, problems=[404, 409],
        body_examples={"chest pain": {"centre": "chest"}},
    ),
)  # fmt: skip
async def activated(request: Request, door: DoorkeeperDep, actor: Receiver, patient_id: PatientId) -> Response:
    """Activate."""
    asked = await _activate.of(request)
    hospital_id = await must_bring(door, actor, patient_id)
    async with acting(door, actor) as act:
        await activate_team(act, patient_id, hospital_id, asked.centre, told_of(asked, actor))
    return answer(await receiving_out(door, actor), status=201)


@router.post(
    "/teams/{team_id}/steps",
    summary="Say what a team has done",
    description="`arrived`, `stood_down`, `cancelled` (it stays in the record), `stopped`: the event that stops a "
    "clock, `resumed`: that was told by mistake. By name; `at` with `source` for what was earlier.",
    **contract(
        ReceivingOut, body=TeamStepIn, example=RECEIVING_EXAMPLE, problems=[404, 409],
        body_examples={"together": {"step": "arrived"}, "balloon": {"step": "stopped", "clock": "door_to_balloon"}},
    ),
)  # fmt: skip
async def stepped(request: Request, door: DoorkeeperDep, actor: Receiver, team_id: TeamId) -> Response:
    """Take a step."""
    asked = await _step.of(request)
    async with acting(door, actor) as act:
        seen = await get_team(act.session, act.region, team_id)
        hospital_id, patient_id = seen.hospital_id, seen.patient_id
    await must_receive(door, actor, hospital_id, patient_id)
    async with acting(door, actor) as act:
        await _take(act, team_id, asked, told_of(asked, actor))
    return answer(await receiving_out(door, actor))


async def _take(act: Act, team_id: UUID, asked: TeamStepIn, told: Told | None) -> None:
    if asked.step is TeamStep.ARRIVED:
        await arrive_team(act, team_id, told)
    elif asked.step in (TeamStep.STOOD_DOWN, TeamStep.CANCELLED):
        await end_team(act, team_id, Ending(asked.step.value), told)
    elif asked.clock is None:
        raise ProblemError(
            "request.invalid", "The request cannot be taken: clock: which.", fields=[FieldError("clock", "which")]
        )
    elif asked.step is TeamStep.STOPPED:
        await stop_clock(act, team_id, asked.clock, told)
    else:
        await resume_clock(act, team_id, asked.clock)
