"""Writing GraphML as a stream. Source: the GraphML primer (graphml.graphdrawing.org)."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from geo.progress import Progress

_REPORT_EVERY: Final = 50_000
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold (NUL, other controls, lone surrogates)."""


@dataclass(frozen=True, slots=True)
class Key:
    """One attribute of nodes or edges; `kind` is string, int, long, double or boolean."""

    name: str
    kind: str


def text(value: str) -> str:
    """A value as XML text: escaped, without characters that XML cannot hold."""
    return escape(_NOT_XML.sub("", value))


@dataclass(frozen=True, slots=True)
class Form:
    """What a document declares. Keys are numbered g0…, n0…, e0… in their order."""

    attributes: Sequence[tuple[str, str]]
    """Of the graph itself."""
    node_keys: Sequence[Key]
    edge_keys: Sequence[Key]
    as_text: bool = False
    """Declare every value as a string, for readers that convert by name."""


def document(form: Form, nodes: Iterable[str], edges: Iterable[str]) -> Iterator[str]:
    """Lines of a directed graph's document."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    declared = [("graph", "g", [Key(name, "string") for name, _ in form.attributes])]
    declared += [("node", "n", list(form.node_keys)), ("edge", "e", list(form.edge_keys))]
    for domain, letter, keys in declared:
        for number, key in enumerate(keys):
            kind = "string" if form.as_text else key.kind
            yield f'<key id="{letter}{number}" for="{domain}" attr.name="{key.name}" attr.type="{kind}"/>\n'
    yield '<graph edgedefault="directed">\n'
    for number, (_, value) in enumerate(form.attributes):
        yield f'<data key="g{number}">{text(value)}</data>\n'
    yield from nodes
    yield from edges
    yield "</graph>\n</graphml>\n"


def write_whole(path: Path, lines: Iterable[str], expected: int, progress: Progress) -> None:
    """Write all lines to a file beside `path`, force them to disk, and rename: a reader sees the old or the whole.

    Raises:
        OSError: no space, no permission; the file beside is removed and `path` is as it was.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            for number, line in enumerate(lines):
                if number % _REPORT_EVERY == 0:
                    progress(f"writing {path.name}", min(1.0, number / max(expected, 1)))
                file.write(line)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(0o644)
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
    progress(f"writing {path.name}", 1.0)
