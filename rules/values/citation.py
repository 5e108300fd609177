"""The source of a figure or requirement: law or policy, and how well it was checked.

Every value and control has one. A source whose text was not read is never printed without saying so, unless a lawyer
signed it off. `Declaration` is the strict base of all that packs declare.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, Strict

Basis = Literal["read", "secondary", "unverified"]
ClauseKind = Literal["law", "policy"]
SIGNED_OFF = "signed_off"
"""How well a clause was checked that a lawyer signed off: better than `read`."""


class Declaration(BaseModel):
    """The base of everything that a pack declares: no unknown keys, and frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SignOff(Declaration, title="Sign-off"):
    """A lawyer's word that the row beside it says what the clause says."""

    by: str = Field(min_length=3, description="The name of the lawyer.")
    on: Annotated[date, Strict()] = Field(description="The day of the sign-off.")
    note: str = Field(default="", description="What it covers, or leaves out.")


class Citation(Declaration, title="Citation"):
    """The clause that a value or control rests on.

    `kind` is `law` or `policy`; older packs do not say it. `basis` is `read` if the text itself was read, `secondary`
    if only an account of it was, and otherwise `unverified`. A sign-off outranks each of them.
    """

    instrument: str = Field(
        min_length=3, description="The law, form or notice. In a pack that names its own `instrument`, leave it out."
    )
    provision: str = Field(min_length=1, description="The clause, such as `s.43(2)`, or the box of a form.")
    link: str = Field(default="", description="Where to read it, as it stood on the day if there is such a page.")
    kind: ClauseKind | None = Field(
        default=None,
        description="`law`: an Act, regulations or another instrument binds. `policy`: a form, a practice, guidance or "
        "the authority's own rule. Left out, it is what the pack says under `kind`.",
    )
    basis: Basis = Field(
        description="`read`: the text was read. `secondary`: an account of it was read. `unverified`: neither."
    )
    note: str = Field(default="", description="What a reader must know, such as what was inferred and why.")
    signed_off: SignOff | None = Field(
        default=None, description="The lawyer who checked the row against the clause. It outranks `basis`."
    )

    def __str__(self) -> str:
        clause = f"{self.labelled_instrument}, {self.provision}"
        if self.signed_off:
            return f"{clause} (signed off by {self.signed_off.by} on {self.signed_off.on.isoformat()})"
        return clause if self.basis == "read" else f"{clause} ({self.basis})"

    @property
    def labelled_instrument(self) -> str:
        """The instrument, with whether it is law or policy before it where the pack says so."""
        return f"{self.kind.capitalize()}: {self.instrument}" if self.kind else self.instrument

    @property
    def checked_by(self) -> str:
        """How well the clause was checked: `signed_off`, or its basis."""
        return SIGNED_OFF if self.signed_off else self.basis

    def as_json(self) -> dict[str, Any]:
        """Return the JSON form, which is part of the command line's contract."""
        signed = {SIGNED_OFF: self.signed_off.model_dump(mode="json")} if self.signed_off else {}
        return {
            "instrument": self.instrument,
            "provision": self.provision,
            "link": self.link,
            "basis": self.basis,
            "kind": self.kind,
            **signed,
        }
