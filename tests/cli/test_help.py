from __future__ import annotations

import click
import pytest

from api.cli.commands import tarim as root


def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
    found: list[tuple[tuple[str, ...], click.Command]] = [(path, group)]
    with click.Context(group) as context:
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            here = (*path, name)
            found += commands(command, here) if isinstance(command, click.Group) else [(here, command)]
    return found


ALL = commands(root)


def test_the_contract_is_whole() -> None:
    names = {" ".join(path) for path, _ in ALL}
    assert names >= {
        "demo", "serve", "call", "region new", "region import", "region list", "region show", "roads import",
        "roads download", "roads info", "roads export", "roads nearest", "roads route", "roads close", "roads open",
        "db upgrade", "db backup", "db restore", "journal verify", "journal show", "people add",
        "people password", "people list", "people revoke", "people organisation", "device add", "device revoke",
        "device list", "tls self-signed", "cards export", "cards check", "cards import",
        "vehicle run", "vehicle replay",
    }  # fmt: skip


@pytest.mark.parametrize(("path", "command"), ALL, ids=[" ".join(path) or "tarim" for path, _ in ALL])
def test_every_command_has_help_with_an_example(path: tuple[str, ...], command: click.Command) -> None:
    with click.Context(command, info_name=" ".join(("tarim", *path))) as context:
        told = command.get_help(context)
    lines = [line.strip() for line in told.splitlines()]
    assert "\\b" not in told
    assert lines[lines.index("Example:") + 1].startswith(" ".join(("tarim", *path)))
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, option.name
