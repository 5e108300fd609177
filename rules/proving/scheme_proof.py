"""The proof of schemes: each by itself, all of them, or only what a folder of packs changes.

A report exists only of what is sound: every fault of the packs and of every proof is raised together, so that one
faulty scheme hides nothing about the next. A report says what it does not cover.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from rules.errors import Fault, PackError
from rules.packs.declared_words import WordSource
from rules.packs.document_schema import late_reference_faults, who_acted_faults
from rules.packs.pack_needs import mapping_faults
from rules.packs.scheme_schema import SchemeDeclaration
from rules.proving.citation_warnings import citation_warnings
from rules.proving.examples import ExampleReport, run_examples
from rules.proving.flow_faults import flow_faults, flow_warnings
from rules.proving.pack_library import PackLibrary
from rules.proving.scope import ProofScope, SchemeMaterial, changed_files, scope_of_changes, whole_scope
from rules.proving.separation_proof import separation_faults, separation_warnings
from rules.values.text import list_first

Item = TypeVar("Item")
_MAX_LISTED_CHANGES = 4


@dataclass(frozen=True, slots=True)
class WalkReport:
    """How many walks a scheme has, what is wrong with them, and what they show that is most likely a slip."""

    count: int
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()


class WalkProver(Protocol):
    """Leads the walks of a scheme; `decisions.proving.walk_proof` has it, since walks need the life of a case."""

    def __call__(self, library: PackLibrary, name: str) -> WalkReport:
        """Return the report on the walks of a scheme."""


def without_walks(library: PackLibrary, name: str) -> WalkReport:
    """Lead no walks: prove a scheme by its examples alone."""
    del library, name
    return WalkReport(0)


class Progress(Protocol):
    """Shows how far some work is: it takes all items, and yields them one by one."""

    def __call__(self, items: Sequence[Item], label: str) -> Iterable[Item]:
        """Yield the items."""


def no_progress(items: Sequence[Item], label: str) -> Iterable[Item]:
    """Yield the items and show nothing."""
    del label
    return items


@dataclass(frozen=True, slots=True)
class SchemeProof:
    """The sound proof of one scheme, or of what changes in it."""

    name: str
    scope: ProofScope
    examples: ExampleReport
    unproved_names: tuple[str, ...] = ()
    """What a further folder sets or cites in it and no example proves."""
    warnings: tuple[Fault, ...] = ()
    """What is most likely a slip in its flow."""
    walks: int = 0

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read; `changes` names what was proved of a scheme that was not proved whole."""
        proved = {
            "scheme": self.name,
            "controls": len(self.scope.controls),
            "examples": self.examples.example_count,
            "walks": self.walks,
            "verdict": "sound",
            "warnings": [str(warning) for warning in self.warnings],
        }
        return proved if self.scope.is_whole else {**proved, "changes": list(self.scope.changes)}


@dataclass(frozen=True, slots=True)
class ProofReport:
    """The proofs of some schemes by name, and what they do not cover.

    `not_proved` names the schemes left out; `unused_files` the packs that no scheme takes, which nothing proves.
    """

    proofs: Mapping[str, SchemeProof]
    not_proved: tuple[str, ...] = ()
    unused_files: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        return {
            "schemes": [proof.as_json() for proof in self.proofs.values()],
            "not_proved": list(self.not_proved),
            "unused_files": list(self.unused_files),
        }

    def describe_coverage(self) -> str:
        """Return one line on what was and was not proved; empty where every scheme was proved whole."""
        changed = [proof for proof in self.proofs.values() if not proof.scope.is_whole]
        proved = [proof.name for proof in self.proofs.values() if proof.scope.is_whole]
        proved += [f"what changes in {proof.name} ({_describe_changes(proof.scope)})" for proof in changed]
        left_out = [*(f"the rest of {proof.name}" for proof in changed), *self.not_proved]
        if not left_out:
            return ""
        return f"Proved: {', '.join(proved) or 'nothing'}. Not proved this time: {', '.join(left_out)}."


def _describe_changes(scope: ProofScope) -> str:
    return list_first(scope.changes or sorted(scope.changed_files), _MAX_LISTED_CHANGES)


def prove_schemes(
    library: PackLibrary,
    names: Iterable[str],
    progress: Progress = no_progress,
    prove_walks: WalkProver = without_walks,
) -> ProofReport:
    """Prove some schemes whole; raises `PackError` with every fault, `InputError` for a name that is no scheme."""
    return _prove(library, dict.fromkeys(names), progress, prove_walks)


def prove_changes(
    library: PackLibrary,
    baseline: PackLibrary,
    progress: Progress = no_progress,
    prove_walks: WalkProver = without_walks,
) -> ProofReport:
    """Prove what the folders of a library change in the schemes of a baseline, the library without those folders.

    A scheme that the baseline has not, or whose head or calendar is another, is proved whole. Raises `PackError` with
    every fault.
    """
    baselines: dict[str, PackLibrary | None] = {}
    for name in library.schemes():
        with suppress(PackError):  # these faults are among those of the library
            if changed_files(library, baseline, name):
                baselines[name] = baseline if name in baseline.schemes() else None
    return _prove(library, baselines, progress, prove_walks)


def _prove(
    library: PackLibrary,
    baselines: Mapping[str, PackLibrary | None],
    progress: Progress,
    prove_walks: WalkProver,
) -> ProofReport:
    """Prove schemes, each whole or against its baseline."""
    faults = list(library.faults)
    proofs: dict[str, SchemeProof] = {}
    for name, baseline in baselines.items():
        try:
            proof = _prove_scheme(library, name, baseline, progress)
            walks = prove_walks(library, name)
            proofs[name] = replace(proof, walks=walks.count, warnings=(*proof.warnings, *walks.warnings))
            faults += (*proof.examples.faults, *walks.faults)
        except PackError as error:  # the faults of one scheme do not hide those of the next
            faults += error.faults
    if faults:
        raise PackError(faults)
    not_proved = tuple(name for name in library.schemes() if name not in proofs)
    return ProofReport(proofs, not_proved, tuple(library.unused_files()))


def _prove_scheme(library: PackLibrary, name: str, baseline: PackLibrary | None, progress: Progress) -> SchemeProof:
    material = SchemeMaterial.load(library, name)
    scope = whole_scope(material.scheme)
    if baseline is not None:
        changed = changed_files(library, baseline, name)
        scope = scope_of_changes(material, SchemeMaterial.load(baseline, name), changed)
    report = run_examples(material, scope, lambda files: progress(files, f"Proving {name}"))
    head, declaration = material.head, material.scheme.declaration
    # What is wrong with documents and flow is part of the proof, not of reading a scheme: ledgers hold older schemes.
    problems = [
        *who_acted_faults(declaration.documents, material.scheme.rulebook.facts),
        *late_reference_faults(declaration.documents, list(declaration.stages), _stages_by_asked_fact(declaration)),
    ]
    report.faults += [head.fault_at(("documents", *at), message) for at, message in problems]
    report.faults += mapping_faults(material.pack_files, WordSource(head, declaration))
    report.faults += flow_faults(material.scheme, head)
    report.faults += separation_faults(declaration, head)
    warnings = (
        *flow_warnings(material.scheme, head),
        *separation_warnings(declaration, head),
        *citation_warnings(material.pack_files, head, declaration),
    )
    overridden = {item for part in material.pack_files for item in (*part.pack.sets, *part.pack.cites)}
    unproved = overridden & {fault.key for fault in report.unproved_boundaries}
    return SchemeProof(name, scope, report, tuple(sorted(unproved)), warnings)


def _stages_by_asked_fact(declaration: SchemeDeclaration) -> dict[str, set[str]]:
    """Return the stages at which acts ask for each fact."""
    stages: dict[str, set[str]] = {}
    for action in declaration.actions.values():
        for fact in action.asks:
            stages.setdefault(fact, set()).update(action.stages)
    return stages
