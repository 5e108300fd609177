"""The ledger: entries in order, each sealed over all that it says and over the seal before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from workflow.ledger.canonical_json import sha256_for, to_canonical_json

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class UnsealedEntry:
    """What is to be recorded: the stream it belongs to, what happened, and the texts that say so.

    `body` is canonical JSON, `ruling` that of the ruling (or empty). `exempt` is canonical JSON of what belongs
    in Part 2 (or empty); the entry itself keeps only its digest under `salt`.
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
        """What the entry says of Part 2: a digest that tells nothing without the salt."""
        return exempt_text_digest(self.salt, self.exempt) if self.exempt else ""


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


class ExemptText(NamedTuple):
    """The Part 2 text that belongs to an entry, kept in a table of its own."""

    position: int
    stream: str
    version: int
    salt: str
    body: str


def describe_entry(row: Entry | ExemptText) -> str:
    """An entry, or the one that a Part 2 text belongs to, as a fault names it."""
    return f"entry {row.position} ({row.stream} version {row.version})"


def exempt_text_digest(salt: str, body: str) -> str:
    """The digest by which an entry holds its Part 2 text."""
    return sha256_for("exempt", to_canonical_json([salt, body]))


def seal_entry(unsealed: UnsealedEntry, position: int, version: int, recorded_at: str, previous: str) -> Entry:
    """The entry that a draft becomes after the entry whose seal is `previous`."""
    said = (
        position, unsealed.stream, version, unsealed.kind, unsealed.on.isoformat(), recorded_at, unsealed.officer,
        unsealed.body, unsealed.ruling, unsealed.exempt_digest(), previous,
    )  # fmt: skip
    return Entry(*said, seal=_compute_seal(said))


def _compute_seal(contents: tuple[object, ...]) -> str:
    return sha256_for("entry", to_canonical_json(list(contents)))


def _has_valid_seal(entry: Entry) -> bool:
    try:
        return _compute_seal(entry[:-1]) == entry.seal
    except TypeError:  # bytes where text was, which a file may hold and nothing of ours writes
        return False


def find_ledger_faults(entries: Iterable[Entry], exempt_texts: Mapping[int, ExemptText]) -> Iterator[str]:
    """What does not hold together, a line for each fault: seals, their order, versions, and Part 2 texts."""
    before: Entry | None = None
    versions: dict[str, int] = {}
    claimed: set[int] = set()
    for entry in entries:
        name = describe_entry(entry)
        due = versions.get(entry.stream, 0) + 1
        yield from (f"{name}: {fault}" for fault in _find_entry_faults(entry, before, due))
        if entry.exempt:
            claimed.add(entry.position)
            yield from _find_exempt_faults(name, entry, exempt_texts.get(entry.position))
        before = entry
        versions[entry.stream] = entry.version if type(entry.version) is int else due
    for stray in sorted(exempt_texts.keys() - claimed):
        yield f"entry {stray}: has a Part 2 text that no entry seals"


def find_stream_faults(entries: Iterable[Entry], exempt_texts: Iterable[ExemptText] | None) -> Iterator[str]:
    """What does not hold together in one stream, a line for each fault: seals, versions, and Part 2 texts.

    Without its texts (None) the entries alone are looked at. What stands between the entries is not.
    """
    exempt = None if exempt_texts is None else {text.position: text for text in exempt_texts}
    due = 1
    for entry in entries:
        name = describe_entry(entry)
        yield from (f"{name}: {fault}" for fault in _find_seal_and_version_faults(entry, due))
        if exempt is not None and entry.exempt:
            yield from _find_exempt_faults(name, entry, exempt.pop(entry.position, None))
        due += 1
    for stray in sorted(exempt or ()):
        yield f"entry {stray}: has a Part 2 text that no entry seals"


def _find_entry_faults(entry: Entry, previous_entry: Entry | None, expected_version: int) -> Iterator[str]:
    """What is wrong with an entry beside the one before it; `due` is the next version of its stream."""
    position, previous = (previous_entry.position + 1, previous_entry.seal) if previous_entry else (1, GENESIS)
    if entry.position != position:
        yield f"entry {position} is missing"
    if entry.previous != previous:
        yield "does not follow the entry before it"
    yield from _find_seal_and_version_faults(entry, expected_version)


def _find_seal_and_version_faults(entry: Entry, expected_version: int) -> Iterator[str]:
    if not _has_valid_seal(entry):
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
        whole = exempt_text_digest(text.salt, text.body) == entry.exempt
    except TypeError:  # bytes where text was
        return False
    return whole and (text.stream, text.version) == (entry.stream, entry.version)
