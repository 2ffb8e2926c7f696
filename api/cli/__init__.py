"""The `tarim` command. Each command lives in a module of its own and is imported only when it is called."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence

import click

from api.cli.commands import tarim
from api.kernel_cache import prepare_kernel_cache
from dispatch.kernel.errors import TarimError
from geo.errors import GeoError

DEBUG = "TARIM_DEBUG"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with 0 (done), 1 (failed) or 2 (wrongly called)."""
    prepare_kernel_cache()
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:  # noqa: PLR0911 - one way out for each kind of refusal
    """Run one command; return its exit code. Every refusal is one plain sentence on stderr."""
    try:
        given = None if arguments is None else list(arguments)
        code = tarim.main(args=given, prog_name="tarim", standalone_mode=False)
    except click.UsageError as error:
        error.show(sys.stderr)
        return 2
    except click.ClickException as error:
        return _failed(error.message, "")
    except (TarimError, GeoError) as error:
        return _failed(error.message, error.hint)
    except (KeyboardInterrupt, click.Abort):
        return _failed("Stopped.", "")
    except BrokenPipeError:
        # Whoever read our output has gone (`tarim … | head`); nothing more can be said there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        place = f" ({error.filename})" if error.filename else ""
        return _failed(
            f"{error.strerror or error}{place}.", "Check the path, its owner and the free space on the disk."
        )
    except Exception as error:  # noqa: BLE001 - the last edge: a person gets a sentence, not a trace
        told = f"Something went wrong inside Tarim ({type(error).__name__}: {error})."
        return _failed(told, f"Set {DEBUG}=1 and try again to see where.")
    return code if isinstance(code, int) else 0


def _failed(message: str, hint: str) -> int:
    if os.environ.get(DEBUG) == "1":
        traceback.print_exc()
    click.echo(f"tarim: {message} {hint}".strip(), err=True)
    return 1
