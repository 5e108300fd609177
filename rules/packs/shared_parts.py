"""Parts of schemes that several authorities share: reviews and blocks of documents, in files under `shared/`.

Invariants:
- A scheme that uses a shared file is the same as one that has its parts written out: nothing else knows of them.
- What the scheme itself declares goes before what it shares: a review of the same name, or a key beside `shared`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pydantic import Field

from rules.errors import Fault, PackError
from rules.language.schema_types import Identifier, LanguageNumber
from rules.packs.document_schema import BlockSpec, DocumentTemplate
from rules.packs.flow_schema import ActionName, ReviewAction
from rules.packs.pack_use import SharedUse
from rules.packs.scheme_schema import SchemeDeclaration
from rules.reading.pydantic_messages import LONG_NAME_PATTERN
from rules.reading.yaml_reader import KeyPath, YamlFile
from rules.values.citation import Declaration
from rules.values.suggestions import describe_unknown


class SharedParts(Declaration, title="Shared parts"):
    """One file of parts that several schemes share."""

    language: LanguageNumber = Field(
        default=1, description="The version of the pack language that the file is written in."
    )
    shared: str = Field(pattern=LONG_NAME_PATTERN, description="The name of the file, without `.yaml`.")
    title: str = Field(min_length=3, description="What the file holds, in a line.")
    reviews: dict[ActionName, ReviewAction] = Field(
        default_factory=dict,
        description="What can come of a review; `who` names roles that each scheme maps to its own.",
    )
    blocks: dict[Identifier, BlockSpec] = Field(
        default_factory=dict, description="Blocks of documents, by the names that schemes give under `shared`."
    )


class SharedFile(NamedTuple):
    """One shared file as a scheme uses it."""

    source: YamlFile
    parts: SharedParts


@dataclass(frozen=True)
class ResolvedHead(YamlFile):
    """The head of a scheme with its shared parts: a fault in one of these has its place in the shared file.

    `origins` gives, for the place of a shared part in the head, the shared file and the place there.
    """

    origins: Mapping[KeyPath, tuple[YamlFile, KeyPath]] = field(default_factory=dict)

    def fault_at(self, path: KeyPath, message: str) -> Fault:
        """Return a fault at a path of the head, placed where its author wrote what is at fault."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.origins:
                source, place = self.origins[path[:length]]
                return source.fault_at((*place, *path[length:]), message)
        return YamlFile.fault_at(self, path, message)


@dataclass(slots=True)
class _Resolver:
    """Puts shared parts into the head of a scheme; collects faults with their places."""

    head: YamlFile
    declaration: SchemeDeclaration
    files: Mapping[str, SharedFile]
    faults: list[Fault] = field(default_factory=list)
    origins: dict[KeyPath, tuple[YamlFile, KeyPath]] = field(default_factory=dict)

    def resolve(self) -> SchemeDeclaration:
        """Return the declaration with every shared part written out."""
        documents = tuple(
            self._resolve_document(("documents", place), template)
            for place, template in enumerate(self.declaration.documents)
        )
        reviews = {**dict(self._find_reviews()), **self.declaration.reviews}
        return self.declaration.model_copy(update={"documents": documents, "reviews": reviews})

    def _find_reviews(self) -> Iterator[tuple[str, ReviewAction]]:
        """Yield the reviews of the shared files, for the scheme's own roles."""
        for place, use in enumerate(self.declaration.shared):
            at: KeyPath = ("shared", place)
            if use.file not in self.files:
                self._add_fault(at, f"shared/{use.file}.yaml is not there")
                continue
            source, parts = self.files[use.file]
            self._check_roles(at, use, parts)
            for name, review in parts.reviews.items():
                if name not in self.declaration.reviews:
                    self.origins["reviews", name] = source, ("reviews", name)
                who = tuple(own for role in review.who for own in use.roles.get(role, (role,)))
                yield name, review.model_copy(update={"who": tuple(dict.fromkeys(who))})

    def _check_roles(self, at: KeyPath, use: SharedUse, parts: SharedParts) -> None:
        """Check that each role that a shared file names is one of the scheme, or is mapped to some."""
        named = dict.fromkeys(role for review in parts.reviews.values() for role in review.who)
        for role in named:
            if role not in use.roles and role not in self.declaration.roles:
                cure = f"add it, or map it with `roles: {{{role}: YOURS}}` under shared"
                self._add_fault(at, f"{use.file} needs a role called {role}: {cure}")
        for role, own_roles in use.roles.items():
            if role not in named:
                self._add_fault((*at, "roles", role), describe_unknown(role, f"role that {use.file} names", named))
            for own in own_roles:
                if own not in self.declaration.roles:
                    message = describe_unknown(own, "role", self.declaration.roles)
                    self._add_fault((*at, "roles", role), message)

    def _add_fault(self, at: KeyPath, message: str) -> None:
        self.faults.append(self.head.fault_at(at, message))

    def _resolve_document(self, at: KeyPath, template: DocumentTemplate) -> DocumentTemplate:
        blocks = tuple(
            self._resolve_block((*at, "blocks", place), block) if block.shared else block
            for place, block in enumerate(template.blocks)
        )
        return template.model_copy(update={"blocks": blocks})

    def _resolve_block(self, at: KeyPath, block: BlockSpec) -> BlockSpec:
        """Return the shared block that a block names, with the keys that stand beside the name."""
        known = {name: file for file in self.files.values() for name in file.parts.blocks}
        if block.shared not in known:
            self._add_fault((*at, "shared"), describe_unknown(block.shared, "shared block", known))
            return block
        source, parts = known[block.shared]
        own = {key: getattr(block, key) for key in block.model_fields_set if key != "shared"}
        if not own:
            self.origins[at] = source, ("blocks", block.shared)
        return parts.blocks[block.shared].model_copy(update=own)


def resolve_shared_parts(
    head: YamlFile, declaration: SchemeDeclaration, files: Sequence[SharedFile]
) -> tuple[YamlFile, SchemeDeclaration]:
    """Return the head of a scheme with the parts that it shares written out; raises `PackError` with every fault."""
    if not declaration.shared:
        return head, declaration
    resolver = _Resolver(head, declaration, {file.parts.shared: file for file in files})
    resolved = resolver.resolve()
    if resolver.faults:
        raise PackError(resolver.faults)
    return ResolvedHead(head.name, head.data, head.lines, head.faults, resolver.origins), resolved
