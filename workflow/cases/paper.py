"""Papers: what an author submits, as a YAML file with a public and an exempt part.

An imported paper is one of a case that was decided elsewhere: it also names its scheme and the stage of the case, has a
part `recorded` with what acts recorded (who decided what on which day), and may name its source. A file is refused
whole, with every fault at its line, and a fault in the exempt part never repeats what stands there. A line that is left
empty is an answer that is not given yet.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from rules.errors import Fault, FileError, InputError
from rules.packs.scheme import Scheme
from rules.packs.stated_facts import AsTyped, parse_stated_facts
from rules.reading.yaml_reader import KeyPath, YamlFile, read_yaml
from rules.values.bounds import plain_name
from rules.values.fact_table import FactTable
from rules.values.facts import FactValue, split_address
from rules.values.suggestions import did_you_mean
from rules.values.text import quote
from workflow.cases.life import NOT_RECORDED_BY_ACT, NOT_STATED_IN_PAPER
from workflow.cases.paper_source import PaperSource, parse_source
from workflow.cases.redacted_errors import RedactingTable, redact_faults
from workflow.cases.review import IN_BOTH_PARTS

PUBLIC, EXEMPT, RECORDED = "public", "exempt", "recorded"
SOURCE = "source"
_IMPORT_KEYS = ("scheme", "stage", RECORDED, SOURCE)
_PRINTABLE_KEYS = (PUBLIC, *_IMPORT_KEYS)


@dataclass(frozen=True, slots=True)
class Paper:
    """The facts of a paper by address: those of Part 1 and those of Part 2."""

    public: Mapping[str, FactValue]
    exempt: Mapping[str, FactValue]


@dataclass(frozen=True, slots=True)
class ImportedPaper:
    """A paper of a case decided elsewhere: its scheme, the stage of the case, what acts recorded, and its source."""

    scheme: Scheme
    stage: str
    paper: Paper
    recorded: Mapping[str, FactValue]
    source: PaperSource


def read_paper(content: bytes, file_name: str, scheme: Scheme) -> Paper:
    """Return the paper in a YAML file with the keys `public` and `exempt`; raise `FileError` with every fault."""
    source = read_paper_file(content, file_name)
    paper, faults = _read_both_parts(source, scheme, AsTyped(scheme.suggest_fact))
    refuse_faults(source, [*faults, *_find_key_faults(source, (PUBLIC, EXEMPT))])
    return paper


def is_imported_paper(content: bytes, file_name: str) -> bool:
    """Return whether a file is an imported paper; raise `FileError` if it cannot be read."""
    return not read_paper_file(content, file_name).data.keys().isdisjoint(_IMPORT_KEYS)


def read_imported_paper(
    content: bytes,
    file_name: str,
    load_scheme: Callable[[str], Scheme],
    also_recorded: Collection[str] = (),
    *,
    allow_bounds: bool = False,
) -> ImportedPaper:
    """Return the imported paper of a YAML file; raise `FileError`.

    `load_scheme` returns the scheme of a name, or raises `InputError`. `also_recorded` are facts that the file may
    give under `recorded` though no act records them. With `allow_bounds`, what is public may be given by its bounds,
    unless it is our own record.
    """
    source = read_paper_file(content, file_name)
    return build_imported_paper(source, load_scheme, also_recorded, allow_bounds=allow_bounds)


def build_imported_paper(
    source: YamlFile,
    load_scheme: Callable[[str], Scheme],
    also_recorded: Collection[str] = (),
    *,
    allow_bounds: bool = False,
) -> ImportedPaper:
    """Return the imported paper that a file states, as `read_imported_paper` does."""
    scheme = _load_named_scheme(source, load_scheme)
    kinds, forms = scheme.rulebook.sources, scheme.declaration.published_forms
    taken_from, source_faults = parse_source(source.data.get(SOURCE), kinds, scheme.rulebook.facts, forms)
    as_typed = AsTyped(scheme.suggest_fact, allow_bounds=allow_bounds and not taken_from.is_own_record)
    paper, faults = _read_both_parts(source, scheme, as_typed)
    raw_recorded = source.data.get(RECORDED) or {}
    recorded, recorded_faults = parse_stated_facts(source, (RECORDED,), raw_recorded, scheme.rulebook.facts, as_typed)
    faults += [*recorded_faults, *_find_key_faults(source, (*_IMPORT_KEYS, PUBLIC, EXEMPT))]
    faults += [
        source.fault_at(path_in_file(RECORDED, address), NOT_RECORDED_BY_ACT)
        for address in recorded
        if split_address(plain_name(address))[0] not in scheme.act_recorded_facts.union(also_recorded)
    ]
    faults += _find_stage_faults(source, scheme)
    faults += [source.fault_at((SOURCE, *at), message) for at, message in source_faults]
    refuse_faults(source, faults)
    return ImportedPaper(scheme, _find_stage(source, scheme), paper, recorded, taken_from)


def _find_stage_faults(source: YamlFile, scheme: Scheme) -> Iterator[Fault]:
    stages = list(scheme.declaration.stages)
    if "stage" not in source.data:
        yield source.fault_at((), f"has no key stage: add it, with one of {', '.join(stages)}")
    elif not _find_stage(source, scheme):
        stage = str(source.data["stage"])
        message = f"{quote(stage, 120)} is not a stage of {scheme.id}. {did_you_mean(stage, stages)}"
        yield source.fault_at(("stage",), message)


def _find_stage(source: YamlFile, scheme: Scheme) -> str:
    """Return the stage that a file names, or "" if there is none of that name."""
    stated = source.data["stage"]
    stage = scheme.find_stage(stated) if isinstance(stated, str) else ""
    return stage if stage in scheme.declaration.stages else ""


def _load_named_scheme(source: YamlFile, load_scheme: Callable[[str], Scheme]) -> Scheme:
    """Return the scheme that a file names; raise `FileError` if there is none."""
    if not isinstance(source.data.get("scheme"), str):
        raise FileError([source.fault_at((), "has no key scheme: add it, with the name of the authority's scheme")])
    try:
        return load_scheme(source.data["scheme"])
    except InputError as error:
        raise FileError([source.fault_at(("scheme",), f"{error}. {error.advice()}".strip())]) from None


def read_paper_file(content: bytes, file_name: str) -> YamlFile:
    """Return a paper as plain data; raise `FileError` with faults that repeat nothing of Part 2."""
    try:
        return read_yaml(content, file_name, keep_value_faults=True, scalars_as_text=True)
    except FileError as error:
        raise FileError(redact_faults(error.faults, EXEMPT, _PRINTABLE_KEYS)) from None


def _read_both_parts(source: YamlFile, scheme: Scheme, as_typed: AsTyped) -> tuple[Paper, list[Fault]]:
    """Return both parts of a paper, and every fault in them; only what is public may be given by its bounds."""
    declarations, in_part = scheme.rulebook.facts, as_typed._replace(allow_unanswered=True)
    public, public_faults = _read_part(source, PUBLIC, declarations, (scheme, in_part))
    without_bounds = in_part._replace(allow_bounds=False)
    exempt, exempt_faults = _read_part(source, EXEMPT, RedactingTable(declarations), (scheme, without_bounds))
    duplicate_faults = [
        source.fault_at(path_in_file(EXEMPT, address), IN_BOTH_PARTS)
        for address in sorted(public.keys() & exempt.keys())
    ]
    return Paper(public, exempt), [*public_faults, *exempt_faults, *duplicate_faults]


def _read_part(
    source: YamlFile, part: str, declarations: FactTable, reading: tuple[Scheme, AsTyped]
) -> tuple[dict[str, FactValue], list[Fault]]:
    scheme, as_typed = reading
    facts, faults = parse_stated_facts(source, (part,), source.data.get(part) or {}, declarations, as_typed)
    unstatable_faults = [
        source.fault_at(path_in_file(part, address), NOT_STATED_IN_PAPER)
        for address in facts
        if not scheme.may_be_stated(plain_name(address))
    ]
    return facts, [*faults, *unstatable_faults]


def refuse_faults(source: YamlFile, faults: list[Fault]) -> None:
    """Raise `FileError` if there are faults, without repeating anything of Part 2."""
    if redacted := redact_faults(source.merge_faults(faults), EXEMPT, _PRINTABLE_KEYS):
        raise FileError(redacted)


def _find_key_faults(source: YamlFile, keys: tuple[str, ...]) -> list[Fault]:
    listed = f"{', '.join(keys[:-1])} and {keys[-1]}"
    message = f"is not a key of a paper: the keys are {listed}"
    faults = [source.fault_at((key,), message) for key in source.data if key not in keys]
    return faults if PUBLIC in source.data else [*faults, source.fault_at((), "has no key public")]


def path_in_file(part: str, address: str) -> KeyPath:
    """Return the keys under which a file states a fact: `public`, `exemption`, `s43`, `limb`."""
    kind, colon, rest = plain_name(address).partition(":")
    key, _, fact = rest.partition(".")
    return (part, kind, key, fact) if colon else (part, kind)
