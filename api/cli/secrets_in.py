"""Passwords from the terminal, without showing them, or from standard input; never from an argument."""

from __future__ import annotations

import sys
from typing import Final

import click

from dispatch.kernel.errors import Invalid

_MOST_BYTES: Final = 8_192


def read_new_password(prompt: str = "New password") -> str:
    """Ask twice on a terminal; else take the first line of standard input. Raises Invalid (`password.none`)."""
    if sys.stdin.isatty():
        given: str = click.prompt(prompt, hide_input=True, confirmation_prompt="Once more", err=True)
        return given
    raw = sys.stdin.buffer.readline(_MOST_BYTES).rstrip(b"\r\n")
    try:
        line = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Invalid("password.text", "The password on standard input is not UTF-8.") from None
    if not line:
        raise Invalid("password.none", "There is no password on standard input.", "Give it on the first line.")
    return line
