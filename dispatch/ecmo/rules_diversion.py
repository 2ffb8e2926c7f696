"""Where else a patient on a circuit could be taken, ranked. Pure. Figures: `diversion.toml`.

A sum of seconds as for every patient: road time, and what each thing that speaks against a hospital is worth. Nobody
is hidden: what is closed, has no intensive care or cannot be reached stands at the end. Needs sign-off by a medical
director.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from dispatch.ecmo.states_diversion import Demand, DiversionRemark
from dispatch.hospitals.rules_status import Beds, ServiceNow
from dispatch.hospitals.states import HospitalCapability
from dispatch.hospitals.states_status import BedKind, ServiceState
from dispatch.kernel.figures import shipped

_DATA: Final = shipped("dispatch.ecmo", "diversion.toml")
VERSION: Final[str] = _DATA["version"]
SOURCE: Final[str] = _DATA["source"]
NEEDS_SIGN_OFF: Final = not _DATA["signed_off_by"]
FIGURES: Final[Mapping[str, float]] = _DATA["seconds"]
GRAVE: Final[int] = _DATA["demands"]["severity"]
_ICU, _ECMO = HospitalCapability.ICU, HospitalCapability.ECMO


@dataclass(frozen=True, slots=True)
class Haven:
    """A hospital that could be gone to. eta_s: seconds of road from where the vehicle is; None: nobody knows."""

    hospital_id: UUID
    services: Mapping[HospitalCapability, ServiceNow]
    beds: Mapping[BedKind, Beds]
    eta_s: float | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A hospital's place. counted_s: what it was ranked by, None at the end; free_beds: in intensive care."""

    hospital_id: UUID
    eta_s: float | None
    counted_s: float | None
    free_beds: int | None
    remarks: tuple[DiversionRemark, ...]


def rank_havens(havens: Sequence[Haven]) -> tuple[Ranked, ...]:
    """The best first; of equals the sooner, then by id; where no way is known, last."""
    return tuple(
        sorted(
            (_judged(one) for one in havens),
            key=lambda one: (
                one.counted_s is None,
                one.counted_s or 0.0,
                math.inf if one.eta_s is None else one.eta_s,
                one.hospital_id,
            ),
        )
    )


def proposed(ranked: Sequence[Ranked], current: UUID, demands: Collection[Demand]) -> UUID | None:
    """The hospital that is proposed instead of the one he is brought to; None: nothing demands it, or none is better.

    Where the present one cannot take him at all (closed, its bed gone), any that is first is better.
    """
    first = next(iter(ranked), None)
    if not demands or first is None or first.counted_s is None or first.eta_s is None or first.hospital_id == current:
        return None
    here = next((one for one in ranked if one.hospital_id == current), None)
    if here is None or here.counted_s is None or here.eta_s is None or Demand.BED in demands:
        return first.hospital_id
    return first.hospital_id if here.eta_s - first.eta_s >= FIGURES["sooner_s"] else None


def _judged(one: Haven) -> Ranked:
    remarks: list[DiversionRemark] = []
    counted = one.eta_s or 0.0
    icu, ecmo = one.services.get(_ICU), one.services.get(_ECMO)
    runs = ecmo is not None and ecmo.state is not ServiceState.CLOSED
    remarks.append(DiversionRemark.ECMO if runs else DiversionRemark.NO_ECMO)
    counted += 0.0 if runs else FIGURES["no_ecmo_s"]
    if any(service is not None and service.state is ServiceState.DIVERTED for service in (icu, ecmo)):
        remarks.append(DiversionRemark.DIVERTED)
        counted += FIGURES["diverted_s"]
    beds = one.beds.get(BedKind.ICU)
    if beds is None:
        remarks.append(DiversionRemark.BED_UNKNOWN)
    elif beds.free == 0:
        remarks.append(DiversionRemark.NO_BED)
        counted += FIGURES["no_bed_s"]
    closed = icu is not None and icu.state is ServiceState.CLOSED
    for remark, seen in (
        (DiversionRemark.NO_ICU, icu is None), (DiversionRemark.CLOSED, closed),
        (DiversionRemark.UNREACHABLE, one.eta_s is None),
    ):  # fmt: skip
        if seen:
            remarks.append(remark)
    out = icu is None or closed or one.eta_s is None
    return Ranked(
        one.hospital_id, one.eta_s, None if out else counted, None if beds is None else beds.free, tuple(remarks)
    )
