"""What can keep an officer from doing a thing: refused by a rule, not entitled, too late, or no sound record."""

from __future__ import annotations

from collections.abc import Sequence

from rules.errors import Error
from rules.judging.findings import Ruling


class Refusal(Error):
    """A rule refuses what was asked for; `ruling` says which, why, and what would cure it."""

    exit_code = 3

    def __init__(self, ruling: Ruling) -> None:
        shut = ruling.blocking_controls()
        super().__init__(f"{ruling.action} is refused on {ruling.case}: {', '.join(shut) or 'nothing speaks for it'}")
        self.ruling = ruling

    def advice(self) -> str:
        """The cures of the findings that shut the gate, in their order."""
        return "\n".join(dict.fromkeys(f.cure for f in self.ruling.findings if f.blocks_gate))


class NotEntitled(Error):
    """The officer does not hold a role in which the act may be done."""

    exit_code = 4

    def __init__(self, officer: str, action: str, entitled: Sequence[str]) -> None:
        super().__init__(f"{officer} may not {action}: that is for {' or '.join(entitled)}")

    def advice(self) -> str:
        """Where to look who may."""
        return "See who holds which role with: assent officer list"


class Conflict(Error):
    """Somebody acted first: the case is no longer at the version that the officer saw."""

    exit_code = 5

    def __init__(self, stream: str, expected: int, actual: int) -> None:
        super().__init__(f"{stream} is at version {actual}, not {expected}: somebody acted first")
        self.expected, self.actual = expected, actual

    def advice(self) -> str:
        """Look again before acting."""
        return "Nothing was written. Look again (assent case show, or officer list), then repeat what still applies."


class StoreError(Error):
    """The store could not be read or written."""

    exit_code = 8


class LedgerBroken(Error):
    """The record does not hold together: an entry, its order, or what it seals was altered."""

    exit_code = 7

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)

    def advice(self) -> str:
        """What to keep and do."""
        return "Keep this file as it is, and compare it with a copy whose head you have on paper."
