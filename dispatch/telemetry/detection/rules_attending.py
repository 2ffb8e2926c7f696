"""Which patient a frame is of, of all that vehicles send, and what is found at that patient. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from dispatch.clinical.rules_circuit import CircuitSetting
from dispatch.clinical.states import NoAdult
from dispatch.telemetry.detection.rules import Found, Sign, Subject
from dispatch.telemetry.detection.rules_joining import MOST_S, follows, joined
from dispatch.telemetry.detection.rules_patient import PatientRules
from dispatch.telemetry.rules_arrivals import Arrival
from dispatch.telemetry.rules_attachments import Mark, owner_at
from dispatch.telemetry.rules_waves import Ecg
from dispatch.telemetry.states import WATCHED, Kind

FORGET_AFTER: Final = timedelta(hours=1)
"""A patient of whom nothing came for so long is not followed any more."""
LATE_AFTER: Final = timedelta(seconds=60)
"""What is older when looked at says nothing of now: screens show it as out of date (domain paper, section 3.6)."""
MOST_NOBODYS: Final = 20_000
TICK_WITHIN: Final = timedelta(minutes=10)
Place = tuple[UUID, int]
Who = tuple[UUID, int, UUID]


@dataclass(frozen=True, slots=True)
class Lying:
    """A patient as far as alarms go. none: why figures for adults are not for this one; circuit: what was set of it."""

    patient_id: UUID
    incident_id: UUID
    none: NoAdult | None
    circuit: CircuitSetting | None = None

    @property
    def child(self) -> bool:
        """Known to be one."""
        return self.none is NoAdult.UNDER_16


@dataclass(frozen=True, slots=True)
class Places:
    """Whose the places of some vehicles are: marks in their order by vehicle and slot, and who they name."""

    marks: Mapping[Place, Sequence[Mark]] = field(default_factory=dict)
    lying: Mapping[UUID, Lying] = field(default_factory=dict)


@dataclass(slots=True)
class _Attended:
    rules: PatientRules
    seen_at: datetime


class Attending:
    """Follows all patients whose data come to one process. What is nobody's (未归属) alarms nobody."""

    def __init__(self) -> None:
        self._places = Places()
        self._known: set[UUID] = set()
        self._attended: dict[Who, _Attended] = {}
        self._running: dict[Who, set[str]] = {}
        self._nobodys: list[Arrival] = []

    def unknown(self, unit_ids: Iterable[UUID]) -> set[UUID]:
        """The vehicles of which nothing is known yet."""
        return set(unit_ids) - self._known

    @property
    def units(self) -> frozenset[UUID]:
        """The vehicles of which something is known."""
        return frozenset(self._known)

    def resume(self, unit_ids: Collection[UUID], running: Iterable[tuple[Who, str]]) -> None:
        """Learn what goes on already at vehicles of which nothing was known. running: who, and the detection's code."""
        self._known.update(unit_ids)
        for who, code in running:
            self._running.setdefault(who, set()).add(code)

    def remember(self, unit_ids: Collection[UUID], earlier: Iterable[Arrival]) -> None:
        """Go through what came before the first look at some vehicles, by true time; who looked then has told of it.

        Where that does not end in what is known to go on, it counts for nothing: all counts anew.
        """
        known = {who: set(codes) for who, codes in self._running.items() if who[0] in unit_ids}
        for arrival in earlier:
            self._look(arrival)
        for who, one in list(self._attended.items()):
            if who[0] in unit_ids and one.rules.running != known.get(who, set()):
                del self._attended[who]
                if who in known:
                    self._running[who] = known[who]

    def learn(self, places: Places, now: datetime) -> list[Found]:
        """Learn whose the places are now; what ends because a patient left his, or is no adult, and what time brings.

        Frames that were nobody's are looked at once more: somebody may have been attached a moment before them.
        """
        self._places = places
        found: list[Found] = []
        for who, codes in list(self._running.items()):
            # What was found before this process began, at somebody who has left since.
            if who not in self._attended and codes and self._owner(who[:2], now) != who[2]:
                subject = self._subject(who)
                if subject is not None:
                    found += [Found(subject, Sign(code, now, now, over=True)) for code in sorted(codes)]
                del self._running[who]
        for who, one in list(self._attended.items()):
            lying = places.lying.get(who[2])
            found += one.rules.lie(self._owner(who[:2], now) == who[2], now)
            if lying is not None:
                found += one.rules.be_adult(lying.none is None, now)
                one.rules.be_set(lying.circuit, child=lying.child)
            if now - one.seen_at > FORGET_AFTER:
                del self._attended[who]
                if one.rules.running:
                    self._running[who] = set(one.rules.running)
        nobodys, self._nobodys = self._nobodys, []
        for arrival in nobodys if places.marks else ():
            found += self._look(arrival) or ()
        return [*found, *self.pass_time(now)]

    def see(self, arrival: Arrival, now: datetime | None = None) -> list[Found]:
        """Look at a frame of a vehicle that is known. now: when it is looked at; without it as it came."""
        if arrival.stream.kind not in WATCHED or not arrival.stream.slot or not arrival.sure:
            return []
        found = self._look(arrival, now)
        if found is None and len(self._nobodys) < MOST_NOBODYS:
            self._nobodys.append(arrival)
        return found or []

    def joined(self, arrivals: Iterable[Arrival]) -> list[Arrival]:
        """The same frames, with what follows one another in a patient's ECG made one, at most a second of it.

        Only where the patient was attached before: a stretch is all of one patient.
        """
        made: list[list[Arrival]] = []
        runs: dict[Place, list[Arrival]] = {}
        for one in arrivals:
            ecg = one.payload
            if not isinstance(ecg, Ecg) or not one.sure:
                made.append([one])
                continue
            place = (one.unit_id, one.stream.slot)
            run = runs.get(place)
            if run is not None and follows(run[-1], ecg, one) and (one.at - run[0].at).total_seconds() < MOST_S:
                run.append(one)
                continue
            run = [one]
            made.append(run)
            marks = self._places.marks.get(place)
            if marks and marks[-1].at <= one.at:
                runs[place] = run
            else:
                runs.pop(place, None)
        return [run[0] if len(run) == 1 else joined(run) for run in made]

    def _look(self, arrival: Arrival, now: datetime | None = None) -> list[Found] | None:
        place = (arrival.unit_id, arrival.stream.slot)
        patient_id = self._owner(place, arrival.at)
        if patient_id is None or arrival.payload is None:
            return None
        who = (*place, patient_id)
        one = self._attended.get(who) or self._begin(who)
        if one is None:
            return []
        one.seen_at = max(one.seen_at, arrival.at)
        late = (now or arrival.received_at) - arrival.at > LATE_AFTER
        of_circuit = arrival.stream.kind is Kind.ECMO
        return one.rules.see(arrival.payload, arrival.at, late=late, of_circuit=of_circuit)

    def hear(self, who: Who, at: datetime, now: datetime) -> list[Found]:
        """Learn when something came last of a circuit that runs, before the first look at it; what its silence brings.

        Otherwise nobody would miss what does not come: it is by what comes that a patient is followed.
        """
        one = self._attended.get(who) or self._begin(who)
        if one is None or self._owner(who[:2], now) != who[2]:
            return []
        one.rules.hear(at)
        one.seen_at = max(one.seen_at, at)
        return one.rules.pass_time(now)

    def pass_time(self, now: datetime) -> list[Found]:
        """Look at what time alone brings."""
        return [
            found
            for who, one in self._attended.items()
            if now - one.seen_at < TICK_WITHIN and self._owner(who[:2], now) == who[2]
            for found in one.rules.pass_time(now)
        ]

    def _owner(self, place: Place, at: datetime) -> UUID | None:
        marks = self._places.marks.get(place)
        if not marks:
            return None
        return marks[-1].patient_id if marks[-1].at <= at else owner_at(marks, at)

    def _subject(self, who: Who) -> Subject | None:
        lying = self._places.lying.get(who[2])
        return None if lying is None else Subject(who[0], who[1], lying.incident_id, lying.patient_id)

    def _begin(self, who: Who) -> _Attended | None:
        subject = self._subject(who)
        if subject is None:
            return None
        lying = self._places.lying[who[2]]
        rules = PatientRules(
            subject, adult=lying.none is None, running=self._running.pop(who, ()), child=lying.child,
            circuit=lying.circuit,
        )  # fmt: skip
        made = self._attended[who] = _Attended(rules, self._places.marks[who[:2]][0].at)
        return made
