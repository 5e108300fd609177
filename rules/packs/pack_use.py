"""How a scheme takes a pack or a shared file: under its own names, and without some of its controls.

Invariants:
- What is left out has a reason, which `assent scheme show` prints.
- A name that is mapped is one that the pack needs; `rules.packs.pack_mapping` replaces it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, TypeAlias

from pydantic import BeforeValidator, Field

from rules.language.pack_schema import Pack
from rules.language.schema_types import Explanation, Identifier, Identifiers
from rules.packs.flow_schema import ActionName
from rules.reading.pydantic_messages import LONG_NAME_PATTERN
from rules.values.citation import Declaration

MAPPED_SORTS = ("stages", "tasks", "roles", "actions", "outcomes", "gates", "facts")
"""The sorts of names that a scheme may have otherwise: keys of a use, and of what a pack needs."""


def _as_use(raw: object) -> object:
    return {"pack": raw} if isinstance(raw, str) else raw


class PackUse(Declaration, title="Pack that applies"):
    """One pack that applies, with the scheme's own names for what the pack names, and what it leaves out."""

    pack: str = Field(pattern=LONG_NAME_PATTERN, description="The name of its file in `law/`, without `.yaml`.")
    stages: dict[Identifier, Identifier] = Field(
        default_factory=dict, description="The scheme's own stage for each stage that the pack names otherwise."
    )
    tasks: dict[Identifier, Identifier] = Field(
        default_factory=dict, description="The scheme's own task for each task that the pack names otherwise."
    )
    roles: dict[Identifier, Identifier] = Field(
        default_factory=dict, description="The scheme's own role for each role that the pack names otherwise."
    )
    actions: dict[ActionName, ActionName] = Field(
        default_factory=dict, description="The scheme's own action for each action that the pack names otherwise."
    )
    outcomes: dict[str, str] = Field(
        default_factory=dict, description="The scheme's own outcome for each outcome that the pack names otherwise."
    )
    gates: dict[Identifier, Identifier] = Field(
        default_factory=dict, description="The scheme's own gate for each gate that the pack names otherwise."
    )
    facts: dict[str, str] = Field(
        default_factory=dict, description="The fact of the case that stands for each fact that the pack needs."
    )
    as_cited: str = Field(
        default="",
        max_length=600,
        description="For a pack of practice or with policy: why the sources that it quotes are the authority's own, so "
        "that none of its controls needs one under `cites`.",
    )
    leaves_out: dict[str, Explanation] = Field(
        default_factory=dict, description="Controls of the pack that do not apply, each with the reason."
    )

    def names(self) -> dict[str, Mapping[str, str]]:
        """Return the scheme's own names for those of the pack, by the key of each sort."""
        return {sort: getattr(self, sort) for sort in MAPPED_SORTS}

    @property
    def file(self) -> str:
        """The file of the pack."""
        return f"law/{self.pack}.yaml"

    @property
    def example_file(self) -> str:
        """The file of the pack's examples."""
        return f"law/{self.pack}.examples.yaml"

    def without_left_out(self, pack: Pack) -> Pack:
        """Return the pack without the controls that the scheme leaves out."""
        if not self.leaves_out:
            return pack
        kept = {name: control for name, control in pack.controls.items() if name not in self.leaves_out}
        return pack.model_copy(update={"controls": kept})


def _as_shared_use(raw: object) -> object:
    return {"file": raw} if isinstance(raw, str) else raw


class SharedUse(Declaration, title="Shared file that is used"):
    """One file of shared parts, with the scheme's own roles for those that it names."""

    file: str = Field(pattern=LONG_NAME_PATTERN, description="The name of a file in `shared/`, without `.yaml`.")
    roles: dict[Identifier, Identifiers] = Field(
        default_factory=dict, description="The scheme's own role, or several, for each role that the file names."
    )


SharedUses: TypeAlias = tuple[
    Annotated[SharedUse, BeforeValidator(_as_shared_use, json_schema_input_type=str | SharedUse)], ...
]
AppliedPacks: TypeAlias = tuple[Annotated[PackUse, BeforeValidator(_as_use, json_schema_input_type=str | PackUse)], ...]
