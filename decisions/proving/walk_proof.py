"""The proof of a scheme by its walks: each comes out as it says, and together they show every action and every end.

Walks of a shipped file are led by the scheme without what further folders set in it, as its examples are judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from decisions.proving.part_2_facts import published_secret_warnings
from decisions.proving.walk_advice import advise_on_missing_gate
from decisions.proving.walks import ParsedWalk, WalkResult, explain_other_documents, parse_walks, run_walk
from rules.errors import Fault, FileError
from rules.packs.example_schema import ExampleFile, parse_examples
from rules.packs.scheme import Scheme
from rules.proving.pack_library import PackLibrary
from rules.proving.scheme_proof import WalkReport
from rules.reading.yaml_reader import YamlFile
from rules.values.suggestions import did_you_mean


class SchemeWalk(NamedTuple):
    """A walk of a scheme, with its file and the scheme that it was written for."""

    source: YamlFile
    scheme: Scheme
    walk: ParsedWalk


def prove_walks(library: PackLibrary, name: str) -> WalkReport:
    """Lead every walk of a scheme, and report how many there are and what is wrong."""
    walks, faults = load_walks(library, name)
    faults += _guard_faults(library, name)
    if not walks:
        place = f"schemes/{name}/examples.yaml"
        unproved = Fault(
            place, 1, "walks", "no walk leads a case through the stages, so what only walks show is not proved"
        )
        return WalkReport(0, tuple(faults), (unproved,))
    results = [(walk, run_walk(walk.walk, walk.scheme)) for walk in walks]
    for walk, result in results:
        faults += _result_faults(walk, result)
    if not faults:  # a walk that stopped half-way does not show what comes after
        own = walks[0].source
        faults += _coverage_faults(own, walks[0].scheme, [result for _, result in results])
    warnings = tuple(published_secret_warnings(library, name, [walk.walk for walk in walks]))
    return WalkReport(len(walks), tuple(faults), warnings)


def load_walks(library: PackLibrary, name: str) -> tuple[list[SchemeWalk], list[Fault]]:
    """Return the walks in the example files of a scheme, and every fault in what they state."""
    walks: list[SchemeWalk] = []
    faults: list[Fault] = []
    for source, example_file, scheme in _own_example_files(library, name):
        parsed, own_faults = parse_walks(source, example_file, scheme)
        faults += own_faults
        if not own_faults:
            walks += [SchemeWalk(source, scheme, walk) for walk in parsed]
    return walks, faults


def load_guards(library: PackLibrary, name: str) -> dict[str, tuple[str, ...]]:
    """Return the gates whose controls are listed a second time, each with its list."""
    files = _own_example_files(library, name)
    return {gate: controls for _, example_file, _ in files for gate, controls in example_file.guards.items()}


def _own_example_files(library: PackLibrary, name: str) -> Iterator[tuple[YamlFile, ExampleFile, Scheme]]:
    """Yield the example files in the folder of a scheme that can be read, each with the scheme it was written for."""
    base = library.base_scheme(name)
    for file, data in library.example_files(name).items():
        if file.startswith(f"schemes/{name}/"):
            example_file, source = _read_examples(data, file)
            # The proof by examples reports what is wrong with a file that cannot be read.
            if source is not None and example_file is not None:
                yield source, example_file, base.scheme_by_file.get(file, base.scheme)


def _guard_faults(library: PackLibrary, name: str) -> Iterator[Fault]:
    """Yield each difference between the list of a gate under `guards` and the controls that guard it."""
    for source, example_file, scheme in _own_example_files(library, name):
        for gate, listed in example_file.guards.items():
            controls = scheme.rulebook.controls_at_gate(gate)
            actual = {control.id for control in controls if control.declaration.severity == "blocking"}
            for control in sorted(actual - set(listed)):
                yield source.fault_at(("guards", gate), f"{control} guards it too: add it to the list")
            for control in sorted(set(listed) - actual):
                yield source.fault_at(
                    ("guards", gate), f"{control} does not shut it: {_why_not(control, gate, scheme)}"
                )


def _why_not(control: str, gate: str, scheme: Scheme) -> str:
    """Return why a control does not shut a gate, and what to write."""
    if control not in scheme.rulebook.controls:
        return f"it is no control. {did_you_mean(control, scheme.rulebook.controls)}".strip()
    if gate not in scheme.rulebook.controls[control].declaration.gates:
        return f"{advise_on_missing_gate(control, gate, scheme)}, or take it off this list"
    return "it only warns: take out its `severity: warning`, or take it off this list"


def _read_examples(data: bytes, file: str) -> tuple[ExampleFile | None, YamlFile | None]:
    try:
        source, example_file, _ = parse_examples(data, file)
    except FileError:
        return None, None
    return example_file, source


def _result_faults(walk: SchemeWalk, result: WalkResult) -> Iterator[Fault]:
    """Yield how a walk came out otherwise than it says."""
    source, at = walk.source, walk.walk.at
    if result.mismatch is not None:
        number = result.mismatch.step
        step = walk.walk.walk.steps[number]
        yield source.fault_at((*at, "steps", number), f"{step.do} by {step.who} {result.mismatch.message}")
    elif result.last_case is not None:
        for kind, message in explain_other_documents(walk.walk, result.last_case, walk.scheme):
            yield source.fault_at((*at, "shows", kind), message)


def _coverage_faults(source: YamlFile, scheme: Scheme, results: list[WalkResult]) -> Iterator[Fault]:
    """Yield each action that no walk does, and each end at which no walk ends."""
    done = {name for result in results for name, _ in result.acts}
    for name in scheme.declaration.actions:
        if name not in done:
            yield source.fault_at(("walks",), f"no walk does {name}: add one, or take the action out of the scheme")
    ends = {result.stage for result in results}
    for stage in scheme.declaration.stages:
        if stage in scheme.declaration.last_stages() - ends:
            yield source.fault_at(("walks",), f"no walk ends at {stage}")
