"""A saved network is the same network or none at all."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from factories.ascii_map import Drawing, road
from factories.networks import random_roads

from geo.errors import NetworkUnreadable
from geo.network.assemble import assemble
from geo.network.model import ARRAY_FIELDS, RoadNetwork
from geo.network.storage import open_network, save


@pytest.fixture(scope="module")
def network() -> RoadNetwork:
    return assemble(random_roads(3), region="random", meta={"source": "测试"})


@pytest.fixture
def saved(network: RoadNetwork, tmp_path: Path) -> Path:
    path = tmp_path / "random.tarimnet"
    save(network, path)
    return path


def test_round_trip(network: RoadNetwork, saved: Path) -> None:
    opened = open_network(saved)
    for name in ARRAY_FIELDS:
        before, after = getattr(network, name), getattr(opened, name)
        assert before.dtype == after.dtype, name
        assert np.array_equal(before, after), name
        assert not after.flags.writeable, name
    assert opened.meta == network.meta


def test_the_same_network_is_the_same_file(network: RoadNetwork, saved: Path, tmp_path: Path) -> None:
    other = tmp_path / "deeper" / "folder" / "again.tarimnet"
    digest = save(network, other)
    assert other.read_bytes() == saved.read_bytes()
    assert saved.read_bytes()[16:48].hex() == digest


@pytest.mark.parametrize("version", [0, 2, 2**32 - 1])
def test_another_version(saved: Path, version: int) -> None:
    content = bytearray(saved.read_bytes())
    content[8:12] = version.to_bytes(4, "little")
    saved.write_bytes(content)
    with pytest.raises(NetworkUnreadable, match=f"format {version}; this program reads") as caught:
        open_network(saved)
    assert "tarim roads import" in caught.value.hint


def test_a_changed_byte_anywhere(saved: Path) -> None:
    content = saved.read_bytes()
    spots = [*range(64), *np.linspace(64, len(content) - 1, 120).astype(int).tolist()]
    for spot in spots:
        for change in (0x01, 0x80, 0xFF):
            broken = bytearray(content)
            broken[spot] ^= change
            saved.write_bytes(broken)
            with pytest.raises(NetworkUnreadable):
                open_network(saved)


def test_a_header_cut_at_its_padding(saved: Path) -> None:
    content = bytearray(saved.read_bytes())
    length = int.from_bytes(content[12:16], "little")
    padding = length - len(bytes(content[48 : 48 + length]).rstrip(b" "))
    for shorter in range(1, padding + 1):
        content[12:16] = (length - shorter).to_bytes(4, "little")
        saved.write_bytes(content)
        with pytest.raises(NetworkUnreadable):
            open_network(saved)


def test_cut_off_or_too_long(saved: Path) -> None:
    content = saved.read_bytes()
    for size in [*range(70), *np.linspace(70, len(content) - 1, 60).astype(int).tolist()]:
        saved.write_bytes(content[:size])
        with pytest.raises(NetworkUnreadable):
            open_network(saved)
    saved.write_bytes(content + b"\0")
    with pytest.raises(NetworkUnreadable):
        open_network(saved)


def test_not_a_network(tmp_path: Path) -> None:
    for name, content in (("a.tarimnet", b""), ("b", b"PK\x03\x04" * 100), ("c", "路网".encode() * 100)):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(NetworkUnreadable):
            open_network(path)
    for path in (tmp_path / "absent", tmp_path):
        with pytest.raises(NetworkUnreadable):
            open_network(path)


def _full(_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_failed_write_leaves_the_old_network(
    network: RoadNetwork, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = saved.read_bytes()
    served = open_network(saved)
    monkeypatch.setattr(os, "fsync", _full)
    with pytest.raises(OSError, match="No space left"):
        save(Drawing("A--B", {"AB": road()}).network(), saved)
    assert [item.name for item in saved.parent.iterdir()] == [saved.name]
    assert saved.read_bytes() == before
    assert np.array_equal(served.edge_to, network.edge_to)


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 kB; skipped where it cannot be mounted."""
    place = tmp_path / "tiny"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
    try:
        mounted = subprocess.run(command, check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("a tmpfs cannot be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_leaves_the_old_network(tiny_disk: Path) -> None:
    small = Drawing("A--B", {"AB": road()}).network()
    path = tiny_disk / "region.tarimnet"
    save(small, path)
    with pytest.raises(OSError, match="No space left"):
        save(assemble(random_roads(1, side=40), region="big"), path)
    assert [item.name for item in tiny_disk.iterdir()] == [path.name]
    assert np.array_equal(open_network(path).edge_to, small.edge_to)


def test_who_has_the_old_file_goes_on_with_it(network: RoadNetwork, saved: Path) -> None:
    served = open_network(saved)
    save(Drawing("A--B", {"AB": road()}).network(), saved)
    assert np.array_equal(served.edge_to, network.edge_to)
    assert open_network(saved).edge_count == 2


_READER = """
import json, re, sys
from pathlib import Path
from geo.network.storage import open_network
path = Path(sys.argv[1])
network = open_network(path)
print("ready", flush=True)
sys.stdin.readline()
total = sum(int(getattr(network, name).view("u1").sum()) for name in ("edge_length_m", "shape_x_e7", "shape_y_e7"))
text = Path("/proc/self/smaps").read_text()
block = next(part for part in re.split(r"(?m)^(?=[0-9a-f]+-[0-9a-f]+ )", text) if str(path) in part)
print(json.dumps({key: int(re.search(rf"(?m)^{key}:\\s+(\\d+)", block)[1]) for key in ("Rss", "Pss")}), flush=True)
sys.stdin.readline()
"""


@pytest.mark.slow
def test_processes_share_its_pages(tmp_path: Path) -> None:
    if not Path("/proc/self/smaps").exists():
        pytest.skip("this system does not tell which pages are shared (/proc/self/smaps)")
    path = tmp_path / "big.tarimnet"
    save(assemble(random_roads(2, side=40), region="big"), path)
    root = Path(__file__).parents[3]

    def reader() -> subprocess.Popen[str]:
        command = [sys.executable, "-c", _READER, str(path)]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root)

    with reader() as one, reader() as two:
        for child in (one, two):
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
        seen = []
        for child in (one, two):
            assert child.stdin is not None
            assert child.stdout is not None
            child.stdin.write("go\n")
            child.stdin.flush()
            seen.append(json.loads(child.stdout.readline()))
        for child in (one, two):
            assert child.stdin is not None
            child.stdin.write("end\n")
            child.stdin.flush()
    # The first to be asked may be alone with a page; the second finds every page in two processes.
    assert seen[1]["Rss"] > 100
    assert seen[1]["Pss"] <= 0.6 * seen[1]["Rss"]
