"""Settings of the screen follow a person from seat to seat."""

from __future__ import annotations

from typing import Any

import pytest
from factories.doors import House

pytestmark = pytest.mark.database
LIKED: dict[str, Any] = {
    "language": "ug",
    "theme": "day",
    "volume": 60,
    "layout": {"incidents_px": 300, "selected_px": 364, "units_px": 200, "windows": ["map", "units"]},
    "pins": ["0190a8c0-0000-7000-8000-000000000001"],
}
PATH = "/api/session/settings"


async def test_they_follow_the_person_to_another_seat_and_are_nobody_elses(house: House) -> None:
    one = await house.logged_in("dispatcher")
    assert (await one.get(PATH)).json() == {"version": 0, "settings": None, "saved_at": None}
    kept = (await one.put(PATH, json={"version": 0, "settings": LIKED})).json()
    assert (kept["version"], kept["settings"]) == (1, LIKED)
    other_seat = await house.logged_in("dispatcher")
    assert (await other_seat.get(PATH)).json() == kept
    somebody_else = await house.logged_in("supervisor")
    assert (await somebody_else.get(PATH)).json()["version"] == 0


async def test_of_two_seats_the_second_is_told_what_the_first_has_saved(house: House) -> None:
    one = await house.logged_in("dispatcher")
    await one.put(PATH, json={"version": 0, "settings": LIKED})
    answered = await one.put(PATH, json={"version": 0, "settings": LIKED | {"theme": "wall"}})
    assert (answered.status_code, answered.json()["code"]) == (409, "settings.outdated")
    assert answered.json()["current"] == {"version": 1, "settings": LIKED}
    assert (await one.put(PATH, json={"version": 1, "settings": LIKED | {"theme": "wall"}})).json()["version"] == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"language": "xx"},
        {"theme": ""},
        {"volume": 0},
        {"pins": ["not an id"]},
        {"pins": [LIKED["pins"][0]] * 101},
        {"layout": LIKED["layout"] | {"units_px": 10_000}},
        {"layout": LIKED["layout"] | {"windows": ["map"] * 4}},
        {"note": "anything else"},
    ],
)
async def test_only_what_is_a_setting_is_kept(house: House, wrong: dict[str, Any]) -> None:
    client = await house.logged_in("dispatcher")
    answered = await client.put(PATH, json={"version": 0, "settings": LIKED | wrong})
    assert answered.status_code == 422
    assert (await client.get(PATH)).json()["version"] == 0


async def test_nobody_has_them_without_a_login(house: House) -> None:
    assert (await house.client().get(PATH)).status_code == 401
