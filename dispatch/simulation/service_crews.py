"""What simulated crews and vehicles do, on the services. Nothing here commits."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.dispatching.service_following import report_unit_status
from dispatch.dispatching.service_times import project_clearing, tell_time
from dispatch.incidents.service_care import CareGiven, begin_care, end_care, hand_over
from dispatch.incidents.service_patients import add_patient, set_patient_outcome
from dispatch.incidents.states_patients import PersonalKind
from dispatch.kernel.alone import aside
from dispatch.simulation.rules_actions import (
    ChangeShift,
    FindWay,
    Positions,
    Report,
    SettlePatient,
    TakeOver,
    TakePatient,
    TellClearing,
    TellTime,
)
from dispatch.simulation.rules_news import News, WayFound
from dispatch.simulation.rules_path import path_of
from dispatch.simulation.service_stage import HeardAct, Stage
from dispatch.simulation.service_words import fix_of_unit, outcome_of, told_at
from dispatch.units.service_crew import change_shift
from dispatch.units.service_status import StatusReport
from dispatch.units.states_duty import Source
from geo.travel import Question


async def report(stage: Stage, session: AsyncSession, action: Report) -> list[News]:
    """A crew reports a status, on its device or by radio."""
    act, source = _who(stage, session, action.call_sign, by_voice=action.by_voice)
    told = StatusReport(
        action.status, source, at=action.at, sent_at=None if action.at is None else stage.clock.now(),
        run_id=action.run_id, reason=action.reason, expected_end_at=action.until,
    )  # fmt: skip
    await report_unit_status(act, stage.unit_id(action.call_sign), told)
    return stage.heard(act)


async def tell(stage: Stage, session: AsyncSession, action: TellTime) -> list[News]:
    """A crew acknowledges, or tells that it has handed over."""
    act, source = _who(stage, session, action.call_sign, by_voice=action.by_voice)
    sent_at = None if action.at is None else stage.clock.now()
    await tell_time(act, action.assignment_id, action.point, at=action.at, sent_at=sent_at, source=source)
    return []


async def tell_clearing(stage: Stage, session: AsyncSession, action: TellClearing) -> list[News]:
    """A crew tells when and where it will be free."""
    act = stage.device(session, action.call_sign)
    await project_clearing(
        act, action.assignment_id, action.clear_at, point=action.point, destination_id=action.hospital_id
    )
    return []


async def take_patient(stage: Stage, session: AsyncSession, action: TakePatient) -> list[News]:
    """A patient is recorded, and the unit looks after them."""
    act, told, patient = stage.crew(session, action.call_sign), told_at(action.at), action.patient
    given = CareGiven(stage.unit_id(action.call_sign))
    if told is not None:
        given = replace(given, told=told)
    async with act.together():
        row = await add_patient(
            act, action.incident_id, names={PersonalKind.NAME: patient.name}, sex=patient.sex,
            age_years=patient.age_years, told=told,
        )  # fmt: skip
        await begin_care(act, row.id, given)
    stage.patients[action.incident_id, action.place] = row.id
    return []


async def take_over(stage: Stage, session: AsyncSession, action: TakeOver) -> list[News]:
    """A patient changes to this unit from the one that carries them."""
    act, told = stage.crew(session, action.call_sign), told_at(action.at)
    given = CareGiven(stage.unit_id(action.call_sign), reason=action.reason)
    if told is not None:
        given = replace(given, told=told)
    await hand_over(act, stage.patients[action.incident_id, action.place], given)
    return []


async def settle_patient(stage: Stage, session: AsyncSession, action: SettlePatient) -> list[News]:
    """A patient has an outcome; one whom nobody looked after is recorded with it."""
    act, told = stage.crew(session, action.call_sign), told_at(action.at)
    known = stage.patients.get((action.incident_id, action.place))
    async with act.together():
        if known is None:
            row = await add_patient(
                act, action.incident_id, sex=action.patient.sex, age_years=action.patient.age_years,
                outcome=outcome_of(action), told=told,
            )  # fmt: skip
            stage.patients[action.incident_id, action.place] = row.id
        else:
            await end_care(act, known, stage.unit_id(action.call_sign), told=told)
            await set_patient_outcome(act, known, outcome_of(action), told=told)
    return []


async def change(stage: Stage, session: AsyncSession, action: ChangeShift) -> list[News]:
    """The next team takes over."""
    act, member = stage.crew(session, action.call_sign), stage.cast.members[action.call_sign]
    await change_shift(session, stage.clock, act.context, member.id, member.teams[action.team])
    return []


async def positions(stage: Stage, _session: AsyncSession, action: Positions) -> list[News]:
    """Positions wait until somebody asks, or until there are many: they are written together."""
    now = stage.clock.now()
    stage.fixes += [fix_of_unit(stage.unit_id(one.call_sign), one, now) for one in action.fixes]
    return []


async def find_way(stage: Stage, session: AsyncSession, action: FindWay) -> list[News]:
    """The way by road. Free flow: what traffic does is the crew's own factor; closures hold."""
    question = Question(closures_at=stage.clock.now())
    route = await aside(session, stage.travel.route, action.origin, action.target, question)
    return [WayFound(action.call_sign, action.number, path_of(route, action.origin, action.target))]


def _who(stage: Stage, session: AsyncSession, call_sign: str, *, by_voice: bool) -> tuple[HeardAct, Source]:
    if by_voice:
        return stage.act(session, stage.cast.seat_of(stage.setting.dice, call_sign).actor), Source.VOICE
    return stage.device(session, call_sign), Source.CREW
