"""The console's page `/`, the crew's page `/unit`, their files and service workers, from this machine only.

A page itself tells nothing: whoever opens it logs in, and everything else comes from `/api`.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

from api.auth import ANYONE
from api.console.files import BUILT, BuiltFile, find
from api.errors import ProblemError

PAGES: Final = {
    "/": "index.html",
    "/ecmo": "index.html",
    "/er": "index.html",
    "/reports": "index.html",
    "/unit": "unit.html",
}
"""The pages, each with the file that holds it."""
BESIDE: Final = ("sw.js", "unit-sw.js", "unit.webmanifest")
"""Service workers, and what lets a phone install a page; found at their plain names."""
_POLICY: Final = (
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    "style-src 'self'",
    # Widths and positions that follow from data are set as style attributes.
    "style-src-attr 'unsafe-inline'",
    "font-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self'",
    "manifest-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
)
_SAFE: Final = {
    "Content-Security-Policy": "; ".join(_POLICY),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
_CAMERA: Final = {"Permissions-Policy": _SAFE["Permissions-Policy"].replace("camera=()", "camera=(self)")}
"""A crew's page reads a health card's code by the camera."""
_ALWAYS_ASK: Final = {"Cache-Control": "no-cache"}
_FOR_EVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
_NOT_BUILT: Final = """<!doctype html>
<html lang="zh"><meta charset="utf-8"><title>塔里木 Tarim</title>
<h1>调度台尚未构建 The console has not been built</h1>
<p>接口照常工作:<a href="/docs">/docs</a>。The interface works all the same: <a href="/docs">/docs</a>.</p>
<p>构建 To build it: <code>pip install .</code>, or in a clone
<code>.venv/bin/python frontend/build_hook.py</code>.</p>
"""


def console_router(built: Path = BUILT) -> APIRouter:
    """Return the routes that serve the console built in that folder; without one, a page that says so (503)."""
    router = APIRouter(include_in_schema=False)

    for path, name in PAGES.items():
        router.add_api_route(path, partial(_page, built, name), dependencies=[ANYONE])
    for name in BESIDE:
        router.add_api_route(f"/{name}", partial(_beside, built, name), dependencies=[ANYONE])

    @router.get("/assets/{name}", dependencies=[ANYONE])
    async def asset(name: str, request: Request) -> Response:
        file = find(built / "assets", name, request.headers.get("accept-encoding", ""))
        if file is None:
            raise ProblemError(
                "request.not_found",
                f"The console has no file {name}.",
                "It was built anew since the page was opened: load the page again.",
            )
        return _sent(file, _FOR_EVER)

    return router


async def _page(built: Path, name: str, request: Request) -> Response:
    file = find(built, name, request.headers.get("accept-encoding", ""))
    if file is None:
        return HTMLResponse(_NOT_BUILT, 503, headers=_SAFE | _ALWAYS_ASK)
    return _sent(file, _ALWAYS_ASK | (_CAMERA if name == PAGES["/unit"] else {}))


async def _beside(built: Path, name: str, request: Request) -> Response:
    file = find(built, name, request.headers.get("accept-encoding", ""))
    if file is None:
        raise ProblemError("request.not_found", f"The console has no {name}.", "It has not been built.")
    return _sent(file, _ALWAYS_ASK)


def _sent(file: BuiltFile, kept: dict[str, str]) -> Response:
    headers = _SAFE | kept | {"Vary": "Accept-Encoding"}
    if file.encoding:
        headers["Content-Encoding"] = file.encoding
    return FileResponse(file.path, media_type=file.media_type, headers=headers)
