"""All that is found at one patient, of what one place of a vehicle sends. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from dispatch.clinical.rules_circuit import CircuitSetting, gives_way
from dispatch.clinical.rules_signals import SIGNALS, Plausible, judge_together
from dispatch.telemetry.detection.rules import Found, Sign, Subject
from dispatch.telemetry.detection.rules_circuit import CircuitRules
from dispatch.telemetry.detection.rules_ecg import EcgRules
from dispatch.telemetry.detection.rules_vitals import VitalsRules
from dispatch.telemetry.detection.states import CHANGE, DEVICE, LIMIT, NEWS2
from dispatch.telemetry.rules_payloads import DeviceAlarm, Payload, Values
from dispatch.telemetry.rules_waves import Ecg

ABOUT: Final = timedelta(seconds=0.5)
"""By as much a clock that is read anew may set times back."""
_OF_ADULTS: Final = (LIMIT, CHANGE, NEWS2)


class PatientRules:
    """Follows one patient. adult: whether figures for adults are put to him; the ECG is everybody's.

    child: known to be one, whose circuit is judged by limits for any age only; circuit: what was set of it.

    What comes late, or after newer data of its kind, goes its own way: what is found there was so then. running: codes
    of what was found before this began.
    """

    def __init__(
        self,
        subject: Subject,
        *,
        adult: bool,
        running: Iterable[str] = (),
        child: bool = False,
        circuit: CircuitSetting | None = None,
    ) -> None:
        self.subject, self._adult = subject, adult
        self.be_set(circuit, child=child)
        self._now, self._past = _Way(), _Way()
        self._left = False
        self._running = set(running)
        for code in self._running:
            self._now.resume(code)

    @property
    def running(self) -> frozenset[str]:
        """The codes of what goes on."""
        return frozenset(self._running)

    def be_adult(self, adult: bool, at: datetime) -> list[Found]:
        """Learn that the patient is, or is not, one whom figures for adults suit; what ends by that."""
        if adult == self._adult:
            return []
        self._adult = adult
        gone = sorted(code for code in self._running if code.startswith(_OF_ADULTS)) if not adult else []
        self._now.vitals, self._past.vitals = VitalsRules(), VitalsRules()
        return self._told([Sign(code, at, at, over=True) for code in gone], late=False)

    def be_set(self, circuit: CircuitSetting | None, *, child: bool) -> None:
        """Learn what is set of his circuit now; limits that are set anew count from the next value on."""
        self._circuit, self._child = circuit, child
        self._without = gives_way(circuit, adult=not child)

    def lie(self, attached: bool, at: datetime) -> list[Found]:
        """Learn that the patient is, or is not, attached now: of one who left, what went on is over."""
        if attached is not self._left:
            return []
        self._left = not attached
        self._now = _Way()
        return self._told([Sign(code, at, at, over=True) for code in sorted(self._running)], late=False)

    def see(self, payload: Payload, at: datetime, *, late: bool = False, of_circuit: bool = False) -> list[Found]:
        """Look at a frame of a true time. late: it came so late that it says nothing of now."""
        late = late or self._left or self._now.is_before(payload, at, of_circuit=of_circuit)
        way = self._past if late else self._now
        signs = way.see(payload, at, adult=self._adult, of_circuit=of_circuit, without=self._without)
        if isinstance(payload, Values):
            signs += way.circuit.see(_plausible(payload), at, self._circuit, adult=not self._child)
        return self._told(signs, late=late)

    def hear(self, at: datetime) -> None:
        """Learn when something came of his circuit last, before this began."""
        self._now.circuit.hear(at)

    def pass_time(self, at: datetime) -> list[Found]:
        """Look at what time alone brings, at a moment not before what came last."""
        return self._told(self._now.pass_time(at, adult=self._adult, without=self._without), late=False)

    def _told(self, signs: Iterable[Sign], *, late: bool) -> list[Found]:
        made = [Found(self.subject, sign, late) for sign in signs]
        if not late:
            self._running |= {one.sign.code for one in made if not one.sign.over}
            self._running -= {one.sign.code for one in made if one.sign.over}
        return made


class _Way:
    """Data in the order of their times."""

    def __init__(self) -> None:
        self.ecg, self.vitals, self.circuit = EcgRules(), VitalsRules(), CircuitRules()
        self._last: dict[tuple[type[object], bool], datetime] = {}

    def resume(self, code: str) -> None:
        self.ecg.resume(code)
        self.vitals.resume(code)
        self.circuit.resume(code)

    def is_before(self, payload: Payload, at: datetime, *, of_circuit: bool) -> bool:
        """Whether newer data of that kind were seen already."""
        last = self._last.get((type(payload), of_circuit))
        return last is not None and at < last - ABOUT

    def see(
        self, payload: Payload, at: datetime, *, adult: bool, of_circuit: bool, without: frozenset[str]
    ) -> list[Sign]:
        if self.is_before(payload, at, of_circuit=of_circuit):
            # Even what is late comes in its order mostly; where not, it counts anew.
            kind = type(payload)
            if of_circuit:
                self.circuit = CircuitRules()
            elif kind is Ecg:
                self.ecg = EcgRules()
            elif kind is Values:
                self.vitals = VitalsRules()
        self._last[type(payload), of_circuit] = at
        if isinstance(payload, Ecg):
            return self.ecg.see(payload, at)
        if isinstance(payload, Values):
            return self.vitals.see(payload, at, without) if adult and not of_circuit else []
        if isinstance(payload, DeviceAlarm):
            return [Sign(DEVICE + payload.code, at, at, payload.priority, over=not payload.on)]
        return []

    def pass_time(self, at: datetime, *, adult: bool, without: frozenset[str]) -> list[Sign]:
        signs = self.circuit.pass_time(at)
        last = self._last.get((Values, False))
        if adult and last is not None and at >= last:
            signs += self.vitals.pass_time(at, without)
        return signs


def _plausible(payload: Values) -> dict[str, float]:
    """Values by signal that were measured and can be right."""
    named = {SIGNALS.by_number[one.number].name: one.value for one in payload.values if math.isfinite(one.value)}
    judged = judge_together(named)
    return {name: value for name, value in named.items() if judged[name] is not Plausible.HARD}
