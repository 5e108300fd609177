"""Read the facts that a file states: `title: ...` of the case, `exemption: {s43: {section: ...}}` of its subjects.

Invariants:
- Every fault is reported with its place in the file; one wrong fact does not hide another.
- A value is taken only if its fact is declared and the value is of the declared kind.
- In files of rules names and values are exact. A paper is read as officers type: by what is plainly meant.
- In a paper that is being filled in, a blank text is an answer that is not given yet: neither a value nor a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from rules.errors import Fault, InputError
from rules.reading.yaml_reader import KeyPath, YamlFile
from rules.values.bounds import LOW, Bounds, parse_bounds
from rules.values.fact_table import FactTable
from rules.values.facts import CASE, SUBJECT_KEY, FactValue, address_of, is_address, subject_of_address
from rules.values.suggestions import did_you_mean

MAX_FACTS = 2_000
MAX_SUGGESTIONS = 20
"""How many faults may suggest a similar name: the search is slow, and a file of nonsense has a fault in every line."""


class AsTyped(NamedTuple):
    """The reading of a file that officers write: by what is plainly meant.

    `suggest_fact` suggests a fact for an unknown name. With `allow_unanswered`, a blank text is an answer that is not
    given yet. With `allow_bounds`, a day or an amount may be given by its bounds: `before 24 February 2025`.
    """

    suggest_fact: Callable[[str], str]
    allow_unanswered: bool = False
    allow_bounds: bool = False


def parse_stated_facts(
    source: YamlFile, at: KeyPath, raw: object, declarations: FactTable, as_typed: AsTyped | None = None
) -> tuple[dict[str, FactValue], list[Fault]]:
    """The facts under one key of a file by address, and every fault in them.

    Without `as_typed`, names and values are exact.
    """
    if not isinstance(raw, dict):
        return {}, [source.fault_at(at, "must be a mapping of facts to their values")]
    stated = list(_flatten(raw, at, declarations.subject_kinds))
    if len(stated) > MAX_FACTS:
        return {}, [source.fault_at(at, f"states {len(stated):,} facts; at most {MAX_FACTS:,} are taken")]
    facts: dict[str, FactValue] = {}
    faults: list[Fault] = []
    suggest = as_typed.suggest_fact if as_typed else lambda name: did_you_mean(name, declarations)
    for one in _find_meant_facts(stated, declarations, as_typed) if as_typed else stated:
        if one.address in facts or one.address + LOW in facts:
            faults.append(source.fault_at(one.key_path, f"states {one.address} again; state it once"))
            continue
        near = suggest if len(faults) < MAX_SUGGESTIONS else _suggest_nothing
        try:
            one.refuse_unknown_name(declarations, near)
            bounds = one.parse_bounds(declarations) if as_typed and as_typed.allow_bounds else None
            if bounds:
                facts |= bounds.as_facts(one.address)
            else:
                facts[one.address] = one.parse_typed(declarations, facts) if as_typed else one.coerce(declarations)
        except InputError as error:
            faults.append(source.fault_at(one.key_path, f"{error.message}. {error.advice()}".rstrip(". ")))
    return facts, faults


def _find_meant_facts(stated: Iterable[_StatedFact], declarations: FactTable, as_typed: AsTyped) -> list[_StatedFact]:
    """Return facts with the names that are meant, without those that are not answered yet."""
    meant = [one.find_meant(declarations) for one in stated]
    answered = [one for one in meant if not (as_typed.allow_unanswered and one.is_unanswered(declarations))]
    # What a choice depends on is read first, so that an error can list the choices that it leaves.
    return sorted(answered, key=lambda one: one.fact in declarations.choice_groups)


class _StatedFact(NamedTuple):
    """One fact as a file states it; `subject_key` is empty for a fact of the case."""

    fact: str
    subject_key: str
    raw_value: object
    key_path: KeyPath

    @property
    def address(self) -> str:
        return address_of(self.fact, self.subject_key)

    def is_unanswered(self, declarations: FactTable) -> bool:
        """Whether a known name stands there without an answer."""
        is_known = self.fact in declarations or self.fact in declarations.subject_kinds
        return is_known and isinstance(self.raw_value, str) and not self.raw_value.strip()

    def find_meant(self, declarations: FactTable) -> _StatedFact:
        """The same with the names that are meant: `Section` of `S43` for `exemption.section` of `s43`."""
        if self.fact in declarations and not self.subject_key:
            return self
        kind, _, name = self.fact.partition(".")
        if not self.subject_key:
            return self._replace(fact=declarations.find_address(self.fact) or self.fact)
        fact = self.fact if self.fact in declarations else declarations.find_fact_of(kind, name)
        return self._replace(fact=fact or self.fact, subject_key=self.subject_key.casefold())

    def coerce(self, declarations: FactTable) -> FactValue:
        """The value as rules write it; raises `InputError` if it is not of the declared kind."""
        return declarations[self.fact].coerce(self.raw_value)

    def parse_typed(self, declarations: FactTable, facts: Mapping[str, FactValue]) -> FactValue:
        """The value as officers type it; `facts` are those that were read before, by address."""
        if not isinstance(self.raw_value, str):
            return self.coerce(declarations)
        limiting = facts.get(declarations.limiting_address(self.fact, self.subject_key))
        return declarations.parse_typed(self.fact, self.raw_value, limiting)

    def parse_bounds(self, declarations: FactTable) -> Bounds | None:
        """The bounds of a day or an amount as officers type them; None for anything else."""
        return parse_bounds(self.raw_value, declarations[self.fact]) if isinstance(self.raw_value, str) else None

    def refuse_unknown_name(self, declarations: FactTable, suggest: Callable[[str], str]) -> None:
        """Raise `InputError` if no such fact is declared, or it cannot belong to such a subject."""
        if self.fact in declarations.subject_kinds:
            raise InputError(
                f"must be a mapping of each {self.fact} to its facts{_format_example(self.fact, declarations)}"
            )
        if not self.subject_key and declarations.subject_kind_of(self.fact) != CASE:
            declarations.split_address(self.fact)  # raises with advice on how to name the subject
        if self.fact not in declarations:
            raise _unknown_fact_error(self.fact, suggest)
        if self.subject_key and not SUBJECT_KEY.fullmatch(self.subject_key):
            raise InputError("is not the key of a subject: use small letters, digits, _ and -")


def _format_example(kind: str, declarations: FactTable) -> str:
    """An example of how to write a subject of a kind, with the first choice that one of its facts has."""
    for fact, declaration in declarations.items():
        if declarations.subject_kind_of(fact) == kind and declaration.choices and not declaration.choices_of:
            choice = next(iter(declaration.choices))
            return f", such as {choice}: {{{fact.partition('.')[2]}: {choice}}}"
    return ""


def _suggest_nothing(_name: str) -> str:
    return ""


def _unknown_fact_error(fact: str, suggest: Callable[[str], str]) -> InputError:
    if is_address(fact) and ":" in fact:
        kind, key = subject_of_address(fact).split(":")
        nested = f"`{kind}: {{{key}: {{{fact.partition('.')[2]}: VALUE}}}}`"
        return InputError(f"is an address, as commands take it; in a file, write it as {nested}")
    return InputError("is not a fact that is known here", suggest(fact))


def _flatten(raw: dict[str, Any], at: KeyPath, subject_kinds: Collection[str]) -> Iterator[_StatedFact]:
    for name, inner in raw.items():
        if name not in subject_kinds:
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
