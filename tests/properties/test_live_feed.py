"""One client of the live feed, against all that can happen to it: nothing is lost, told twice, or out of order."""

from __future__ import annotations

from factories.screens import OWN, TOPICS, Screen, World, Written, content, drain
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from api.live.log import Boards, Page
from api.live.protocol import MOST_REPLIES, Close, Need
from api.live.sight import Sight
from api.live.topics import Topic

MOST_LINES = 10
LINES = st.lists(
    st.builds(Written, st.sampled_from(TOPICS), st.integers(1, 3), st.booleans(), st.integers(1, 2)),
    min_size=1,
    max_size=5,
)
EVERYTHING = Sight(whole=frozenset(TOPICS))
OWN_UNIT = Sight(unit=OWN, unit_topics=frozenset(TOPICS))


class Feed(RuleBasedStateMachine):
    """Writers, a screen that is cut off and resumes, a server that reads slowly, another journal."""

    @initialize(sight=st.sampled_from([EVERYTHING, OWN_UNIT]), lines=LINES)
    def begin(self, sight: Sight, lines: list[Written]) -> None:
        self.world = World(MOST_LINES)
        self.world.write(lines)
        self.world.look()
        self.sight = sight
        self.screen = Screen(lambda line: sight is EVERYTHING or line.unit == OWN.int)
        self.steps = 0
        self.connect()

    def connect(self) -> None:
        self.client = self.world.client(self.sight)
        self.reading: tuple[Need, Page | Boards | tuple[str, str] | None] | None = None
        self.subscribe()

    @rule(lines=LINES)
    def somebody_writes(self, lines: list[Written]) -> None:
        self.world.write(lines)

    @rule(most=st.integers(1, 12))
    def the_journal_is_looked_at(self, most: int) -> None:
        self.world.look(most)

    @rule(steps=st.integers(1, 8), waits=st.booleans())
    def the_client_is_served(self, steps: int, waits: bool) -> None:
        """What it needs is read at once, or begun to be read."""
        for _ in range(steps):
            if self.reading is not None:
                break
            step = self.client.pull()
            if isinstance(step, Close):
                assert step.code == 4008
                self.connect()
            elif isinstance(step, Need):
                self.reading = (step, self.world.read(step))
                if not waits:
                    self.what_it_needs_is_given()
            elif step is not None:
                self.screen.read(self.world, step)

    @precondition(lambda self: self.reading is not None)
    @rule()
    def what_it_needs_is_given(self) -> None:
        assert self.reading is not None
        need, found = self.reading
        self.reading = None
        self.screen.read(self.world, self.world.give(self.client, need, found))

    @rule(
        what=st.sampled_from(["cut", "forgotten", "asks again", "is looked at again", "restored"]),
        share=st.floats(0, 1),
    )
    def something_rare_happens(self, what: str, share: float) -> None:
        if what == "restored":
            self.world.restore(int(share * len(self.world.lines)))
        elif what == "is looked at again":
            self.client.look_again()
        elif what == "asks again":
            self.subscribe()
        else:
            if what == "forgotten":
                self.screen.known = None
            self.connect()

    def subscribe(self) -> None:
        """A subscription that replaces the one before it, whatever was being read for that."""
        self.screen.has_boards = False
        if self.screen.known is None:
            self.screen.facts = []
        self.client.take(self.screen.wish())

    @rule()
    def a_second_passes(self) -> None:
        self.steps += 1
        self.world.strike()
        self.world.move(OWN.int, self.steps)

    @invariant()
    def all_is_bounded(self) -> None:
        if not hasattr(self, "world"):
            return
        held = self.world.log.held
        assert sum(batch.last - batch.after for batch in held) <= max(
            MOST_LINES, held[-1].last - held[-1].after if held else 0
        )
        assert len(self.client._replies) <= MOST_REPLIES + 1

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        self.world.look()
        if self.reading is not None:
            self.what_it_needs_is_given()
        if isinstance(drain(self.world, self.client, self.screen), Close):
            self.connect()
            assert drain(self.world, self.client, self.screen) is None
        self.world.strike()
        assert drain(self.world, self.client, self.screen) is None
        assert self.screen.has_boards
        self.screen.compare(self.world, len(self.world.lines))


TestFeed = Feed.TestCase
TestFeed.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)


def test_a_client_that_asks_without_reading_is_not_listened_to() -> None:
    client = World(MOST_LINES).client(EVERYTHING)
    taken = 0
    while not client.is_full:
        client.take('{"op":"ping","t":1}')
        taken += 1
    assert taken == MOST_REPLIES
    frames = client.pull()
    assert isinstance(frames, tuple)
    assert len(frames) == MOST_REPLIES
    assert not client.is_full


def test_what_is_not_for_it_is_refused_and_leaves_its_subscription() -> None:
    world = World(MOST_LINES)
    client = world.client(EVERYTHING)
    client.take('{"op":"subscribe","topics":["units"]}')
    before = client.view
    client.take('{"op":"subscribe","topics":["units","calls"]}')
    (refused,) = client.pull() or ()
    assert content(refused)["code"] == "permission.refused"
    assert client.view == before
    assert client.view.topics == {Topic.UNITS}


def test_what_moved_after_the_boards_were_read_is_told_after_them() -> None:
    world = World(MOST_LINES)
    world.move(1, 1)
    client = world.client(EVERYTHING)
    client.take('{"op":"subscribe","topics":["units"]}')
    need = client.pull()
    assert isinstance(need, Need)
    boards = world.read(need)
    world.move(1, 2)
    world.give(client, need, boards)
    told = [content(frame) for frame in (*(client.pull() or ()), *(client.pull() or ()))]
    assert [(one["kind"], one["items"][0]["lat"] if one["items"] else 0) for one in told] == [
        ("snapshot", 0),
        ("latest", 41.0002),
    ]


def test_who_asks_for_nothing_and_then_again_begins_anew() -> None:
    """Without `after` nothing of the time between is told."""
    world = World(MOST_LINES)
    client, screen = world.client(EVERYTHING), Screen(lambda _line: True)
    client.take('{"op":"subscribe","topics":["units"]}')
    assert drain(world, client, screen) is None
    client.take('{"op":"subscribe","topics":[]}')
    world.write([Written(Topic.UNITS, 1, stays=True, unit=1)] * 3)
    world.look()
    assert drain(world, client, screen) is None
    client.take('{"op":"subscribe","topics":["units"]}')
    assert drain(world, client, screen) is None
    assert screen.facts == []
    assert screen.boards["units"] == {"00000000-0000-0000-0000-000000000001": 3}
