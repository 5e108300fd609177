"""Facts as a file states them: `title: ...` of the case, `exemption: {s43: {section: ...}}` of its subjects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from rules.errors import Fault, InputError
from rules.packs.document_schema import BODY
from rules.reading.yaml_reader import Path, Source
from rules.values.facts import CASE, KEY, SUBJECTS, FactDeclaration, FactValue, address, split_address, subject_of
from rules.values.suggestions import did_you_mean

MAX_FACTS = 2_000
SUGGESTED = 20


def facts_stated(
    source: Source, at: Path, raw: object, declared: Mapping[str, FactDeclaration]
) -> tuple[dict[str, FactValue], list[Fault]]:
    """The facts under one key of a file, by address, and every fault found in them."""
    if not isinstance(raw, dict):
        return {}, [source.fault(at, "must be a mapping of facts to what is stated of them")]
    stated = list(_flat(raw, at))
    if len(stated) > MAX_FACTS:
        return {}, [source.fault(at, f"states {len(stated):,} facts; at most {MAX_FACTS:,} are taken")]
    facts: dict[str, FactValue] = {}
    faults: list[Fault] = []
    for one in stated:
        try:
            facts[one.where] = one.accepted(declared, suggest=len(faults) < SUGGESTED)
        except InputError as error:
            faults.append(source.fault(one.place, error.message))
    return facts, faults


class _Stated(NamedTuple):
    """One fact as a file states it: of which subject (its key, or nothing for the case), what, and where."""

    fact: str
    key: str
    given: object
    place: Path

    @property
    def where(self) -> str:
        return address(self.fact, self.key)

    def accepted(self, declared: Mapping[str, FactDeclaration], *, suggest: bool) -> FactValue:
        """The value, if its fact is one of those declared; raises `InputError`."""
        if self.fact in SUBJECTS:
            raise InputError(f"must be a mapping of each {self.fact} to its facts{_such_as(self.fact, declared)}")
        if not self.key and subject_of(self.fact) != CASE:
            split_address(self.fact)
        if self.fact not in declared:
            raise _unknown(self.fact, declared, suggest=suggest)
        if self.key and not KEY.fullmatch(self.key):
            raise InputError("is not the key of a subject: use small letters, digits, _ and -")
        return declared[self.fact].accept(self.given)


def _such_as(kind: str, declared: Mapping[str, FactDeclaration]) -> str:
    """An example of how a subject of a kind is written, by the first choice that is declared of it.

    A recommendation is written by the body that is asked, as a document shows it.
    """
    for fact in (BODY, *declared):
        told = declared.get(fact)
        if told and subject_of(fact) == kind and told.choices and not told.choices_of:
            choice = next(iter(told.choices))
            return f", such as {choice}: {{{fact.partition('.')[2]}: {choice}}}"
    return ""


def _unknown(fact: str, declared: Iterable[str], *, suggest: bool) -> InputError:
    near = did_you_mean(fact, declared) if suggest else ""
    return InputError(f"is not a fact that is known here. {near}".strip())


def _flat(raw: dict[str, Any], at: Path) -> Iterator[_Stated]:
    for name, inner in raw.items():
        if name not in SUBJECTS:
            yield _Stated(name, "", inner, (*at, name))
        elif isinstance(inner, dict) and inner:
            for key, facts in inner.items():
                yield from _of_subject(name, key, facts, (*at, name, key))
        else:
            yield _Stated(name, "", inner, (*at, name))


def _of_subject(kind: str, key: str, facts: object, place: Path) -> Iterator[_Stated]:
    if isinstance(facts, dict) and facts:
        for name, given in facts.items():
            yield _Stated(f"{kind}.{name}", key, given, (*place, name))
    else:
        yield _Stated(kind, key, facts, place)
