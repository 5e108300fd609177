"""Papers: what an author submits, as a YAML file with a public and a confidential part.

A paper that is entered after the fact also names its scheme and the stage to which its case had come, and has a part
`recorded` with what the acts recorded: who decided what on which day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from rules.errors import Fault, FileError, InputError
from rules.packs.scheme import Scheme
from rules.packs.stated_facts import parse_stated_facts
from rules.reading.yaml_reader import KeyPath, YamlFile, read_yaml
from rules.values.facts import FactDeclaration, FactValue, split_address
from rules.values.suggestions import did_you_mean
from rules.values.text import quote
from workflow.cases.life import NOT_RECORDED_BY_ACT, NOT_STATED_IN_PAPER
from workflow.cases.redacted_errors import redact_declarations, redact_faults
from workflow.cases.review import IN_BOTH_PARTS

PUBLIC, EXEMPT, RECORDED = "public", "exempt", "recorded"
_IMPORT_KEYS = ("scheme", "stage", RECORDED)
_PRINTABLE_KEYS = (PUBLIC, *_IMPORT_KEYS)


@dataclass(frozen=True, slots=True)
class Paper:
    """The facts of a paper by address: those of Part 1 and those of Part 2."""

    public: Mapping[str, FactValue]
    exempt: Mapping[str, FactValue]


def read_paper(content: bytes, file_name: str, scheme: Scheme) -> Paper:
    """The paper in a YAML file with the keys `public` and `exempt`; raises `FileError` with every fault at once."""
    source = _read_source(content, file_name)
    paper, faults = _read_both_parts(source, scheme)
    _refuse_faults(source, [*faults, *_find_key_faults(source, (PUBLIC, EXEMPT))])
    return paper


@dataclass(frozen=True, slots=True)
class ImportedPaper:
    """A paper that is entered after the fact: its scheme, the stage its case had come to, and what acts recorded."""

    scheme: Scheme
    stage: str
    paper: Paper
    recorded: Mapping[str, FactValue]


def is_imported_paper(content: bytes, file_name: str) -> bool:
    """Whether a file is a paper that is to be entered after the fact; raises `FileError` where it cannot be read."""
    return not _read_source(content, file_name).data.keys().isdisjoint(_IMPORT_KEYS)


def read_imported_paper(content: bytes, file_name: str, load_scheme: Callable[[str], Scheme]) -> ImportedPaper:
    """The paper of a case that was decided elsewhere; raises `FileError` with every fault at once."""
    source = _read_source(content, file_name)
    scheme = _load_named_scheme(source, load_scheme)
    paper, faults = _read_both_parts(source, scheme)
    recorded, further = parse_stated_facts(source, (RECORDED,), source.data.get(RECORDED, {}), scheme.rulebook.facts)
    faults += [*further, *_find_key_faults(source, (*_IMPORT_KEYS, PUBLIC, EXEMPT))]
    kept = scheme.act_recorded_facts
    faults += [
        source.fault_at(_path_in_file(RECORDED, at), NOT_RECORDED_BY_ACT)
        for at in recorded
        if split_address(at)[0] not in kept
    ]
    faults += _find_stage_faults(source, scheme)
    _refuse_faults(source, faults)
    return ImportedPaper(scheme, str(source.data["stage"]), paper, recorded)


def _find_stage_faults(source: YamlFile, scheme: Scheme) -> Iterator[Fault]:
    """What is wrong with the stage at which a file says that a case stands."""
    stages = list(scheme.declaration.stages)
    if "stage" not in source.data:
        yield source.fault_at((), f"has no key stage, with one of: {', '.join(stages)}")
    elif source.data["stage"] not in stages:
        named = str(source.data["stage"])
        yield source.fault_at(
            ("stage",), f"{quote(named, 120)} is not a stage of {scheme.id}. {did_you_mean(named, stages)}"
        )


def _load_named_scheme(source: YamlFile, load_scheme: Callable[[str], Scheme]) -> Scheme:
    """The scheme that a file names; raises `FileError` where there is none."""
    if not isinstance(source.data.get("scheme"), str):
        raise FileError([source.fault_at((), "has no key scheme, with the name of the authority's scheme")])
    try:
        return load_scheme(source.data["scheme"])
    except InputError as error:
        raise FileError([source.fault_at(("scheme",), f"{error}. {error.advice()}".strip())]) from None


def _read_source(content: bytes, file_name: str) -> YamlFile:
    try:
        return read_yaml(content, file_name, keep_value_faults=True)
    except FileError as error:
        raise FileError(redact_faults(error.faults, EXEMPT, _PRINTABLE_KEYS)) from None


def _read_both_parts(source: YamlFile, scheme: Scheme) -> tuple[Paper, list[Fault]]:
    """Both parts of a paper, and every fault found in them."""
    declared = scheme.rulebook.facts
    public, faults = _read_part(source, PUBLIC, declared, scheme)
    exempt, further = _read_part(source, EXEMPT, redact_declarations(declared), scheme)
    both = [
        source.fault_at(_path_in_file(EXEMPT, where), IN_BOTH_PARTS) for where in sorted(public.keys() & exempt.keys())
    ]
    return Paper(public, exempt), [*faults, *further, *both]


def _refuse_faults(source: YamlFile, faults: list[Fault]) -> None:
    if told := redact_faults(source.merge_faults(faults), EXEMPT, _PRINTABLE_KEYS):
        raise FileError(told)


def _read_part(
    source: YamlFile, part: str, declared: Mapping[str, FactDeclaration], scheme: Scheme
) -> tuple[dict[str, FactValue], list[Fault]]:
    facts, faults = parse_stated_facts(source, (part,), source.data.get(part, {}), declared)
    return facts, [*faults, *_find_unstatable_faults(source, part, facts, scheme)]


def _find_key_faults(source: YamlFile, keys: tuple[str, ...]) -> list[Fault]:
    unknown = [key for key in source.data if key not in keys]
    there = f"{', '.join(keys[:-1])} and {keys[-1]}"
    found = [source.fault_at((key,), f"is not a key of a paper: there are {there}") for key in unknown]
    return found if PUBLIC in source.data else [*found, source.fault_at((), "has no key public")]


def _path_in_file(part: str, address: str) -> KeyPath:
    """Where in the file the fact at an address is stated: that of a subject stands under its kind and its key."""
    kind, colon, rest = address.partition(":")
    key, _, fact = rest.partition(".")
    return (part, kind, key, fact) if colon else (part, address)


def _find_unstatable_faults(source: YamlFile, part: str, facts: Mapping[str, FactValue], scheme: Scheme) -> list[Fault]:
    return [
        source.fault_at(_path_in_file(part, where), NOT_STATED_IN_PAPER)
        for where in facts
        if not scheme.may_be_stated(where)
    ]
