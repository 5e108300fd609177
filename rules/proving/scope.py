"""The scope of a proof: all of a scheme, or only what a folder of packs changes in it.

A change is measured against a baseline: the same scheme without the folder, whose own proof covers the rest. A scope
leaves out no more than that proof covers: controls that are declared as before and rest on what is declared as before,
and sides of boundaries that the baseline requires too, while the examples that prove them stand as before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rules.language.derivation_schema import DerivedDeclaration
from rules.language.schema_types import Period
from rules.packs.bundle import BaseScheme
from rules.packs.example_schema import WorkedExample, read_examples
from rules.packs.pack_file import PackFile
from rules.packs.scheme import Scheme
from rules.proving.boundaries import BoundarySide, required_boundaries
from rules.proving.pack_library import PackLibrary
from rules.proving.rulebook_index import RulebookIndex, index_rulebook
from rules.reading.yaml_reader import YamlFile


@dataclass(frozen=True, slots=True)
class ProofScope:
    """What of a scheme is to be proved.

    `controls` must each be shown satisfied and breached. Examples that name `proved_controls` alone are not run, unless
    they stand in `changed_files`; `proved_sides` of boundaries need no example. `changes` names what a folder changes.
    """

    controls: frozenset[str]
    proved_controls: frozenset[str] = frozenset()
    proved_sides: frozenset[BoundarySide] = frozenset()
    changed_files: frozenset[str] = frozenset()
    changes: tuple[str, ...] = ()
    is_whole: bool = False

    def includes(self, file: str, example: WorkedExample) -> bool:
        """Whether an example of a file is run: one that names an unknown control always is."""
        if file in self.changed_files:
            return True
        return not all(_control_name(label) in self.proved_controls for label in example.then)


@dataclass(frozen=True, slots=True)
class SchemeMaterial:
    """A scheme with everything that its proof reads."""

    scheme: Scheme
    base: BaseScheme
    head: YamlFile
    pack_files: tuple[PackFile, ...]
    example_files: Mapping[str, bytes]

    @classmethod
    def load(cls, library: PackLibrary, name: str) -> SchemeMaterial:
        """Return the material of a scheme; raises `PackError` with every fault, `InputError` if it is unknown."""
        parsed = library.bundle(name).parse()
        scheme, base, examples = library.scheme(name), library.base_scheme(name), library.example_files(name)
        return cls(scheme, base, parsed.head, parsed.pack_files, examples)

    @property
    def index(self) -> RulebookIndex:
        """The index of the scheme's rulebook."""
        return index_rulebook(self.scheme.rulebook)

    def narrowed_periods(self) -> dict[str, Period]:
        """Return the days to which own sources under `cites` narrow controls, by control."""
        cited = (item for part in self.pack_files for item in part.pack.cites.items())
        return {name: own.in_force for name, own in cited if own.in_force is not None}

    def derived_declarations(self) -> dict[str, DerivedDeclaration]:
        """How each derived fact is declared."""
        return {name: fact for part in self.pack_files for name, fact in part.pack.derived.items()}


def whole_scope(scheme: Scheme) -> ProofScope:
    """Return the scope of all that a scheme has."""
    return ProofScope(frozenset(scheme.rulebook.controls), is_whole=True)


def changed_files(library: PackLibrary, baseline: PackLibrary, name: str) -> frozenset[str]:
    """Return the files of a scheme, its examples among them, that a baseline has not or has otherwise."""
    files = library.bundle(name).files.keys() | library.example_files(name).keys()
    return frozenset(file for file in files if library.files[file] != baseline.files.get(file))


def scope_of_changes(current: SchemeMaterial, baseline: SchemeMaterial, changed: frozenset[str]) -> ProofScope:
    """Return the scope of what `changed` files change in a scheme, beside the scheme of a baseline."""
    if _has_other_frame(current.scheme, baseline.scheme):
        return whole_scope(current.scheme)
    changes = _changed_names(current, baseline)
    replaced = {file: data for file, data in baseline.example_files.items() if file in changed}
    stale = {_control_name(label) for _, example in read_examples(replaced) for label in example.then}
    controls = {name for name in current.index.comparers if not _names_read(current.index, name).isdisjoint(changes)}
    controls |= stale & current.index.comparers.keys()
    proved = _proved_sides(baseline.index, stale)
    required = _required_sides(current) - proved
    names = {side.name for side in required}
    again = {name for name in current.index.comparers if not current.index.names_behind(name).isdisjoint(names)}
    return ProofScope(
        controls=frozenset(controls),
        proved_controls=frozenset(current.index.comparers.keys() - controls - again),
        proved_sides=proved,
        changed_files=changed,
        changes=tuple(sorted(changes)),
    )


def _has_other_frame(scheme: Scheme, baseline: Scheme) -> bool:
    """Whether a scheme has another head or calendar, on which any of its controls may rest."""
    other_calendar = scheme.rulebook.law.calendar != baseline.rulebook.law.calendar
    return other_calendar or scheme.declaration != baseline.declaration


def _changed_names(current: SchemeMaterial, baseline: SchemeMaterial) -> frozenset[str]:
    """Return the controls, values, derived facts and facts that are declared otherwise than in a baseline."""
    before = _declarations(baseline)
    return frozenset(
        name
        for kind, declared in _declarations(current).items()
        for name, declaration in declared.items()
        if before[kind].get(name) != declaration
    )


def _declarations(material: SchemeMaterial) -> dict[str, Mapping[str, object]]:
    rulebook = material.scheme.rulebook
    return {
        "controls": {name: control.declaration for name, control in rulebook.controls.items()},
        "values": rulebook.law.values,
        "derived": material.derived_declarations(),
        "facts": rulebook.facts,
    }


def _names_read(index: RulebookIndex, control: str) -> frozenset[str]:
    """Return everything that decides the outcome of a control, by name."""
    values = index.rulebook.law.values
    behind = index.names_behind(control)
    derived = index.derived_dependencies[control]
    selectors = (fact for name in behind if name in values for fact in values[name].by)
    return behind.union(index.rulebook.controls[control].facts, *(fact.inputs for fact in derived), selectors)


def _required_sides(material: SchemeMaterial) -> set[BoundarySide]:
    """Return the sides that need an example, with what is set or cited and without it."""
    rulebooks = {material.scheme.rulebook, material.base.scheme.rulebook}
    return {side for rulebook in rulebooks for side in required_boundaries(index_rulebook(rulebook))}


def _proved_sides(baseline: RulebookIndex, stale_controls: Iterable[str]) -> frozenset[BoundarySide]:
    """Return the sides that a baseline proves, without those whose examples may be gone."""
    known = (control for control in stale_controls if control in baseline.comparers)
    stale = frozenset[str]().union(*map(baseline.names_behind, known))
    return frozenset(side for side in required_boundaries(baseline) if side.name not in stale)


def _control_name(label: str) -> str:
    """Return the control that an example names, without its subject."""
    return label.partition("@")[0]
