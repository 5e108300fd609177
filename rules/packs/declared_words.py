"""Gather the gates and kinds of subject that the files of a scheme declare, and find words that none declares.

Invariants:
- A word is declared once among the packs and the head of a scheme. What the language of a file gives by itself may be
  declared again: the declaration counts.
- `amend`, `audit` and `audit_elsewhere` are gates of commands: every scheme has them, and no file declares them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from rules.errors import Fault
from rules.language.coverage_schema import CoverageRow
from rules.language.pack_schema import ControlDeclaration, DiaryDeclaration, Pack
from rules.language.vocabulary import GateDeclaration, SubjectKindDeclaration, Vocabulary
from rules.packs.flow_schema import AMEND, AUDIT, AUDIT_ELSEWHERE
from rules.packs.language_versions import LANGUAGE_VERSIONS
from rules.packs.scheme_schema import SchemeDeclaration
from rules.reading.yaml_reader import KeyPath, YamlFile
from rules.values.facts import CASE
from rules.values.suggestions import describe_unknown

T = TypeVar("T")
RESERVED_PREFIXES = (CASE, "act", "opened", "entered", AUDIT)
"""Prefixes of the facts that the workflow records; no stage or kind of subject may have such a name."""
CONDITION_GROUPS = ("all", "any", "none")
BUILT_IN_GATES: Mapping[str, GateDeclaration] = {
    AMEND: GateDeclaration(
        label="Amendment",
        about="Somebody changes the paper with `assent case amend`. No action names this gate: it is always there.",
    ),
    AUDIT: GateDeclaration(
        label="Audit",
        about="An auditor looks at the case with `assent audit`. No action passes this gate.",
    ),
    AUDIT_ELSEWHERE: GateDeclaration(
        label="Audit of a case decided elsewhere",
        about="An auditor looks at a case that was not recorded here. No action passes this gate.",
    ),
}


class WordSource(NamedTuple):
    """A pack or the head of a scheme, with the file that it was read from."""

    source: YamlFile
    declaration: Pack | SchemeDeclaration


def collect_vocabulary(word_sources: Iterable[WordSource]) -> tuple[Vocabulary, list[Fault]]:
    """Return all gates and kinds of subject that some files declare, and every fault in the declarations."""
    sources = list(word_sources)
    languages = [LANGUAGE_VERSIONS[each.declaration.language] for each in sources]
    gates, kinds = dict(BUILT_IN_GATES), dict[str, SubjectKindDeclaration]()
    for language in languages:  # first of all, so that their order does not depend on that of the files
        gates |= language.gates
        kinds |= language.subject_kinds
    declared_gates = _Registry(gates, dict.fromkeys(BUILT_IN_GATES, "assent itself"))
    declared_kinds = _Registry(kinds, {})
    faults: list[Fault] = []
    for source, declaration in sources:
        faults += declared_gates.declare(source, "gates", declaration.gates)
        faults += declared_kinds.declare(source, "subjects", declaration.subjects)
        for name in declaration.subjects:
            if name in (*RESERVED_PREFIXES, *CONDITION_GROUPS):
                faults.append(source.fault_at(("subjects", name), "is a name that facts use; choose another"))
    return Vocabulary(gates, kinds), faults


@dataclass(slots=True)
class _Registry:
    """Words of one sort, and the file in which each was declared first."""

    words: dict[str, Any]
    declared_in: dict[str, str]

    def declare(self, source: YamlFile, section: str, words: Mapping[str, T]) -> Iterator[Fault]:
        """Add words; yield a fault for each that was declared before."""
        for name, word in words.items():
            first = self.declared_in.setdefault(name, source.name)
            if first != source.name:
                yield source.fault_at((section, name), f"is declared already, by {first}: leave it out here")
            else:
                self.words[name] = word


def unknown_word_faults(source: YamlFile, pack: Pack, vocabulary: Vocabulary) -> Iterator[Fault]:
    """Yield a fault for each gate or kind of subject that a pack uses and that no file declares."""
    for name, control in pack.controls.items():
        yield from _control_faults(source, ("controls", name), control, vocabulary)
    for name, row in pack.coverage.items():
        yield from _control_faults(source, ("coverage", name), row, vocabulary)
    yield from unknown_diary_kind_faults(source, pack.diary, vocabulary)
    for name, derived in pack.derived.items():
        if derived.count and derived.count.of not in vocabulary.subject_kinds:
            message = describe_unknown(derived.count.of, "kind of subject", vocabulary.subject_kinds)
            yield source.fault_at(("derived", name, "count", "of"), message)


def unknown_diary_kind_faults(
    source: YamlFile, diary: Mapping[str, DiaryDeclaration], vocabulary: Vocabulary
) -> Iterator[Fault]:
    """Yield a fault for each day of a diary that belongs to an unknown kind of subject."""
    for name, day in diary.items():
        yield from unknown_kind_faults(source, ("diary", name, "of"), day.of, vocabulary)


def _control_faults(
    source: YamlFile, at: KeyPath, control: ControlDeclaration | CoverageRow, vocabulary: Vocabulary
) -> Iterator[Fault]:
    yield from unknown_kind_faults(source, (*at, "of"), control.of, vocabulary)
    for place, gate in enumerate(control.gates):
        yield from unknown_gate_faults(source, (*at, "gates", place), gate, vocabulary)


def unknown_kind_faults(source: YamlFile, at: KeyPath, kind: str, vocabulary: Vocabulary) -> Iterator[Fault]:
    """Yield a fault if a kind is neither the case nor a declared kind of subject."""
    known = (CASE, *vocabulary.subject_kinds)
    if kind not in known:
        yield source.fault_at(at, describe_unknown(kind, "kind of subject", known))


def unknown_gate_faults(source: YamlFile, at: KeyPath, gate: str, vocabulary: Vocabulary) -> Iterator[Fault]:
    """Yield a fault if no file declares a gate."""
    if gate not in vocabulary.gates:
        yield source.fault_at(at, describe_unknown(gate, "gate", vocabulary.gates))


def unknown_role_faults(source: YamlFile, at: KeyPath, named: Iterable[str], roles: Collection[str]) -> Iterator[Fault]:
    """Yield a fault for each role that a scheme names and does not declare."""
    for role in named:
        if role not in roles:
            yield source.fault_at(at, describe_unknown(role, "role", roles))
