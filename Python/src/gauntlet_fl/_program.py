"""The program ``gauntlet`` that comes with the package."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NoReturn

from ._errors import GauntletError


def program() -> str:
    """The path of the program; ``GAUNTLET_PROGRAM`` names another one."""
    path = os.environ.get("GAUNTLET_PROGRAM") or str(Path(__file__).parent / "_bin" / "gauntlet")
    if not os.access(path, os.X_OK) or os.path.isdir(path):
        raise GauntletError(f"there is no program at {path}")
    return path


def main() -> NoReturn:
    """Becomes the program: the command ``gauntlet`` of an environment."""
    try:
        path = program()
        os.execv(path, ["gauntlet", *sys.argv[1:]])
    except (GauntletError, OSError) as error:
        sys.exit(f"gauntlet: {error}")
