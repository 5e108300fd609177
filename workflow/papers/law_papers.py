"""Papers that name no scheme: they are judged by national law alone.

Invariants:
- Facts are those that the packs of national law declare. What acts of a scheme record is unknown here.
- There is no confidential part: only a scheme can say what is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rules.errors import Fault
from rules.packs.national_law import NationalLaw
from rules.packs.stated_facts import AsTyped, parse_stated_facts
from rules.reading.yaml_reader import YamlFile
from rules.values.bounds import plain_name
from rules.values.facts import FactValue
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
    taken_from, source_faults = parse_source(source.data.get(SOURCE), law.rulebook.sources, law.rulebook.facts)
    as_typed = AsTyped(
        lambda name: did_you_mean(name, law.rulebook.facts),
        allow_unanswered=True,
        allow_bounds=not taken_from.is_own_record,
    )
    faults = list(_key_faults(source))
    for part in (PUBLIC, RECORDED):
        stated, of_part = parse_stated_facts(source, (part,), source.data.get(part) or {}, law.rulebook.facts, as_typed)
        faults += of_part
        faults += [
            source.fault_at(path_in_file(part, address), NOT_STATED_IN_PAPER)
            for address in stated
            if plain_name(address) in law.unstatable_facts
        ]
        faults += [
            source.fault_at(path_in_file(part, address), "is stated twice") for address in stated if address in facts
        ]
        facts |= stated
    faults += [source.fault_at((SOURCE, *at), message) for at, message in source_faults]
    refuse_faults(source, faults)
    return LawPaper(law, facts, taken_from)


def _key_faults(source: YamlFile) -> Iterator[Fault]:
    if PUBLIC not in source.data:
        yield source.fault_at((), "has no key public")
    for key in source.data:
        if key in (EXEMPT, "stage"):
            yield source.fault_at((key,), f"is what {_NEEDS_SCHEME}")
        elif key not in _KEYS:
            yield source.fault_at((key,), f"is not a key of a paper: the keys are scheme, stage, {', '.join(_KEYS)}")
