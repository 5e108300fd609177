"""A response to a finding of an audit: accepted, disputed or mended, by whom, when and why. It changes no finding."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, NamedTuple, TypeAlias

ResponseKind: TypeAlias = Literal["accepted", "disputed", "mended"]
RESPONSE_KINDS: tuple[ResponseKind, ...] = ("accepted", "disputed", "mended")


class FindingResponse(NamedTuple):
    """What an officer says of the finding of a control on a subject of a case."""

    control: str
    subject: str
    response: ResponseKind
    reason: str
    officer: str
    on: date

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read, beside the finding."""
        return {
            "response": self.response,
            "officer": self.officer,
            "on": self.on.isoformat(),
            "reason": self.reason,
        }

    def describe(self) -> str:
        """The response in words."""
        return f"{self.response} by {self.officer} on {self.on.isoformat()}: {self.reason}"
