"""The pages that tell the interface, from files of our own: a dispatch room may have no internet.

The scripts and styles come with the package `fastapi-offline` (Swagger UI, Apache-2.0); nothing is fetched.
"""

from __future__ import annotations

from importlib import resources

from fastapi import APIRouter
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

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


def _serve(name: str, media_type: str) -> None:
    content = resources.files("fastapi_offline").joinpath("static", name).read_bytes()

    @router.get(f"/docs/{name}")
    async def file() -> Response:
        return Response(content, media_type=media_type, headers=_CACHE)


for _name, _media_type in _FILES.items():
    _serve(_name, _media_type)
