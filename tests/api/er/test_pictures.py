"""Pictures of a patient: whole or on their way, small for a list, of one's own patients only."""

from __future__ import annotations

import io
from uuid import uuid4

import pytest
from factories.desk import made, refused
from factories.exports import attach
from factories.live import Hall
from factories.rooms import OTHER, OWN, bring, doctor, make_rooms
from factories.vehicles import device, open_line
from PIL import Image

from dispatch.incidents.service_patients import add_patient
from dispatch.telemetry.rules_pictures import pieces
from dispatch.telemetry.states import Kind, Stream

pytestmark = pytest.mark.database


def drawn(form: str = "JPEG", size: tuple[int, int] = (1_200, 800)) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, form)
    return out.getvalue()


async def test_pictures_are_listed_as_they_come_and_shown_once_they_are_whole(hall: Hall) -> None:
    rooms, (_, token) = await make_rooms(hall), await device(hall)
    patient = await bring(hall, rooms[OWN])
    sent = await hall.centre.active(0)
    assert sent is not None
    async with hall.centre.database.write() as session:
        beside = (await add_patient(hall.centre.act(session), sent.incident_id)).id
    await attach(hall, patient)
    await attach(hall, beside, 2)
    first, second, other = (uuid4() for _ in range(3))
    data, webp = drawn(), drawn("WEBP", (300, 500))
    images = Stream(Kind.IMAGE, 1)
    async with open_line(hall, token) as line, doctor(hall) as client, doctor(hall, OTHER) as stranger:
        line.now_us -= 30_000_000
        chunks = pieces(first, data)
        for seq, piece in enumerate(chunks[:-1], 1):
            await line.send(seq, piece, images)
        await line.acked(len(chunks) - 1, images)
        where = f"/er/patients/{patient}/pictures"
        (waiting,) = made(await client.get(where))["pictures"]
        assert (waiting["whole"], waiting["bytes"]) == (False, len(data))
        assert waiting["received"] == len(data) - len(chunks[-1].data)
        refused(await client.get(f"{where}/{first}"), 503, "picture.incomplete")
        await line.send(len(chunks), chunks[-1], images)
        line.now_us += 10_000_000
        later = pieces(second, webp)
        for seq, piece in enumerate(later, len(chunks) + 1):
            await line.send(seq, piece, images)
        await line.send(1, pieces(other, drawn(size=(20, 20)))[0], Stream(Kind.IMAGE, 2))
        await line.acked(len(chunks) + len(later), images)
        await line.acked(1, Stream(Kind.IMAGE, 2))
        listed = made(await client.get(where))["pictures"]
        assert [(one["id"], one["whole"]) for one in listed] == [(str(second), True), (str(first), True)]
        shown = await client.get(f"{where}/{first}")
        assert (shown.content, shown.headers["content-type"]) == (data, "image/jpeg")
        assert (await client.get(f"{where}/{second}")).headers["content-type"] == "image/webp"
        for key, size in ((first, (320, 213)), (second, (192, 320))):
            small = await client.get(f"{where}/{key}", params={"small": True})
            assert Image.open(io.BytesIO(small.content)).size == size
        refused(await client.get(f"{where}/{other}"), 404, "picture.not_found")
        refused(await stranger.get(where), 403, "permission.refused")
        refused(await stranger.get(f"{where}/{first}"), 403, "permission.refused")


async def test_what_is_no_picture_is_told_without_an_error_of_ours(hall: Hall) -> None:
    rooms, (_, token) = await make_rooms(hall), await device(hall)
    patient, key = await bring(hall, rooms[OWN]), uuid4()
    await attach(hall, patient)
    async with open_line(hall, token) as line, doctor(hall) as client:
        await line.send(1, pieces(key, b"\xff\xd8 no picture at all")[0], Stream(Kind.IMAGE, 1))
        await line.acked(1, Stream(Kind.IMAGE, 1))
        where = f"/er/patients/{patient}/pictures/{key}"
        refused(await client.get(where, params={"small": True}), 404, "picture.unreadable")


async def test_where_a_picture_was_taken_is_shown_to_nobody_though_a_client_sent_it(hall: Hall) -> None:
    rooms, (_, token) = await make_rooms(hall), await device(hall)
    patient, key = await bring(hall, rooms[OWN]), uuid4()
    await attach(hall, patient)
    out, tags = io.BytesIO(), Image.Exif()
    tags.get_ifd(0x8825)[1] = "N"
    tags[0x0112] = 6
    Image.effect_noise((64, 32), 60).convert("RGB").save(out, "JPEG", exif=tags)
    async with open_line(hall, token) as line, doctor(hall) as client:
        await line.send(1, pieces(key, out.getvalue())[0], Stream(Kind.IMAGE, 1))
        await line.acked(1, Stream(Kind.IMAGE, 1))
        where = f"/er/patients/{patient}/pictures/{key}"
        left = Image.open(io.BytesIO((await client.get(where)).content)).getexif()
        assert (dict(left.get_ifd(0x8825)), left[0x0112]) == ({}, 6)
        small = await client.get(where, params={"small": True})
        assert Image.open(io.BytesIO(small.content)).size == (32, 64)
