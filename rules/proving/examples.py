"""Worked examples: they prove that a scheme's controls say what they should, each in both directions.

Both evaluators judge every control that an example names; an example proves nothing of a control that it does not name.
Facts that others give by derivation are never stated, or an example would prove nothing of them. Examples of a shipped
file are judged without what an authority sets or cites in a folder of its own, because they were written without it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TypeAlias

from rules.errors import Fault, FileError
from rules.judging.findings import Finding
from rules.judging.judge import judge_control
from rules.judging.rulebook import Control, Rulebook
from rules.language.derived_facts import add_derived_facts
from rules.language.schema_types import Period
from rules.packs.bundle import BaseScheme
from rules.packs.example_schema import ExampleFile, WorkedExample, parse_examples
from rules.packs.pack_mapping import rename_for_use
from rules.packs.scheme import Scheme
from rules.packs.stated_facts import parse_stated_facts
from rules.proving import boundaries
from rules.proving.boundaries import DeclarationLocations
from rules.proving.example_run import ExampleRun, Expectation
from rules.proving.rulebook_index import RulebookIndex, index_rulebook
from rules.proving.scope import ProofScope, SchemeMaterial, whole_scope
from rules.reading.yaml_reader import KeyPath, YamlFile
from rules.values.evidence import Evidence
from rules.values.facts import CASE, DAY_OF_ACT, FactValue, kind_of_subject, split_address
from rules.values.suggestions import did_you_mean
from rules.values.text import list_first

_MAX_LISTED_CONTROLS = 6
REQUIRED_OUTCOMES = frozenset(["satisfied", "breached"])


@dataclass(slots=True)
class ExampleReport:
    """What the examples of a scheme prove, and every fault found.

    `equivalent_mutants` holds the wrong versions of the law that example files call the same as the right one, each
    with the reason. `runs` are the examples judged by the scheme without what further folders set in it;
    `override_runs` those written for such a setting, by the rulebook that has it. `unproved_boundaries` has each
    boundary of a setting that no example proves.
    """

    example_count: int = 0
    faults: list[Fault] = field(default_factory=list)
    outcomes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    runs: list[ExampleRun] = field(default_factory=list)
    equivalent_mutants: dict[str, str] = field(default_factory=dict)
    override_runs: dict[Rulebook, list[ExampleRun]] = field(default_factory=lambda: defaultdict(list))
    unproved_boundaries: list[Fault] = field(default_factory=list)
    has_faulty_shared_facts: bool = False


ProgressWatcher: TypeAlias = Callable[[Sequence[tuple[str, bytes]]], Iterable[tuple[str, bytes]]]
"""Shows which file of examples is being read: it takes the files and yields them one by one."""


def run_examples(
    material: SchemeMaterial, scope: ProofScope | None = None, watch: ProgressWatcher = iter
) -> ExampleReport:
    """Run the examples of a scheme, or those of a scope, and report every fault.

    A fault is an outcome that differs, a control that no example shows satisfied and breached, or, where all else is
    sound, a side of a boundary without an example.
    """
    covered = scope or whole_scope(material.scheme)
    report = ExampleReport()
    for name, data in watch(tuple(material.example_files.items())):
        try:
            parsed = parse_examples(data, name)
        except FileError as error:
            report.faults += error.faults
            continue
        source, example_file, faults = parsed
        if (renamed := rename_for_use(source, material.scheme.declaration.packs)) is not source:
            source = renamed
            example_file, own_faults = source.validate(ExampleFile)
            faults = tuple(own_faults)
        report.faults += faults
        if example_file is not None:
            report.equivalent_mutants |= example_file.equivalent
            # Examples of shared law stand on days of the law; a scheme may narrow a control to days of its own source.
            narrowed = material.narrowed_periods() if name.startswith("law/") else {}
            runner = _ExampleRunner(material.base.scheme, source, report, covered, narrowed)
            _run_file(runner, example_file, material.base)
    if not report.has_faulty_shared_facts:  # else examples were not run, and what they show is not known
        report.faults += _missing_outcome_faults(material, report, covered)
    # Where an outcome is wrong, its example proves nothing about a boundary.
    if not report.faults:
        _check_boundaries(material, report, covered)
    return report


def _run_file(runner: _ExampleRunner, example_file: ExampleFile, base_scheme: BaseScheme) -> None:
    """Run the examples of a file by the scheme that they were written for."""
    report = runner.report
    own = base_scheme.scheme_by_file.get(runner.source.name, base_scheme.scheme)
    if own is base_scheme.scheme:
        runner.run(example_file)
        return
    # Most examples of a setting hold without it too, and then prove what is not set.
    with_setting, without_setting = ExampleReport(outcomes=report.outcomes), ExampleReport()
    replace(runner, scheme=own, report=with_setting).run(example_file)
    replace(runner, report=without_setting).run(example_file)
    report.example_count += with_setting.example_count
    report.faults += with_setting.faults
    report.override_runs[own.rulebook] += with_setting.runs
    report.runs += without_setting.runs


def _check_boundaries(material: SchemeMaterial, report: ExampleReport, scope: ProofScope) -> None:
    """Report each side of a boundary without an example.

    Examples in a folder must prove what it sets over a scheme. A folder without any is only warned about it.
    """
    base = material.base.scheme.rulebook
    tested = boundaries.sides_with_examples(base, report.runs) | scope.proved_sides
    for rulebook, runs in report.override_runs.items():
        tested |= boundaries.sides_with_examples(rulebook, runs)
    locations = DeclarationLocations(material.pack_files, tuple(material.example_files))
    report.faults += boundaries.unreachable_row_faults(material.scheme.rulebook, locations)
    usual = boundaries.required_boundaries(index_rulebook(base)).keys()
    for side, fault in boundaries.untested_boundary_faults(material.scheme.rulebook, locations, tested).items():
        must_be_proved = side in usual or bool(report.override_runs)
        (report.faults if must_be_proved else report.unproved_boundaries).append(fault)


def _missing_outcome_faults(material: SchemeMaterial, report: ExampleReport, scope: ProofScope) -> Iterator[Fault]:
    """Yield a fault for each way in which no example shows a control, in the file where one could be added."""
    own = f"schemes/{material.scheme.id}/"
    place = next((name for name in material.example_files if name.startswith(own)), "")
    lacking = {
        control: sorted(REQUIRED_OUTCOMES - report.outcomes[control])
        for control, linked in material.scheme.rulebook.controls.items()
        if control in scope.controls and not linked.is_generated and REQUIRED_OUTCOMES - report.outcomes[control]
    }
    if lacking and not place:
        listed = list_first([*lacking], _MAX_LISTED_CONTROLS)
        message = f"is not there: add it, with examples that show each of these satisfied and breached: {listed}"
        yield Fault(f"{own}examples.yaml", 0, "", message)
        return
    for control, outcomes in lacking.items():
        yield from (Fault(place, 1, control, f"no example shows it {outcome}") for outcome in outcomes)


@dataclass(frozen=True)
class _ExampleRunner:
    """Runs the examples of one file by one scheme, and adds the results to a report."""

    scheme: Scheme
    source: YamlFile
    report: ExampleReport
    scope: ProofScope
    narrowed: Mapping[str, Period] = field(default_factory=dict)
    """The days to which the scheme's own source narrows controls, for a file that does not know of them."""

    @cached_property
    def index(self) -> RulebookIndex:
        return index_rulebook(self.scheme.rulebook)

    @cached_property
    def derived_names(self) -> frozenset[str]:
        return frozenset(fact.name for fact in self.scheme.rulebook.derived_facts)

    def run(self, example_file: ExampleFile) -> None:
        shared, faults = self._parse_facts(("shared",), example_file.shared)
        self.report.faults += faults
        is_sound = not faults
        self.report.has_faulty_shared_facts |= not is_sound
        names: set[str] = set()
        for place, example in enumerate(example_file.examples):
            if all(self._is_left_out(label) for label in example.then):
                continue
            at: KeyPath = ("examples", place)
            # Statements are checked in every example, so that none keeps a fact that a folder took away.
            stated, faults = self._parse_facts((*at, "given"), example.given)
            faults += self._unshared_name_faults(at, example, shared)
            if example.name in names:
                faults.append(self.source.fault_at((*at, "name"), "is the name of an example before it"))
            names.add(example.name)
            self.report.faults += faults
            if not self.scope.includes(self.source.name, example):
                continue
            self.report.example_count += 1
            if is_sound and not faults:
                kept = {address: fact for address, fact in shared.items() if not _is_named_by(address, example.without)}
                facts = {**self.scheme.authority_facts, DAY_OF_ACT: example.on, **kept, **stated}
                self.report.faults += self._outcome_faults(example, at, Evidence.from_parts(facts, {}))

    def _is_left_out(self, label: str) -> bool:
        """Whether the scheme leaves out the control that an example names."""
        return label.partition("@")[0] in self.scheme.declaration.left_out

    def _is_narrowed_away(self, control: Control, evidence: Evidence) -> bool:
        """Whether the scheme's own source does not reach to the day by whose law a control is judged."""
        period = self.narrowed.get(control.id)
        if period is None or period != control.declaration.in_force:
            return False
        day = evidence.case_facts.get(control.declaration.governed_by)
        return isinstance(day, date) and not period.includes(day)

    def _parse_facts(self, at: KeyPath, raw: object) -> tuple[dict[str, FactValue], list[Fault]]:
        """Return the facts stated at a place, and the faults found there; a derived fact may not be stated."""
        stated, faults = parse_stated_facts(self.source, at, raw, self.scheme.rulebook.facts)
        if DAY_OF_ACT in stated:
            message = "is the day of each example: take it out here, and write it in the example as `on: DAY`"
            faults.append(self.source.fault_at((*at, DAY_OF_ACT), message))
        derived = [address for address in stated if split_address(address)[0] in self.derived_names]
        message = "{} is worked out from other facts; state those"
        return stated, [*faults, *(self.source.fault_at(at, message.format(address)) for address in derived)]

    def _unshared_name_faults(self, at: KeyPath, example: WorkedExample, shared: Iterable[str]) -> Iterator[Fault]:
        for place, name in enumerate(example.without):
            if not any(_is_named_by(address, (name,)) for address in shared):
                yield self.source.fault_at((*at, "without", place), f"{name} is not among the shared facts")

    def _outcome_faults(self, example: WorkedExample, at: KeyPath, stated: Evidence) -> Iterator[Fault]:
        """Judge each control that an example names; yield a fault where it is unknown or its outcome differs."""
        rulebook = self.scheme.rulebook
        named = {label: found for label in example.then if (found := _find_control(rulebook, label, stated))}
        derived = self.index.derived_facts_behind(control.id for control, _ in named.values())
        evidence = add_derived_facts(stated, derived, rulebook.law)
        expectations: list[Expectation] = []
        is_right = True
        for label, outcome in example.then.items():
            if self._is_left_out(label):
                continue
            place = (*at, "then", label)
            if label not in named:
                advice = did_you_mean(label, _control_labels(rulebook, stated))
                yield self.source.fault_at(place, f"is no control and subject of this example. {advice}".strip())
                continue
            control, subject = named[label]
            judgement = judge_control(rulebook, control, subject, evidence)
            actual = judgement.verdicts[0].outcome
            if actual != outcome and self._is_narrowed_away(control, evidence):
                continue
            expectations.append(Expectation(control.id, subject, outcome))
            self.report.outcomes[control.id].add(actual)
            if actual != outcome:
                is_right = False
                reason = _format_reason(judgement.findings[0])
                yield self.source.fault_at(place, f"is {actual}, not {outcome} ({reason})")
        if is_right:
            self.report.runs.append(ExampleRun(example.name, self.source.name, tuple(expectations), evidence))


def _find_control(rulebook: Rulebook, label: str, evidence: Evidence) -> tuple[Control, str] | None:
    """Return the control and the subject that an example names, such as `foia.limb_stated@exemption:s43`."""
    name, _, subject = label.partition("@")
    control = rulebook.controls.get(name)
    if control is None:
        return None
    kind = control.declaration.of
    if kind == CASE:
        return (control, CASE) if label == name else None
    return (control, subject) if subject in evidence.subjects and kind_of_subject(subject) == kind else None


def _control_labels(rulebook: Rulebook, evidence: Evidence) -> Iterator[str]:
    """Yield every label that an example with some evidence may use."""
    for kind in (CASE, *rulebook.facts.subject_kinds):
        controls = [control.id for control in rulebook.controls.values() if control.declaration.of == kind]
        for subject in evidence.subjects_of_kind(kind):
            yield from (name if kind == CASE else f"{name}@{subject}" for name in controls)


def _is_named_by(address: str, names: Iterable[str]) -> bool:
    """Whether an address is one of some names, or of a subject that is."""
    return any(address == name or address.startswith(f"{name}.") for name in names)


def _format_reason(finding: Finding) -> str:
    """Return the facts that gave an outcome, in one line."""
    seen = [f"{fact.fact} {fact.expected}: {fact.actual or 'not known'}" for fact in finding.observed_facts]
    return "; ".join(seen) or "it compares no fact"
