"""The transition table walked completely, and what reports do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.kernel.errors import Invalid
from dispatch.units.rules_duty import PROPOSED, Reckoned, expected_end, reckon
from dispatch.units.rules_status import Standing, Told, corrected, decide
from dispatch.units.states_duty import (
    BUSY,
    FREE,
    ON_RUN,
    RUN_ORDER,
    SAID_BY,
    TIMED_RUN,
    TRANSITIONS,
    TRAVELLING,
    WITH_PATIENT,
    Effect,
    IllegalTransition,
    OutReason,
    Source,
    UnitStatus,
    advance,
)

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
RUN, OTHER = UUID(int=1), UUID(int=2)
S = UnitStatus
TOLERANCE_S = 120.0

# Drawn by hand, row by row, so that a slip in the table is not repeated by the test. 1: may follow.
#                        unk sta rav asg enr stg scn pat trp hos ret rel sby trf oos
WALK = {
    S.UNKNOWN:             "0   1   1   1   1   1   1   1   1   1   1   1   1   1   1",
    S.AT_STATION:          "1   0   1   1   0   0   0   0   0   0   1   1   1   1   1",
    S.RETURNING_AVAILABLE: "1   1   0   1   0   0   0   0   0   0   1   1   1   1   1",
    S.ASSIGNED:            "1   1   1   1   1   1   1   1   1   1   1   0   0   0   1",
    S.EN_ROUTE:            "1   1   1   1   0   1   1   1   1   1   1   0   0   0   1",
    S.STAGING:             "1   1   1   1   0   0   1   1   1   1   1   0   0   0   1",
    S.ON_SCENE:            "1   1   1   1   0   1   0   1   1   1   1   0   0   0   1",
    S.AT_PATIENT:          "1   1   1   0   0   0   0   0   1   1   1   0   0   0   1",
    S.TRANSPORTING:        "1   1   1   0   0   0   0   0   0   1   1   0   0   0   1",
    S.AT_HOSPITAL:         "1   1   1   0   0   0   0   0   0   0   1   1   0   0   1",
    S.RETURNING:           "1   1   1   0   0   0   0   0   0   0   0   1   0   0   1",
    S.RELIEF:              "1   1   1   0   0   0   0   0   0   0   0   1   0   0   1",
    S.STANDBY:             "1   1   1   1   0   0   0   0   0   0   1   0   0   0   1",
    S.TRANSFER:            "1   1   1   0   0   0   0   0   0   1   1   0   0   0   1",
    S.OUT_OF_SERVICE:      "1   1   1   0   0   0   0   0   0   0   1   1   0   0   1",
}  # fmt: skip
COLUMNS = (
    S.UNKNOWN, S.AT_STATION, S.RETURNING_AVAILABLE, S.ASSIGNED, S.EN_ROUTE, S.STAGING, S.ON_SCENE, S.AT_PATIENT,
    S.TRANSPORTING, S.AT_HOSPITAL, S.RETURNING, S.RELIEF, S.STANDBY, S.TRANSFER, S.OUT_OF_SERVICE,
)  # fmt: skip
PAIRS = [
    (before, after, sign == "1")
    for before, row in WALK.items()
    for after, sign in zip(COLUMNS, row.split(), strict=True)
]


@pytest.mark.parametrize(("before", "after", "allowed"), PAIRS)
def test_every_transition_and_every_refusal(before: UnitStatus, after: UnitStatus, allowed: bool) -> None:
    if allowed:
        assert advance(before, after, Source.DISPATCHER) == after
        return
    with pytest.raises(IllegalTransition) as refused:
        advance(before, after, Source.DISPATCHER)
    assert refused.value.code == "unit.illegal_transition"
    assert str(before) in refused.value.message


def test_the_walk_and_the_table_know_every_status() -> None:
    assert set(WALK) == set(TRANSITIONS) == set(UnitStatus)
    assert len(PAIRS) == len(UnitStatus) ** 2


@pytest.mark.parametrize("source", Source)
@pytest.mark.parametrize("status", UnitStatus)
def test_who_may_say_what(source: Source, status: UnitStatus) -> None:
    if status in SAID_BY[source]:
        assert any(status in after for after in TRANSITIONS.values())
        return
    with pytest.raises(IllegalTransition) as refused:
        advance(S.UNKNOWN if status != S.UNKNOWN else S.AT_STATION, status, source)
    assert refused.value.code == "unit.not_theirs"
    assert source in (Source.CREW, Source.AUTO)


def test_no_device_can_begin_a_run_and_only_people_know_the_patient() -> None:
    for begins in (S.ASSIGNED, S.STANDBY, S.TRANSFER, S.UNKNOWN):
        assert begins not in SAID_BY[Source.CREW] | SAID_BY[Source.AUTO]
    assert S.AT_PATIENT in SAID_BY[Source.CREW]
    assert S.AT_PATIENT not in SAID_BY[Source.AUTO]


def test_the_named_sets_part_the_statuses() -> None:
    assert not FREE & BUSY
    assert ON_RUN | TIMED_RUN == BUSY
    assert WITH_PATIENT < ON_RUN
    assert all(S.ASSIGNED not in TRANSITIONS[status] for status in WITH_PATIENT), "never diverted with a patient"
    assert {S.EN_ROUTE, S.TRANSPORTING} <= TRAVELLING
    assert S.UNKNOWN not in FREE | BUSY


def standing(status: UnitStatus, since: datetime | None = NOW, run: UUID | None = None) -> Standing:
    out = status == S.OUT_OF_SERVICE
    end = NOW + timedelta(hours=1) if out else None
    return Standing(status, since, run if status in BUSY else None, OutReason.FUEL if out else None, end)


def told(status: UnitStatus, at_s: float, run: UUID | None = None, source: Source = Source.CREW) -> Told:
    return Told(status, NOW + timedelta(seconds=at_s), source, run)


def test_a_run_by_its_reports() -> None:
    now = decide(Standing(), told(S.AT_STATION, 0), tolerance_s=TOLERANCE_S).standing
    now = decide(now, told(S.ASSIGNED, 10, RUN, Source.DISPATCHER), tolerance_s=TOLERANCE_S).standing
    for step, status in enumerate(RUN_ORDER[1:], 1):
        decision = decide(now, told(status, 10 + step), tolerance_s=TOLERANCE_S)
        assert decision.effect == Effect.APPLIED
        now = decision.standing
        assert now == Standing(status, NOW + timedelta(seconds=10 + step), RUN)
    now = decide(now, told(S.RETURNING_AVAILABLE, 60), tolerance_s=TOLERANCE_S).standing
    assert now.run_id is None


def test_a_repeated_report_changes_nothing() -> None:
    before = standing(S.ON_SCENE, run=RUN)
    for at_s in (0, 5):
        decision = decide(before, told(S.ON_SCENE, at_s, RUN), tolerance_s=TOLERANCE_S)
        assert (decision.effect, decision.standing) == (Effect.REPEATED, before)


def test_an_older_report_of_the_same_status_is_kept() -> None:
    decision = decide(standing(S.ON_SCENE, run=RUN), told(S.ON_SCENE, -30, RUN), tolerance_s=TOLERANCE_S)
    assert decision.effect == Effect.LATE


def test_a_report_out_of_order_never_moves_back() -> None:
    before = standing(S.ON_SCENE, run=RUN)
    decision = decide(before, told(S.EN_ROUTE, -600, RUN), tolerance_s=TOLERANCE_S)
    assert (decision.effect, decision.standing) == (Effect.LATE, before)


def test_a_step_back_told_as_new_is_refused() -> None:
    before = standing(S.ON_SCENE, run=RUN)
    decision = decide(before, told(S.EN_ROUTE, 10, RUN), tolerance_s=TOLERANCE_S)
    assert (decision.effect, decision.standing) == (Effect.REFUSED, before)
    assert decision.refusal is not None
    assert decision.refusal.code == "unit.illegal_transition"


def test_clocks_that_differ_a_little_hold_up_nothing() -> None:
    before = standing(S.ASSIGNED, run=RUN)
    decision = decide(before, told(S.EN_ROUTE, -100, RUN), tolerance_s=TOLERANCE_S)
    assert decision.effect == Effect.APPLIED
    assert decision.standing == Standing(S.EN_ROUTE, NOW, RUN), "it counts from when it could begin"
    assert decide(before, told(S.EN_ROUTE, -121, RUN), tolerance_s=TOLERANCE_S).effect == Effect.LATE
    # Without the run named, it may be news of the run before.
    assert decide(before, told(S.ON_SCENE, -3), tolerance_s=TOLERANCE_S).effect == Effect.LATE


def test_arrival_reported_while_the_unit_was_sent_elsewhere() -> None:
    before = standing(S.ASSIGNED, run=OTHER)
    for at_s in (-3, 0, 3):
        decision = decide(before, told(S.ON_SCENE, at_s, RUN), tolerance_s=TOLERANCE_S)
        assert (decision.effect, decision.standing) == (Effect.OTHER_RUN, before)


@pytest.mark.parametrize(
    ("report", "code"),
    [
        (Told(S.OUT_OF_SERVICE, NOW, Source.CREW), "unit.reason"),
        (Told(S.AT_STATION, NOW, Source.CREW, reason=OutReason.FUEL), "unit.reason"),
        (Told(S.OUT_OF_SERVICE, NOW, Source.CREW, reason=OutReason.FUEL), "unit.expected_end"),
        (Told(S.RELIEF, NOW, Source.CREW, expected_end_at=NOW), "unit.expected_end"),
        (Told(S.AT_STATION, NOW, Source.CREW, expected_end_at=NOW + timedelta(1)), "unit.expected_end"),
        (Told(S.ASSIGNED, NOW, Source.DISPATCHER), "unit.run"),
        (Told(S.STANDBY, NOW, Source.DISPATCHER), "unit.run"),
    ],
)
def test_reports_that_mean_nothing(report: Told, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        decide(standing(S.AT_STATION), report, tolerance_s=TOLERANCE_S)
    assert refused.value.code == code


reports = st.builds(
    told,
    st.sampled_from([status for status in UnitStatus if status not in (S.OUT_OF_SERVICE, S.UNKNOWN)]),
    st.integers(-1000, 1000).map(float),
    st.just(RUN),
    st.sampled_from(Source),
)


@given(st.lists(reports, max_size=20))
def test_whatever_is_reported_time_and_status_never_go_back(given_reports: list[Told]) -> None:
    now = Standing()
    for report in given_reports:
        decision = decide(now, report, tolerance_s=TOLERANCE_S)
        if decision.effect == Effect.APPLIED:
            assert report.status in TRANSITIONS[now.status]
            assert decision.standing.since is not None
            assert now.since is None or decision.standing.since >= now.since
            assert (decision.standing.run_id is not None) == (report.status in BUSY)
        else:
            assert decision.standing == now
        assert (decision.refusal is not None) == (decision.effect == Effect.REFUSED)
        again = decide(decision.standing, report, tolerance_s=TOLERANCE_S)
        assert again.standing == decision.standing, "the same report twice is as once"
        now = decision.standing


def test_corrections() -> None:
    before = standing(S.ON_SCENE, run=RUN)
    earlier = NOW - timedelta(minutes=4)
    call = {"before": S.EN_ROUTE, "at": earlier, "source": Source.DISPATCHER}
    assert corrected(before, present=False, status=S.STAGING, **call) == before
    assert corrected(before, present=True, status=S.ON_SCENE, **call) == Standing(S.ON_SCENE, earlier, RUN)
    assert corrected(before, present=True, status=S.STAGING, **call) == Standing(S.STAGING, earlier, RUN)
    with pytest.raises(IllegalTransition):
        corrected(before, present=True, status=S.RELIEF, **call)
    with pytest.raises(Invalid):
        corrected(before, present=True, status=S.ASSIGNED, **call)


def s(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("told_at", "sent_at", "expected"),
    [
        (None, None, Reckoned(NOW)),
        (s(-30), None, Reckoned(s(-30))),
        (s(90), None, Reckoned(NOW)),
        (s(600), None, Reckoned(NOW, 600.0)),
        (s(-600), None, Reckoned(s(-600))),  # late, or a clock that is behind: nobody can tell
        (s(-600), s(0), Reckoned(s(-600))),  # late: it says so itself
        (s(-600), s(-600), Reckoned(NOW, -600.0)),  # a clock 10 minutes behind
        (s(-640), s(-600), Reckoned(s(-40), -600.0)),  # the same, kept for 40 s
        (s(600), s(605), Reckoned(s(-5), 605.0)),  # a clock 10 minutes ahead
        (s(700), s(0), Reckoned(NOW, 700.0)),  # sent before it happened: broken
    ],
)
def test_the_true_time_of_what_devices_tell(told_at: datetime, sent_at: datetime, expected: Reckoned) -> None:
    assert reckon(told_at, NOW, sent_at=sent_at, tolerance_s=TOLERANCE_S) == expected


@given(
    st.datetimes(timezones=st.just(UTC)),
    st.none() | st.datetimes(timezones=st.just(UTC)),
)
def test_the_true_time_is_never_in_the_future(told_at: datetime, sent_at: datetime | None) -> None:
    assert reckon(told_at, NOW, sent_at=sent_at, tolerance_s=TOLERANCE_S).at <= NOW


def test_a_time_without_zone_is_no_time() -> None:
    with pytest.raises(Invalid):
        reckon(datetime(2026, 3, 1), NOW, tolerance_s=1)  # noqa: DTZ001 - that is what is tested


def test_out_of_service_always_has_an_end() -> None:
    for reason in OutReason:
        assert expected_end(reason, NOW, None, PROPOSED.expected_out_s) > NOW
    assert expected_end(OutReason.FUEL, NOW, s(60), PROPOSED.expected_out_s) == s(60)
    with pytest.raises(Invalid):
        expected_end(OutReason.FUEL, NOW, NOW, PROPOSED.expected_out_s)
