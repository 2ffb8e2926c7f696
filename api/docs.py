"""The pages that tell the interface, from files of our own: a dispatch room may have no internet.

The scripts and styles come with the package `fastapi-offline` (Swagger UI, Apache-2.0); nothing is fetched.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

from fastapi import APIRouter
from fastapi.openapi.docs import get_swagger_ui_html
from markdown_it import MarkdownIt
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

_LIVE: Final = "LIVE.md"
_PAGE: Final = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Tarim: the live feed</title><style>
:root { color-scheme: light dark }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
body { font: 16px/1.5 system-ui, sans-serif }
table { border-collapse: collapse }
td, th { border: 1px solid; padding: .3rem .6rem; text-align: start; vertical-align: top }
code { overflow-wrap: anywhere }
</style></head><body>"""

router = APIRouter(include_in_schema=False)

_FILES = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css", "favicon.png": "image/png"}
_CACHE = {"Cache-Control": "public, max-age=86400"}


@router.get("/docs")
async def interface(request: Request) -> HTMLResponse:
    """Show every route with its examples, to read and to try."""
    return get_swagger_ui_html(
        openapi_url=request.app.openapi_url,
        title="Tarim 塔里木",
        swagger_js_url="/docs/swagger-ui-bundle.js",
        swagger_css_url="/docs/swagger-ui.css",
        swagger_favicon_url="/docs/favicon.png",
    )


@router.get("/docs/live")
async def live_feed() -> HTMLResponse:
    """Show what the live feed sends and takes, to who writes another client of it."""
    return HTMLResponse(_live_page(), headers=_CACHE)


@cache
def _live_page() -> str:
    here = Path(__file__).parent
    # In a wheel it lies beside this file, in the repository where people look first.
    (path,) = [folder / _LIVE for folder in (here, here.parent) if (folder / _LIVE).is_file()][:1]
    told: str = MarkdownIt("commonmark").enable("table").render(path.read_text("utf-8"))
    return _PAGE + told


def _serve(name: str, media_type: str) -> None:
    content = resources.files("fastapi_offline").joinpath("static", name).read_bytes()

    @router.get(f"/docs/{name}")
    async def file() -> Response:
        return Response(content, media_type=media_type, headers=_CACHE)


for _name, _media_type in _FILES.items():
    _serve(_name, _media_type)
