from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from api.console.routes import console_router
from api.errors import refusal
from dispatch.kernel.errors import TarimError

HASHED = "index-a1B2c3.js"


async def refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, TarimError)
    return refusal(error, request.url.path)


def served(built: Path) -> httpx.AsyncClient:
    app = FastAPI(exception_handlers={TarimError: refused})
    app.include_router(console_router(built))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://console")


@pytest.fixture
async def console(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    built = tmp_path / "dist"
    (built / "assets").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("outside")
    (built / "secret.txt").write_text("beside the assets")
    (built / "index.html").write_text("<!doctype html><title>console</title>")
    (built / "unit.html").write_text("<!doctype html><title>crew</title>")
    (built / "unit.webmanifest").write_text("{}")
    for worker in ("sw.js", "unit-sw.js"):
        (built / worker).write_text("addEventListener('fetch', () => {});")
    (built / "assets" / HASHED).write_text("export {};")
    (built / "assets" / f"{HASHED}.br").write_bytes(b"packed by brotli")
    (built / "assets" / f"{HASHED}.gz").write_bytes(gzip.compress(b"export {};"))
    (built / "assets" / "font.woff2").write_bytes(b"wOF2")
    async with served(built) as client:
        yield client


async def test_the_page_is_asked_for_anew_and_its_files_are_kept_for_ever(console: httpx.AsyncClient) -> None:
    page = await console.get("/")
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-cache")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    asset = await console.get(f"/assets/{HASHED}", headers={"Accept-Encoding": "gzip"})
    assert "immutable" in asset.headers["cache-control"]


async def test_the_crews_page_can_be_installed(console: httpx.AsyncClient) -> None:
    page, told = await console.get("/unit"), await console.get("/unit.webmanifest")
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-cache")
    assert "manifest-src 'self'" in page.headers["content-security-policy"]
    assert (told.status_code, told.headers["content-type"]) == (200, "application/manifest+json")
    # It reads codes by the camera; no other page may use one.
    assert "camera=(self)" in page.headers["permissions-policy"]
    assert "camera=()" in (await console.get("/")).headers["permissions-policy"]


@pytest.mark.parametrize("path", ["/sw.js", "/unit-sw.js"])
async def test_the_worker_stands_over_the_whole_page_is_asked_for_anew_and_has_the_policy(
    console: httpx.AsyncClient, path: str
) -> None:
    worker = await console.get(path)
    assert (worker.status_code, worker.headers["cache-control"]) == (200, "no-cache")
    assert worker.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "connect-src 'self'" in worker.headers["content-security-policy"]


async def test_the_policy_lets_nothing_come_from_outside(console: httpx.AsyncClient) -> None:
    policy = (await console.get("/")).headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; worker-src 'self'")
    assert "http" not in policy
    assert "*" not in policy


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("br, gzip", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("identity", None), ("", None)],
)
async def test_a_file_comes_compressed_as_the_browser_takes_it(
    console: httpx.AsyncClient, accepted: str, encoding: str | None
) -> None:
    async with console.stream("GET", f"/assets/{HASHED}", headers={"Accept-Encoding": accepted}) as answer:
        assert answer.headers.get("content-encoding") == encoding
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
        assert answer.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "name", ["..%2Fsecret.txt", "..%2F..%2Fsecret.txt", f"{HASHED}.br", "nothing.js", ".sources", "%2Fetc%2Fpasswd"]
)
async def test_no_name_leads_out_of_the_folder(console: httpx.AsyncClient, name: str) -> None:
    assert (await console.get(f"/assets/{name}")).status_code == 404


async def test_a_console_that_was_not_built_says_so(tmp_path: Path) -> None:
    async with served(tmp_path / "nothing") as client:
        page = await client.get("/")
        assert (await client.get("/sw.js")).status_code == 404
        assert (await client.get("/unit")).status_code == 503
    assert page.status_code == 503
    assert "尚未构建" in page.text
    assert "not been built" in page.text
