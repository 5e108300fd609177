"""Papers that name no scheme: they are judged by national law alone.

Invariants:
- Facts are those that the packs of national law declare. What acts of a scheme record is unknown here.
- There is no confidential part: only a scheme can say what is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from rules.errors import Fault, InputError
from rules.packs.national_law import NationalLaw
from rules.packs.stated_facts import AsTyped, parse_stated_facts
from rules.reading.yaml_reader import YamlFile
from rules.values.bounds import Bounds, parse_bounds
from rules.values.fact_table import FactTable
from rules.values.facts import FactDeclaration, FactValue
from rules.values.suggestions import did_you_mean
from workflow.cases.life import NOT_STATED_IN_PAPER
from workflow.cases.paper import EXEMPT, PUBLIC, RECORDED, SOURCE, path_in_file, refuse_faults
from workflow.cases.paper_source import PaperSource, parse_source

_KEYS = (PUBLIC, RECORDED, SOURCE)
_NEEDS_SCHEME = "only a scheme knows: add the key scheme, or take it out to have the paper judged by national law alone"


@dataclass(frozen=True, slots=True)
class LawPaper:
    """A paper without a scheme: the facts that it states, and its source."""

    law: NationalLaw
    facts: Mapping[str, FactValue]
    source: PaperSource


def build_law_paper(source: YamlFile, law: NationalLaw) -> LawPaper:
    """Return the paper of a file that names no scheme; raise `FileError` with every fault of it."""
    facts: dict[str, FactValue] = {}
    faults = list(_key_faults(source))
    for part in (PUBLIC, RECORDED):
        suggest = AsTyped(lambda name: did_you_mean(name, law.rulebook.facts), allow_unanswered=True)
        raw, bounds = _take_bounds(source.data.get(part) or {}, law.rulebook.facts)
        facts |= bounds
        stated, of_part = parse_stated_facts(source, (part,), raw, law.rulebook.facts, suggest)
        faults += of_part
        faults += [
            source.fault_at(path_in_file(part, address), NOT_STATED_IN_PAPER)
            for address in stated
            if address in law.unstatable_facts
        ]
        faults += [
            source.fault_at(path_in_file(part, address), "is stated twice") for address in stated if address in facts
        ]
        facts |= stated
    taken_from, source_faults = parse_source(source.data.get(SOURCE), law.rulebook.sources)
    faults += [source.fault_at((SOURCE, *at), message) for at, message in source_faults]
    refuse_faults(source, faults)
    return LawPaper(law, facts, taken_from)


def _take_bounds(raw: object, declarations: FactTable) -> tuple[object, dict[str, FactValue]]:
    """Return what a part states without the facts that it only bounds, and those as facts of their own."""
    if not isinstance(raw, dict):
        return raw, {}
    bounds = {
        name: found
        for name, text in raw.items()
        if isinstance(text, str) and name in declarations and (found := _find_bounds(text, declarations[name]))
    }
    facts = {name: value for address, found in bounds.items() for name, value in found.as_facts(address).items()}
    return {name: value for name, value in raw.items() if name not in bounds}, facts


def _find_bounds(text: str, declared: FactDeclaration) -> Bounds | None:
    with suppress(InputError):  # parsing it as a value says what is wrong
        return parse_bounds(text, declared)
    return None


def _key_faults(source: YamlFile) -> Iterator[Fault]:
    if PUBLIC not in source.data:
        yield source.fault_at((), "has no key public")
    for key in source.data:
        if key in (EXEMPT, "stage"):
            yield source.fault_at((key,), f"is what {_NEEDS_SCHEME}")
        elif key not in _KEYS:
            yield source.fault_at((key,), f"is not a key of a paper: the keys are scheme, stage, {', '.join(_KEYS)}")
