"""Opening road files: what a file really is, and its faults in plain words."""

from __future__ import annotations

import bz2
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import osmium

from geo.errors import NotRoadData
from geo.importers.pbf_blocks import ends_between_blocks

_HEAD_BYTES: Final = 4096
_OSM_ROOT: Final = re.compile(rb"<osm[\s>/]")
_ANY_HINT: Final = "Tarim reads .osm.pbf, .osm, .osm.gz, .osm.bz2 and the GraphML of OSMnx."

_AGAIN_HINT: Final = "Download or copy it again, and compare its size."

_BY_SUFFIX: Final = {".pbf": "pbf", ".osm": "osm", ".gz": "osm.gz", ".bz2": "osm.bz2"}
_SPOKEN: Final = {"pbf": "OSM PBF", "osm": "OSM XML", "osm.gz": "gzipped OSM XML", "osm.bz2": "bzip2ed OSM XML"}
_SUFFIX_FOR: Final = {"pbf": ".osm.pbf", "osm": ".osm", "osm.gz": ".osm.gz", "osm.bz2": ".osm.bz2"}


def read_head(path: Path) -> bytes:
    """The first 4 KiB of a file.

    Raises:
        NotRoadData: there is no such file, it is a folder, may not be read, or is empty.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except FileNotFoundError:
        raise NotRoadData(f"There is no file {path}.", "Check the path.") from None
    except IsADirectoryError:
        raise NotRoadData(f"{path} is a folder, not a file of roads.", _ANY_HINT) from None
    except OSError as error:
        raise NotRoadData(f"{path} cannot be read: {error.strerror}.", "Check its permissions.") from None
    if not head:
        raise NotRoadData(f"{path.name} is empty.", "Download or copy it again.")
    return head


def osm_format(path: Path) -> str:
    """How osmium must read a file (`pbf`, `osm`, `osm.gz`, `osm.bz2`), by its content.

    Raises:
        NotRoadData: it is no OSM file, its name says another format than its content, or it is a PBF file that ends
            inside a block.
    """
    head = read_head(path)
    found = _sniff(head)
    named = _BY_SUFFIX.get(path.suffix.lower(), "")
    if not found:
        raise NotRoadData(f"{path.name} is not OpenStreetMap data, or ends in its first lines.", _ANY_HINT)
    if named and named != found:
        raise NotRoadData(
            f"{path.name} is named as {_SPOKEN[named]}, but its content is {_SPOKEN[found]}.",
            f"If that is right, rename it to end in {_SUFFIX_FOR[found]}.",
        )
    if found == "pbf" and not ends_between_blocks(path):
        raise NotRoadData(f"{path.name} is cut off or damaged.", _AGAIN_HINT)
    return found


def _sniff(head: bytes) -> str:
    if b"OSMHeader" in head[:32]:
        return "pbf"
    if head.startswith(b"\x1f\x8b"):
        return "osm.gz" if _is_osm_xml(_inflate(head)) else ""
    if head.startswith(b"BZh"):
        # A bzip2 block can be longer than the head, and gives nothing before its end: osmium has the last word then.
        return "osm.bz2" if _may_be_bzipped_osm(head) else ""
    return "osm" if _is_osm_xml(head) else ""


def _is_osm_xml(head: bytes) -> bool:
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and bool(_OSM_ROOT.search(head))


def _inflate(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(head, _HEAD_BYTES)
    except zlib.error:
        return b""


def _may_be_bzipped_osm(head: bytes) -> bool:
    try:
        text = bz2.BZ2Decompressor().decompress(head, _HEAD_BYTES)
    except (OSError, ValueError, EOFError):
        return False
    return _is_osm_xml(text) if text else True


@contextmanager
def osmium_faults(path: Path) -> Iterator[None]:
    """Turn whatever osmium raises over a bad file into `NotRoadData`; nothing of what was read remains."""
    try:
        yield
    except osmium.InvalidLocationError:
        raise NotRoadData(
            f"{path.name} is damaged: a coordinate in it is no number.", "Download or copy it again."
        ) from None
    except UnicodeDecodeError:
        raise NotRoadData(f"{path.name} is damaged: a text in it is not UTF-8.", "Download or copy it again.") from None
    except (RuntimeError, ValueError, OverflowError, OSError, MemoryError):
        raise NotRoadData(f"{path.name} is cut off or damaged.", _AGAIN_HINT) from None
