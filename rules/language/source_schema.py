"""Kinds of source: what papers, pages and notices ask for, so that an audit knows what their silence means.

Invariants:
- A kind that several files declare asks for all that any of them lists.
- A fact is asked for by its name, by `PREFIX.*`, or by `*`, which stands for every fact. The name of a kind of subject
  says that a source lists every such thing that there is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from pydantic import Field

from rules.values.citation import Declaration

OWN_RECORD = "own_record"
"""The kind of source of a case that was opened here: its record asks for everything."""
EVERY_FACT = "*"
_ALL_OF_PREFIX = ".*"


class SourceKind(Declaration, title="Kind of source"):
    """A kind of source of cases that were decided elsewhere, and the facts that it asks for.

    A fact that it asks for and does not state was left empty. Of any other fact, its silence says nothing.
    """

    label: str = Field(default="", description="What it is, as people read it. One of the files that declare it says.")
    about: str = Field(default="", description="How to recognise it.")
    asks: tuple[str, ...] = Field(
        default=(),
        description="The facts that every source of this kind shows if there is anything to show: names, `PREFIX.*`, "
        "or `*` for every fact. A fact of a subject is asked of each one that is stated. The name of a kind of "
        "subject says that all of them are listed.",
    )


def merge_sources(declared: Iterable[Mapping[str, SourceKind]]) -> dict[str, SourceKind]:
    """Return the kinds of source that several files declare together."""
    merged: dict[str, SourceKind] = {}
    for name, kind in (item for each in declared for item in each.items()):
        known = merged.get(name, SourceKind())
        merged[name] = SourceKind(
            label=known.label or kind.label, about=known.about or kind.about, asks=(*known.asks, *kind.asks)
        )
    return merged


def unknown_asks(asks: Iterable[str], facts: Collection[str], subject_kinds: Collection[str]) -> Iterator[str]:
    """Yield each name that is neither a fact nor a kind of subject, and no pattern."""
    for name in asks:
        if name != EVERY_FACT and not name.endswith(_ALL_OF_PREFIX) and name not in (*facts, *subject_kinds):
            yield name


def expand_asks(asks: Iterable[str], facts: Collection[str], subject_kinds: Collection[str]) -> frozenset[str] | None:
    """Return the facts and kinds of subject that are asked for; None for every one."""
    asked: set[str] = set()
    for name in asks:
        if name == EVERY_FACT:
            return None
        if name.endswith(_ALL_OF_PREFIX):
            asked.update(fact for fact in facts if fact.startswith(name[:-1]))
        elif name in facts or name in subject_kinds:
            asked.add(name)
    return frozenset(asked)
