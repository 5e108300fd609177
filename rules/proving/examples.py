"""Worked examples: they prove that a scheme's controls say what they should, each in both directions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from rules.errors import Fault, FileError
from rules.judging.findings import Finding
from rules.judging.judge import judged
from rules.judging.rulebook import Rulebook
from rules.packs.bundle import Older
from rules.packs.example_schema import Example, ExampleFile
from rules.packs.linker import Part
from rules.packs.scheme import Scheme
from rules.packs.stated_facts import facts_stated
from rules.proving import boundaries
from rules.proving.boundaries import Homes
from rules.proving.example_run import Expectation, Shown
from rules.reading.yaml_reader import Path, Source, read
from rules.values.evidence import Evidence
from rules.values.facts import CASE, DAY_OF_ACT, FactValue, split_address
from rules.values.suggestions import did_you_mean

BOTH_WAYS = frozenset(["satisfied", "breached"])


@dataclass(slots=True)
class Proof:
    """What the examples of a scheme came to: how many there are, which faults, which outcomes, and what each showed.

    `equivalent` holds the wrong versions of the law that their files say mean the same as the right one. `shown` has
    what examples show of the scheme without what further folders set in it; `over` what those show that were written
    for such a setting, by the rulebook that has it. `unproved` names each boundary of a setting that no example proves.
    """

    examples: int = 0
    faults: list[Fault] = field(default_factory=list)
    outcomes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    shown: list[Shown] = field(default_factory=list)
    equivalent: dict[str, str] = field(default_factory=dict)
    over: dict[Rulebook, list[Shown]] = field(default_factory=lambda: defaultdict(list))
    unproved: list[Fault] = field(default_factory=list)


Watch: TypeAlias = Callable[[Sequence[tuple[str, bytes]]], Iterable[tuple[str, bytes]]]
"""How somebody is shown which file of examples is at work: it is handed the files, and hands them on one by one."""


def prove(
    scheme: Scheme,
    files: Mapping[str, bytes],
    parts: Sequence[Part],
    older: Older,
    watch: Watch = iter,
) -> Proof:
    """Run every example; a fault is an outcome that differs, or a control that none shows satisfied and breached.

    `files` are those of examples, `parts` the packs of the scheme. An example is asked of the scheme that it was
    written for, as `older` tells. Where all else is sound, the boundaries of the packs' tables are proved too.
    """
    proof = Proof()
    for name, data in watch(tuple(files.items())):
        try:
            source = read(data, name)
        except FileError as error:
            proof.faults += error.faults
            continue
        given, faults = source.validate(ExampleFile)
        proof.faults += faults
        if given is not None:
            proof.equivalent |= given.equivalent
            _run(source, given, older, proof)
    proof.faults += _unproven(scheme, files, proof)
    # Where an outcome is wrong, what its example shows of a boundary is worth nothing.
    if not proof.faults:
        _prove_boundaries(scheme, older.bare, Homes(tuple(parts), tuple(files)), proof)
    return proof


def _run(source: Source, given: ExampleFile, older: Older, proof: Proof) -> None:
    """Run the examples of a file, of the scheme that they were written for."""
    own = older.known.get(source.name, older.bare)
    if own is older.bare:
        _Prover(own, source, proof).run(given)
        return
    told, bare = Proof(outcomes=proof.outcomes), Proof()
    _Prover(own, source, told).run(given)
    _Prover(older.bare, source, bare).run(given)  # most hold whatever is set, and prove what is not
    proof.examples += told.examples
    proof.faults += told.faults
    proof.over[own.rulebook] += told.shown
    proof.shown += bare.shown


def _prove_boundaries(scheme: Scheme, bare: Scheme, homes: Homes, proof: Proof) -> None:
    """Whether an example stands on each side of every boundary.

    What is set over a scheme in a further folder has to be proved there where that folder has examples at all; where it
    has none, it is told what is not proved.
    """
    met = boundaries.met(bare.rulebook, proof.shown)
    for rulebook, shown in proof.over.items():
        met |= boundaries.met(rulebook, shown)
    proof.faults += boundaries.dead(scheme.rulebook, homes)
    proof.faults += boundaries.unmet(bare.rulebook, homes, met).values()
    if scheme is not bare:
        asked = boundaries.wanted(boundaries.Ground(bare.rulebook))
        further = boundaries.unmet(scheme.rulebook, homes, met | asked.keys())
        (proof.faults if proof.over else proof.unproved).extend(further.values())


def _unproven(scheme: Scheme, files: Mapping[str, bytes], proof: Proof) -> Iterator[Fault]:
    """A fault for each way in which no example shows a control, in the file where one could be added."""
    own = f"schemes/{scheme.id}/"
    place = next((name for name in files if name.startswith(own)), f"{own}examples.yaml")
    for control in scheme.rulebook.controls:
        for outcome in sorted(BOTH_WAYS - proof.outcomes[control]):
            yield Fault(place, 1, control, f"no example shows it {outcome}")


@dataclass(frozen=True, slots=True)
class _Prover:
    """Runs the examples of one file, and puts the outcome into a proof."""

    scheme: Scheme
    source: Source
    proof: Proof

    def run(self, given: ExampleFile) -> None:
        shared, faults = self._facts(("shared",), given.shared)
        self.proof.faults += faults
        sound = not faults
        for place, example in enumerate(given.examples):
            at: Path = ("examples", place)
            stated, faults = self._facts((*at, "given"), example.given)
            faults += self._not_shared(at, example, shared)
            faults += self._not_named_before(at, example, given.examples[:place])
            self.proof.examples += 1
            self.proof.faults += faults
            if sound and not faults:
                kept = {where: fact for where, fact in shared.items() if not _named(where, example.without)}
                facts = {**self.scheme.given, DAY_OF_ACT: example.on, **kept, **stated}
                self.proof.faults += self._differences(example, at, Evidence.gather(facts, {}))

    def _facts(self, at: Path, raw: object) -> tuple[dict[str, FactValue], list[Fault]]:
        """The facts stated at a place. Those that are worked out may not be: an example would prove nothing of them."""
        stated, faults = facts_stated(self.source, at, raw, self.scheme.rulebook.facts)
        derived = {fact.name for fact in self.scheme.rulebook.derived}
        worked_out = [where for where in stated if split_address(where)[0] in derived]
        message = "{} is worked out from other facts; state those"
        return stated, [*faults, *(self.source.fault(at, message.format(where)) for where in worked_out)]

    def _not_shared(self, at: Path, example: Example, shared: Iterable[str]) -> Iterator[Fault]:
        for place, name in enumerate(example.without):
            if not any(_named(where, (name,)) for where in shared):
                yield self.source.fault((*at, "without", place), f"{name} is not among the shared facts")

    def _not_named_before(self, at: Path, example: Example, before: Iterable[Example]) -> Iterator[Fault]:
        if example.name in (other.name for other in before):
            yield self.source.fault((*at, "name"), "is the name of an example before it")

    def _differences(self, example: Example, at: Path, evidence: Evidence) -> Iterator[Fault]:
        whole = judged(self.scheme.rulebook, None, evidence)
        found = {_at(verdict.control, verdict.subject): verdict for verdict in whole.verdicts}
        asked: list[Expectation] = []
        wrong = False
        for where, outcome in example.then.items():
            place = (*at, "then", where)
            verdict = found.get(where)
            if verdict is None:
                message = f"is no control and subject of this example. {did_you_mean(where, found)}"
                yield self.source.fault(place, message.strip())
                continue
            asked.append(Expectation(verdict.control, verdict.subject, outcome))
            self.proof.outcomes[verdict.control].add(verdict.outcome)
            if verdict.outcome != outcome:
                wrong = True
                finding = whole.findings[whole.verdicts.index(verdict)]
                yield self.source.fault(place, f"is {verdict.outcome}, not {outcome} ({_why(finding)})")
        if not wrong:
            self.proof.shown.append(Shown(example.name, self.source.name, tuple(asked), whole.evidence))


def _at(control: str, subject: str) -> str:
    """A control by its name in an example: with its subject, where that is not the case."""
    return control if subject == CASE else f"{control}@{subject}"


def _named(where: str, names: Iterable[str]) -> bool:
    """Whether an address is one of some names, or of a subject that is."""
    return any(where == name or where.startswith(f"{name}.") for name in names)


def _why(finding: Finding) -> str:
    """What gave an outcome, in one line."""
    seen = [f"{seen.fact} {seen.expected}: {seen.actual or 'not known'}" for seen in finding.facts]
    return "; ".join(seen) or "nothing was asked"
