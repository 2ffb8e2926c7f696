"""A console's battery against the way that remains."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from dispatch.clinical.rules_circuit import BATTERY, CircuitSetting
from dispatch.clinical.rules_signals import SIGNALS
from dispatch.clinical.states import AlarmPriority
from dispatch.telemetry.detection.rules import Found, Subject
from dispatch.telemetry.detection.rules_battery import BatteryRules
from dispatch.telemetry.detection.rules_patient import PatientRules
from dispatch.telemetry.rules_payloads import Value, Values

START = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
WHO = Subject(UUID(int=1), 1, UUID(int=2), UUID(int=3))
FIVE = 5


class Console:
    """One console that tells its battery every five seconds; it is needed for so many minutes from the start."""

    def __init__(self, minutes: float | None, unplugged_s: float = 0) -> None:
        until = None if minutes is None else START + timedelta(minutes=minutes)
        unplugged = START + timedelta(seconds=unplugged_s)
        self.setting = CircuitSetting("va", unplugged_until=unplugged, on_circuit=True, needed_until=until)
        self.rules = PatientRules(WHO, adult=True, circuit=self.setting)
        self.second = 0

    def found(self, seconds: int, **values: float) -> list[Found]:
        found: list[Found] = []
        for _ in range(0, seconds, FIVE):
            self.second += FIVE
            payload = Values(tuple(Value(SIGNALS.by_name[f"ecmo_{name}"].number, one) for name, one in values.items()))
            found += self.rules.see(payload, START + timedelta(seconds=self.second), of_circuit=True)
        return found

    def runs(self, seconds: int, **values: float) -> list[str]:
        return [
            ("-" if one.sign.over else "") + one.sign.code.removeprefix("circuit.")
            for one in self.found(seconds, **values)
        ]


def test_what_the_console_says_is_held_against_the_way_and_half_an_hour_more() -> None:
    assert Console(60).runs(60, battery=90, mains=0, battery_runtime=95) == ["mains_lost"]
    (short,) = (
        one for one in Console(60).found(60, battery=90, mains=0, battery_runtime=85) if "battery" in one.sign.code
    )
    # An hour and a half before it would be empty; by its charge of 90 % nothing would have been told.
    assert (short.sign.code, short.sign.priority, short.sign.value) == ("circuit.battery_short", AlarmPriority.HIGH, 85)
    assert short.sign.bound == 90


def test_that_unplugging_is_expected_silences_the_mains_and_not_the_battery() -> None:
    assert Console(60, unplugged_s=300).runs(60, battery=90, mains=0, battery_runtime=85) == ["battery_short"]
    assert Console(60, unplugged_s=300).runs(60, battery=90, mains=0, battery_runtime=95) == []


def test_on_mains_it_is_told_at_once_and_gently_that_the_battery_would_not_reach() -> None:
    console = Console(60)
    (would,) = console.found(60, battery=90, mains=1, battery_runtime=85)
    assert (would.sign.code, would.sign.priority) == ("circuit.battery_reserve", AlarmPriority.LOW)
    # Power fails: from now on it is the other alarm.
    assert console.runs(20, battery=90, mains=0, battery_runtime=85) == [
        "mains_lost",
        "battery_short",
        "-battery_reserve",
    ]
    assert console.runs(20, battery=90, mains=1, battery_runtime=120) == ["-mains_lost", "-battery_short"]


def test_without_a_time_of_its_own_a_charge_counts_with_what_is_proposed_until_its_fall_was_seen() -> None:
    assert Console(20).runs(60, battery=90, mains=0) == ["mains_lost"]
    assert Console(30).runs(60, battery=90, mains=0) == ["mains_lost", "battery_short"]
    # One per cent in three minutes: a full one lasts five hours, and 96 % nearly so.
    console = Console(120)
    assert console.runs(60, battery=100, mains=0) == ["mains_lost", "battery_short"]
    later = [one for step in range(1, 6) for one in console.runs(180, battery=100 - step, mains=0)]
    assert later == ["-battery_short"]
    # And one that falls by a per cent every half minute is told long before it is at a quarter.
    console, told = Console(25), []
    for step in range(40):
        told += [(step, one) for one in console.runs(30, battery=100 - step, mains=0)]
    assert [one for _, one in told] == ["mains_lost", "battery_short"]
    assert 19 <= told[1][0] <= 25


def test_nobody_is_told_where_nobody_knows_how_long_it_is_needed_and_what_went_on_is_over() -> None:
    assert Console(None).runs(60, battery=90, mains=0, battery_runtime=5) == ["mains_lost"]
    console = Console(60)
    console.runs(60, battery=90, mains=0, battery_runtime=85)
    console.rules.be_set(CircuitSetting("va"), child=False)
    assert console.runs(30, battery=90, mains=0, battery_runtime=85) == ["-battery_short"]


def test_a_console_that_does_not_say_what_feeds_it_is_on_its_battery_once_that_falls() -> None:
    console = Console(200)
    assert console.runs(60, battery=90) == ["battery_reserve"]
    later = [one for step in range(1, 8) for one in console.runs(150, battery=90 - step)]
    assert later == ["battery_short", "-battery_reserve"]


@given(
    st.lists(st.tuples(st.integers(1, 600), st.floats(0, 100), st.sampled_from([None, 0.0, 1.0])), max_size=40),
    st.floats(-60, 600),
)
def test_whatever_comes_the_time_is_never_below_nothing_nor_the_need_below_the_reserve(
    steps: list[tuple[int, float, float | None]], minutes: float
) -> None:
    rules, at = BatteryRules(), START
    for seconds, charge, mains in steps:
        at += timedelta(seconds=seconds)
        given_values = {"ecmo_battery": charge} | ({} if mains is None else {"ecmo_mains": mains})
        reach = rules.take(given_values, at, START + timedelta(minutes=minutes))
        assert reach is not None
        assert reach.runtime_min >= 0
        assert reach.needed_min >= BATTERY.reserve_min
        assert mains is None or reach.on_battery is (mains == 0)
