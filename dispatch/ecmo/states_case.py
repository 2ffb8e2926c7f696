"""The words of a case page: who writes, of what kind, and what is attached."""

from __future__ import annotations

from enum import StrEnum


class MessageKind(StrEnum):
    """What a message of a case is."""

    MESSAGE = "message"
    QUESTION = "question"
    ADVICE = "advice"


class CaseSide(StrEnum):
    """As whom somebody writes."""

    ASKER = "asker"
    CENTRE = "centre"
    COORDINATOR = "coordinator"


class AttachmentKind(StrEnum):
    """What a file shows."""

    BLOOD_GAS = "blood_gas"
    ECHO = "echo"
    XRAY = "xray"
    CT = "ct"
    ECG = "ecg"
    OTHER = "other"


class FileForm(StrEnum):
    """How a file is written."""

    JPEG = "jpeg"
    WEBP = "webp"
    MP4 = "mp4"
