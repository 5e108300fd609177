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


class Citation(Declaration, title="Citation"):
    """The clause that a value or control rests on.

    `basis` is `read` if the text itself was read, `secondary` if only an account of it was, and otherwise `unverified`.
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
        clause = f"{self.instrument}, {self.provision}"
        return clause if self.basis == "read" else f"{clause} ({self.basis})"

    def as_json(self) -> dict[str, str]:
        """Return the JSON form, which is part of the command line's contract."""
        return {"instrument": self.instrument, "provision": self.provision, "link": self.link, "basis": self.basis}
