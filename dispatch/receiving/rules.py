"""Where to take a patient: hospitals ranked for a pathway, with what speaks for and against each. Pure.

The ranking is a sum of seconds, so that every figure is an answer to "how much longer may it take": the road time, and
for each thing that speaks against a hospital what that is worth (`receiving.toml`). Nobody is hidden: what is closed
or cannot be reached stands at the end. Needs sign-off by a medical director.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from dispatch.hospitals.rules_status import Beds, ServiceNow
from dispatch.hospitals.states import HospitalCapability
from dispatch.hospitals.states_status import BedKind, ServiceState
from dispatch.kernel.errors import Conflict, Invalid
from dispatch.kernel.figures import laid_over, read_toml, shipped, unusable
from dispatch.receiving.states import Answer, Pathway, Remark, Unheld


@dataclass(frozen=True, slots=True)
class Figures:
    """See `receiving.toml`; seconds."""

    diverted_s: float
    diverted_nearest_s: float
    no_bed_s: float


@dataclass(frozen=True, slots=True)
class Needs:
    """What a pathway asks of a hospital; see `receiving.toml`."""

    needs: HospitalCapability
    better: frozenset[HospitalCapability]
    better_s: float
    bypass_s: float
    bed: BedKind


@dataclass(frozen=True, slots=True)
class Option:
    """A hospital that could be chosen. eta_s: road time, or an estimate; None: no way leads there."""

    hospital_id: UUID
    services: Mapping[HospitalCapability, ServiceNow]
    beds: Mapping[BedKind, Beds]
    eta_s: float | None
    estimate: bool = False


@dataclass(frozen=True, slots=True)
class Destination:
    """A hospital's place in the ranking. counted_s: what it was ranked by, None at the end; remarks: what was seen."""

    hospital_id: UUID
    eta_s: float | None
    counted_s: float | None
    free_beds: int | None
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """All hospitals, the best first, and for what they were ranked."""

    pathway: Pathway
    unheld: Unheld | None
    bed: BedKind
    ranked: tuple[Destination, ...]

    @property
    def first(self) -> UUID | None:
        """The best one; None where none can be reached that is open."""
        best = next(iter(self.ranked), None)
        return None if best is None or best.counted_s is None else best.hospital_id


@dataclass(frozen=True, slots=True)
class ReceivingPolicy:
    """All of `receiving.toml`; `source` says whose figures they are."""

    source: str
    figures: Figures
    pathways: Mapping[Pathway, Needs]
    cards: Mapping[str, Pathway]

    def pathway_of(self, complaint: str) -> Pathway:
        """Which pathway a complaint card leads to."""
        return self.cards.get(complaint, Pathway.GENERAL)


_OF: Final = "receiving hospitals"
_SHIPPED: Final = shipped("dispatch.receiving", "receiving.toml")


def read_receiving(text: str = "") -> ReceivingPolicy:
    """Return the figures that ship with the program, those of a TOML text in their place.

    Cards may be added. Which beds a pathway looks at stays: a ranking that was kept tells of them. Raises Invalid
    (`figures.invalid`): as `laid_over`; a service, or a pathway of a card, that there is not.
    """
    given = read_toml(text, _OF)
    cards = given.pop("cards", {})
    own = laid_over(given, _SHIPPED, _OF)
    if not isinstance(cards, Mapping):
        raise unusable(_OF, "cards is no section")
    for name, one in own["pathways"].items():
        if one["bed"] != _SHIPPED["pathways"][name]["bed"]:
            raise unusable(_OF, f"pathways.{name}.bed cannot be set")
    try:
        pathways = {
            Pathway(name): Needs(
                HospitalCapability(one["needs"]), frozenset(map(HospitalCapability, one["better"])), one["better_s"],
                one["bypass_s"], BedKind(one["bed"]),
            )
            for name, one in own["pathways"].items()
        }  # fmt: skip
        led = {str(card): Pathway(name) for card, name in {**_SHIPPED["cards"], **cards}.items()}
    except ValueError as error:
        raise unusable(_OF, str(error)) from None
    return ReceivingPolicy(own["source"], Figures(**own["figures"]), pathways, led)


PROPOSED: Final = read_receiving()
_EMERGENCY: Final = HospitalCapability.EMERGENCY


def in_force(info: Mapping[Any, Any]) -> ReceivingPolicy:
    """Return the figures that a session works by: those set for the whole service, else the proposed ones."""
    found: ReceivingPolicy = info.get(ReceivingPolicy, PROPOSED)
    return found


def rank(
    options: Sequence[Option], pathway: Pathway, unheld: Unheld | None = None, policy: ReceivingPolicy = PROPOSED
) -> Ranking:
    """Rank hospitals for a patient.

    A centre goes before a nearer hospital that is none, as far as the pathway allows; what cannot be held on the way
    goes to the nearest emergency department that is open, whatever it can do. Of equals the sooner, then by id.
    """
    needs = policy.pathways[pathway]
    judged = [_judged(one, needs, unheld, policy.figures) for one in options]
    order = sorted(
        judged, key=lambda one: (one.counted_s is None, Remark.ESTIMATE in one.remarks, *_times(one), one.hospital_id)
    )
    nearest = min(
        (one for one in order if one.counted_s is not None and Remark.ESTIMATE not in one.remarks),
        key=lambda one: (one.eta_s, one.hospital_id),
        default=None,
    )
    return Ranking(pathway, unheld, needs.bed, tuple(_remarked(one, order, nearest, unheld) for one in order))


def _times(one: Destination) -> tuple[float, float]:
    return (one.counted_s or 0.0, one.eta_s or 0.0)


def _judged(one: Option, needs: Needs, unheld: Unheld | None, figures: Figures) -> Destination:
    remarks: list[Remark] = []
    emergency, centre = one.services.get(_EMERGENCY), one.services.get(needs.needs)
    is_centre = centre is not None and centre.state is not ServiceState.CLOSED
    remarks.append(Remark.CENTRE if is_centre else Remark.NO_CENTRE)
    counted = one.eta_s or 0.0
    asked = [emergency] if unheld is not None else [emergency, centre]
    if any(service is not None and service.state is ServiceState.DIVERTED for service in asked):
        remarks.append(Remark.DIVERTED)
        counted += figures.diverted_s if unheld is None else figures.diverted_nearest_s
    if any(service is not None and service.overruled for service in asked):
        remarks.append(Remark.OVERRULED)
    beds = one.beds.get(needs.bed)
    if unheld is None:
        counted += 0.0 if is_centre else needs.bypass_s
        if is_centre and needs.better:
            best = all(_open(one.services.get(service)) for service in needs.better)
            remarks += [Remark.BETTER] if best else []
            counted += 0.0 if best else needs.better_s
        if beds is None:
            remarks.append(Remark.BED_UNKNOWN)
        elif beds.free == 0:
            remarks.append(Remark.NO_BED)
            counted += figures.no_bed_s
    closed = any(service is not None and service.state is ServiceState.CLOSED for service in (emergency, centre))
    shut = emergency is None or emergency.state is ServiceState.CLOSED
    if closed:
        remarks.append(Remark.CLOSED)
    if one.eta_s is None:
        remarks.append(Remark.UNREACHABLE)
    elif one.estimate:
        remarks.append(Remark.ESTIMATE)
    out = shut or one.eta_s is None
    return Destination(
        one.hospital_id, one.eta_s, None if out else counted, None if beds is None else beds.free, tuple(remarks)
    )


def _open(service: ServiceNow | None) -> bool:
    return service is not None and service.state is ServiceState.OPEN


def _remarked(
    one: Destination, order: Sequence[Destination], nearest: Destination | None, unheld: Unheld | None
) -> Destination:
    remarks = list(one.remarks)
    if nearest is not None and one.hospital_id == nearest.hospital_id:
        remarks.append(Remark.NEAREST)
    if one.hospital_id == order[0].hospital_id and one.counted_s is not None:
        if unheld is not None:
            remarks.append(Remark.NEAREST_RULE)
        elif nearest is not None and nearest.hospital_id != one.hospital_id and Remark.NO_CENTRE in nearest.remarks:
            remarks.append(Remark.BYPASS)
    return Destination(one.hospital_id, one.eta_s, one.counted_s, one.free_beds, tuple(remarks))


def check_choice(ranking: Ranking, hospital_id: UUID, *, has_reason: bool) -> int:
    """Return the place of the chosen hospital in the ranking, from 1.

    Raises Invalid: `destination.hospital`, it was not ranked; `destination.reason`, another than the first without a
    reason.
    """
    place = next((row for row, one in enumerate(ranking.ranked, 1) if one.hospital_id == hospital_id), None)
    if place is None:
        raise Invalid("destination.hospital", "This hospital was not ranked.", "Rank anew.")
    if place > 1 and not has_reason:
        raise Invalid("destination.reason", "Another than the first needs a reason.")
    return place


def check_answer(answer: Answer, hospital_id: UUID, other_id: UUID | None, accepted: frozenset[UUID]) -> None:
    """Refuse an answer that leaves a patient without a hospital.

    Raises Invalid: `answer.other`, another is named where none is due, or is missing, or is the same hospital.
    Conflict: `answer.not_accepted`, a refusal names one that has not accepted this patient.
    """
    if (answer is Answer.ACCEPTED) != (other_id is None):
        due = "takes no other hospital" if answer is Answer.ACCEPTED else "names the other hospital"
        raise Invalid("answer.other", f"An answer of {answer} {due}.")
    if other_id == hospital_id:
        raise Invalid("answer.other", "The other hospital is the same one.")
    if answer is Answer.REFUSED and other_id not in accepted:
        raise Conflict(
            "answer.not_accepted",
            "The hospital named has not accepted this patient.",
            "Let it accept first; or advise.",
        )
