"""Small OSM files, written by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import quoteattr

Tags = Mapping[str, str]


class OsmText:
    """An OSM file in the making. Node n lies at 41.0 + n/1000 north, 80.0 + n/1000 east unless placed."""

    def __init__(self) -> None:
        self._nodes: dict[int, str] = {}
        self._rest: list[str] = []

    @staticmethod
    def _tags(tags: Tags) -> str:
        return "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items())

    def node(self, number: int, tags: Tags | None = None, at: tuple[float, float] | None = None) -> OsmText:
        lat, lon = at or (41.0 + number / 1000, 80.0 + number / 1000)
        self._nodes[number] = f'<node id="{number}" lat="{lat}" lon="{lon}">{self._tags(tags or {})}</node>'
        return self

    def way(self, number: int, refs: Sequence[int], tags: Tags, *, draw: bool = True) -> OsmText:
        for ref in refs:
            if draw and ref not in self._nodes:
                self.node(ref)
        inner = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        self._rest.append(f'<way id="{number}">{inner}{self._tags(tags)}</way>')
        return self

    def relation(self, number: int, members: Sequence[tuple[str, int, str]], tags: Tags) -> OsmText:
        inner = "".join(f'<member type="{kind}" ref="{ref}" role="{role}"/>' for kind, ref, role in members)
        self._rest.append(f'<relation id="{number}">{inner}{self._tags(tags)}</relation>')
        return self

    def text(self) -> str:
        body = "".join([*self._nodes.values(), *self._rest])
        return f'<?xml version="1.0" encoding="UTF-8"?><osm version="0.6" generator="test">{body}</osm>'
