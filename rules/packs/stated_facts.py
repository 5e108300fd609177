"""Facts as a file states them: `title: ...` of the case, `exemption: {s43: {section: ...}}` of its subjects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from rules.errors import Fault, InputError
from rules.packs.document_schema import RECOMMENDATION_BODY
from rules.reading.yaml_reader import KeyPath, YamlFile
from rules.values.facts import (
    CASE,
    SUBJECT_KEY,
    SUBJECT_KINDS,
    FactDeclaration,
    FactValue,
    address_of,
    split_address,
    subject_kind_of,
)
from rules.values.suggestions import did_you_mean

MAX_FACTS = 2_000
MAX_SUGGESTIONS = 20


def parse_stated_facts(
    source: YamlFile, at: KeyPath, raw: object, declarations: Mapping[str, FactDeclaration]
) -> tuple[dict[str, FactValue], list[Fault]]:
    """The facts under one key of a file, by address, and every fault found in them."""
    if not isinstance(raw, dict):
        return {}, [source.fault_at(at, "must be a mapping of facts to what is stated of them")]
    stated = list(_flatten(raw, at))
    if len(stated) > MAX_FACTS:
        return {}, [source.fault_at(at, f"states {len(stated):,} facts; at most {MAX_FACTS:,} are taken")]
    facts: dict[str, FactValue] = {}
    faults: list[Fault] = []
    for one in stated:
        try:
            facts[one.address] = one.parse(declarations, suggest=len(faults) < MAX_SUGGESTIONS)
        except InputError as error:
            faults.append(source.fault_at(one.key_path, error.message))
    return facts, faults


class _StatedFact(NamedTuple):
    """One fact as a file states it: of which subject (its key, or nothing for the case), what, and where."""

    fact: str
    subject_key: str
    raw_value: object
    key_path: KeyPath

    @property
    def address(self) -> str:
        return address_of(self.fact, self.subject_key)

    def parse(self, declarations: Mapping[str, FactDeclaration], *, suggest: bool) -> FactValue:
        """The value, if its fact is one of those declared; raises `InputError`."""
        if self.fact in SUBJECT_KINDS:
            raise InputError(
                f"must be a mapping of each {self.fact} to its facts{_format_example(self.fact, declarations)}"
            )
        if not self.subject_key and subject_kind_of(self.fact) != CASE:
            split_address(self.fact)
        if self.fact not in declarations:
            raise _unknown_fact_error(self.fact, declarations, suggest=suggest)
        if self.subject_key and not SUBJECT_KEY.fullmatch(self.subject_key):
            raise InputError("is not the key of a subject: use small letters, digits, _ and -")
        return declarations[self.fact].coerce(self.raw_value)


def _format_example(kind: str, declarations: Mapping[str, FactDeclaration]) -> str:
    """An example of how a subject of a kind is written, by the first choice that is declared of it.

    A recommendation is written by the body that is asked, as a document shows it.
    """
    for fact in (RECOMMENDATION_BODY, *declarations):
        told = declarations.get(fact)
        if told and subject_kind_of(fact) == kind and told.choices and not told.choices_of:
            choice = next(iter(told.choices))
            return f", such as {choice}: {{{fact.partition('.')[2]}: {choice}}}"
    return ""


def _unknown_fact_error(fact: str, declared_names: Iterable[str], *, suggest: bool) -> InputError:
    near = did_you_mean(fact, declared_names) if suggest else ""
    return InputError(f"is not a fact that is known here. {near}".strip())


def _flatten(raw: dict[str, Any], at: KeyPath) -> Iterator[_StatedFact]:
    for name, inner in raw.items():
        if name not in SUBJECT_KINDS:
            yield _StatedFact(name, "", inner, (*at, name))
        elif isinstance(inner, dict) and inner:
            for key, facts in inner.items():
                yield from _flatten_subject(name, key, facts, (*at, name, key))
        else:
            yield _StatedFact(name, "", inner, (*at, name))


def _flatten_subject(kind: str, subject_key: str, facts: object, key_path: KeyPath) -> Iterator[_StatedFact]:
    if isinstance(facts, dict) and facts:
        for name, given in facts.items():
            yield _StatedFact(f"{kind}.{name}", subject_key, given, (*key_path, name))
    else:
        yield _StatedFact(kind, subject_key, facts, key_path)
