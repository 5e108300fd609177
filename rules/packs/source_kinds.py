"""The kinds of source that the packs and the head of a scheme declare together, and what is wrong with them.

Invariants:
- A scheme may add to what a kind of its packs asks for. Some file must give each kind its label.
- Every published form is of a declared kind, and asks for facts that somebody declares.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rules.errors import Fault
from rules.language.source_schema import SourceKind, merge_sources, unknown_asks
from rules.packs.declared_words import WordSource
from rules.packs.form_validation import form_reading_faults
from rules.packs.scheme_schema import SchemeDeclaration
from rules.reading.yaml_reader import KeyPath
from rules.values.fact_table import FactTable
from rules.values.suggestions import describe_undeclared, describe_unknown


def collect_sources(files: Iterable[WordSource]) -> dict[str, SourceKind]:
    """Return the kinds of source that some files declare together."""
    return merge_sources(file.declaration.sources for file in files)


def source_faults(file: WordSource, sources: Mapping[str, SourceKind], facts: FactTable) -> Iterator[Fault]:
    """Yield every fault of the kinds of source and published forms of a file; `sources` are those of all files."""
    for name, kind in file.declaration.sources.items():
        if not sources[name].label:
            yield file.source.fault_at(("sources", name), "has no label in any file: say what this kind of source is")
        yield from _asks_faults(file, ("sources", name), kind.asks, facts)
    if isinstance(file.declaration, SchemeDeclaration):
        yield from _form_faults(file, file.declaration, sources, facts)
        yield from form_reading_faults(file.source, file.declaration, facts)


def _form_faults(
    file: WordSource, head: SchemeDeclaration, sources: Mapping[str, SourceKind], facts: FactTable
) -> Iterator[Fault]:
    for name, form in head.published_forms.items():
        if form.source not in sources:
            message = describe_unknown(form.source, "kind of source", sources)
            yield file.source.fault_at(("published_forms", name, "source"), message)
        yield from _asks_faults(file, ("published_forms", name), form.asks, facts)


def _asks_faults(file: WordSource, at: KeyPath, asks: tuple[str, ...], facts: FactTable) -> Iterator[Fault]:
    for name in unknown_asks(asks, facts, facts.subject_kinds):
        yield file.source.fault_at((*at, "asks", asks.index(name)), describe_undeclared(name, "fact", facts))
