"""Papers: what an author submits, as a YAML file with a public and a confidential part.

A paper that is entered after the fact also names its scheme and the stage to which its case had come, and has a part
`recorded` with what the acts recorded: who decided what on which day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from rules.errors import Fault, FileError, InputError
from rules.packs.scheme import Scheme
from rules.packs.stated_facts import facts_stated
from rules.reading.yaml_reader import Path, Source, read
from rules.values.facts import FactDeclaration, FactValue, split_address
from rules.values.suggestions import did_you_mean
from rules.values.text import quoted
from workflow.cases.life import NOT_RECORDED, NOT_STATED
from workflow.cases.redacted_errors import faults_unspoken, unspoken
from workflow.cases.review import IN_BOTH_PARTS

PUBLIC, EXEMPT, RECORDED = "public", "exempt", "recorded"
_PAST = ("scheme", "stage", RECORDED)
_SPOKEN = (PUBLIC, *_PAST)


@dataclass(frozen=True, slots=True)
class Paper:
    """The facts of a paper by address: those of Part 1 and those of Part 2."""

    public: Mapping[str, FactValue]
    exempt: Mapping[str, FactValue]


def read_paper(text: bytes, name: str, scheme: Scheme) -> Paper:
    """The paper in a YAML file with the keys `public` and `exempt`; raises `FileError` with every fault at once."""
    source = _read(text, name)
    paper, faults = _parts(source, scheme)
    _refuse(source, [*faults, *_shape_faults(source, (PUBLIC, EXEMPT))])
    return paper


@dataclass(frozen=True, slots=True)
class Past:
    """A paper that is entered after the fact: its scheme, the stage its case had come to, and what acts recorded."""

    scheme: Scheme
    stage: str
    paper: Paper
    recorded: Mapping[str, FactValue]


def is_past(text: bytes, name: str) -> bool:
    """Whether a file is a paper that is to be entered after the fact; raises `FileError` where it cannot be read."""
    return not _read(text, name).data.keys().isdisjoint(_PAST)


def read_past(text: bytes, name: str, scheme_named: Callable[[str], Scheme]) -> Past:
    """The paper of a case that was decided elsewhere; raises `FileError` with every fault at once."""
    source = _read(text, name)
    scheme = _scheme_of(source, scheme_named)
    paper, faults = _parts(source, scheme)
    recorded, further = facts_stated(source, (RECORDED,), source.data.get(RECORDED, {}), scheme.rulebook.facts)
    faults += [*further, *_shape_faults(source, (*_PAST, PUBLIC, EXEMPT))]
    kept = scheme.kept_by_acts
    faults += [source.fault(_place(RECORDED, at), NOT_RECORDED) for at in recorded if split_address(at)[0] not in kept]
    faults += _stage_faults(source, scheme)
    _refuse(source, faults)
    return Past(scheme, str(source.data["stage"]), paper, recorded)


def _stage_faults(source: Source, scheme: Scheme) -> Iterator[Fault]:
    """What is wrong with the stage at which a file says that a case stands."""
    stages = list(scheme.text.stages)
    if "stage" not in source.data:
        yield source.fault((), f"has no key stage, with one of: {', '.join(stages)}")
    elif source.data["stage"] not in stages:
        named = str(source.data["stage"])
        yield source.fault(
            ("stage",), f"{quoted(named, 120)} is not a stage of {scheme.id}. {did_you_mean(named, stages)}"
        )


def _scheme_of(source: Source, scheme_named: Callable[[str], Scheme]) -> Scheme:
    """The scheme that a file names; raises `FileError` where there is none."""
    if not isinstance(source.data.get("scheme"), str):
        raise FileError([source.fault((), "has no key scheme, with the name of the authority's scheme")])
    try:
        return scheme_named(source.data["scheme"])
    except InputError as error:
        raise FileError([source.fault(("scheme",), f"{error}. {error.advice()}".strip())]) from None


def _read(text: bytes, name: str) -> Source:
    try:
        return read(text, name, through=True)
    except FileError as error:
        raise FileError(faults_unspoken(error.faults, EXEMPT, _SPOKEN)) from None


def _parts(source: Source, scheme: Scheme) -> tuple[Paper, list[Fault]]:
    """Both parts of a paper, and every fault found in them."""
    declared = scheme.rulebook.facts
    public, faults = _part(source, PUBLIC, declared, scheme)
    exempt, further = _part(source, EXEMPT, unspoken(declared), scheme)
    both = [source.fault(_place(EXEMPT, where), IN_BOTH_PARTS) for where in sorted(public.keys() & exempt.keys())]
    return Paper(public, exempt), [*faults, *further, *both]


def _refuse(source: Source, faults: list[Fault]) -> None:
    if told := faults_unspoken(source.and_further(faults), EXEMPT, _SPOKEN):
        raise FileError(told)


def _part(
    source: Source, part: str, declared: Mapping[str, FactDeclaration], scheme: Scheme
) -> tuple[dict[str, FactValue], list[Fault]]:
    facts, faults = facts_stated(source, (part,), source.data.get(part, {}), declared)
    return facts, [*faults, *_unstatable(source, part, facts, scheme)]


def _shape_faults(source: Source, keys: tuple[str, ...]) -> list[Fault]:
    unknown = [key for key in source.data if key not in keys]
    there = f"{', '.join(keys[:-1])} and {keys[-1]}"
    found = [source.fault((key,), f"is not a key of a paper: there are {there}") for key in unknown]
    return found if PUBLIC in source.data else [*found, source.fault((), "has no key public")]


def _place(part: str, where: str) -> Path:
    """Where in the file the fact at an address is stated: that of a subject stands under its kind and its key."""
    kind, colon, rest = where.partition(":")
    key, _, fact = rest.partition(".")
    return (part, kind, key, fact) if colon else (part, where)


def _unstatable(source: Source, part: str, facts: Mapping[str, FactValue], scheme: Scheme) -> list[Fault]:
    return [source.fault(_place(part, where), NOT_STATED) for where in facts if not scheme.is_stated(where)]
