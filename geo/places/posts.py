"""Kilometre posts: `G314 K1012+300 下行`, `G3012 1012公里`, 三一四国道1012公里.

上行 is the direction of rising kilometres, 下行 of falling ones (JTG 5210-2018: 桩号递增方向为上行).
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.network.model import RoadNetwork
from geo.places.along import Along
from geo.places.hits import POST, PlaceHit, told
from geo.places.lines import Lines
from geo.places.streets import Streets
from geo.places.text import compact, numbered
from geo.points import E7, GeoPoint

MOST_GAP_KM: Final = 25.0
"""Posts further apart than this say too little about what is between them."""
APART_M: Final = 1_000.0
"""Posts of one number closer than this are the two sides of one road."""
_SAME_KM: Final = 0.0005
_AGREE: Final = 0.15
"""How much a road between two posts may differ from their kilometres and still be trusted."""

_QUESTION: Final = re.compile(
    r"^(?P<ref>[A-Z]{1,2}\s?\d{1,4})(?!\d)\s*(?:国道|省道|县道|高速公路|高速|线|公路)?\s*"
    r"(?:K\s?(?P<km>\d{1,4})(?:\s?\+\s?(?P<m>\d{1,3}))?(?![\d.])|(?P<km2>\d{1,4}(?:\.\d+)?)\s?(?:公里|千米|KM|K)"
    r"(?:\s?(?:加|\+)?\s?(?P<m2>\d{1,3})(?:\s?(?:米|M))?(?!\d))?)"
    r"\s*(?:处|附近|路碑|桩)*\s*(?P<way>上行|下行)?(?:方向|车道|线)*\s*(?:[往去向]\s?(?P<goal>.+?)(?:方向)?)?$"
)
_CHINESE_REF: Final = re.compile(r"(?:(国道|省道|县道|乡道)(\d{1,4})|(\d{1,4})(国道|省道|县道|乡道))")
_METHOD: Final = {
    "post": ("post", 1.0),
    "road": ("interpolated", 0.95),
    "straight": ("interpolated", 0.8),
    "nearest": ("post", 0.5),
}
_LETTER: Final = {"国道": "G", "省道": "S", "县道": "X", "乡道": "Y"}


@dataclass(frozen=True, slots=True)
class PostQuestion:
    """A post that is asked for. `rising` is True for 上行, False for 下行, None if not said."""

    ref: str
    km: float
    rising: bool | None
    goal: str


@dataclass(frozen=True, slots=True)
class PostAnswer:
    """Where a post is.

    `method` is `post` (a post of that number stands there), `road` (between two posts along the road), `straight`
    (between two posts, as the road does not agree with them) or `nearest` (only the nearest post is known, `off_km`
    away).
    """

    point: GeoPoint
    method: str
    below_km: float
    above_km: float
    off_km: float
    towards: GeoPoint | None


def read_post(text: str) -> PostQuestion | None:
    """Read a road number and a kilometre, or give None."""
    plain = numbered(unicodedata.normalize("NFKC", text).lower()).upper()
    plain = re.sub(r"\s+", " ", plain).strip()
    # The space after the number keeps G314 and 1012 apart.
    plain = _CHINESE_REF.sub(
        lambda f: f"{_LETTER[f.group(1) or f.group(4)]}{f.group(2) or f.group(3)} ", plain, count=1
    )
    found = _QUESTION.match(plain)
    if found is None:
        return None
    metres = found.group("m") or found.group("m2") or "0"
    km = float(found.group("km") or found.group("km2")) + float(metres) / 1000.0
    way = found.group("way")
    return PostQuestion(
        found.group("ref").replace(" ", ""), km, None if way is None else way == "上行", found.group("goal") or ""
    )


class Posts:
    """The kilometre posts of a network."""

    def __init__(self, network: RoadNetwork, streets: Streets, lines: Lines) -> None:
        self._network = network
        self._along = Along(network, streets, lines)

    @cached_property
    def _by_ref(self) -> dict[str, NDArray[np.int64]]:
        """Rows of the posts of each ref, by kilometre."""
        rows: dict[str, list[int]] = {}
        for row, text in enumerate(self._network.post_ref.tolist()):
            for ref in self._network.text(text).split(";"):
                rows.setdefault(compact(ref).upper(), []).append(row)
        km = self._network.post_km
        return {ref: np.array(sorted(found, key=lambda row: float(km[row]))) for ref, found in rows.items()}

    def find(self, question: PostQuestion) -> list[PostAnswer]:
        """Find the place; empty if the road has no posts within `MOST_GAP_KM` of it.

        Several answers, if one number stands at places more than `APART_M` apart: kilometres begin anew at a border.
        """
        rows = self._by_ref.get(question.ref)
        if rows is None:
            return []
        km = self._network.post_km[rows]
        exact = rows[np.abs(km - question.km) < _SAME_KM]
        below, above = rows[km < question.km - _SAME_KM], rows[km > question.km + _SAME_KM]
        found = [(self._point(row), "post", (row, row)) for row in exact.tolist()]
        if not found:
            found = [(*self._between(question, pair), pair) for pair in self._pairs(below, above)]
        if not found:
            row = int(rows[np.argmin(np.abs(km - question.km))])
            if abs(float(self._network.post_km[row]) - question.km) > MOST_GAP_KM:
                return []
            found = [(self._point(row), "nearest", (row, row))]
        ahead = {True: above, False: below, None: above[:0]}[question.rising]
        answers: list[PostAnswer] = []
        for point, method, pair in found:
            if all(point.distance_m(old.point) > APART_M for old in answers):
                answers.append(self._answer(question, point, method, pair, ahead))
        return answers

    def _answer(
        self, question: PostQuestion, point: GeoPoint, method: str, pair: tuple[int, int], ahead: NDArray[np.int64]
    ) -> PostAnswer:
        low_km, high_km = (float(self._network.post_km[row]) for row in pair)
        off_km = abs(low_km - question.km) if method == "nearest" else 0.0
        towards = min((self._point(row) for row in ahead.tolist()), key=point.distance_m, default=None)
        return PostAnswer(point, method, low_km, high_km, off_km, towards)

    def _point(self, row: int) -> GeoPoint:
        return GeoPoint(lat=float(self._network.post_y_e7[row]) / E7, lon=float(self._network.post_x_e7[row]) / E7)

    def _pairs(self, below: NDArray[np.int64], above: NDArray[np.int64]) -> list[tuple[int, int]]:
        """Choose a post on either side; where a number stands twice, those pairs that can be neighbours."""
        if not len(below) or not len(above):
            return []
        km = self._network.post_km
        if float(km[above[0]] - km[below[-1]]) > MOST_GAP_KM:
            return []
        lows = below[km[below] == km[below[-1]]].tolist()
        highs = above[km[above] == km[above[0]]].tolist()
        pairs = sorted((self._point(low).distance_m(self._point(high)), low, high) for low in lows for high in highs)
        most_m = float(km[above[0]] - km[below[-1]]) * 1000.0 * (1.0 + _AGREE) + APART_M
        likely = [(low, high) for straight_m, low, high in pairs if straight_m <= most_m]
        return likely or [pairs[0][1:]]

    def _between(self, question: PostQuestion, pair: tuple[int, int]) -> tuple[GeoPoint, str]:
        low, high = self._point(pair[0]), self._point(pair[1])
        low_km, high_km = (float(self._network.post_km[row]) for row in pair)
        share = (question.km - low_km) / (high_km - low_km)
        path = self._along.path(question.ref, low, high)
        if path is not None:
            at = np.array(
                list(itertools.accumulate((a.distance_m(b) for a, b in itertools.pairwise(path)), initial=0.0))
            )
            if abs(at[-1] / ((high_km - low_km) * 1000.0) - 1.0) <= _AGREE:
                lat = np.interp(share * at[-1], at, [point.lat for point in path])
                lon = np.interp(share * at[-1], at, [point.lon for point in path])
                return GeoPoint(lat=float(lat), lon=float(lon)), "road"
        middle = GeoPoint(lat=low.lat + share * (high.lat - low.lat), lon=low.lon + share * (high.lon - low.lon))
        return middle, "straight"


def post_hit(question: PostQuestion, answer: PostAnswer, language: str, *, several: bool) -> PlaceHit:
    """Tell an answer; `several` if the number stands at more than one place."""
    matched, score = _METHOD[answer.method]
    low, high = f"K{answer.below_km:g}", f"K{answer.above_km:g}"
    details = {
        "post": told(language, "里程桩", "kilometre post", "كىلومېتىر تۈۋرۈكى"),
        "road": told(
            language,
            f"沿路在 {low} 与 {high} 之间推算",
            f"computed along the road between {low} and {high}",
            f"{low} بىلەن {high} ئارىسىدا يول بويىچە ھېسابلاندى",
        ),
        "straight": told(
            language,
            f"在 {low} 与 {high} 之间按直线推算",
            f"computed straight between {low} and {high}",
            f"{low} بىلەن {high} ئارىسىدا تۈز سىزىقتا ھېسابلاندى",
        ),
        "nearest": told(language, f"最近的已知里程桩 {low}", f"nearest known post {low}", f"ئەڭ يېقىن تۈۋرۈك {low}"),
    }
    warnings = {
        "straight": told(
            language,
            "道路与里程桩不符，位置粗略",
            "Road and posts disagree; the place is rough",
            "يول بىلەن تۈۋرۈكلەر ماس كەلمىدى، ئورۇن تەخمىنىي",
        ),
        "nearest": told(
            language,
            f"与所报里程相差 {answer.off_km:.1f} 公里",
            f"{answer.off_km:.1f} km from the one asked for",
            f"سورالغان كىلومېتىردىن {answer.off_km:.1f} كىلومېتىر يىراق",
        ),
    }
    warning = warnings.get(answer.method, "")
    if several:
        more = told(
            language,
            "同一里程不止一处，请核实",
            "The same kilometre stands at more than one place; ask which",
            "بۇ كىلومېتىر بىر نەچچە يەردە بار، قايسىسى دەپ سوراڭ",
        )
        warning = f"{warning}. {more}" if warning else more
    detail = details[answer.method]
    if question.rising is not None:
        up = told(language, "上行（桩号递增）", "up, kilometres rising", "يۇقىرىغا، كىلومېتىر ئاشىدۇ")
        down = told(language, "下行（桩号递减）", "down, kilometres falling", "تۆۋەنگە، كىلومېتىر كېمىيىدۇ")
        detail = f"{detail} · {up if question.rising else down}"
    whole, rest_m = divmod(round(question.km * 1000.0), 1000)
    label = f"{question.ref} K{whole}" + (f"+{rest_m:03d}" if rest_m else "")
    return PlaceHit(label, POST, answer.point, score, matched, detail, warning, towards=answer.towards)
