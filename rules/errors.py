"""The errors that stop the work, each with what is wrong and what to do.

An error is not a finding: a breached control is an outcome, and no error is raised for it. Messages are for officers
and pack authors. `exit_code` is what the command line leaves with, and is part of its contract.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar


class Error(Exception):
    """An error that stops the work: `message` says what is wrong, `advice` what to do.

    Exit code 1 means a fault in assent itself; subclasses have codes of their own.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self._advice = advice

    def advice(self) -> str:
        """Return what the reader can do about it, or an empty text."""
        return self._advice


class InputError(Error):
    """Wrong input, found before anything was written."""

    exit_code = 2


def raise_together(errors: Sequence[InputError], heading: str) -> None:
    """Raise the only one of some errors, or one that lists them below a heading, each with what to do."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        lines = [" ".join(filter(None, [f"{error.message}.", error.advice()])) for error in errors]
        raise InputError("\n  ".join([f"{len(errors)} {heading}:", *lines]), "Nothing was recorded.")


class NotInForce(InputError):
    """A value, control or scheme that has nothing in force on a day.

    `first` is its first day in force, or None if it was never set. `last` is its last day, where it has ended.
    `reason` explains a known gap between two periods.
    """

    def __init__(
        self, value: str, day: date, first: date | None, last: date | None = None, *, reason: str = ""
    ) -> None:
        self.value, self.day, self.first, self.last, self.reason = value, day, first, last, reason
        verb = "was" if self._has_ended else "is"
        when = f"it {verb} {self.days_in_force}" if first else "it has not been set"
        advice = "Use --on with a day on which it is in force." if first else ""
        super().__init__(f"{value} is not in force on {day.isoformat()}: {reason or when}", advice)

    @property
    def days_in_force(self) -> str:
        """Return from when to when it is in force, the nearer day first; `not set` without a first day."""
        if self.first is None:
            return "not set"
        if self.last is None:
            return f"first in force on {self.first.isoformat()}"
        if self._has_ended:
            return f"last in force on {self.last.isoformat()}, and first on {self.first.isoformat()}"
        return f"first in force on {self.first.isoformat()}, and last on {self.last.isoformat()}"

    @property
    def _has_ended(self) -> bool:
        return self.last is not None and self.day > self.last


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong in a file, with its line and key.

    Line 1 is the first; line 0 means the whole file. `repeats_content` marks a message that quotes the file, which
    must be redacted where the file holds Part 2.
    """

    file: str
    line: int
    key: str
    message: str
    repeats_content: bool = False

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.key}: {self.message}" if self.key else f"{place}: {self.message}"


class FileError(InputError):
    """A file that cannot be used, with all of its faults at once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def advice(self) -> str:
        """Return where to begin."""
        return "Correct the lines listed above. Nothing was recorded."


class PackError(FileError):
    """A pack or scheme with faults, which is refused as a whole."""


class EngineError(Error):
    """A disagreement of the two evaluators, or a failure of one; the gate stays closed."""

    def advice(self) -> str:
        """Return what it means for the officer: nothing has happened."""
        return "The gate stays closed. This is a fault in assent or its packs: report it with the control's name."
