"""National law for papers that name no scheme: packs that judge them, and forms of records that others publish.

Invariants:
- A pack that names a table of bank holidays under `without_scheme` judges such papers, together with all packs that it
  needs. No other pack does, and nothing that an authority's scheme gives or asks counts.
- Only facts that a paper states, that packs derive, and the days of the judgement are known.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rules.errors import Fault, InputError, PackError
from rules.judging.rulebook import Rulebook
from rules.language.record_forms import CodeTable, FactPlace, RecordForm
from rules.language.source_schema import SourceKind, expand_asks
from rules.packs.linker import link_packs
from rules.packs.pack_file import PackFile
from rules.reading.yaml_reader import KeyPath
from rules.values.calendar import Calendar
from rules.values.facts import DAY_OF_ACT, FactDeclaration, FactValue
from rules.values.suggestions import describe_unknown

AUDIT_DAY: Final = "audit.on"
_DAYS: Final = {
    DAY_OF_ACT: FactDeclaration(kind="day", label="Day that decides which law applies"),
    AUDIT_DAY: FactDeclaration(kind="day", label="Day of the audit"),
}


@dataclass(frozen=True, slots=True)
class NationalLaw:
    """The law that judges papers without a scheme, and what it knows of records that others publish.

    `given` has the facts that a record of each form shows by being published, by the form's name.
    """

    rulebook: Rulebook
    forms: Mapping[str, RecordForm]
    tables: Mapping[str, CodeTable]
    given: Mapping[str, Mapping[str, FactValue]]

    def asked_by(self, source: str) -> frozenset[str] | None:
        """The facts and kinds of subject that a kind of source asks for; None for every one."""
        facts = self.rulebook.facts
        asks = self.rulebook.sources.get(source, SourceKind()).asks
        return expand_asks(asks, facts, facts.subject_kinds)

    @property
    def unstatable_facts(self) -> frozenset[str]:
        """The facts that no paper states: days of the judgement, and what rules derive."""
        return frozenset({*_DAYS, *(fact.name for fact in self.rulebook.derived_facts), *self.rulebook.linked_facts})


def calendar_of_national_law(pack_files: Iterable[PackFile]) -> str:
    """Return the table of bank holidays that packs name for papers without a scheme; raise `PackError` if not one."""
    named = {each.pack.without_scheme: each for each in pack_files if each.pack.without_scheme}
    if len(named) == 1:
        return next(iter(named))
    faults = [
        each.source.fault_at(("without_scheme",), "names another table than other packs") for each in named.values()
    ]
    raise PackError(faults or [Fault("law/", 0, "", "no pack has the key without_scheme")])


def find_national_packs(pack_files: Sequence[PackFile]) -> list[PackFile]:
    """Return the packs that judge papers without a scheme: those that say so, and what they need."""
    by_name = {each.pack.pack: each for each in pack_files}
    wanted = [each for each in pack_files if each.pack.without_scheme]
    found: dict[str, PackFile] = {}
    while wanted:
        each = wanted.pop()
        if each.pack.pack not in found:
            found[each.pack.pack] = each
            wanted += [by_name[name] for name in each.pack.needs.packs if name in by_name]
    return [each for each in pack_files if each.pack.pack in found]


def link_national_law(pack_files: Sequence[PackFile], calendar: Calendar, files: Mapping[str, bytes]) -> NationalLaw:
    """Return the law of some packs without a scheme; raise `PackError` with every fault."""
    rulebook = link_packs(pack_files, _DAYS, calendar, _digest(files))
    forms = {name: form for each in pack_files for name, form in each.pack.record_forms.items()}
    tables = {name: table for each in pack_files for name, table in each.pack.code_tables.items()}
    given: dict[str, dict[str, FactValue]] = {}
    faults = [fault for each in pack_files for fault in _faults_of(each, rulebook, tables, given)]
    if faults:
        raise PackError(faults)
    return NationalLaw(rulebook, forms, tables, given)


def _digest(files: Mapping[str, bytes]) -> str:
    """Return the digest of the packs, as bundles of schemes have one."""
    whole = hashlib.sha256(b"assent packs 1\n")
    for file, data in sorted(files.items()):
        whole.update(f"{file} {hashlib.sha256(data).hexdigest()}\n".encode())
    return whole.hexdigest()


def _faults_of(
    pack_file: PackFile,
    rulebook: Rulebook,
    tables: Mapping[str, CodeTable],
    given: dict[str, dict[str, FactValue]],
) -> Iterator[Fault]:
    """Yield the faults of a pack's forms and tables, and note what its forms give."""
    source, facts = pack_file.source, rulebook.facts
    for name, table in pack_file.pack.code_tables.items():
        for path, message in _table_faults(table, rulebook):
            yield source.fault_at(("code_tables", name, *path), message)
    for name, form in pack_file.pack.record_forms.items():
        at: KeyPath = ("record_forms", name)
        if form.source not in rulebook.sources:
            message = describe_unknown(form.source, "kind of source", rulebook.sources)
            yield source.fault_at((*at, "source"), message)
        for fact, places in form.facts.items():
            if fact not in facts:
                yield source.fault_at((*at, "facts", fact), "is not a declared fact")
            else:
                for path, message in _place_faults(fact, places, rulebook, tables):
                    yield source.fault_at((*at, "facts", fact, *path), message)
        given[name] = {}
        for fact, raw in form.given.items():
            try:
                given[name][fact] = rulebook.facts[fact].coerce(raw)
            except KeyError:
                yield source.fault_at((*at, "given", fact), "is not a declared fact")
            except InputError as error:
                yield source.fault_at((*at, "given", fact), error.message)


def _table_faults(table: CodeTable, rulebook: Rulebook) -> Iterator[tuple[KeyPath, str]]:
    declared = rulebook.facts.get(table.fact)
    if declared is None or declared.kind != "choice":
        yield ("fact",), "is not a declared fact of kind choice"
        return
    for code, choice in table.codes.items():
        if choice not in declared.choices:
            yield ("codes", code), f"is not one of {declared.choices_summary}"


def _place_faults(
    fact: str, places: Iterable[FactPlace], rulebook: Rulebook, tables: Mapping[str, CodeTable]
) -> Iterator[tuple[KeyPath, str]]:
    for number, place in enumerate(places):
        is_choice = rulebook.facts[fact].kind == "choice"
        used = {"table": place.table} if is_choice or place.table else {}
        if place.unless:
            used["unless.table"] = place.unless.table
        for key, table in used.items():
            if table not in tables or tables[table].fact != fact:
                yield (number, *key.split(".")), f"must be a table of codes of {fact}"
        if place.since is not None and rulebook.facts[fact].kind != "day":
            yield (number, "since"), "is only for a fact of kind day"
