"""Trouble, as opposed to a finding: each error says what is wrong and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar


class Error(Exception):
    """Something that stops the work; the message says what is wrong, `advice` what to do.

    `exit_code` is what a program that meets it leaves with; 1 is a fault in assent itself.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self._advice = advice

    def advice(self) -> str:
        """What the reader can do about it, or an empty text."""
        return self._advice


class InputError(Error):
    """What was typed or given is wrong; nothing has been written."""

    exit_code = 2


class NotInForce(InputError):
    """Something dated was asked for on a day before its first or after its last (`last`, where that is what was).

    `why` says of a day between two rows why nothing is held for it.
    """

    def __init__(
        self, value: str, day: date, first: date | None, last: date | None = None, *, reason: str = ""
    ) -> None:
        when = f"it is first in force on {first.isoformat()}" if first else "it has not been set"
        if last is not None and day > last:
            when = f"it was last in force on {last.isoformat()}"
        advice = "Name a day on which it is with --on." if first else ""
        super().__init__(f"{value} is not in force on {day.isoformat()}: {reason or when}", advice)
        self.value, self.day, self.first, self.reason = value, day, first, reason


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong in a file: where (line 1 is the first, 0 the file as a whole) and what.

    `quotes` marks a message that repeats what stands in the file, and so may not leave its confidential part.
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
    """A file cannot be used; all of its faults are listed at once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def advice(self) -> str:
        """Where to begin."""
        return "Mend the lines named above; nothing was taken from the file."


class PackError(FileError):
    """A pack or a scheme has faults and is refused whole."""


class EngineError(Error):
    """The two evaluators disagree, or one of them failed; the gate stays shut."""

    def advice(self) -> str:
        """What it means for the officer: nothing has happened."""
        return "The gate stays shut. This is a fault in assent or its packs: report it with the control's name."
