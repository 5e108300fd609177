"""The score of each scheme's examples against wrong versions of its law.

A report exists only where the examples notice every wrong version but those that an example file calls equivalent; what
they miss is raised. Mutants are versions of a scheme without what further folders set or cite in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, Protocol

from rules.errors import Fault, PackError
from rules.proving.mutations import Mutant, MutationScore, run_mutants, score_mutants
from rules.proving.pack_library import PackLibrary
from rules.proving.scheme_proof import ProofReport


class MutantWatcher(Protocol):
    """Shows how many mutants of a scheme were judged: it takes them all, and yields them one by one."""

    def __call__(self, scheme: str, mutants: Iterator[Mutant]) -> Iterable[Mutant]:
        """Yield the mutants."""


@dataclass(frozen=True, slots=True)
class MutationReport:
    """The score of each scheme by its name."""

    scores: Mapping[str, MutationScore]

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        return {name: {"caught": score.caught, "of": score.total} for name, score in self.scores.items()}


class FlowMutantRunner(Protocol):
    """Yields the flow mutants of a scheme; `decisions.proving.flow_mutants` has it."""

    def __call__(self, library: PackLibrary, name: str) -> Iterator[Mutant]:
        """Yield every flow mutant, as the walks judge it."""


def without_flow_mutants(library: PackLibrary, name: str) -> Iterator[Mutant]:
    """Yield no flow mutants: score the examples alone."""
    del library, name
    return iter(())


def score_schemes(
    library: PackLibrary,
    report: ProofReport,
    watch: MutantWatcher,
    run_flow_mutants: FlowMutantRunner = without_flow_mutants,
) -> MutationReport:
    """Score the examples and walks of each proved scheme; raises `PackError` with each mutant that they miss."""
    faults: list[Fault] = []
    scores: dict[str, MutationScore] = {}
    for name, proof in report.proofs.items():
        of_law = run_mutants(library.base_scheme(name).scheme.rulebook, proof.examples.runs)
        mutants = chain(of_law, run_flow_mutants(library, name))
        scores[name] = score_mutants(watch(name, mutants), proof.examples.equivalent_mutants)
        file = f"schemes/{name}/examples.yaml"
        faults += [Fault(file, 0, missed, "no example and no walk notices that") for missed in scores[name].missed]
        stale = "is called equivalent, but is caught after all, or there is no such mutant"
        faults += [Fault(file, 0, mutant, stale) for mutant in scores[name].not_equivalent]
    if faults:
        raise PackError(faults)
    return MutationReport(scores)
