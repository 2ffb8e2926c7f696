"""Where numba keeps its compiled kernels. Called before anything imports numba."""

from __future__ import annotations

import contextlib
import os
import tomllib
from collections.abc import MutableMapping
from pathlib import Path

_VARIABLE = "NUMBA_CACHE_DIR"
_PACKAGE = Path(__file__).resolve().parent.parent / "geo"


def prepare_kernel_cache(environment: MutableMapping[str, str] | None = None, package: Path = _PACKAGE) -> None:
    """Send numba's cache to TARIM_HOME where the package folder is not writable; processes started later inherit it.

    numba reads the variable when it is first imported, so this comes first. A choice already made is kept.
    """
    environment = os.environ if environment is None else environment
    if environment.get(_VARIABLE) or os.access(package, os.W_OK):
        return
    environment[_VARIABLE] = str(_home(environment) / "kernels")


def _home(environment: MutableMapping[str, str]) -> Path:
    """TARIM_HOME without the settings class, whose import would slow every `--help`."""
    home = environment.get("TARIM_HOME", "")
    file = environment.get("TARIM_CONFIG", "")
    if not home and file:
        with contextlib.suppress(OSError, ValueError):
            home = str(tomllib.loads(Path(file).expanduser().read_text("utf-8")).get("home", ""))
    return Path(home or "~/.local/share/tarim").expanduser().absolute()
