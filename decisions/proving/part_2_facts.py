"""Facts that walks state in Part 2 and that a form of Part 1 prints.

No form of Part 1 can give such a fact away, since it is made of the public record alone. But the form says that the
fact is withheld, and so that it exists: a block lists under `withheld` the facts of which the public may know that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from decisions.proving.walks import ParsedWalk
from rules.errors import Fault
from rules.packs.document_schema import BlockSpec
from rules.proving.pack_library import PackLibrary
from rules.values.facts import split_address


def published_secret_warnings(library: PackLibrary, name: str, walks: Iterable[ParsedWalk]) -> Iterator[Fault]:
    """Yield a warning for each fact that walks keep in Part 2 and a form of Part 1 calls not recorded."""
    secret = {split_address(address)[0] for walk in walks for address in _addresses_in_part_2(walk)}
    head, declaration = library.bundle(name).head()
    for place, template in enumerate(declaration.documents):
        if template.part == 1:
            for number, block in enumerate(template.blocks):
                for fact in sorted(secret & set(_printed_facts(block))):
                    if fact not in block.withheld:
                        message = (
                            f"prints {fact} in Part 1, and a walk states it in Part 2, where it reads"
                            f" “{declaration.withheld_as}”: so everybody learns that it is there. Take it out of this"
                            f" form; or, if they may know, add `withheld: [{fact}]`"
                        )
                        yield head.fault_at(("documents", place, "blocks", number), message)


def _addresses_in_part_2(walk: ParsedWalk) -> Iterator[str]:
    yield from walk.exempt
    for step in walk.steps:
        yield from step.exempt


def _printed_facts(block: BlockSpec) -> Iterator[str]:
    yield from (block.text, *block.labelled_facts(), *block.subject_facts())
