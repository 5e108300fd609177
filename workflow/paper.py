"""Papers: what an author submits, as a YAML file with a public and a confidential part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rules.errors import Fault, FileError
from rules.facts import FactDeclaration, FactValue
from rules.reading import Path, Source, read
from rules.scheme import Scheme
from rules.statement import facts_stated
from workflow.life import IN_BOTH_PARTS, NOT_STATED
from workflow.unspoken import faults_unspoken, unspoken

PUBLIC, EXEMPT = "public", "exempt"


@dataclass(frozen=True, slots=True)
class Paper:
    """The facts of a paper by address: those of Part 1 and those of Part 2."""

    public: Mapping[str, FactValue]
    exempt: Mapping[str, FactValue]


def read_paper(text: bytes, name: str, scheme: Scheme) -> Paper:
    """The paper in a YAML file with the keys `public` and `exempt`; raises `FileError` with every fault at once."""
    try:
        source = read(text, name, through=True)
    except FileError as error:
        raise FileError(faults_unspoken(error.faults, EXEMPT)) from None
    declared = scheme.rulebook.facts
    public, faults = _part(source, PUBLIC, declared, scheme)
    exempt, further = _part(source, EXEMPT, unspoken(declared), scheme)
    faults += [*further, *_shape_faults(source)]
    for where in sorted(public.keys() & exempt.keys()):
        faults.append(source.fault(_place(EXEMPT, where), IN_BOTH_PARTS))
    if told := faults_unspoken(source.and_further(faults), EXEMPT):
        raise FileError(told)
    return Paper(public, exempt)


def _part(
    source: Source, part: str, declared: Mapping[str, FactDeclaration], scheme: Scheme
) -> tuple[dict[str, FactValue], list[Fault]]:
    facts, faults = facts_stated(source, (part,), source.data.get(part, {}), declared)
    return facts, [*faults, *_unstatable(source, part, facts, scheme)]


def _shape_faults(source: Source) -> list[Fault]:
    unknown = [key for key in source.data if key not in (PUBLIC, EXEMPT)]
    found = [source.fault((key,), "is not a key of a paper: there are public and exempt") for key in unknown]
    return found if PUBLIC in source.data else [*found, source.fault((), "has no key public")]


def _place(part: str, where: str) -> Path:
    """Where in the file the fact at an address is stated: that of a subject stands under its kind and its key."""
    kind, colon, rest = where.partition(":")
    key, _, fact = rest.partition(".")
    return (part, kind, key, fact) if colon else (part, where)


def _unstatable(source: Source, part: str, facts: Mapping[str, FactValue], scheme: Scheme) -> list[Fault]:
    return [source.fault(_place(part, where), NOT_STATED) for where in facts if not scheme.is_stated(where)]
