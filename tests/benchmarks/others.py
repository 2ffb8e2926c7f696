"""Figures measured by benchmarks that also run alone: vector tiles, and nearest through HTTP."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import redirect_stdout

from tests.benchmarks import http_nearest, journal, tiles
from tests.benchmarks.report import Row
from tests.benchmarks.scene import Scene


def tile_rows(scene: Scene) -> Iterator[Row]:
    """Figure of issue 2, line 9."""
    with redirect_stdout(sys.stderr):
        found = tiles.main(scene.network)
    yield Row(
        "vector tile, cold (p50 of tiles at zooms 10–15) ÷ mapbox-vector-tile",
        f"{found['cold_p50_ms']:.2f} ms",
        f"{found['package_p50_ms']:.2f} ms",
        found["ratio_p50"],
        least=5.0,
    )
    yield Row("the same, all tiles together", "–", "–", found["ratio_total"])
    yield Row("vector tile, cached (p50)", f"{found['cached_p50_ms']:.4f} ms")
    yield Row("vector tile, bytes gzip (p50)", f"{found['gzip_p50_bytes']:,.0f} bytes")


def http_rows(scene: Scene) -> Iterator[Row]:
    """Figure of issue 2, line 8."""
    with redirect_stdout(sys.stderr):
        found = http_nearest.main([] if scene.source is None else [str(scene.source / "porto.osm.pbf")])
    nearest, constant = found["nearest"], found["constant"]
    who = f"{http_nearest.CLIENTS} clients, {http_nearest.UNITS} units in the body"
    for share, ours, peer in (
        ("p50", nearest.p50_ms, constant.p50_ms),
        ("p99", nearest.p99_ms, constant.p99_ms),
    ):
        what = f"nearest through HTTP, {who}, {share} ÷ a constant route"
        yield Row(what, f"{ours:.1f} ms", f"{peer:.1f} ms", ours / peer, most=3.0)
    yield Row("the same, answers per second of one process", f"{nearest.per_s:,.0f}", f"{constant.per_s:,.0f}")
    moved, first = found["nearest, all moved"], found["constant, first"]
    for what, ours, peer in (
        ("the same, every vehicle somewhere else in each question", moved, constant),
        ("the same, the constant route before all others", nearest, first),
    ):
        for share, one, other in (("p50", ours.p50_ms, peer.p50_ms), ("p99", ours.p99_ms, peer.p99_ms)):
            yield Row(f"{what}, {share}", f"{one:.1f} ms", f"{other:.1f} ms", one / other)


def journal_rows(_scene: Scene) -> Iterator[Row]:
    """What a line costs the smallest of transactions; and the last figure of issue 3, on fewer lines."""
    with redirect_stdout(sys.stderr):
        found = journal.main()
    yield Row(
        f"an update of one row with its journal line ÷ without, {journal.CONNECTIONS} connections, per second",
        f"{found['journalled_per_s']:,.0f}",
        f"{found['bare_per_s']:,.0f}",
        found["ratio"],
        least=0.5,
    )
    yield Row(
        f"`journal verify` of {found['verify_lines']:,.0f} lines, and its peak memory ("
        f"{found['tenth_rss_mb']:,.0f} MiB for a tenth of them)",
        f"{found['verify_seconds']:.1f} s, {found['verify_rss_mb']:.0f} MiB",
    )
