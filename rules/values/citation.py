"""Where a figure or a requirement comes from, and how well that was checked."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Basis = Literal["read", "secondary", "unverified"]


class Declaration(BaseModel):
    """Base of everything that a pack declares: no unknown keys, never changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Citation(Declaration, title="Citation"):
    """The clause that a value or control rests on.

    `basis` says whether the text itself was read, only a secondary account of it, or neither
    (`unverified`): such a citation is never printed without saying so.
    """

    instrument: str = Field(
        min_length=3, description="The law, form or notice. In a pack that names its own `instrument`, leave it out."
    )
    provision: str = Field(min_length=1, description="The clause, such as `s.43(2)`, or the box of a form.")
    link: str = Field(default="", description="Where to read it, as it stood on the day if there is such a page.")
    basis: Basis = Field(
        description="`read`: the text was read. `secondary`: an account of it was read. `unverified`: neither."
    )
    note: str = Field(default="", description="What a reader must know, such as what was inferred and why.")

    def __str__(self) -> str:
        said = f"{self.instrument}, {self.provision}"
        return said if self.basis == "read" else f"{said} ({self.basis})"

    def as_json(self) -> dict[str, str]:
        """The form that other programs read."""
        return {"instrument": self.instrument, "provision": self.provision, "link": self.link, "basis": self.basis}
