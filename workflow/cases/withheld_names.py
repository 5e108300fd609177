"""The names of what Part 2 holds and a form of Part 1 prints, so that a public record can call it withheld.

Invariants:
- Only names are given, never a value. A subject that only Part 2 names is given by its kind alone.
- A fact that no form of Part 1 prints is not named.
- Which names are given hangs on which facts Part 2 holds, and on no value of them.
- Each event that can change Part 2 names all of them, and an act does if they change. So the public part alone knows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain

from rules.packs.document_schema import PUBLIC_PART, BlockSpec, DocumentTemplate
from rules.packs.scheme import Scheme
from rules.values.evidence import IN_PART_2
from rules.values.facts import CASE, kind_of_subject, split_address, subject_of_address
from workflow.cases.case import FullCase
from workflow.cases.events import NOTHING_WITHHELD, PART_2_KINDS, Event, Withheld


def name_hidden(kind: str) -> str:
    """Return the name that stands for all subjects of a kind that only Part 2 names: `exemption:held in Part 2`."""
    return f"{kind}:{IN_PART_2}"


def names_all(withheld: Withheld, scheme: Scheme) -> bool:
    """Whether what is withheld under the forms of a scheme was named: not if other forms printed less."""
    return withheld.forms in ("", _digest_of_forms(scheme))


def find_withheld(full_case: FullCase | None, event: Event, scheme: Scheme) -> Withheld | None:
    """Return what is withheld after an event; None if that is as it was before."""
    before = full_case.case.withheld if full_case else NOTHING_WITHHELD
    exempt = event.exempt.apply_to(full_case.exempt_part.facts if full_case else {})
    if not exempt:
        return None if before == NOTHING_WITHHELD else NOTHING_WITHHELD
    public = event.public.apply_to(full_case.case.facts if full_case else {})
    names = frozenset(chain(_find_stated(public, exempt, scheme), _find_derived(exempt, scheme)))
    withheld = Withheld(names, _digest_of_forms(scheme))
    return None if withheld == before and event.kind not in PART_2_KINDS else withheld


def _find_stated(public: Collection[str], exempt: Iterable[str], scheme: Scheme) -> Iterator[str]:
    printed, kinds = _printed_facts(scheme), _printed_kinds(scheme)
    subjects = {CASE, *[address.partition(".")[0] for address in public if ":" in address]}
    for address in exempt:
        subject = subject_of_address(address)
        if subject not in subjects:
            kind = kind_of_subject(subject)
            yield from (name_hidden(kind),) * (kind in kinds)
        elif address not in public and split_address(address)[0] in printed:
            yield address


def _find_derived(exempt: Iterable[str], scheme: Scheme) -> Iterator[str]:
    """Yield the printed facts that rules derive from facts of Part 2, whatever the values of these are."""
    names = {split_address(address)[0] for address in exempt}
    for fact, inputs in _derived_and_printed(scheme).items():
        if not names.isdisjoint(inputs):
            yield fact


@lru_cache(maxsize=8)
def _printed_facts(scheme: Scheme) -> frozenset[str]:
    """Return every fact that a form of Part 1 prints."""
    printed = ((block.text, *block.labelled_facts(), *block.subject_facts()) for block in _public_blocks(scheme))
    markings = (each.marking_of for each in _public_documents(scheme))
    return frozenset(filter(None, chain(*printed, markings)))


@lru_cache(maxsize=8)
def _printed_kinds(scheme: Scheme) -> frozenset[str]:
    """Return every kind of subject that a form of Part 1 lists."""
    return frozenset(chain.from_iterable(block.subject_kinds() for block in _public_blocks(scheme)))


@lru_cache(maxsize=8)
def _digest_of_forms(scheme: Scheme) -> str:
    """Return a digest of all that can be named as withheld under the forms of a scheme."""
    derived = sorted((fact, *sorted(inputs)) for fact, inputs in _derived_and_printed(scheme).items())
    text = repr((sorted(_printed_facts(scheme)), sorted(_printed_kinds(scheme)), derived))
    return hashlib.sha256(text.encode()).hexdigest()


def _public_blocks(scheme: Scheme) -> Iterator[BlockSpec]:
    return chain.from_iterable(each.blocks for each in _public_documents(scheme))


def _public_documents(scheme: Scheme) -> Iterator[DocumentTemplate]:
    return (each for each in scheme.declaration.documents if each.part == PUBLIC_PART)


@lru_cache(maxsize=8)
def _derived_and_printed(scheme: Scheme) -> Mapping[str, frozenset[str]]:
    """Return the facts of a case that rules derive and a form of Part 1 prints, each with all that it hangs on."""
    facts, rulebook = scheme.rulebook.facts, scheme.rulebook
    derived = {each.name for each in rulebook.derived_facts} & _printed_facts(scheme)
    return {
        fact: frozenset(chain.from_iterable(each.inputs for each in rulebook.derived_dependencies(frozenset({fact}))))
        for fact in derived
        if facts.subject_kind_of(fact) == CASE
    }
