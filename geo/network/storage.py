"""One file for one network: fixed types, little-endian, checksummed, memory-mapped.

Layout: 8 bytes magic, 4 bytes format version, 4 bytes header length, 32 bytes SHA-256 of all that follows, the header
(JSON: arrays with type, shape and offset; `meta`), then the arrays, each on a 64-byte boundary. Processes that open the
same file share its pages.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.errors import NetworkUnreadable
from geo.network.model import ARRAY_FIELDS, RoadNetwork

MAGIC: Final = b"TARIMNET"
FORMAT_VERSION: Final = 1
_PREAMBLE: Final = len(MAGIC) + 4 + 4 + 32
_ALIGNMENT: Final = 64
_HINT: Final = "Import the roads again: tarim roads import FILE --region NAME."


def save(network: RoadNetwork, path: Path) -> str:
    """Write a network so that the file is either whole or not there; returns its SHA-256 in hex.

    The bytes go to a temporary file beside `path`, are flushed to the disk, and take the name in one step: whoever has
    the old file mapped goes on with it.

    Raises:
        OSError: the disk is full or the folder not writable; nothing is left behind.
    """
    entries: list[dict[str, Any]] = []
    arrays: list[NDArray[Any]] = []
    offset = 0
    for name in ARRAY_FIELDS:
        array = np.ascontiguousarray(getattr(network, name))
        array = array.astype(array.dtype.newbyteorder("<"), copy=False)
        offset += -offset % _ALIGNMENT
        entries.append({"name": name, "dtype": array.dtype.str, "shape": list(array.shape), "offset": offset})
        arrays.append(array)
        offset += array.nbytes
    header = json.dumps({"arrays": entries, "meta": network.meta, "bytes": offset}, ensure_ascii=False).encode()
    header += b" " * (-(_PREAMBLE + len(header)) % _ALIGNMENT)

    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        digest = hashlib.sha256(header)
        with os.fdopen(handle, "wb") as file:
            file.write(bytes(_PREAMBLE))
            file.write(header)
            written = 0
            for entry, array in zip(entries, arrays, strict=True):
                for chunk in (bytes(entry["offset"] - written), array.tobytes()):
                    digest.update(chunk)
                    file.write(chunk)
                written = entry["offset"] + array.nbytes
            file.seek(0)
            preamble = (MAGIC, FORMAT_VERSION.to_bytes(4, "little"), len(header).to_bytes(4, "little"), digest.digest())
            file.write(b"".join(preamble))
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return digest.hexdigest()


def open_network(path: Path) -> RoadNetwork:
    """Map a saved network after checking its version and checksum.

    Raises:
        NetworkUnreadable: no such file, not a network, another version, cut off, or changed since it was written.
    """
    if sys.byteorder != "little":
        raise NetworkUnreadable("Saved networks are little-endian and this machine is not.")
    try:
        mapped = np.memmap(path, dtype=np.uint8, mode="r")
    except (OSError, ValueError) as error:
        raise NetworkUnreadable(f"The saved network {path} cannot be opened ({error}).", _HINT) from error
    if len(mapped) < _PREAMBLE or mapped[: len(MAGIC)].tobytes() != MAGIC:
        raise NetworkUnreadable(f"{path} is not a saved road network.", _HINT)
    version = int.from_bytes(mapped[8:12].tobytes(), "little")
    if version != FORMAT_VERSION:
        raise NetworkUnreadable(f"{path} is of format {version}; this program reads format {FORMAT_VERSION}.", _HINT)
    if hashlib.sha256(mapped[_PREAMBLE:].data).digest() != mapped[16:_PREAMBLE].tobytes():
        raise NetworkUnreadable(f"{path} is damaged: its checksum does not match.", _HINT)
    header_length = int.from_bytes(mapped[12:16].tobytes(), "little")
    # The checksum does not cover the header's length: a wrong one shows in the header, or in the size of the file.
    try:
        header = json.loads(mapped[_PREAMBLE : _PREAMBLE + header_length].tobytes())
    except ValueError as error:
        raise NetworkUnreadable(f"{path} is damaged: its header cannot be read.", _HINT) from error
    if _PREAMBLE + header_length + header["bytes"] != len(mapped):
        raise NetworkUnreadable(f"{path} is damaged: its size is not what it says.", _HINT)
    body = mapped[_PREAMBLE + header_length :]
    arrays: dict[str, NDArray[Any]] = {}
    for entry in header["arrays"]:
        dtype = np.dtype(entry["dtype"])
        count = int(np.prod(entry["shape"], dtype=np.int64))
        raw = body[entry["offset"] : entry["offset"] + count * dtype.itemsize]
        arrays[entry["name"]] = np.asarray(raw).view(dtype).reshape(entry["shape"])
    if set(arrays) != set(ARRAY_FIELDS):
        raise NetworkUnreadable(f"{path} does not hold the arrays this program reads.", _HINT)
    return RoadNetwork(**arrays, meta=header["meta"])
