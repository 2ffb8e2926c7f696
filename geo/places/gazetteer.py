"""`Gazetteer`: from what a caller says to places, and from a place to words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Final

from geo.network.model import RoadNetwork
from geo.places.coordinates import read_coordinates
from geo.places.crossings import Crossing, Crossings, splits
from geo.places.describe import Description, describe
from geo.places.entries import Entries, Entry
from geo.places.hits import CROSSING, ROAD, STREET, PlaceHit, metres, told
from geo.places.index import COMMON, WEIGHT, Match, NameIndex, Spelling
from geo.places.lines import Lines
from geo.places.own import OwnPlace
from geo.places.posts import PostAnswer, PostQuestion, Posts, post_hit, read_post
from geo.places.text import compact, fold, is_han, numbered
from geo.points import GeoPoint

_LONGEST: Final = 120
_PARTS: Final = 0.95
_CONTEXT: Final = 0.9
_STREET: Final = 0.98
_SIDES: Final = 300
_CLEAR: Final = 0.85
"""How well both sides of a crossing must match if only a space or nothing parts them: 路 alone is no street."""
_UNITS: Final = re.compile(r"\d+(?:师|团|营|连|农场|场|号井)")
_MOST_WORDS: Final = 5
_INSIDE: Final = Match(0.65, Spelling.NAME)

Found = dict[int, Match]


class Gazetteer:
    """Searches one network and the own places of its region. Everything is built at the first question."""

    def __init__(self, network: RoadNetwork, own_places: Sequence[OwnPlace] = ()) -> None:
        self._network = network
        self._own_places = tuple(own_places)

    def prepare(self) -> None:
        """Build the index now rather than at the first question."""
        self.search("路 路")
        self.describe(GeoPoint(lat=self._network.bbox[1], lon=self._network.bbox[0]))

    def search(
        self, text: str, *, language: str = "zh", limit: int = 10, near: GeoPoint | None = None
    ) -> list[PlaceHit]:
        """Find what a text may mean, the best first; at most `limit`.

        Score: coordinates and known kilometre posts 1, computed posts 0.95 (along the road), 0.8 (straight), 0.5 (only
        a neighbour is known); a name by `NameIndex.search` (whole name 1, its beginning from 0.8, inside from 0.4,
        times 0.85 for pinyin and 0.6 for initials); words found one by one their mean × 0.95, a word that only names
        the town or organisation counting 0.9 at most; a street × 0.98, so that a town comes before its streets; a
        crossing the mean of its two streets; streets that do not cross, or a part of the question if
        all of it is unknown, half their own, with a warning. Equal scores go by the distance from `near`, then by name.

        Raises:
            BadCoordinates: two angles that are no place on earth.
        """
        asked = text.strip()[:_LONGEST]
        if not compact(asked):
            return []
        typed = read_coordinates(asked, self._network.bbox, language)
        if typed is not None:
            return [typed]
        hits = self._post_hits(asked, language)
        if not hits:
            hits = [*self._crossing_hits(asked, language), *self._name_hits(asked, language, limit, near)]
            hits = hits or self._apart(asked, language) or self._partial(asked, language, limit)
        hits.sort(key=lambda hit: (-hit.score, near.distance_m(hit.point) if near else 0.0, hit.label, hit.point.lat))
        return hits[:limit]

    def describe(self, point: GeoPoint, language: str = "zh") -> Description:
        """Say where a point is: street, nearest crossing with distance and direction, nearest town."""
        return describe(point, language, self._network, self._entries, self._lines)

    @cached_property
    def _entries(self) -> Entries:
        return Entries(self._network, self._own_places)

    @cached_property
    def _index(self) -> NameIndex:
        return NameIndex((row, name) for row, entry in enumerate(self._entries.all) for name in entry.known_as())

    @cached_property
    def _contexts(self) -> tuple[NameIndex, dict[str, int]]:
        """The towns and organisations: an index over them, and the number of each."""
        numbers: dict[str, int] = {}
        for entry in self._entries.all:
            if entry.context:
                numbers.setdefault(entry.context, len(numbers))
        return NameIndex((row, name) for text, row in numbers.items() for name in (text, *text.split())), numbers

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self._network)

    @cached_property
    def _crossings(self) -> Crossings:
        return Crossings(self._network, self._entries.streets, self._lines)

    @cached_property
    def _posts(self) -> Posts:
        return Posts(self._network, self._entries.streets, self._lines)

    def _names(self, text: str) -> Found:
        """Match a text against all names: as a whole, then word by word."""
        found = dict(self._index.search(text))
        words = _words(text)
        if 1 < len(words) <= _MOST_WORDS:
            _take(found, self._together(words))
        bare = compact(text)
        if not found and is_han(bare) and 3 < len(bare) <= 20:
            for cut in range(1, len(bare)):
                _take(found, self._together([bare[:cut], bare[cut:]]))
        return found

    def _together(self, words: list[str]) -> Found:
        """Match rows where every word is in a name, or names the town or organisation (not all of them)."""
        index, numbers = self._contexts
        by_word = [(self._index.search(word), index.search(word)) for word in words]
        found: Found = {}
        entries = self._entries.all
        # A word that no town or organisation bears must be in the name itself.
        bound = sorted((names for names, contexts in by_word if not contexts), key=len)
        rare = [names for names in bound if len(names) < COMMON]
        rows = set((bound or [{}])[0]).intersection(*rare) if bound else set().union(*(names for names, _ in by_word))
        for row in rows:
            context = numbers.get(entries[row].context, -1)
            scores: list[Match] = []
            own = 0
            for word, (names, contexts) in zip(words, by_word, strict=True):
                if row in names or (len(names) >= COMMON and _holds(entries[row], word)):
                    own += 1
                    scores.append(names.get(row, _INSIDE))
                elif context in contexts:
                    scores.append(Match(min(_CONTEXT, contexts[context].score), contexts[context].spelling))
            if own and len(scores) == len(words):
                mean = sum(match.score for match in scores) / len(scores)
                worst = max(scores, key=lambda match: match.spelling)
                found[row] = Match(mean * _PARTS, worst.spelling)
        return found

    def _name_hits(self, text: str, language: str, limit: int, near: GeoPoint | None) -> list[PlaceHit]:
        entries = self._entries.all
        scored = [(match.score * _prior(entries[row]), row, match) for row, match in self._names(text).items()]
        scored.sort(
            key=lambda one: (-round(one[0], 3), near.distance_m(entries[one[1]].point) if near else 0.0, one[1])
        )
        return [
            self._entries.hit(entries[row], score, match.spelling.name.lower(), language)
            for score, row, match in scored[:limit]
        ]

    def _streets(self, text: str, floor: float) -> list[tuple[Entry, float]]:
        """Find the streets and roads that one side of a crossing may mean, matched no worse than `floor`."""
        entries = self._entries.all
        named = [
            (match, entries[row])
            for row, match in self._names(text).items()
            if entries[row].street is not None and match.score >= floor * WEIGHT[match.spelling]
        ]
        if not named:
            return []
        least = max(match.score for match, _ in named) - 0.1
        best = sorted((pair for pair in named if pair[0].score >= least), key=lambda pair: -pair[0].score)
        return [(entry, match.score) for match, entry in best[:_SIDES]]

    def _crossing_hits(self, text: str, language: str) -> list[PlaceHit]:
        hits: list[PlaceHit] = []
        whole = any(match.exact for match in self._index.search(text).values())
        for left, right, signed in splits(text):
            if whole and not signed:
                continue
            first, second = (self._streets(side, 0.0 if signed else _CLEAR) for side in (left, right))
            score_of = {id(entry.street): score for entry, score in (*first, *second)}
            sides = [[entry.street for entry, _ in side if entry.street is not None] for side in (first, second)]
            for crossing in self._crossings.of(*sides) if all(sides) else ():
                score = (score_of[id(crossing.first)] + score_of[id(crossing.second)]) / 2.0
                hit = self._crossing_hit(crossing, score, language)
                if all(hit.point.distance_m(old.point) > 1.0 for old in hits):
                    hits.append(hit)
        return hits

    def _apart(self, text: str, language: str) -> list[PlaceHit]:
        """Give the streets of a crossing that is none: better than nothing, at half their score, with a warning."""
        warning = told(
            language, "所报两路在此不相交", "The two streets asked for do not cross", "ئېيتىلغان ئىككى يول كېسىشمەيدۇ"
        )
        for left, right, _ in splits(text):
            sides = [self._streets(side, _CLEAR) for side in (left, right)]
            if all(sides):
                found = {id(entry): (entry, score / 2.0) for side in sides for entry, score in side}
                hits = [self._entries.hit(entry, score, "parts", language) for entry, score in found.values()]
                return [replace(hit, warning=warning) for hit in hits]
        return []

    def _partial(self, text: str, language: str, limit: int) -> list[PlaceHit]:
        """Give what single words say if all together say nothing: 10团 for an unknown 10团99连. Warned, half score."""
        entries = self._entries.all
        words = _words(text)
        found: list[tuple[bool, int, str, list[tuple[Match, int]]]] = []
        for word in words if len(words) > 1 else ():
            clear = [(match, row) for row, match in self._index.search(word).items() if match.score >= _CLEAR]
            exact = [pair for pair in clear if pair[0].exact]
            best = sorted(exact or clear, key=lambda pair: (-pair[0].score, pair[1]))[:limit]
            if best:
                found.append((not exact, len(clear), word, best))
        hits: list[PlaceHit] = []
        # A word that is a whole name says most, then one that fewest names have: 阿拉尔 10团 is a regiment, no town.
        for _, _, word, best in sorted(found, key=lambda one: one[:2]):
            warning = told(
                language,
                f"只找到“{word}”，未找到全部内容",
                f"Only “{word}” was found, not all that was asked",
                f"پەقەت «{word}» تېپىلدى، ھەممىسى ئەمەس",
            )
            for match, row in best:
                hit = self._entries.hit(entries[row], match.score / 2.0, "parts", language)
                hits.append(replace(hit, warning=warning))
        return hits

    def _crossing_hit(self, crossing: Crossing, score: float, language: str) -> PlaceHit:
        first, second = (street.names.spoken(language) for street in (crossing.first, crossing.second))
        town = self._entries.streets.label_town(crossing.first, language)
        warning = ""
        if crossing.apart_m:
            apart = metres(crossing.apart_m, language)
            warning = told(
                language,
                f"两路不相交，最近处相距{apart}",
                f"They do not meet; nearest approach, {apart} apart",
                f"ئىككى يول كېسىشمەيدۇ، ئارىلىقى ئەڭ يېقىن يېرىدە {apart}",
            )
        return PlaceHit(
            label=told(language, f"{first}与{second}路口", f"{first} × {second}", f"{first} × {second}"),
            kind=CROSSING,
            point=crossing.point,
            score=round(score, 3),
            matched="crossing",
            detail=town,
            warning=warning,
            street_rows=tuple(dict.fromkeys((*crossing.first.rows, *crossing.second.rows))),
        )

    def _post_hits(self, text: str, language: str) -> list[PlaceHit]:
        question = read_post(text)
        if question is None:
            return []
        answers = self._posts.find(question)
        if answers:
            return [self._post_hit(question, answer, language, several=len(answers) > 1) for answer in answers]
        warning = told(
            language,
            "该路没有可用的里程桩，仅指出道路",
            "No usable kilometre posts; only the road is shown",
            "بۇ يولدا كىلومېتىر تۈۋرۈكى يوق، پەقەت يول كۆرسىتىلدى",
        )
        entries = self._entries.all
        rows = [row for row, match in self._index.search(question.ref).items() if match.exact]
        roads = [entries[row] for row in rows if entries[row].kind == ROAD]
        return [replace(self._entries.hit(road, 0.5, "name", language), warning=warning) for road in roads]

    def _post_hit(self, question: PostQuestion, answer: PostAnswer, language: str, *, several: bool) -> PlaceHit:
        hit = post_hit(question, answer, language, several=several)
        if question.rising is not None or not question.goal:
            return hit
        goals = self._name_hits(question.goal, language, 1, answer.point)
        goal = goals[0].label if goals else question.goal
        detail = f"{hit.detail} · {told(language, f'往{goal}', f'towards {goal}', f'{goal} تەرەپكە')}"
        return replace(hit, detail=detail, towards=goals[0].point if goals else None)


def _take(found: Found, more: Found) -> None:
    for row, match in more.items():
        if row not in found or found[row].score < match.score:
            found[row] = match


def _words(text: str) -> list[str]:
    """Part a text at its spaces, or 10团5连 into regiment and company."""
    words = fold(text).split()
    if len(words) == 1:
        units = _UNITS.findall(numbered(words[0]))
        return units if len(units) > 1 and "".join(units) == numbered(words[0]) else words
    return words


def _holds(entry: Entry, word: str) -> bool:
    return any(compact(word) in compact(name) for name in entry.known_as())


def _prior(entry: Entry) -> float:
    return _STREET if entry.kind in (STREET, ROAD) else 1.0
