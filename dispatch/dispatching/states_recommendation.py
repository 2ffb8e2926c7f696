"""The codes of a recommendation and their words: why a unit is not offered, and what to know of one that is."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from dispatch.kernel.texts import Words
from dispatch.units.rules_availability import REASON_WORDS, Reason


class ShareLevel(StrEnum):
    """What an organisation lends to another."""

    ALL = "all"
    URGENT = "p1_p2"
    """For P1 and P2 only."""
    NONE = "none"


class Excluded(StrEnum):
    """Why a unit is not offered. The first that holds is told first; all are told."""

    NO_STATUS = "no_status"
    NO_CREW = "no_crew"
    NO_DRIVER = "no_driver"
    OUT_OF_SERVICE = "out_of_service"
    RELIEF = "relief"
    RETURNING = "returning"
    STANDBY = "standby"
    TRANSFER = "transfer"
    OVERDUE = "overdue"
    HERE_ALREADY = "here_already"
    PATIENT_ON_BOARD = "patient_on_board"
    ON_SCENE = "on_scene"
    ARRIVING = "arriving"
    ARRIVAL_UNKNOWN = "arrival_unknown"
    NOT_LESS_URGENT = "not_less_urgent"
    RUN_UNKNOWN = "run_unknown"
    CLEARS_LATE = "clears_late"
    NOT_SHARED = "not_shared"
    URGENT_ONLY = "urgent_only"
    STATION_MINIMUM = "station_minimum"


EXCLUDED_WORDS: Final[Mapping[Excluded, Words]] = {
    **{Excluded(reason): words for reason, words in REASON_WORDS.items() if reason is not Reason.ON_RUN},
    Excluded.OVERDUE: Words("已过预计恢复时间，请核实", "its expected end has passed: ask"),
    Excluded.HERE_ALREADY: Words("已派往本事件", "sent to this incident already"),
    Excluded.PATIENT_ON_BOARD: Words("车上有患者", "a patient is on board"),
    Excluded.ON_SCENE: Words("在另一现场", "at another scene"),
    Excluded.ARRIVING: Words("三分钟内到达另一现场", "within three minutes of another scene"),
    Excluded.ARRIVAL_UNKNOWN: Words("到达另一现场的时间不明", "when it reaches its scene is not known"),
    Excluded.NOT_LESS_URGENT: Words("正赶赴同级或更急的事件", "on its way to something as urgent or more"),
    Excluded.RUN_UNKNOWN: Words("任务不明", "on a run that is not known"),
    Excluded.CLEARS_LATE: Words("近期不能完成任务", "does not clear soon enough"),
    Excluded.NOT_SHARED: Words("所属单位不共享", "its organisation does not lend it"),
    Excluded.URGENT_ONLY: Words("所属单位仅共享于一、二级事件", "lent for P1 and P2 only"),
    Excluded.STATION_MINIMUM: Words("须留守本站", "its station keeps so many"),
}


class Mark(StrEnum):
    """What a person must know of an offered unit."""

    MISSING = "missing"
    SOONER = "sooner_but_missing"
    STALE = "stale"
    ESTIMATE = "estimate"
    PINNED = "pinned"
    NO_TIME = "no_time"
    DIVERSION = "diversion"
    CLEARS = "clears"
    LENT = "lent"
    OFF_ROAD = "off_road"
    DIRECTION = "direction"
    ONE_SIDE = "one_side"
    ROAD_CLOSED = "road_closed"


MARK_WORDS: Final[Mapping[Mark, Words]] = {
    Mark.MISSING: Words("能力不足", "something needed is missing"),
    Mark.SOONER: Words("能力不足，但先到", "something is missing, but it is there before the first choice"),
    Mark.STALE: Words("位置过时·电台核实", "position out of date, check by radio"),
    Mark.ESTIMATE: Words("无道路结果，直线估算", "no road answer: estimated in a straight line"),
    Mark.PINNED: Words("直线更近，请人工判断", "nearer in a straight line: a person must judge"),
    Mark.NO_TIME: Words("时间未知", "no time is known"),
    Mark.DIVERSION: Words("须由较低级别事件改派", "would be diverted from a less urgent incident"),
    Mark.CLEARS: Words("即将完成任务，现在不能派", "about to clear, cannot be sent yet"),
    Mark.LENT: Words("外单位车辆", "lent by another organisation"),
    Mark.OFF_ROAD: Words("远离道路", "far from any road"),
    Mark.DIRECTION: Words("行车方向不明，按较慢一侧计算", "carriageway not told: the slower one is counted"),
    Mark.ONE_SIDE: Words("行车方向不明，只有一侧车道可达", "carriageway not told, and only one can be reached"),
    Mark.ROAD_CLOSED: Words("最近道路封闭", "the nearest road is closed"),
}
