"""Warn of packs of practice whose requirements a scheme takes without a source of its own.

A pack of practice quotes the form of one authority. Another authority that takes the pack and cites nothing would quote
a form that is not its own to its officers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rules.errors import Fault
from rules.language.pack_schema import Pack
from rules.packs.pack_file import PackFile
from rules.packs.scheme_schema import SchemeDeclaration
from rules.reading.yaml_reader import KeyPath, YamlFile
from rules.values.text import list_first

_MAX_LISTED_NAMES = 4


def citation_warnings(
    pack_files: Sequence[PackFile], head: YamlFile, declaration: SchemeDeclaration
) -> Iterator[Fault]:
    """Yield a warning for each pack of practice with controls or kinds of day that the scheme does not cite."""
    accepted = {use.file for use in declaration.packs if use.as_cited}
    cited = {name for pack_file in pack_files for name in pack_file.pack.cites}
    for pack_file in pack_files:
        pack = pack_file.pack
        uncited = [name for name in pack.citable_names if name not in cited]
        if pack.practice and uncited and pack_file.source.name not in accepted:
            yield head.fault_at(_place_of(pack_file, head), _describe_uncited(pack, uncited))


def _describe_uncited(pack: Pack, uncited: Sequence[str]) -> str:
    """Return what a scheme takes from a pack of practice without a source of its own, and what to write."""
    listed = list_first(uncited, _MAX_LISTED_NAMES)
    return (
        f"takes {listed} from {pack.pack} without a source of its own, so that officers are shown"
        f" {pack.instrument or 'the source of another authority'}: add each under `cites` in a pack of the"
        " scheme, leave it out with a reason under `leaves_out`, or give the reason under `as_cited` why that"
        " source is the authority's own"
    )


def _place_of(pack_file: PackFile, head: YamlFile) -> KeyPath:
    """Return where the head of a scheme takes a pack, or the whole head for a file of the scheme's own."""
    taken = head.data.get("packs", [])
    names = [use["pack"] if isinstance(use, dict) else use for use in taken]
    return ("packs", names.index(pack_file.pack.pack)) if pack_file.pack.pack in names else ()
