"""An ECG as HL7 annotated ECG (aECG, PORT_MT020001): one series for each time without a gap.

A lead that was off stands in no series while it was. Times are true times, UTC. The subject is named by ids alone: an
aECG is passed on to readers and archives that need no names.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid5
from xml.sax.saxutils import quoteattr

import numpy as np

from api.exports.reading import Source
from api.exports.recordings import Stretch
from dispatch.clinical.rules_signals import SIGNALS
from dispatch.incidents.states_patients import Sex

MOST_S: Final = 300.0
"""A series of a longer time is continued by the next one."""
_MDC: Final = 'codeSystem="2.16.840.1.113883.6.24" codeSystemName="MDC"'
_ACT: Final = 'codeSystem="2.16.840.1.113883.5.4" codeSystemName="ActCode"'
_SEX: Final = {Sex.MALE: "M", Sex.FEMALE: "F"}


async def aecg(source: Source, patient_id: UUID, sex: Sex, age_years: int | None) -> AsyncIterator[bytes]:
    """Make the document, piece by piece."""
    yield _opening(source, patient_id, sex, age_years).encode()
    async for stretch in source.stretches(MOST_S):
        yield await asyncio.to_thread(_told, stretch, patient_id)
    yield b"</AnnotatedECG>\n"


def _opening(source: Source, patient_id: UUID, sex: Sex, age_years: int | None) -> str:
    begins, until = source.span
    gender = _SEX.get(sex, "UN")
    age = (
        ""
        if age_years is None
        else "<controlVariable><relatedObservation>"
        '<code code="21612-7" codeSystem="2.16.840.1.113883.6.1" codeSystemName="LOINC" displayName="Reported Age"/>'
        f'<value xsi:type="PQ" value="{age_years}" unit="a"/></relatedObservation></controlVariable>'
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<AnnotatedECG xmlns="urn:hl7-org:v3" xmlns:voc="urn:hl7-org:v3/voc" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" type="Observation">\n'
        f'<id root="{uuid5(patient_id, "aecg")}"/>'
        '<code code="93000" codeSystem="2.16.840.1.113883.6.12" codeSystemName="CPT-4"/>'
        f'<effectiveTime><low value="{_moment(begins)}"/><high value="{_moment(until)}"/></effectiveTime>\n'
        "<componentOf><timepointEvent><componentOf><subjectAssignment><subject><trialSubject>"
        f'<id root="{patient_id}"/><subjectDemographicPerson>'
        f'<administrativeGenderCode code="{gender}" codeSystem="2.16.840.1.113883.5.1"/>'
        "</subjectDemographicPerson></trialSubject></subject><componentOf><clinicalTrial>"
        f'<id root="{uuid5(patient_id, "run")}"/>'
        "</clinicalTrial></componentOf></subjectAssignment></componentOf></timepointEvent></componentOf>\n"
        f"{age}\n"
    )


def _told(stretch: Stretch, patient_id: UUID) -> bytes:
    return "".join(_series(one, patient_id) for one in stretch.parts()).encode()


def _series(stretch: Stretch, patient_id: UUID) -> str:
    step = np.format_float_positional(1 / stretch.rate_hz, trim="-")
    scale = np.format_float_positional(1000 / stretch.units_per_mv, trim="-")
    name = uuid5(patient_id, f"{stretch.at.isoformat()} {stretch.leads}")
    sequences = "".join(_sequence(stretch, place, scale) for place in range(len(stretch.leads)))
    return (
        f'<component><series><id root="{name}"/><code code="RHYTHM" {_ACT}/>'
        f'<effectiveTime><low value="{_moment(stretch.at)}" inclusive="true"/>'
        f'<high value="{_moment(stretch.until)}" inclusive="false"/></effectiveTime>'
        "<author><seriesAuthor><manufacturedSeriesDevice>"
        f'<id root="{uuid5(patient_id, "device")}"/><softwareName>Tarim</softwareName>'
        "</manufacturedSeriesDevice></seriesAuthor></author>"
        f'<component><sequenceSet><component><sequence><code code="TIME_ABSOLUTE" {_ACT}/>'
        f'<value xsi:type="GLIST_TS"><head value="{_moment(stretch.at)}"/><increment value="{step}" unit="s"/></value>'
        f"</sequence></component>{sequences}</sequenceSet></component></series></component>\n"
    )


def _sequence(stretch: Stretch, place: int, scale: str) -> str:
    code = quoteattr(f"MDC_ECG_LEAD_{SIGNALS.leads[stretch.leads[place]].name.upper()}")
    digits = " ".join(map(str, stretch.samples[place].tolist()))
    return (
        f'<component><sequence><code code={code} {_MDC}/><value xsi:type="SLIST_PQ"><origin value="0" unit="uV"/>'
        f'<scale value="{scale}" unit="uV"/><digits>{digits}</digits></value></sequence></component>'
    )


def _moment(at: datetime) -> str:
    """A time as HL7 writes it, to the millisecond."""
    told = at.astimezone(UTC)
    return f"{told:%Y%m%d%H%M%S}.{told.microsecond // 1000:03}+0000"
