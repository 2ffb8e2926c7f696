"""What quantities and leads are called in FHIR."""

from __future__ import annotations

from typing import Any, Final

from api.exports.recordings import Stretch
from dispatch.clinical.rules_signals import SIGNALS, Signal
from dispatch.incidents.states_incidents import Priority
from dispatch.telemetry.rules_waves import MISSING

LOINC: Final = "http://loinc.org"
MDC: Final = "urn:iso:std:iso:11073:10101"
UCUM: Final = "http://unitsofmeasure.org"
_ECG: Final = 131_328
"""MDC_ECG_ELEC_POTL."""
_ALSO: Final = {"spo2": ("2708-6",)}
"""Further LOINC that the vital signs of FHIR ask for."""
_PRIORITIES: Final = {
    Priority.P1: "stat", Priority.P2: "asap", Priority.P3: "urgent", Priority.P4: "routine",
}  # fmt: skip

Concept = dict[str, Any]


def _panel(code: str, told: str) -> Concept:
    return {"coding": [{"system": LOINC, "code": code}], "text": told}


PANELS: Final = (
    (
        ("nibp_systolic", "nibp_diastolic", "nibp_mean"),
        _panel("85354-9", "Blood pressure, by cuff"),
    ),
    (
        ("art_systolic", "art_diastolic", "art_mean"),
        _panel("85354-9", "Blood pressure, invasive arterial"),
    ),
)
"""Signals that are told together, and under which code."""


def codes_of(signal: Signal) -> Concept:
    """All public codes of a quantity; one of ours where it has none."""
    coding = [{"system": LOINC, "code": code} for code in (signal.loinc, *_ALSO.get(signal.name, ())) if code]
    if signal.mdc is not None:
        coding.append({"system": MDC, "code": str(signal.mdc)})
    return {"coding": coding or [{"system": "urn:tarim:signal", "code": signal.name}], "text": signal.en}


def ecg_code() -> Concept:
    """An ECG, whatever its leads."""
    return {"coding": [{"system": MDC, "code": str(_ECG), "display": "MDC_ECG_ELEC_POTL"}], "text": "ECG"}


def lead_code(number: int) -> Concept:
    """One lead, by its number in `signals.toml`."""
    lead = SIGNALS.leads[number]
    coding = (
        {"system": "urn:tarim:ecg-lead", "code": lead.name}
        if lead.mdc is None
        else {"system": MDC, "code": str(lead.mdc), "display": f"MDC_ECG_LEAD_{lead.name.upper()}"}
    )
    return {"coding": [coding], "text": lead.name}


def priority_code(priority: str) -> str:
    """How urgent, as a request says it."""
    return _PRIORITIES[Priority(priority)]


def quantity(value: float, code: str, unit: str = "") -> Concept:
    """A value in a UCUM unit."""
    return {"value": value, "unit": unit or code, "system": UCUM, "code": code}


def sampled(stretch: Stretch, place: int) -> Concept:
    """The samples of one lead as sent: millivolts are sample x factor; E: not measured."""
    told = ("E" if one == MISSING else str(one) for one in stretch.samples[place].tolist())
    return {
        "origin": quantity(0, "mV"), "period": 1_000 / stretch.rate_hz, "factor": 1 / stretch.units_per_mv,
        "dimensions": 1, "data": " ".join(told),
    }  # fmt: skip
