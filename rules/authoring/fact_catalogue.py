"""The facts of a scheme that somebody states, and where each is used.

Listed are the facts that a paper may state and those that acts record. Those that are derived, given by the scheme or
stated by the workflow are not: nobody states them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from rules.errors import InputError
from rules.language.conditions import facts_in
from rules.language.schema_types import RawCondition
from rules.packs.document_schema import (
    BlockSpec,
    DocumentTemplate,
    VisibilityCondition,
    parse_visibility_condition,
)
from rules.packs.flow_schema import STAGE_FACTS
from rules.packs.scheme import Scheme
from rules.values.fact_table import FactTable
from rules.values.facts import CASE, FactDeclaration
from rules.values.suggestions import did_you_mean
from rules.values.text import quote

StatedBy: TypeAlias = Literal["paper", "act"]
BOTH_PARTS, PUBLIC_PART = (1, 2), (1,)


@dataclass(frozen=True, slots=True)
class FactEntry:
    """One fact that somebody states: how it is declared, who states it, in which parts, and what uses it.

    `subject_kind` is what it is a fact of: the case, or each exemption, recommendation and so on. `parts` has 2 where
    the fact may be confidential; what an act records of the case is always public.
    """

    fact: str
    declaration: FactDeclaration
    subject_kind: str
    stated_by: StatedBy
    parts: tuple[int, ...]
    recorded_by: tuple[str, ...]
    controls: tuple[str, ...]
    gates: tuple[str, ...]
    documents: tuple[tuple[str, int], ...]
    choice_groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Which of its choices belong to which choice of the fact in `choices_by`."""

    def _choices_by_as_json(self) -> dict[str, Any] | None:
        """The fact on which its choices depend, and those that belong to each choice of that; None for others."""
        if self.declaration.choices_by is None:
            return None
        groups = {group: list(choices) for group, choices in self.choice_groups.items()}
        return {"fact": self.declaration.choices_by.fact, "choices": groups}

    @property
    def document_names(self) -> list[str]:
        """The documents that show it, each with its part."""
        return [f"{kind} Part {part}" for kind, part in self.documents]

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        return {
            "fact": self.fact,
            "kind": self.declaration.kind,
            "label": self.declaration.label,
            "about": self.declaration.about,
            "unit": self.declaration.unit,
            "choices": dict(self.declaration.choices),
            "choices_by": self._choices_by_as_json(),
            "of": self.subject_kind,
            "stated_by": self.stated_by,
            "parts": list(self.parts),
            "recorded_by": list(self.recorded_by),
            "controls": list(self.controls),
            "gates": list(self.gates),
            "documents": [{"kind": kind, "part": part} for kind, part in self.documents],
        }


def list_facts(scheme: Scheme) -> tuple[FactEntry, ...]:
    """Return every fact that a paper may state or an act records, those of the case first, by name."""
    recorders = scheme.declaration.recorders_by_fact()
    recorded = scheme.act_recorded_facts
    controls = _controls_by_fact(scheme)
    documents = _documents_by_fact(scheme)
    kind_of = scheme.rulebook.facts.subject_kind_of
    stated = (fact for fact in scheme.rulebook.facts if fact in recorded or fact not in scheme.unstatable_facts)
    return tuple(
        FactEntry(
            fact=fact,
            declaration=scheme.rulebook.facts[fact],
            subject_kind=kind_of(fact),
            stated_by="act" if fact in recorded else "paper",
            parts=PUBLIC_PART if fact in recorded and kind_of(fact) == CASE else BOTH_PARTS,
            recorded_by=recorders.get(fact, ()),
            controls=tuple(controls[fact]),
            gates=_gates_of(scheme, controls[fact]),
            documents=tuple(dict.fromkeys(documents[fact])),
            choice_groups=scheme.rulebook.facts.choice_groups.get(fact, {}),
        )
        for fact in sorted(stated, key=lambda name: (kind_of(name) != CASE, name))
    )


def select_facts(entries: Iterable[FactEntry], names: Iterable[str], scheme: Scheme) -> tuple[FactEntry, ...]:
    """Return the entries of some facts; raises `InputError` for a name that is not among them."""
    by_name = {entry.fact: entry for entry in entries}
    return tuple(by_name[name] if name in by_name else _refuse(name, by_name, scheme) for name in names)


def _refuse(name: str, listed: Mapping[str, FactEntry], scheme: Scheme) -> FactEntry:
    """Raise `InputError` for a fact that nobody states, with the reason or the nearest name."""
    if name in scheme.rulebook.facts:
        why = "given by the scheme" if name in scheme.authority_facts else "worked out or recorded by assent itself"
        raise InputError(f"{name} is not stated by a paper or an act: it is {why}")
    near = did_you_mean(name, listed) or f"All are listed by: assent scheme facts {scheme.id}"
    raise InputError(f"{quote(name, 120)} is not a fact of {scheme.id}", near)


def _controls_by_fact(scheme: Scheme) -> dict[str, list[str]]:
    """Return the controls that rest on each fact, directly or through derived facts."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, control in scheme.rulebook.controls.items():
        for fact in scheme.rulebook.rules_for_controls(control).relevant_facts:
            found[fact].append(name)
    return found


def _gates_of(scheme: Scheme, controls: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(gate for name in controls for gate in scheme.rulebook.controls[name].declaration.gates))


def _documents_by_fact(scheme: Scheme) -> dict[str, list[tuple[str, int]]]:
    """Return the documents that show each fact, or are shown by it."""
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for template in scheme.declaration.documents:
        for fact in _facts_of_document(template, scheme.rulebook.facts):
            found[fact].append((template.kind, template.part))
    return found


def _facts_of_document(template: DocumentTemplate, facts: FactTable) -> Iterator[str]:
    yield from filter(None, (template.title, template.reference, template.marking_of))
    yield from (f"{template.decided_at}.{fact}" for fact in ("outcome", "on"))
    yield from _facts_of_visibility(template.when, facts)
    for block in template.blocks:
        yield from _facts_of_block(block, facts)
        yield from _facts_of_visibility(block.when, facts)


def _facts_of_block(block: BlockSpec, facts: FactTable) -> Iterator[str]:
    yield from (*block.facts(), *block.subject_facts())
    yield from _facts_of_visibility(block.where, facts)
    for stage in filter(None, (block.signature, *block.acts)):
        yield from (f"{stage}.{fact}" for fact in STAGE_FACTS)


def _facts_of_visibility(when: VisibilityCondition | RawCondition, facts: FactTable) -> Iterator[str]:
    if when:
        yield from facts_in(parse_visibility_condition(when, facts)[0])
