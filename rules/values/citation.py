"""The source of a figure or requirement, and how well it was checked.

Every value and control has one. A source whose text was not read is never printed without saying so. `Declaration` is
the strict base of all that packs declare.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Basis = Literal["read", "secondary", "unverified"]


class Declaration(BaseModel):
    """The base of everything that a pack declares: no unknown keys, and frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Citation(Declaration):
    """The clause that a value or control rests on.

    `basis` is `read` if the text itself was read, `secondary` if only an account of it was, and otherwise `unverified`.
    """

    instrument: str = Field(min_length=3)
    provision: str = Field(min_length=1)
    link: str = ""
    basis: Basis
    note: str = ""

    def __str__(self) -> str:
        clause = f"{self.instrument}, {self.provision}"
        return clause if self.basis == "read" else f"{clause} ({self.basis})"

    def as_json(self) -> dict[str, str]:
        """Return the JSON form, which is part of the command line's contract."""
        return {"instrument": self.instrument, "provision": self.provision, "link": self.link, "basis": self.basis}
