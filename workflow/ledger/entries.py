"""The ledger: entries in order, each sealed over its own contents and over the seal before it.

Invariants:
- A seal covers every column of its entry, so nothing can change without breaking it. New data goes into the body, since
  a new sealed column would change the seals of old entries.
- Positions count all entries from 1 without a gap; versions count the entries of one stream in the same way.
- The text of Part 2 stands apart; its entry holds only a salted digest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from workflow.ledger.canonical_json import sha256_for, sha256_of_plain_data, to_canonical_json

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class UnsealedEntry:
    """An entry before it gets its place and seal.

    `body`, `ruling` and `exempt` are canonical JSON; the last two may be empty. `exempt` belongs in Part 2: the sealed
    entry keeps only its digest under `salt`.
    """

    stream: str
    kind: str
    on: date
    officer: str
    body: str
    ruling: str = ""
    exempt: str = ""
    salt: str = ""

    def exempt_digest(self) -> str:
        """The digest of the Part 2 text, of no use without the salt; empty if there is no such text."""
        return exempt_text_digest(self.salt, self.exempt) if self.exempt else ""

    def exempt_text(self, entry: Entry) -> ExemptText | None:
        """The Part 2 text that belongs to the sealed entry; None if there is none."""
        return ExemptText(entry.position, entry.stream, entry.version, self.salt, self.exempt) if self.exempt else None


class Entry(NamedTuple):
    """One sealed row. `position` counts all entries from 1, `version` those of the stream."""

    position: int
    stream: str
    version: int
    kind: str
    on: str
    recorded_at: str
    officer: str
    body: str
    ruling: str
    exempt: str
    previous: str
    seal: str

    def without_ruling(self) -> Entry:
        """The entry with an empty ruling, which is most of its bytes and needed by few."""
        return Entry(*self[:8], "", *self[9:])


class ExemptText(NamedTuple):
    """The Part 2 text that belongs to an entry, kept in a table of its own."""

    position: int
    stream: str
    version: int
    salt: str
    body: str


class LedgerPlace(NamedTuple):
    """The place of an entry in the ledger: its position and seal; 0 and `GENESIS` before the first."""

    position: int
    seal: str


BEFORE_ALL = LedgerPlace(0, GENESIS)


def describe_entry(row: Entry | ExemptText) -> str:
    """An entry, or the entry of a Part 2 text, as faults name it: `entry 12 (CASE-1 version 3)`."""
    return f"entry {row.position} ({row.stream} version {row.version})"


def exempt_text_digest(salt: str, body: str) -> str:
    """The digest by which an entry holds its Part 2 text."""
    return sha256_for("exempt", to_canonical_json([salt, body]))


def seal_entry(unsealed: UnsealedEntry, position: int, version: int, recorded_at: str, previous: str) -> Entry:
    """The entry at a position, sealed over its contents and the seal of the entry before it."""
    contents = (
        position, unsealed.stream, version, unsealed.kind, unsealed.on.isoformat(), recorded_at, unsealed.officer,
        unsealed.body, unsealed.ruling, unsealed.exempt_digest(), previous,
    )  # fmt: skip
    return Entry(*contents, seal=_compute_seal(contents))


def _compute_seal(contents: tuple[object, ...]) -> str:
    return sha256_of_plain_data("entry", list(contents))


def has_valid_seal(entry: Entry) -> bool:
    """Return whether an entry is as it was sealed."""
    try:
        return _compute_seal(entry[:-1]) == entry.seal
    except TypeError:  # bytes in place of text: SQLite can hold them, though assent never writes any
        return False


def find_ledger_faults(
    entries: Iterable[Entry],
    exempt_texts: Iterable[ExemptText],
    since: LedgerPlace = BEFORE_ALL,
    version_at: Callable[[str], int] = lambda _: 0,
) -> Iterator[str]:
    """One line for each fault of a ledger: in seals, their order, versions and Part 2 texts.

    Entries and texts are read once, in the order of their positions. If they begin after a place that was checked
    before, `version_at` gives the version that a stream had there.
    """
    place, versions = since, dict[str, int]()
    for entry, text in pair_by_position(entries, exempt_texts):
        if entry is None or (text is not None and not entry.exempt):
            yield f"entry {text and text.position}: has a Part 2 text that no entry seals"
        if entry is None:
            continue
        known = versions.get(entry.stream)
        expected_version = (version_at(entry.stream) if known is None else known) + 1
        name = describe_entry(entry)
        yield from (f"{name}: {fault}" for fault in _find_entry_faults(entry, place, expected_version))
        if entry.exempt:
            yield from _find_exempt_faults(name, entry, text)
        place = LedgerPlace(entry.position, entry.seal)
        # After a wrong version, go on counting from it: one entry that is missing gives one fault.
        versions[entry.stream] = entry.version if type(entry.version) is int else expected_version


def pair_by_position(
    entries: Iterable[Entry], exempt_texts: Iterable[ExemptText]
) -> Iterator[tuple[Entry | None, ExemptText | None]]:
    """Yield each entry with the text at its position, and each text at no entry's position, in order."""
    texts = iter(exempt_texts)
    text = next(texts, None)
    for entry in entries:
        while text is not None and (type(text.position) is not int or text.position < entry.position):
            yield None, text
            text = next(texts, None)
        if text is not None and text.position == entry.position:
            yield entry, text
            text = next(texts, None)
        else:
            yield entry, None
    while text is not None:
        yield None, text
        text = next(texts, None)


def find_stream_faults(
    entries: Iterable[Entry], exempt_texts: Iterable[ExemptText] | None, after_version: int = 0
) -> Iterator[str]:
    """One line for each fault of one stream: in seals, versions, and Part 2 texts if they are given.

    Entries of other streams are not read, so the order of seals is not checked. Those up to a version may be left out.
    """
    unclaimed = None if exempt_texts is None else {text.position: text for text in exempt_texts}
    for expected_version, entry in enumerate(entries, start=after_version + 1):
        name = describe_entry(entry)
        yield from (f"{name}: {fault}" for fault in _find_seal_and_version_faults(entry, expected_version))
        if unclaimed is not None and entry.exempt:
            yield from _find_exempt_faults(name, entry, unclaimed.pop(entry.position, None))
    for stray in sorted(unclaimed or ()):
        yield f"entry {stray}: has a Part 2 text that no entry seals"


def _find_entry_faults(entry: Entry, before: LedgerPlace, expected_version: int) -> Iterator[str]:
    """The faults of an entry, given the place of the entry before it and the next version of its stream."""
    if entry.position != before.position + 1:
        yield f"entry {before.position + 1} is missing"
    if entry.previous != before.seal:
        yield "does not follow the entry before it"
    yield from _find_seal_and_version_faults(entry, expected_version)


def _find_seal_and_version_faults(entry: Entry, expected_version: int) -> Iterator[str]:
    if not has_valid_seal(entry):
        yield "was altered after it was sealed"
    if entry.version != expected_version:
        yield f"version {expected_version} is missing"


def _find_exempt_faults(entry_description: str, entry: Entry, text: ExemptText | None) -> Iterator[str]:
    if text is None:
        yield f"{entry_description}: its Part 2 text is gone"
    elif not _is_text_of_entry(text, entry):
        yield f"{entry_description}: its Part 2 text was altered"


def _is_text_of_entry(text: ExemptText, entry: Entry) -> bool:
    try:
        is_unaltered = exempt_text_digest(text.salt, text.body) == entry.exempt
    except TypeError:  # bytes in place of text, as above
        return False
    return is_unaltered and (text.stream, text.version) == (entry.stream, entry.version)
