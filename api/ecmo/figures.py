"""Figures of ECMO transfers over a period: a group of their own, never mixed with those of the street."""

from __future__ import annotations

import asyncio
import io
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Literal

import msgspec
import polars as pl
from fastapi import APIRouter, Query
from msgspec import Meta
from starlette.responses import Response

from api.auth import DoorkeeperDep
from api.bodies import answer
from api.contract import contract
from api.deps import PartsDep
from api.ecmo.transfers import transfers_of
from api.reports.asking import Period, PeriodDep, Reader
from api.reports.export import tell_left
from dispatch.ecmo.events_after import EcmoExported
from dispatch.ecmo.rules_after import EVENTS, KPIS, SIGNED_OFF_BY, SOURCE, SUPPRESS_BELOW, VERSION, EcmoKpi, spread
from dispatch.ecmo.rules_registry import Transfer
from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_missions import MISSION_OVER
from dispatch.ecmo.states_requests import RequestState
from dispatch.kernel.ids import new_id
from dispatch.kernel.writing.files import write_csv, write_json
from dispatch.kernel.writing.sheets import Page
from dispatch.kernel.writing.xlsx import write_workbook

router = APIRouter(prefix="/reports/ecmo", tags=["reports"])
MEDIA: Final = {
    "csv": "text/csv", "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
_OVER: Final = frozenset(MISSION_OVER)
_DECIDED: Final = frozenset(RequestState) - {RequestState.DRAFT, RequestState.ASKED, RequestState.BOUND}
_ZONE: Final = "Asia/Shanghai"


class EcmoFigureOut(msgspec.Struct, frozen=True):
    """A figure of transfers of one mode, or of all."""

    id: str
    mode: Annotated[Mode | None, Meta(description="Null: all modes.")]
    eligible: Annotated[int, Meta(description="Transfers that are over and came to its first mark.")]
    n: int
    completeness: float | None
    p50_min: Annotated[float | None, Meta(description="Nearest rank; null: fewer than five.")]
    p90_min: float | None
    target_min: Annotated[float | None, Meta(description="Of that mode; null: none, or modes differ.")]
    met: Annotated[int | None, Meta(description="How many kept their own mode's target; null: fewer than five.")]
    judged: int
    small: Annotated[bool, Meta(description="Fewer than thirty.")]
    suppressed: bool


class EcmoDefinitionOut(msgspec.Struct, frozen=True):
    """What a figure means."""

    id: str
    zh: str
    en: str
    ug: str
    formula: str
    events: list[str]
    targets: dict[str, float]


class EcmoFiguresOut(msgspec.Struct, frozen=True):
    """Figures of a period. Survival is of those whose outcome is known."""

    at: datetime
    begins: datetime
    until: datetime
    requests: int
    transfers: Annotated[int, Meta(description="Requests with a mission.")]
    states: Annotated[dict[str, int], Meta(description="Requests by where they stand.")]
    adverse: Annotated[int, Meta(description="Transfers with an adverse event or more.")]
    survived: Annotated[dict[str, list[int]], Meta(description="Alive and known, by moment; empty below five.")]
    figures: list[EcmoFigureOut]
    definitions: list[EcmoDefinitionOut]
    version: str
    source: str
    needs_sign_off: bool


_EXAMPLE: Final[dict[str, Any]] = {
    "at": "2026-11-27T18:00:00Z", "begins": "2026-10-31T16:00:00Z", "until": "2026-11-30T16:00:00Z", "requests": 14,
    "transfers": 9, "states": {"closed": 9, "declined": 5}, "adverse": 3, "survived": {"h24": [8, 9]},
    "figures": [
        {
            "id": "to_decision", "mode": None, "eligible": 14, "n": 14, "completeness": 1.0, "p50_min": 18.0,
            "p90_min": 31.0, "target_min": 30.0, "met": 12, "judged": 14, "small": True, "suppressed": False,
        }
    ],
    "definitions": [
        {
            "id": "to_decision", "zh": "申请→决定", "en": "Request to decision", "ug": "", "formula": "decided - asked",
            "events": ["asked: ecmo.request_asked", "decided: ecmo.decided"], "targets": {"vv": 30.0},
        }
    ],
    "version": "1", "source": "Targets proposed here", "needs_sign_off": True,
}  # fmt: skip


@router.get(
    "",
    summary="Figures of ECMO transfers",
    description="By the time of the request; modes together and apart. Percentiles are of the nearest rank; of fewer "
    "than five transfers none are told, fewer than thirty are marked. They are never counted among the figures of the "
    "street.",
    **contract(EcmoFiguresOut, example=_EXAMPLE),
)
async def figures(parts: PartsDep, _actor: Reader, period: PeriodDep) -> Response:
    """Tell figures."""
    async with parts.database.read() as session:
        rows = await transfers_of(session, parts.settings.region, *period, None)
    return answer(told_of(rows, period, parts.clock.now()))


@router.get(
    "/export",
    summary="Figures of ECMO transfers as a file",
    description="The same numbers as `/api/reports/ecmo`. It leaves a line in the journal.",
    **contract(media=tuple(MEDIA.values()), told="The file."),
)
async def exported(
    door: DoorkeeperDep, actor: Reader, period: PeriodDep,
    form: Annotated[Literal["csv", "xlsx", "json"], Query(alias="format", description="The file's form.")],
) -> Response:  # fmt: skip
    """Take figures out."""
    region, now = door.parts.settings.region, door.parts.clock.now()
    async with door.parts.database.read() as session:
        rows = await transfers_of(session, region, *period, None)
    told = told_of(rows, period, now)
    await tell_left(
        door, actor,
        EcmoExported(
            export_id=new_id(door.parts.clock), region=region, form=form, mission_id=None, begins=period[0],
            until=period[1], reason=None,
        ),
    )  # fmt: skip
    made = await asyncio.to_thread(_written, told, form, now)
    headers = {"Content-Disposition": f'attachment; filename="ecmo-figures.{form}"', "Cache-Control": "no-store"}
    return Response(made, media_type=MEDIA[form], headers=headers)


def told_of(rows: Sequence[Transfer], period: Period, now: datetime) -> EcmoFiguresOut:
    """Reckon all figures of transfers."""
    over = [one for one in rows if (one.state in _OVER if one.state else one.decision in _DECIDED)]
    return EcmoFiguresOut(
        at=now, begins=period[0], until=period[1], requests=len(rows),
        transfers=sum(bool(one.state) for one in rows),
        states=dict(sorted(Counter(one.decision for one in rows).items())),
        adverse=sum(bool(one.adverse) for one in rows),
        survived={moment: found for moment in ("h24", "discharge") if (found := _survived(rows, moment))},
        figures=[_figure(kpi, over, mode) for kpi in KPIS for mode in (None, *Mode)],
        definitions=[
            EcmoDefinitionOut(
                kpi.id, kpi.zh, kpi.en, kpi.ug, f"{kpi.ends} - {kpi.begins}",
                [f"{one}: {EVENTS[one]}" for one in (kpi.begins, kpi.ends)],
                {str(mode): minutes for mode, minutes in kpi.targets.items()},
            )
            for kpi in KPIS
        ],
        version=VERSION, source=SOURCE, needs_sign_off=not SIGNED_OFF_BY,
    )  # fmt: skip


def _figure(kpi: EcmoKpi, rows: Sequence[Transfer], mode: Mode | None) -> EcmoFigureOut:
    mine = [one for one in rows if mode is None or one.mode == mode]
    told = spread(kpi, (known for one in mine for known in one.measured if known.kpi is kpi))
    targets = set(kpi.targets.values()) if mode is None else {kpi.targets[mode]} if mode in kpi.targets else set()
    return EcmoFigureOut(
        kpi.id, mode, told.eligible, told.n, told.completeness, told.p50, told.p90,
        targets.pop() if len(targets) == 1 else None, told.met, told.judged, told.small, told.suppressed,
    )  # fmt: skip


def _survived(rows: Sequence[Transfer], moment: str) -> list[int]:
    known = [one.outcomes[moment] for one in rows if one.outcomes.get(moment, "unknown") != "unknown"]
    return [] if len(known) < SUPPRESS_BELOW else [sum(one != "died" for one in known), len(known)]


def _written(told: EcmoFiguresOut, form: str, now: datetime) -> bytes:
    fields = [one.name for one in msgspec.structs.fields(EcmoFigureOut)]
    rows = [[getattr(one, name) for name in fields] for one in told.figures]
    schema = {
        name: pl.String() if name in ("id", "mode") else pl.Boolean() if name in ("small", "suppressed")
        else pl.Int64() if name in ("eligible", "n", "met", "judged") else pl.Float64()
        for name in fields
    }  # fmt: skip
    page = Page("ECMO", pl.DataFrame(rows, schema=schema, orient="row").lazy())
    means = pl.LazyFrame(
        [(one.id, one.en, told.version, one.formula, "; ".join(one.events), told.source) for one in told.definitions],
        schema=["id", "name", "version", "formula", "events", "source"], orient="row",
    )  # fmt: skip
    made = io.BytesIO()
    if form == "xlsx":
        write_workbook(made, [page, Page("Definitions", means)], zone=_ZONE, title="ECMO", made_at=now)
    elif form == "csv":
        write_csv(made, page, zone=_ZONE)
    else:
        write_json(made, page, zone=_ZONE)
    return made.getvalue()
