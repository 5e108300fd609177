"""How far the citations of packs were read at the source, and which say `read` with nothing to show for it.

Invariants:
- Every citation of a pack and of a scheme's head counts once, wherever it stands.
- `read` without a reading is counted apart where the text can be read, and named with its place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from rules.errors import Fault
from rules.packs.readings import Readings
from rules.proving.pack_library import PackLibrary
from rules.reading.yaml_reader import KeyPath, YamlFile
from rules.values.citation import Citation, Declaration


class PlacedCitation(NamedTuple):
    """A citation with the file that holds it and its place there."""

    source: YamlFile
    at: KeyPath
    citation: Citation


@dataclass(frozen=True, slots=True)
class ReadingCount:
    """The citations of one pack, by how they were checked.

    `with_text` counts those whose text can be read, and `passages` those of them with a reading; `without_text` names
    the instruments of the others.
    """

    pack: str
    citations: int
    passages: int
    read: int
    secondary: int
    unverified: int
    with_text: int
    without_text: tuple[str, ...]

    @property
    def share(self) -> str:
        """The share of readings among citations whose text can be read, in per cent; empty without any."""
        return format_share(self.passages, self.with_text)

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        return {
            "pack": self.pack,
            "citations": self.citations,
            "read": self.read,
            "secondary": self.secondary,
            "unverified": self.unverified,
            "with_text": self.with_text,
            "passages": self.passages,
            "share": self.share,
            "without_text": list(self.without_text),
        }


def format_share(part: int, whole: int) -> str:
    """Return a share in whole per cent, rounded down; empty for a share of nothing."""
    return f"{100 * part // whole} %" if whole else ""


def count_readings(library: PackLibrary) -> list[ReadingCount]:
    """Return the counts of every pack and scheme that cites anything, in the order of their files."""
    cited: dict[str, list[Citation]] = {}
    for name, placed in citations_by_pack(library):
        cited.setdefault(name, []).append(placed.citation)
    return [_count(name, citations, library.readings) for name, citations in cited.items()]


def _count(name: str, citations: Sequence[Citation], readings: Readings) -> ReadingCount:
    bases = Counter(citation.basis for citation in citations)
    with_text = [citation for citation in citations if readings.has_text(citation)]
    passages = [citation for citation in with_text if citation.basis == "read" and readings.find(citation)]
    without = dict.fromkeys(citation.instrument for citation in citations if not readings.has_text(citation))
    counts = len(citations), len(passages), bases["read"], bases["secondary"], bases["unverified"], len(with_text)
    return ReadingCount(name, *counts, tuple(sorted(without)))


def find_unread(library: PackLibrary) -> Iterator[Fault]:
    """Yield each citation that says `read` though its text can be read and no passage of it was."""
    for _, placed in citations_by_pack(library):
        citation = placed.citation
        if citation.basis == "read" and library.readings.has_text(citation) and not library.readings.find(citation):
            yield placed.source.fault_at(
                placed.at, f"says read, and no file of readings has {citation.provision} of {citation.instrument}"
            )


def find_uncited(library: PackLibrary) -> Iterator[Fault]:
    """Yield each reading that no pack cites as read."""
    placed = [placed.citation for _, placed in citations_by_pack(library)]
    used = {(citation.instrument, citation.provision) for citation in placed if citation.basis == "read"}
    for source, text in library.readings.files:
        for place, passage in enumerate(text.passages):
            for provision in passage.words:
                if not any((instrument, provision) in used for instrument in text.cited_as):
                    yield source.fault_at(("passages", place, "words", provision), "is cited by no pack as read")


def citations_by_pack(library: PackLibrary) -> Iterator[tuple[str, PlacedCitation]]:
    """Yield each citation with the name of its pack, or of its scheme for those of a head."""
    heads = [library.bundle(name).head() for name in library.schemes()]
    generated = {head.name for head, _ in heads}  # their citations stand in the heads
    for pack_file in library.pack_files:
        if pack_file.source.name in generated:
            continue
        for at, citation in _citations_in(pack_file.pack, ()):
            # These say what is held, and when law comes into force; no rule and no figure turns on their words.
            if at[0] not in ("coverage", "staged"):
                yield pack_file.pack.pack, PlacedCitation(pack_file.source, at, citation)
    for head, declaration in heads:
        for at, citation in _citations_in(declaration, ()):
            yield declaration.scheme, PlacedCitation(head, at, citation)


def _citations_in(declared: object, at: KeyPath) -> Iterator[tuple[KeyPath, Citation]]:
    """Yield each citation in a declaration, with its place."""
    if isinstance(declared, Citation):
        yield at, declared
        return
    for key, inner in _parts(declared):
        yield from _citations_in(inner, (*at, key))


def _parts(declared: object) -> Iterable[tuple[str | int, object]]:
    if isinstance(declared, Declaration):
        fields = type(declared).model_fields
        return [(field.alias or name, getattr(declared, name)) for name, field in fields.items()]
    if isinstance(declared, Mapping):
        return declared.items()
    return enumerate(declared) if isinstance(declared, (list, tuple)) else ()
