"""The composition root of the HTTP service."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import structlog
from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.accounts.devices import router as devices
from api.accounts.duty import router as duty
from api.accounts.people import router as people
from api.accounts.sessions import router as sessions
from api.accounts.settings import router as settings_of_people
from api.auth import Doorkeeper
from api.calls.belonging import router as belonging
from api.calls.call_backs import router as call_backs
from api.calls.routes import router as calls
from api.calls.same_number import router as same_number
from api.cards.answers import router as answers
from api.cards.routes import router as cards
from api.charting.routes import router as charting
from api.console.routes import console_router
from api.contract import openapi_of
from api.deadlines import Deadlines
from api.detections.crew_calls import router as crew_calls
from api.detections.routes import router as detections
from api.dispatching.arrivals import Arrivals
from api.dispatching.looking import Looking
from api.dispatching.recommending import Recommending
from api.dispatching.routes import router as dispatching
from api.docs import router as docs
from api.drafts.routes import router as drafts
from api.ecmo.missions import router as ecmo_missions
from api.ecmo.plans import router as ecmo_plans
from api.ecmo.readings import router as ecmo_readings
from api.ecmo.resources import router as ecmo_resources
from api.ecmo.routes import router as ecmo
from api.er.outcomes import router as outcomes
from api.er.routes import router as er
from api.er.vitals import Vitals
from api.erasures.routes import router as erasures
from api.errors import field_errors, problem, refusal
from api.exports.routes import router as exports
from api.express import Express, lanes_of
from api.figures import figures_of
from api.fleet.routes import router as fleet
from api.handover.routes import router as handovers
from api.hospitals.routes import router as hospitals
from api.incidents.notes import router as notes
from api.incidents.progress import router as progress
from api.incidents.record import router as record
from api.incidents.routes import router as incidents
from api.ingest.gateway import Gateway
from api.ingest.matching import ServedRoads
from api.ingest.routes import router as ingest
from api.kernel_cache import prepare_kernel_cache
from api.live.feed import Feed
from api.live.reading import boards_of
from api.live.routes import router as feed
from api.logs import configure_logs
from api.loops import Anchoring
from api.memory import settle
from api.messages.routes import router as messages
from api.middleware import Edge
from api.monitoring.routes import router as monitoring
from api.orders.routes import router as crew_orders
from api.origins import Origins
from api.parts import Parts, open_parts
from api.patients.care import router as care
from api.patients.routes import router as patients
from api.pictures.routes import router as pictures
from api.places.routes import router as places
from api.receiving.routes import router as destinations
from api.regions.live import LiveRegion
from api.regions.routes import router as regions
from api.replay.routes import router as replay
from api.reports.coverage import router as coverage
from api.reports.coverage_desk import CoverageDesk
from api.reports.desk import Desk
from api.reports.export import router as reports_out
from api.reports.kept import router as report_views
from api.reports.routes import router as reports
from api.reports.scheduled import router as reports_made
from api.reports.schedules import Schedules
from api.reports.setting import router as report_schedules
from api.reports.shown import router as reports_shown
from api.reports.union import router as union
from api.roads.closures import router as closures
from api.roads.drawn import router as drawn
from api.roads.journeys import router as journeys
from api.roads.nearest import nearest as nearest_of_body
from api.roads.nearest import router as nearest
from api.sweeping import Sweeping
from api.tiles.routes import router as tiles
from api.units.routes import router as units
from dispatch.accounts.service_hashing import PasswordHasher
from dispatch.cards.service_sets import CardLibrary
from dispatch.kernel.errors import TarimError
from dispatch.settings import Settings, load_settings
from geo.errors import GeoError
from geo.progress import Progress, silent

VERSION = "1"
_ROUTERS: tuple[APIRouter, ...] = (cards, nearest, journeys, drawn, closures, units, hospitals, places, tiles, regions)
_ACCOUNTS: tuple[APIRouter, ...] = (sessions, settings_of_people, people, devices, duty)
_CALLS: tuple[APIRouter, ...] = (calls, belonging, call_backs)
_DUTY: tuple[APIRouter, ...] = (
    fleet, dispatching, monitoring, detections, crew_calls, er, outcomes, exports, replay, handovers, erasures, ecmo
)  # fmt: skip
_ECMO: tuple[APIRouter, ...] = (ecmo_plans, ecmo_missions, ecmo_readings, ecmo_resources)
_REPORTS: tuple[APIRouter, ...] = (
    reports, reports_out, reports_made, reports_shown, report_schedules, report_views, union, coverage
)  # fmt: skip
_INCIDENTS: tuple[APIRouter, ...] = (
    incidents, progress, notes, record, patients, care, charting, messages, crew_orders, pictures, destinations,
    answers, drafts, same_number
)  # fmt: skip

log = structlog.get_logger("tarim.app")


def create_app(
    parts: Parts | None = None,
    *,
    settings: Settings | None = None,
    hasher: PasswordHasher | None = None,
    started: Callable[[], None] | None = None,
    progress: Progress = silent,
) -> FastAPI:
    """Return the service on `parts`; without them it opens its own by `settings` and closes them at its end.

    `hasher`: how passwords are hashed; without it as `PasswordHasher` does by itself. `started` is called when
    everything is ready for the first request, and `progress` told how far the roads are until then.
    """
    chosen = parts.settings if parts is not None else settings or load_settings()
    figures = figures_of(chosen)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            opened = parts
            if opened is None:
                opened = await stack.enter_async_context(open_parts(chosen))
            live = LiveRegion(opened, progress)
            stack.push_async_callback(live.close)
            app.state.arrivals = Arrivals(live, figures)
            app.state.looking = Looking(opened, live, app.state.arrivals, figures)
            door = Doorkeeper(opened, hasher=hasher)
            app.state.doorkeeper = door
            app.state.recommending = Recommending(opened, app.state.looking, door.digester)
            await stack.enter_async_context(door.on_duty())
            app.state.parts, app.state.live, app.state.anchoring = opened, live, Anchoring(opened)
            app.state.reports = Desk(opened)
            app.state.coverage = CoverageDesk(opened, live, app.state.reports)
            stack.push_async_callback(app.state.reports.close)
            await stack.enter_async_context(Schedules(opened, app.state.reports).running())
            app.state.cards, app.state.vitals = CardLibrary(), Vitals()
            await stack.enter_async_context(app.state.anchoring.running())
            app.state.deadlines = Deadlines(opened, live, door.digester, figures=figures)
            await stack.enter_async_context(app.state.deadlines.running())
            await stack.enter_async_context(Sweeping(opened).running())
            app.state.feed = Feed(opened, door.forget, app.state.arrivals, boards_of(figures))
            await stack.enter_async_context(app.state.feed.running())
            app.state.gateway = Gateway(opened, door.digester, ServedRoads(live), app.state.feed.moved)
            await stack.enter_async_context(app.state.gateway.running())
            with contextlib.suppress(TarimError):
                # What is not there yet may come; until then questions are refused with the reason.
                await live.ask()
            if started is not None:
                started()
            yield

    app = FastAPI(
        title="Tarim",
        version=VERSION,
        summary="Emergency dispatch on true road times.",
        description=(
            "Coordinates are degrees; times seconds, lengths metres, moments ISO 8601 with zone. Refusals are "
            "`application/problem+json` (RFC 9457) with a stable `code`. Log in with `POST /api/session`; the cookie "
            "that it gives goes with every request. `x-permission` says what a route takes. What happens is told "
            "by the live feed, a WebSocket: [/docs/live](/docs/live)."
        ),
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=lifespan,
        openapi_url="/api/openapi.json",
        docs_url=None,  # our own page: no script from outside
        redoc_url=None,
        exception_handlers={
            TarimError: _refused,
            GeoError: _refused,
            RequestValidationError: _invalid,
            HTTPException: _http,
        },
        redirect_slashes=False,
    )
    for router in (*_ACCOUNTS, *_ROUTERS, *_CALLS, *_DUTY, *_INCIDENTS, *_ECMO, *_REPORTS):
        app.include_router(router, prefix="/api")
    app.include_router(feed, prefix="/api")
    app.include_router(ingest, prefix="/api")
    app.include_router(docs)
    app.include_router(console_router())
    app.openapi = lambda: openapi_of(app)  # type: ignore[method-assign]  # FastAPI's documented way
    app.add_middleware(Express, lanes=lanes_of(app, [nearest_of_body]))
    app.add_middleware(Origins, trusted=chosen.trusted_origins)
    app.add_middleware(Edge)
    return app


def worker_app() -> FastAPI:
    """Return the app of a uvicorn worker process: settings from the environment."""
    prepare_kernel_cache()
    configure_logs()
    return create_app(started=settle)


async def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, TarimError | GeoError):
        raise error
    return refusal(error, request.url.path)


async def _invalid(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    fields = field_errors(error.errors())
    told = "; ".join(f"{field.path}: {field.message}" for field in fields[:3])
    return problem(422, "request.invalid", f"The request cannot be taken: {told}.", request.url.path, fields=fields)


async def _http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    path = request.url.path
    known: dict[int, tuple[str, str]] = {
        404: ("request.not_found", f"There is nothing at {path}."),
        405: ("request.method", f"{path} does not take {request.method}."),
    }
    code, detail = known.get(error.status_code, ("request.refused", str(error.detail)))
    hint = "See /docs for what is there." if error.status_code in known else ""
    return problem(error.status_code, code, detail, path, hint=hint, headers=error.headers)
