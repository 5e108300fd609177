"""Errors of the workflow: an officer or a store prevents a command.

Each class has its own exit code. A `Refusal` carries the ruling that forbids the command; the others are failures.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from rules.errors import Error
from rules.judging.findings import Finding, Ruling

MAX_NAMED = 3
"""The most checks that a refusal names, with their cures."""


class DescribedDisclosure(Protocol):
    """Words of Part 1 that give away something of Part 2."""

    @property
    def words(self) -> str:
        """The words."""

    def describe(self) -> str:
        """Return what is wrong in one sentence."""

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""


class Refusal(Error):
    """A rule forbids a command; `ruling` says which rule, why, and how to comply.

    `could_act` names who could do it instead, where the rule keeps duties apart; None where another rule forbids it.
    """

    exit_code = 3
    could_act: tuple[str, ...] | None = None

    def __init__(self, ruling: Ruling) -> None:
        super().__init__(f"{ruling.action} is refused on {ruling.case}: {_name_controls(ruling)}")
        self.ruling = ruling

    def advice(self) -> str:
        """Return the cures of the first blocking findings, one a line, and where to see the rest."""
        cures = list(dict.fromkeys(finding.cure for finding in _blocking_findings(self.ruling)))
        more = [f"See the rest with: assent case explain {self.ruling.case} {self.ruling.action}"]
        return "\n".join([*cures[:MAX_NAMED], *more * (len(cures) > MAX_NAMED), *self._describe_who_could_act()])

    def _describe_who_could_act(self) -> list[str]:
        if self.could_act is None:
            return []
        if not self.could_act:
            return ["Nobody else holds such a role on that day. Appoint somebody with: assent officer appoint"]
        return [f"Who could do it: {', '.join(self.could_act)}."]


def _name_controls(ruling: Ruling) -> str:
    """Return the controls that refuse an act: the first few by name, and how many more there are."""
    controls = list(dict.fromkeys(finding.control for finding in _blocking_findings(ruling)))
    if not controls:
        return "no check allows it"
    more = len(controls) - MAX_NAMED
    return ", ".join(controls[:MAX_NAMED]) + (f" and {more} more check{'s' if more > 1 else ''}" if more > 0 else "")


def _blocking_findings(ruling: Ruling) -> list[Finding]:
    """Return the findings that refuse an act: those that wait for no answer come first."""
    blocking = [finding for finding in ruling.findings if finding.blocks_gate]
    return sorted(blocking, key=lambda finding: any(observed.actual is None for observed in finding.observed_facts))


class PublicationRefused(Error):
    """Part 1 would give away something of Part 2, or no file of it could be made.

    Unlike a `Refusal` it is not recorded: its record would keep the very words, and the public ledger would tell them.
    `disclosures` and `blockers` are those of `workflow.cases.publication`.
    """

    exit_code = 3

    def __init__(
        self, case: str, action: str, disclosures: Sequence[DescribedDisclosure], blockers: Sequence[str]
    ) -> None:
        lines = [f"{action} is refused on {case}: Part 1 cannot be published like this"]
        super().__init__("\n".join([*lines, *(found.describe() for found in disclosures), *blockers]))
        self.case, self.action = case, action
        self.disclosures, self.blockers = tuple(disclosures), tuple(blockers)

    def advice(self) -> str:
        """Return what to do about the words or the files."""
        if not self.disclosures:
            return "Nothing was recorded. Change the paper: assent case amend"
        return (
            "Nothing was recorded. Say it in words that give nothing away. If the words are public already, say so: "
            f"--already-public '{self.disclosures[0].words}' --reason 'Where they were published'."
        )

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        gives_away = [found.as_json() for found in self.disclosures]
        refused = {"case": self.case, "action": self.action, "open": False}
        return {**refused, "gives_away": gives_away, "cannot_be_made": list(self.blockers)}


class NotEntitled(Error):
    """The officer does not hold a role that the act needs; `entitled` names who may act."""

    exit_code = 4

    def __init__(self, officer: str, action: str, entitled: Sequence[str]) -> None:
        super().__init__(f"{officer} may not {action}: only {' or '.join(entitled)} may")

    def advice(self) -> str:
        """Return the command that lists officers and their roles."""
        return "See who holds which role with: assent officer list"


class Conflict(Error):
    """Somebody acted first: the case is not at the version that the officer saw."""

    exit_code = 5

    def __init__(self, stream: str, expected: int, actual: int) -> None:
        super().__init__(f"{stream} is at version {actual}, not {expected}: somebody acted first")
        self.expected, self.actual = expected, actual

    def advice(self) -> str:
        """Return the commands that show what changed."""
        return (
            "Nothing was saved. See what changed (assent case show, or assent officer list), then repeat your command "
            "if it still applies."
        )


class Overtaken(Error):
    """Others kept changing a case, or what its rules read elsewhere, while a command on it was judged.

    It does not name what changed: that can be a case that Part 2 names.
    """

    exit_code = 5

    def __init__(self, case_id: str, attempts: int) -> None:
        super().__init__(f"{case_id}, or what it depends on, changed {attempts} times while your command was judged")
        self.case_id = case_id

    def advice(self) -> str:
        """Return the command that shows what changed."""
        return (
            f"Somebody acted first, and nothing was saved. See what changed (assent case history {self.case_id}), "
            "then type the same command again."
        )


class StoreError(Error):
    """The store cannot be read or written."""

    exit_code = 8


class StoreBusy(StoreError):
    """Others write to the store, for longer than a command waits, or to the same place as this one."""

    exit_code = 5

    def __init__(self, location: str) -> None:
        super().__init__(f"others are writing to {location}", "Nothing was saved. Type the same command again.")


class LedgerBroken(Error):
    """The record was altered; `faults` names each entry, text or order that does not match its seal."""

    exit_code = 7

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)

    def advice(self) -> str:
        """Return what to do with an altered store."""
        return "Keep this file as it is, and compare it with a copy whose head you have on paper."
