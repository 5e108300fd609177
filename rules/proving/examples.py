"""Worked examples: they prove that a scheme's controls say what they should, each in both directions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from rules.errors import Fault, FileError
from rules.judging.findings import Finding
from rules.judging.judge import judge_evidence
from rules.judging.rulebook import Rulebook
from rules.packs.bundle import BaseScheme
from rules.packs.example_schema import ExampleFile, WorkedExample
from rules.packs.linker import PackFile
from rules.packs.scheme import Scheme
from rules.packs.stated_facts import parse_stated_facts
from rules.proving import boundaries
from rules.proving.boundaries import DeclarationLocations
from rules.proving.example_run import ExampleRun, Expectation
from rules.reading.yaml_reader import KeyPath, YamlFile, read_yaml
from rules.values.evidence import Evidence
from rules.values.facts import CASE, DAY_OF_ACT, FactValue, split_address
from rules.values.suggestions import did_you_mean

REQUIRED_OUTCOMES = frozenset(["satisfied", "breached"])


@dataclass(slots=True)
class ExampleReport:
    """What the examples of a scheme came to: how many there are, which faults, which outcomes, and what each showed.

    `equivalent` holds the wrong versions of the law that their files say mean the same as the right one. `shown` has
    what examples show of the scheme without what further folders set in it; `over` what those show that were written
    for such a setting, by the rulebook that has it. `unproved` names each boundary of a setting that no example proves.
    """

    example_count: int = 0
    faults: list[Fault] = field(default_factory=list)
    outcomes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    runs: list[ExampleRun] = field(default_factory=list)
    equivalent_mutants: dict[str, str] = field(default_factory=dict)
    override_runs: dict[Rulebook, list[ExampleRun]] = field(default_factory=lambda: defaultdict(list))
    unproved_boundaries: list[Fault] = field(default_factory=list)


ProgressWatcher: TypeAlias = Callable[[Sequence[tuple[str, bytes]]], Iterable[tuple[str, bytes]]]
"""How somebody is shown which file of examples is at work: it is handed the files, and hands them on one by one."""


def run_examples(
    scheme: Scheme,
    files: Mapping[str, bytes],
    pack_files: Sequence[PackFile],
    base_scheme: BaseScheme,
    watch: ProgressWatcher = iter,
) -> ExampleReport:
    """Run every example; a fault is an outcome that differs, or a control that none shows satisfied and breached.

    `files` are those of examples, `parts` the packs of the scheme. An example is asked of the scheme that it was
    written for, as `older` tells. Where all else is sound, the boundaries of the packs' tables are proved too.
    """
    proof = ExampleReport()
    for name, data in watch(tuple(files.items())):
        try:
            source = read_yaml(data, name)
        except FileError as error:
            proof.faults += error.faults
            continue
        given, faults = source.validate(ExampleFile)
        proof.faults += faults
        if given is not None:
            proof.equivalent_mutants |= given.equivalent
            _run_file(source, given, base_scheme, proof)
    proof.faults += _missing_outcome_faults(scheme, files, proof)
    # Where an outcome is wrong, what its example shows of a boundary is worth nothing.
    if not proof.faults:
        _check_boundaries(scheme, base_scheme.scheme, DeclarationLocations(tuple(pack_files), tuple(files)), proof)
    return proof


def _run_file(source: YamlFile, example_file: ExampleFile, base_scheme: BaseScheme, report: ExampleReport) -> None:
    """Run the examples of a file, of the scheme that they were written for."""
    own = base_scheme.scheme_by_file.get(source.name, base_scheme.scheme)
    if own is base_scheme.scheme:
        _ExampleRunner(own, source, report).run(example_file)
        return
    told, bare = ExampleReport(outcomes=report.outcomes), ExampleReport()
    _ExampleRunner(own, source, told).run(example_file)
    _ExampleRunner(base_scheme.scheme, source, bare).run(
        example_file
    )  # most hold whatever is set, and prove what is not
    report.example_count += told.example_count
    report.faults += told.faults
    report.override_runs[own.rulebook] += told.runs
    report.runs += bare.runs


def _check_boundaries(scheme: Scheme, base: Scheme, locations: DeclarationLocations, report: ExampleReport) -> None:
    """Whether an example stands on each side of every boundary.

    What is set over a scheme in a further folder has to be proved there where that folder has examples at all; where it
    has none, it is told what is not proved.
    """
    met = boundaries.sides_with_examples(base.rulebook, report.runs)
    for rulebook, shown in report.override_runs.items():
        met |= boundaries.sides_with_examples(rulebook, shown)
    report.faults += boundaries.unreachable_row_faults(scheme.rulebook, locations)
    report.faults += boundaries.untested_boundary_faults(base.rulebook, locations, met).values()
    if scheme is not base:
        asked = boundaries.required_boundaries(boundaries.RulebookIndex(base.rulebook))
        further = boundaries.untested_boundary_faults(scheme.rulebook, locations, met | asked.keys())
        (report.faults if report.override_runs else report.unproved_boundaries).extend(further.values())


def _missing_outcome_faults(scheme: Scheme, files: Mapping[str, bytes], report: ExampleReport) -> Iterator[Fault]:
    """A fault for each way in which no example shows a control, in the file where one could be added."""
    own = f"schemes/{scheme.id}/"
    place = next((name for name in files if name.startswith(own)), f"{own}examples.yaml")
    for control in scheme.rulebook.controls:
        for outcome in sorted(REQUIRED_OUTCOMES - report.outcomes[control]):
            yield Fault(place, 1, control, f"no example shows it {outcome}")


@dataclass(frozen=True, slots=True)
class _ExampleRunner:
    """Runs the examples of one file, and puts the outcome into a proof."""

    scheme: Scheme
    source: YamlFile
    report: ExampleReport

    def run(self, example_file: ExampleFile) -> None:
        shared, faults = self._parse_facts(("shared",), example_file.shared)
        self.report.faults += faults
        sound = not faults
        for place, example in enumerate(example_file.examples):
            at: KeyPath = ("examples", place)
            stated, faults = self._parse_facts((*at, "given"), example.given)
            faults += self._unshared_name_faults(at, example, shared)
            faults += self._duplicate_name_faults(at, example, example_file.examples[:place])
            self.report.example_count += 1
            self.report.faults += faults
            if sound and not faults:
                kept = {where: fact for where, fact in shared.items() if not _is_named_by(where, example.without)}
                facts = {**self.scheme.authority_facts, DAY_OF_ACT: example.on, **kept, **stated}
                self.report.faults += self._outcome_faults(example, at, Evidence.from_parts(facts, {}))

    def _parse_facts(self, at: KeyPath, raw: object) -> tuple[dict[str, FactValue], list[Fault]]:
        """The facts stated at a place. Those that are worked out may not be: an example would prove nothing of them."""
        stated, faults = parse_stated_facts(self.source, at, raw, self.scheme.rulebook.facts)
        derived = {fact.name for fact in self.scheme.rulebook.derived_facts}
        worked_out = [where for where in stated if split_address(where)[0] in derived]
        message = "{} is worked out from other facts; state those"
        return stated, [*faults, *(self.source.fault_at(at, message.format(where)) for where in worked_out)]

    def _unshared_name_faults(self, at: KeyPath, example: WorkedExample, shared: Iterable[str]) -> Iterator[Fault]:
        for place, name in enumerate(example.without):
            if not any(_is_named_by(where, (name,)) for where in shared):
                yield self.source.fault_at((*at, "without", place), f"{name} is not among the shared facts")

    def _duplicate_name_faults(
        self, at: KeyPath, example: WorkedExample, before: Iterable[WorkedExample]
    ) -> Iterator[Fault]:
        if example.name in (other.name for other in before):
            yield self.source.fault_at((*at, "name"), "is the name of an example before it")

    def _outcome_faults(self, example: WorkedExample, at: KeyPath, evidence: Evidence) -> Iterator[Fault]:
        whole = judge_evidence(self.scheme.rulebook, None, evidence)
        found = {_format_control_label(verdict.control, verdict.subject): verdict for verdict in whole.verdicts}
        asked: list[Expectation] = []
        wrong = False
        for where, outcome in example.then.items():
            place = (*at, "then", where)
            verdict = found.get(where)
            if verdict is None:
                message = f"is no control and subject of this example. {did_you_mean(where, found)}"
                yield self.source.fault_at(place, message.strip())
                continue
            asked.append(Expectation(verdict.control, verdict.subject, outcome))
            self.report.outcomes[verdict.control].add(verdict.outcome)
            if verdict.outcome != outcome:
                wrong = True
                finding = whole.findings[whole.verdicts.index(verdict)]
                yield self.source.fault_at(place, f"is {verdict.outcome}, not {outcome} ({_format_reason(finding)})")
        if not wrong:
            self.report.runs.append(ExampleRun(example.name, self.source.name, tuple(asked), whole.evidence))


def _format_control_label(control: str, subject: str) -> str:
    """A control by its name in an example: with its subject, where that is not the case."""
    return control if subject == CASE else f"{control}@{subject}"


def _is_named_by(address: str, names: Iterable[str]) -> bool:
    """Whether an address is one of some names, or of a subject that is."""
    return any(address == name or address.startswith(f"{name}.") for name in names)


def _format_reason(finding: Finding) -> str:
    """What gave an outcome, in one line."""
    seen = [f"{seen.fact} {seen.expected}: {seen.actual or 'not known'}" for seen in finding.observed_facts]
    return "; ".join(seen) or "nothing was asked"
