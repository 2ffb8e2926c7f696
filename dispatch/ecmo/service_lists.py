"""Items ticked by name, and what is promised before the patient arrives. Nothing here commits."""

from __future__ import annotations

from uuid import UUID

from dispatch.ecmo.events_journey import Noted
from dispatch.ecmo.queries_missions import list_checks, list_promises
from dispatch.ecmo.rules_kit import items_of
from dispatch.ecmo.service_gas import expected_of, gas_of
from dispatch.ecmo.service_journey import lock_mission, note, untick
from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_kit import CheckList, Consent, Promise
from dispatch.ecmo.tables_journey import EcmoCheck, EcmoPromise
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.hospitals.states_status import BedKind
from dispatch.incidents.service import Act
from dispatch.kernel.errors import Invalid, NotFound, Refused


async def tick(act: Act, mission_id: UUID, which: CheckList, item: str, *, ticked: bool = True) -> EcmoMission:
    """Tick an item by name, or take a tick back; done twice it is kept once.

    Raises as `lock_mission`; Invalid (`ecmo_check.item`); Refused (`ecmo_check.no_go`): oxygen or power is not known to
    reach, which can only be overridden.
    """
    async with act.together():
        row = await lock_mission(act, mission_id)
        if item not in items_of(which, Mode(row.mode)):
            raise Invalid("ecmo_check.item", "This list has no such item.")
        now = act.clock.now()
        gas = await gas_of(act.session, row, now, await expected_of(act.session, row, now))
        if ticked and item in gas.untrue:
            raise Refused("ecmo_check.no_go", "It is not known that this reaches.", "Read cylinders and try batteries.")
        held = next(
            (one for one in await list_checks(act.session, row.id) if one.checklist == which and one.item == item), None
        )
        if ticked is (held is not None):
            return row
        if held is not None:
            held.withdrawn_at, held.withdrawn_by = now, act.actor
            await note(act, row, Noted.UNTICKED, held.id)
            return row
        made = EcmoCheck(
            id=act.new_id(), mission_id=row.id, checklist=which, item=item, at=now, actor=act.actor, withdrawn_at=None,
            withdrawn_by=None,
        )  # fmt: skip
        act.session.add(made)
        await note(act, row, Noted.TICKED, made.id)
        return row


async def ask_promise(
    act: Act, mission_id: UUID, what: Promise, *, bed: BedKind | None = None, consent: Consent | None = None
) -> EcmoPromise:
    """Reserve a bed, a room or a team, or put down consent and that relatives were told; the newest counts.

    Raises as `lock_mission`; Invalid (`ecmo_promise.consent`): consent says whose, and nothing else does.
    """
    if (what is Promise.CONSENT) is not (consent is not None):
        raise Invalid("ecmo_promise.consent", "Consent says whose it is, and nothing else does.")
    async with act.together():
        row = await lock_mission(act, mission_id)
        now = act.clock.now()
        for one in await list_promises(act.session, row.id):
            if one.what == what:
                one.ended_at, one.ended_by = now, act.actor
        await act.session.flush()
        told = what in (Promise.CONSENT, Promise.RELATIVES)
        made = EcmoPromise(
            id=act.new_id(), mission_id=row.id, what=what, bed=bed, consent=consent, asked_at=now, asked_by=act.actor,
            acknowledged_at=now if told else None, acknowledged_by=act.actor if told else None, ended_at=None,
            ended_by=None,
        )  # fmt: skip
        act.session.add(made)
        await note(act, row, Noted.PROMISE_ASKED, made.id)
        return made


async def settle_promise(act: Act, promise_id: UUID, *, holds: bool) -> EcmoPromise:
    """Acknowledge what was asked for, or say that it is gone (a bed that was taken).

    Raises NotFound (`ecmo_promise.not_found`), as `lock_mission`.
    """
    async with act.together():
        promise = await act.session.get(EcmoPromise, promise_id)
        if promise is None or promise.ended_at is not None:
            raise NotFound("ecmo_promise.not_found", "Nothing was asked for so, or it holds no more.")
        row = await lock_mission(act, promise.mission_id)
        await act.session.refresh(promise)
        now = act.clock.now()
        if not holds:
            promise.ended_at, promise.ended_by = now, act.actor
            await note(act, row, Noted.PROMISE_ENDED, promise.id)
            if promise.what == Promise.BED:
                await untick(act, row, "bed_confirmed")
        elif promise.acknowledged_at is None:
            promise.acknowledged_at, promise.acknowledged_by = now, act.actor
            await note(act, row, Noted.PROMISE_ACKNOWLEDGED, promise.id)
        return promise
