"""The one exception of the package."""

from __future__ import annotations

from typing import Optional


class GauntletError(ValueError):
    """What Gauntlet says is wrong, in its own words.

    Attributes
    ----------
    exit_code : int or None
        The exit code of the program where it was run; 75 is a run stopped with work left.
    """

    def __init__(self, message: str, exit_code: Optional[int] = None) -> None:
        super().__init__(message)
        self.exit_code = exit_code
